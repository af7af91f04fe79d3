"""Tests of the ways of training and of their benchmark: equal steps and sound measuring.

Timings are no tests; what B says of those in `measured.json` stands with its errors in docs/claims.md.
"""

from importlib import import_module
from pathlib import Path

import pytest
import torch
from torch.nn import functional as F

from mlp_tutorial import reference, speed
from mlp_tutorial.speed import measure, ways

bench = import_module("mlp_tutorial.speed.__main__")
MEASURED = speed.load()
ALL = speed.WAYS | ways.installed()


@pytest.mark.parametrize("name", ALL)
def test_every_way_makes_the_same_steps_and_leaves_its_inputs_alone(name: str) -> None:
    generator = torch.Generator().manual_seed(3)
    shapes = (6, 9), (6, 3), (5, 9), (5,), (3, 5), (3,)
    x, y, *start = given = [torch.randn(shape, generator=generator, dtype=torch.float64) for shape in shapes]
    kept = [part.clone() for part in given]
    found = ALL[name](x, y, start, 0.05, 30)
    losses, parameters = [], kept[2:]
    for _ in range(30):  # autograd's own gradients are the oracle
        W_1, b_1, W_2, b_2 = parameters = [part.detach().requires_grad_() for part in parameters]
        loss = F.mse_loss(F.linear(F.relu(F.linear(x, W_1, b_1)), W_2, b_2), y)
        gradients = torch.autograd.grad(loss, parameters)
        parameters = [part - 0.05 * gradient for part, gradient in zip(parameters, gradients, strict=True)]
        losses.append(loss.item())
    assert found.losses == pytest.approx(losses, rel=1e-6 if name == "Keras" else 1e-12, abs=0)  # its own float32
    assert losses[-1] < losses[0] / 2, "an oracle that does not learn would show little"
    assert found.parameters or name in ("scikit-learn", *ways.OPTIONAL), "only the tools keep theirs"
    for ours, theirs in zip(found.parameters, parameters, strict=bool(found.parameters)):
        torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-12)
    assert all(torch.equal(now, before) for now, before in zip(given, kept, strict=True))


def test_post_is_the_posts_and_another_width_leaves_the_random_state_alone() -> None:
    x, y, start = speed.post()
    losses = speed.carried(x.double(), y.double(), [part.double() for part in start], 1e-4, 500).losses
    assert {step: round(losses[step - 1], 6) for step in reference.POST_LOSSES} == reference.POST_LOSSES
    state = torch.get_rng_state()
    assert [tuple(part.shape) for part in speed.post(7)[2]] == [(7, 1000), (7,), (10, 7), (10,)]
    assert torch.equal(torch.get_rng_state(), state)


def test_pairs_alternate_and_drop_the_first_run() -> None:
    called: list[str] = []
    ours, base = (lambda name=name: called.append(name) or len(called) for name in ("ours", "base"))
    assert speed.pairs(ours, base, 3) == [(4, 3), (5, 6), (8, 7)]
    assert called == ["ours", "base", "base", "ours", "ours", "base", "base", "ours"]
    assert speed.ratios([[1, 2], [6, 3]]).tolist() == [[0.5, 2]]


def test_the_benchmark_measures_and_saves_what_the_notebook_reads(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few = {name: speed.WAYS[name] for name in ("z 이어 쓰기", "손으로 쓴 반복문", "scikit-learn")}
    small = {
        "N_STEPS": 3,
        "N_PAIRS": 2,
        "WAYS": few,
        "WIDE": 7,
        "WIDTHS": (1,),
        "BATCH_SIZES": (1,),
        "installed": dict,
    }
    for name, value in small.items():
        monkeypatch.setattr(bench, name, value)
    monkeypatch.setattr(measure, "FILE", tmp_path / "measured.json")
    n_threads = torch.get_num_threads()
    assert bench.main(["--save"]) == 0
    torch.set_num_threads(n_threads)
    assert "skorch, Lightning, Keras" in capsys.readouterr().out
    saved = speed.load()
    assert saved.keys() == MEASURED.keys()
    assert saved["wide"].keys() == {"scikit-learn"}
    assert [*saved["ways"]][-1] == "z 이어 쓰기", "the slowest first"
    assert all(speed.ratios(found).shape == (1, 2) for found in [*saved["ways"].values(), saved["limit"]])
    assert {round(loss, 3) for loss in saved["last_losses"].values()} == {1.085}
    stages, products = saved["profile"]["stages"], [one for one in saved["profile"]["operations"] if "mm" in one[0]]
    assert [name for name, _, _ in stages] == ["순전파", "손실", "기울기 지우기", "역전파", "한 걸음"]
    assert [sum(begin <= start <= end for _, start, _ in products) for _, begin, end in stages] == [2, 0, 0, 3, 0]
