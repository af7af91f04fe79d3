"""Tests of the ways of training and of their benchmark: equal losses, sound measuring, and what notebook B says of it.

Timings are no tests, but what B's prose says of `measured.json` is tested here, so that measuring anew shows what is
no longer true.
"""

import contextlib
import itertools
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest
import torch
from torch.nn import functional as F

from mlp_tutorial import reference, speed
from mlp_tutorial.speed import measure, results, trainers

bench = import_module("mlp_tutorial.speed.__main__")
MEASURED = speed.load()


@pytest.fixture(params=[torch.float32, torch.float64], ids=str)
def default_dtype(request: pytest.FixtureRequest) -> Iterator[None]:
    torch.set_default_dtype(request.param)
    yield
    torch.set_default_dtype(torch.float32)


@pytest.mark.parametrize("name", [*speed.WAYS, *trainers.installed()])
def test_every_way_makes_the_same_steps_and_leaves_its_inputs_alone(name: str) -> None:
    generator = torch.Generator().manual_seed(3)
    shapes = (6, 9), (6, 3), (5, 9), (5,), (3, 5), (3,)
    x, y, *start = given = [torch.randn(shape, generator=generator, dtype=torch.float64) for shape in shapes]
    kept = [part.clone() for part in given]
    found = (speed.WAYS | speed.TRAINERS)[name](x, y, start, 0.05, 30)
    losses, parameters = [], kept[2:]
    for _ in range(30):  # autograd's own gradients are the oracle
        W_1, b_1, W_2, b_2 = parameters = [part.detach().requires_grad_() for part in parameters]
        loss = F.mse_loss(F.linear(F.relu(F.linear(x, W_1, b_1)), W_2, b_2), y)
        gradients = torch.autograd.grad(loss, parameters)
        parameters = [part - 0.05 * gradient for part, gradient in zip(parameters, gradients, strict=True)]
        losses.append(loss.item())
    tolerance = 1e-4 if name == "Keras" else 1e-12  # Keras computes in float32
    assert found.losses == pytest.approx(losses, rel=tolerance, abs=0)
    assert losses[-1] < losses[0] / 2, "an oracle that does not learn would show little"
    for ours, theirs in zip(found.parameters, parameters, strict=True):
        torch.testing.assert_close(ours.double(), theirs, rtol=0, atol=tolerance, check_dtype=False)
    assert all(torch.equal(now, before) for now, before in zip(given, kept, strict=True))


def test_post_gives_the_posts_losses_by_the_rewriting_whatever_the_default(default_dtype: None) -> None:
    x, y, start = speed.post()
    assert {part.dtype for part in (x, y, *start)} == {torch.float32}
    found = speed.carried(x.double(), y.double(), [part.double() for part in start], 1e-4, 500)
    assert {step: round(found.losses[step - 1], 6) for step in reference.POST_LOSSES} == reference.POST_LOSSES
    for way in speed.WAYS.values():
        some = way(x, y, start, 1e-4, 5)
        assert some.losses == pytest.approx(found.losses[:5], rel=1e-5)
        assert {part.dtype for part in some.parameters} == {torch.float32}


def test_post_of_another_width_draws_its_own_and_leaves_the_random_state_alone(default_dtype: None) -> None:
    state = torch.get_rng_state()
    with torch.inference_mode():
        x, _, start = speed.post(7)
    assert not start[0].is_inference(), "no way could train from it"
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.equal(x, speed.post()[0])
    assert [tuple(part.shape) for part in start] == [(7, 1000), (7,), (10, 7), (10,)]
    torch.manual_seed(123)
    assert torch.equal(start[0], torch.nn.Linear(1000, 7, dtype=torch.float32).weight)
    torch.set_rng_state(state)


def test_installed_names_those_that_can_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "scikit-learn" in trainers.installed()
    monkeypatch.setattr(trainers, "find_spec", lambda package: package == "skorch" or None)
    assert list(trainers.installed()) == ["skorch"]


def test_pairs_alternate_and_drop_the_first_run() -> None:
    called: list[str] = []
    counts = {"ours": itertools.count(), "base": itertools.count(100)}

    def side(name: str) -> Callable[[], float]:
        return lambda: called.append(name) or next(counts[name])

    assert speed.pairs(side("ours"), side("base"), 3) == [(1, 101), (2, 102), (3, 103)]
    assert called == ["ours", "base", "base", "ours", "ours", "base", "base", "ours"]


def test_one_thread_is_put_back() -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    with contextlib.suppress(KeyError), speed.one_thread():
        assert torch.get_num_threads() == 1
        raise KeyError
    assert torch.get_num_threads() == 2
    torch.set_num_threads(before)


def test_the_benchmark_measures_saves_and_names_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few = {name: speed.WAYS[name] for name in (results.BASE, "NumPy로 손으로")}
    small = {"N_STEPS": 2, "WAYS": few, "WIDE": 7, "WIDTHS": (1,), "BATCH_SIZES": (1,)}
    for name, value in (small | {"installed": lambda: {"scikit-learn": trainers.scikit_learn}}).items():
        monkeypatch.setattr(bench, name, value)
    rate = measure.matrix_rate
    monkeypatch.setattr(measure, "matrix_rate", lambda: rate(size=200, n=2))
    monkeypatch.setattr(results, "FILE", tmp_path / "measured.json")
    assert bench.main(["--pairs", "1", "--save"]) == 0
    told = capsys.readouterr().out
    assert [name for name in speed.TRAINERS if f"{name}: 설치" in told] == ["Lightning", "skorch", "Keras"]
    saved = speed.load()
    assert saved.keys() == MEASURED.keys()
    assert saved["machine"].keys() == MEASURED["machine"].keys()
    assert saved["versions"].items() >= {"torch": torch.__version__.partition("+")[0]}.items()
    assert saved["ways"].keys() == few.keys() | {"scikit-learn"}
    assert saved["wide"]["ratios"].keys() == {"scikit-learn"}
    assert saved["ways"][results.BASE]["last_loss"] == pytest.approx(1.0849, abs=1e-3)
    assert all(way["ms_per_step"] > 0 < way["ratio"] for way in saved["ways"].values())
    assert 1e6 < saved["flops_per_second"] < 1e15
    ((width, by_width),), ((size, by_batch),) = saved["by_width"], saved["by_batch"]
    assert (width, size) == (1, 1)
    assert 0 < by_width < 1000 > by_batch > 0

    stages, operations = saved["profile"]["stages"], saved["profile"]["operations"]
    assert tuple(name for name, _, _ in stages) == measure.STAGES
    times = [time for _, *span in stages for time in span]
    assert [0, *times, saved["profile"]["microseconds"]] == sorted([0, *times, saved["profile"]["microseconds"]])
    within = [
        stage
        for (name, start, _), (stage, begin, end) in itertools.product(operations, stages)
        if name in measure.MATRIX_PRODUCTS and begin <= start <= end
    ]
    assert within == ["순전파"] * 2 + ["역전파"] * 3
    assert all(one[2] <= other[1] for one, other in itertools.pairwise(operations)), "none within another"


def test_what_the_notebook_tells_of_the_measured_times_holds() -> None:
    ways, wide, rate = MEASURED["ways"], MEASURED["wide"], MEASURED["flops_per_second"]
    ratio, ms, ends = ({name: way[key] for name, way in ways.items()} for key in ("ratio", "ms_per_step", "last_loss"))
    limit = 1000 * speed.flops(64, 1000, 100, 10) / rate  # ms
    loop, by_hand, carried = results.BASE, "NumPy로 손으로", ("z 이어 쓰기 (NumPy)", "z 이어 쓰기 (텐서)")
    tools = ("Lightning", "skorch", "Keras")
    *short, second, first = sorted(e - b for name, b, e in MEASURED["profile"]["operations"] if "mm" in name)
    stages = {name: end - begin for name, begin, end in MEASURED["profile"]["stages"]}
    claims = {
        "all ways are there": ways.keys() == speed.WAYS.keys() | speed.TRAINERS.keys(),
        "all end at the post's loss": all(abs(end - reference.POST_LOSSES[500]) < 2e-6 for end in ends.values()),
        "the slowest first": list(ratio.values()) == sorted(ratio.values(), reverse=True),
        "Keras is the slowest": next(iter(ratio)) == "Keras",
        "the loop is as quick as itself": abs(ratio[loop] - 1) < 0.05,
        "fit is as quick as the loop": abs(ratio["mt.fit"] - 1) < 0.1,
        "carried: a fifth, by NumPy a tenth": max(ratio[way] for way in carried) < 1 / 5 and ratio[carried[0]] < 1 / 10,
        "by hand is quicker": ratio[by_hand] < ratio["텐서로 손으로"] < 0.9,
        "scikit-learn is between": ratio[by_hand] < ratio["scikit-learn"] < 1,
        "the tools cost more": min(ratio[name] for name in tools) > 1.2,
        "carried is below the limit": max(ms[way] for way in carried) < limit,
        "NumPy is within twice the limit, the loop beyond": limit < ms[by_hand] < 2 * limit < ms[loop],
        "where it is wide, the tools cost half": all(
            abs(wide["ratios"][name] - 1) < abs(ratio[name] - 1) / 2 for name in tools
        ),
        "and scikit-learn more": wide["ratios"]["scikit-learn"] > 1.1,
        "two of five products are long": len(short) == 3 and short[-1] < second / 3 <= first / 3,
        "forward and backward are longest": sorted(stages, key=stages.get)[-2:] == ["순전파", "역전파"],
        "the profiler takes time": MEASURED["profile"]["microseconds"] > 1000 * ms[loop],
    }
    for key, one, size in (
        ("by_width", speed.flops(64, 1000, 1, 10), 100),
        ("by_batch", speed.flops(1, 1000, 100, 10), 64),
    ):
        sizes, times = zip(*MEASURED[key], strict=True)
        above = [time * rate / (1000 * one * n) for n, time in zip(sizes, times, strict=True)]  # times the limit
        claims |= {
            f"{key}: flat on the left": times[1] < 1.3 * times[0],
            f"{key}: nearer to the limit on the right": above[0] > above[len(above) // 2] > above[-1],
            f"{key}: along the limit on the right, never below": 1 < min(above) <= above[-1] < 3,
            f"{key}: the post's size is near the turn": size / 2 < times[0] * rate / (1000 * one) < 2 * size,
        }
    assert [claim for claim, holds in claims.items() if not holds] == []
