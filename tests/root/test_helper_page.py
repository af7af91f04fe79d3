"""Tests of docs/helper.md: its examples run, it names all that is public, and the notebooks it points to are right."""

import doctest
import inspect
import re
from functools import cache
from types import ModuleType

import nbformat
import pytest
import torch
from nbcheck import ROOT, code_cells

import mlp_tutorial as mt
from mlp_tutorial import figures, reference
from mlp_tutorial.classroom.notebooks import notebooks

PAGE = (ROOT / "docs" / "helper.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### (.+)\n\n(.+)", PAGE, re.MULTILINE))  # heading → its sentences
ROWS = dict(re.findall(r"^\| `(figures\.\w+)` \| .+ \| (.+) \|$", PAGE, re.MULTILINE))  # name → notebooks
PUBLIC = [name for name in mt.__all__ if not isinstance(getattr(mt, name), ModuleType)]
OWN = [name for name, thing in vars(reference).items() if getattr(thing, "__module__", "") == reference.__name__]
CONSTANTS = [name for name in vars(reference) if name.isupper()]
USED_AS = {
    "mt.History": "history",
    "mt.reference": "reference",
    "mt.Runs": "mt.repeat",
    "mt.Estimate": "mt.estimate",
}  # name → how code in a notebook names it


@cache
def code() -> dict[str, str]:
    """Return notebook → its code, in the order in which they are read."""
    found = {path: nbformat.read(path, 4) for path in notebooks().values()}
    return {path.name.split("_")[0]: "\n".join(cell.source for cell in code_cells(nb)) for path, nb in found.items()}


def first_use(name: str) -> str:
    """Return the first notebook whose code has the name."""
    word = re.compile(rf"\b{re.escape(USED_AS.get(name, name))}\b")
    return next(number for number, source in code().items() if word.search(source))


def test_the_examples_print_what_the_page_says() -> None:
    text = re.sub(r"^```.*$", "", PAGE, flags=re.MULTILINE)  # else the fence below an output is part of it
    examples = doctest.DocTestParser().get_doctest(text, {}, "helper.md", "docs/helper.md", 0)
    said: list[str] = []
    with torch.random.fork_rng(devices=[]):
        failed, tried = doctest.DocTestRunner().run(examples, out=said.append)
    assert (failed, tried > 30) == (0, True), "".join(said)


def test_every_public_name_has_its_place_and_no_other() -> None:
    entries = re.findall(r"`([\w.]+)`", " ".join(SECTIONS))
    expected = [f"mt.{name}" for name in mt.__all__] + [f"reference.{name}" for name in OWN + CONSTANTS]
    assert sorted(entries) == sorted(expected)
    assert sorted(ROWS) == [f"figures.{name}" for name in sorted(figures.__all__)]
    assert all("```python\n>>> " in part for part in PAGE.split("\n### ")[1:])


@pytest.mark.parametrize("name", [*(f"mt.{name}" for name in mt.__all__), *(f"reference.{name}" for name in OWN)])
def test_the_first_notebook_named_is_the_first_that_uses_it(name: str) -> None:
    told = re.findall(r"\b0[1-7]\b|\b[A-Z]\b", re.search(r"\(([^()]+)\)$", SECTIONS[f"`{name}`"])[1])
    assert told[0] == first_use(name)
    thing = getattr(mt if name.startswith("mt.") else reference, name.split(".")[1])
    in_english = re.findall(r"(?:[Tt]aught|First used|written by hand) in (\w+)", inspect.getdoc(thing))
    assert isinstance(thing, ModuleType) or in_english == told


@pytest.mark.parametrize("name", ROWS)
def test_the_notebooks_of_a_figure(name: str) -> None:
    told = ROWS[name].split(", ")
    assert told[0] == first_use(name)
    assert all(f"{name}(" in code()[number] for number in told)
