"""How the benchmark takes time: on one thread, by the processor's own clock, in alternating pairs.

CPU time leaves out what other programs took; alternating lets a machine that slows down slow both sides alike.
"""

import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib.metadata import PackageNotFoundError, version

import numpy as np
import torch
from threadpoolctl import threadpool_limits
from torch import Tensor
from torch.nn import functional as F
from torch.profiler import ProfilerActivity, profile, record_function

import mlp_tutorial as mt
from mlp_tutorial.speed.results import STAGES, flops
from mlp_tutorial.speed.ways import network, post

Clock = Callable[[], float]
PACKAGES = ("torch", "numpy", "scikit-learn", "lightning", "skorch", "keras")
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


def seconds(run: Callable[[], object], clock: Clock = time.process_time) -> float:
    """Return what `run` takes by `clock`, in seconds."""
    start = clock()
    run()
    return clock() - start


def pairs(ours: Callable[[], float], base: Callable[[], float], n: int) -> list[tuple[float, float]]:
    """Return n pairs of what `ours` and `base` return, called in turn, the order within a pair in turn too."""
    ours(), base()  # the first run warms caches up and doesn't count
    found = []
    for i in range(n):
        if i % 2:
            mine, other = ours(), base()
        else:
            other, mine = base(), ours()
        found.append((mine, other))
    return found


def matrix_rate(size: int = 1500, n: int = 9) -> float:
    """Return the floating-point operations per second of NumPy's or torch's large float32 matrix product, the best."""
    a, b = torch.randn(2, size, size, generator=torch.Generator().manual_seed(0))
    a_np, b_np = a.numpy(), b.numpy()
    times = [seconds(product) for _ in range(n) for product in (lambda: a @ b, lambda: np.matmul(a_np, b_np))]
    return 2 * size**3 / min(times)


def step_milliseconds(batch_size: int, H: int, n: int = 7) -> float:
    """Return the CPU time of a step of the raw loop at this size, in ms: the least of n runs of some steps."""
    x, y = mt.random_data(batch_size, 1000, 10)
    step = _stepper(x, y, mt.TwoLayerNet(1000, H, 10), nullcontext)
    n_steps = max(3, min(100, round(1e9 / flops(batch_size, 1000, H, 10))))
    step()
    return 1000 * min(seconds(lambda: [step() for _ in range(n_steps)]) for _ in range(n)) / n_steps


def profile_step(n: int = 100) -> dict[str, list]:
    """Return where the quickest of n profiled steps of the post's training spent its time.

    "stages" and "operations" hold [name, start, end] in µs since the step began, in order of time. An operation is
    PyTorch's: the matrix products one by one, the rest by the outermost.
    """
    x, y, start = post()
    step = _stepper(x, y, network(start), record_function)
    for _ in range(20):
        step()
    with profile(activities=[ProfilerActivity.CPU]) as record:
        for _ in range(n):
            step()
    steps = [event for event in record.events() if event.name == "step"]
    best = min(steps, key=lambda event: event.time_range.elapsed_us())
    stages = [_span(event, best) for event in best.cpu_children if event.name in STAGES]
    operations = [_span(event, best) for event in _operations(best)]
    return {"stages": stages, "operations": operations, "microseconds": _span(best, best)[2]}


def _stepper(
    x: Tensor, y: Tensor, model: torch.nn.Module, named: Callable[[str], AbstractContextManager]
) -> Callable[[], None]:
    """Return the five lines of 07 as a function, each within `named` of its name: the profiler's, or nothing's."""
    optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE)

    def step() -> None:
        with named("step"):
            with named(STAGES[0]):
                y_pred = model(x)
            with named(STAGES[1]):
                loss = F.mse_loss(y_pred, y)
                loss.item()
            with named(STAGES[2]):
                optimizer.zero_grad()
            with named(STAGES[3]):
                loss.backward()
            with named(STAGES[4]):
                optimizer.step()

    return step


def _operations(event: "torch.autograd.profiler_util.FunctionEvent") -> Iterator[object]:
    """Yield PyTorch's operations within the event: each matrix product, and the outermost of those that hold none."""
    for child in event.cpu_children:
        if child.name in MATRIX_PRODUCTS or (child.name.startswith("aten::") and not _holds_product(child)):
            yield child
        else:
            yield from _operations(child)


def _holds_product(event: "torch.autograd.profiler_util.FunctionEvent") -> bool:
    """Return whether a matrix product lies within the event."""
    return any(child.name in MATRIX_PRODUCTS or _holds_product(child) for child in event.cpu_children)


def _span(event: "torch.autograd.profiler_util.FunctionEvent", step: object) -> list:
    """Return [name, start, end] in µs since the step began."""
    begin = step.time_range.start
    return [event.name, round(event.time_range.start - begin), round(event.time_range.end - begin)]


def machine() -> dict[str, str | int]:
    """Return the processor's name, the number of its cores that we may use, and the system."""
    name = platform.processor()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            name = next(line.partition(":")[2].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):  # not Linux, or a processor that says nothing there
        pass
    return {"cpu": name or "?", "cores": os.cpu_count() or 1, "system": f"{platform.system()} {platform.machine()}"}


def versions() -> dict[str, str]:
    """Return the versions of Python and of those PACKAGES that are installed."""
    found = {"Python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name).partition("+")[0]
        except PackageNotFoundError:
            continue
    return found
