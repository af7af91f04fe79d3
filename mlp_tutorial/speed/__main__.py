"""`python -m mlp_tutorial.speed`: measure all ways that are installed here, and print or save what was found."""

import json
import platform
from collections.abc import Callable, Iterator
from importlib.metadata import version

import torch
from torch.autograd.profiler_util import FunctionEvent
from torch.nn import functional as F
from torch.profiler import ProfilerActivity, profile, record_function

import mlp_tutorial as mt
from mlp_tutorial.speed import measure
from mlp_tutorial.speed.ways import OPTIONAL, WAYS, Setting, Way, installed, network, post, raw_loop
from mlp_tutorial.terminal import KoreanParser, run, whole_file

LEARNING_RATE, N_STEPS, N_PAIRS = 1e-4, 500, 15
WIDTHS, BATCH_SIZES, WIDE = (1, 3, 10, 30, 100, 300, 1000, 3000), (1, 4, 16, 64, 256, 1024, 4096), 3000


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return the exit status 0."""
    description = "글의 500 스텝을 여러 방법으로 학습해, 걸린 시간(코어 하나의 CPU 시간)을 견줍니다."
    parser = KoreanParser("python -m mlp_tutorial.speed", description=description)
    parser.add_argument("--save", action="store_true", help="노트북 B가 읽는 measured.json에 저장합니다")
    options = parser.parse_args(arguments)
    measure.one_thread()
    measured = measure_all()
    print(measure.table(measured))
    if missing := [name for name in OPTIONAL if name not in measured["ways"]]:
        print(f"건너뛴 방법(설치되어 있지 않습니다): {', '.join(missing)}")
        print("requirements-speed.txt를 설치하면 함께 잽니다.")
    if options.save:
        with whole_file(measure.FILE) as part:
            part.write_text(json.dumps(measured, ensure_ascii=False) + "\n", encoding="utf-8")
        print("measured.json에 저장했습니다. 노트북 B를 다시 실행하십시오: python tools/rerun.py B")
    return 0


def measure_all() -> dict:
    """Return all that notebook B shows of this machine; what varies is measured N_PAIRS times."""
    ways = WAYS | installed()
    packages = ("torch", "numpy", "scikit-learn", *map(str.lower, installed()))
    versions = [f"{name} {version(name)}" for name in packages]
    loop, wide_loop = step_ms(raw_loop, post(), N_STEPS), step_ms(raw_loop, post(WIDE), 50)
    tools = {name: step_ms(ways[name], post(WIDE), 50) for name in ("scikit-learn", *OPTIONAL) if name in ways}
    widths = [step_ms(raw_loop, post(H), 20) for H in WIDTHS]
    batches = [step_ms(raw_loop, (*mt.random_data(size, 1000, 10), post()[2]), 20) for size in BATCH_SIZES]
    beside = {name: measure.pairs(step_ms(way, post(), N_STEPS), loop, N_PAIRS) for name, way in ways.items()}
    return {
        "place": ", ".join([platform.system(), platform.machine(), f"Python {platform.python_version()}", *versions]),
        "ways": dict(sorted(beside.items(), key=lambda way: -measure.ratios(way[1]).mean())),
        "last_losses": {name: way(*post(), LEARNING_RATE, N_STEPS).losses[-1] for name, way in ways.items()},
        "limit": measure.pairs(limit_ms, loop, N_PAIRS),
        "wide": {name: measure.pairs(tool, wide_loop, N_PAIRS) for name, tool in tools.items()},
        "by_width": {"sizes": WIDTHS, "ms": [[step() for step in widths] for _ in range(N_PAIRS)]},
        "by_batch": {"sizes": BATCH_SIZES, "ms": [[step() for step in batches] for _ in range(N_PAIRS)]},
        "profile": profile_step(),
    }


def step_ms(way: Way, setting: Setting, n_steps: int) -> Callable[[], float]:
    """Return a function that measures the CPU time of one of the way's steps, in ms."""
    return lambda: round(1000 * measure.seconds(lambda: way(*setting, LEARNING_RATE, n_steps)) / n_steps, 5)


def limit_ms() -> float:
    """Return the ms of the post's step at the speed of a large matrix product, torch's or NumPy's if that is higher."""
    a = torch.ones(1500, 1500)
    product = min(measure.seconds(lambda m=m: m @ m) for m in (a, a.numpy()))
    return round(1000 * product * measure.flops(64, 1000, 100, 10) / (2 * 1500**3), 5)


def profile_step(n: int = 120) -> dict[str, object]:
    """Return where the quickest of n profiled steps of the post's training spent its time.

    "stages" (the five lines of 07) and "operations" hold [name, start, end] in µs since the step began.
    """
    x, y, start = post()
    model = network(start)
    optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE)
    with profile(activities=[ProfilerActivity.CPU]) as record:
        for _ in range(n):
            with record_function("step"):
                with record_function("순전파"):
                    y_pred = model(x)
                with record_function("손실"):
                    loss = F.mse_loss(y_pred, y)
                    loss.item()
                with record_function("기울기 지우기"):
                    optimizer.zero_grad()
                with record_function("역전파"):
                    loss.backward()
                with record_function("한 걸음"):
                    optimizer.step()
    steps = [event for event in record.events() if event.name == "step"]
    step = min(steps, key=lambda event: event.time_range.elapsed_us())

    def span(event: FunctionEvent) -> list[str | int]:
        return [event.name, *(round(t - step.time_range.start) for t in (event.time_range.start, event.time_range.end))]

    spans = {"stages": [span(event) for event in step.cpu_children]}
    return spans | {"operations": [span(event) for event in operations(step)], "microseconds": span(step)[2]}


def operations(event: FunctionEvent) -> Iterator[FunctionEvent]:
    """Yield PyTorch's outermost operations within the event, but the parts of a linear layer's."""
    for child in event.cpu_children:
        if child.name.startswith("aten::") and child.name != "aten::linear":
            yield child
        else:
            yield from operations(child)


if __name__ == "__main__":
    run(main)
