"""Tests of curves: what is drawn is what was given, each name stands at its curve's end, and none hides another."""

import re
from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from drawn import assert_tidy, luminance, pixels_of, texts_of
from matplotlib.colors import to_rgb
from matplotlib.path import Path
from numpy.typing import ArrayLike

import mlp_tutorial as mt
from mlp_tutorial import figures
from mlp_tutorial.figures.style import GREY, LEVEL_GREY
from mlp_tutorial.reference import POST_LOSSES

AXES = {"xlabel": "너비", "ylabel": "정확도"}
CLOSE_CURVES = [  # low, high, equal, and one that ends early
    [[1, 0.5, 0.3], [1, 0.6, 0.301], [1, 0.9, 0.302], [0.9, 0.8, 0.303]],
    [[0.1, 0.5, 0.99], [0.1, 0.6, 0.991], [0.1, 0.4, 0.992], [0.2, 0.3, 0.993]],
    [[0, 1.0], [0.5, 1.0], [0.7, 1.0]],
    [[1, 0.5], [1, 0.6, 0.5], [1, 0.9, 0.51]],
]


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


@pytest.mark.parametrize("losses", [5 / np.arange(5, 104), [0.2, 0.5, 0.979], [0.5, 0.975] * 49, [2.0], []])
@pytest.mark.parametrize("held_out", [{}, dict.fromkeys(range(10, 101, 10), 1.03)])
def test_the_baselines_name_keeps_clear_of_the_curves(losses: ArrayLike, held_out: dict[int, float]) -> None:
    ax = figures.loss_curve(mt.History(torch.tensor(losses), held_out), baseline=0.98, label="학습 손실")
    assert_tidy(ax)
    name = next(text for text in ax.texts if text.get_text() == "기준선 0.98").get_window_extent()
    for line in ax.lines[:-1]:  # the last is the baseline
        curve = Path(ax.transData.transform(line.get_xydata()))
        assert not curve.intersects_bbox(name, filled=False), "기준선의 이름이 곡선을 가립니다."
    assert ax.bbox.y0 < name.y0, "기준선의 이름이 축을 지납니다."


def test_loss_curve_survives_divergence_and_integers_stay_whole() -> None:
    ax = figures.loss_curve([1.0, 2.0, float("inf"), float("nan")])
    assert_tidy(ax)
    assert tuple(ax.texts[0].xy) == (2, 2.0), "이름은 마지막 유한한 손실 옆에 있어야 합니다."
    assert all(tick == int(tick) for tick in ax.get_xticks())


@pytest.mark.parametrize("close", CLOSE_CURVES)
def test_names_of_close_curves_stay_apart_and_in_order(close: list) -> None:
    given = {f"학습률 {10.0**-i:g}": y for i, y in enumerate(close)}
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


@pytest.mark.parametrize(
    "given", [[0.5, 0.25], (0.5, 0.25), torch.tensor([0.5, 0.25], requires_grad=True), (np.array([1, 2]), (0.5, 0.25))]
)
def test_curves_take_y_alone_which_counts_from_1_or_x_and_y(given: object) -> None:
    ax = figures.curves({"폭 16": given}, xlabel="크기", ylabel="시간(초)", xscale="log", yscale="log")
    np.testing.assert_array_equal(ax.lines[0].get_xydata(), [[1, 0.5], [2, 0.25]])
    assert (ax.get_xscale(), ax.get_yscale(), ax.get_xlabel(), ax.get_ylabel()) == ("log", "log", "크기", "시간(초)")
    assert_tidy(ax)


@pytest.mark.parametrize("axis", ["x", "y"])
def test_on_a_logarithmic_axis_the_name_stands_where_the_curve_is_last_seen(axis: str) -> None:
    points = ([1, 10, 100], [1, 0.1, 0]) if axis == "y" else ([100, 10, 0], [1, 0.1, 0.2])
    ax = figures.curves({"손실": points}, xlabel="x", ylabel="손실", **{f"{axis}scale": "log"})
    assert ax.texts[0].xy == (10, 0.1)
    assert_tidy(ax)


@pytest.mark.parametrize(
    ("given", "got"),
    [
        (([1, 2], [3]), "(2,), (1,)"),
        (([1], [2], [3]), "(1,), (1,), (1,)"),
        (([1, 2],), "(2,)"),
        ((1, [2, 3]), "(), (2,)"),
        (torch.ones(3, 1), "(3, 1)"),
        (torch.tensor(0.5), "()"),
    ],
)
def test_a_curve_of_another_shape_is_refused(given: object, got: str) -> None:
    with pytest.raises(ValueError, match=rf"^'a'.*{re.escape(got)}"):
        figures.curves({"a": given}, xlabel="x", ylabel="y")
    with pytest.raises(ValueError, match=r"^'a'"):
        figures.loss_curve(given, label="a")
    assert not plt.get_fignums(), "그림을 열기 전에 알려야 합니다."


@pytest.mark.parametrize("shape", [(1, 2, 5), (3, 5), (1, 3, 1, 5)])
def test_curves_of_several_runs_are_picked_or_averaged(shape: tuple[int, ...]) -> None:
    y, first = torch.ones(shape), (0,) * (len(shape) - 1)
    over = 0 if len(first) == 1 else tuple(range(len(first)))
    pick = f"y[{', '.join(map(str, first))}]처럼 한 줄을 고르거나 y.mean(axis={over})"
    for draw in (lambda: figures.curves({"a": y}, xlabel="x", ylabel="y"), lambda: figures.loss_curve(y)):
        with pytest.raises(ValueError, match=re.escape(pick)) as caught:
            draw()
        assert "y.flatten()" not in str(caught.value), "the runs, one behind the other, would be one curve"
    assert y[first].shape == y.mean(axis=over).shape == y.numpy().mean(axis=over).shape == (5,)
    with pytest.raises(ValueError, match=r"len\(x\)와 len\(y\)를") as caught:
        figures.curves({"a": (y, y[first])}, xlabel="x", ylabel="y")
    assert "여러 줄" not in str(caught.value), "y is one line; x is not"


def test_a_loss_curve_of_a_dict_is_drawn_as_the_message_says() -> None:
    losses = {10: 0.5, 20: 0.25}
    with pytest.raises(ValueError, match=re.escape("(사전.keys(), 사전.values())처럼")):
        figures.loss_curve(losses)
    (line,) = figures.loss_curve((losses.keys(), losses.values())).lines
    np.testing.assert_array_equal(line.get_xydata(), [*losses.items()])


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"baseline": [1.0]}, r"^baseline은 유한한 수 하나여야.*0\.5처럼.*값이 하나인 텐서라면 \.item\(\)으로"),
        ({"baseline": "0.9"}, r"^baseline은 .*float\('0\.9'\)처럼"),
        ({"baseline": np.nan}, r"^baseline은 .*값: nan"),
        ({"post": [1.07]}, r"^post는 .*값의 형: list.*처럼"),
        ({"post": True}, r"^post는 .*값의 형: bool.*처럼"),
    ],
)
def test_what_is_no_baseline_or_table_of_the_post_is_refused(given: dict, told: str) -> None:
    with pytest.raises((TypeError, ValueError), match=told):
        figures.loss_curve([1.0, 0.5], **given)
    assert not plt.get_fignums(), "그림을 열기 전에 알려야 합니다."


def test_numbers_that_come_one_by_one_are_told_to_be_listed() -> None:
    with pytest.raises(ValueError, match=r"list\(…\)로 바꾸십시오"):
        figures.curves({"a": map(float, [1, 2])}, xlabel="x", ylabel="y")


@pytest.mark.parametrize(("name", "scale"), [("xscale", "logarithmic"), ("yscale", "function")])
def test_a_scale_that_matplotlib_does_not_know_or_asks_functions_for_is_refused(name: str, scale: str) -> None:
    with pytest.raises(ValueError, match=rf"^{name}은 .*\(받은 값: '{scale}'\)\. 'linear'나 'log'로"):
        figures.curves({"a": [1, 2]}, xlabel="x", ylabel="y", **{name: scale})
    assert not plt.get_fignums(), "그림을 열기 전에 알려야 합니다."


def test_the_scales_of_the_axes_stay_unless_others_are_given() -> None:
    ax = plt.subplots()[1]
    ax.set(xscale="log", yscale="log")
    ax.invert_yaxis()
    figures.loss_curve([1.0, 0.1, 0.0], ax=ax, baseline=0.5)
    assert (ax.get_xscale(), ax.get_yscale(), ax.yaxis_inverted()) == ("log", "log", True)
    assert tuple(ax.texts[0].xy) == (2, 0.1), "where it is last seen"
    figures.curves({"a": [1, 2]}, xlabel="x", ylabel="y", xscale="linear", ax=ax)
    assert (ax.get_xscale(), ax.get_yscale()) == ("linear", "log")


def test_fractions_beside_whole_numbers_have_ticks() -> None:
    ax = figures.curves({"a": [1, 2, 3]}, **AXES)
    assert (ax.get_xticks() % 1 == 0).all()
    figures.curves({"b": ([0.1, 0.2], [1, 2])}, **AXES, ax=ax)
    assert (ax.get_xticks() % 1 > 0).any()


def test_a_name_may_be_a_pair_of_numbers() -> None:
    for draw in (lambda name: figures.curves({name: [1, 2]}, **AXES), lambda name: figures.bars({name: 1}, xlabel="x")):
        ax = draw((16, 0.1))
        assert "(16, 0.1)" in [text.get_text() for text in (*ax.texts, *ax.get_yticklabels())]


@pytest.mark.parametrize("text", ["가격($)/소득($)", "$100~$200", "lr=$10^{$"])
def test_what_stands_between_dollar_signs_and_is_no_formula_is_refused(text: str) -> None:
    for draw in (
        lambda: figures.curves({text: [1, 2]}, **AXES),
        lambda: figures.curves({"a": [1, 2]}, **AXES | {"xlabel": text}),
        lambda: figures.loss_curve([1, 2], label=text),
        lambda: figures.bars({text: 1.0}, xlabel="x"),
        lambda: figures.bars({"a": 1.0}, xlabel=text),
    ):
        with pytest.raises(ValueError, match=rf"받은 값: {re.escape(repr(text))}.*r'가격\(\\\$\)'처럼"):
            draw()
    assert not plt.get_fignums()
    for fine in ("$x_1$과 $x_2$", "소득 ($)", r"소득(\$)과 가격(\$)", r"\$5와 $x^2$", "가격($)\n소득($)", "$R^2$1차"):
        ax = figures.curves({fine: [1, 2]}, **AXES | {"xlabel": fine})
        ax.get_figure(root=True).canvas.draw()  # without a warning of a missing glyph


def test_one_of_two_axes_in_a_place_is_refused_and_shared_ones_are_taken() -> None:
    figure, (above, below) = plt.subplots(2, 1, sharex=True)
    beside = figure.add_axes((0.9, 0.9, 0.1, 0.1), sharex=above)
    for ax in (above, below, beside):
        figures.curves({"a": [1, 2]}, ax=ax, **AXES)
    with pytest.raises(ValueError, match=r"twinx\(\).*sharex=True\).*십시오\.$"):
        figures.curves({"a": [1, 2]}, ax=below.twinx(), **AXES)


def test_curves_can_be_told_apart_and_read_in_grey_print() -> None:
    ax = figures.curves({str(i): [i, i] for i in range(14)}, xlabel="x", ylabel="y")
    grey = pixels_of(ax).mean(axis=2)  # (rows, columns)
    heights = ax.transData.transform([(1, i) for i in range(14)])[:, 1]
    rows = grey[heights.astype(int), int(ax.bbox.x0) + 30 : int(ax.bbox.x1) - 30]  # (14, columns)
    patterns = [tuple(row < (255 + row.min()) / 2) for row in rows]  # whatever the colour
    assert len({*patterns[:7]}) == 7, "선의 모양이 같은 곡선이 있습니다."
    looks = {(line.get_color(), pattern) for line, pattern in zip(ax.lines, patterns, strict=True)}
    assert len(looks) == 14, "색도 선의 모양도 같은 곡선이 있습니다."
    for color in {line.get_color() for line in ax.lines} | {GREY, LEVEL_GREY}:
        assert 1.05 / (luminance(color) + 0.05) >= 3, f"{color}은(는) 흰 바탕에서 흐립니다."


def test_errors_are_bars_of_the_curves_own_colour() -> None:
    ax = figures.curves(
        {"학습": ([1, 4, 16], [0.8, 0.9, 0.95]), "검증": [0.7, 0.8, 0.75]}, errors={"학습": [0.02, 0.01, 0]}, **AXES
    )
    (bars,) = ax.collections
    expected = [[[1, 0.78], [1, 0.82]], [[4, 0.89], [4, 0.91]], [[16, 0.95], [16, 0.95]]]
    np.testing.assert_allclose(bars.get_segments(), expected)
    np.testing.assert_allclose(bars.get_color()[0][:3], to_rgb(ax.lines[0].get_color()))
    assert_tidy(ax)


def test_a_point_alone_is_marked() -> None:
    ax = figures.curves({"하나": [0.7], "둘": [0.5, 0.4]}, **AXES)
    assert [line.get_marker() for line in ax.lines] == ["o", "None"]


@pytest.mark.parametrize("errors", [{"없음": [1, 1, 1]}, {"학습": [1, 1]}, {"학습": [0.1, -0.1, 0.1]}])
def test_errors_of_no_curve_are_refused(errors: dict) -> None:
    with pytest.raises(ValueError, match=r"^errors\['\w+'\]에는 .* \(받은 모양: .*십시오\.$"):
        figures.curves({"학습": [0.8, 0.9, 0.95]}, errors=errors, **AXES)
