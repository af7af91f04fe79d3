"""The claims of 07 that hang on chance, to be run again on other data and other seeds than the notebook's."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

import mlp_tutorial as mt

N_RUNS = 10  # freshly drawn data sets, each with first weights of its own
Make = Callable[..., mt.data.Data]


def network() -> nn.Module:
    """Return the post's network in float64."""
    return mt.TwoLayerNet(1000, 100, 10).double()


def linear() -> nn.Module:
    """Return a linear model of the same sizes in float64."""
    return nn.Linear(1000, 10).double()


def rows(make: Make, n_rows: int, seed: int) -> mt.data.Data:
    """Return rows in float64."""
    x, y = make(n_rows, 1000, 10, seed=seed)
    return x.double(), y.double()


def losses_on_test(
    first: int, make: Make, model: Callable[[], nn.Module], learning_rate: float
) -> tuple[Tensor, Tensor]:
    """Return the test loss after 60 steps and the baseline, both (10, 1), for the seeds from `first` on."""
    seeds = range(first, first + N_RUNS)
    splits = [(rows(make, 64, seed), rows(make, 500, seed + 5000)) for seed in seeds]
    how = {"loss_fn": F.mse_loss, "learning_rate": learning_rate, "n_steps": 60}
    runs = mt.repeat(model, splits, seeds=[[seed] for seed in seeds], **how)
    baselines = torch.stack([(y**2).mean() for _, (_, y) in splits]).unsqueeze(1)
    return runs.validation_losses, baselines


def noise_learned_by_heart_is_worse_than_always_0(first: int) -> Tensor:
    """Return how much the test loss on noise lies above the baseline."""
    losses, baselines = losses_on_test(first, mt.random_data, network, 0.1)
    return losses - baselines


def learnable_data_are_learned(first: int) -> Tensor:
    """Return how much the test loss on learnable data lies above the baseline: less than 0."""
    losses, baselines = losses_on_test(first, mt.learnable_data, network, 0.1)
    return losses - baselines


def the_network_beats_a_linear_model(first: int) -> Tensor:
    """Return how much the linear model's test loss on learnable data lies above the network's."""
    of_the_line, _ = losses_on_test(first, mt.learnable_data, linear, 0.01)
    of_the_network, _ = losses_on_test(first, mt.learnable_data, network, 0.1)
    return of_the_line - of_the_network


CLAIMS = {
    "07.11": noise_learned_by_heart_is_worse_than_always_0,
    "07.12": learnable_data_are_learned,
    "07.13": the_network_beats_a_linear_model,
}
