"""Tests of docs/claims.md: its numbers are those of the notebooks, and they come again on other data and other seeds.

The latter by the notebooks' own cells, whose seeds are moved on; timings, which are stored, can't come again.
"""

import re
from collections.abc import Iterator

import pytest
from nbcheck import ROOT, files
from nbcheck.exercises import NOTEBOOKS

import mlp_tutorial as mt

from . import reseeded

PAGE = (ROOT / "docs" / "claims.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\w+\.\d+) \| (.+?) \| (.+?) \| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
ROWS = {
    found[1]: found.groups()[1:] for found in ROW.finditer(PAGE)
}  # number → whose, claim, cells, runs, effect, verdict
ESTIMATE = re.compile(r"([+−-]?\d+(?:\.\d+)?) ± (\d+\.\d+)")
VERDICTS = ("성립", "일부만 성립", "성립하지 않음", "가리지 못함")
UNDECIDED = "가리지 못함"
TIMED = ("짝 ", "차례 ")  # how the runs of a timing are counted
each_notebook = pytest.mark.parametrize("notebook", NOTEBOOKS)


def estimates(text: str) -> list[mt.Estimate]:
    """Return what stands in the text like +0.087 ± 0.006."""
    return [mt.Estimate(float(mean.replace("−", "-")), float(error), 0) for mean, error in ESTIMATE.findall(text)]


def rows(notebook: str) -> list[str]:
    """Return the numbers of the notebook's rows."""
    return [number for number in ROWS if number.partition(".")[0] == notebook]


def on_chance(notebook: str) -> list[str]:
    """Return the numbers of the notebook's rows that hang on its seeds: all with a standard error but timings."""
    return [n for n in rows(notebook) if estimates(ROWS[n][4]) and not ROWS[n][3].startswith(TIMED)]


def cells(number: str) -> list[str]:
    """Return the ids of the cells that the row names."""
    return re.findall(r"\w+-\d\d", ROWS[number][2])


def outputs(notebook: str) -> dict[str, str]:
    """Return the stored output of each cell."""
    return {
        cell.id: " ".join(str(output.get("text", output.get("data", ""))) for output in cell.get("outputs", []))
        for cell in files.read(NOTEBOOKS[notebook]).cells
    }


def faults(number: str, stored: dict[str, str]) -> Iterator[str]:
    """Yield what is wrong with a row."""
    whose, _, links, _, told, verdict = ROWS[number]
    if whose not in ("글", "우리") or verdict not in VERDICTS:
        yield f"{whose} or {verdict} is no word of this table"
    if not cells(number) or not set(cells(number)) <= set(stored):
        yield f"{links} names no cell, or one that is not there"
    printed = " ".join(stored.get(cell, "") for cell in cells(number))
    for part in re.findall(r"\d+(?:[.,]\d+)*(?:e[+-]?\d+)?", told):
        if part not in printed:
            yield f"{part} stands in no output of {links}"
    for effect in estimates(told):
        if effect.clear != (verdict != UNDECIDED):
            yield f"{told} is told as {verdict}"
        if estimates(printed).count(effect) != 1:
            yield f"{told} must stand once in the output of {links}"


def other(number: str, stored: dict[str, str], fresh: dict[str, str]) -> Iterator[str]:
    """Yield what a row's claim lacks on other seeds."""
    told, verdict = ROWS[number][4:]
    effect = estimates(told)[0]
    before, after = (estimates(" ".join(texts[cell] for cell in cells(number))) for texts in (stored, fresh))
    if effect not in before or len(before) != len(after):
        yield f"{told} is not among the {len(before)} of {ROWS[number][2]}, or these are {len(after)} on other seeds"
        return
    found = after[before.index(effect)]
    if abs(found.mean - effect.mean) > 4 * (effect.error**2 + found.error**2) ** 0.5:
        yield f"{found} here, {told} on the page"
    if verdict != UNDECIDED and found.mean * effect.mean <= 0:
        yield f"{found} here, {told} on the page: the sign has changed"
    if verdict == "성립" and not found.clear:
        yield f"{found} is no difference on these seeds"


def test_every_line_of_the_tables_is_a_row() -> None:
    lines = [line for line in PAGE.splitlines() if re.match(r"\| \w+\.\d", line)]
    assert len(lines) == len(ROWS), "a line of another form, or a number that comes twice"
    assert {number.partition(".")[0] for number in ROWS} == set(NOTEBOOKS), "each notebook has claims"


@each_notebook
def test_the_rows_stand_in_the_notebook_and_fit_their_verdicts(notebook: str) -> None:
    stored = outputs(notebook)
    found = [f"{number}: {fault}" for number in rows(notebook) for fault in faults(number, stored)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("notebook", [notebook for notebook in NOTEBOOKS if on_chance(notebook)])
def test_the_claims_come_again_on_other_seeds(notebook: str) -> None:
    again, stored = on_chance(notebook), outputs(notebook)
    fresh = reseeded.printed(files.read(NOTEBOOKS[notebook]), {cell for number in again for cell in cells(number)})
    assert any(fresh[cell] != stored[cell] for number in again for cell in cells(number)), "no seed was moved"
    found = [f"{number}: {fault}" for number in again for fault in other(number, stored, fresh)]
    assert not found, "\n".join(found)


def test_the_curvature_is_no_jump_at_a_bend_of_relu(monkeypatch: pytest.MonkeyPatch) -> None:
    # on this seed a step of 1e-4 crosses one and gives 324.55; autograd's second derivatives give 2.46
    monkeypatch.setattr(reseeded, "SHIFT", 3_000_000)
    told = reseeded.printed(files.read(NOTEBOOKS["05"]), {"05-19"})["05-19"].splitlines()[0]
    assert "곡률: 2.46," in told, told
