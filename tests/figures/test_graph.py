"""Tests of figures.diagrams.graph: the shapes are those that PyTorch computes, and arrows lead where data flow."""

import re
from itertools import product

import numpy as np
import pytest
import torch
from drawn import arrow, assert_clear, assert_tidy, texts_of
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from torch import Tensor
from torch.nn import functional as F

from mlp_tutorial.figures import computation_graph
from mlp_tutorial.figures.style import VERMILION

SIZES = [(64, 1000, 100, 10), (8, 2, 3, 1), (1, 1, 1, 1), (8192, 100_000, 65_536, 1000)]
# symbol → the operations that its arrow joins, counted from the left; None is the outside
ENDS = {"x": (None, 0), "z": (0, 1), "h": (1, 2), r"\hat y": (2, 3), "L": (3, None)}
ENDS |= {"W_1": (None, 0), "b_1": (None, 0), "W_2": (None, 2), "b_2": (None, 2), "y": (None, 3)}


def tensors(batch_size: int, D_in: int, H: int, D_out: int) -> dict[str, Tensor]:
    """Return all that the forward pass computes, after the backward pass."""
    shapes = {"W_1": (H, D_in), "b_1": (H,), "W_2": (D_out, H), "b_2": (D_out,)}
    found = {name: torch.ones(shape, requires_grad=True) for name, shape in shapes.items()}
    found |= {"x": torch.ones(batch_size, D_in), "y": torch.ones(batch_size, D_out)}
    found["z"] = F.linear(found["x"], found["W_1"], found["b_1"])
    found["h"] = F.relu(found["z"])
    found[r"\hat y"] = F.linear(found["h"], found["W_2"], found["b_2"])
    found["L"] = F.mse_loss(found[r"\hat y"], found["y"])
    for tensor in (found[name] for name in ("z", "h", r"\hat y", "L")):
        tensor.retain_grad()
    found["L"].backward()
    return found


def symbol(text: Text) -> str | None:
    """Return the symbol that a label names, alone or as ∂L/∂symbol; None for other texts."""
    found = re.match(r"\$(?:\\partial L/\\partial )?(.+?)\$.*\n\(", text.get_text())
    return found and found[1]


def parts(ax: Axes) -> tuple[list[FancyBboxPatch], dict[str, FancyArrowPatch], dict[str, Text]]:
    """Return the operations from the left, each symbol's arrow (the one nearest to its label), and its label."""
    ax.figure.canvas.draw()
    boxes = sorted(ax.findobj(FancyBboxPatch), key=lambda box: box.get_x())
    labels = {symbol(text): text for text in ax.texts if symbol(text)}

    def nearest(label: Bbox) -> FancyArrowPatch:
        drawn = {patch: patch.get_window_extent() for patch in ax.findobj(FancyArrowPatch)}
        gaps = {patch: abs(label.x0 + label.x1 - box.x0 - box.x1) / 2 for patch, box in drawn.items()}
        return min(drawn, key=lambda patch: gaps[patch] + abs(label.y0 - drawn[patch].y1))

    return boxes, {name: nearest(text.get_window_extent()) for name, text in labels.items()}, labels


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("sizes", SIZES[:3])
def test_shapes_are_those_that_pytorch_computes_and_x_and_y_have_no_gradient(sizes: tuple, backward: bool) -> None:
    computed = tensors(*sizes)
    assert computed["L"].grad == 1
    expected = {
        rf"$\partial L/\partial {name}$" + " = 1" * (name == "L") + f"\n{tuple(tensor.grad.shape)}"
        if backward and tensor.grad is not None
        else f"${name}$\n{tuple(tensor.shape)}"
        for name, tensor in computed.items()
    }
    said = texts_of(computation_graph(*sizes, backward=backward))
    assert {text for text in said if "\n" in text} == expected
    assert said.count("구하지 않음") == backward * sum(tensor.grad is None for tensor in computed.values())
    starts = [text.split("  ")[0] for text in said if "전파" in text]
    assert starts == ["← 역전파" if backward else "순전파 →"]


@pytest.mark.parametrize("backward", [False, True])
def test_arrows_lead_where_data_or_gradients_flow_and_tell_which_without_colour(backward: bool) -> None:
    ax = computation_graph(*SIZES[0], backward=backward)
    boxes, arrows, labels = parts(ax)
    inside = [[text.get_text() for text in ax.texts if _touches(box, text.get_position())] for box in boxes]
    assert inside == [["선형"], ["ReLU"], ["선형"], ["MSE"]]
    assert set(arrows) == set(labels) == set(ENDS)
    assert len({id(drawn) for drawn in arrows.values()}) == len(ENDS), "이름과 화살표가 일대일이 아닙니다."
    looks = {name: drawn.get_linestyle() for name, drawn in arrows.items()}
    assert looks == {name: "solid" if not backward else ":" if name in ("x", "y") else "--" for name in ENDS}
    framed = {name for name, label in labels.items() if label.get_bbox_patch()}
    assert framed == ({"W_1", "b_1", "W_2", "b_2"} if backward else set()), "매개변수의 기울기만 테두리가 있습니다."
    assert (to_rgb(arrows["W_1"].get_edgecolor()) == to_rgb(VERMILION)) == backward
    assert (arrows["W_1"].get_linewidth() > arrows["z"].get_linewidth()) == backward
    for name, ends in ENDS.items():
        found = arrow(arrows[name])
        if backward and name in ("x", "y"):
            assert found is None, f"{name}에는 기울기가 없습니다."
            continue
        for point, end in zip(found[::-1] if backward else found, ends, strict=True):
            touched = [i for i, box in enumerate(boxes) if _touches(box, point)]
            assert touched == ([] if end is None else [end]), f"{name}의 화살표가 다른 연산에 닿습니다."


def _touches(box: FancyBboxPatch, point: np.ndarray) -> bool:
    """Tell whether the point lies on the box, give or take an arrow head's blunt tip."""
    low, size = np.array([box.get_x(), box.get_y()]), np.array([box.get_width(), box.get_height()])
    return bool((low - 0.05 <= point).all() and (point <= low + size + 0.05).all())


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize(
    ("sizes", "figsize"),
    [*product(SIZES, [(9, 3.4), (6.4, 3.6)]), (SIZES[-1], (12, 3.4))],  # the last is too wide
)
def test_texts_are_apart_and_whole(sizes: tuple, figsize: tuple, backward: bool) -> None:
    ax = computation_graph(*sizes, backward=backward, ax=plt.subplots(figsize=figsize)[1])
    texts = assert_tidy(ax)
    assert_clear(texts, (patch for patch in ax.patches if isinstance(patch, FancyBboxPatch)))
    lines = [patch.get_window_extent() for patch in ax.findobj(FancyArrowPatch)]
    for text, (_, frame) in texts.items():
        assert not frame.count_overlaps(lines), f"'{text.get_text()}'이(가) 화살표에 걸립니다."


@pytest.mark.parametrize("name", ["batch_size", "D_in", "H", "D_out"])
def test_sizes_that_are_no_whole_numbers_are_refused(name: str) -> None:
    sizes = {"batch_size": 8, "D_in": 2, "H": 3, "D_out": 1} | {name: 2.5}
    with pytest.raises(ValueError, match=rf"^{name}.*2\.5"):
        computation_graph(**sizes)
    assert not plt.get_fignums(), "그림을 열기 전에 알려야 합니다."
