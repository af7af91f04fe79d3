"""The claims of E that hang on chance, to be run again on other splits and other seeds than the notebook's.

Each function takes the first seed: of the splits, and of the networks, which have one each. The patients are always
the same 442.
"""

from functools import cache, partial

import numpy as np
import torch
from sklearn.datasets import load_diabetes
from sklearn.linear_model import LinearRegression
from torch import Tensor, nn
from torch.nn import functional as F

import mlp_tutorial as mt
from mlp_tutorial.data import Data

N_TRAIN, N_HELD = 266, 88  # rows of the training part, and of validation and of test
N_SPLITS, N_FLATTERED, N_SEEDS = 100, 20, 5
Rows = np.ndarray


@cache
def patients() -> Tensor:
    """Return (442, 11): ten columns of x and, last, y, in their own units."""
    data = load_diabetes(scaled=False)
    return torch.tensor(np.column_stack([data.data, data.target]))


@cache
def shared_out(seed: int) -> tuple[Rows, Rows, Rows]:
    """Return the rows of training, validation and test."""
    order = np.random.default_rng(seed).permutation(442)
    return order[:N_TRAIN], order[N_TRAIN:-N_HELD], order[-N_HELD:]


def scaled(rows: Rows, learned_from: Rows) -> Data:
    """Return (x, y) of the rows, standardised by others' mean and standard deviation."""
    table, known = patients(), patients()[learned_from]
    values = (table[rows] - known.mean(dim=0)) / known.std(dim=0, correction=0)
    return values[:, :10], values[:, 10:]


def network(width: int) -> nn.Module:
    """Return a network whose weights are drawn as float64, as in the notebook."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        return mt.MLP((10, width, 1))
    finally:
        torch.set_default_dtype(before)


def of_network(splits: list[tuple[Data, Data]], first: int) -> Tensor:
    """Return the test losses (n_splits, 1) of the notebook's network."""
    how = {"loss_fn": F.mse_loss, "learning_rate": 0.03, "batch_size": 32, "n_steps": 9 * 15}
    seeds = [[seed] for seed in range(first, first + len(splits))]
    return mt.repeat(partial(network, 16), splits, seeds=seeds, **how).validation_losses


@cache
def splits(first: int) -> list[tuple[Data, Data]]:
    """Return pairs of training and test part, each scaled by its training rows."""
    rows = [shared_out(seed) for seed in range(first, first + N_SPLITS)]
    return [(scaled(train, train), scaled(test, train)) for train, _, test in rows]


@cache
def of_line(first: int) -> Tensor:
    """Return the test losses (n_splits, 1) of linear regression."""
    losses = [
        ((torch.tensor(LinearRegression().fit(*train).predict(test[0])) - test[1]) ** 2).mean()
        for train, test in splits(first)
    ]
    return torch.stack(losses).reshape(-1, 1)


def line_beats_the_mean(first: int) -> Tensor:
    """Return R² (n_splits, 1) of linear regression against the mean of the training part."""
    of_mean = torch.stack([(test[1] ** 2).mean() for _, test in splits(first)]).reshape(-1, 1)
    return 1 - of_line(first) / of_mean


def network_differs_from_line(first: int) -> Tensor:
    """Return the network's test loss minus that of linear regression."""
    return of_network(splits(first), first) - of_line(first)


def scaling_leaks(first: int) -> Tensor:
    """Return the test loss where x was scaled by all rows minus that where it was scaled by the training rows."""
    every = np.arange(442)
    leaked = []
    for seed, honest in zip(range(first, first + N_SPLITS), splits(first), strict=True):
        train, _, test = shared_out(seed)
        leaked.append(tuple((scaled(rows, every)[0], y) for rows, (_, y) in zip((train, test), honest, strict=True)))
    return of_network(leaked, first) - of_network(splits(first), first)


def choosing_by_the_test_flatters(first: int) -> Tensor:
    """Return the test loss of what validation chooses, over seeds, minus that of the best run on the test part."""
    found: dict[str, list[Tensor]] = {"validation": [], "test": []}
    rows = [shared_out(seed) for seed in range(first, first + N_FLATTERED)]
    seeds = [[N_SEEDS * (first + k) + j for j in range(N_SEEDS)] for k in range(N_FLATTERED)]
    how = {"loss_fn": F.mse_loss, "batch_size": 32, "n_steps": 9 * 20, "validate_every": 9 * 10}
    for width in (4, 16):
        for rate in (0.03, 0.1):
            for at, name in enumerate(found, start=1):
                pairs = [(scaled(parts[0], parts[0]), scaled(parts[at], parts[0])) for parts in rows]
                runs = mt.repeat(partial(network, width), pairs, seeds=seeds, learning_rate=rate, **how)
                found[name].append(runs.loss_curves)
    validated, tested = (torch.cat(curves, dim=2) for curves in found.values())  # (n_splits, n_seeds, 8)
    chosen = validated.mean(dim=1).argmin(dim=1)
    honest = torch.stack([tested[k, :, chosen[k]].mean() for k in range(len(chosen))])
    return (honest - tested.flatten(start_dim=1).amin(dim=1)).reshape(-1, 1)


CLAIMS = {
    "E.1": line_beats_the_mean,
    "E.2": network_differs_from_line,
    "E.3": scaling_leaks,
    "E.4": choosing_by_the_test_flatters,
}
OVERLAP = dict.fromkeys(CLAIMS, N_HELD / N_TRAIN)
