"""Points of two classes in the plane, and what a network or a node makes of the plane around them.

The three draw the same points, so that what is coloured behind them can be compared.
"""

from collections.abc import Callable

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike
from torch import nn

from mlp_tutorial import checks
from mlp_tutorial.figures.style import (
    BLUE,
    GREYS,
    INK,
    PAPER,
    REGIONS,
    SMALL,
    VERMILION,
    axes,
    in_style,
    numbers,
    size_in_points,
)
from mlp_tutorial.terminal import remedies
from mlp_tutorial.training import predict

EDGE = {"colors": INK, "linewidths": 1.5, "zorder": 0.5}  # between regions, below the points


@in_style()
@checks.called_as("figures.points(x, labels)")
def points(x: ArrayLike, y: ArrayLike, *, within: ArrayLike | None = None, ax: Axes | None = None) -> Axes:
    """Draw the points x (N, 2) with a marker for each class in y, 0 or 1, (N,) or (N, 1); return the axes.

    Args:
        x: (N, 2).
        y: 0 or 1, (N,) or (N, 1).
        within: other points (M, 2) that the axes have room for, too, so that two pictures show the same plane.
        ax: to draw into.

    Raises:
        ValueError: other shapes or classes, or NaN or infinity in x.

    First used in 01_structure.
    """
    x, y = numbers(x, "x", finite=True), numbers(y, "y").ravel()
    if x.shape != (len(y), 2) or not len(y) or not np.isin(y, [0, 1]).all():
        found, how = np.unique(y), "np.shape(x)와 np.unique(y)를 출력해 보십시오."
        if x.ndim == 2 and x.shape[1] > 2:
            how = "평면에는 두 열만 그립니다. x[:, :2]처럼 두 열을 고르고, 신경망도 그 둘로 학습하십시오."
        elif len(y) == 2 * len(x):
            how = "원-핫이라면 y.argmax(axis=1)로 바꾸십시오."
        elif x.shape == (len(y), 2) and len(found) > 1 and all(map(float.is_integer, found.tolist())):
            how = f"한 클래스만 1이 되게 y == {found[-1]:.0f}처럼 바꾸십시오."
        raise ValueError(
            f"x의 모양은 (N, 2), y는 N개의 0과 1이어야 합니다 (받은 값: x {x.shape}, y {y.shape}, "
            f"클래스 {found[:5].tolist()}). {how}"
        )
    others = x[:0] if within is None else numbers(within, "within", finite=True)
    if others.ndim != 2 or others.shape[1] != 2:
        told = f"within의 모양은 (M, 2)여야 합니다 (받은 모양: {others.shape})."
        raise ValueError(f"{told} x처럼 열이 둘인 점들을 넣으십시오.")
    ax = axes(ax)
    for name, marker, color in ((0, "o", BLUE), (1, "^", VERMILION)):
        ax.scatter(
            *x[y == name].T, s=30, c=color, marker=marker, edgecolors=PAPER, linewidths=0.5, label=f"클래스 {name}"
        )
    shown = np.vstack([x, others])
    low, extent = shown.min(axis=0), np.where(np.ptp(shown, axis=0) > 0, np.ptp(shown, axis=0), 1)
    room = 0.1 + 26 / size_in_points(ax)[1]  # on top, for the legend's 26 points
    ax.set(xlabel="$x_1$", ylabel="$x_2$", xlim=low[0] + extent[0] * np.array([-0.08, 1.08]))
    ax.set_ylim(low[1] + extent[1] * np.array([-0.08, 1 + room]))
    ax.legend(loc="upper center", ncols=2, fontsize=SMALL, handletextpad=0.1, columnspacing=1, borderaxespad=0.2)
    return ax


@in_style()
@checks.called_as("figures.decision_regions(model, x, labels)")
def decision_regions(
    model: nn.Module,
    x: ArrayLike,
    y: ArrayLike,
    *,
    boundary: float | None = None,
    within: ArrayLike | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Colour the plane by the class that `model` gives, with the line between and the points on it; return the axes.

    Args:
        model: maps (N, 2) to (N, 2), where the larger output wins, or to (N, 1), where class 1 is above `boundary`.
        x: (N, 2).
        y: 0 or 1, (N,) or (N, 1).
        boundary: for a single output; 0 unless given, and to be given where the outputs may be probabilities.
        within: as for `points`.
        ax: to draw into.

    Raises:
        ValueError: other shapes or classes of x and y, or a model of other numbers of inputs or outputs, or whose
            outputs are NaN; a single output from 0 to 1 without a boundary.
        TypeError: no network, or one that gives no tensor.

    First used in 02_hidden_layers.
    """
    boundary = None if boundary is None else checks.real_number("boundary", boundary)
    ax = points(x, y, within=within, ax=ax)
    across, up, plane = _plane(ax)
    score = _score(model, plane, boundary).clip(-1e6, 1e6).reshape(across.shape)  # (100, 100)
    ax.contourf(across, up, score, levels=[-1e7, 0, 1e7], colors=REGIONS, zorder=0)
    if score.min() < 0 < score.max():
        ax.contour(across, up, score, levels=[0], **EDGE)
    return ax


@in_style()
@checks.called_as("figures.response(node, x, labels)")
def response(
    node: Callable[[torch.Tensor], torch.Tensor],
    x: ArrayLike,
    y: ArrayLike,
    *,
    column: int | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw what a node gives out over the plane, the larger the darker, with the points on it; return the axes.

    A line shows where the output leaves its smallest value, as ReLU's leaves 0.

    Args:
        node: maps (n, 2) to (n,), of x's dtype and on its device where it has them, else of the default dtype; or to
            (n, H), a whole layer, where `column` picks the node.
        x: (N, 2).
        y: 0 or 1, (N,) or (N, 1).
        column: of the layer's output, from 0.
        ax: to draw into.

    Raises:
        TypeError: a node that can't be called, or a class.
        ValueError: other shapes or classes of x and y, or a node that gives another shape, or NaN or infinity.
        RuntimeError: a node that can't take the points, with PyTorch's reason.

    First used in 02_hidden_layers.
    """
    checks.function(
        "node", node, "model.layer_01처럼 만들어 둔 층이나 lambda z: F.relu(model.layer_01(z))로 적으십시오."
    )
    ax = points(x, y, ax=ax)
    across, up, plane = _plane(ax)
    like = x if isinstance(x, torch.Tensor) else torch.empty(0, device="cpu")
    dtype = like.dtype if like.is_floating_point() else torch.get_default_dtype()
    try:
        with torch.no_grad():
            given = node(plane.to(like.device, dtype))
    except RuntimeError as error:
        if isinstance(error, NotImplementedError | RecursionError):
            raise
        remedy = f"신경망이 입력을 둘 받는지, 그 자료형이 {dtype}인지 보십시오."
        got = f"받은 값: 모양 {tuple(plane.shape)}의 점, 까닭: {' '.join(str(error).split())}"
        raise RuntimeError(f"node는 점마다 값을 내야 합니다 ({got}). {remedies.advice(error, remedy)}") from error
    values = numbers(given, "node(x)", finite=True)
    if column is not None and values.ndim == 2 and column in range(values.shape[1]):
        values = values[:, column]
    if values.shape != (len(plane),):
        raise ValueError(
            f"node가 돌려주는 값의 모양은 한 점에 수 하나, ({len(plane)},)이어야 합니다 (받은 모양: {values.shape}). "
            "층의 출력이라면 column=0처럼 노드 하나를 고르십시오."
        )
    values = values.reshape(across.shape)  # (100, 100)
    steps = MaxNLocator(5).tick_values(values.min(), values.max())
    ax.contourf(across, up, values, levels=steps, cmap=GREYS, vmin=steps[0], vmax=2 * steps[-1] - steps[0], zorder=0)
    edge = values.min() + 0.02 * np.ptp(values)  # about where a ReLU node leaves its 0
    if edge > values.min():
        ax.contour(across, up, values, levels=[edge], **EDGE)
    return ax


def _score(model: nn.Module, plane: torch.Tensor, boundary: float | None) -> np.ndarray:
    """Return by how much class 1 leads at each point of `plane` (n, 2), as (n,); raise as the public one."""
    checks.sized(model)
    with checks.layer_inputs(model):
        like = next(model.parameters(), torch.empty(0, device="cpu"))  # which may have another dtype and device
        outputs = predict(model, plane.to(like))
    if outputs.shape not in ((len(plane), 1), (len(plane), 2)):
        raise ValueError(
            f"model의 출력은 한 점에 하나나 둘, 모양으로는 (N, 1)이나 (N, 2)여야 합니다 "
            f"(받은 모양: {tuple(outputs.shape)}, N은 {len(plane)}). 출력 노드 수 D_out을 1이나 2로 두십시오."
        )
    low, high = outputs.aminmax()
    if boundary is None and outputs.shape[1] == 1 and 0 <= low < high <= 1:
        raise ValueError(
            f"boundary는 출력 하나가 0과 1 사이일 때 적어야 합니다 (받은 값: 출력 {low:.2f}부터 {high:.2f}까지). "
            "끝에 시그모이드가 있거나 MSE로 학습했으면 boundary=0.5를, 로짓이면 boundary=0을 주십시오."
        )
    score = outputs[:, 1] - outputs[:, 0] if outputs.shape[1] == 2 else outputs[:, 0] - (boundary or 0)
    if score.isnan().any():  # not where it is infinite, which has a side
        checks.answered(outputs)
    return numbers(score)


def _plane(ax: Axes) -> tuple[np.ndarray, np.ndarray, torch.Tensor]:
    """Return the grid that covers the axes, across (100, 100), up (100, 100) and as points (10000, 2)."""
    across, up = np.meshgrid(np.linspace(*ax.get_xlim(), 100), np.linspace(*ax.get_ylim(), 100))
    return across, up, torch.from_numpy(np.column_stack([across.ravel(), up.ravel()]))
