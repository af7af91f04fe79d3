"""The claims of 02 that hang on chance, to be run again on other data and other seeds than the notebook's.

Each function takes the first seed of the data and of the networks; the notebook's is 0.
"""

from functools import cache, partial

import torch
from torch import Tensor, nn
from torch.nn import functional as F

import mlp_tutorial as mt
from mlp_tutorial.data import Data

N_SPLITS, N_STEPS, EVERY = 30, 200, 20
SOME, MOST = 1, 9  # columns of the curves: after 40 updates, after 200
LINE, NARROW, WIDEST, DEEP = (2, 2), (2, 16, 2), (2, 256, 2), (2, 16, 16, 16, 2)


def moons(seed: int) -> tuple[Data, Data]:
    """Return train and validation of newly drawn moons."""
    x, y = mt.two_moons(600, noise=0.3, seed=seed)
    return mt.split(x.double(), y, fractions=(1 / 6, 5 / 6), seed=seed)


def network(widths: tuple[int, ...]) -> nn.Module:
    """Return a network whose weights are drawn as float64, as in the notebook."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        return mt.MLP(widths)
    finally:
        torch.set_default_dtype(before)


@cache
def runs(widths: tuple[int, ...], first: int) -> mt.Runs:
    """Return the runs of one network on N_SPLITS newly drawn data sets, each with a seed of its own."""
    own = range(first, first + N_SPLITS)
    splits, seeds = [moons(seed) for seed in own], [[seed] for seed in own]
    how = {"loss_fn": F.cross_entropy, "learning_rate": 0.03, "optimizer": torch.optim.Adam}
    return mt.repeat(partial(network, widths), splits, seeds=seeds, n_steps=N_STEPS, validate_every=EVERY, **how)


def wider_fits_training_better_than_a_line(first: int) -> Tensor:
    """Return the training accuracy of a line minus that of width 16."""
    return runs(LINE, first).train_accuracies - runs(NARROW, first).train_accuracies


def wider_fits_validation_better_than_a_line(first: int) -> Tensor:
    """Return the validation accuracy of a line minus that of width 16."""
    return runs(LINE, first).accuracies - runs(NARROW, first).accuracies


def widest_fits_training_better(first: int) -> Tensor:
    """Return the training accuracy of width 256 minus that of 16."""
    return runs(WIDEST, first).train_accuracies - runs(NARROW, first).train_accuracies


def widest_fits_validation_worse(first: int) -> Tensor:
    """Return the validation accuracy of width 256 minus that of 16."""
    return runs(WIDEST, first).accuracies - runs(NARROW, first).accuracies


def deeper_fits_training_better(first: int) -> Tensor:
    """Return the training accuracy of depth 3 minus that of depth 1."""
    return runs(DEEP, first).train_accuracies - runs(NARROW, first).train_accuracies


def deeper_fits_validation_worse(first: int) -> Tensor:
    """Return the validation accuracy of depth 3 minus that of depth 1."""
    return runs(DEEP, first).accuracies - runs(NARROW, first).accuracies


def longer_raises_the_validation_loss(first: int) -> Tensor:
    """Return the validation loss of width 256 after 200 steps minus that after 40."""
    curve = runs(WIDEST, first).loss_curves
    return curve[:, :, MOST] - curve[:, :, SOME]


def early_the_widest_is_ahead(first: int) -> Tensor:
    """Return the validation accuracy of width 256 minus that of 16, both after 40 steps."""
    return (runs(WIDEST, first).accuracy_curves - runs(NARROW, first).accuracy_curves)[:, :, SOME]


CLAIMS = {
    "02.5": wider_fits_training_better_than_a_line,
    "02.6": widest_fits_training_better,
    "02.7": deeper_fits_training_better,
    "02.8": wider_fits_validation_better_than_a_line,
    "02.11": widest_fits_validation_worse,
    "02.13": deeper_fits_validation_worse,
    "02.15": longer_raises_the_validation_loss,
    "02.16": early_the_widest_is_ahead,
}
