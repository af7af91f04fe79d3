"""Tests of mlp_tutorial.hyperparameters: the post's values, and every value that must be refused."""

import dataclasses
import math

import pytest
import torch
from torch import nn
from torch.nn import functional as F

import mlp_tutorial as mt


def test_defaults_are_the_posts() -> None:
    hp = mt.Hyperparameters()
    assert (hp.batch_size, hp.D_in, hp.H, hp.D_out) == (64, 1000, 100, 10)
    assert (hp.learning_rate, hp.n_steps, hp.seed) == (1 / 10000, 500, 123)
    assert hp.loss_fn is F.mse_loss
    assert hp.device == torch.device("cpu")


def test_frozen_and_copied_with_a_change() -> None:
    hp = mt.Hyperparameters()
    with pytest.raises(dataclasses.FrozenInstanceError):
        hp.H = 5
    assert dataclasses.replace(hp, H=5).H == 5
    assert dataclasses.replace(hp, device="meta").device == torch.device("meta")


@pytest.mark.parametrize("name", ["batch_size", "D_in", "H", "D_out"])
@pytest.mark.parametrize("bad", [0, -1, 1.5, 64.0, "64", None, math.nan, True])
def test_sizes_must_be_positive_whole_numbers(name: str, bad: object) -> None:
    with pytest.raises(ValueError, match=rf"^{name}[은는] 1 이상의 정수여야 합니다 \(받은 값: {bad!r}\)"):
        mt.Hyperparameters(**{name: bad})


@pytest.mark.parametrize("name", ["n_steps", "seed"])
@pytest.mark.parametrize("bad", [-1, 0.5, "1"])
def test_steps_and_seed_must_be_whole_numbers_from_zero(name: str, bad: object) -> None:
    assert getattr(mt.Hyperparameters(**{name: 0}), name) == 0
    with pytest.raises(ValueError, match=rf"^{name}는 0 이상의 정수여야 합니다 \(받은 값: {bad!r}\)"):
        mt.Hyperparameters(**{name: bad})


@pytest.mark.parametrize("bad", [0, 0.0, -1e-4, math.inf, -math.inf, math.nan, 10**400, "0.1", None, True])
def test_learning_rate_must_be_finite_and_positive(bad: object) -> None:
    with pytest.raises(ValueError, match=rf"^learning_rate는 0보다 큰 유한한 수여야 합니다 \(받은 값: {bad!r}\)"):
        mt.Hyperparameters(learning_rate=bad)


def test_whole_learning_rate_is_taken() -> None:
    assert mt.Hyperparameters(learning_rate=1).learning_rate == 1.0


@pytest.mark.parametrize("bad", ["gpu", "", 3.5, None])
def test_unknown_device(bad: object) -> None:
    with pytest.raises(ValueError, match=r"PyTorch가 아는 장치 이름이어야 합니다 .*device='cpu'"):
        mt.Hyperparameters(device=bad)


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU")
def test_cuda_where_there_is_none() -> None:
    with pytest.raises(ValueError, match=r"이 컴퓨터에서 쓸 수 있는 장치여야 하는데 'cuda'.*device='cpu'"):
        mt.Hyperparameters(device="cuda")


@pytest.mark.parametrize("device", ["hpu", "privateuseone", "xla"])
def test_a_device_whose_package_is_missing(device: str) -> None:
    with pytest.raises(ValueError, match=rf"이 컴퓨터에서 쓸 수 있는 장치여야 하는데 '{device}'.*device='cpu'"):
        mt.Hyperparameters(device=device)


def test_sizes_have_a_largest() -> None:
    with pytest.raises(ValueError, match=r"^H는 9223372036854775807 이하여야 합니다 \(받은 값: 9223372036854775808\)"):
        mt.Hyperparameters(H=2**63)


@pytest.mark.parametrize("bad", ["mse", None, nn.MSELoss])
def test_loss_fn_must_be_a_function(bad: object) -> None:
    with pytest.raises(TypeError, match=r"loss_fn은 함수여야 .*F\.mse_loss처럼 .* 괄호 없이.*nn\.MSELoss\(\)처럼"):
        mt.Hyperparameters(loss_fn=bad)
    assert isinstance(mt.Hyperparameters(loss_fn=nn.MSELoss()).loss_fn, nn.MSELoss)
