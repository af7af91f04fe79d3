"""The claims of 04 that hang on chance, to be run again on other data and other seeds than the notebook's."""

from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor
from torch.nn import functional as F

import mlp_tutorial as mt
from mlp_tutorial.data import Data


def squares(n: int, D_in: int, D_out: int, seed: int) -> Data:
    """Return the notebook's data whose rule is no straight line."""
    x, _ = mt.random_data(n, D_in, D_out, seed=seed)
    return x, x**2


MAKERS: dict[str, Callable[..., Data]] = {"잡음": mt.random_data, "배울 수 있는": mt.learnable_data, "제곱": squares}


@cache
def r_squared(name: str, hidden: tuple[int, ...], first: int) -> Tensor:
    """Return R² on the validation halves of ten data sets, (10, 1), against always answering the training mean."""
    splits = []
    for seed in range(first, first + 10):
        x, y = (part.double() for part in MAKERS[name](400, 10, 10, seed=seed))
        splits.append(((x[:200], y[:200]), (x[200:], y[200:])))
    runs = mt.repeat(
        lambda: mt.MLP((10, *hidden, 10)).double(),
        splits,
        seeds=[[seed] for seed in range(first, first + 10)],
        loss_fn=F.mse_loss,
        learning_rate=1,
        n_steps=200,
    )
    baseline = [(new_y - y.mean(dim=0)).square().mean() for (_, y), (_, new_y) in splits]
    return 1 - runs.validation_losses / torch.stack(baseline).unsqueeze(1)


def noise_is_not_learnt(first: int) -> Tensor:
    """Return the network's R² on noise: below 0."""
    return r_squared("잡음", (32,), first)


def a_line_does_not_learn_noise(first: int) -> Tensor:
    """Return the linear regression's R² on noise: below 0."""
    return r_squared("잡음", (), first)


def a_line_learns_the_rule(first: int) -> Tensor:
    """Return the linear regression's R² on learnable data."""
    return r_squared("배울 수 있는", (), first)


def a_network_learns_more_of_the_rule(first: int) -> Tensor:
    """Return by how much the network's R² on learnable data exceeds the linear regression's."""
    return r_squared("배울 수 있는", (32,), first) - r_squared("배울 수 있는", (), first)


def a_line_does_not_find_squares(first: int) -> Tensor:
    """Return the linear regression's R² on squares: below 0, though there is a rule."""
    return r_squared("제곱", (), first)


def a_network_finds_squares(first: int) -> Tensor:
    """Return the network's R² on squares."""
    return r_squared("제곱", (32,), first)


def a_network_learns_noise_worse_than_a_line(first: int) -> Tensor:
    """Return by how much the network's R² on noise exceeds the linear regression's: below 0."""
    return r_squared("잡음", (32,), first) - r_squared("잡음", (), first)


def correlations_of_noise(first: int) -> Tensor:
    """Return the correlation of two unrelated columns of 20 numbers, for 100 seeds, (1, 100)."""
    pairs = (
        torch.randn(2, 20, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
        for seed in range(first, first + 100)
    )
    return torch.tensor([[torch.corrcoef(pair)[0, 1].item() for pair in pairs]])


def people(n: int, seed: int) -> Data:
    """Return the notebook's heights and eyesights (n, 2), whose columns have other units, and the scores (n, 1)."""
    generator = torch.Generator().manual_seed(seed)
    z, noise = (torch.randn(n, width, generator=generator, dtype=torch.float64) for width in (2, 1))
    y = 0.6 * z[:, :1] + 0.7 * z[:, 1:] + 0.4 * noise
    return torch.tensor([170.0, 1.0], dtype=torch.float64) + torch.tensor([10.0, 0.3], dtype=torch.float64) * z, y


def standardised_columns_learn_more(first: int) -> Tensor:
    """Return how much standardising changes the validation loss, each way at the better of the rates: below 0."""
    splits = {False: [], True: []}
    for seed in range(first, first + 10):
        (x, y), (new_x, new_y) = people(200, seed), people(200, seed + 1000)
        mean, std = x.mean(dim=0), x.std(dim=0)
        splits[False].append(((x, y), (new_x, new_y)))
        splits[True].append((((x - mean) / std, y), ((new_x - mean) / std, new_y)))
    found = {
        scaled: mt.repeat(
            lambda: mt.MLP((2, 16, 1)).double(),
            splits[scaled],
            seeds=[[seed] for seed in range(first, first + 10)],
            loss_fn=F.mse_loss,
            learning_rate=learning_rate,
            n_steps=200,
        ).validation_losses
        for scaled, learning_rate in ((False, 1e-6), (True, 1e-2))
    }
    return found[True] - found[False]


CLAIMS = {
    "04.6": a_line_learns_the_rule,
    "04.7": a_network_learns_more_of_the_rule,
    "04.8": a_line_does_not_find_squares,
    "04.9": a_network_finds_squares,
    "04.10": a_line_does_not_learn_noise,
    "04.11": noise_is_not_learnt,
    "04.12": a_network_learns_noise_worse_than_a_line,
    "04.15": correlations_of_noise,
    "04.17": standardised_columns_learn_more,
}
