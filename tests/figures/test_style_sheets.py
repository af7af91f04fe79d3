"""Tests that figures look the same after any style sheet, font or layout, and leave a learner's own settings alone."""

import subprocess
import sys
import warnings
from collections.abc import Iterator
from functools import partial

import drawn
import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from drawn import assert_tidy, pixels_of
from matplotlib.colors import to_rgb

from mlp_tutorial import figures
from mlp_tutorial.figures.style import FONT, SIZES, in_style
from mlp_tutorial.figures.surfaces import loss_contour

GRID = np.arange(6.0)
BOWL = ((GRID - 2.5) ** 2 + (GRID[:, None] - 2.5) ** 2) / 4
DRAW = {name: drawn.DRAW[name] for name in ("bars", "curves", "network", "points")}
DRAW["valley"] = partial(loss_contour, GRID, GRID, BOWL, path=np.ones((2, 3)))
SHEETS = [*plt.style.available, "xkcd"]


def choose(sheet: str) -> None:
    """Choose a style sheet, or xkcd's sketched lines, as a learner would."""
    if sheet == "xkcd":
        plt.xkcd()
    else:
        plt.style.use(sheet)


@pytest.fixture(autouse=True)
def _own_settings() -> Iterator[None]:
    """Put all settings back after the test."""
    with mpl.rc_context():
        yield


def settings() -> dict[str, object]:
    """Return all settings but the sizes."""
    return {name: value for name, value in mpl.rcParams.items() if name not in SIZES}


@pytest.mark.parametrize("sheet", SHEETS)
def test_no_style_sheet_reaches_a_drawing(sheet: str) -> None:
    with in_style():
        expected = settings()
    choose(sheet)
    chosen = settings()
    with in_style():
        assert settings() == expected
    assert mpl.rcParams["font.family"][-1] == FONT, "배우는 이가 그림에 덧쓰는 한글도 보여야 합니다."
    assert settings() == chosen | {"font.family": mpl.rcParams["font.family"]}


@pytest.mark.parametrize("name", DRAW)
def test_a_figure_is_the_same_after_style_sheets_fonts_and_layouts(name: str) -> None:
    expected = pixels_of(DRAW[name]())
    for sheet in ("ggplot", "seaborn-v0_8", "dark_background", "xkcd"):
        choose(sheet)
    mpl.rcParams |= {"font.family": "monospace", "figure.constrained_layout.use": False, "figure.autolayout": True}
    mpl.rcParams |= {"figure.figsize": (6.4, 3.6), "text.usetex": True, "axes.unicode_minus": False}
    np.testing.assert_array_equal(pixels_of(DRAW[name]()), expected)


@pytest.mark.parametrize("layout", ["none", "tight", "constrained", "compressed"])
@pytest.mark.parametrize("name", DRAW)
def test_axes_of_a_dark_figure_become_readable_in_every_layout(name: str, layout: str) -> None:
    choose("dark_background")
    figure, (left, right) = plt.subplots(1, 2, figsize=(13, 4.8), layout=layout)
    left.plot([1, 2])
    right.set_title("내 제목")
    DRAW[name](ax=right)
    texts = assert_tidy(right)
    assert {to_rgb(text.get_color()) for text in texts} & {(1.0, 1.0, 1.0)} == set(), "흰 종이에 흰 글자입니다."
    assert to_rgb(figure.get_facecolor()) == to_rgb(left.get_facecolor()) == (1.0, 1.0, 1.0)


def test_the_sizes_a_learner_chose_stay() -> None:
    mpl.rcParams |= {"figure.figsize": (8, 5), "figure.dpi": 150}
    figure = DRAW["curves"]().figure
    assert (*figure.get_size_inches(), figure.dpi) == (8, 5, 150)


def test_curves_drawn_one_after_another_keep_apart() -> None:
    ax = DRAW["curves"]()
    DRAW["curves"](ax=ax)
    assert len({line.get_color() for line in ax.lines}) == 4


def test_a_learners_tight_layout_says_nothing() -> None:
    code = """import matplotlib; matplotlib.use("agg")
import matplotlib.pyplot as plt
from mlp_tutorial import figures
plt.plot([1, 2]); plt.tight_layout()
figures.loss_curve([2.0, 1.0]); plt.tight_layout()"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", timeout=120)
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)
    with warnings.catch_warnings(record=True) as told:
        figures.style.use_style()
        plt.figure().tight_layout()
    assert not told


@pytest.mark.parametrize("name", DRAW)
def test_a_colour_bar_beside_is_laid_out_too(name: str) -> None:
    figure, (left, right) = plt.subplots(1, 2, figsize=(13, 4.8), layout="none")
    figure.colorbar(left.imshow(np.eye(3)), ax=left)
    DRAW[name](ax=right)
    assert_tidy(right)
