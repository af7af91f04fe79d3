"""Tests of points, decision_regions and response: points as given, and the line where the weights say it is."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from drawn import assert_tidy, luminance, pixels_of
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from torch import nn

import mlp_tutorial as mt
from mlp_tutorial import figures
from mlp_tutorial.figures.style import REGIONS

REFUSED = [([[0, 1, 2]], [0]), ([[0, 1]], [2]), ([[0, 1]], [0, 1]), ([0, 1], [0, 1]), ([[0, np.inf]], [0])]
REFUSED += [(np.ones((0, 2)), [])]


def line_of(ax: Axes) -> np.ndarray | None:
    """Return the line between the regions (n, 2), or None where there is none."""
    drawn = [drawn for drawn in ax.collections if drawn.get_zorder() == 0.5]
    return drawn[0].get_paths()[0].vertices if drawn else None


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


def test_pictures_within_each_others_points_show_one_plane() -> None:
    (x, y), (other, labels) = mt.two_moons(20, seed=0), mt.two_moons(50, noise=0.5, seed=1)
    model = nn.Linear(2, 2)
    first = figures.decision_regions(model, x, y, within=other)
    second = figures.decision_regions(model, other, labels, within=x)
    for limits in ("get_xlim", "get_ylim"):
        assert getattr(first, limits)() == getattr(second, limits)()
    assert first.viewLim.count_contains(other.numpy()) == len(other)
    assert len(np.vstack([drawn.get_offsets() for drawn in first.collections[:2]])) == len(x)
    for within in ([[0, np.nan]], 3, [[0, 1, 2]], [0, 1]):
        plt.close("all")
        with pytest.raises(ValueError, match=r"^within"):
            figures.points(x, y, within=within)
        assert not plt.get_fignums(), "그림을 열기 전에 알려야 합니다."


@pytest.mark.parametrize(("x", "y"), REFUSED)
def test_points_of_other_shapes_and_classes_and_infinity_are_refused(x: list, y: list) -> None:
    with pytest.raises(ValueError, match=r"^x.*\(받은 값: "):
        figures.points(x, y)


@pytest.mark.parametrize("classes", [(-1, 1), (1, 2), (0, 1, 2)])
def test_points_of_other_classes_are_drawn_as_the_message_says(classes: tuple[int, ...]) -> None:
    x, y = torch.rand(6, 2), torch.tensor(classes).repeat(6 // len(classes))
    with pytest.raises(ValueError, match=rf"만 1이 되게 y == {classes[-1]}처럼"):
        figures.points(x, y)
    assert len(figures.points(x, y == classes[-1]).collections[1].get_offsets()) == 6 // len(classes)
    one_hot = torch.eye(2)[[0, 1, 1, 0, 1, 0]]
    for wide in (one_hot, one_hot.numpy()):
        with pytest.raises(ValueError, match=r"y\.argmax\(axis=1\)로"):
            figures.points(x, wide)
        assert figures.points(x, wide.argmax(axis=1))
    with pytest.raises(ValueError, match=r"x\[:, :2\]처럼 두 열을"):
        figures.points(torch.rand(6, 3), y)


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (torch.rand(6, 2), [0, 1, 0, 1, 0, np.nan]),
        (torch.rand(6, 2), torch.rand(6)),
        (torch.rand(6, 1), [0, 1] * 3),
        (torch.rand(6, 2, 1), [0, 1] * 3),
    ],
)
def test_points_without_two_columns_or_classes_are_told_to_look(x: torch.Tensor, y: list) -> None:
    with pytest.raises(ValueError, match=r"\)\. np\.shape\(x\)와 np\.unique\(y\)를 출력해 보십시오\.$"):
        figures.points(x, y)


@pytest.mark.parametrize("node", [nn.ReLU, torch.ones(2)])
def test_a_node_that_is_no_function_is_refused(node: object) -> None:
    x, y = mt.two_moons(20)
    with pytest.raises(TypeError, match=r"^node는 함수여야.* lambda z: F\.relu\(model\.layer_01\(z\)\)로"):
        figures.response(node, x, y)
    model = mt.MLP((2, 3, 1))
    assert figures.response(lambda z: torch.relu(model.layer_01(z)), x, y, column=0)


@pytest.mark.parametrize("boundary", ["0.5", torch.tensor([0.5]), [0]])
def test_a_boundary_that_is_no_number_is_refused(boundary: object) -> None:
    x, y = mt.two_moons(20)
    with pytest.raises(ValueError, match=r"^boundary는 유한한 수 하나여야 합니다 \(받은 값: .*\)\. .*십시오\.$"):
        figures.decision_regions(nn.Linear(2, 1), x, y, boundary=boundary)
    assert not plt.get_fignums(), "그림을 열기 전에 알려야 합니다."


@pytest.mark.parametrize("n_outputs", [1, 2])
def test_decision_boundary_is_the_line_that_the_weights_say(n_outputs: int) -> None:
    model = nn.Linear(2, n_outputs).double()  # x_1 + 2 x_2 = 0.5
    with torch.no_grad():
        model.weight.copy_(torch.tensor([[1.0, 2.0]] if n_outputs == 1 else [[0.0, 0.0], [1.0, 2.0]]))
        model.bias.copy_(torch.tensor([0.25] if n_outputs == 1 else [0.5, 0.0]))
    ax = figures.decision_regions(model, *mt.two_moons(40), boundary=0.75)
    np.testing.assert_allclose(line_of(ax) @ [1, 2], 0.5, atol=1e-6)
    assert_tidy(ax)
    columns, rows = ax.transAxes.transform([(0.01, 0.03), (0.99, 0.97)]).astype(int).T
    np.testing.assert_allclose(pixels_of(ax)[rows, columns] / 255, [to_rgb(color) for color in REGIONS], atol=0.01)
    light, dark = map(luminance, REGIONS)
    assert (light + 0.05) / (dark + 0.05) > 1.25, "흑백으로 인쇄하면 두 영역이 같습니다."


def test_a_single_output_that_may_be_a_probability_needs_a_boundary() -> None:
    model = nn.Sequential(nn.Linear(2, 1), nn.Sigmoid())
    with pytest.raises(ValueError, match=r"출력 0\.\d+부터 .*boundary=0\.5를, 로짓이면 boundary=0을 주십시오\.$"):
        figures.decision_regions(model, *mt.two_moons(40))
    nn.init.constant_(model[0].weight, 1.0)
    nn.init.zeros_(model[0].bias)  # x_1 + x_2 = 0
    line = line_of(figures.decision_regions(model, *mt.two_moons(40), boundary=0.5))
    np.testing.assert_allclose(line.sum(axis=1), 0, atol=1e-3)


def test_one_region_needs_no_boundary_and_a_node_that_is_0_everywhere_no_edge() -> None:
    model = nn.Linear(2, 1)
    nn.init.zeros_(model.weight)
    for ax in (figures.decision_regions(model, *mt.xor()), figures.response(lambda plane: 0 * plane[:, 0], *mt.xor())):
        assert_tidy(ax)
        assert line_of(ax) is None


def test_a_nodes_response_is_darker_where_it_is_larger_and_its_edge_a_line() -> None:
    ax = figures.response(lambda plane: torch.relu(plane[:, 0] + 2 * plane[:, 1] - 0.5), *mt.two_moons(40))
    highest = np.dot([ax.get_xlim()[1], ax.get_ylim()[1]], [1, 2]) - 0.5
    np.testing.assert_allclose(line_of(ax) @ [1, 2] - 0.5, 0.02 * highest, atol=0.01 * highest)
    assert_tidy(ax)
    columns, rows = ax.transAxes.transform([(0.02, 0.02), (0.98, 0.5), (0.98, 0.98)]).astype(int).T
    off, middle, most = pixels_of(ax)[rows, columns].mean(axis=1)
    assert 255 >= off > middle > most > 100, "값이 클수록 진하되, 점을 가릴 만큼 진하지 않아야 합니다."


@pytest.mark.parametrize(
    ("draw", "given", "told"),
    [
        (figures.decision_regions, nn.Linear(2, 3), r"^model.*모양: \(10000, 3\)"),
        (figures.decision_regions, nn.Sequential(nn.Linear(2, 1), nn.Flatten(0)), r"^model.*모양: \(10000,\)"),
        (figures.decision_regions, nn.Sequential(nn.Linear(3, 2)), "^층 '0'.*3개.*2개"),
        (figures.response, lambda plane: plane, r"^node.*모양: \(10000, 2\)"),
        (figures.response, lambda plane: plane[:, :1], r"^node.*모양: \(10000, 1\)"),
        (figures.response, lambda plane: plane.sum(), r"^node.*모양: \(\)"),
        (figures.response, lambda plane: plane[:, 0] * float("nan"), "^node.*값: 10000개"),
    ],
)
def test_what_gives_no_number_for_each_point_is_refused(draw: Callable, given: Callable, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        draw(given, *mt.xor())


@pytest.mark.parametrize(
    ("layer", "remedy"),
    [
        (nn.Linear(3, 1), r"입력을 둘.*torch\.float32인지"),
        (nn.Linear(2, 1, dtype=torch.float64), "층에 넣는 값은 .*그 층의 가중치와 같은 자료형으로"),
    ],
)
def test_a_node_that_fails_is_told_what_to_look_at(layer: nn.Linear, remedy: str) -> None:
    x, y = mt.xor()
    with pytest.raises(RuntimeError, match=rf"^node는.*까닭: mat1.*{remedy}"):
        figures.response(lambda plane: layer(plane)[:, 0], x.float(), y)
    assert figures.response(lambda plane: nn.Linear(2, 1, dtype=torch.float64)(plane.double())[:, 0], x.float(), y)


def test_column_picks_a_node_of_a_layer() -> None:
    x, y = mt.two_moons(40)
    layer = nn.Linear(2, 3, dtype=torch.float64)
    for k in range(3):
        one = figures.response(lambda plane, k=k: torch.relu(layer(plane))[:, k], x.double(), y)
        same = figures.response(lambda plane: torch.relu(layer(plane)), x.double(), y, column=k)
        np.testing.assert_array_equal(pixels_of(one), pixels_of(same))
    for column in (3, -1, None):
        with pytest.raises(ValueError, match=r"^node.*모양: \(10000, 3\).*column=0"):
            figures.response(layer, x.double(), y, column=column)


def test_a_node_gets_points_like_x_whatever_the_defaults() -> None:
    x, y = mt.xor()
    node = nn.Linear(2, 1, dtype=torch.float64)
    with torch.device("meta"):
        figures.response(lambda plane: node(plane)[:, 0], x.double(), y)
        figures.response(lambda plane: plane[:, 0], x.tolist(), y.tolist())


def test_a_network_without_answers_draws_no_regions() -> None:
    x, y = mt.xor()
    for D_out in (1, 2):
        model = nn.Linear(2, D_out)
        with torch.no_grad():
            model.bias[0] = torch.nan
        with pytest.raises(ValueError, match=r"^모델의 출력에 NaN.*값: 10000개.*learning_rate"):
            figures.decision_regions(model, x, y)
        with torch.no_grad():
            model.bias[0] = torch.inf
        assert line_of(figures.decision_regions(model, x, y)) is None  # infinity has a side
    with pytest.raises(TypeError, match=r"^model은 만들어 둔.*클래스 MLP"):
        figures.decision_regions(mt.MLP, x, y)
    with pytest.raises(ValueError, match=r"^model의 층은 모두 크기가"):
        figures.decision_regions(nn.LazyLinear(2), x, y)
