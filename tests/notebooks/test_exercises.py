"""Tests of the exercises: they are well formed, take right answers of every style, and tell others what is wrong.

A new exercise needs answers in answers/NN.toml. The cells run in this process, after the imports of their notebook.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from nbcheck import files
from nbcheck.exercises import KINDS, NOTEBOOKS, Exercise, exercises, tables_of

from mlp_tutorial.classroom import editions
from mlp_tutorial.classroom.answers import answers

HEADING = re.compile(r"^### 문제 (\d+)\. \S", re.MULTILINE)
HINT = re.compile(r"^<details><summary>힌트</summary>\n\n.+?\n\n</details>$", re.MULTILINE | re.DOTALL)
NBGRADER = {"schema_version": 3, "task": False}
ANSWER = NBGRADER | {"grade": False, "solution": True, "locked": False}
CHECK = NBGRADER | {"grade": True, "solution": False, "locked": True}
ESSAY = NBGRADER | {"grade": True, "solution": True, "locked": False}
# A quiz of 07 asks what the order of these calls does; alone they are no solution.
NO_SECRET = {"optimizer.zero_grad()", "optimizer.step()"}

ALL = [one for path in NOTEBOOKS.values() for one in exercises(path)]
CODE = {one.name: one for one in ALL if one.check}
TRIED = {
    kind: [
        pytest.param(one, case, id=f"{name}-{case_name}")
        for name, one in CODE.items()
        for case_name, case in one.table.get(kind, {}).items()
    ]
    for kind in KINDS
}
# What a learner may have done above in the notebook; a right answer stays right.
ABOVE = {
    "names of Python": "sum = 0; list = [1]; len = 3; abs = 1; max = min = range = sorted = zip = float = print = None",
    "from torch import *": "from torch import *",
    "names of old checks, float32, warnings": "count = same = first = expected = answer = check = told = 0\n"
    "near = data = numbers = 0; import torch, warnings\n"
    "torch.set_default_dtype(torch.float32); warnings.simplefilter('error')",
    "gradients off, float64": "import torch; torch.set_grad_enabled(False); torch.set_default_dtype(torch.float64)",
}
each_notebook = pytest.mark.parametrize("number", NOTEBOOKS)
each_exercise = pytest.mark.parametrize("one", CODE.values(), ids=CODE)


@pytest.fixture(autouse=True)
def as_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give torch one thread, as the notebooks' kernels have, and put back what the cells may change; files go aside."""
    monkeypatch.chdir(tmp_path)
    dtype, n_threads = torch.get_default_dtype(), torch.get_num_threads()
    torch.set_num_threads(1)
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        yield
    torch.set_default_dtype(dtype)
    torch.set_num_threads(n_threads)


def right(one: Exercise, said: str) -> bool:
    """Return whether what a check cell printed accepts the answer."""
    return any(line.startswith(f"문제 {one.number}: 맞았습니다.") for line in said.splitlines())


@each_notebook
def test_exercises_are_well_formed(number: str) -> None:
    found, cells = exercises(NOTEBOOKS[number]), files.read(NOTEBOOKS[number]).cells
    assert 1 <= len(found) <= 4
    graded = [cell.metadata.nbgrader.grade_id for cell in cells if "nbgrader" in cell.metadata]
    checks = [one.check.metadata.nbgrader.grade_id for one in found if one.check and "nbgrader" in one.check.metadata]
    assert sorted(graded) == sorted([one.name for one in found] + checks), "a check without its answer before it"
    for one in found:
        name, own = one.name, dict(one.answer.metadata.nbgrader)
        assert re.fullmatch(rf"{number}_[a-z0-9_]+", name, re.ASCII), name
        assert HEADING.findall(one.task) == [str(one.number)], f"{name}: its task must open ‘### 문제 {one.number}. …’"
        assert one.table.get("answer", "").strip(), f"{name}: no model answer in answers/{number}.toml"
        if one.check is None:
            assert own.pop("points", 0) > 0, f"{name}: points"
            assert own == ESSAY | {"grade_id": name}
            assert one.answer.source == editions.TEXT_STUB
        else:
            check = dict(one.check.metadata.get("nbgrader", {}))
            assert own == ANSWER | {"grade_id": name}
            assert check.pop("points", 0) > 0, f"{name}_check: points"
            assert check == CHECK | {"grade_id": f"{name}_check"}
            assert HINT.search(one.task), f"{name}: no folded hint"
            assert one.check.source.startswith("import mlp_tutorial as mt\n\n"), f"{name}_check"
            assert len(one.check.source.splitlines()) <= 5, f"{name}_check"


@each_notebook
def test_nothing_of_the_answers_is_in_a_notebook(number: str) -> None:
    text = NOTEBOOKS[number].read_text(encoding="utf-8")
    assert not re.search(r"(BEGIN|END) (SOLUTION|HIDDEN)", text)
    for one in exercises(NOTEBOOKS[number]):
        lines = [line.split("  #")[0].strip().removeprefix("return ") for line in one.table["answer"].splitlines()]
        secrets = {line for line in lines if len(line) > 15} - NO_SECRET
        shown = [one.answer, *one.later] if one.check else []
        assert [(line, cell.id) for cell in shown for line in secrets if line in cell.source] == []


@each_notebook
def test_every_exercise_has_answers(number: str) -> None:
    found, tables = exercises(NOTEBOOKS[number]), tables_of(number)
    assert [*tables] == [one.name for one in found], f"answers/{number}.toml: one table for each exercise, in order"
    for one in filter(lambda one: one.check, found):
        assert set(one.table) <= {"answer", "hidden", "equivalent", *KINDS}, one.name
        counts = {kind: len(one.table.get(kind, {})) for kind in KINDS}
        few = {kind: n for kind, n in counts.items() if n < {"right": 4, "wrong": 5, "forbidden": 0}.get(kind, 1)}
        assert not few, f"{one.name}: too few answers of these kinds were tried"


def test_exercises_of_all_notebooks_together() -> None:
    names = [
        cell.metadata.nbgrader.grade_id
        for path in NOTEBOOKS.values()
        for cell in files.read(path).cells
        if "nbgrader" in cell.metadata
    ]
    assert len(names) == len(set(names)), "a grade_id stands twice"
    assert len(ALL) - len(CODE) >= len(NOTEBOOKS) / 2, "too few essays"
    assert sum(map(len, TRIED.values())) >= 400


@each_notebook
def test_the_teachers_edition_without_its_regions_is_the_notebook(number: str) -> None:
    nb = files.read(NOTEBOOKS[number])
    teacher = editions.teacher(nb, answers(number))
    for cell, stored in zip(teacher.cells, nb.cells, strict=True):
        source = re.sub(
            r"^( *)### BEGIN SOLUTION\n.*?### END SOLUTION$", rf"\1{editions.CODE_STUB}", cell.source, flags=re.M | re.S
        )
        source = re.sub(r"\n### BEGIN HIDDEN TESTS\n.*", "", source, flags=re.S)
        if cell.cell_type == "code" or "nbgrader" not in cell.metadata:
            assert source == stored.source


@each_exercise
@pytest.mark.parametrize("above", [None, *ABOVE])
def test_the_model_answer_is_right_whatever_stands_above(one: Exercise, above: str | None) -> None:
    names = one.run(one.filled(one.solutions), before=ABOVE.get(above, ""))
    said = one.visible(names)
    assert right(one, said)
    one.hidden(names)
    assert ("뜻을 바꾸어 두었습니다" in said) <= (above in ("names of Python", "from torch import *"))


@each_exercise
def test_a_missing_answer_is_awaited_and_earns_nothing(one: Exercise) -> None:
    names = one.run(one.answer.source)
    (line,) = one.visible(names).splitlines()
    assert line.startswith(f"문제 {one.number}: 답을 기다리고 있습니다")
    with pytest.raises(AssertionError, match="답이 없습니다"):
        one.hidden(names)


@pytest.mark.parametrize(("one", "case"), TRIED["unanswered"])
def test_other_ways_of_not_answering(one: Exercise, case: str | dict[str, str]) -> None:
    assert one.visible(one.run(one.source(case))).startswith(f"문제 {one.number}: 답을 기다리고 있습니다")


@pytest.mark.parametrize(("one", "case"), TRIED["right"])
def test_a_right_answer_of_another_style_is_right(one: Exercise, case: str | dict[str, str]) -> None:
    names = one.run(one.source(case))
    assert right(one, one.visible(names))
    one.hidden(names)


@pytest.mark.parametrize(("one", "case"), TRIED["wrong"] + TRIED["forbidden"] + TRIED["broken"])
def test_a_wrong_answer_is_told_what_is_wrong(one: Exercise, case: dict[str, str]) -> None:
    names = one.run(one.source(case))
    with pytest.raises(AssertionError, match=re.escape(case["told"])) as raised:
        one.visible(names)
    assert str(raised.value).startswith(f"문제 {one.number}: ")
    with pytest.raises(AssertionError):
        one.hidden(names)


@pytest.mark.parametrize(("one", "case"), TRIED["fitted"])
def test_an_answer_fitted_to_the_visible_inputs_fails(one: Exercise, case: str | dict[str, str]) -> None:
    names = one.run(one.source(case))
    assert right(one, one.visible(names))
    with pytest.raises(AssertionError):
        one.hidden(names)
