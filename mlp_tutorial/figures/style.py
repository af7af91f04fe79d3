"""What all figures share: font, colours, sizes and a notebook's resolution, and helpers for axes, numbers and texts.

To change how figures look, change it here. Only the places of shapes and the widths of lines stand with each drawing.
"""

import re
import sys
import warnings
from collections.abc import Iterable, Iterator, KeysView, Mapping, ValuesView
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date
from reprlib import repr as shortened

import matplotlib as mpl
import matplotlib.pyplot as plt
import notojp_matplotlib  # noqa: F401  its import tells matplotlib where the font is
import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.colors import same_color
from matplotlib.figure import Figure
from matplotlib.mathtext import MathTextParser
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from numpy.typing import ArrayLike

from mlp_tutorial import checks

INK, PAPER = "black", "white"
BLUE, VERMILION = "#0072B2", "#D55E00"  # of classes 0 and 1, and of weights from 0 and below it
GREY, LIGHT_GREY = "#767676", "#BBBBBB"  # what stands back: texts and lines, and lines that are many
LEVEL_GREY = "0.45"  # the lines of a contour map
GREYS = "Greys"  # the fills of both, and of a node's response: the larger, the darker
REGIONS = ["#E6F0F8", "#F3C9A2"]  # fills of classes 0 and 1; different greys when printed
COLORS = [BLUE, VERMILION, "#009E73", "#000000", "#CC79A7"]  # Okabe and Ito (2008), whose other two are lost on white
COLORS += ["#882255", "#332288"]  # Tol (2021)
LINES = ["-", "--", "-.", ":", (0, (7, 2)), (0, (4, 1, 1, 1, 1, 1)), (0, (1, 3))]  # tell curves apart in grey print
DIGIT = 0.56  # ems: the width of a digit
WIDTH, HEIGHT = 6.4, 3.6  # inches
WIDE = 9.0  # inches, of a figure that needs the whole page
SMALL = 9  # points, of a text between marks
FONT = "Noto Sans CJK JP"
SIZES = ("figure.figsize", "figure.dpi", "savefig.dpi")  # which a learner may choose
STYLE = {
    "font.family": FONT,  # has one weight, so nothing is bold
    "font.size": 11,
    "axes.titlesize": 11,
    "axes.titleweight": "normal",
    "axes.labelweight": "normal",
    "figure.titleweight": "normal",
    "axes.prop_cycle": plt.cycler(color=COLORS * 2, linestyle=LINES + LINES[3:] + LINES[:3]),  # no look twice
    "axes.unicode_minus": True,
    "axes.formatter.useoffset": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "figure.figsize": (WIDTH, HEIGHT),
    "figure.dpi": 100,
    "savefig.dpi": 100,
    "figure.constrained_layout.use": True,
}
NO_REAL = {  # NumPy's kind → how it becomes real numbers
    "c": "복소수라면 abs(값)이나 값.real로 바꾸십시오.",
    "M": "날짜라면 d = np.array(날짜, 'datetime64[s]')로 바꾸고, 며칠째인지 (d - d[0]) / np.timedelta64(1, 'D')를 "
    "넣으십시오.",
    "m": "기간이라면 며칠인지 np.array(기간) / np.timedelta64(1, 'D')를 넣으십시오.",
}
OFFSET = {"textcoords": "offset points", "annotation_clip": False}  # a text beside its place, in points
BACKGROUND = {"facecolor": PAPER, "edgecolor": "none"}  # of a text that stands on a line


def use_style() -> None:
    """Set matplotlib's font, colours, line styles and sizes; may be called again."""
    plt.rcParams.update(STYLE)
    warnings.filterwarnings("ignore", "The figure layout has changed to tight")  # as whoever calls tight_layout wants


@contextmanager
def in_style() -> Iterator[None]:
    """While this lasts, draw as set here, whatever style sheet, font or layout was chosen since; keep SIZES alone.

    Decorates each public drawing function. Afterwards the chosen fonts are asked first, and this one for Korean.
    """
    with plt.style.context(["default", STYLE | {name: plt.rcParams[name] for name in SIZES}]):
        yield
    if FONT not in plt.rcParams["font.family"]:
        plt.rcParams["font.family"] = [*plt.rcParams["font.family"], FONT]


def use_retina() -> None:
    """Give a notebook's pictures twice the pixels at the same size on the page; outside of a notebook do nothing."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None  # a script needs no IPython
    if shell is not None and "inline" in str(mpl.get_backend(auto_select=False)):
        from matplotlib_inline.config import InlineBackend

        InlineBackend.instance(parent=shell).figure_formats = {"retina"}  # before or after the first figure


def axes(ax: Axes | None, figsize: tuple[float, float] | None = None) -> Axes:
    """Return `ax`, or the axes of a new figure of `figsize` inches, ready to be drawn into.

    Its figure has a layout and white paper, and its ticks are made here, as those to come will look like the first.
    """
    if not isinstance(ax, Axes | None):
        raise TypeError(
            f"ax는 그림틀 하나여야 합니다 (받은 값의 형: {type(ax).__name__}). "
            "plt.subplots(1, 2)가 돌려준 axes에서는 ax=axes[0]처럼 하나를 고르십시오."
        )
    if ax is not None and ax.name != "rectilinear":
        raise TypeError(
            f"ax는 가로축과 세로축이 곧은 그림틀이어야 합니다 (받은 값: projection={ax.name!r}). "
            "plt.subplots()처럼 projection 없이 만드십시오."
        )
    ax = plt.subplots(figsize=figsize)[1] if ax is None else ax
    figure = ax.get_figure(root=True)
    if figure.get_layout_engine() is None:  # whose colour bars, if any, "constrained" could not lay out
        coloured = any(getattr(part, "colorbar", None) for one in figure.axes for part in one.get_children())
        figure.set_layout_engine("tight" if coloured else "constrained")
    if not all(same_color(part.get_facecolor(), PAPER) for part in (figure, ax)):
        _on_paper(figure)
    if not ax.has_data():
        ax.set_prop_cycle(STYLE["axes.prop_cycle"])
    for axis in (ax.xaxis, ax.yaxis):
        axis.get_major_ticks(1)
        axis.get_minor_ticks(1)
    return ax


def labelled(values: object, name: str) -> Mapping:
    """Return `values`; raise TypeError unless they are label → something."""
    if not isinstance(values, Mapping):
        got = type(values).__name__
        raise TypeError(f'{name}는 이름을 붙인 사전이어야 합니다 (받은 값의 형: {got}). {{"손실": 값}}처럼 적으십시오.')
    readable(*values)
    return values


def readable(*texts: object) -> None:
    """Raise ValueError where what stands between two dollar signs of a text, a formula for matplotlib, is none.

    A formula can be parsed and holds no Hangul, which its font lacks. What has neither power, index nor command and is
    followed by a digit, as the $ of a price is, is none either.
    """
    for text in "\n".join(map(str, texts)).split("\n"):  # as matplotlib, line by line
        _, *parts = re.split(r"(?<!\\)\$", text)  # in turn inside and behind
        if not parts or len(parts) % 2:  # an odd dollar sign is shown as it is
            continue
        pairs = zip(parts[::2], parts[1::2], strict=True)
        wrong = [
            inside
            for inside, behind in pairs
            if re.search("[가-힣]", inside) or (behind[:1].isdigit() and not re.search(r"[\\^_]", inside))
        ]
        try:
            MathTextParser("path").parse("" if wrong else text)
        except ValueError:
            wrong = parts[::2]
        if wrong:
            raise ValueError(
                f"그림의 글에서 달러 기호($) 둘 사이는 수식이어야 합니다 (받은 값: {text!r}, 그 사이: {wrong[0]!r}). "
                r"달러라면 r'가격(\$)'처럼 \$로 적고, 한글은 수식 밖에 두십시오."
            )


def _on_paper(figure: Figure) -> None:
    """Make a learner's figure, which may be dark, black on white, as what is drawn here is."""
    for part in (figure, *figure.subfigs, *figure.axes):
        part.set_facecolor(PAPER)
    for ax in figure.axes:
        ax.tick_params(which="both", colors=INK)
        ax.spines[:].set_color(INK)
        for text in (ax.title, ax.xaxis.label, ax.yaxis.label):
            text.set_color(INK)


def settle(ax: Axes) -> None:
    """Lay out the figure of `ax`, which may be a part of a subfigure, so that sizes can be measured."""
    ax.get_figure(root=True).draw_without_rendering()


def size_in_points(ax: Axes) -> np.ndarray:
    """Return width and height of `ax` in points, (2,); true once the layout is settled."""
    return ax.bbox.size * 72 / ax.figure.dpi


def numbers(values: ArrayLike, name: str = "그림", *, finite: bool = False) -> np.ndarray:
    """Return a tensor, or a sequence of numbers, tensors or sequences, as float64 of the same shape.

    Raises:
        ValueError: rows of different length, what is no number, or where all must be `finite`, NaN or infinity; the
            message calls the values `name`.
    """
    array = _array(values, name)
    if finite:
        checks.finite(name, torch.from_numpy(array.copy()))  # pandas gives arrays that may not be written
    return array


def _kind(values: object) -> str:
    """Return NumPy's letter for the kind of what is one number or day, or holds them."""
    if isinstance(values, torch.Tensor | complex):  # of tensors only the complex ones come here
        return "c"
    if isinstance(values, date):
        return "M"
    if not hasattr(values, "__array__"):
        return ""
    array = np.asarray(values)
    return _kind(array.flat[0]) if array.dtype == object and array.size else array.dtype.kind


def _array(values: ArrayLike, name: str) -> np.ndarray:
    """Return `values` as `numbers` does, finite or not; what is masked becomes NaN."""
    if isinstance(values, torch.Tensor) and not values.is_complex():
        return values.detach().cpu().double().numpy()
    several = isinstance(values, list | tuple | KeysView | ValuesView)
    inside = [_array(part, name) for part in values] if several else values
    kind = _kind(inside)
    try:
        if kind in NO_REAL:  # NumPy would cast it, a day to its milliseconds
            raise TypeError
        masked = isinstance(inside, np.ma.MaskedArray)
        return inside.astype(float).filled(np.nan) if masked else np.asarray(inside, dtype=float)
    except (TypeError, ValueError):
        how = NO_REAL.get(kind, "길이가 다른 행이나 수가 아닌 값이 있는지 보십시오.")
        if isinstance(values, Mapping):
            how = "사전이라면 그릴 것 하나를 꺼내거나 list(사전.values())로 값만 넣으십시오."
            if all(isinstance(key, int | float) for key in values):
                how = "사전이라면 (사전.keys(), 사전.values())처럼 x와 y의 짝으로 바꾸십시오."
        elif hasattr(values, "__next__"):  # of map, zip or a generator
            how = "map, zip, (… for …)로 만든 것이라면 list(…)로 바꾸십시오."
        elif hasattr(values, "losses"):  # what mt.fit or mt.repeat returned
            how = "학습의 기록이라면 history.losses처럼 손실을 꺼내십시오."
        elif is_dataclass(values) and not isinstance(values, type):  # what mt.estimate returned, say
            parts = ", ".join(f".{part.name}" for part in fields(values))
            how = f"{type(values).__name__}에서 {parts} 가운데 하나를 꺼내십시오."
        raise ValueError(
            f"{name}에는 수가 행마다 같은 개수로 있어야 합니다 (받은 값: {shortened(values)}). {how}"
        ) from None


def number_text(value: float) -> str:
    """Return a number with up to two decimals, or with one digit where it is nearer to 0, and a real minus sign.

    For example 1234567, 3.14, −0.001 and 1e−5.
    """
    small = 0 < abs(value) < 0.01
    short = f"{value:.1g}".replace("e-0", "e-") if small else f"{value:z.2f}".rstrip("0").rstrip(".")  # z: no −0
    return short.replace("-", "−")


def place(text: Text, positions: Iterable[tuple[float, float]], taken: list[Bbox]) -> bool:
    """Move `text` to the first position where it hides no box in `taken`, and add its own; tell if there was one."""
    for position in positions:
        text.set_position(position)
        box = text.get_window_extent().padded(2.5)
        if not any(box.overlaps(other) for other in taken):
            taken.append(box)
            return True
    return False


use_style()  # once at import, so that a notebook's first figure has the font; the inline backend resets nothing
use_retina()
