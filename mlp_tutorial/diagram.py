"""Diagrams of networks: layers as columns of circles, weights as lines, values in the nodes.

Apart from `figures`, as it draws shapes where the others draw data.
"""

from collections.abc import Sequence
from itertools import pairwise, product

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle
from matplotlib.transforms import Bbox
from numpy.typing import ArrayLike

from mlp_tutorial import checks
from mlp_tutorial.style import BLUE, HEIGHT, VERMILION, WIDTH, axes, number_text, numbers, place

MAX_NODES = 6  # circles per layer
Node = tuple[float, float, int | None]  # x, y and index in the layer; the index None is the place of the three dots


def network(
    widths: Sequence[int],
    *,
    weights: Sequence[ArrayLike] | None = None,
    values: Sequence[ArrayLike] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a network's layers as columns of circles from left to right; return the axes.

    A layer of more than MAX_NODES nodes shows its first ones, three dots and its last.

    Args:
        widths: nodes per layer, input and output included.
        weights: (n_out, n_in) for each pair of layers, like nn.Linear.weight. Negative ones are dashed, larger ones
            thicker; a number that finds no free place on its line is left out.
        values: (n,) for each layer, written into its nodes.
        ax: to draw into.

    Raises:
        ValueError: fewer than two widths, or weights or values of other sizes.
    """
    widths = checks.layer_widths(widths)
    n_hidden = len(widths) - 2
    hidden = ["은닉층"] if n_hidden == 1 else [f"은닉층 {i + 1}" for i in range(n_hidden)]
    names = ["입력층", *hidden, "출력층"]
    weights = _fitting("weights", weights, [(n_out, n_in) for n_in, n_out in pairwise(widths)])
    values = _fitting("values", values, [(width,) for width in widths])
    ax = axes(ax)
    ax.set(xlim=(0, WIDTH), ylim=(0, HEIGHT), aspect="equal")
    ax.axis("off")
    ax.figure.draw_without_rendering()  # settles the scale that texts are fitted to
    layers = [_nodes(WIDTH * (i + 0.5) / len(widths), width) for i, width in enumerate(widths)]
    radius = 0.4 * min(0.7, HEIGHT * 0.66 / min(max(*widths), MAX_NODES + 1))
    for (sources, targets), matrix in zip(pairwise(layers), weights, strict=True):
        _edges(ax, sources, targets, matrix, radius)
    for nodes, row in zip(layers, values, strict=True):
        _circles(ax, nodes, row, radius)
    size = min(11, ax.bbox.width * 72 / ax.figure.dpi / len(widths) / 6.5)  # points; "노드 1,000개" is 6 ems wide
    for nodes, width, name in zip(layers, widths, names, strict=True):
        ax.text(nodes[0][0], HEIGHT * 0.97, name, ha="center", va="top", fontsize=size)
        ax.text(nodes[0][0], HEIGHT * 0.03, f"노드 {width:,}개", ha="center", va="bottom", fontsize=size)
    return ax


def _fitting(name: str, given: Sequence | None, shapes: list[tuple[int, ...]]) -> Sequence:
    """Return what is `given` for the layers, or as many None; raise ValueError unless it has these shapes."""
    found = shapes if given is None else [numbers(part).shape for part in given]
    if found != shapes:
        raise ValueError(
            f"{name}의 모양은 widths에 맞는 {shapes}여야 합니다 (받은 모양: {found}). 입력층부터 차례로 세어 보십시오."
        )
    return [None] * len(shapes) if given is None else given


def _nodes(x: float, width: int) -> list[Node]:
    """Return the nodes that a layer of `width` nodes at `x` shows, from the top."""
    indices = range(width) if width <= MAX_NODES else [*range(MAX_NODES - 1), None, width - 1]
    pitch = HEIGHT * 0.66 / len(indices)
    return [(x, HEIGHT / 2 + pitch * ((len(indices) - 1) / 2 - i), index) for i, index in enumerate(indices)]


def _edges(ax: Axes, sources: list[Node], targets: list[Node], matrix: ArrayLike | None, radius: float) -> None:
    """Draw a line for each pair of nodes of two layers, and the weights (n_out, n_in) as its look and number."""
    matrix = None if matrix is None else numbers(matrix)
    largest = 1 if matrix is None else np.abs(matrix).max() or 1
    run = targets[0][0] - sources[0][0]  # the same for all
    shares = [(radius + (run - 2 * radius) * share) / run for share in (0.3, 0.4, 0.5, 0.6, 0.7, 0.2, 0.8)]
    taken: list[Bbox] = []
    for (x, y, source), (x_end, y_end, target) in product(sources, targets):
        if source is None or target is None:
            continue
        if matrix is None:
            ax.plot([x, x_end], [y, y_end], color="#BBBBBB", linestyle="-", linewidth=0.7, zorder=1)
            continue
        weight = matrix[target, source]
        color, linestyle = (VERMILION, "--") if weight < 0 else (BLUE, "-")
        width = 0.6 + 2 * abs(weight) / largest  # points
        ax.plot([x, x_end], [y, y_end], color=color, linestyle=linestyle, linewidth=width, zorder=1)
        text = ax.text(x, y, number_text(weight), ha="center", va="center", fontsize=9, color=color, zorder=4)
        text.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1.5})
        if not place(text, ((x + run * share, y + (y_end - y) * share) for share in shares), taken):
            text.remove()


def _circles(ax: Axes, nodes: list[Node], row: ArrayLike | None, radius: float) -> None:
    """Draw a layer's circles, the numbers `row` (n,) in them, and the dots."""
    texts = ["" if index is None or row is None else number_text(numbers(row)[index]) for _, _, index in nodes]
    inside = 2 * radius / WIDTH * ax.bbox.width * 72 / ax.figure.dpi  # points
    size = min(10, 0.85 * inside / (0.56 * max([1, *map(len, texts)])))
    for (x, y, index), text in zip(nodes, texts, strict=True):
        if index is None:
            ax.scatter([x] * 3, y + np.array([-0.07, 0, 0.07]), s=5, color="black", zorder=2)
            continue
        ax.add_patch(Circle((x, y), radius, facecolor="white", edgecolor="black", linewidth=1.2, zorder=2))
        ax.text(x, y, text, ha="center", va="center", fontsize=size, zorder=5)
