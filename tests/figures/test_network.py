"""Tests of figures.diagrams.network: nodes, lines, arrows and numbers are those of the network, and readable."""

import re
from itertools import pairwise, product

import numpy as np
import pytest
import torch
from drawn import arrow, assert_clear, assert_tidy, texts_of
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import Ellipse, FancyArrowPatch

from mlp_tutorial.figures.diagrams.network import network
from mlp_tutorial.figures.style import BLUE, GREY, VERMILION

NAMES = "x", "h", "ŷ"
WEIGHTS_231 = [[[0.5, -1.25], [1, 0.75], [-0.333, 0.1]], [[1, -2, 0.5]]]


def filled(widths: tuple[int, ...], number: float) -> dict:
    """Return arguments for a network that has `number`, of either sign, everywhere."""
    weights = [number * (-1.0) ** np.arange(n_in * n_out).reshape(n_out, n_in) for n_in, n_out in pairwise(widths)]
    values = [np.full(width, number) for width in widths]
    return {"widths": widths, "weights": weights, "biases": values[1:], "values": values}


NETWORKS = {
    "2-3-1": {"widths": (2, 3, 1), "weights": WEIGHTS_231, "values": [[1, -2], [0, 0.25, 3.14159], [-10.25]]},
    "1-1-1": {"widths": (1, 1, 1), "weights": [[[2]], [[-0.5]]], "values": [[1], [2], [-1]]},
    "2-1": {"widths": (2, 1), "weights": [[[0.5, -0.25]]], "values": [[1, 0], [0.5]]},
    "4-4-4": {"widths": (4, 4, 4), "weights": 2 * [np.linspace(-2.25, 1.9, 16).reshape(4, 4)]},
    "the post's": {"widths": (1000, 100, 10)},
    "five hidden": {"widths": (4, 1000, 1000, 1000, 1000, 100, 3)},
    "a million": {"widths": (1_000_000, 1_000_000, 1_000_000, 10)},
    "tiny": filled((2, 3, 1), -0.0012),
}
NETWORKS["named"] = NETWORKS["2-3-1"] | {"biases": [[0.1, 0, -2], [0.3]], "names": NAMES}
NETWORKS["named, many"] = {"widths": (1000, 100, 10), "names": NAMES}
NETWORKS["named, wide"] = filled((4, 6, 6), -123.456) | {"names": NAMES}
NETWORKS |= {f"wide {widths}": filled(widths, -123.456) for widths in ((2, 3, 1), (7, 7, 7), (4, 7, 7, 7, 7, 7, 3))}


def columns(ax: Axes) -> list[list[Ellipse]]:
    """Return the nodes layer by layer, from the left and from the top."""
    nodes = [patch for patch in ax.patches if isinstance(patch, Ellipse)]
    across = sorted({node.center[0] for node in nodes})
    return [sorted((n for n in nodes if n.center[0] == x), key=lambda node: -node.center[1]) for x in across]


def lines(ax: Axes) -> list[Line2D | FancyArrowPatch]:
    """Return the lines, or the arrows of a backward pass."""
    return [*ax.lines, *ax.findobj(FancyArrowPatch)]


@pytest.mark.parametrize("widths", [(2, 3, 1), (1, 1, 1), (6, 7), (1000, 100, 10), (5, 2, 9)])
@pytest.mark.parametrize("backward", [False, True])
def test_there_are_as_many_nodes_and_lines_as_fit(widths: tuple, backward: bool) -> None:
    ax = network(widths, backward=backward)
    nodes = [min(width, 6) for width in widths]
    assert [len(column) for column in columns(ax)] == nodes
    assert len(lines(ax)) == sum(n_in * n_out for n_in, n_out in pairwise(nodes))
    assert {isinstance(line, FancyArrowPatch) for line in lines(ax)} == {backward}
    elided = sum(width > 6 for width in widths)
    assert [len(dots.get_offsets()) for dots in ax.collections] == [3] * elided, "생략한 층마다 점 셋이어야 합니다."


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("case", NETWORKS)
def test_texts_are_apart_and_whole_and_numbers_large_enough_to_read(case: str, backward: bool) -> None:
    ax = network(**NETWORKS[case], backward=backward)
    nodes = [node for column in columns(ax) for node in column]
    assert_clear(assert_tidy(ax), nodes)
    centers = {node.center for node in nodes}
    for text in ax.texts:
        if re.fullmatch(r"[+−\d.e]+", text.get_text()):
            assert text.get_fontsize() >= (7 if text.get_position() in centers else 6), text


def test_a_node_has_its_name_before_its_value_and_its_bias_below() -> None:
    ax = network(**NETWORKS["named"])
    at = {text.get_position(): text for text in ax.texts}
    said = [[at[node.center].get_text() for node in column] for column in columns(ax)]
    hidden = ["$h_{1}$ = 0", "$h_{2}$ = 0.25", "$h_{3}$ = 3.14"]
    assert said == [["$x_{1}$ = 1", "$x_{2}$ = −2"], hidden, ["$ŷ$ = −10.25"]]
    for column, biases in zip(columns(ax)[1:], (["+0.1", "+0", "−2"], ["+0.3"]), strict=True):
        for node, bias in zip(column, biases, strict=True):
            (text,) = (t for t in ax.texts if t.get_text() == bias and t.get_position()[0] == node.center[0])
            below = node.center[1] - node.height / 2 - text.get_position()[1]
            assert 0 < below < 0.1, f"{bias}: 제 노드의 바로 아래에 없습니다."
            assert text.get_color() == (VERMILION if bias[0] == "−" else GREY if bias == "+0" else BLUE)


def test_of_many_nodes_the_last_has_the_last_name() -> None:
    said = texts_of(network((1000, 2, 1), names=NAMES))
    assert [text for text in said if "$" in text] == [
        *(f"$x_{{{i}}}$" for i in (1, 2, 3, 4, 5, 1000)),
        "$h_{1}$",
        "$h_{2}$",
        "$ŷ$",
    ]


def test_the_name_of_a_gradient_is_parted_by_a_colon() -> None:
    said = texts_of(network(**NETWORKS["named"], backward=True))
    assert {"$x_{2}$: −2", "$h_{2}$: 0.25"} <= set(said)


@pytest.mark.parametrize("case", NETWORKS)
def test_two_networks_fit_side_by_side(case: str) -> None:
    _, both = plt.subplots(1, 2, figsize=(9, 3.6))
    network(**NETWORKS["2-3-1"], counted=True, ax=both[0])
    network(**NETWORKS[case], counted=True, backward=True, ax=both[1])  # the pass of the longer caption
    assert_clear(assert_tidy(both[0]), (node for ax in both for column in columns(ax) for node in column))


def test_layers_are_named_and_their_true_counts_told() -> None:
    said = texts_of(network((1000, 100, 10)))
    assert {"입력층", "은닉층", "출력층", "노드 1,000개", "노드 100개", "노드 10개"} <= set(said)
    assert {"은닉층 1", "은닉층 2"} <= set(texts_of(network((2, 3, 3, 1))))
    assert not any("모두 세면" in text for text in said), "층의 수는 바랄 때만 적습니다."


@pytest.mark.parametrize("n_layers", range(2, 8))
def test_brackets_span_the_layers_that_they_count(n_layers: int) -> None:
    ax = network((3,) * n_layers, counted=True)
    assert_tidy(ax)
    brackets = {text.get_text(): text.get_position() for text in ax.texts if text.get_text().endswith("층")}
    names = [text for text in ax.texts if re.match("입력층$|은닉층|출력층", text.get_text())]
    for said, first in ((f"모두 세면 {n_layers}층", 0), (f"입력층을 빼면 {n_layers - 1}층", 1)):
        x, y = brackets[said]
        (line,) = (line for line in ax.lines if set(line.get_ydata()) == {y})
        start, end = line.get_xdata()
        counted = [i for i, column in enumerate(columns(ax)) if start < column[0].center[0] < end]
        assert counted == list(range(first, n_layers)), f"'{said}'의 묶음이 다른 층에 걸쳐 있습니다."
        assert x == pytest.approx((start + end) / 2)
        assert all(ax.transData.transform((x, y))[1] - 4 > name.get_window_extent().y1 for name in names)


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("given", [[], ["weights"], ["values", "weights"], ["weights", "biases"]])
def test_a_line_tells_what_the_numbers_are(given: list, backward: bool) -> None:
    said = texts_of(network((2, 3, 1), **{name: NETWORKS["named"][name] for name in given}, backward=backward))
    lines = [text for text in said if "순전파 →" in text or "← 역전파" in text]
    assert len(lines) == bool(given or backward)
    for line in lines:
        assert ("역전파" in line) == backward
        told = [part in line for part in ("노드 안", "선 위", "노드 아래")]
        assert told == [part in given for part in ("values", "weights", "biases")]
        assert line.count(r"\partial L/\partial") == len(given) * backward


@pytest.mark.parametrize("case", ["2-3-1", "1-1-1", "4-4-4", "the post's", "wide (7, 7, 7)"])
def test_backward_arrows_lead_from_each_node_to_the_edge_of_each_before_it(case: str) -> None:
    ax = network(**NETWORKS[case], backward=True)
    ax.figure.canvas.draw()
    found = [arrow(drawn) for drawn in lines(ax)]
    assert None not in found, "머리 없는 화살표가 있습니다."
    layers = columns(ax)
    expected = [pair for sources, targets in pairwise(layers) for pair in product(sources, targets)]
    for (tail, tip), (source, target) in zip(found, expected, strict=True):
        np.testing.assert_allclose(tail, target.center)
        across = np.hypot(*(2 * (tip - source.center) / (source.width, source.height)))
        assert 1 < across < 1.25, f"화살촉이 노드의 테두리에 있지 않습니다: {across}"  # a thick line's tip is blunt
        assert tip[0] > source.center[0], "화살표가 노드의 뒤쪽에 닿습니다."


@pytest.mark.parametrize("backward", [False, True])
def test_numbers_have_real_minus_signs_and_negative_ones_dashed_lines(backward: bool) -> None:
    ax = network(**NETWORKS["2-3-1"], backward=backward)
    assert {"0.5", "−1.25", "1", "0.75", "−0.33", "0.1", "−2", "0", "0.25", "3.14", "−10.25"} <= set(texts_of(ax))
    assert "-" not in "".join(texts_of(ax))
    looks = [(line.get_linestyle(), line.get_linewidth()) for line in lines(ax)]
    order = [0.5, 1, -0.333, -1.25, 0.75, 0.1, 1, -2, 0.5]  # all lines of the first input node, then the second's, …
    assert [style for style, _ in looks] == ["--" if weight < 0 else "-" for weight in order]
    for part in (slice(6), slice(6, 9)):
        assert np.array_equal(np.argsort(np.abs(order[part])), np.argsort([width for _, width in looks[part]]))


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("number", [1.0, -100.25])
def test_each_weight_is_on_its_edge(backward: bool, number: float) -> None:
    weight = number * torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])  # (n_out, n_in)
    ax = network((2, 3), weights=[weight.requires_grad_()], backward=backward)
    at = {text.get_text(): text for text in ax.texts}
    inputs, outputs = columns(ax)
    for (row, column), value in np.ndenumerate(weight.detach().numpy()):
        label = at[f"{value:g}".replace("-", "−")]
        (x, y), (x_end, y_end) = inputs[column].center, outputs[row].center
        share = (label.get_position()[0] - x) / (x_end - x)
        assert 0 < share < 1
        assert label.get_position()[1] == pytest.approx(y + share * (y_end - y)), f"{value:g}: 제 선 위에 없습니다."
        assert label.get_color() == (VERMILION if value < 0 else BLUE)


@pytest.mark.parametrize("backward", [False, True])
def test_a_zero_is_grey(backward: bool) -> None:
    ax = network((1, 2), weights=[[[0], [1]]], backward=backward)
    colors = {text.get_text(): text.get_color() for text in ax.texts}
    assert (colors["0"], colors["1"]) == (GREY, BLUE)
    drawn = [line.get_edgecolor() if backward else line.get_color() for line in lines(ax)]
    assert [to_rgb(color) for color in drawn] == [to_rgb(GREY), to_rgb(BLUE)]


def test_a_weight_stands_where_it_cuts_no_other_line() -> None:
    weights = [[[-0.35, -0.7], [0.25, 0.5], [0, 0]], [[-0.5, -0.25, 0]]]  # the gradients that notebook 06 shows
    values = [[-0.25, 0.03], [-0.35, 0.25, 0], [-0.5]]
    _, ax = plt.subplots(1, 2, figsize=(9, 3.3))  # and at this size
    ax = network((2, 3, 1), weights=weights, values=values, biases=values[1:], names=NAMES, backward=True, ax=ax[0])
    inputs, hidden, _ = columns(ax)
    (x, y) = next(text.get_position() for text in ax.texts if text.get_text() == "−0.7")
    for source, target in product(inputs, hidden):
        height = np.interp(x, *zip(source.center, target.center, strict=True))
        assert (source, target) == (inputs[1], hidden[0]) or abs(height - y) > 0.1


def test_each_value_is_in_its_node_a_circle_unless_it_needs_room_and_of_many_the_first_and_last_are_drawn() -> None:
    ax = network((10, 2), values=[torch.arange(10) + 0.5, [4, -123.456]])
    at = {text.get_position(): text.get_text() for text in ax.texts}
    said = [[at[node.center] for node in column] for column in columns(ax)]
    assert said == [["0.5", "1.5", "2.5", "3.5", "4.5", "9.5"], ["4", "−123.46"]]
    wider = [{node.width > node.height for node in column} for column in columns(ax)]
    assert wider == [{False}, {True}], "a number needs more room"


def test_lines_of_weights_that_are_no_numbers_are_thin_and_leave_the_others_theirs() -> None:
    def looks(weights: list) -> list[float]:
        return [line.get_linewidth() for line in lines(network((4, 1), weights=[[weights]]))]

    none, negative, largest, infinite = looks([float("nan"), -1, 2, float("inf")])
    assert [none, negative, largest, largest] == looks([0, -1, 2, 2])
    assert infinite == largest
    assert len(set(looks([float("nan")] * 4))) == 1


@pytest.mark.parametrize(
    ("wrong", "named", "got"),
    [
        ({"weights": [[[1, 2]]]}, "weights", "모양: [(1, 2)]"),
        ({"weights": [np.ones((2, 3)), np.ones((1, 3))]}, "weights", "모양: [(2, 3), (1, 3)]"),
        ({"values": [[1, 2], [1, 2], [1]]}, "values", "모양: [(2,), (2,), (1,)]"),
        ({"biases": [[1, 2], [1, 2, 3], [1]]}, "biases", "모양: [(2,), (3,), (1,)]"),
        ({"names": ["x", "h"]}, "names", "값: ['x', 'h']"),
        ({"names": "xhy"}, "names", "값: 'xhy'"),
        ({"names": 5}, "names", "값: 5"),
        ({"names": ("입력", "은닉", "출력")}, "names", "값: ('입력', '은닉', '출력')"),
        ({"names": ("x_1", "h", "y")}, "names", "값: ('x_1', 'h', 'y')"),
        ({"names": ["x", "h", 3]}, "names", "값: ['x', 'h', 3]"),
        ({"weights": 5}, "weights", "값: 5"),
        ({"weights": [[[1, 2], [3]]]}, "weights[0]", "값: [[1, 2], [3]]"),
        ({"widths": 5}, "widths", "값: 5"),
        ({"widths": (2, 0)}, "widths[1]", "값: 0"),
    ],
)
def test_what_does_not_fit_is_refused(wrong: dict, named: str, got: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(named)}.*{re.escape(got)}"):
        network(**{"widths": (2, 3, 1), **wrong})
    assert not plt.get_fignums(), "그림을 열기 전에 알려야 합니다."
