"""Curves, points and decision regions, and what the notebooks use of the other modules that draw.

Drawing functions only draw: they take an optional `ax`, make a figure where there is none, and return the axes.
"""

from collections.abc import Callable, Mapping
from itertools import product

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox
from numpy.typing import ArrayLike
from torch import nn

from mlp_tutorial import checks
from mlp_tutorial.bars import bars as bars
from mlp_tutorial.bars import timeline as timeline
from mlp_tutorial.diagram import network as network
from mlp_tutorial.graph import computation_graph as computation_graph
from mlp_tutorial.schedule import ddp_schedule as ddp_schedule
from mlp_tutorial.style import (
    BLUE,
    GREY,
    OFFSET,
    REGIONS,
    VERMILION,
    axes,
    number_text,
    numbers,
    place,
    settle,
    size_in_points,
)
from mlp_tutorial.surfaces import loss_contour as loss_contour
from mlp_tutorial.surfaces import loss_surface as loss_surface
from mlp_tutorial.training import History, predict

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
        ValueError: other shapes, among them x and y of different length.
    """
    checked = {label: _series(label, given) for label, given in series.items()}
    ax = axes(ax)
    ax.set(xlabel=xlabel, ylabel=ylabel, xscale=xscale, yscale=yscale)
    for label, (x, y) in checked.items():
        (line,) = ax.plot(x, y, label=label)
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

    Raises:
        ValueError: losses of another shape.
    """
    losses = numbers(getattr(history, "losses", history), f"'{label}'")
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
        ValueError: other shapes or classes, or NaN or infinity in x.
    """
    x, y = numbers(x, "x"), numbers(y, "y").ravel()
    if x.shape != (len(y), 2) or not len(y) or not np.isin(y, [0, 1]).all():
        raise ValueError(
            f"x의 모양은 (N, 2), y는 N개의 0과 1이어야 합니다 (받은 값: x {x.shape}, y {y.shape}, "
            f"클래스 {np.unique(y)[:5].tolist()}). x.shape와 y.unique()를 출력해 보십시오."
        )
    checks.finite("x", torch.from_numpy(x))
    ax = axes(ax)
    for name, marker, color in ((0, "o", BLUE), (1, "^", VERMILION)):
        ax.scatter(
            *x[y == name].T, s=30, c=color, marker=marker, edgecolors="white", linewidths=0.5, label=f"클래스 {name}"
        )
    low, extent = x.min(axis=0), np.where(np.ptp(x, axis=0) > 0, np.ptp(x, axis=0), 1)
    room = 0.1 + 26 / size_in_points(ax)[1]  # on top, for the legend's 26 points
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
        ValueError: other shapes or classes of x and y, or a model of other numbers of inputs or outputs.
    """
    ax = points(x, y, ax=ax)
    across, up, plane = _plane(ax)
    score = _score(model, plane, boundary).clip(-1e6, 1e6).reshape(across.shape)  # (100, 100)
    ax.contourf(across, up, score, levels=[-1e7, 0, 1e7], colors=REGIONS, zorder=0)
    if score.min() < 0 < score.max():
        ax.contour(across, up, score, levels=[0], colors="black", linewidths=1.5, zorder=0.5)
    return ax


def response(
    node: Callable[[torch.Tensor], torch.Tensor], x: ArrayLike, y: ArrayLike, *, ax: Axes | None = None
) -> Axes:
    """Draw what a node gives out over the plane, the larger the darker, with the points on it; return the axes.

    A line shows where the output leaves its smallest value, as ReLU's leaves 0.

    Args:
        node: maps (n, 2) of the default dtype, on x's device, to (n,).
        x: (N, 2).
        y: 0 or 1, (N,) or (N, 1).
        ax: to draw into.

    Raises:
        ValueError: other shapes or classes of x and y, or a node that gives another shape, or NaN or infinity.
    """
    ax = points(x, y, ax=ax)
    across, up, plane = _plane(ax)
    with torch.no_grad():
        values = numbers(node(plane.to(torch.as_tensor(x).device, torch.get_default_dtype())), "node(x)")
    if values.shape != (len(plane),):
        raise ValueError(
            f"node가 돌려주는 값의 모양은 한 점에 수 하나, ({len(plane)},)이어야 합니다 (받은 모양: {values.shape}). "
            "층의 출력이라면 [:, 0]처럼 노드 하나를 고르십시오."
        )
    checks.finite("node(x)", torch.from_numpy(values))
    values = values.reshape(across.shape)  # (100, 100)
    steps = MaxNLocator(5).tick_values(values.min(), values.max())
    ax.contourf(across, up, values, levels=steps, cmap="Greys", vmin=steps[0], vmax=2 * steps[-1] - steps[0], zorder=0)
    edge = values.min() + 0.02 * np.ptp(values)  # about where a ReLU node leaves its 0
    if edge > values.min():
        ax.contour(across, up, values, levels=[edge], colors="black", linewidths=1.5, zorder=0.5)
    return ax


def _series(label: str, given: ArrayLike | tuple[ArrayLike, ArrayLike]) -> tuple[np.ndarray, np.ndarray]:
    """Return x (n,) and y (n,) of (x, y), or of y alone, whose x is 1, 2, … n; raise ValueError for other shapes."""
    pair = isinstance(given, tuple) and any(map(np.iterable, given))  # a tuple of numbers is a y
    parts = [numbers(part, f"'{label}'") for part in (given if pair else (given,))]
    shapes = [part.shape for part in parts]
    if len(parts) != (2 if pair else 1) or any(shape != (parts[-1].size,) for shape in shapes):
        raise ValueError(
            f"'{label}'에는 수를 한 줄로 담은 y나, 길이가 같은 두 줄의 튜플 (x, y)가 있어야 합니다 "
            f"(받은 모양: {', '.join(map(str, shapes))}). 텐서 하나라면 y.flatten()으로 한 줄로 펴고, "
            "둘이라면 len(x)와 len(y)를 맞추어 괄호로 (x, y)처럼 묶으십시오."
        )
    return (parts[0] if pair else np.arange(1, len(parts[0]) + 1)), parts[-1]


def _score(model: nn.Module, plane: torch.Tensor, boundary: float) -> np.ndarray:
    """Return by how much class 1 leads at each point of `plane` (n, 2), as (n,); raise ValueError as the public one."""
    with checks.layer_inputs(model):
        outputs = predict(model, plane.to(next(model.parameters(), torch.empty(0))))  # the model's dtype and device
    if outputs.shape not in ((len(plane), 1), (len(plane), 2)):
        raise ValueError(
            f"model의 출력은 한 점에 하나나 둘, 모양으로는 (N, 1)이나 (N, 2)여야 합니다 "
            f"(받은 모양: {tuple(outputs.shape)}, N은 {len(plane)}). 출력 노드 수 D_out을 1이나 2로 두십시오."
        )
    outputs = numbers(outputs)
    return outputs[:, 1] - outputs[:, 0] if outputs.shape[1] == 2 else outputs[:, 0] - boundary


def _plane(ax: Axes) -> tuple[np.ndarray, np.ndarray, torch.Tensor]:
    """Return the grid that covers the axes, across (100, 100), up (100, 100) and as points (10000, 2)."""
    across, up = np.meshgrid(np.linspace(*ax.get_xlim(), 100), np.linspace(*ax.get_ylim(), 100))
    return across, up, torch.from_numpy(np.column_stack([across.ravel(), up.ravel()]))


def _spread_labels(ax: Axes) -> None:
    """Move the curves' names on `ax` apart: up from the lowest, or down from the highest where most end high."""
    settle(ax)  # makes room for the names on the right
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
