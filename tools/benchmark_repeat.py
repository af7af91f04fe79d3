"""What repeating a training costs: `mt.repeat` beside a loop of `fit`, of scikit-learn's trainer and of skorch's.

60 runs, 20 splits of 600 moons by 3 seeds, each 100 steps over 100 rows. Run by hand
(`.venv/bin/python tools/benchmark_repeat.py`); runs alternate and the median of the pairs' ratios counts. skorch is
timed where requirements-speed.txt is installed.
"""

import importlib.util
import itertools
import warnings
from collections.abc import Callable

import torch
from benchmark import compare
from sklearn.neural_network import MLPClassifier
from torch import nn
from torch.nn import functional as F

import mlp_tutorial as mt
from mlp_tutorial import terminal
from mlp_tutorial.speed import seconds

N_PAIRS = 7
SEEDS, N_STEPS, RATE = range(3), 100, 0.3
LIMITS = {("fit", 16): 1 / 8, ("fit", 64): 1 / 3, ("scikit-learn", 16): 1 / 3}  # of the other's CPU time


def splits() -> list:
    """Return 20 splits of the moons into 100 rows and 500, in float64."""
    x, y = mt.two_moons(600, noise=0.3, seed=123)
    return [mt.split(x.double(), y, fractions=(1 / 6, 5 / 6), seed=seed) for seed in range(20)]


def by_repeat(parts: list, width: int) -> None:
    """Train all runs at once."""
    how = {"loss_fn": F.cross_entropy, "learning_rate": RATE, "n_steps": N_STEPS}
    mt.repeat(lambda: mt.MLP((2, width, 2)).double(), parts, seeds=SEEDS, **how)


def by_fit(parts: list, width: int) -> None:
    """Train one run after the other by `fit`."""
    for (train, _), seed in itertools.product(parts, SEEDS):
        torch.manual_seed(seed)
        model = mt.MLP((2, width, 2)).double()
        mt.fit(model, *train, loss_fn=F.cross_entropy, learning_rate=RATE, n_steps=N_STEPS)


def by_scikit_learn(parts: list, width: int) -> None:
    """Train one run after the other by MLPClassifier: plain gradient descent, no penalty, no early end."""
    plain = {"solver": "sgd", "momentum": 0.0, "alpha": 0.0, "batch_size": 100, "tol": 0.0}
    for (train, _), seed in itertools.product(parts, SEEDS):
        trainer = MLPClassifier((width,), learning_rate_init=RATE, max_iter=N_STEPS, random_state=seed, **plain)
        trainer.set_params(n_iter_no_change=N_STEPS + 1).fit(*(part.numpy() for part in train))


def by_skorch(parts: list, width: int) -> None:
    """Train one run after the other by skorch, which prints nothing and keeps no validation part."""
    from skorch import NeuralNetClassifier

    how = {"lr": RATE, "max_epochs": N_STEPS, "batch_size": -1, "train_split": None, "verbose": 0}
    for (train, _), seed in itertools.product(parts, SEEDS):
        torch.manual_seed(seed)
        model = mt.MLP((2, width, 2)).double()
        NeuralNetClassifier(model, criterion=nn.CrossEntropyLoss, **how).fit(*train)


def main() -> int:
    """Print the table; return 1 where a limit is passed."""
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")  # MLPClassifier tells of each run that it has not converged
    others: dict[str, Callable] = {"fit": by_fit, "scikit-learn": by_scikit_learn}
    if importlib.util.find_spec("skorch"):
        others["skorch"] = by_skorch
    parts, passed = splits(), True
    print(f"60번의 학습, 스레드 1개, 짝 {N_PAIRS}개의 중앙값 (CPU 시간), torch {torch.__version__}")
    for width, (name, other) in itertools.product((16, 64), others.items()):
        runs = [lambda way=way, width=width: seconds(lambda: way(parts, width)) for way in (by_repeat, other)]
        mine, base, ratio = compare(*runs, N_PAIRS)
        limit = LIMITS.get((name, width))
        passed &= limit is None or ratio <= limit
        told = "" if limit is None else f" (한계 {limit:.3f}) {'통과' if ratio <= limit else '초과'}"
        print(f"2-{width}-2: repeat {mine:.3f}초 / {name} {base:.3f}초 = {ratio:.3f}{told}", flush=True)
    return int(not passed)


if __name__ == "__main__":
    terminal.run(main)
