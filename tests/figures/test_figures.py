"""Tests of mlp_tutorial.figures: what is drawn is what was given, and nothing overlaps, is cut off or lacks a glyph."""

import re
from collections.abc import Callable
from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from drawn import assert_tidy, texts_of
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.contour import ContourSet
from matplotlib.path import Path
from torch import nn

import mlp_tutorial as mt
from mlp_tutorial import figures
from mlp_tutorial.figures.style import GREY, LEVEL_GREY, REGIONS
from mlp_tutorial.reference import POST_LOSSES

CLOSE_CURVES = {
    "low": [[1, 0.5, 0.3], [1, 0.6, 0.301], [1, 0.9, 0.302], [0.9, 0.8, 0.303]],
    "high": [[0.1, 0.5, 0.99], [0.1, 0.6, 0.991], [0.1, 0.4, 0.992], [0.2, 0.3, 0.993]],
    "equal": [[0, 1.0], [0.5, 1.0], [0.7, 1.0]],
    "one ends early": [[1, 0.5], [1, 0.6, 0.5], [1, 0.9, 0.51]],
}


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
        name = text.get_window_extent()
        assert ax.bbox.y0 - name.height < name.y0 < ax.bbox.y1, "이름이 축보다 높거나 낮습니다."


def test_two_calls_on_the_same_axes_keep_names_apart() -> None:
    ax = figures.loss_curve([1.0, 0.5], label="학습률 0.1")
    assert_tidy(figures.loss_curve(torch.tensor([1.0, 0.5]), label="학습률 0.01", ax=ax))


def test_curves_take_x_values_and_scales() -> None:
    size, seconds = torch.tensor([1.0, 10.0, 100.0]), (1e-3, 1e-2, 1e-1)
    ax = figures.curves({"폭 16": (size, seconds)}, xlabel="크기", ylabel="시간(초)", xscale="log", yscale="log")
    np.testing.assert_allclose(ax.lines[0].get_xydata(), np.column_stack([size, seconds]))
    assert (ax.get_xscale(), ax.get_yscale(), ax.get_xlabel(), ax.get_ylabel()) == ("log", "log", "크기", "시간(초)")
    assert_tidy(ax)


@pytest.mark.parametrize(
    "y", [[0.5, 0.25], (0.5, 0.25), np.array([0.5, 0.25]), torch.tensor([0.5, 0.25], requires_grad=True)]
)
def test_a_curve_of_y_alone_counts_from_1(y: object) -> None:
    ax = figures.curves({"a": y}, xlabel="x", ylabel="y")
    np.testing.assert_array_equal(ax.lines[0].get_xydata(), [[1, 0.5], [2, 0.25]])


def test_losses_that_still_carry_their_gradient_can_be_drawn() -> None:
    losses = [torch.tensor(loss, requires_grad=True) for loss in (1.0, 0.5)]
    assert figures.loss_curve(losses).lines[0].get_ydata().tolist() == [1, 0.5]


@pytest.mark.parametrize(
    ("given", "got"),
    [
        (([1, 2], [3]), "(2,), (1,)"),
        (([1], [2], [3]), "(1,), (1,), (1,)"),
        (([1, 2],), "(2,)"),
        ((1, [2, 3]), "(), (2,)"),
        ([[1, 2], [3, 4]], "(2, 2)"),
        (torch.ones(3, 1), "(3, 1)"),
        (torch.tensor(0.5), "()"),
    ],
)
def test_a_curve_of_another_shape_is_refused(given: object, got: str) -> None:
    expected = f"'a'에는 수를 한 줄로 담은 y나, 길이가 같은 두 줄의 튜플 (x, y)가 있어야 합니다 (받은 모양: {got})."
    with pytest.raises(ValueError, match=re.escape(expected)):
        figures.curves({"a": given}, xlabel="x", ylabel="y")
    assert not plt.get_fignums(), "그림을 열기 전에 알려야 합니다."


@pytest.mark.parametrize("losses", [torch.ones(3, 1), torch.tensor(0.5), [[0.5], [0.25, 0.1]], "0.5"])
def test_losses_of_another_shape_are_refused(losses: object) -> None:
    with pytest.raises(ValueError, match=r"^'학습 손실'에는 수"):
        figures.loss_curve(losses, label="학습 손실")


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


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_points_refuses_what_is_not_finite(bad: float) -> None:
    with pytest.raises(ValueError, match=r"x에 NaN이나 무한대가 없어야 합니다 \(받은 값: 1개\)"):
        figures.points([[0, 1], [bad, 1]], [0, 1])


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
        np.testing.assert_allclose(colors[int(height - row), int(column)], to_rgb(REGIONS[region]), atol=0.01)


@pytest.mark.parametrize("model", [nn.Linear(2, 3), nn.Sequential(nn.Linear(2, 1), nn.Flatten(0))])
def test_a_model_of_other_outputs_is_refused(model: nn.Module) -> None:
    with pytest.raises(ValueError, match=r"model의 출력은 .* \(N, 1\)이나 \(N, 2\)여야 합니다 \(받은 모양: \(10000"):
        figures.decision_regions(model, *mt.xor())


def test_a_model_of_other_inputs_is_refused() -> None:
    with pytest.raises(ValueError, match=r"층 '0'은.* 입력 3개를 받는데 한 행에 2개가 들어왔습니다"):
        figures.decision_regions(nn.Sequential(nn.Linear(3, 2)), *mt.xor())


def test_one_region_needs_no_boundary() -> None:
    model = nn.Linear(2, 1)
    nn.init.zeros_(model.weight)
    ax = figures.decision_regions(model, *mt.xor())
    assert_tidy(ax)
    assert not any(drawn.get_zorder() == 0.5 for drawn in ax.collections)


def test_a_nodes_response_is_darker_where_it_is_larger_and_its_edge_a_line() -> None:
    ax = figures.response(lambda plane: torch.relu(plane[:, 0] + 2 * plane[:, 1] - 0.5), *mt.two_moons(40))
    edge = next(drawn for drawn in ax.collections if drawn.get_zorder() == 0.5).get_paths()[0].vertices
    highest = np.dot([ax.get_xlim()[1], ax.get_ylim()[1]], [1, 2]) - 0.5
    np.testing.assert_allclose(edge @ [1, 2] - 0.5, 0.02 * highest, atol=0.01 * highest)
    assert_tidy(ax)
    grey, height = np.asarray(ax.figure.canvas.buffer_rgba())[..., :3].mean(axis=2), ax.figure.bbox.height
    columns, rows = ax.transAxes.transform([(0.02, 0.02), (0.98, 0.5), (0.98, 0.98)]).T
    off, middle, most = grey[(height - rows).astype(int), columns.astype(int)]
    assert 255 >= off > middle > most > 100, "값이 클수록 진하되, 점을 가릴 만큼 진하지 않아야 합니다."


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (lambda plane: plane, r"한 점에 수 하나, \(10000,\)이어야 합니다 \(받은 모양: \(10000, 2\)\)"),
        (lambda plane: plane[:, :1], r"\(받은 모양: \(10000, 1\)\)"),
        (lambda plane: plane.sum(), r"\(받은 모양: \(\)\)"),
        (lambda plane: plane[:, 0] * float("nan"), r"NaN이나 무한대가 없어야 합니다 \(받은 값: 10000개\)"),
    ],
)
def test_a_node_that_gives_no_number_for_each_point_is_refused(node: Callable, expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        figures.response(node, *mt.xor())


def test_a_node_that_is_0_everywhere_has_no_edge() -> None:
    ax = figures.response(lambda plane: 0 * plane[:, 0], *mt.xor())
    assert_tidy(ax)
    assert not any(drawn.get_zorder() == 0.5 for drawn in ax.collections)


@pytest.mark.parametrize(
    "draw",
    [
        lambda ax: figures.network((2, 3, 1), ax=ax),
        lambda ax: figures.computation_graph(8, 2, 3, 1, ax=ax),
        lambda ax: figures.loss_curve([1.0, 0.5], ax=ax),
        lambda ax: figures.curves({"a": [1, 2]}, xlabel="x", ylabel="y", ax=ax),
        lambda ax: figures.points(*mt.xor(), ax=ax),
        lambda ax: figures.decision_regions(nn.Linear(2, 2), *mt.xor(), ax=ax),
        lambda ax: figures.response(lambda plane: plane[:, 0], *mt.xor(), ax=ax),
    ],
)
def test_functions_draw_on_the_axes_given_and_return_them(draw: Callable[[Axes], Axes]) -> None:
    figure, (left, right) = plt.subplots(1, 2)
    assert draw(right) is right
    assert not left.has_data()
    assert plt.get_fignums() == [figure.number], "새 그림을 열지 않아야 합니다."


def test_curves_can_be_drawn_into_a_subfigure() -> None:
    _, right = plt.figure(figsize=(9, 3.6)).subfigures(1, 2)
    assert_tidy(figures.loss_curve([1.0, 0.5], baseline=0.7, ax=right.subplots()))


def luminance(color: str) -> float:
    """Return how light a colour is without its hue, 0 … 1 (WCAG 2.2, relative luminance)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


def test_curves_can_be_told_apart_and_read_in_grey_print() -> None:
    ax = figures.curves({str(i): [0, i] for i in range(7)}, xlabel="x", ylabel="y")
    assert len({f"{line._dash_pattern} {line.get_marker()}" for line in ax.lines}) == 7
    for color in {line.get_color() for line in ax.lines} | {GREY, LEVEL_GREY}:
        assert 1.05 / (luminance(color) + 0.05) >= 3, f"{color}은(는) 흰 바탕에서 흐립니다."


def test_regions_can_be_told_apart_in_grey_print() -> None:
    ax = figures.decision_regions(nn.Linear(2, 2), *mt.xor())
    fills = next(drawn for drawn in ax.collections if isinstance(drawn, ContourSet)).get_facecolor()
    dark, light = sorted(map(luminance, fills))
    assert (light + 0.05) / (dark + 0.05) > 1.25
