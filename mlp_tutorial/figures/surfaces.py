"""The loss over two weights, as contour lines and as a surface, with the paths that training takes over it.

They stand together as the two need the same grid and the same greys, and nothing else does.
"""

from collections.abc import Iterable, Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from matplotlib.ticker import MaxNLocator
from mpl_toolkits.mplot3d.axes3d import Axes3D
from numpy.typing import ArrayLike

from mlp_tutorial.figures.style import (
    COLORS,
    GREYS,
    INK,
    LEVEL_GREY,
    LINES,
    MARKERS,
    MESH_GREY,
    PAPER,
    WIDTH,
    axes,
    in_style,
    number_text,
    numbers,
)


@in_style()
def loss_contour(w_1: ArrayLike, w_2: ArrayLike, losses: ArrayLike, *, path: ArrayLike, ax: Axes | None = None) -> Axes:
    """Draw the loss over two weights as contour lines, and a path over it from a ring to a dot; return the axes.

    Args:
        w_1: (n,), across.
        w_2: (m,), up.
        losses: (m, n), from 0; the larger, the darker.
        path: (n_steps + 1, 3): w_1, w_2 and the loss there.
        ax: to draw into.

    Raises:
        ValueError: sizes that do not fit, NaN, infinity, or losses that are negative or all the same.

    First used in 03_loss_functions.
    """
    w_1, w_2, losses, (path,) = _checked(w_1, w_2, losses, [path])
    ax = axes(ax)
    levels = _levels(losses)
    ax.contourf(w_1, w_2, losses, levels=[0, *levels, losses.max()], cmap=GREYS, norm=_greys(losses), zorder=0)
    ax.contour(w_1, w_2, losses, levels=levels, colors=LEVEL_GREY, linewidths=0.6, zorder=1)
    ax.plot(*path[:, :2].T, linestyle="-", color=INK, marker=".", markersize=5, linewidth=1.3, zorder=3)
    for end, fill in ((path[0], PAPER), (path[-1], INK)):
        ax.plot(*end[:2], "o", color=INK, markerfacecolor=fill, markersize=8, zorder=4)
    ax.set(xlabel="$w_1$", ylabel="$w_2$", xlim=w_1[[0, -1]], ylim=w_2[[0, -1]], aspect="equal")
    return ax


@in_style()
def loss_surface(
    w_1: ArrayLike, w_2: ArrayLike, losses: ArrayLike, *, paths: Mapping[str, ArrayLike], ax: Axes3D | None = None
) -> Axes3D:
    """Draw the loss over two weights as a surface, and the paths by their labels over it; return the axes.

    Args:
        w_1: (n,).
        w_2: (m,).
        losses: (m, n), from 0; the larger, the darker.
        paths: label → (n_steps + 1, 3): w_1, w_2 and the loss there; at most as many as there are COLORS.
        ax: to draw into, of matplotlib's projection "3d".

    Raises:
        ValueError: as `loss_contour`, and more paths, or axes of another projection.

    First used in 03_loss_functions.
    """
    w_1, w_2, losses, drawn = _checked(w_1, w_2, losses, paths.values())
    if len(paths) > len(COLORS):
        raise ValueError(
            f"paths에는 경로가 {len(COLORS)}개까지 있어야 합니다 (받은 값: {len(paths)}개). 비교할 몇 개만 고르십시오."
        )
    if ax is not None and not isinstance(ax, Axes3D):
        raise ValueError(
            f"ax는 3차원 축이어야 합니다 (받은 값의 형: {type(ax).__name__}). "
            "plt.subplots(subplot_kw={'projection': '3d'})로 만들거나 ax를 적지 마십시오."
        )
    ax = axes(ax, (WIDTH, 4.8), projection="3d")
    ax.computed_zorder = False  # else a path that lies on the surface is half hidden by it
    look = {"cmap": GREYS, "norm": _greys(losses), "edgecolor": MESH_GREY, "linewidth": 0.3, "zorder": 1}
    ax.plot_surface(*np.meshgrid(w_1, w_2), losses, rcount=36, ccount=36, **look)
    for i, (label, path) in enumerate(zip(paths, drawn, strict=True)):
        ax.plot(*path.T, color=COLORS[i], linestyle=LINES[i], marker=MARKERS[i], markersize=4, label=label, zorder=2)
    for axis, name in zip((ax.xaxis, ax.yaxis, ax.zaxis), ("$w_1$", "$w_2$", "손실"), strict=True):
        axis.set_label_text(name)
        axis.labelpad = 9  # points, clear of the numbers
    ax.zaxis.set_major_locator(MaxNLocator(4))
    ax.view_init(elev=55, azim=-120)
    if paths:
        ax.legend(loc="upper left")
    return ax


def _checked(
    w_1: ArrayLike, w_2: ArrayLike, losses: ArrayLike, paths: Iterable[ArrayLike]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[np.ndarray]]:
    """Return all as arrays; raise ValueError unless they fit each other and can be drawn."""
    given = {"w_1": w_1, "w_2": w_2, "losses": losses}
    w_1, w_2, losses = (numbers(values, name, finite=True) for name, values in given.items())
    paths = [numbers(path, "path", finite=True) for path in paths]
    shapes = [path.shape for path in paths]
    fit = w_1.ndim == w_2.ndim == 1 and losses.shape == (len(w_2), len(w_1)) and min(losses.shape) > 1
    if not fit or any(len(shape) != 2 or shape[0] < 1 or shape[1] != 3 for shape in shapes):
        raise ValueError(
            "losses의 모양은 (w_2의 수, w_1의 수)로 둘 다 2 이상, 경로의 모양은 (N, 3)으로 N은 1 이상이어야 합니다 "
            f"(받은 모양: losses {losses.shape}, w_1 {w_1.shape}, w_2 {w_2.shape}, 경로 {shapes}). "
            "행이 w_2, 열이 w_1인지, 경로의 한 행이 w_1, w_2, 손실인지 보십시오."
        )
    low, high = losses.min(), losses.max()
    if low < 0 or low == high:
        raise ValueError(
            f"losses는 0 이상이고 모두 같지는 않아야 합니다 (받은 값: {number_text(low)}부터 {number_text(high)}까지). "
            "음수라면 로그를 취하지 않은 손실을 주고, 모두 같다면 w_1과 w_2의 범위를 넓히십시오."
        )
    return w_1, w_2, losses, paths


def _levels(losses: np.ndarray) -> np.ndarray:
    """Return round heights for contour lines, each about twice the one below, so that the valleys show."""
    heights = np.outer(10.0 ** np.arange(-2, 1), [1, 2, 5]).ravel() * 10 ** np.floor(np.log10(losses.max()))
    return heights[(losses.min() < heights) & (heights < losses.max())]


def _greys(losses: np.ndarray) -> PowerNorm:
    """Return the scale on which the larger loss is the darker, never so dark that a line on it is lost."""
    return PowerNorm(0.4, 0, losses.max() * 4)
