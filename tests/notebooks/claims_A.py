"""The claims of A that hang on chance, to be run again on other splits and other seeds than the notebook's.

Each function takes the first seed of the splits; each split's network has the seed after that of the split before.
The notebook's first is 0. The writers are always the same fourteen: there only the networks are new.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache, partial

import numpy as np
import torch
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier
from torch import Tensor, nn
from torch.nn import functional as F

import mlp_tutorial as mt
from mlp_tutorial.data import Data

HELD_OUT = 360  # images of the validation and of the test part
N_CHOICES, N_ANEW, N_GROUP = 10, 20, 122  # splits to choose on, splits to judge by, images kept of each writer
SHORT, WHOLE, LONG = 9 * 5, 9 * 15, 9 * 30  # updates: to choose, of the recipe chosen, twice as many
Rows = np.ndarray
Scaling = Callable[[Tensor], tuple[Tensor | float, Tensor | float]]


@cache
def digits() -> Data:
    """Return the images, in float64, and their labels."""
    images, labels = mt.digits()
    return images.double(), labels


def stratified(rows: Rows, seed: int) -> list[Rows]:
    """Return the rows without, and those of, a held-out part that has its share of each digit."""
    return train_test_split(rows, test_size=HELD_OUT, stratify=digits()[1].numpy()[rows], random_state=seed)


def as_it_is(_: Tensor) -> tuple[float, float]:
    """Return what changes nothing."""
    return 0.0, 1.0


def pooled(x: Tensor) -> tuple[Tensor, Tensor]:
    """Return the mean of each pixel and one standard deviation of all."""
    return x.mean(dim=0), x.std()


def prepared(parts: Sequence[Rows], scaling: Scaling = pooled) -> list[Data]:
    """Return (x, y) of each part, scaled by the first, which is the training part."""
    images, labels = digits()
    center, size = scaling(images[parts[0]])
    return [((images[rows] - center) / size, labels[rows]) for rows in parts]


def network(width: int) -> nn.Module:
    """Return a network whose weights are drawn as float64, as in the notebook."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        return mt.MLP((64, width, 10))
    finally:
        torch.set_default_dtype(before)


def runs(splits: list[list[Data]], first: int, *, width: int = 64, rate: float = 1.0, n_steps: int = WHOLE) -> mt.Runs:
    """Return the runs on the splits, each from a seed of its own."""
    how = {"loss_fn": F.cross_entropy, "learning_rate": rate, "n_steps": n_steps, "batch_size": 128}
    seeds = [[seed] for seed in range(first, first + len(splits))]
    return mt.repeat(partial(network, width), splits, seeds=seeds, **how)


@cache
def chosen_by(first: int, scaling: Scaling = pooled, width: int = 64, rate: float = 1.0) -> Tensor:
    """Return the validation losses (10, 1) of a setting, on splits of what one test part leaves over."""
    rest, _ = stratified(np.arange(1797), 123 + first)
    splits = [prepared(stratified(rest, seed), scaling) for seed in range(first, first + N_CHOICES)]
    return runs(splits, first, width=width, rate=rate, n_steps=SHORT).validation_losses


def unscaled_is_worse(first: int) -> Tensor:
    """Return the validation loss of images as they are minus that of standardised ones."""
    return chosen_by(first, as_it_is) - chosen_by(first)


def lower_rate_is_worse(first: int) -> Tensor:
    """Return the validation loss at learning rate 0.3 minus that at 1."""
    return chosen_by(first, rate=0.3) - chosen_by(first)


def narrow_is_worse(first: int) -> Tensor:
    """Return the validation loss of width 16 minus that of 64."""
    return chosen_by(first, width=16) - chosen_by(first)


def wide_has_lower_loss(first: int) -> Tensor:
    """Return the validation loss of width 256 minus that of 64."""
    return chosen_by(first, width=256) - chosen_by(first)


def five_epochs_are_too_few(first: int) -> Tensor:
    """Return the validation loss after 5 epochs minus that after 30."""
    rest, _ = stratified(np.arange(1797), 123 + first)
    splits = [prepared(stratified(rest, seed)) for seed in range(first, first + N_CHOICES)]
    return chosen_by(first) - runs(splits, first, n_steps=LONG).validation_losses


def nearest_beats_network(first: int) -> Tensor:
    """Return the test accuracy (20, 1) of the nearest neighbour minus the network's, all images shared out anew."""
    splits = []
    for seed in range(first, first + N_ANEW):
        rest, test = stratified(np.arange(1797), seed)
        splits.append(prepared([stratified(rest, seed)[0], test]))
    return nearest(splits) - runs(splits, first).accuracies


def nearest(splits: list[list[Data]]) -> Tensor:
    """Return the accuracies (n_splits, 1) of the nearest neighbour."""
    pairs = [[(x.numpy(), y.numpy()) for x, y in pair] for pair in splits]
    return torch.tensor([[KNeighborsClassifier(1).fit(*train).score(*test)] for train, test in pairs])


def a_known_hand_is_read_better(first: int) -> Tensor:
    """Return the accuracy (14, 1) where the network saw other images of the same writer minus that where it did not."""
    text = "".join(map(str, digits()[1].tolist()))
    starts = [found.start() for found in re.finditer("0?1234567890123456", text)]
    groups = [rows[:N_GROUP] for rows in np.split(np.arange(1797), starts[1:])]
    unseen, seen = [], []
    for k, group in enumerate(groups):
        others = np.concatenate(groups[:k] + groups[k + 1 :])
        own, tested = group[: N_GROUP // 2], group[N_GROUP // 2 :]
        unseen.append(prepared([others, tested]))
        seen.append(prepared([np.concatenate([own, others])[: len(others)], tested]))
    return runs(seen, first).accuracies - runs(unseen, first).accuracies


CLAIMS = {
    "A.2": unscaled_is_worse,
    "A.4": lower_rate_is_worse,
    "A.6": narrow_is_worse,
    "A.8": wide_has_lower_loss,
    "A.10": five_epochs_are_too_few,
    "A.21": nearest_beats_network,
    "A.26": a_known_hand_is_read_better,
}
OVERLAP = dict.fromkeys(CLAIMS, 360 / 1077) | {"A.26": 61 / 1586}
