"""Tests of the student's edition: no secret is left, the rest is as it was, and a faulty region is told in Korean."""

from copy import deepcopy

import nbformat
import pytest
import sample

from mlp_tutorial.classroom import editions


def test_nothing_of_an_answer_is_left_and_all_else_stays_as_it_is() -> None:
    nb = sample.notebook()
    before = deepcopy(nb)
    student = editions.student(nb)
    assert nb == before
    nbformat.validate(student)
    assert [secret for secret in (*sample.SECRETS, "BEGIN") if secret in nbformat.writes(student)] == []
    assert sample.marked(student, "99_square").source == f"def square(x):\n    {editions.CODE_STUB}"
    assert sample.marked(student, "99_essay_why").source == editions.TEXT_STUB
    check = sample.marked(student, "99_square_check")
    assert check.source == sample.CHECK.partition("\n### BEGIN")[0]
    assert (check.outputs, check.execution_count) == ([], None)
    kept = [n for n, cell in enumerate(nb.cells) if "nbgrader" not in cell.metadata]
    assert [student.cells[n] for n in kept] == [nb.cells[n] for n in kept]
    assert [cell.metadata for cell in student.cells] == [cell.metadata for cell in nb.cells]  # nbgrader needs them


def test_the_students_answer_runs_and_awaits_an_answer(capsys: pytest.CaptureFixture[str]) -> None:
    student = editions.student(sample.notebook())
    names: dict[str, object] = {}
    for name in ("99_square", "99_square_check"):
        exec(sample.marked(student, name).source, names)
    assert capsys.readouterr().out == "문제 1: 답을 기다립니다.\n"


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("99_square", "    ### END SOLUTION", ""),
        ("99_square", "    return", "    ### BEGIN SOLUTION\n    return"),
        ("99_square_check", "### END HIDDEN TESTS", ""),
        ("99_square", "", None),
        ("99_square_check", "", None),
    ],
)
def test_an_open_region_and_one_in_an_unmarked_cell_are_told(
    name: str, old: str, new: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    nb = sample.notebook()
    cell = sample.marked(nb, name)
    if new is None:
        del cell.metadata["nbgrader"]
    else:
        cell.source = cell.source.replace(old, new)
    with pytest.raises(ValueError, match=r"메타데이터.*BEGIN"):
        editions.student(nb)
    assert capsys.readouterr() == ("", "")
