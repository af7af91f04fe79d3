"""How the benchmark takes time: on one thread, by the processor's own clock, in alternating pairs.

CPU time leaves out what other programs took; alternating lets a machine that slows down slow both sides alike.
"""

import os
import platform
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
import torch
from threadpoolctl import threadpool_limits
from torch import Tensor
from torch.autograd.profiler_util import FunctionEvent
from torch.nn import functional as F
from torch.profiler import ProfilerActivity, profile, record_function

import mlp_tutorial as mt
from mlp_tutorial.speed.results import flops
from mlp_tutorial.speed.ways import network, post, raw_loop

PACKAGES = ("torch", "numpy", "scikit-learn", "lightning", "skorch", "keras")
STAGES = ("순전파", "손실", "기울기 지우기", "역전파", "한 걸음")  # the five lines of 07
MATRIX_PRODUCTS = ("aten::addmm", "aten::mm")
LEARNING_RATE = 1e-4


@contextmanager
def one_thread() -> Iterator[None]:
    """Give torch and NumPy one thread each, and put back what they had."""
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with threadpool_limits(1):
            yield
    finally:
        torch.set_num_threads(n_threads)


def seconds(run: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """Return what `run` takes by `clock`, in seconds."""
    start = clock()
    run()
    return clock() - start


def pairs(ours: Callable[[], float], base: Callable[[], float], n: int) -> list[tuple[float, float]]:
    """Return n pairs of what `ours` and `base` return, called in turn, the order within a pair in turn too."""
    ours(), base()  # the first run warms caches up and doesn't count
    return [(ours(), base()) if i % 2 else (base(), ours())[::-1] for i in range(n)]


def matrix_rate(size: int = 1500, n: int = 9) -> float:
    """Return the floating-point operations per second of NumPy's or torch's large float32 matrix product, the best."""
    a, b = mt.random_data(size, size, size)
    a_np, b_np = a.numpy(), b.numpy()
    times = [seconds(product) for _ in range(n) for product in (lambda: a @ b, lambda: np.matmul(a_np, b_np))]
    return 2 * size**3 / min(times)


def step_milliseconds(x: Tensor, y: Tensor, start: Sequence[Tensor], n: int = 7) -> float:
    """Return the CPU time of a step of the raw loop in ms: of those after the first, by the least of n runs."""
    n_steps = max(10, min(100, round(1e9 / flops(*x.shape, len(start[1]), len(start[3])))))

    def least(n_steps: int) -> float:
        return min(seconds(lambda: raw_loop(x, y, start, LEARNING_RATE, n_steps)) for _ in range(n))

    return round(1000 * (least(1 + n_steps) - least(1)) / n_steps, 4)


def profile_step(n: int = 120) -> dict[str, object]:
    """Return where the quickest of n profiled steps of the post's training spent its time.

    "stages" and "operations" hold [name, start, end] in µs since the step began, in order of time. An operation is
    PyTorch's: the matrix products one by one, the rest by the outermost.
    """
    x, y, start = post()
    model = network(start)
    optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE)
    with profile(activities=[ProfilerActivity.CPU]) as record:
        for _ in range(n):
            with record_function("step"):
                with record_function(STAGES[0]):
                    y_pred = model(x)
                with record_function(STAGES[1]):
                    loss = F.mse_loss(y_pred, y)
                    loss.item()
                with record_function(STAGES[2]):
                    optimizer.zero_grad()
                with record_function(STAGES[3]):
                    loss.backward()
                with record_function(STAGES[4]):
                    optimizer.step()
    steps = [event for event in record.events() if event.name == "step"]
    best = min(steps, key=lambda event: event.time_range.elapsed_us())

    def span(event: FunctionEvent) -> list[str | int]:
        return [event.name, *(round(t - best.time_range.start) for t in (event.time_range.start, event.time_range.end))]

    stages = [span(event) for event in best.cpu_children if event.name in STAGES]
    operations = [span(event) for event in _operations(best)]
    return {"stages": stages, "operations": operations, "microseconds": span(best)[2]}


def _operations(event: FunctionEvent) -> Iterator[FunctionEvent]:
    """Yield PyTorch's operations within the event: each matrix product, and the outermost of those that hold none."""
    for child in event.cpu_children:
        inner = list(_operations(child))
        holds_product = any(operation.name in MATRIX_PRODUCTS for operation in inner)
        yield from inner if holds_product or not child.name.startswith("aten::") else [child]


def machine() -> dict[str, str | int]:
    """Return the processor's name, the number of its cores, and the system."""
    told = Path("/proc/cpuinfo")  # on Linux alone
    names = re.findall(r"model name\s*: (.+)", told.read_text(encoding="utf-8")) if told.exists() else []
    cpu = next(iter(names), platform.processor()) or "?"
    return {"cpu": cpu, "cores": os.cpu_count() or 1, "system": f"{platform.system()} {platform.machine()}"}


def versions() -> dict[str, str]:
    """Return the versions of Python and of those PACKAGES that are installed."""
    found = {"Python": platform.python_version()}
    for name in PACKAGES:
        with suppress(PackageNotFoundError):
            found[name] = version(name).partition("+")[0]
    return found
