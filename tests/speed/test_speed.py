"""Tests of the ways of training and of their benchmark: equal losses, sound measuring, and what notebook B says of it.

Timings are no tests, but what B's prose says of `measured.json` is tested here, so that measuring anew shows what is
no longer true.
"""

import contextlib
import itertools
import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from mlp_tutorial import reference, speed
from mlp_tutorial.speed import measure, results, trainers

bench = import_module("mlp_tutorial.speed.__main__")
Small = tuple[Tensor, Tensor, list[Tensor]]
HERE = {**speed.WAYS, "scikit-learn": speed.TRAINERS["scikit-learn"]}  # others only where they are installed
MEASURED = speed.load()
LIMIT = 1000 * speed.flops(64, 1000, 100, 10) / MEASURED["flops_per_second"]  # ms


@pytest.fixture
def small() -> Small:
    """Return x (6, 9), y (6, 3) and parameters for 5 hidden nodes, in float64."""
    generator = torch.Generator().manual_seed(3)
    shapes = (6, 9), (6, 3), (5, 9), (5,), (3, 5), (3,)
    x, y, *start = (torch.randn(shape, generator=generator, dtype=torch.float64) for shape in shapes)
    return x, y, start


def oracle(x: Tensor, y: Tensor, start: list[Tensor], learning_rate: float, n_steps: int) -> tuple[list, list]:
    """Losses and parameters of gradient descent by autograd's own gradients."""
    losses, parameters = [], [part.clone() for part in start]
    for _ in range(n_steps):
        W_1, b_1, W_2, b_2 = (part.requires_grad_() for part in parameters)
        loss = F.mse_loss(F.linear(F.relu(F.linear(x, W_1, b_1)), W_2, b_2), y)
        gradients = torch.autograd.grad(loss, parameters)
        parameters = [
            (part - learning_rate * gradient).detach() for part, gradient in zip(parameters, gradients, strict=True)
        ]
        losses.append(loss.item())
    return losses, parameters


@pytest.mark.parametrize("name", [*HERE, *(trainers.installed().keys() - HERE.keys())])
def test_every_way_makes_the_same_steps_and_leaves_its_inputs_alone(name: str, small: Small) -> None:
    x, y, start = small
    kept = [part.clone() for part in (x, y, *start)]
    found = (speed.WAYS | speed.TRAINERS)[name](x, y, start, 0.05, 30)
    losses, parameters = oracle(x, y, start, 0.05, 30)
    tolerance = 1e-4 if name == "Keras" else 1e-12  # Keras computes in float32
    assert found.losses == pytest.approx(losses, rel=tolerance, abs=0)
    assert losses[-1] < losses[0] / 2, "an oracle that does not learn would show little"
    for ours, theirs in zip(found.parameters, parameters, strict=True):
        torch.testing.assert_close(ours.double(), theirs, rtol=0, atol=tolerance)
    assert all(torch.equal(now, before) for now, before in zip((x, y, *start), kept, strict=True))


def test_post_gives_the_posts_losses_by_the_rewriting() -> None:
    x, y, start = speed.post()
    found = speed.carried(x.double(), y.double(), [part.double() for part in start], 1e-4, 500)
    assert {step: round(found.losses[step - 1], 6) for step in reference.POST_LOSSES} == reference.POST_LOSSES


def test_post_of_another_width_draws_its_own_and_leaves_the_random_state_alone() -> None:
    state = torch.get_rng_state()
    x, y, start = speed.post(7)
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.equal(x, speed.post()[0])
    assert torch.equal(y, speed.post()[1])
    assert [tuple(part.shape) for part in start] == [(7, 1000), (7,), (10, 7), (10,)]
    torch.manual_seed(123)
    assert torch.equal(start[0], torch.nn.Linear(1000, 7).weight)
    torch.set_rng_state(state)


def test_rewriting_agrees_in_float32_to_rounding() -> None:
    x, y, start = speed.post()
    mine, theirs = speed.carried(x, y, start, 1e-4, 100), speed.raw_loop(x, y, start, 1e-4, 100)
    assert mine.losses == pytest.approx(theirs.losses, rel=3e-6)
    for ours, other, before in zip(mine.parameters, theirs.parameters, start, strict=True):
        assert ours.dtype == torch.float32
        assert (ours - other).abs().max() < 1e-2 * (other - before).abs().max()


def test_rewriting_is_quicker_than_the_raw_loop() -> None:
    x, y, start = speed.post()
    with speed.one_thread():
        found = speed.pairs(
            lambda: speed.seconds(lambda: speed.carried(x, y, start, 1e-4, 50)),
            lambda: speed.seconds(lambda: speed.raw_loop(x, y, start, 1e-4, 50)),
            4,
        )
    quick, slow = (min(times) for times in zip(*found, strict=True))
    assert quick < slow / 3


def test_installed_names_those_that_can_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "scikit-learn" in trainers.installed()
    monkeypatch.setattr(trainers, "find_spec", lambda package: package == "skorch" or None)
    assert list(trainers.installed()) == ["skorch"]
    assert trainers.PACKAGES.keys() == speed.TRAINERS.keys()


@pytest.mark.parametrize(("sizes", "expected"), [((64, 1000, 100, 10), 25_984_000), ((2, 3, 5, 7), 2 * (60 + 210))])
def test_flops_of_a_step(sizes: tuple[int, ...], expected: int) -> None:
    assert speed.flops(*sizes) == expected


def test_table_and_place_tell_what_was_measured() -> None:
    way = {"ms_per_step": 1.25, "ratio": 0.5, "last_loss": 1.0180661}
    machine = {"cpu": "Z80", "cores": 1, "system": "CP/M"}
    told = {"machine": machine, "versions": {"Python": "4.0", "torch": "9"}, "n_pairs": 3, "ways": {"방법": way}}
    head, row = speed.table(told).splitlines()
    assert row.split() == ["1.250", "0.500", "1.018066", "방법"]
    assert head.split("   ")[0] == "한 스텝 (ms)"
    assert speed.place(told) == "Z80 (코어 1개 가운데 하나), CP/M\nPython 4.0, torch 9\n방법마다 짝 3개"


def test_pairs_alternate_and_drop_the_first_run() -> None:
    called: list[str] = []
    counts = {"ours": itertools.count(), "base": itertools.count(100)}

    def side(name: str) -> Callable[[], float]:
        return lambda: called.append(name) or next(counts[name])

    assert speed.pairs(side("ours"), side("base"), 3) == [(1, 101), (2, 102), (3, 103)]
    assert called == ["ours", "base", "base", "ours", "ours", "base", "base", "ours"]


def test_seconds_is_the_clocks_difference() -> None:
    ticks, ran = iter([5.0, 7.5]), []
    assert speed.seconds(lambda: ran.append(1), lambda: next(ticks)) == 2.5
    assert ran == [1]


def test_one_thread_is_put_back() -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    with contextlib.suppress(KeyError), speed.one_thread():
        assert torch.get_num_threads() == 1
        raise KeyError
    assert torch.get_num_threads() == 2
    torch.set_num_threads(before)


def test_profile_holds_the_five_lines_and_five_products_in_their_places() -> None:
    found = measure.profile_step(n=3)
    assert tuple(name for name, _, _ in found["stages"]) == results.STAGES
    times = [time for _, *span in found["stages"] for time in span]
    assert times == sorted(times)
    assert times[0] >= 0
    assert times[-1] <= found["microseconds"]
    within = [
        stage
        for name, start, _ in found["operations"]
        for stage, begin, end in found["stages"]
        if name in measure.MATRIX_PRODUCTS and begin <= start <= end
    ]
    assert within == ["순전파"] * 2 + ["역전파"] * 3


def test_benchmark_measures_saves_and_names_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few = {name: speed.WAYS[name] for name in (results.BASE, "NumPy로 손으로")}
    for module, name, value in (
        (bench, "N_STEPS", 2),
        (bench, "WAYS", few),
        (bench, "WIDTHS", (1,)),
        (bench, "WIDE", 7),
        (bench, "BATCH_SIZES", (1,)),
        (bench, "installed", lambda: {"scikit-learn": trainers.scikit_learn}),
        (measure, "matrix_rate", lambda: 2e9),
        (results, "FILE", tmp_path / "measured.json"),
    ):
        monkeypatch.setattr(module, name, value)
    assert bench.main(["--pairs", "1", "--save"]) == 0
    told = capsys.readouterr().out
    missing = [name for name in speed.TRAINERS if f"{name}: 설치되어 있지 않아 건너뜁니다" in told]
    assert missing == ["Lightning", "skorch", "Keras"]
    assert "1초에 2.0 GFLOP" in told
    saved = json.loads((tmp_path / "measured.json").read_text(encoding="utf-8"))
    assert saved.keys() == MEASURED.keys()
    assert saved["ways"].keys() == few.keys() | {"scikit-learn"}
    assert saved["wide"]["H"] == 7
    assert saved["wide"]["ratios"].keys() == {"scikit-learn"}
    assert saved["ways"][results.BASE]["last_loss"] == pytest.approx(1.0849, abs=1e-3)
    assert all(way["ms_per_step"] > 0 < way["ratio"] for way in saved["ways"].values())


def test_matrix_rate_is_a_rate() -> None:
    assert 1e6 < measure.matrix_rate(size=200, n=2) < 1e15


def test_measured_ways_are_all_there_and_end_at_the_posts_loss() -> None:
    assert MEASURED["ways"].keys() == speed.WAYS.keys() | speed.TRAINERS.keys()
    ends = [way["last_loss"] for way in MEASURED["ways"].values()]
    assert ends == pytest.approx([reference.POST_LOSSES[500]] * len(ends), abs=2e-6)


def test_measured_ratios_are_in_the_order_that_the_notebook_tells() -> None:
    ratio = {name: way["ratio"] for name, way in MEASURED["ways"].items()}
    assert list(ratio.values()) == sorted(ratio.values(), reverse=True)
    assert ratio[results.BASE] == pytest.approx(1, abs=0.05)
    assert ratio["mt.fit"] == pytest.approx(1, abs=0.1)
    assert max(ratio["z 이어 쓰기 (NumPy)"], ratio["z 이어 쓰기 (텐서)"]) < 1 / 5
    assert ratio["z 이어 쓰기 (NumPy)"] < 1 / 10
    assert ratio["NumPy로 손으로"] < ratio["텐서로 손으로"] < 0.9
    assert ratio["NumPy로 손으로"] < ratio["scikit-learn"] < 1
    assert min(ratio[name] for name in ("Lightning", "skorch", "Keras")) > 1.2
    assert max(ratio, key=ratio.get) == "Keras"


def test_measured_times_stand_to_the_limit_as_the_notebook_tells() -> None:
    ms = {name: way["ms_per_step"] for name, way in MEASURED["ways"].items()}
    assert max(ms["z 이어 쓰기 (NumPy)"], ms["z 이어 쓰기 (텐서)"]) < LIMIT
    assert LIMIT < ms["NumPy로 손으로"] < 2 * LIMIT < ms[results.BASE]


def test_measured_costs_turn_from_flat_to_steep_near_the_posts_size() -> None:
    for key, one, size in (
        ("by_width", speed.flops(64, 1000, 1, 10), 100),
        ("by_batch", speed.flops(1, 1000, 100, 10), 64),
    ):
        sizes, times = zip(*MEASURED[key], strict=True)
        limits = [1000 * one * n / MEASURED["flops_per_second"] for n in sizes]
        above = [time / limit for time, limit in zip(times, limits, strict=True)]
        assert times[1] < 1.3 * times[0], "flat on the left"
        assert above[0] > above[len(above) // 2] > above[-1], "nearer to the limit on the right"
        assert 1 < min(above) <= above[-1] < 3, "along the limit on the right, and never below it"
        assert size / 2 < times[0] / (limits[0] / sizes[0]) < 2 * size, "the post's size is near the turn"


def test_measured_tools_cost_little_where_the_network_is_wide() -> None:
    wide, small = MEASURED["wide"], MEASURED["ways"]
    assert wide["H"] == 3000
    for name in ("Lightning", "skorch", "Keras"):
        assert abs(wide["ratios"][name] - 1) < abs(small[name]["ratio"] - 1) / 2
    assert wide["ratios"]["scikit-learn"] > 1.1


def test_measured_profile_has_two_long_products() -> None:
    lengths = sorted(end - begin for name, begin, end in MEASURED["profile"]["operations"] if "mm" in name)
    assert len(lengths) == 5
    assert lengths[2] < lengths[3] / 3
    stages = {name: end - begin for name, begin, end in MEASURED["profile"]["stages"]}
    assert sorted(stages, key=stages.get)[-2:] == ["순전파", "역전파"]
    assert MEASURED["profile"]["microseconds"] > 1000 * MEASURED["ways"][results.BASE]["ms_per_step"]
