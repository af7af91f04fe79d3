"""Tests of loss_contour: grid, path and minima stand where they were given, and the picture is tidy."""

import numpy as np
import pytest
from drawn import assert_tidy, pixels_of

from mlp_tutorial.figures.surfaces import loss_contour

W_1, W_2 = np.linspace(-2, 3, 51), np.linspace(-1, 2.5, 36)


def bowl(w_1: np.ndarray, w_2: np.ndarray) -> np.ndarray:
    """Return a loss that is lowest at (1, 0.5)."""
    return (w_1 - 1) ** 2 + 4 * (w_2 - 0.5) ** 2


LOSSES = bowl(W_1, W_2[:, None])  # (36, 51); turned round, it would not be the same
STEPS = np.array([[-1.8, 1.5], [-0.5, 0.2], [0.5, 0.6], [1.0, 0.5]])
PATH = np.column_stack([STEPS, bowl(*STEPS.T)])  # (4, 3)
GIVEN = {"w_1": W_1, "w_2": W_2, "losses": LOSSES, "path": PATH}


def test_contour_draws_the_path_from_a_ring_to_a_dot_and_the_valley_lighter_than_the_hill() -> None:
    ax = loss_contour(W_1, W_2, LOSSES, path=PATH)
    assert_tidy(ax)
    line, start, end = ax.lines
    np.testing.assert_array_equal(line.get_xydata(), STEPS)
    np.testing.assert_array_equal(start.get_xydata(), STEPS[:1])
    np.testing.assert_array_equal(end.get_xydata(), STEPS[-1:])
    assert (start.get_markerfacecolor(), end.get_markerfacecolor()) == ("white", "black")
    pixels = pixels_of(ax).mean(axis=2)
    columns, rows = ax.transData.transform([(0.9, 0.42), (-1.9, -0.95)]).astype(int).T  # off the lines and the path
    valley, hill = pixels[rows, columns]
    assert valley > 240
    assert 90 < hill < 190


def test_each_contour_line_lies_at_its_loss() -> None:
    w_1, w_2 = np.linspace(-2, 3, 101), np.linspace(-1, 2, 61)  # so fine that straight lines between them suffice
    ax = loss_contour(w_1, w_2, bowl(w_1, w_2[:, None]), path=PATH)
    lines = next(drawn for drawn in ax.collections if not drawn.filled)
    for level, path in zip(lines.levels, lines.get_paths(), strict=True):
        np.testing.assert_allclose(bowl(*path.vertices.T), level, rtol=0.05)


@pytest.mark.parametrize(
    ("wrong", "told", "got"),
    [
        ({"losses": LOSSES.T}, "losses", ""),
        ({"w_1": W_2}, "losses", ""),
        ({"w_2": W_2[:, None]}, "losses", ""),
        ({"w_2": W_2[:1], "losses": LOSSES[:1]}, "losses", ""),
        ({"w_1": [], "losses": LOSSES[:, :0]}, "losses", ""),
        *(({"path": path}, "losses", "") for path in (PATH[:, :2], PATH[0], PATH[:0], 5)),
        *(({name: np.where(given == given.flat[-1], np.nan, given)}, name, "개") for name, given in GIVEN.items()),
        ({"losses": LOSSES - 1}, "losses", "−1부터 24"),
        ({"losses": 0 * LOSSES}, "losses", "0부터 0"),
        ({"losses": 0 * LOSSES + 2}, "losses", "2부터 2"),
    ],
)
def test_what_does_not_fit_or_can_not_be_drawn_is_refused(wrong: dict, told: str, got: str) -> None:
    given = GIVEN | wrong
    with pytest.raises(ValueError, match=rf"^{told}.*\(받은.*{got}"):
        loss_contour(**given)


def test_lines_at_powers_of_ten_are_named_and_the_minima_marked() -> None:
    ax = loss_contour(W_1, W_2, LOSSES, path=PATH, minima=[(1, 0.5), (-1, 0)])
    assert {text.get_text() for text in ax.texts} == {"1", "10"}
    for text in ax.texts:
        np.testing.assert_allclose(bowl(*text.get_position()), float(text.get_text()), rtol=0.15)
    crosses = [line.get_xydata()[0].tolist() for line in ax.lines if line.get_marker() == "x"]
    assert crosses == [[1, 0.5], [-1, 0]]
    assert_tidy(ax)


def test_losses_between_two_round_heights_can_be_drawn() -> None:
    path = np.column_stack([STEPS, np.full(4, 1.01)])
    assert_tidy(loss_contour(W_1, W_2, 1.01 + LOSSES / 1e4, path=path))
