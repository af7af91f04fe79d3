"""What a way costs: CPU time on one thread, beside the raw loop in alternating pairs, and the table of all.

CPU time leaves out what other programs took; alternating lets a machine that slows down slow both sides alike.
"""

import json
import time
from collections.abc import Callable
from pathlib import Path

import torch
from threadpoolctl import threadpool_limits
from torch import Tensor

import mlp_tutorial as mt

FILE = Path(__file__).with_name("measured.json")


def one_thread() -> None:
    """Give torch and NumPy one thread each from now on."""
    torch.set_num_threads(1)
    threadpool_limits(1)


def seconds(run: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """Return what `run` takes by `clock`, in seconds."""
    start = clock()
    run()
    return clock() - start


def pairs(ours: Callable[[], float], base: Callable[[], float], n: int) -> list[tuple[float, float]]:
    """Return n pairs of what `ours` and `base` return, called in turn, the order within a pair in turn too."""
    ours(), base()  # the first run warms caches up and doesn't count
    return [(ours(), base()) if i % 2 else (base(), ours())[::-1] for i in range(n)]


def flops(batch_size: int, D_in: int, H: int, D_out: int) -> int:
    """Return the floating-point operations of a step's matrix products: two of the first layer, three of the second."""
    return 2 * (2 * batch_size * D_in * H + 3 * batch_size * H * D_out)


def load() -> dict:
    """Return what `python -m mlp_tutorial.speed --save` wrote last."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def ratios(beside_loop: list[list[float]]) -> Tensor:
    """Return how many times the raw loop something took, (1, n_pairs) for `mt.estimate`, from the pairs of their ms."""
    ours, loop = torch.tensor(beside_loop, dtype=torch.float64).T
    return (ours / loop)[None]


def table(measured: dict) -> str:
    """Return where it was measured, and a row for each way: ms per step, times the raw loop, and the last loss."""
    rows = [measured["place"], "한 스텝 (ms)   반복문의 몇 배 (± 표준오차)   마지막 손실   방법"]
    for name, pairs in measured["ways"].items():
        fastest, found = min(ms for ms, _ in pairs), mt.estimate(ratios(pairs))
        rows.append(
            f"{fastest:12.3f} {found.mean:14.3f} ± {found.error:.3f} {measured['last_losses'][name]:20.5f}   {name}"
        )
    return "\n".join(rows)
