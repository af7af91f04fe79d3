"""The claims of 03 that hang on chance, to be run again on other data and other seeds than the notebook's."""

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
        for loss_fn, learning_rate in ((mse_of_probabilities, 15), (F.cross_entropy, 1))
    )
    return cee.accuracy_curves - mse.accuracy_curves


def cee_learns_faster(first: int) -> Tensor:
    """Return the mean difference over the first 100 steps, (10, 1)."""
    return cee_minus_mse(first)[..., :5].mean(dim=-1)


def cee_is_no_better_in_the_end(first: int) -> Tensor:
    """Return the difference after 300 steps, (10, 1)."""
    return cee_minus_mse(first)[..., -1]


CLAIMS = {"03.11": cee_learns_faster, "03.12": cee_is_no_better_in_the_end}
OVERLAP = dict.fromkeys(CLAIMS, 180 / 359)
