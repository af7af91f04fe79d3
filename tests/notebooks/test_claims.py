"""Tests of docs/claims.md: its numbers are those of the notebooks, and they come again on other data and other seeds.

A row whose result hangs on chance may have a function in claims_NN.py, which repeats it from any first seed on.
"""

import importlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from nbcheck import ROOT, files
from nbcheck.exercises import NOTEBOOKS
from torch import Tensor

import mlp_tutorial as mt

PAGE = (ROOT / "docs" / "claims.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\w+\.\d+) \| (.+?) \| (.+?) \| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
ROWS = {
    found[1]: found.groups()[1:] for found in ROW.finditer(PAGE)
}  # number → whose, claim, cells, runs, effect, verdict
EFFECT = re.compile(r"^([+−-]?\d+(?:\.\d+)?) ± (\d+\.\d+)$")
VERDICTS = ("성립", "일부만 성립", "성립하지 않음", "가리지 못함")
FIRST = 5000  # of the seeds here: no notebook uses them
Claim = Callable[[int], Tensor]
AGAIN: dict[str, Claim] = {}
OVERLAP: dict[str, float] = {}  # of claims whose splits share out the same rows, as `mt.estimate` takes it
for path in sorted(Path(__file__).parent.glob("claims_*.py")):
    module = importlib.import_module(f"{__package__}.{path.stem}")
    AGAIN |= module.CLAIMS
    OVERLAP |= getattr(module, "OVERLAP", {})
each_row = pytest.mark.parametrize("number", ROWS)


def effect(number: str) -> tuple[float, float]:
    """Return the effect and its standard error as the page gives them."""
    found = EFFECT.match(ROWS[number][4])
    assert found, f"{number}: the effect must be written like +0.087 ± 0.006"
    return float(found[1].replace("−", "-")), float(found[2])


def test_every_line_of_the_tables_is_a_row() -> None:
    lines = [line for line in PAGE.splitlines() if re.match(r"\| \w+\.\d", line)]
    assert len(lines) == len(ROWS), "a line of another form, or a number that comes twice"
    assert {number.split(".")[0] for number in ROWS} == set(NOTEBOOKS), "each notebook has claims"


@each_row
def test_a_rows_effect_stands_in_its_cells_output(number: str) -> None:
    whose, _, links, _, told, verdict = ROWS[number]
    assert whose in ("글", "우리")
    assert verdict in VERDICTS
    notebook = files.read(NOTEBOOKS[number.split(".")[0]])
    outputs = {
        cell.id: str([output.get("text", output.get("data", "")) for output in cell.get("outputs", [])])
        for cell in notebook.cells
    }
    cells = re.findall(r"\w+-\d\d", links)
    assert cells, f"{number}: {links} names no cell"
    assert set(cells) <= set(outputs), f"{number}: {links} names a cell that is not there"
    printed = " ".join(outputs[cell] for cell in cells)
    for part in re.findall(r"\d+(?:[.,]\d+)*(?:e[+-]?\d+)?", told):
        assert part in printed, f"{number}: {part} stands in no output of {links}"


@each_row
def test_a_verdict_fits_its_effect(number: str) -> None:
    found, verdict = EFFECT.match(ROWS[number][4]), ROWS[number][5]
    if found:
        clear = abs(effect(number)[0]) > 2 * effect(number)[1]
        assert clear == (verdict != "가리지 못함"), f"{number}: {ROWS[number][4]} is told as {verdict}"


def test_each_function_belongs_to_a_row() -> None:
    assert set(AGAIN) <= set(ROWS)
    assert len(AGAIN) >= 20


@pytest.mark.parametrize("number", AGAIN)
def test_a_claim_comes_again_on_other_seeds(number: str) -> None:
    torch.set_num_threads(1)
    told, error = effect(number)
    found = mt.estimate(AGAIN[number](FIRST), overlap=OVERLAP.get(number, 0.0))
    apart = (error**2 + found.error**2) ** 0.5
    assert abs(found.mean - told) <= 4 * apart, f"{number}: {found} here, {ROWS[number][4]} on the page"
    if ROWS[number][5] != "가리지 못함":
        assert found.mean * told > 0, f"{number}: the sign has changed"
    if ROWS[number][5] == "성립":
        assert found.clear, f"{number}: {found} is no difference on these seeds"
