"""Tests of bars and timelines: what is drawn is what was given, and texts keep out of each other's way."""

import pytest
from drawn import assert_tidy, texts_of

from mlp_tutorial import figures

STAGES = [("하나", 0, 400), ("아주 긴 이름", 410, 420), ("이웃한 긴 이름", 430, 440), ("끝", 450, 1000)]


def test_bars_are_as_long_as_the_values_and_say_so() -> None:
    ax = figures.bars({"가": 2.0, "나": 0.5}, xlabel="시간 (ms)", limit=("한계", 3.0))
    assert [bar.get_width() for bar in ax.patches] == [2.0, 0.5]
    assert texts_of(ax) == ["2.00", "0.50", "한계"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["가", "나"]
    assert ax.yaxis_inverted(), "the first must stand on top"
    assert ax.get_xlabel() == "시간 (ms)"
    assert list(ax.lines[0].get_xdata()) == [3.0, 3.0]
    assert ax.get_xlim()[1] > 3
    assert not figures.bars({"가": 0.0}, xlabel="x").lines


@pytest.mark.parametrize("values", [{}, {"가": -1.0}, {"가": float("nan")}, {"가": float("inf")}, {"가": [1.0, 2.0]}])
def test_bars_of_what_has_no_length_are_refused(values: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"^values"):
        figures.bars(values, xlabel="x")


def test_timeline_draws_every_span_at_its_time_and_no_name_over_another() -> None:
    operations = [("곱", 20, 300), ("곱", 500, 501), ("다른 것", 600, 900)]
    ax = figures.timeline(STAGES, operations, strong={"곱": "행렬 곱"}, unit="µs")
    spans = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches]
    assert spans == [(start, end) for _, start, end in [*STAGES, *operations]]
    colors = [bar.get_facecolor() for bar in ax.patches[len(STAGES) :]]
    assert colors[0] == colors[1] != colors[2]
    assert texts_of(ax) == [*(name for name, _, _ in STAGES), "행렬 곱"], "the last only where it has the room"
    assert_tidy(ax)
    assert "µs" in ax.get_xlabel()


@pytest.mark.parametrize(("stages", "operations"), [([], []), ([("가", 2, 1)], []), ([("가", 0, 1)], [("곱", 1, 0)])])
def test_timeline_of_no_stage_or_of_a_span_that_ends_early_is_refused(stages: list, operations: list) -> None:
    with pytest.raises(ValueError, match=r"^stages"):
        figures.timeline(stages, operations, strong={}, unit="µs")
