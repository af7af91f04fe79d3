"""Tests of how two pictures are compared: rounding passes, and whatever a reader could see fails.

The pictures are figures in the notebooks' style, size and resolution, so that `LIMIT` is tried on what it is for.
"""

import tempfile
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from matplotlib import pyplot as plt
from nbcheck.pictures import LIMIT, TILE, difference, pixels, save_sheet, sheet, worst_tile
from PIL import Image

from mlp_tutorial.figures import style

DPI = 200  # pixels of a stored picture to an inch, twice those on the page


@dataclass(frozen=True)
class Drawing:
    """What can differ between two drawings of the same curves."""

    factor: float = 1.0  # on the first curve's height
    color: str = style.BLUE
    line: str = "-"
    title: str = "손실 0.25"
    label: str = "스텝"
    panels: int = 1
    second: bool = True
    width: float = style.WIDTH
    transparent: bool = False

    def png(self) -> bytes:
        """The drawing as a PNG file."""
        figure, axes = plt.subplots(1, self.panels, figsize=(self.width, style.HEIGHT), squeeze=False, layout="none")
        x = np.linspace(0, 1, 50)
        for ax in axes[0]:
            ax.plot(x, self.factor * (1 - np.exp(-3 * x)), color=self.color, linestyle=self.line)
            if self.second:
                ax.plot(x, 1 - x, color=style.VERMILION, linestyle="--")
            ax.set(xlim=(0, 1), ylim=(0, 1), title=self.title, xlabel=self.label)
        file = BytesIO()
        figure.savefig(file, transparent=self.transparent, dpi=DPI)
        plt.close(figure)
        return file.getvalue()


ORIGINAL = Drawing()


@cache
def drawn(drawing: Drawing) -> bytes:
    """The drawing's PNG file, made once."""
    return drawing.png()


@cache
def apart(drawing: Drawing) -> float:
    """How far the drawing lies from the original, by the measure that `LIMIT` bounds."""
    return worst_tile(pixels(drawn(ORIGINAL)), pixels(drawn(drawing)))


def test_a_figure_drawn_twice_is_the_same() -> None:
    assert difference(drawn(ORIGINAL), ORIGINAL.png()) == ""


@pytest.mark.parametrize("factor", [1 - 1e-5, 1 + 1e-4])
def test_rounding_agrees(factor: float) -> None:
    moved = replace(ORIGINAL, factor=factor)
    assert drawn(moved) != drawn(ORIGINAL), "the pixels must differ, or this tests nothing"
    assert 0 < apart(moved) < LIMIT / 2
    assert difference(drawn(ORIGINAL), drawn(moved)) == ""


CHANGED = {
    "curve moved by a thousandth": replace(ORIGINAL, factor=1.001),
    "curve moved by a hundredth": replace(ORIGINAL, factor=0.99),
    "digit in the title": replace(ORIGINAL, title="손실 0.26"),
    "axis label": replace(ORIGINAL, label="에폭"),
    "colour": replace(ORIGINAL, color=style.GREY),
    "colour of the same brightness": replace(ORIGINAL, color="#009E73"),
    "line style": replace(ORIGINAL, line="-."),
    "curve lost": replace(ORIGINAL, second=False),
    "panel added": replace(ORIGINAL, panels=2),
}


@pytest.mark.parametrize("changed", CHANGED.values(), ids=CHANGED.keys())
def test_what_a_reader_could_see_disagrees(changed: Drawing) -> None:
    assert apart(changed) > 1.5 * LIMIT
    message = difference(drawn(ORIGINAL), drawn(changed))
    assert f"차이 {apart(changed):.0f}, {LIMIT:.0f}까지" in message
    assert difference(drawn(changed), drawn(ORIGINAL)) == message


@pytest.mark.parametrize("other", [replace(ORIGINAL, width=4.8), replace(ORIGINAL, panels=2, width=8)])
def test_another_size_is_told_with_both_sizes(other: Drawing) -> None:
    size = f"{round(other.width * DPI)}×720"
    assert f"1280×720에서 {size}" in difference(drawn(ORIGINAL), drawn(other))
    assert f"{size}에서 1280×720" in difference(drawn(other), drawn(ORIGINAL))


def test_a_transparent_background_is_white_paper() -> None:
    clear = replace(ORIGINAL, transparent=True)
    assert Image.open(BytesIO(drawn(clear))).convert("RGBA").getpixel((0, 0))[3] == 0
    assert pixels(drawn(clear))[0, 0].tolist() == [255, 255, 255]
    assert difference(drawn(ORIGINAL), drawn(clear)) == ""


EDGES = [(0, 0), (0, -1), (-1, 0), (-1, -1)]
STAINS = {
    "one tile of a large page": ((20, 30), [(np.s_[5 * TILE : 6 * TILE, 7 * TILE : 8 * TILE], 100)], 100),
    "only the worst tile": ((3, 3), [(np.s_[:TILE], 30), (np.s_[-1, -1], 80)], 30),  # the spot: 80 / 16 over its tile
    "one colour": ((1, 1), [(np.s_[:, :, 2], 30)], 30 / np.sqrt(3)),
    **{f"spot {edge} beyond all whole tiles": ((1.25, 2.25), [(edge, 160)], 160 / TILE) for edge in EDGES},
}


@pytest.mark.parametrize(("tiles", "stains", "expected"), STAINS.values(), ids=STAINS.keys())
def test_the_worst_tile_counts_wherever_it_lies(tiles: tuple, stains: list[tuple], expected: float) -> None:
    page = np.full((*(round(n * TILE) for n in tiles), 3), 255.0)
    stained = page.copy()
    for where, depth in stains:
        stained[where] = 255 - depth
    assert worst_tile(page, stained) == pytest.approx(expected)


@pytest.mark.parametrize("new", [replace(ORIGINAL, title="손실 0.26"), replace(ORIGINAL, width=4.8)])
def test_the_sheet_shows_both_pictures_and_their_difference(new: Drawing) -> None:
    left, middle, right = np.split(pixels(sheet(drawn(ORIGINAL), drawn(new))), 3, axis=1)
    assert left.shape == middle.shape == right.shape == (720, 1280, 3)
    width = round(new.width * DPI)
    assert np.array_equal(left, pixels(drawn(ORIGINAL)))
    assert np.array_equal(middle[:, :width], pixels(drawn(new)))
    assert (middle[:, width:] == 255).all(), "the paper goes on beside the narrow one"
    equal = (left == middle).all(axis=2)
    assert (right[equal] == 255).all()
    assert (right[~equal] < 255).all()
    assert right.min() < 100, "the changed digit must stand out"


def test_the_sheet_shows_a_change_in_one_colour_channel() -> None:
    files = BytesIO(), BytesIO()
    for file, color in zip(files, ("white", "yellow"), strict=True):
        Image.new("RGB", (2, 2), color).save(file, "png")
    right = pixels(sheet(*(file.getvalue() for file in files)))[:, 4:]
    assert (right == 0).all()


def test_two_runs_sheets_of_one_cell_stand_side_by_side(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for title in ("손실 0.26", "손실 0.27", "손실 0.27"):
        save_sheet("01-02", drawn(ORIGINAL), drawn(replace(ORIGINAL, title=title)))
    assert len([*tmp_path.glob("*/01-02_*.png")]) == 2
