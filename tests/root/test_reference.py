"""Tests of the post's numbers: its losses come back from its own weights, digit for digit."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

import mlp_tutorial as mt
from mlp_tutorial.reference import POST_LOSSES, comparison, load_post_weights


def raw_losses(model: nn.Module, dtype: torch.dtype) -> list[float]:
    """Return the losses of 500 steps of the post's loop, written out."""
    with torch.random.fork_rng():
        torch.manual_seed(123)
        x, y = torch.randn(64, 1000).to(dtype), torch.randn(64, 10).to(dtype)
    losses = []
    for _ in range(500):
        loss = F.mse_loss(model(x), y)
        losses.append(loss.item())
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= 1e-4 * parameter.grad
    return losses


def test_float64_prints_the_posts_losses_exactly() -> None:
    model = mt.TwoLayerNet(1000, 100, 10).double()
    load_post_weights(model)
    losses = raw_losses(model, torch.float64)
    assert {step: round(losses[step - 1], 6) for step in POST_LOSSES} == POST_LOSSES


def test_float32_is_within_one_unit_of_the_last_printed_digit() -> None:
    model = mt.TwoLayerNet(1000, 100, 10)
    load_post_weights(model)
    losses = raw_losses(model, torch.float32)
    for step, loss in POST_LOSSES.items():
        assert abs(round(losses[step - 1] * 1e6) - round(loss * 1e6)) <= 1, f"step {step}"


def test_pytorchs_own_weights_give_other_losses() -> None:
    with torch.random.fork_rng():
        torch.manual_seed(123)
        model = mt.TwoLayerNet(1000, 100, 10)
    losses = raw_losses(model, torch.float32)
    expected = [1.0358603, 1.0240382, 1.0124987, 1.0012176, 0.9901667]
    torch.testing.assert_close(torch.tensor(losses[99::100]), torch.tensor(expected), rtol=0, atol=3e-7)


def test_weights_are_uniform_within_their_limits_and_leave_the_global_state_alone() -> None:
    before = torch.get_rng_state()
    model = mt.TwoLayerNet(1000, 100, 10)
    torch.set_rng_state(before)
    load_post_weights(model)
    assert torch.equal(before, torch.get_rng_state())
    for layer, limit in ((model.layer_01, 1000**-0.5), (model.layer_02, 0.1)):
        for parameter in layer.parameters():
            assert parameter.abs().max() <= limit
        assert layer.weight.abs().max() > 0.99 * limit
        assert layer.weight.requires_grad


def test_any_module_of_the_posts_sizes_will_do_and_no_other() -> None:
    twin, model = nn.Sequential(nn.Linear(1000, 100), nn.ReLU(), nn.Linear(100, 10)), mt.TwoLayerNet(1000, 100, 10)
    load_post_weights(twin)
    load_post_weights(model)
    assert all(torch.equal(a, b) for a, b in zip(twin.parameters(), model.parameters(), strict=True))
    without_bias = nn.Sequential(nn.Linear(1000, 100, bias=False), nn.Linear(100, 10))
    for other in (mt.TwoLayerNet(1000, 5, 10), mt.MLP((1000, 100, 100, 10)), nn.ReLU(), without_bias):
        with pytest.raises(ValueError, match=r"\(1000, 100, 10\).*--init pytorch"):
            load_post_weights(other)


def test_comparison_table() -> None:
    losses = torch.full((250,), 1.0)
    losses[99], losses[199] = 1.070940, 1.0572271
    assert comparison(losses).splitlines()[1:] == [
        " 100  1.070940   1.070939  +0.000001",
        " 200  1.057227   1.057227  +0.000000",
        " 250  1.000000",
    ]
    assert comparison([1.0] * 99 + [1e30]).splitlines()[1] == " 100  1.00e+30   1.070939  +1.00e+30"
    assert len(comparison(torch.ones(600)).splitlines()) == 7
    assert len(comparison(torch.ones(0)).splitlines()) == 1
    assert comparison(mt.History(losses)) == comparison(losses) == comparison(losses.tolist())
    for wrong in (None, {100: 1.07, 200: 1.06}, ["a"]):
        with pytest.raises(ValueError, match=rf"받은 값의 형: {type(wrong).__name__}\)\. .*loss\.item\(\)을 담은 목록"):
            comparison(wrong)
