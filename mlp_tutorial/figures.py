"""Network diagrams, curves, decision regions and points, in one style and one Korean font.

Drawing functions only draw: they take an optional `ax`, make a figure where there is none, and return the axes.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise, product

import matplotlib.pyplot as plt
import notojp_matplotlib  # noqa: F401  its import tells matplotlib where the font is
import numpy as np
import torch
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.patches import Circle
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox
from numpy.typing import ArrayLike
from torch import nn

from mlp_tutorial import checks
from mlp_tutorial.training import History, predict

BLUE, VERMILION, GREY = "#0072B2", "#D55E00", "#767676"
COLORS = [BLUE, VERMILION, "#009E73", "#000000", "#CC79A7", "#E69F00", "#56B4E9"]  # Okabe and Ito (2008)
LINES = ["-", "--", "-.", ":", (0, (7, 2)), (0, (4, 1, 1, 1, 1, 1)), (0, (1, 3))]  # tell curves apart in grey print
REGIONS = ["#E6F0F8", "#F3C9A2"]  # classes 0 and 1; different greys when printed
WIDTH, HEIGHT = 6.4, 3.6  # inches; also the data units of a network diagram
STYLE = {
    "font.family": "Noto Sans CJK JP",  # has one weight, so nothing is bold
    "font.size": 11,
    "axes.titlesize": 11,
    "axes.titleweight": "normal",
    "axes.labelweight": "normal",
    "figure.titleweight": "normal",
    "axes.prop_cycle": cycler(color=COLORS) + cycler(linestyle=LINES),
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
END_LABEL = "end label"  # gid of the texts that name a curve at its end


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


def network(
    widths: Sequence[int],
    *,
    weights: Sequence[ArrayLike] | None = None,
    values: Sequence[ArrayLike] | None = None,
    max_nodes: int = 6,
    names: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a network's layers as columns of circles from left to right; return the axes.

    Args:
        widths: nodes per layer, input and output included.
        weights: (n_out, n_in) for each pair of layers, like nn.Linear.weight. Negative ones are dashed, larger ones
            thicker; a number that finds no free place on its line is left out.
        values: (n,) for each layer, written into its nodes.
        max_nodes: circles per layer; a larger layer shows its first nodes, three dots and its last node.
        names: of the layers; 입력층, 은닉층 (numbered where there are several) and 출력층 by default.
        ax: to draw into.

    Raises:
        ValueError: widths, weights, values or names of sizes that don't fit together.
    """
    widths = [checks.whole_number(f"widths[{i}]", width) for i, width in enumerate(widths)]
    n_hidden, max_nodes = len(widths) - 2, checks.whole_number("max_nodes", max_nodes, least=2)
    hidden = ["은닉층"] if n_hidden == 1 else [f"은닉층 {i + 1}" for i in range(n_hidden)]
    names = ["입력층", *hidden, "출력층"] if names is None else names
    if n_hidden < 0 or len(names) != len(widths):
        raise ValueError(
            f"widths는 둘 이상, names는 widths만큼 있어야 합니다 (받은 값: widths {widths}, names {names}). "
            "예를 들어 widths=(2, 3, 1)이면 이름도 셋을 적으십시오."
        )
    weights = _fitting("weights", weights, [(n_out, n_in) for n_in, n_out in pairwise(widths)])
    values = _fitting("values", values, [(width,) for width in widths])
    ax = _axes(ax)
    ax.set(xlim=(0, WIDTH), ylim=(0, HEIGHT), aspect="equal")
    ax.axis("off")
    ax.figure.draw_without_rendering()  # settles the scale that texts are fitted to
    layers = [_nodes(WIDTH * (i + 0.5) / len(widths), width, max_nodes) for i, width in enumerate(widths)]
    radius = 0.4 * min(0.7, HEIGHT * 0.66 / min(max(*widths), max_nodes + 1))
    for (sources, targets), matrix in zip(pairwise(layers), weights, strict=True):
        _edges(ax, sources, targets, matrix, radius)
    for nodes, row in zip(layers, values, strict=True):
        _circles(ax, nodes, row, radius)
    size = min(11, ax.bbox.width * 72 / ax.figure.dpi / len(widths) / 6.5)  # points; "노드 1,000개" is 6 ems wide
    for nodes, width, name in zip(layers, widths, names, strict=True):
        ax.text(nodes[0][0], HEIGHT * 0.97, name, ha="center", va="top", fontsize=size)
        ax.text(nodes[0][0], HEIGHT * 0.03, f"노드 {width:,}개", ha="center", va="bottom", fontsize=size)
    return ax


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

    Without x it counts from 1. The scales are matplotlib's, for example "log".
    """
    ax = _axes(ax)
    ax.set(xlabel=xlabel, ylabel=ylabel, xscale=xscale, yscale=yscale)
    for label, given in series.items():
        x, y = map(_numbers, given) if isinstance(given, tuple) and np.ndim(given[0]) else (None, _numbers(given))
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
    losses = _numbers(getattr(history, "losses", history))
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
    x, y = _numbers(x), _numbers(y).ravel()
    if x.shape != (len(y), 2) or not len(y) or not np.isin(y, [0, 1]).all():
        raise ValueError(
            f"x의 모양은 (N, 2), y는 N개의 0과 1이어야 합니다 (받은 값: x {x.shape}, y {y.shape}, "
            f"클래스 {np.unique(y)[:5].tolist()}). x.shape와 y.unique()를 출력해 보십시오."
        )
    ax = _axes(ax)
    for name, marker, color in ((0, "o", BLUE), (1, "^", VERMILION)):
        place = x[y == name].T
        ax.scatter(*place, s=30, c=color, marker=marker, edgecolors="white", linewidths=0.5, label=f"클래스 {name}")
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
    across, up = np.meshgrid(np.linspace(*ax.get_xlim(), 150), np.linspace(*ax.get_ylim(), 150))
    plane = torch.from_numpy(np.column_stack([across.ravel(), up.ravel()]))  # (22500, 2)
    outputs = _numbers(
        predict(model, plane.to(next(model.parameters(), torch.empty(0))))
    )  # the model's dtype and device
    score = outputs[:, 1] - outputs[:, 0] if outputs.shape[1] == 2 else outputs[:, 0] - boundary
    score = score.clip(-1e6, 1e6).reshape(across.shape)  # (150, 150)
    ax.contourf(across, up, score, levels=[-1e7, 0, 1e7], colors=REGIONS, zorder=0)
    if score.min() < 0 < score.max():
        ax.contour(across, up, score, levels=[0], colors="black", linewidths=1.5, zorder=0.5)
    return ax


def _axes(ax: Axes | None) -> Axes:
    """Return `ax`, or the axes of a new figure."""
    return plt.subplots()[1] if ax is None else ax


def _numbers(values: ArrayLike) -> np.ndarray:
    """Return a tensor or a sequence as float64 of the same shape."""
    return np.asarray(values.detach().cpu() if isinstance(values, torch.Tensor) else values, dtype=float)


def _text(value: float) -> str:
    """Return a number with up to two decimals, or one digit where it is small, and a real minus sign."""
    short = f"{value:.1g}" if 0 < abs(value) < 0.01 else f"{round(value, 2) + 0:g}"
    return short.replace("-", "−")


def _place(text: Text, positions: Iterable[tuple[float, float]], taken: list[Bbox]) -> bool:
    """Move `text` to the first position where it hides no box in `taken`, and add its own; tell if there was one."""
    for position in positions:
        text.set_position(position)
        box = text.get_window_extent().padded(2.5)
        if not any(box.overlaps(other) for other in taken):
            taken.append(box)
            return True
    return False


def _spread_labels(ax: Axes) -> None:
    """Move the curves' names on `ax` apart: up from the lowest, or down from the highest where most end high."""
    ax.figure.draw_without_rendering()  # settles the layout, which makes room for the names on the right
    labels = [text for text in ax.texts if text.get_gid() == END_LABEL]
    height = {label: ax.transAxes.inverted().transform(ax.transData.transform(label.xy))[1] for label in labels}
    direction = -1 if labels and np.mean(list(height.values())) > 0.5 else 1
    taken: list[Bbox] = []
    for label in sorted(labels, key=lambda label: direction * height[label]):
        _place(label, ((6, direction * shift) for shift in range(0, 720, 2)), taken)


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
        f"기준선 {_text(baseline)}", (0, baseline), (0, 0), color=GREY, xycoords=ax.get_yaxis_transform(), **OFFSET
    )
    paths = [curve.get_transform().transform_path(curve.get_path()) for curve in curves]
    for (x, ha), (y, va) in product(((0.99, "right"), (0.01, "left")), ((-3, "top"), (3, "bottom"))):
        name.set(ha=ha, va=va, position=(0, y))
        name.xy = (x, baseline)
        box = name.get_window_extent()
        if not box.count_overlaps(others) and not any(path.intersects_bbox(box, filled=False) for path in paths):
            return


def _fitting(name: str, given: Sequence | None, shapes: list[tuple[int, ...]]) -> Sequence:
    """Return what is `given` for the layers, or as many None; raise ValueError unless it has these shapes."""
    found = shapes if given is None else [_numbers(part).shape for part in given]
    if found != shapes:
        raise ValueError(
            f"{name}의 모양은 widths에 맞는 {shapes}여야 합니다 (받은 모양: {found}). 입력층부터 차례로 세어 보십시오."
        )
    return [None] * len(shapes) if given is None else given


def _nodes(x: float, width: int, max_nodes: int) -> list[tuple[float, float, int | None]]:
    """Return x, y and index of each node that a layer shows, from the top; an index None is the place of the dots."""
    indices = range(width) if width <= max_nodes else [*range(max_nodes - 1), None, width - 1]
    pitch = HEIGHT * 0.66 / len(indices)
    return [(x, HEIGHT / 2 + pitch * ((len(indices) - 1) / 2 - i), index) for i, index in enumerate(indices)]


def _edges(ax: Axes, sources: list, targets: list, matrix: ArrayLike | None, radius: float) -> None:
    """Draw a line for each pair of nodes of two layers, and the weights (n_out, n_in) as its look and number."""
    matrix = None if matrix is None else _numbers(matrix)
    taken: list[Bbox] = []
    for (x, y, source), (x_end, y_end, target) in product(sources, targets):
        if source is None or target is None:
            continue
        if matrix is None:
            ax.plot([x, x_end], [y, y_end], color="#BBBBBB", linestyle="-", linewidth=0.7, zorder=1)
            continue
        weight, largest = matrix[target, source], np.abs(matrix).max() or 1
        color, linestyle = (VERMILION, "--") if weight < 0 else (BLUE, "-")
        width = 0.6 + 2 * abs(weight) / largest  # points
        ax.plot([x, x_end], [y, y_end], color=color, linestyle=linestyle, linewidth=width, zorder=1)
        text = ax.text(x, y, _text(weight), ha="center", va="center", fontsize=9, color=color, zorder=4)
        text.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1.5})
        gap = x_end - x - 2 * radius
        places = ((radius + gap * share) / (x_end - x) for share in (0.3, 0.4, 0.5, 0.6, 0.7, 0.2, 0.8))
        if not _place(text, ((x + (x_end - x) * t, y + (y_end - y) * t) for t in places), taken):
            text.remove()


def _circles(ax: Axes, nodes: list, row: ArrayLike | None, radius: float) -> None:
    """Draw a layer's circles, the numbers `row` (n,) in them, and the dots."""
    texts = ["" if index is None or row is None else _text(_numbers(row)[index]) for _, _, index in nodes]
    inside = 2 * radius / WIDTH * ax.bbox.width * 72 / ax.figure.dpi  # points
    size = min(10, 0.85 * inside / (0.56 * max([1, *map(len, texts)])))
    for (x, y, index), text in zip(nodes, texts, strict=True):
        if index is None:
            ax.scatter([x] * 3, y + np.array([-0.07, 0, 0.07]), s=5, color="black", zorder=2)
            continue
        ax.add_patch(Circle((x, y), radius, facecolor="white", edgecolor="black", linewidth=1.2, zorder=2))
        ax.text(x, y, text, ha="center", va="center", fontsize=size, zorder=5)


use_style()  # once at import, so that a notebook's first figure has the font; the inline backend resets nothing
