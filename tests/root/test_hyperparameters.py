"""Tests of mlp_tutorial.hyperparameters: the post's values, and every value that must be refused."""

import dataclasses

import pytest
import torch
from torch import nn

import mlp_tutorial as mt


def test_frozen_and_copied_with_a_change() -> None:
    hp = mt.Hyperparameters()
    with pytest.raises(dataclasses.FrozenInstanceError):
        hp.H = 5
    assert dataclasses.replace(hp, H=5).H == 5
    assert hp.device == torch.device("cpu")
    assert dataclasses.replace(hp, device="meta").device == torch.device("meta")


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        *((unknown, "아는 장치") for unknown in ("gpu", "", 3.5, None)),
        *((missing, "이 컴퓨터") for missing in ("hpu", "privateuseone", "xla")),
        pytest.param("cuda", "이 컴퓨터", marks=pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")),
    ],
)
def test_devices_that_can_not_be_used(bad: object, said: str) -> None:
    with pytest.raises(ValueError, match=rf"^device는 .*{said}.*\(받은 값: {bad!r}\).*GPU가 없으면 'cpu'로"):
        mt.Hyperparameters(device=bad)


def test_sizes_have_a_largest() -> None:
    with pytest.raises(ValueError, match=r"^H는 9223372036854775807 이하.*9223372036854775808\)"):
        mt.Hyperparameters(H=2**63)


@pytest.mark.parametrize("bad", ["mse", None, nn.MSELoss])
def test_loss_fn_must_be_a_function(bad: object) -> None:
    with pytest.raises(TypeError, match=r"^loss_fn은 함수.*괄호 없이"):
        mt.Hyperparameters(loss_fn=bad)
    assert isinstance(mt.Hyperparameters(loss_fn=nn.MSELoss()).loss_fn, nn.MSELoss)
