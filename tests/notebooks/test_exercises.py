"""Tests of the exercises: they are well formed, take a right answer, and tell a wrong one what is wrong with it.

A new exercise needs answers in answers_NN.toml. The cells run in this process, after the imports of their notebook.
"""

import re
from collections.abc import Iterator
from itertools import repeat

import pytest
import torch
from nbcheck import files

from .exercises import FOLDER, NOTEBOOKS, SOLUTION, STUB, Exercise, answers, exercises, run

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
TABLES = {name: table for number in NOTEBOOKS for name, table in answers(number).items() if name in CODE}
WRONG = [
    pytest.param(CODE[name], case, id=f"{name}-{mistake}")
    for name, table in TABLES.items()
    for mistake, case in table["wrong"].items()
]
each_notebook = pytest.mark.parametrize("number", NOTEBOOKS)
each_exercise = pytest.mark.parametrize("one", CODE.values(), ids=CODE)


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Give torch one thread, as the notebooks' kernels have, and put back what the cells may change."""
    dtype, n_threads = torch.get_default_dtype(), torch.get_num_threads()
    torch.set_num_threads(1)
    with torch.random.fork_rng(devices=[]):
        yield
    torch.set_default_dtype(dtype)
    torch.set_num_threads(n_threads)


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
        if one.check is None:
            assert own.pop("points", 0) > 0, f"{name}: points"
            assert own == ESSAY | {"grade_id": name}
            assert one.answer.source.strip(), f"{name}: no model answer"
        else:
            check = dict(one.check.metadata.get("nbgrader", {}))
            assert own == ANSWER | {"grade_id": name}
            assert check.pop("points", 0) > 0, f"{name}_check: points"
            assert check == CHECK | {"grade_id": f"{name}_check"}
            assert HINT.search(one.task), f"{name}: no folded hint"
            n_marks = one.answer.source.count("SOLUTION")
            assert n_marks == 2 * len(one.solutions) > 0, f"{name}: no sound solution region"
            assert one.check.source.count("HIDDEN TESTS") == 2, f"{name}_check: hidden tests must stand in one region"
            assert one.hidden.strip(), f"{name}_check: no hidden test at top level"
            assert "맞았습니다" in one.visible, f"{name}_check: no visible test"


@each_notebook
def test_every_exercise_has_answers(number: str) -> None:
    code = [one.name for one in exercises(NOTEBOOKS[number]) if one.check]
    file, tables = FOLDER / f"answers_{number}.toml", answers(number)
    advice = f"tests/notebooks/{file.name}에 {', '.join(code)}의 답을 차례대로 적으십시오. 꼴: exercises.py"
    assert file.exists() or not code, f"파일이 없습니다. {advice}"
    assert [name for name, table in tables.items() if table.keys() == {"fitted", "wrong"}] == [*tables] == code, advice
    assert all(2 <= len(table["wrong"]) <= 9 for table in tables.values()), f"틀린 답은 둘에서 아홉까지입니다. {advice}"


def test_exercises_of_all_notebooks_together() -> None:
    names = [
        cell.metadata.nbgrader.grade_id
        for path in NOTEBOOKS.values()
        for cell in files.read(path).cells
        if "nbgrader" in cell.metadata
    ]
    assert len(names) == len(set(names)), "a grade_id stands twice"
    assert len(ALL) - len(CODE) >= len(NOTEBOOKS) / 2, "too few essays"
    stray = {file.stem.removeprefix("answers_") for file in FOLDER.glob("answers_*.toml")} - set(NOTEBOOKS)
    assert not stray, f"answers without a notebook: {stray}"


@each_exercise
def test_the_teachers_answer_is_right(one: Exercise, capsys: pytest.CaptureFixture[str]) -> None:
    names = one.answered()
    capsys.readouterr()
    run(one.check.source, names)
    assert capsys.readouterr().out.startswith(f"문제 {one.number}: 맞았습니다")


@each_exercise
def test_a_missing_answer_is_awaited_and_earns_nothing(one: Exercise, capsys: pytest.CaptureFixture[str]) -> None:
    names = one.answered(repeat(STUB))
    capsys.readouterr()
    run(one.visible, names)
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(f"문제 {one.number}: 답을 기다리고 있습니다")
    with pytest.raises(AssertionError):
        run(one.hidden, names)


@pytest.mark.parametrize(("one", "case"), WRONG)
def test_a_wrong_answer_is_told_what_is_wrong(one: Exercise, case: dict[str, str]) -> None:
    names = one.answered(one.written(case))
    with pytest.raises(AssertionError, match=re.escape(case["told"])):
        run(one.visible, names)


@pytest.mark.parametrize("name", TABLES)
def test_an_answer_fitted_to_the_visible_inputs_fails(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    names = CODE[name].answered(CODE[name].written({"answer": TABLES[name]["fitted"]}))
    capsys.readouterr()
    run(CODE[name].visible, names)
    assert "맞았습니다" in capsys.readouterr().out
    with pytest.raises(AssertionError):
        run(CODE[name].hidden, names)


@each_exercise
def test_no_solution_is_given_away_afterwards(one: Exercise) -> None:
    lines = [line.split("  #")[0].strip().removeprefix("return ") for line in "\n".join(one.solutions).splitlines()]
    secrets = {line for line in lines if len(line) > 15} - NO_SECRET
    shown = [one.answer, *(cell for cell in one.later if cell.cell_type == "code" or "nbgrader" not in cell.metadata)]
    given = [(line, cell.id) for cell in shown for line in secrets if line in SOLUTION.sub("", cell.source)]
    assert secrets, f"{one.name}: no line of its solution is looked for"
    assert not given, given
