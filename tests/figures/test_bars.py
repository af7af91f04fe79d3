"""Tests of bars and timelines: what is drawn is what was given, and texts keep out of each other's way."""

import math

import pytest
from drawn import assert_tidy, texts_of
from matplotlib import pyplot as plt

from mlp_tutorial import figures


def test_bars_are_as_long_as_the_values_and_say_so() -> None:
    ax = figures.bars({"가": 2.0, "나": 0.5}, xlabel="시간 (ms)", errors=[0.3, 0.1], limit=("한계", 3.0))
    assert [bar.get_width() for bar in ax.patches] == [2.0, 0.5]
    assert texts_of(ax) == ["2.00", "0.50", "한계"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["가", "나"]
    assert ax.yaxis_inverted(), "the first must stand on top"
    assert [segment[:, 0].tolist() for segment in ax.collections[0].get_segments()] == [[1.7, 2.3], [0.4, 0.6]]
    assert list(ax.lines[0].get_xdata()) == [3.0, 3.0]
    assert figures.bars({"가": 0}, xlabel="x").get_xlim() == (0, 1)


def test_bars_keep_the_scale_of_the_axes_and_the_first_on_top() -> None:
    ax = plt.subplots()[1]
    ax.set_xscale("log")
    for _ in range(2):
        figures.bars({"가": 1, "나": 1000}, xlabel="x", ax=ax)
        assert (ax.get_xscale(), ax.yaxis_inverted()) == ("log", True)


@pytest.mark.parametrize(
    ("lengths", "said"),
    [
        ([0.02, 0.5], ["0.02", "0.50"]),
        ([178, 3], ["178", "3"]),
        ([4e-4, 1e-4], ["0.00040", "0.00010"]),
        ([1e-9], ["1e-09"]),
    ],
)
def test_numbers_behind_bars_have_as_many_decimals_as_tell_them_apart(lengths: list[float], said: list[str]) -> None:
    assert texts_of(figures.bars(dict(enumerate(lengths)), xlabel="x")) == said


@pytest.mark.parametrize(
    ("lengths", "errors"),
    [([float("nan")], None), ([-1], None), ([1, 2], [1]), ([1], [-1]), ([1], ["x"]), ([[1, 2]], None)],
)
def test_bars_refuse_what_they_cannot_show_and_leave_no_figure(lengths: list[float], errors: list[float]) -> None:
    with pytest.raises(ValueError, match=r"^(values|errors).*십시오\.$"):
        figures.bars(dict(enumerate(lengths)), xlabel="x", errors=errors)
    assert plt.get_fignums() == []


def test_timeline_draws_every_span_at_its_time_and_no_name_over_another() -> None:
    stages = [("하나", 0, 400), ("아주 긴 이름", 410, 420), ("이웃한 긴 이름", 430, 440), ("끝", 450, 1000)]
    operations = [("곱", 20, 300), ("곱", 500, 501), ("다른 것", 600, 900)]
    ax = figures.timeline(stages, operations, strong={"곱": "행렬 곱"}, unit="µs")
    spans = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches]
    assert spans == [(start, end) for _, start, end in [*stages, *operations]]
    colors = [bar.get_facecolor() for bar in ax.patches[len(stages) :]]
    assert colors[0] == colors[1] != colors[2]
    assert texts_of(ax) == [*(name for name, _, _ in stages), "행렬 곱"], "the last only where it has the room"
    assert_tidy(ax)


@pytest.mark.parametrize("limit", [1.5, (1.5, "한계"), ("한계",), "한계", ("한계", "1.5"), ("한계", math.inf)])
def test_a_limit_that_is_no_name_and_place_is_refused(limit: object) -> None:
    with pytest.raises(ValueError, match=r"^limit.*\(받은 값: .*\)\. .*십시오\.$"):
        figures.bars({"가": 2.0}, xlabel="시간", limit=limit)
    assert not plt.get_fignums(), "그림을 열기 전에 알려야 합니다."
