"""The loss over two weights as contour lines, with the path that training takes over it.

Only the explorer of descent draws it, so it is no name of `figures` itself.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from numpy.typing import ArrayLike

from mlp_tutorial.figures.style import GREYS, INK, LEVEL_GREY, PAPER, SMALL, axes, in_style, number_text, numbers


@in_style()
def loss_contour(
    w_1: ArrayLike,
    w_2: ArrayLike,
    losses: ArrayLike,
    *,
    path: ArrayLike,
    minima: ArrayLike = (),
    ax: Axes | None = None,
) -> Axes:
    """Draw the loss over two weights as contour lines, and a path over it from a ring to a dot; return the axes.

    The lines at 10, 1, 0.1, … are named by their loss, but for the lowest, which lies close around a minimum.

    Args:
        w_1: (n,), across.
        w_2: (m,), up.
        losses: (m, n), from 0; the larger, the darker.
        path: (n_steps + 1, 3): w_1, w_2 and the loss there.
        minima: (k, 2): w_1 and w_2 where the loss is smallest, drawn as crosses.
        ax: to draw into.

    Raises:
        ValueError: sizes that do not fit, NaN, infinity, or losses that are negative or all the same.
    """
    w_1, w_2, losses, path = _checked(w_1, w_2, losses, path)
    ax = axes(ax)
    levels = _levels(losses)
    ax.contourf(w_1, w_2, losses, levels=[0, *levels, losses.max()], cmap=GREYS, norm=_greys(losses), zorder=0)
    lines = ax.contour(w_1, w_2, losses, levels=levels, colors=LEVEL_GREY, linewidths=0.6, zorder=1)
    named = [level for level in levels[1:] if np.isclose(np.log10(level) % 1, [0, 1]).any()]
    ax.clabel(lines, levels=named, fmt=number_text, colors=INK, fontsize=SMALL)
    for place in minima:
        ax.plot(*place, "x", color=INK, markersize=9, markeredgewidth=2, zorder=2)
    ax.plot(*path[:, :2].T, linestyle="-", color=INK, marker=".", markersize=5, linewidth=1.3, zorder=3)
    for end, fill in ((path[0], PAPER), (path[-1], INK)):
        ax.plot(*end[:2], "o", color=INK, markerfacecolor=fill, markersize=8, zorder=4)
    ax.set(xlabel="$w_1$", ylabel="$w_2$", xlim=w_1[[0, -1]], ylim=w_2[[0, -1]], aspect="equal")
    return ax


def _checked(
    w_1: ArrayLike, w_2: ArrayLike, losses: ArrayLike, path: ArrayLike
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return all as arrays; raise ValueError unless they fit each other and can be drawn."""
    given = {"w_1": w_1, "w_2": w_2, "losses": losses, "path": path}
    w_1, w_2, losses, path = (numbers(values, name, finite=True) for name, values in given.items())
    fit = w_1.ndim == w_2.ndim == 1 and losses.shape == (len(w_2), len(w_1)) and min(losses.shape) > 1
    if not fit or path.ndim != 2 or len(path) < 1 or path.shape[1] != 3:
        raise ValueError(
            "losses의 모양은 (w_2의 수, w_1의 수)로 둘 다 2 이상, 경로의 모양은 (N, 3)으로 N은 1 이상이어야 합니다 "
            f"(받은 모양: losses {losses.shape}, w_1 {w_1.shape}, w_2 {w_2.shape}, 경로 {path.shape}). "
            "행이 w_2, 열이 w_1인지, 경로의 한 행이 w_1, w_2, 손실인지 보십시오."
        )
    low, high = losses.min(), losses.max()
    if low < 0 or low == high:
        raise ValueError(
            f"losses는 0 이상이고 모두 같지는 않아야 합니다 (받은 값: {number_text(low)}부터 {number_text(high)}까지). "
            "음수라면 로그를 취하지 않은 손실을 주고, 모두 같다면 w_1과 w_2의 범위를 넓히십시오."
        )
    return w_1, w_2, losses, path


def _levels(losses: np.ndarray) -> np.ndarray:
    """Return round heights for contour lines, each about twice the one below, so that the valleys show."""
    heights = np.outer(10.0 ** np.arange(-2, 1), [1, 2, 5]).ravel() * 10 ** np.floor(np.log10(losses.max()))
    return heights[(losses.min() < heights) & (heights < losses.max())]


def _greys(losses: np.ndarray) -> PowerNorm:
    """Return the scale on which the larger loss is the darker, never so dark that a line on it is lost."""
    return PowerNorm(0.4, 0, losses.max() * 4)
