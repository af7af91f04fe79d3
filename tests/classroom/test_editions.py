"""Tests of the student's edition: no secret is left, the rest is as it was, and a faulty region is told in Korean."""

from copy import deepcopy

import nbformat
import pytest
import sample
from nbformat import NotebookNode

from mlp_tutorial.classroom import editions


@pytest.fixture
def nb() -> NotebookNode:
    """Return the sample notebook."""
    return sample.notebook()


def marked(nb: NotebookNode, name: str) -> NotebookNode:
    """Return the cell with this grade_id."""
    (cell,) = (cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)
    return cell


def test_nothing_of_an_answer_is_left(nb: NotebookNode) -> None:
    before = deepcopy(nb)
    student = editions.student(nb)
    assert nb == before
    nbformat.validate(student)
    text = nbformat.writes(student)
    assert [secret for secret in sample.SECRETS if secret in text] == []
    assert "BEGIN" not in text
    assert marked(student, "99_square").source == f"def square(x):\n    {editions.CODE_STUB}"
    assert marked(student, "99_essay_why").source == editions.TEXT_STUB
    check = marked(student, "99_square_check")
    assert check.source == sample.CHECK.partition("\n### BEGIN")[0]
    assert (check.outputs, check.execution_count) == ([], None)


def test_all_else_stays_as_it_is(nb: NotebookNode) -> None:
    student = editions.student(nb)
    kept = [n for n, cell in enumerate(nb.cells) if "nbgrader" not in cell.metadata]
    assert [student.cells[n] for n in kept] == [nb.cells[n] for n in kept]
    assert [cell.metadata for cell in student.cells] == [cell.metadata for cell in nb.cells]  # nbgrader needs them


def test_the_students_answer_runs_and_awaits_an_answer(nb: NotebookNode, capsys: pytest.CaptureFixture[str]) -> None:
    student = editions.student(nb)
    names: dict[str, object] = {}
    exec(marked(student, "99_square").source, names)
    exec(marked(student, "99_square_check").source, names)
    assert capsys.readouterr().out == "문제 1: 답을 기다립니다.\n"


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("99_square", "    ### END SOLUTION", ""),
        ("99_square", "    return", "    ### BEGIN SOLUTION\n    return"),
        ("99_square_check", "### END HIDDEN TESTS", ""),
        ("99_square", None, None),
        ("99_square_check", None, None),
    ],
)
def test_an_open_region_and_one_in_an_unmarked_cell_are_told(
    name: str, old: str | None, new: str | None, nb: NotebookNode, capsys: pytest.CaptureFixture[str]
) -> None:
    cell = marked(nb, name)
    if old is None:
        del cell.metadata["nbgrader"]
    else:
        cell.source = cell.source.replace(old, new)
    with pytest.raises(ValueError, match=r"메타데이터.*BEGIN"):
        editions.student(nb)
    assert capsys.readouterr() == ("", "")
