"""Tests of the report page: it holds what was given, and its long texts are broken."""

import matplotlib.pyplot as plt
import pytest

from mlp_tutorial.figures.report import LINE, NAME, report


def test_a_report_shows_curves_choice_tests_and_words() -> None:
    losses = {"학습": ([1, 5, 10], [0.9, 0.6, 0.5]), "검증": ([1, 5, 10], [0.9, 0.7, 0.7])}
    choice = {"좁게": (0.7, 0.02), "넓게 (은닉 노드 64개, 학습률 0.1)": (0.6, 0.01)}
    tests = {"신경망": (0.5, 0.05), "기준선": (1.0, 0.1)}
    fig = report(losses, choice, [*choice][1], tests, ["시드 7", "짐작: " + "선형회귀와 비슷하다 " * 5])
    training, choosing, testing, words = fig.axes
    assert [len(line.get_xdata()) for line in training.lines[:2]] == [3, 3]
    named = [label.get_text() for label in choosing.get_yticklabels()]
    assert [name.replace("\n", " ") for name in named] == [*choice]
    assert max(len(line) for name in named for line in name.split("\n")) <= NAME
    assert [label.get_text() for label in testing.get_yticklabels()] == ["신경망", "기준선"]
    (segment,) = choosing.collections[0].get_segments()
    assert segment[:, 0].round(6).tolist() == [0.66, 0.74], "twice the standard error both ways"
    marks = [line.get_markerfacecolor() for line in choosing.lines if line.get_marker() == "o"]
    assert len(marks) == 2
    assert marks[0] != marks[1], "the chosen one's mark is filled"
    lines = words.texts[0].get_text().split("\n")
    assert lines[0] == "시드 7"
    assert max(map(len, lines)) <= LINE
    plt.close(fig)


@pytest.mark.parametrize("unusable", [(9999, -1), None, "발산", (float("nan"), float("nan")), (1,), 0.5, ("a", "b")])
def test_what_cannot_be_drawn_is_left_out_and_said(unusable: object) -> None:
    fig = report({"학습": ([1, 2], [0.9, 0.6])}, {"좁게": unusable, "넓게": (0.6, 0.01)}, "넓게", {"가": (1, 0)}, [])
    choosing = fig.axes[1]
    assert [label.get_text() for label in choosing.get_yticklabels()] == ["좁게\n(그릴 수 없음)", "넓게"]
    assert len(choosing.collections) == 1
    plt.close(fig)


@pytest.mark.parametrize("place", range(3))
def test_a_text_whose_dollar_signs_hold_no_formula_is_refused(place: int) -> None:
    texts = ["넓게", "신경망", "시드 7"]
    texts[place] = "가격($)/소득($)"
    choice, test, word = texts
    with pytest.raises(ValueError, match="달러 기호"):
        report({"학습": ([1, 2], [0.9, 0.6])}, {choice: (0.6, 0.01)}, choice, {test: (1, 0)}, [word])
    assert not plt.get_fignums()
