"""Tests of the two editions: the student's is what is stored, the teacher's has answers in regions for nbgrader."""

import tomllib
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import nbformat
import pytest
import sample
from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions

from mlp_tutorial.classroom import answers, editions, notebooks


def tables() -> dict[str, Any]:
    """Return the sample's answers; each call makes others."""
    return tomllib.loads(sample.ANSWERS)


def test_the_students_edition_is_the_notebook_without_outputs_of_exercises() -> None:
    nb = sample.notebook()
    before = deepcopy(nb)
    student = editions.student(nb)
    assert nb == before
    nbformat.validate(student)
    assert [secret for secret in (*sample.SECRETS, "BEGIN", "지울 출력") if secret in nbformat.writes(student)] == []
    for name in ("99_square", "99_square_check"):
        cell = sample.marked(student, name)
        assert (cell.outputs, cell.execution_count) == ([], None)
    kept = [n for n, cell in enumerate(nb.cells) if "nbgrader" not in cell.metadata]
    assert [student.cells[n] for n in kept] == [nb.cells[n] for n in kept]
    assert [cell.metadata for cell in student.cells] == [cell.metadata for cell in nb.cells]  # nbgrader needs them


def test_nbgrader_makes_the_students_edition_of_the_teachers() -> None:
    teacher = editions.teacher(sample.notebook(), tables())
    nbformat.validate(teacher)
    assert [secret for secret in sample.SECRETS if secret in nbformat.writes(teacher)] == [*sample.SECRETS]
    for step in (ClearSolutions(**editions.STUBS), ClearHiddenTests()):
        teacher, _ = step.preprocess(teacher, {})
    student = editions.student(sample.notebook())
    assert [cell.source for cell in teacher.cells] == [cell.source for cell in student.cells]


def test_the_parts_of_an_answer_go_into_its_places_in_order() -> None:
    source = (
        f"class A:\n    def f(self):\n        {editions.CODE_STUB}\n\n    def g(self):\n        {editions.CODE_STUB}"
    )
    found = editions.filled("99_a", source, answers.parts("\na = 1\nreturn a\n# ---\nreturn 2\n"))
    assert found == (
        "class A:\n    def f(self):\n        ### BEGIN SOLUTION\n        a = 1\n        return a\n"
        "        ### END SOLUTION\n\n    def g(self):\n        ### BEGIN SOLUTION\n        return 2\n"
        "        ### END SOLUTION"
    )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda found: found.pop("99_square"), "99_square의 답이 있어야"),
        (lambda found: found.pop("99_essay_why"), "99_essay_why의 답이 있어야"),
        (lambda found: found["99_square"].update(answer="1\n# ---\n2"), "줄 1개, 부분 2개"),
        (lambda found: found["99_square"].update(hidden=[]), "값 0벌"),
    ],
)
def test_answers_that_do_not_fit_the_notebook_are_told(change: Callable[[dict[str, Any]], None], told: str) -> None:
    given = tables()
    change(given)
    with pytest.raises(ValueError, match=told):
        editions.teacher(sample.notebook(), given)


@pytest.mark.parametrize("name", ["99_square", "99_essay_why"])
def test_a_notebook_that_somebody_answered_is_not_handed_out(name: str) -> None:
    nb = sample.notebook()
    sample.marked(nb, name).source = "def square(x):\n    return x * x"
    with pytest.raises(ValueError, match=f"{name}의 답 셀에 답이 적혀.*git restore"):
        editions.student(nb)


def test_a_check_cell_of_another_form_is_told() -> None:
    nb = sample.notebook()
    sample.marked(nb, "99_square_check").source = "assert square(2) == 4"
    with pytest.raises(ValueError, match="99_square의 확인 셀"):
        editions.teacher(nb, tables())


@pytest.mark.parametrize(("text", "told"), [(None, "answers 폴더를 되돌려"), ("[a", "TOML이어야")])
def test_missing_and_broken_answers_are_told(
    text: str | None, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notebooks, "PROJECT", tmp_path)
    if text is not None:
        (tmp_path / "answers").mkdir()
        (tmp_path / "answers" / "99.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=told):
        answers.answers("99")


def test_the_teachers_objectives_say_where_they_are_taught_and_assessed() -> None:
    told = [{"text": "목표 둘", "sections": ["1. 수식과 표", "2. 다음"], "assessed": ["문제 1", "퀴즈 2"]}]
    nb = sample.notebook()
    first = editions.with_objectives(nb, told).cells[0].source
    before, table, after = first.partition("| 목표 | 배우는 곳 | 확인하는 곳 |\n| --- | --- | --- |\n")
    assert before.endswith("- 목표 둘\n\n")
    assert table
    assert after.startswith("| 목표 둘 | 1. 수식과 표, 2. 다음 | 문제 1, 퀴즈 2 |\n\n## 시작하기 전에")
    assert editions.with_objectives(nb, []) == nb


def test_a_notebook_without_outputs_or_with_marks_of_a_conflict_is_not_handed_out(tmp_path: Path) -> None:
    path, nb = tmp_path / "99_sample.ipynb", sample.notebook()
    nbformat.write(nb, path)
    assert editions.stored(path) == nb
    nb.metadata["nbdime-conflicts"] = {}
    nbformat.write(nb, path)
    with pytest.raises(ValueError, match=r"^99_sample\.ipynb: 병합하다 남은 표시.*nbdime-conflicts.*지우십시오"):
        editions.stored(path)
    del nb.metadata["nbdime-conflicts"]
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    nbformat.write(nb, path)
    with pytest.raises(ValueError, match=r"^99_sample\.ipynb: .*실행하지 않은 셀 \d+개.*rerun\.py --yes 99"):
        editions.stored(path)
    path.write_text("<<<<<<< HEAD\n" + path.read_text("utf-8"), encoding="utf-8")
    with pytest.raises(ValueError, match=r'^99_sample\.ipynb: .*병합하다 남은 표시.*되돌리십시오: git checkout .*"$'):
        editions.stored(path)
