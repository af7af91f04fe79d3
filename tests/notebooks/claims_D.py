"""The claims of D that hang on chance, to be run again on other data and other seeds than the notebook's.

Each function takes the first seed, of the data and of the first weights alike; the notebook's is 0.
"""

import copy
from collections.abc import Sequence
from functools import cache, partial
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

import mlp_tutorial as mt
from mlp_tutorial.data import Data

N_SPLITS, N_NORMED, N_CHOICE, N_JUDGED, N_PARTS = 10, 5, 10, 20, 20  # as many as in the notebook
BATCHES, EPOCHS = 12, 8
DEPTH, WIDTH = 10, 32
RATES = {torch.optim.SGD: (0.1, 0.3, 1.0, 2.0), torch.optim.Adam: (0.003, 0.01, 0.03, 0.1)}
N_STEPS = 84  # of the schedules


@cache
def digits(seed: int) -> list[Data]:
    """Return train and validation, 359 images each, scaled by the training part."""
    images, labels = mt.digits()
    train, validation, _ = mt.split(images.double(), labels, fractions=(0.2, 0.2, 0.6), seed=seed)
    mean, std = train[0].mean(dim=0), train[0].std()
    return [((x - mean) / std, y) for x, y in (train, validation)]


def linear(n_in: int, n_out: int) -> nn.Linear:
    """Return a layer whose weights are drawn as float64, as in the notebook."""
    return nn.Linear(n_in, n_out, dtype=torch.float64)


class Net(nn.Module):
    """Linear layers with a ReLU and dropout between them, under the notebook's names."""

    def __init__(self, widths: Sequence[int], c: float | None = None, p: float = 0.0) -> None:
        super().__init__()
        self.layers, self.p = nn.ModuleList([linear(*pair) for pair in pairwise(widths)]), p
        for layer in self.layers if c else ():
            nn.init.normal_(layer.weight, std=(c / layer.in_features) ** 0.5)
            nn.init.zeros_(layer.bias)

    def forward(self, x: Tensor) -> Tensor:
        """Map x (…, N, D_in) to (…, N, D_out)."""
        *hidden, output = self.layers
        for layer in hidden:
            x = F.dropout(F.relu(layer(x)), self.p, self.training)
        return output(x)


def own(numbers: Sequence[int]) -> list[list[int]]:
    """Return a seed of its own for each split."""
    return [[number] for number in numbers]


@cache
def deep(first: int, c: float) -> Tensor:
    """Return the validation accuracies (10, 1) of ten hidden layers whose weights have the variance c / fan-in."""
    numbers = range(first, first + N_SPLITS)
    how = {"loss_fn": F.cross_entropy, "learning_rate": 0.03, "batch_size": 32, "n_steps": BATCHES * EPOCHS}
    model = partial(Net, [64, *[WIDTH] * DEPTH, 10], c)
    return mt.repeat(model, [digits(number) for number in numbers], seeds=own(numbers), **how).accuracies


def kaiming_learns_deep(first: int) -> Tensor:
    """Return the accuracy at c = 2 minus that at c = 1."""
    return deep(first, 2) - deep(first, 1)


def default_learns_nothing(first: int) -> Tensor:
    """Return the accuracy at c = 1/3."""
    return deep(first, 1 / 3)


@cache
def normalised(first: int) -> list[nn.Module]:
    """Return five networks with batch normalisation and PyTorch's first weights, trained, as they evaluate."""
    models = []
    for seed in range(first, first + N_NORMED):
        x, y = digits(seed)[0]
        torch.manual_seed(seed)
        layers, n_in = [], 64
        for _ in range(DEPTH):
            layers += [linear(n_in, WIDTH), nn.BatchNorm1d(WIDTH, dtype=torch.float64), nn.ReLU()]
            n_in = WIDTH
        model = nn.Sequential(*layers, linear(WIDTH, 10))
        optimizer = torch.optim.SGD(model.parameters(), lr=0.03)
        for _ in range(EPOCHS):
            for rows in torch.randperm(len(x)).split(32):
                optimizer.zero_grad()
                F.cross_entropy(model(x[rows]), y[rows]).backward()
                optimizer.step()
        models.append(model.eval())
    return models


def right(models: Sequence[nn.Module], first: int) -> Tensor:
    """Return the models' validation accuracies, (5, 1)."""
    return torch.tensor([[mt.accuracy(model, *digits(first + k)[1])] for k, model in enumerate(models)])


def batch_normalisation_learns_deep(first: int) -> Tensor:
    """Return the accuracy (5, 1) with batch normalisation minus that of the same first weights without."""
    numbers = range(first, first + N_NORMED)
    how = {"loss_fn": F.cross_entropy, "learning_rate": 0.03, "batch_size": 32, "n_steps": BATCHES * EPOCHS}
    model = partial(Net, [64, *[WIDTH] * DEPTH, 10])
    without = mt.repeat(model, [digits(number) for number in numbers], seeds=own(numbers), **how).accuracies
    return right(normalised(first), first) - without


def late_eval_against_eval(first: int) -> Tensor:
    """Return the accuracy (5, 1) after answers in the training mode minus that before."""
    models = copy.deepcopy(normalised(first))
    for k, model in enumerate(models):
        x, y = digits(first + k)[1]
        model.train()
        with torch.no_grad():
            for part in (x, *x.split(4), *x[y.argsort(stable=True)].split(32)):
                model(part)
        model.eval()
    return right(models, first) - right(normalised(first), first)


def moons(seed: int, sizes: tuple[float, float]) -> tuple[Data, Data]:
    """Return half moons, standardised by the training part and then multiplied by the sizes."""
    x, y = mt.two_moons(600, noise=0.3, seed=seed)
    (x, y), (x_val, y_val) = mt.split(x.double(), y, fractions=(1 / 6, 5 / 6), seed=seed)
    mean, std = x.mean(dim=0), x.std(dim=0)
    return tuple(((part - mean) / std * torch.tensor(sizes), labels) for part, labels in ((x, y), (x_val, y_val)))


def best_of(optimizer: type[torch.optim.Optimizer], first: int, sizes: tuple[float, float]) -> Tensor:
    """Return the accuracies (20, 1) at the rate that is best on ten other sets."""
    numbers = range(first, first + N_CHOICE + N_JUDGED)
    splits = [moons(number, sizes) for number in numbers]
    how = {"loss_fn": F.cross_entropy, "n_steps": 200, "optimizer": optimizer, "seeds": own(numbers)}
    runs = [mt.repeat(partial(Net, (2, 16, 2)), splits, learning_rate=rate, **how) for rate in RATES[optimizer]]
    best = min(runs, key=lambda run: run.validation_losses[:N_CHOICE].mean().item())
    return best.accuracies[N_CHOICE:]


def adam_bears_unequal_columns(first: int) -> Tensor:
    """Return Adam's accuracy minus SGD's where the columns' sizes are 10 and 0.1."""
    return best_of(torch.optim.Adam, first, (10.0, 0.1)) - best_of(torch.optim.SGD, first, (10.0, 0.1))


def adam_against_sgd_when_standardised(first: int) -> Tensor:
    """Return Adam's accuracy minus SGD's where the columns are standardised."""
    return best_of(torch.optim.Adam, first, (1.0, 1.0)) - best_of(torch.optim.SGD, first, (1.0, 1.0))


def three_parts(seed: int) -> tuple[Data, ...]:
    """Return 100 points to train on, 200 to validate and 400 to test."""
    x, y = mt.two_moons(700, noise=0.3, seed=seed)
    return mt.split(x.double(), y, fractions=(1 / 7, 2 / 7, 4 / 7), seed=seed)


@cache
def regularised(first: int, part: int, p: float = 0.0, weight_decay: float = 0.0) -> mt.Runs:
    """Return the runs of width 256, measured on the validation part (1) or the test part (2)."""
    numbers = range(first, first + N_PARTS)
    splits = [(parts[0], parts[part]) for parts in map(three_parts, numbers)]

    def adamw(parameters: object, lr: float) -> torch.optim.Optimizer:
        return torch.optim.AdamW(parameters, lr=lr, weight_decay=weight_decay)

    how = {"loss_fn": F.cross_entropy, "learning_rate": 0.03, "n_steps": 200, "optimizer": adamw, "validate_every": 20}
    return mt.repeat(partial(Net, (2, 256, 2), p=p), splits, seeds=own(numbers), **how)


def stopped(first: int, measured: str) -> Tensor:
    """Return a curve of the test part at the step whose validation loss was least, (20, 1)."""
    best = regularised(first, 1).loss_curves[:, 0].argmin(dim=1)
    curves = getattr(regularised(first, 2), measured)
    return torch.stack([curves[k, :, best[k]] for k in range(N_PARTS)])


def decay_has_lower_loss(first: int) -> Tensor:
    """Return the test loss with weight decay minus that without."""
    return regularised(first, 2, weight_decay=1.0).validation_losses - regularised(first, 2).validation_losses


def dropout_has_lower_loss(first: int) -> Tensor:
    """Return the test loss with dropout minus that without."""
    return regularised(first, 2, p=0.5).validation_losses - regularised(first, 2).validation_losses


def stopping_has_lower_loss(first: int) -> Tensor:
    """Return the test loss with early stopping minus that at the end."""
    return stopped(first, "loss_curves") - regularised(first, 2).validation_losses


def decay_is_more_accurate(first: int) -> Tensor:
    """Return the test accuracy with weight decay minus that without."""
    return regularised(first, 2, weight_decay=1.0).accuracies - regularised(first, 2).accuracies


def dropout_is_more_accurate(first: int) -> Tensor:
    """Return the test accuracy with dropout minus that without."""
    return regularised(first, 2, p=0.5).accuracies - regularised(first, 2).accuracies


def stopping_is_more_accurate(first: int) -> Tensor:
    """Return the test accuracy with early stopping minus that at the end."""
    return stopped(first, "accuracy_curves") - regularised(first, 2).accuracies


def decay_against_stopping(first: int) -> Tensor:
    """Return the test accuracy with weight decay minus that with early stopping."""
    return regularised(first, 2, weight_decay=1.0).accuracies - stopped(first, "accuracy_curves")


def decay_against_dropout(first: int) -> Tensor:
    """Return the test accuracy with weight decay minus that with dropout."""
    return regularised(first, 2, weight_decay=1.0).accuracies - regularised(first, 2, p=0.5).accuracies


def dropout_against_stopping(first: int) -> Tensor:
    """Return the test accuracy with dropout minus that with early stopping."""
    return regularised(first, 2, p=0.5).accuracies - stopped(first, "accuracy_curves")


def dropout_loses_more_than_stopping(first: int) -> Tensor:
    """Return the test loss with dropout minus that with early stopping."""
    return regularised(first, 2, p=0.5).validation_losses - stopped(first, "loss_curves")


class Cosine:
    """SGD whose learning rate falls to 0 along a cosine."""

    def __init__(self, parameters: object, lr: float) -> None:
        self.optimizer = torch.optim.SGD(parameters, lr=lr)
        self.scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(self.optimizer, T_max=N_STEPS)

    def zero_grad(self) -> None:
        """Forget the gradients."""
        self.optimizer.zero_grad()

    def step(self) -> None:
        """Move the parameters, then the learning rate."""
        self.optimizer.step()
        self.scheduler.step()


def cosine(rate: float, first: int) -> Tensor:
    """Return the accuracy (10, 1) of the cosine schedule minus that of the constant rate."""
    numbers = range(first, first + N_SPLITS)
    how = {"loss_fn": F.cross_entropy, "learning_rate": rate, "batch_size": 16, "n_steps": N_STEPS}
    one, other = (
        mt.repeat(partial(Net, (64, 32, 10)), [*map(digits, numbers)], seeds=own(numbers), optimizer=optimizer, **how)
        for optimizer in (Cosine, torch.optim.SGD)
    )
    return one.accuracies - other.accuracies


CLAIMS = {
    "D.4": default_learns_nothing,
    "D.5": kaiming_learns_deep,
    "D.8": adam_bears_unequal_columns,
    "D.9": adam_against_sgd_when_standardised,
    "D.10": decay_has_lower_loss,
    "D.11": dropout_has_lower_loss,
    "D.12": stopping_has_lower_loss,
    "D.13": decay_is_more_accurate,
    "D.14": dropout_is_more_accurate,
    "D.15": stopping_is_more_accurate,
    "D.16": decay_against_stopping,
    "D.17": dropout_against_stopping,
    "D.18": dropout_loses_more_than_stopping,
    "D.21": batch_normalisation_learns_deep,
    "D.23": partial(cosine, 2.0),
    "D.24": partial(cosine, 1.0),
    "D.26": decay_against_dropout,
    "D.27": late_eval_against_eval,
}
OVERLAP = dict.fromkeys(("D.4", "D.5", "D.21", "D.23", "D.24", "D.27"), 1.0)
