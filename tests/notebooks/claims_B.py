"""The claims of B that hang on chance, to be run again from other seeds; its timings are none of them."""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor
from torch.nn import functional as F

import mlp_tutorial as mt
from mlp_tutorial import speed

Optimizer = Callable[..., torch.optim.Optimizer]


def left_over(first: int, *, optimizer: Optimizer, noise: float = 0, kept: float = 1) -> Tensor:
    """Return the share of W_1's movement that x's rows can't write, (1, 10), from the network seeds `first` on.

    `noise` is added to x at each step, and only the share `kept` of its elements is not set to 0.
    """
    x, y, _ = speed.post()
    x, y, shares = x.double(), y.double(), []
    for seed in range(first, first + 10):
        torch.manual_seed(seed)
        model = mt.TwoLayerNet(1000, 100, 10).double()
        before = model.layer_01.weight.detach().clone()
        steps = optimizer(model.parameters())
        for _ in range(20):
            x_now = (x + noise * torch.randn(x.shape)) * (torch.rand(x.shape) < kept)
            steps.zero_grad()
            F.mse_loss(model(x_now), y).backward()
            steps.step()
        moved = (model.layer_01.weight.detach() - before).T  # (1000, 100)
        rest = moved - x.T @ torch.linalg.lstsq(x.T, moved).solution
        shares.append(rest.norm() / moved.norm())
    return torch.stack(shares)[None]


SGD = partial(torch.optim.SGD, lr=0.01)
CLAIMS = {
    "B.16": partial(left_over, optimizer=partial(torch.optim.Adam, lr=0.001)),
    "B.17": partial(left_over, optimizer=SGD, noise=0.5),
    "B.18": partial(left_over, optimizer=SGD, kept=0.8),
}
