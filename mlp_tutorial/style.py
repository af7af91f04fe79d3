"""What all figures share: font, colours and sizes, the way to show one with its alt text, and helpers for texts.

It stands below `diagram` and `figures`, which draw, so that the style is set in one place.
"""

from collections.abc import Iterable

import matplotlib.pyplot as plt
import notojp_matplotlib  # noqa: F401  its import tells matplotlib where the font is
import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from numpy.typing import ArrayLike

BLUE, VERMILION, GREY = "#0072B2", "#D55E00", "#767676"
COLORS = [BLUE, VERMILION, "#009E73", "#000000", "#CC79A7", "#E69F00", "#56B4E9"]  # Okabe and Ito (2008)
LINES = ["-", "--", "-.", ":", (0, (7, 2)), (0, (4, 1, 1, 1, 1, 1)), (0, (1, 3))]  # tell curves apart in grey print
WIDTH, HEIGHT = 6.4, 3.6  # inches; also the data units of a network diagram
STYLE = {
    "font.family": "Noto Sans CJK JP",  # has one weight, so nothing is bold
    "font.size": 11,
    "axes.titlesize": 11,
    "axes.titleweight": "normal",
    "axes.labelweight": "normal",
    "figure.titleweight": "normal",
    "axes.prop_cycle": plt.cycler(color=COLORS, linestyle=LINES),
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
OFFSET = {"textcoords": "offset points", "annotation_clip": False}  # a text beside its place, in points


def use_style() -> None:
    """Set matplotlib's font, colours, line styles and sizes; may be called again."""
    plt.rcParams.update(STYLE)


def show(alt: str) -> None:
    """Display the current figure with its alt text in the output's metadata, and close it.

    Raises:
        ValueError: an empty alt text, or no open figure.
    """
    if not alt.strip():
        raise ValueError(
            f"alt에는 그림에 보이는 것을 적은 글이 있어야 합니다 (받은 값: {alt!r}). 한 문장을 적으십시오."
        )
    if not plt.get_fignums():
        raise ValueError("열린 그림이 있어야 합니다 (열린 그림: 0개). 같은 셀에서 그림을 먼저 그리십시오.")
    from IPython.display import display  # loads IPython only for those who show

    display(plt.gcf(), metadata={"image/png": {"alt": alt}})
    plt.close()


def axes(ax: Axes | None) -> Axes:
    """Return `ax`, or the axes of a new figure."""
    return plt.subplots()[1] if ax is None else ax


def numbers(values: ArrayLike) -> np.ndarray:
    """Return a tensor or a sequence as float64 of the same shape."""
    return np.asarray(values.detach().cpu() if isinstance(values, torch.Tensor) else values, dtype=float)


def number_text(value: float) -> str:
    """Return a number with up to two decimals, or one digit where it is small, and a real minus sign."""
    short = f"{value:.1g}" if 0 < abs(value) < 0.01 else f"{round(value, 2) + 0:g}"
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
