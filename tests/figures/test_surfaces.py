"""Tests of loss_contour and loss_surface: grid and paths stand where they were given, and the pictures are tidy."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from drawn import assert_tidy, pixels_of
from mpl_toolkits.mplot3d import proj3d
from mpl_toolkits.mplot3d.art3d import Poly3DCollection

from mlp_tutorial import figures

W_1, W_2 = np.linspace(-2, 3, 51), np.linspace(-1, 2.5, 36)


def bowl(w_1: np.ndarray, w_2: np.ndarray) -> np.ndarray:
    """Return a loss that is lowest at (1, 0.5)."""
    return (w_1 - 1) ** 2 + 4 * (w_2 - 0.5) ** 2


LOSSES = bowl(W_1, W_2[:, None])  # (36, 51); turned round, it would not be the same
STEPS = np.array([[-1.8, 1.5], [-0.5, 0.2], [0.5, 0.6], [1.0, 0.5]])
PATH = np.column_stack([STEPS, bowl(*STEPS.T)])  # (4, 3)
GIVEN = {"w_1": W_1, "w_2": W_2, "losses": LOSSES, "path": PATH}


def test_contour_draws_the_path_from_a_ring_to_a_dot_and_the_valley_lighter_than_the_hill() -> None:
    ax = figures.loss_contour(W_1, W_2, LOSSES, path=PATH)
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
    ax = figures.loss_contour(w_1, w_2, bowl(w_1, w_2[:, None]), path=PATH)
    lines = next(drawn for drawn in ax.collections if not drawn.filled)
    for level, path in zip(lines.levels, lines.get_paths(), strict=True):
        np.testing.assert_allclose(bowl(*path.vertices.T), level, rtol=0.05)


def test_surface_stands_at_the_losses_with_the_paths_on_it() -> None:
    given = map(torch.from_numpy, (W_1, W_2, LOSSES))
    ax = figures.loss_surface(*given, paths={"학습률 0.1": PATH, "학습률 1": PATH[:2].tolist()})
    for line, path in zip(ax.lines, (PATH, PATH[:2]), strict=True):
        np.testing.assert_array_equal(np.column_stack(line.get_data_3d()), path)
    (surface,) = (drawn for drawn in ax.collections if isinstance(drawn, Poly3DCollection))
    ax.figure.canvas.draw()  # which projects the surface onto the paper
    corners = np.concatenate([path.vertices for path in surface.get_paths()])
    x, y = (part.ravel() for part in np.meshgrid(W_1, W_2))
    points = np.column_stack(proj3d.proj_transform(x, y, bowl(x, y), ax.get_proj())[:2])
    gaps = np.linalg.norm(corners[:, None] - points, axis=2)  # of each corner to each point of the grid
    assert gaps.min(axis=1).max() < 1e-9, "곡면이 손실과 다른 높이에 있습니다."
    assert (gaps.min(axis=0).reshape(LOSSES.shape) < 1e-9)[:, ::2].all(), "곡면에 빠진 곳이 있습니다."
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["학습률 0.1", "학습률 1"]
    looks = [(line.get_linestyle(), line.get_marker()) for line in ax.lines]
    assert looks[0][0] != looks[1][0]
    assert looks[0][1] != looks[1][1], "흑백으로도 길을 구별할 수 있어야 합니다."
    assert min(line.get_zorder() for line in ax.lines) > surface.get_zorder(), "곡면이 길을 가립니다."
    assert_tidy(ax)


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
        figures.loss_contour(**given)
    path = given.pop("path")
    with pytest.raises(ValueError, match=rf"^{told}.*\(받은.*{got}"):
        figures.loss_surface(**given, paths={"길": path})


def test_flat_axes_and_more_paths_than_looks_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^ax.*3d"):
        figures.loss_surface(W_1, W_2, LOSSES, paths={}, ax=plt.subplots()[1])
    paths = {f"길 {i}": PATH for i in range(8)}
    with pytest.raises(ValueError, match=r"^paths.*8개"):
        figures.loss_surface(W_1, W_2, LOSSES, paths=paths)
    del paths["길 7"]
    lines = figures.loss_surface(W_1, W_2, LOSSES, paths=paths).lines
    assert len({(str(line.get_linestyle()), line.get_marker()) for line in lines}) == 7


def test_losses_between_two_round_heights_can_be_drawn() -> None:
    path = np.column_stack([STEPS, np.full(4, 1.01)])
    assert_tidy(figures.loss_contour(W_1, W_2, 1.01 + LOSSES / 1e4, path=path))
