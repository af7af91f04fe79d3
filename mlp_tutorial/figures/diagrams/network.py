"""Diagrams of networks: layers as columns of nodes, weights as lines, gradients as arrows back to the input.

What is written is fitted to the room there is, so that any network can be drawn, alone or beside another.
"""

from collections.abc import Sequence
from itertools import pairwise, product

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Ellipse
from matplotlib.transforms import Bbox
from numpy.typing import ArrayLike

from mlp_tutorial import checks
from mlp_tutorial.figures.diagrams.canvas import arrow, canvas, scale
from mlp_tutorial.figures.style import (
    BACKGROUND,
    BLUE,
    DIGIT,
    GREY,
    HEIGHT,
    INK,
    LIGHT_GREY,
    PAPER,
    VERMILION,
    WIDTH,
    in_style,
    number_text,
    numbers,
    place,
    readable,
)

MAX_NODES = 6  # drawn per layer
CAPTION, BRACKET, BELOW = 0.34, 0.32, 0.14  # data units: heights of the caption, of each line above, of a bias
NAME, INDEX, EQUALS = 0.65, 0.48, 1.1  # ems: the widths of a node's letter, of a digit of its index, and of " = "
SHARES = np.array([0.3, 0.4, 0.5, 0.6, 0.7, 0.2, 0.8, 0.35, 0.45, 0.55, 0.65, 0.25, 0.75])  # a weight's places, 0 … 1
Said = tuple[str, str, np.ndarray | None]  # in a layer's nodes: a letter, what follows it, the numbers (n,)
Nodes = dict[int, Ellipse]  # index in the layer → what is drawn
Pair = tuple[tuple[int, Ellipse], tuple[int, Ellipse]]  # the same for a node and one of the next layer


@in_style()
@checks.called_as("figures.network((2, 3, 1))")
def network(
    widths: Sequence[int],
    *,
    weights: Sequence[ArrayLike] | None = None,
    biases: Sequence[ArrayLike] | None = None,
    values: Sequence[ArrayLike] | None = None,
    names: Sequence[str] | None = None,
    counted: bool = False,
    backward: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Draw a network's layers as columns of nodes from left to right; return the axes.

    A layer of more than MAX_NODES nodes shows its first ones, three dots and its last. A node is a circle, or as wide
    as its number needs. A line of text tells what the numbers are.

    Args:
        widths: nodes per layer, input and output included.
        weights: (n_out, n_in) for each pair of layers, like nn.Linear.weight. Negative ones are dashed, zeros grey,
            larger ones thicker; a number that finds no free place on its line is left out.
        biases: (n_out,) for each layer but the first, written below its nodes with their signs.
        values: (n,) for each layer, written into its nodes.
        names: a letter for each layer, such as "x", "h" and "ŷ", written into its nodes with their numbers from 1, or
            alone where there is one node; before its value where there are values.
        counted: draw above the layers how many they are, with the input layer and without.
        backward: draw arrows from output to input; `weights` are then ∂L/∂W, `biases` ∂L/∂b and `values`
            ∂L/∂(value of the node).
        ax: to draw into.

    Raises:
        ValueError: fewer than two widths, or weights, biases, values or names of other sizes.

    First used in 01_structure.
    """
    widths = checks.layer_widths(widths)
    caption = _caption(values is not None, weights is not None, biases is not None, backward)
    weights = _fitting("weights", weights, [(n_out, n_in) for n_in, n_out in pairwise(widths)])
    biases = [None, *_fitting("biases", biases, [(width,) for width in widths[1:]])]
    values = _fitting("values", values, [(width,) for width in widths])
    letters = _letters(names, len(widths))
    ax = canvas(ax, WIDTH, HEIGHT, below=CAPTION if caption else 0, above=2 * BRACKET * counted)
    taken = _titles(ax, widths, caption)
    biased = biases[-1] is not None
    between = ": " if backward else " = "  # a node's name is not that of its gradient
    parts = enumerate(zip(letters, values, strict=True))
    layers = [_layer(ax, i, widths, (letter, between, row), biased, taken) for i, (letter, row) in parts]
    for nodes, row in zip(layers, biases, strict=True):
        if row is not None:
            _biases(ax, nodes, row, taken)
    for (sources, targets), matrix in zip(pairwise(layers), weights, strict=True):
        pairs = list(product(sources.items(), targets.items()))
        _edges(ax, pairs, matrix, backward)
        if matrix is not None:
            _weights(ax, pairs, matrix, taken)
    if counted:
        _brackets(ax, len(widths))
    return ax


def _fitting(name: str, given: Sequence | None, shapes: list[tuple[int, ...]]) -> Sequence[np.ndarray | None]:
    """Return what is `given` for the layers, or as many None; raise ValueError unless it has these shapes."""
    if given is None:
        return [None] * len(shapes)
    found = [numbers(part, f"{name}[{i}]") for i, part in enumerate(given)] if np.iterable(given) else []
    if (got := [part.shape for part in found]) != shapes:
        got = f"모양: {got}" if np.iterable(given) else f"값: {given!r}"
        raise ValueError(
            f"{name}의 모양은 widths에 맞는 {shapes}여야 합니다 (받은 {got}). 입력층부터 차례로 세어 보십시오."
        )
    return found


def _letters(names: Sequence[str] | None, n_layers: int) -> Sequence[str]:
    """Return a letter for each layer, all empty without `names`; raise ValueError unless there are as many."""
    if names is None:
        return [""] * n_layers
    if isinstance(names, str) or not np.iterable(names) or [type(name) for name in names] != [str] * n_layers:
        raise ValueError(f"names는 층마다 글자 하나씩 {n_layers}개여야 합니다 (받은 값: {names!r}).")
    try:
        readable(*(f"${name}_1$" for name in names))
    except ValueError:
        how = "'x', 'h', r'\\hat{y}'처럼 번호가 없는 기호를 적으십시오."
        raise ValueError(f"names는 수식에 쓰는 기호여야 합니다 (받은 값: {names!r}). {how}") from None
    return names


def _caption(valued: bool, weighted: bool, biased: bool, backward: bool) -> str:
    """Return the line that tells the direction and what the numbers are; none for a forward diagram without any."""
    value, weight, bias = [rf"$\partial L/\partial$({name})" if backward else name for name in ("값", "가중치", "편향")]
    said = [f"노드 안은 {value}"] * valued + [f"선 위는 {weight}"] * weighted + [f"노드 아래는 {bias}"] * biased
    said = ", ".join(said)
    if not said:
        return "← 역전파" * backward
    return f"← 역전파의 기울기:  {said}" if backward else f"순전파 →  {said}"


def _titles(ax: Axes, widths: Sequence[int], caption: str) -> list[Bbox]:
    """Write each layer's name above it, its number of nodes below, and the caption; return their boxes in pixels."""
    n_hidden, unit = len(widths) - 2, scale(ax)
    hidden = ["은닉층"] if n_hidden == 1 else [f"은닉층 {i + 1}" for i in range(n_hidden)]
    ems = max(6.5, 4 + DIGIT * len(f"{max(widths):,}"))  # "노드 1,000개" is 6 wide
    size = min(11, 0.22 * unit, WIDTH / len(widths) * unit / ems)
    below = ax.text(WIDTH / 2, -CAPTION, caption, ha="center", va="bottom", fontsize=min(10, 0.2 * unit))
    below.set_fontsize(below.get_fontsize() * min(1, ax.bbox.width / max(1, below.get_window_extent().width)))
    texts = [below]
    for i, (name, width) in enumerate(zip(["입력층", *hidden, "출력층"], widths, strict=True)):
        x = WIDTH * (i + 0.5) / len(widths)
        texts.append(ax.text(x, HEIGHT * 0.97, name, ha="center", va="top", fontsize=size))
        texts.append(ax.text(x, HEIGHT * 0.03, f"노드 {width:,}개", ha="center", va="bottom", fontsize=size))
    return [text.get_window_extent() for text in texts]


def _text(said: Said, index: int, n: int) -> tuple[str, float]:
    """Return what stands in node `index` of a layer of `n` nodes, its name and its number, and its width in ems."""
    letter, between, row = said
    number = "" if row is None else number_text(row[index])
    if not letter:
        return number, DIGIT * max(1, len(number))
    name, ems = (f"${letter}_{{{index + 1}}}$", NAME + INDEX * len(str(index + 1))) if n > 1 else (f"${letter}$", NAME)
    return (name + between + number, ems + EQUALS + DIGIT * len(number)) if number else (name, ems)


def _layer(ax: Axes, i: int, widths: Sequence[int], said: Said, biased: bool, taken: list[Bbox]) -> Nodes:
    """Draw layer `i`'s nodes from the top, what is `said` in them and the dots; add their boxes to `taken`.

    Where the layers are `biased`, there is room below the nodes.
    """
    x, unit, n = WIDTH * (i + 0.5) / len(widths), scale(ax), widths[i]
    indices = [*range(n)] if n <= MAX_NODES else [*range(MAX_NODES - 1), None, n - 1]  # None: the place of the dots
    texts, sizes = zip(*[("", 0) if index is None else _text(said, index, n) for index in indices], strict=True)
    ems = max(sizes) / 0.82  # of the widest text and the room around it
    apart = HEIGHT * 0.66 / min(max(widths), MAX_NODES + 1)
    height = min(0.8 * min(0.7, apart), apart - BELOW * biased)
    width = max(height, min(8 * ems / unit, 0.6 * WIDTH / len(widths)))  # 8 points can be read
    nodes: Nodes = {}
    for k, (index, text) in enumerate(zip(indices, texts, strict=True)):
        y = HEIGHT * (0.5 + 0.66 * ((len(indices) - 1) / 2 - k) / len(indices))
        node = Ellipse((x, y), width, height, facecolor=PAPER, edgecolor=INK, linewidth=1.2, zorder=2)
        if index is None:
            ax.scatter([x] * 3, y + np.array([-0.07, 0, 0.07]), s=5, color=INK, zorder=2)
        else:
            nodes[index] = ax.add_patch(node)
            ax.text(x, y, text, ha="center", va="center", fontsize=min(10, width * unit / ems), zorder=5)
        taken.append(ax.transData.transform_bbox(Bbox.from_bounds(x - width / 2, y - height / 2, width, height)))
    return nodes


def _biases(ax: Axes, nodes: Nodes, row: np.ndarray, taken: list[Bbox]) -> None:
    """Write the biases `row` (n,) of a layer with their signs below its nodes; add their boxes to `taken`."""
    first, *others = nodes.values()
    room = min([first.center[1] - node.center[1] for node in others[:1]], default=HEIGHT) - first.height
    size = min(9, 0.15 * scale(ax), 0.72 * room * scale(ax))
    for index, node in nodes.items():
        (x, y), bias = node.center, number_text(row[index])
        y -= node.height / 2 + min(0.04, room / 8)
        text = ax.text(x, y, bias if bias[0] == "−" else f"+{bias}", ha="center", va="top", fontsize=size)
        text.set(color=_sign(row[index])[0], zorder=4)
        taken.append(text.get_window_extent())


def _edges(ax: Axes, pairs: list[Pair], matrix: np.ndarray | None, backward: bool) -> None:
    """Draw a line, or an arrow back, for each pair of nodes of two layers; the weights (n_out, n_in) give its look."""
    thin = min(1, 12 / len(pairs))  # where lines are many
    if matrix is not None:
        largest = np.abs(matrix[np.isfinite(matrix)]).max(initial=0) or 1
        shares = np.nan_to_num(np.abs(matrix) / largest, nan=0, posinf=1)
    for (i, source), (j, target) in pairs:
        look = {"color": GREY if backward else LIGHT_GREY, "linestyle": "-", "linewidth": 0.7, "zorder": 1}
        if matrix is not None:
            look["color"], look["linestyle"] = _sign(matrix[j, i])
            look["linewidth"] = thin * (0.6 + 2 * shares[j, i])  # points
        tip, end = np.array([source.center, target.center])
        if backward:
            tip += (end - tip) / np.linalg.norm(2 * (end - tip) / (source.width, source.height))  # onto the ellipse
            arrow(ax, tip, end, arrowstyle="<|-", mutation_scale=6 + 4 * thin, **look)
        else:
            ax.plot(*zip(tip, end, strict=True), **look)


def _weights(ax: Axes, pairs: list[Pair], matrix: np.ndarray, taken: list[Bbox]) -> None:
    """Write the weights (n_out, n_in) of two layers on their lines, each at the first of SHARES that is free."""
    (_, first), (_, last) = pairs[0]
    start, room = first.center[0] + first.width / 2, last.center[0] - first.center[0] - (first.width + last.width) / 2
    texts = {(i, j): number_text(matrix[j, i]) for (i, _), (j, _) in pairs}
    size = scale(ax) * min(0.15, 0.9 * room / (DIGIT * max(map(len, texts.values()))))
    size, x = np.clip(size, 6, 9), start + room * SHARES
    ends = [zip(source.center, target.center, strict=True) for (_, source), (_, target) in pairs]
    heights = np.array([np.interp(x, *end) for end in ends])  # (lines, places)
    for ((i, _), (j, _)), y in zip(pairs, heights, strict=True):
        label = ax.text(0, 0, texts[i, j], ha="center", va="center", fontsize=size)
        label.set(color=_sign(matrix[j, i])[0], zorder=4, bbox={**BACKGROUND, "pad": 1.5})
        hidden = (np.abs(heights - y) < size / scale(ax)).sum(axis=0)  # (places,): lines that the label would cut
        order = np.argsort(hidden, kind="stable")
        if not place(label, zip(x[order], y[order], strict=True), taken):
            label.remove()


def _sign(weight: float) -> tuple[str, str]:
    """Return the colour and the line style that tell negative weights, zeros and the others apart."""
    return (VERMILION, "--") if weight < 0 else (GREY if weight == 0 else BLUE, "-")


def _brackets(ax: Axes, n_layers: int) -> None:
    """Count the layers above their names: those with weights, and above these all."""
    column = WIDTH / n_layers
    for i, text in enumerate((f"입력층을 빼면 {n_layers - 1}층", f"모두 세면 {n_layers}층")):
        start, end, y = (1.1 - i) * column, WIDTH - 0.1 * column, HEIGHT + BRACKET * (i + 0.45)
        ax.plot([start, end], [y, y], color=INK, linestyle="-", linewidth=1, marker="|", markersize=9)
        name = ax.text((start + end) / 2, y, text, ha="center", va="center", fontsize=min(10, 0.2 * scale(ax)))
        name.set_bbox({**BACKGROUND, "pad": 3})
