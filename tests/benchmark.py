"""What the package costs: `fit` against the raw loop, and `import mlp_tutorial` against `import torch`.

Run by hand (`.venv/bin/python tests/benchmark.py`), as timings are no tests. Runs alternate, the order within a pair
too, and the median of the pairs' ratios counts, so that a busy machine slows both sides alike.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

import torch
from torch.nn import functional as F

import mlp_tutorial as mt

PAIRS = 21
LIMITS = {"fit": 1.02, "import": 1.05}
Clock = Callable[[], float]


def raw_loop() -> None:
    """Train the post's network by the loop of 07 that records every loss."""
    model, x, y = setting()
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-4)
    losses = []
    for _ in range(500):
        y_pred = model(x)
        loss = F.mse_loss(y_pred, y)
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def fit() -> None:
    """Train the same network by mt.fit."""
    model, x, y = setting()
    mt.fit(model, x, y, loss_fn=F.mse_loss, learning_rate=1e-4, n_steps=500)


def setting() -> tuple[mt.TwoLayerNet, torch.Tensor, torch.Tensor]:
    """Return the post's network and data."""
    return mt.TwoLayerNet(1000, 100, 10), *mt.random_data(64, 1000, 10)


def seconds(run: Callable[[], object], clock: Clock) -> float:
    """Return what `run` takes by `clock`."""
    start = clock()
    run()
    return clock() - start


def start_python(module: str, clock: str) -> float:
    """Return the seconds that importing `module` takes in a fresh interpreter by time.`clock`."""
    script = f"import time; start = time.{clock}(); import {module}; print(time.{clock}() - start)"
    return float(subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout)


def compare(ours: Callable[[], float], base: Callable[[], float]) -> tuple[float, float, float]:
    """Return the median seconds of ours and of base, and the median of their ratios, over alternating pairs."""
    ours(), base()  # the first run warms caches up and doesn't count
    pairs = []
    for i in range(PAIRS):
        if i % 2:
            mine, other = ours(), base()
        else:
            other, mine = base(), ours()
        pairs.append((mine, other))
    return median(p[0] for p in pairs), median(p[1] for p in pairs), median(p[0] / p[1] for p in pairs)


def main() -> int:
    """Print the table; return 1 where a limit is passed."""
    torch.set_num_threads(1)
    rows = [
        (
            "fit / 손으로 쓴 반복문 (CPU 시간)",
            LIMITS["fit"],
            lambda: seconds(fit, time.process_time),
            lambda: seconds(raw_loop, time.process_time),
        )
    ]
    for name, clock in {"CPU 시간": "process_time", "벽시계": "perf_counter"}.items():
        rows.append(
            (
                f"import mlp_tutorial / torch ({name})",
                LIMITS["import"],
                lambda clock=clock: start_python("mlp_tutorial", clock),
                lambda clock=clock: start_python("torch", clock),
            )
        )
    passed = True
    print(f"짝 {PAIRS}개의 중앙값. 스레드 1개, torch {torch.__version__}")
    for name, limit, ours, base in rows:
        mine, other, ratio = compare(ours, base)
        passed &= ratio <= limit
        verdict = "통과" if ratio <= limit else "초과"
        print(f"{name}: {mine:.3f}초 / {other:.3f}초 = {ratio:.3f} (한계 {limit}) {verdict}", flush=True)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
