"""A report on one page: how training went, what was chosen, what the test part says, and the words beside it."""

import math
import textwrap
from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from mlp_tutorial.figures import style
from mlp_tutorial.figures.curves import curves

LINE = 34  # characters of a line of text, at most
NAME = 16  # characters of a line of a candidate's name, at most
Measured = Mapping[str, tuple[float, float]]  # name → mean, standard error


@style.in_style()
def report(
    losses: Mapping[str, tuple[ArrayLike, ArrayLike]],
    choice: Measured,
    chosen: str,
    tests: Measured,
    words: Sequence[str],
) -> Figure:
    """Draw a page: the losses over epochs, each candidate's validation loss, each method's test loss, and words.

    Args:
        losses: label → (epochs, losses), as for `curves`.
        choice: of each candidate on the validation part; lines reach twice the standard error both ways. What is no
            pair of finite numbers, or has an error below 0, isn't drawn, and its name says so.
        chosen: the candidate whose mark is filled.
        tests: of each method on the test part.
        words: texts, each on a line of its own and more where it is long.

    First used in E_capstone.
    """
    style.readable(*choice, *tests, *words)
    fig, axes = plt.subplots(2, 2, figsize=(style.WIDE, 6.6))
    curves(losses, xlabel="에폭", ylabel="손실 (MSE)", ax=axes[0, 0])
    _measured(axes[0, 1], choice, chosen)
    axes[0, 1].set(xlabel="검증 손실 (MSE)", title="고르기")
    _measured(axes[1, 0], tests, "")
    axes[1, 0].set(xlabel="시험 손실 (MSE)", title="시험")
    axes[0, 0].set_title("학습")
    axes[1, 1].set_axis_off()
    lines = [line for text in words for line in textwrap.wrap(text, LINE) or [""]]
    axes[1, 1].text(0, 1, "\n".join(lines), va="top", linespacing=1.7, transform=axes[1, 1].transAxes)
    fig.get_layout_engine().set(w_pad=0.15)  # inches: a curve's name stands beyond its axes
    return fig


def _measured(ax: Axes, values: Measured, filled: str) -> None:
    """Draw name → mean ± 2 standard errors from top to bottom, as far as these can be drawn."""
    labels = []
    for row, (name, found) in enumerate(values.items()):
        pair = _pair(found)
        labels.append(textwrap.fill(str(name), NAME) + "\n(그릴 수 없음)" * (not pair))
        if pair:
            face = style.BLUE if name == filled or not filled else style.PAPER
            bar = {"xerr": 2 * pair[1], "color": style.BLUE, "markerfacecolor": face, "capsize": 3}
            ax.errorbar(pair[0], row, fmt="o", **bar)
    ax.set(yticks=range(len(values)), yticklabels=labels, ylim=(len(values) - 0.5, -0.5))
    ax.tick_params(axis="y", length=0)


def _pair(found: object) -> tuple[float, float] | None:
    """Return a mean and its standard error as numbers; None where they can't be drawn."""
    try:
        mean, error = map(float, found)
    except (TypeError, ValueError, RuntimeError):
        return None
    return (mean, error) if math.isfinite(mean) and math.isfinite(error) and error >= 0 else None
