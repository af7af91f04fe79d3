"""What the package and its tests cost, each beside what could not be cheaper.

`fit` against the raw loop, `import mlp_tutorial` against `import torch`, 60 trainings by `mt.repeat` (20 splits of 600
moons by 3 seeds, each 100 steps over 100 rows) against a loop of `fit`, of scikit-learn's trainer and of skorch's where
requirements-speed.txt is installed, and the tests of notebooks 01 to 07 against those of as many notebooks that only
import torch and matplotlib. A, B and C have no such floor: A trains for long, B takes times, and C starts processes
that import torch themselves.

Run by hand (`.venv/bin/python tools/benchmark.py`), as timings are no tests. Runs alternate, the order within a pair
too, and the median of the pairs' ratios counts, so that a busy machine slows both sides alike.
"""

import importlib.util
import itertools
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from statistics import median

import nbformat
import torch
from nbcheck import ENVIRONMENT, ROOT
from sklearn.neural_network import MLPClassifier
from torch import nn
from torch.nn import functional as F

import mlp_tutorial as mt
from mlp_tutorial import terminal
from mlp_tutorial.classroom.notebooks import notebooks
from mlp_tutorial.speed import pairs, post, raw_loop, seconds
from mlp_tutorial.speed.ways import fit

NOTEBOOKS = [*notebooks().values()]

PAIRS, PAIRS_OF_RUNS, PAIRS_OF_TESTS = 21, 7, 3
SEEDS, N_STEPS, RATE = range(3), 100, 0.3
LIMITS = {"fit": 1.02, "import": 1.02, "notebooks": 2.0}
REPEAT_LIMITS = {("fit", 16): 1 / 8, ("fit", 64): 1 / 3, ("scikit-learn", 16): 1 / 3}


def start_python(module: str, clock: str) -> float:
    """Return the seconds that importing `module` takes in a fresh interpreter by time.`clock`."""
    script = f"import time; start = time.{clock}(); import {module}; print(time.{clock}() - start)"
    return float(subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout)


def run_tests(folder: Path) -> float:
    """Return the seconds that pytest takes with the project's settings over the notebooks in `folder`, less extra/."""
    command = [sys.executable, "-m", "pytest", "-q", "-c", str(ROOT / "pyproject.toml"), f"--rootdir={folder}"]
    environment = os.environ | ENVIRONMENT | {"PYTHONPATH": str(ROOT / "tools")}
    command += ["-p", "nbcheck.plugin", "-p", "no:cacheprovider", f"--ignore={folder / 'extra'}", str(folder)]
    return seconds(lambda: subprocess.run(command, env=environment, capture_output=True, check=True), time.perf_counter)


def write_floor(folder: Path) -> None:
    """Write as many notebooks as there are beside extra/, each of one cell that imports torch and matplotlib."""
    for i in range(sum(path.parent.name == "notebooks" for path in NOTEBOOKS)):
        source = "import matplotlib.pyplot as plt\nimport torch"
        cell = nbformat.v4.new_code_cell(source, id=f"{i:02d}-01", execution_count=1)
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), folder / f"{i:02d}.ipynb")


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
    with tempfile.TemporaryDirectory() as folder:
        write_floor(Path(folder))
        x, y, start = post()
        ours, base = (lambda way=way: seconds(lambda: way(x, y, start, 1e-4, 500)) for way in (fit, raw_loop))
        rows = [("fit / 손으로 쓴 반복문 (CPU 시간)", LIMITS["fit"], ours, base, PAIRS)]
        for name, clock in {"CPU 시간": "process_time", "벽시계": "perf_counter"}.items():
            ours, base = (
                lambda module=module, clock=clock: start_python(module, clock) for module in ("mlp_tutorial", "torch")
            )
            rows.append((f"import mlp_tutorial / torch ({name})", LIMITS["import"], ours, base, PAIRS))
        others: dict[str, Callable] = {"fit": by_fit, "scikit-learn": by_scikit_learn}
        others |= {"skorch": by_skorch} if importlib.util.find_spec("skorch") else {}
        parts = splits()
        for width, (name, other) in itertools.product((16, 64), others.items()):
            ours, base = (lambda way=way, width=width: seconds(lambda: way(parts, width)) for way in (by_repeat, other))
            limit = REPEAT_LIMITS.get((name, width), float("inf"))
            rows.append((f"2-{width}-2를 60번: repeat / {name} (CPU 시간)", limit, ours, base, PAIRS_OF_RUNS))
        ours, base = (lambda where=where: run_tests(where) for where in (ROOT / "notebooks", Path(folder)))
        name = "노트북 01–07의 시험 / torch와 matplotlib만 부르는 것 (벽시계)"
        rows.append((name, LIMITS["notebooks"], ours, base, PAIRS_OF_TESTS))
        print(f"짝 {PAIRS}개(repeat은 {PAIRS_OF_RUNS}개, 노트북 시험은 {PAIRS_OF_TESTS}개)의 중앙값.")
        print(f"스레드 1개, torch {torch.__version__}")
        return max([report(*row) for row in rows])


def report(name: str, limit: float, ours: Callable[[], float], base: Callable[[], float], n: int) -> int:
    """Print a row of the table; return 1 if its limit is passed."""
    found = pairs(ours, base, n)
    mine, other, ratio = median(p[0] for p in found), median(p[1] for p in found), median(p[0] / p[1] for p in found)
    verdict = "통과" if ratio <= limit else "초과"
    print(f"{name}: {mine:.3f}초 / {other:.3f}초 = {ratio:.3f} (한계 {limit:.3g}) {verdict}", flush=True)
    return int(ratio > limit)


if __name__ == "__main__":
    terminal.run(main)
