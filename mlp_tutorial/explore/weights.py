"""The still pictures of the explorers whose weights are set by hand: a perceptron, ReLU hinges, a walk downhill."""

from collections.abc import Callable

import numpy as np
import torch
from matplotlib.figure import Figure
from torch import nn

from mlp_tutorial import figures
from mlp_tutorial.explore.explorer import Explorer, blank_axes
from mlp_tutorial.figures.style import INK
from mlp_tutorial.figures.surfaces import loss_contour

GATES = {"AND": (0, 0, 0, 1), "OR": (0, 1, 1, 1), "NAND": (1, 1, 1, 0), "XOR": (0, 1, 1, 0)}
TARGETS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "sin": np.sin, "square": lambda x: x**2 / 4, "step": lambda x: (x > 0).astype(float), "abs": np.abs,
}  # fmt: skip
N_WALK = 40  # steps
MINIMA = {"bowl": [(0, 0)], "ravine": [(0, 0)], "tanh": [(1, 1), (-1, -1)]}  # where the loss is 0


class Perceptron(Explorer):
    """Two weights and a bias → which of a gate's four cases are right."""

    def draw(self) -> tuple[Figure, str]:
        """Return the plane as the perceptron parts it, with the four cases on it."""
        gate, w_1, w_2, b = self.values.values()
        x, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array(GATES[gate])
        right = (x @ [w_1, w_2] + b > 0) == (y == 1)
        exact = {"dtype": torch.float64, "device": "cpu"}
        model = nn.utils.skip_init(nn.Linear, 2, 1, **exact)  # draws no random numbers
        nn.utils.vector_to_parameters(torch.tensor([w_1, w_2, b], **exact), model.parameters())
        figure, (ax,) = blank_axes(1)
        figures.decision_regions(model, x, y, boundary=0, within=[[-0.4, -0.4], [1.4, 1.4]], ax=ax)
        for markers in ax.collections[:2]:
            markers.set_sizes([90])
        ax.scatter(*x[~right].T, marker="x", s=400, color=INK, linewidths=2)  # over what is wrong, as on the page
        ax.set_title(f"{gate}: 넷 가운데 {right.sum()}개가 맞습니다")
        return figure, f"{gate}의 네 점과 퍼셉트론의 직선. 넷 가운데 {right.sum()}개가 맞습니다."


class Hinges(Explorer):
    """ReLU nodes, each a line with a kink → their sum, beside the curve that it shall be."""

    def draw(self) -> tuple[Figure, str]:
        """Return the sum and the curve, and the error between them."""
        chosen, x = self.values, np.linspace(-3, 3, 121)
        wanted, used = TARGETS[chosen["target"]](x), chosen["nodes"][: chosen["n"]]
        total = chosen["bias"] + sum(slope * np.maximum(0, x - kink) for kink, slope in used)
        error = ((total - wanted) ** 2).mean()
        figure, (ax,) = blank_axes(1)
        series = {"맞출 곡선": (x, wanted), "노드의 합": (x, total)}
        figures.curves(series, xlabel="x", ylabel="출력", ax=ax).set_title(f"평균제곱오차 {error:.4f}")
        return figure, f"맞출 곡선과 ReLU 노드 {chosen['n']}개의 합. 평균제곱오차 {error:.4f}."


def loss_and_gradient(valley: str, w_1: np.ndarray, w_2: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a valley's loss at two weights and its gradient to each, all of the weights' shape."""
    if valley != "tanh":
        steep = {"bowl": 1, "ravine": 10}[valley]
        return (w_1**2 + steep * w_2**2) / 2, w_1, steep * w_2
    x = np.linspace(-2, 2, 21)
    bent = np.tanh(w_1[..., None] * x)
    errors = w_2[..., None] * bent - np.tanh(x)
    to_w_1 = (2 * errors * w_2[..., None] * x * (1 - bent**2)).mean(axis=-1)
    return (errors**2).mean(axis=-1), to_w_1, (2 * errors * bent).mean(axis=-1)


class Descent(Explorer):
    """A valley of two weights, a start and a learning rate → the walk of gradient descent."""

    def draw(self) -> tuple[Figure, str]:
        """Return the valley from above with the first steps in it."""
        valley, w_1, w_2, learning_rate = self.values.values()
        grid, w = np.linspace(-2.5, 2.5, 101), np.array([w_1, w_2])
        path = []
        for _ in range(N_WALK + 1):
            loss, *gradient = loss_and_gradient(valley, *w)
            path.append([*w, loss])
            w = w - learning_rate * np.array(gradient)
            if not np.abs(w).max() < 100:
                break
        figure, (ax,) = blank_axes(1)
        losses = loss_and_gradient(valley, *np.meshgrid(grid, grid))[0]
        loss_contour(grid, grid, losses, path=path, minima=MINIMA[valley], ax=ax)
        said = f"{len(path) - 1} 걸음 뒤의 손실 {path[-1][2]:.4f}"
        ax.set_title(said)
        return figure, f"두 가중치의 골짜기를 학습률 {learning_rate:g}로 내려간 길. {said}."
