"""Tests that aims, lessons and exercises meet: each objective is taught somewhere and assessed by something."""

import re

import pytest
from nbcheck import files

from mlp_tutorial.classroom.answers import objectives
from mlp_tutorial.classroom.notebooks import notebooks

NOTEBOOKS = notebooks()
each_notebook = pytest.mark.parametrize("number", NOTEBOOKS)
BULLET = re.compile(r"^- (.+)$", re.MULTILINE)


def questions(number: str) -> set[str]:
    """Return what can assess an objective, by the names that the table uses."""
    nb = files.read(NOTEBOOKS[number])
    text = "\n".join(line for _, line in files.lines(nb))
    found = {f"문제 {n}" for n in re.findall(r"^### 문제 (\d)\.", text, re.MULTILINE)}
    headings = {
        files.QUIZ: "퀴즈",
        **{heading: heading[3:].partition(":")[0] for heading in files.CHECKPOINTS.values()},
    }
    for heading, name in headings.items():
        found |= {f"{name} {n}" for n in files.asked(nb, heading)[0]}
    return found


@each_notebook
def test_the_table_has_the_objectives_of_the_notebook(number: str) -> None:
    told = "\n".join(line for _, line in files.section(files.read(NOTEBOOKS[number]), "## 학습 목표"))
    assert [one["text"] for one in objectives(number)] == BULLET.findall(told)
    assert 3 <= len(objectives(number)) <= 6


@each_notebook
def test_each_objective_is_taught_and_assessed(number: str) -> None:
    headings = {line[3:] for _, line in files.lines(files.read(NOTEBOOKS[number])) if line.startswith("## ")}
    for one in objectives(number):
        assert one["sections"], one
        assert one["assessed"], one
        assert set(one["sections"]) <= headings, one
        assert set(one["assessed"]) <= questions(number), one


@each_notebook
def test_each_exercise_assesses_an_objective(number: str) -> None:
    exercises = {name for name in questions(number) if name.startswith("문제")}
    assert exercises <= {name for one in objectives(number) for name in one["assessed"]}
