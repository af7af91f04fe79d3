"""Curves, points and decision regions, and what the notebooks use of `diagram` and `style`.

Drawing functions only draw: they take an optional `ax`, make a figure where there is none, and return the axes.
"""

from collections.abc import Mapping
from itertools import product

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox
from numpy.typing import ArrayLike
from torch import nn

from mlp_tutorial.diagram import network as network
from mlp_tutorial.style import BLUE, GREY, OFFSET, VERMILION, axes, number_text, numbers, place
from mlp_tutorial.style import show as show
from mlp_tutorial.style import use_style as use_style
from mlp_tutorial.training import History, predict

REGIONS = ["#E6F0F8", "#F3C9A2"]  # classes 0 and 1; different greys when printed
END_LABEL = "end label"  # gid of the texts that name a curve at its end


def curves(
    series: Mapping[str, ArrayLike | tuple[ArrayLike, ArrayLike]],
    *,
    xlabel: str,
    ylabel: str,
    ax: Axes | None = None,
    xscale: str = "linear",
    yscale: str = "linear",
) -> Axes:
    """Draw label → y (n,), or label → (x, y), each named at its right end; return the axes.

    Args:
        series: label → y, against 1, 2, … n, or label → (x, y).
        xlabel: of the x axis, with its unit.
        ylabel: of the y axis, with its unit.
        ax: to draw into.
        xscale: matplotlib's, for example "log".
        yscale: likewise.

    Raises:
        ValueError: x and y of different length.
    """
    ax = axes(ax)
    ax.set(xlabel=xlabel, ylabel=ylabel, xscale=xscale, yscale=yscale)
    for label, given in series.items():
        x, y = map(numbers, given) if isinstance(given, tuple) and np.ndim(given[0]) else (None, numbers(given))
        (line,) = ax.plot(np.arange(1, len(y) + 1) if x is None else x, y, label=label)
        ends = line.get_xydata()[np.isfinite(y)][-1:]  # none where nothing could be drawn
        for end in ends:
            ax.annotate(label, end, (6, 0), color=line.get_color(), va="center", gid=END_LABEL, **OFFSET)
    if xscale == "linear" and all((line.get_xdata(orig=False) % 1 == 0).all() for line in ax.lines):
        ax.xaxis.set_major_locator(MaxNLocator("auto", steps=[1, 2, 5, 10], integer=True))
    _spread_labels(ax)
    return ax


def loss_curve(
    history: History | ArrayLike,
    *,
    post: Mapping[int, float] | None = None,
    baseline: float | None = None,
    label: str = "손실",
    ax: Axes | None = None,
) -> Axes:
    """Draw losses (n_steps,) against the step, which counts from 1, and name the curve `label`; return the axes.

    Args:
        history: a History, whose validation losses are drawn too, or the losses alone.
        post: step → loss, drawn as hollow markers.
        baseline: a loss to compare with, drawn as a dashed line.
        label: the curve's name.
        ax: to draw into.
    """
    losses = numbers(getattr(history, "losses", history))
    held_out = getattr(history, "validation_losses", {})
    ax = curves({label: losses}, xlabel="스텝", ylabel="손실", ax=ax)
    if held_out:
        curves({"검증 손실": (list(held_out), list(held_out.values()))}, xlabel="스텝", ylabel="손실", ax=ax)
        ax.lines[-1].set(marker="s", markersize=4)
    if post:
        _post(ax, post, losses)
    if baseline is not None:
        _baseline(ax, float(baseline))
    return ax


def points(x: ArrayLike, y: ArrayLike, *, ax: Axes | None = None) -> Axes:
    """Draw the points x (N, 2) with a marker for each class in y, 0 or 1, (N,) or (N, 1); return the axes.

    Raises:
        ValueError: other shapes or classes.
    """
    x, y = numbers(x), numbers(y).ravel()
    if x.shape != (len(y), 2) or not len(y) or not np.isin(y, [0, 1]).all():
        raise ValueError(
            f"x의 모양은 (N, 2), y는 N개의 0과 1이어야 합니다 (받은 값: x {x.shape}, y {y.shape}, "
            f"클래스 {np.unique(y)[:5].tolist()}). x.shape와 y.unique()를 출력해 보십시오."
        )
    ax = axes(ax)
    for name, marker, color in ((0, "o", BLUE), (1, "^", VERMILION)):
        ax.scatter(
            *x[y == name].T, s=30, c=color, marker=marker, edgecolors="white", linewidths=0.5, label=f"클래스 {name}"
        )
    low, extent = x.min(axis=0), np.where(np.ptp(x, axis=0) > 0, np.ptp(x, axis=0), 1)
    room = 0.1 + 26 / (ax.bbox.height * 72 / ax.figure.dpi)  # on top, for the legend's 26 points
    ax.set(xlabel="$x_1$", ylabel="$x_2$", xlim=low[0] + extent[0] * np.array([-0.08, 1.08]))
    ax.set_ylim(low[1] + extent[1] * np.array([-0.08, 1 + room]))
    ax.legend(loc="upper center", ncols=2, fontsize=9, handletextpad=0.1, columnspacing=1, borderaxespad=0.2)
    return ax


def decision_regions(
    model: nn.Module, x: ArrayLike, y: ArrayLike, *, boundary: float = 0.0, ax: Axes | None = None
) -> Axes:
    """Colour the plane by the class that `model` gives, with the line between and the points on it; return the axes.

    Args:
        model: maps (N, 2) to (N, 2), where the larger output wins, or to (N, 1), where class 1 is above `boundary`.
        x: (N, 2).
        y: 0 or 1, (N,) or (N, 1).
        boundary: for a single output.
        ax: to draw into.

    Raises:
        ValueError: other shapes or classes of x and y.
    """
    ax = points(x, y, ax=ax)
    across, up = np.meshgrid(np.linspace(*ax.get_xlim(), 100), np.linspace(*ax.get_ylim(), 100))
    plane = torch.from_numpy(np.column_stack([across.ravel(), up.ravel()]))  # (10000, 2)
    outputs = numbers(
        predict(model, plane.to(next(model.parameters(), torch.empty(0))))
    )  # the model's dtype and device
    score = outputs[:, 1] - outputs[:, 0] if outputs.shape[1] == 2 else outputs[:, 0] - boundary
    score = score.clip(-1e6, 1e6).reshape(across.shape)  # (100, 100)
    ax.contourf(across, up, score, levels=[-1e7, 0, 1e7], colors=REGIONS, zorder=0)
    if score.min() < 0 < score.max():
        ax.contour(across, up, score, levels=[0], colors="black", linewidths=1.5, zorder=0.5)
    return ax


def _spread_labels(ax: Axes) -> None:
    """Move the curves' names on `ax` apart: up from the lowest, or down from the highest where most end high."""
    ax.figure.draw_without_rendering()  # settles the layout, which makes room for the names on the right
    labels = [text for text in ax.texts if text.get_gid() == END_LABEL]
    height = {label: ax.transAxes.inverted().transform(ax.transData.transform(label.xy))[1] for label in labels}
    direction = -1 if labels and np.mean(list(height.values())) > 0.5 else 1
    taken: list[Bbox] = []
    for label in sorted(labels, key=lambda label: direction * height[label]):
        place(label, ((6, direction * shift) for shift in range(0, 720, 2)), taken)


def _post(ax: Axes, post: Mapping[int, float], losses: np.ndarray) -> None:
    """Draw the post's losses, step → loss, and name the middle one on its side away from the curve."""
    ax.plot(
        list(post), list(post.values()), "o", color="black", markersize=8, markerfacecolor="none", label="글의 손실"
    )
    step = list(post)[len(post) // 2]
    below = step <= len(losses) and post[step] < losses[step - 1] - 1e-3 * abs(losses[step - 1])
    side = {"ha": "right", "va": "top"} if below else {"ha": "left", "va": "bottom"}  # where a falling curve isn't
    ax.annotate("글의 손실", (step, post[step]), (-6, -5) if below else (6, 5), **side, **OFFSET)


def _baseline(ax: Axes, baseline: float) -> None:
    """Draw a dashed line and name it at the first end and side where no curve passes and no other name stands."""
    curves = list(ax.lines)
    ax.axhline(baseline, color=GREY, linestyle="--", linewidth=1)
    ax.margins(y=0.12)  # room for the name
    _spread_labels(ax)  # again: the y axis may have grown
    others = [text.get_window_extent() for text in ax.texts]
    name = ax.annotate(
        f"기준선 {number_text(baseline)}",
        (0, baseline),
        (0, 0),
        color=GREY,
        xycoords=ax.get_yaxis_transform(),
        **OFFSET,
    )
    paths = [curve.get_transform().transform_path(curve.get_path()) for curve in curves]
    for (x, ha), (y, va) in product(((0.99, "right"), (0.01, "left")), ((-3, "top"), (3, "bottom"))):
        name.set(ha=ha, va=va, position=(0, y))
        name.xy = (x, baseline)
        box = name.get_window_extent()
        if not box.count_overlaps(others) and not any(path.intersects_bbox(box, filled=False) for path in paths):
            return
