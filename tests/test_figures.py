"""Tests of mlp_tutorial.figures: what is drawn is what was given, and nothing overlaps, is cut off or lacks a glyph."""

import re
from collections.abc import Callable, Iterator
from itertools import combinations

import matplotlib as mpl

mpl.use("agg")

import matplotlib.pyplot as plt
import nbclient
import nbformat
import numpy as np
import pytest
import torch
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Circle
from matplotlib.path import Path
from torch import nn

import mlp_tutorial as mt
from mlp_tutorial import figures
from mlp_tutorial.reference import POST_LOSSES

WEIGHTS_231 = [[[0.5, -1.25], [1, 0.75], [-0.333, 0.1]], [[1, -2, 0.5]]]
NETWORKS = {
    "2-3-1": {"widths": (2, 3, 1), "weights": WEIGHTS_231, "values": [[1, -2], [0, 0.25, 3.14159], [-10.25]]},
    "1-1-1": {"widths": (1, 1, 1), "weights": [[[2]], [[-0.5]]], "values": [[1], [2], [-1]]},
    "2-1": {"widths": (2, 1), "weights": [[[0.5, -0.25]]], "values": [[1, 0], [0.5]]},
    "4-4-4": {"widths": (4, 4, 4), "weights": 2 * [np.linspace(-2.25, 1.9, 16).reshape(4, 4)]},
    "the post's": {"widths": (1000, 100, 10)},
    "five hidden": {"widths": (4, 1000, 1000, 1000, 1000, 100, 3)},
}
CLOSE_CURVES = {
    "low": [[1, 0.5, 0.3], [1, 0.6, 0.301], [1, 0.9, 0.302], [0.9, 0.8, 0.303]],
    "high": [[0.1, 0.5, 0.99], [0.1, 0.6, 0.991], [0.1, 0.4, 0.992], [0.2, 0.3, 0.993]],
    "equal": [[0, 1.0], [0.5, 1.0], [0.7, 1.0]],
    "one ends early": [[1, 0.5], [1, 0.6, 0.5], [1, 0.9, 0.51]],
}


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def assert_tidy(ax: Axes) -> None:
    """Draw the figure (a missing glyph warns, and warnings are errors) and compare its texts' boxes, in pixels."""
    ax.figure.canvas.draw()
    texts = [text for text in [*ax.texts, ax.xaxis.label, ax.yaxis.label] if text.get_text()]
    boxes = {text: text.get_window_extent() for text in texts}
    for text, box in boxes.items():
        inside = box.x0 >= 0 and box.y0 >= 0 and box.x1 <= ax.figure.bbox.x1 and box.y1 <= ax.figure.bbox.y1
        assert inside, f"'{text.get_text()}'이(가) 그림 밖으로 나갑니다: {box}"
    for one, other in combinations(texts, 2):
        assert not boxes[one].overlaps(boxes[other]), f"'{one.get_text()}'와 '{other.get_text()}'가 겹칩니다."


def texts_of(ax: Axes) -> list[str]:
    """Return the texts written on the axes."""
    return [text.get_text() for text in ax.texts]


@pytest.mark.parametrize(
    ("widths", "circles", "edges"),
    [
        ((2, 3, 1), 6, 2 * 3 + 3 * 1),
        ((1, 1, 1), 3, 2),
        ((6, 7), 12, 36),
        ((1000, 100, 10), 18, 72),
        ((5, 2, 9), 5 + 2 + 6, 10 + 12),
    ],
)
def test_network_draws_as_many_nodes_and_edges(widths: tuple, circles: int, edges: int) -> None:
    ax = figures.network(widths)
    assert sum(isinstance(patch, Circle) for patch in ax.patches) == circles
    assert len(ax.lines) == edges
    elided = sum(width > 6 for width in widths)
    assert [len(dots.get_offsets()) for dots in ax.collections] == [3] * elided, "생략한 층마다 점 셋이어야 합니다."


@pytest.mark.parametrize("case", NETWORKS)
def test_network_is_tidy(case: str) -> None:
    ax = figures.network(**NETWORKS[case])
    assert_tidy(ax)
    circles = [patch.get_window_extent() for patch in ax.patches]
    for one, other in combinations(circles, 2):
        assert not one.overlaps(other), "노드가 겹칩니다."
    for text in ax.texts:
        center = ax.transData.transform(text.get_position())
        if text.get_text() and not any(circle.contains(*center) for circle in circles):
            assert not any(text.get_window_extent().overlaps(circle) for circle in circles), text.get_text()


def test_network_names_layers_and_tells_true_counts() -> None:
    said = texts_of(figures.network((1000, 100, 10)))
    assert {"입력층", "은닉층", "출력층", "노드 1,000개", "노드 100개", "노드 10개"} <= set(said)
    assert {"은닉층 1", "은닉층 2"} <= set(texts_of(figures.network((2, 3, 3, 1))))


def test_network_writes_weights_and_values_with_real_minus_signs() -> None:
    ax = figures.network(**NETWORKS["2-3-1"])
    weights = {"0.5", "−1.25", "1", "0.75", "−0.33", "0.1", "−2"}
    assert weights | {"0", "0.25", "3.14", "−10.25"} <= set(texts_of(ax))
    assert [line.get_linestyle() for line in ax.lines].count("--") == 3, "음의 가중치는 셋입니다."
    assert "-" not in "".join(texts_of(ax))


def test_network_puts_each_weight_on_its_edge() -> None:
    weight = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], requires_grad=True)  # (n_out, n_in)
    ax = figures.network((2, 3), weights=[weight])
    nodes = {text.get_text(): np.array(text.get_position()) for text in ax.texts}
    inputs, outputs = (
        sorted((c.center for c in ax.patches if (c.center[0] > 3.2) == end), key=lambda c: -c[1]) for end in (0, 1)
    )
    for (row, column), value in np.ndenumerate(weight.detach().numpy()):
        (x, y), (x_end, y_end) = inputs[column], outputs[row]
        at = nodes[f"{value:g}"]
        share = (at[0] - x) / (x_end - x)
        assert at[1] == pytest.approx(y + share * (y_end - y)), f"가중치 {value:g}이(가) 제 선 위에 없습니다."


def test_network_elides_all_but_the_first_nodes_and_the_last() -> None:
    ax = figures.network((10, 1), values=[torch.arange(10) + 0.5, [20]])
    assert [text for text in texts_of(ax) if text.endswith(".5")] == ["0.5", "1.5", "2.5", "3.5", "4.5", "9.5"]


def test_small_numbers_are_not_rounded_to_zero() -> None:
    said = texts_of(figures.network((4, 1), values=[[-0.0, 0.004, -0.002, 1.999], [123.456]]))
    assert {"0", "0.004", "−0.002", "2", "123.46"} <= set(said)


@pytest.mark.parametrize(
    "wrong",
    [
        {"weights": [[[1, 2]]]},
        {"weights": [np.ones((2, 3)), np.ones((1, 3))]},
        {"values": [[1, 2], [1, 2], [1]]},
    ],
)
def test_network_refuses_sizes_that_do_not_fit(wrong: dict) -> None:
    with pytest.raises(ValueError, match=r"여야 합니다|있어야 합니다"):
        figures.network((2, 3, 1), **wrong)


@pytest.mark.parametrize("widths", [(3,), (), 5, None])
def test_network_refuses_what_are_no_widths(widths: object) -> None:
    expected = f"widths에는 입력층과 출력층, 둘 이상의 노드 수가 있어야 합니다 (받은 값: {widths!r})."
    with pytest.raises(ValueError, match=re.escape(expected)):
        figures.network(widths)


def test_network_refuses_a_width_of_0() -> None:
    with pytest.raises(ValueError, match=r"^widths\[1\]는 1 이상의 정수여야 합니다 \(받은 값: 0\)"):
        figures.network((2, 0))


def test_loss_curve_draws_what_was_recorded() -> None:
    losses, held_out = torch.linspace(1.085, 1.018, 500, dtype=torch.float64), {100: 1.09, 300: 1.08, 500: 1.07}
    ax = figures.loss_curve(mt.History(losses, held_out), post=POST_LOSSES, baseline=0.98)
    curve, validation, post, baseline = ax.lines
    np.testing.assert_array_equal(curve.get_xydata(), np.column_stack([np.arange(1, 501), losses]))
    np.testing.assert_array_equal(validation.get_xydata(), list(held_out.items()))
    np.testing.assert_array_equal(post.get_xydata(), list(POST_LOSSES.items()))
    assert post.get_markerfacecolor() == "none", "글의 손실은 속이 빈 표시여야 합니다."
    assert (post.get_linestyle(), validation.get_marker(), baseline.get_linestyle()) == ("None", "s", "--")
    assert set(baseline.get_ydata()) == {0.98}
    assert set(texts_of(ax)) == {"손실", "검증 손실", "글의 손실", "기준선 0.98"}
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("스텝", "손실")
    assert_tidy(ax)


@pytest.mark.parametrize("losses", [[1 / (1 + 0.2 * i) for i in range(99)], [0.2, 0.5, 0.979], [2.0], []])
def test_loss_curve_with_baseline_is_tidy(losses: list) -> None:
    ax = figures.loss_curve(losses, baseline=0.98, label="학습 손실")
    assert_tidy(ax)
    name = next(text for text in ax.texts if text.get_text() == "기준선 0.98").get_window_extent()
    curve = Path(ax.transData.transform(ax.lines[0].get_xydata()))
    assert not curve.intersects_bbox(name, filled=False), "기준선의 이름이 곡선을 가립니다."
    assert ax.bbox.y0 < name.y0, "기준선의 이름이 축을 지납니다."


def test_the_baselines_name_keeps_clear_of_the_validation_curve() -> None:
    history = mt.History(torch.linspace(1, 0, 100), dict.fromkeys(range(10, 101, 10), 1.05))
    ax = figures.loss_curve(history, baseline=1.0)
    assert_tidy(ax)
    name = next(text for text in ax.texts if text.get_text() == "기준선 1").get_window_extent()
    assert not Path(ax.transData.transform(ax.lines[1].get_xydata())).intersects_bbox(name, filled=False)


def test_loss_curve_survives_divergence_and_integers_stay_whole() -> None:
    ax = figures.loss_curve([1.0, 2.0, float("inf"), float("nan")])
    assert_tidy(ax)
    assert tuple(ax.texts[0].xy) == (2, 2.0), "이름은 마지막 유한한 손실 옆에 있어야 합니다."
    assert all(tick == int(tick) for tick in ax.get_xticks())


def test_history_draws_itself_on_given_axes() -> None:
    _, ax = plt.subplots()
    assert mt.History(torch.tensor([2.0, 1.0])).plot(ax) is ax
    assert ax.lines[0].get_ydata().tolist() == [2, 1]


@pytest.mark.parametrize("case", CLOSE_CURVES)
def test_names_of_close_curves_stay_apart_and_in_order(case: str) -> None:
    given = {f"학습률 {10.0**-i:g}": y for i, y in enumerate(CLOSE_CURVES[case])}
    ax = figures.curves(given, xlabel="에폭", ylabel="값")
    assert_tidy(ax)
    assert texts_of(ax) == list(given)
    names = [(text.xy[0], text.xy[1], text.get_window_extent().y0) for text in ax.texts]
    for one, other in combinations(names, 2):
        if one[0] == other[0] and one[1] != other[1]:
            assert (one[1] < other[1]) == (one[2] < other[2]), "이름의 차례가 곡선의 차례와 다릅니다."
    for text, line in zip(ax.texts, ax.lines, strict=True):
        assert text.get_color() == line.get_color()
        assert ax.bbox.y0 < text.get_window_extent().y0 + 8 < ax.bbox.y1 + 8, "이름이 축보다 높거나 낮습니다."


def test_two_calls_on_the_same_axes_keep_names_apart() -> None:
    ax = figures.loss_curve([1.0, 0.5], label="학습률 0.1")
    assert_tidy(figures.loss_curve(torch.tensor([1.0, 0.5]), label="학습률 0.01", ax=ax))


def test_curves_take_x_values_and_scales() -> None:
    size, seconds = torch.tensor([1.0, 10.0, 100.0]), (1e-3, 1e-2, 1e-1)
    ax = figures.curves({"폭 16": (size, seconds)}, xlabel="크기", ylabel="시간(초)", xscale="log", yscale="log")
    np.testing.assert_allclose(ax.lines[0].get_xydata(), np.column_stack([size, seconds]))
    assert (ax.get_xscale(), ax.get_yscale(), ax.get_xlabel(), ax.get_ylabel()) == ("log", "log", "크기", "시간(초)")
    assert_tidy(ax)


def test_points_are_those_given_and_the_legend_hides_none() -> None:
    x, y = mt.two_moons(200)
    ax = figures.points(x, y[:, None])
    for name, drawn in enumerate(ax.collections):
        np.testing.assert_allclose(drawn.get_offsets(), x[y == name])
    shapes = [drawn.get_paths()[0].vertices.shape for drawn in ax.collections]
    assert shapes[0] != shapes[1], "두 클래스의 표시가 같습니다."
    assert_tidy(ax)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["클래스 0", "클래스 1"]
    assert not ax.get_legend().get_window_extent().count_contains(ax.transData.transform(x.numpy()))
    assert ax.viewLim.count_contains(x.numpy()) == len(x)


@pytest.mark.parametrize(
    ("x", "y"), [([[0, 1, 2]], [0]), ([[0, 1]], [2]), ([[0, 1]], [0, 1]), ([0, 1], [0, 1]), (np.ones((0, 2)), [])]
)
def test_points_refuses_other_shapes_and_classes(x: list, y: list) -> None:
    with pytest.raises(ValueError, match=r"x의 모양은 \(N, 2\), y는 N개의 0과 1이어야 합니다 \(받은 값"):
        figures.points(x, y)


@pytest.mark.parametrize("n_outputs", [1, 2])
def test_decision_boundary_is_the_line_that_the_weights_say(n_outputs: int) -> None:
    model = nn.Linear(2, n_outputs).double()  # x_1 + 2 x_2 = 0.5
    with torch.no_grad():
        model.weight.copy_(torch.tensor([[1.0, 2.0]] if n_outputs == 1 else [[0.0, 0.0], [1.0, 2.0]]))
        model.bias.copy_(torch.tensor([0.25] if n_outputs == 1 else [0.5, 0.0]))
    ax = figures.decision_regions(model, *mt.two_moons(40), boundary=0.75)
    line = next(drawn for drawn in ax.collections if drawn.get_zorder() == 0.5).get_paths()[0].vertices
    np.testing.assert_allclose(line @ [1, 2], 0.5, atol=1e-6)
    canvas, height = ax.figure.canvas, ax.figure.bbox.height
    assert_tidy(ax)
    colors = np.asarray(canvas.buffer_rgba())[..., :3] / 255
    for corner, region in (((0.01, 0.03), 0), ((0.99, 0.97), 1)):
        column, row = ax.transAxes.transform(corner)
        np.testing.assert_allclose(colors[int(height - row), int(column)], to_rgb(figures.REGIONS[region]), atol=0.01)


def test_one_region_needs_no_boundary() -> None:
    model = nn.Linear(2, 1)
    nn.init.zeros_(model.weight)
    ax = figures.decision_regions(model, *mt.xor())
    assert_tidy(ax)
    assert not any(drawn.get_zorder() == 0.5 for drawn in ax.collections)


@pytest.mark.parametrize(
    "draw",
    [
        lambda ax: figures.network((2, 3, 1), ax=ax),
        lambda ax: figures.loss_curve([1.0, 0.5], ax=ax),
        lambda ax: figures.curves({"a": [1, 2]}, xlabel="x", ylabel="y", ax=ax),
        lambda ax: figures.points(*mt.xor(), ax=ax),
        lambda ax: figures.decision_regions(nn.Linear(2, 2), *mt.xor(), ax=ax),
    ],
)
def test_functions_draw_on_the_axes_given_and_return_them(draw: Callable[[Axes], Axes]) -> None:
    figure, (left, right) = plt.subplots(1, 2)
    assert draw(right) is right
    assert not left.has_data()
    assert plt.get_fignums() == [figure.number], "새 그림을 열지 않아야 합니다."


def test_style_is_readable_in_grey_print() -> None:
    figures.use_style()
    figures.use_style()
    cycle = plt.rcParams["axes.prop_cycle"].by_key()
    assert len({str(style) for style in cycle["linestyle"]}) == len(cycle["color"]) == 7
    light, dark = (np.dot(to_rgb(color), [0.299, 0.587, 0.114]) for color in figures.REGIONS)
    assert light - dark > 0.1
    assert plt.rcParams["font.family"] == ["Noto Sans CJK JP"]


def test_show_refuses_an_empty_alt_text_and_no_figure() -> None:
    with pytest.raises(ValueError, match="열린 그림이 있어야 합니다"):
        figures.show("손실 곡선")
    figures.loss_curve([1.0])
    with pytest.raises(ValueError, match="alt에는"):
        figures.show(" ")


def test_show_works_outside_a_notebook(capsys: pytest.CaptureFixture) -> None:
    figures.loss_curve([1.0])
    figures.show("손실 곡선")
    assert capsys.readouterr().out == "Figure(640x360)\n"
    assert not plt.get_fignums()


def test_show_in_a_notebook_gives_one_picture_with_its_alt_text() -> None:
    lines = ["from mlp_tutorial import figures", "figures.loss_curve([2.0, 1.0])", "figures.show('손실이 줄어든다.')"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("\n".join(lines))])
    nbclient.NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    (output,) = notebook.cells[0].outputs
    assert output.metadata == {"image/png": {"alt": "손실이 줄어든다."}}
    assert set(output.data) == {"image/png", "text/plain"}
    assert output.data["text/plain"] == "<Figure size 640x360 with 1 Axes>"
