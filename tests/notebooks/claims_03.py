"""The claims of 03 that hang on chance, to be run again on other data and other seeds than the notebook's."""

from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor
from torch.nn import functional as F

import mlp_tutorial as mt


def mse_of_probabilities(z: Tensor, labels: Tensor) -> Tensor:
    """Return what the notebook calls MSE."""
    return F.mse_loss(torch.softmax(z, dim=-1), F.one_hot(labels, 10).double())


@cache
def cee_minus_mse(first: int) -> Tensor:
    """Return by how much CEE's validation accuracy exceeds that of MSE, (10, 1, 15), at every 20th of 300 steps."""
    x, labels = mt.digits()
    seeds = range(first, first + 10)
    splits = [mt.split(x.double(), labels, fractions=(0.2, 0.1, 0.7), seed=seed)[:2] for seed in seeds]
    how = {"seeds": [[seed] for seed in seeds], "n_steps": 300, "validate_every": 20}
    mse, cee = (
        mt.repeat(lambda: mt.MLP((64, 32, 10)).double(), splits, loss_fn=loss_fn, learning_rate=learning_rate, **how)
        for loss_fn, learning_rate in ((mse_of_probabilities, 10), (F.cross_entropy, 1))
    )
    return cee.accuracy_curves - mse.accuracy_curves


def cee_learns_faster(first: int) -> Tensor:
    """Return the mean difference over the first 100 steps, (10, 1)."""
    return cee_minus_mse(first)[..., :5].mean(dim=-1)


def cee_is_no_better_in_the_end(first: int) -> Tensor:
    """Return the difference after 300 steps, (10, 1)."""
    return cee_minus_mse(first)[..., -1]


def walks(first: int, learning_rate: float) -> Tensor:
    """Return the losses (1, 1000) after 20 steps over the notebook's landscape from random starts."""
    x = torch.linspace(-2, 2, 21, dtype=torch.float64)
    generator = torch.Generator().manual_seed(first)
    w = 5 * torch.rand(2, 1000, dtype=torch.float64, generator=generator) - 2.5
    for _ in range(20):
        h = torch.tanh(w[0].unsqueeze(1) * x)  # (1000, 21)
        away = w[1].unsqueeze(1) * h - torch.tanh(x)
        by_w_1 = 2 * (away * w[1].unsqueeze(1) * (1 - h**2) * x).mean(dim=1)
        w = w - learning_rate * torch.stack([by_w_1, 2 * (away * h).mean(dim=1)])
    return (w[1].unsqueeze(1) * torch.tanh(w[0].unsqueeze(1) * x) - torch.tanh(x)).square().mean(dim=1).unsqueeze(0)


def share(learning_rate: float, *, gone: bool) -> Callable[[int], Tensor]:
    """Return the claim that some walks are thrown out (or reach a valley): 1 for each start that does, (1, 1000)."""

    def claim(first: int) -> Tensor:
        losses = walks(first, learning_rate)
        return (losses > 100 if gone else losses < 0.01).double()

    return claim


CLAIMS = {
    "03.9": cee_learns_faster,
    "03.10": cee_is_no_better_in_the_end,
    "03.15": share(0.03, gone=False),
    "03.16": share(0.3, gone=False),
    "03.17": share(1.3, gone=True),
    "03.18": share(1.6, gone=True),
}
OVERLAP = dict.fromkeys(("03.9", "03.10"), 180 / 359)
