"""Tests of loss_contour and loss_surface: grid and paths stand where they were given, and the pictures are tidy."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from drawn import assert_tidy
from matplotlib.axes import Axes
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


def contour() -> Axes:
    """Return the drawing of the bowl."""
    return figures.loss_contour(W_1, W_2, LOSSES, path=PATH)


def test_contour_draws_the_path_from_a_ring_to_a_dot() -> None:
    ax = contour()
    assert_tidy(ax)
    line, start, end = ax.lines
    np.testing.assert_array_equal(line.get_xydata(), STEPS)
    np.testing.assert_array_equal(start.get_xydata(), STEPS[:1])
    np.testing.assert_array_equal(end.get_xydata(), STEPS[-1:])
    assert (start.get_markerfacecolor(), end.get_markerfacecolor()) == ("white", "black")


def test_each_contour_line_lies_at_its_loss() -> None:
    w_1, w_2 = np.linspace(-2, 3, 101), np.linspace(-1, 2, 61)  # so fine that straight lines between them suffice
    ax = figures.loss_contour(w_1, w_2, bowl(w_1, w_2[:, None]), path=PATH)
    lines = next(drawn for drawn in ax.collections if not drawn.filled)
    for level, path in zip(lines.levels, lines.get_paths(), strict=True):
        np.testing.assert_allclose(bowl(*path.vertices.T), level, rtol=0.05)


def test_the_valley_is_lighter_than_the_hill_and_never_black() -> None:
    ax = contour()
    ax.figure.canvas.draw()
    pixels, height = np.asarray(ax.figure.canvas.buffer_rgba())[..., :3].mean(axis=2), ax.figure.bbox.height
    columns, rows = ax.transData.transform([(0.9, 0.42), (-1.9, -0.95)]).T  # both off the lines and the path
    valley, hill = pixels[(height - rows).astype(int), columns.astype(int)]
    assert valley > 240
    assert 90 < hill < 190


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
    "wrong",
    [
        {"losses": LOSSES.T},
        {"w_1": W_2},
        {"w_2": W_2[:, None]},
        {"w_2": W_2[:1], "losses": LOSSES[:1]},
        {"w_1": [], "losses": LOSSES[:, :0]},
        {"path": PATH[:, :2]},
        {"path": PATH[0]},
        {"path": PATH[:0]},
        {"path": 5},
    ],
)
def test_sizes_that_do_not_fit_are_refused(wrong: dict) -> None:
    given = {"w_1": W_1, "w_2": W_2, "losses": LOSSES, "path": PATH} | wrong
    with pytest.raises(ValueError, match=r"^losses의 모양.*\(받은 모양"):
        figures.loss_contour(**given)
    path = given.pop("path")
    with pytest.raises(ValueError, match=r"^losses의 모양.*\(받은 모양"):
        figures.loss_surface(**given, paths={"길": path})


@pytest.mark.parametrize("name", ["w_1", "w_2", "losses", "path"])
def test_numbers_that_are_not_finite_are_refused(name: str) -> None:
    given = {"w_1": W_1, "w_2": W_2, "losses": LOSSES, "path": PATH}
    given[name] = given[name].copy()
    given[name].flat[-1] = np.nan
    with pytest.raises(ValueError, match=rf"^{name}에.*\(받은 값: 1개\)"):
        figures.loss_contour(**given)


@pytest.mark.parametrize(
    ("losses", "got"), [(LOSSES - 1, "−1부터 24까지"), (0 * LOSSES, "0부터 0까지"), (0 * LOSSES + 2, "2부터 2까지")]
)
def test_losses_that_are_negative_or_all_the_same_are_refused(losses: np.ndarray, got: str) -> None:
    expected = rf"^losses.*\(받은 값: {got}\)"
    with pytest.raises(ValueError, match=expected):
        figures.loss_contour(W_1, W_2, losses, path=PATH)
    with pytest.raises(ValueError, match=expected):
        figures.loss_surface(W_1, W_2, losses, paths={})


def test_there_are_as_many_paths_as_looks() -> None:
    paths = {f"길 {i}": PATH for i in range(8)}
    with pytest.raises(ValueError, match=r"^paths.*7개.*\(받은 값: 8개\)"):
        figures.loss_surface(W_1, W_2, LOSSES, paths=paths)
    del paths["길 7"]
    lines = figures.loss_surface(W_1, W_2, LOSSES, paths=paths).lines
    assert len({(str(line.get_linestyle()), line.get_marker()) for line in lines}) == 7


def test_flat_axes_are_refused_for_a_surface() -> None:
    with pytest.raises(ValueError, match=r"^ax.*3d"):
        figures.loss_surface(W_1, W_2, LOSSES, paths={}, ax=plt.subplots()[1])


def test_losses_between_two_round_heights_can_be_drawn() -> None:
    path = np.column_stack([STEPS, np.full(4, 1.01)])
    assert_tidy(figures.loss_contour(W_1, W_2, 1.01 + LOSSES / 1e4, path=path))
