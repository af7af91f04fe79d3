"""Tests of mlp_tutorial.data against the post's numbers, plain torch, scikit-learn and the definitions of the sets."""

import os
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits
from sklearn.linear_model import LinearRegression
from torch import Tensor

import mlp_tutorial as mt

Maker = Callable[..., tuple[Tensor, Tensor]]
MAKERS = (mt.random_data, mt.learnable_data)


def test_random_data_is_what_the_post_draws() -> None:
    x, _ = mt.random_data(64, 1000, 10, seed=123)
    torch.testing.assert_close(x[:3, :3], torch.tensor(mt.reference.POST_X), atol=5e-5, rtol=0)


@pytest.mark.parametrize("make", MAKERS)
def test_data_go_to_the_device_that_is_named(make: Maker) -> None:
    assert {part.device.type for part in make(5, 7, 3, seed=1, device="meta")} == {"meta"}


@pytest.mark.parametrize("make", MAKERS)
def test_same_seed_same_rows_other_seed_other_rows(make: Maker) -> None:
    data, again, other = (make(50, 6, 4, seed=seed) for seed in (8, 8, 9))
    assert all(map(torch.equal, data, again))
    for part, others in zip(data, other, strict=True):
        assert not torch.isclose(part, others).all(dim=1).any()


@pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has one device")
@pytest.mark.parametrize("make", MAKERS)
def test_two_devices_see_the_same_numbers(make: Maker) -> None:
    for here, there in zip(make(5, 7, 3), make(5, 7, 3, device="cuda"), strict=True):
        assert there.device.type == "cuda"
        assert torch.equal(here, there.cpu())


def test_the_rule_of_learnable_data_is_fixed() -> None:
    x, y = mt.learnable_data(1, 2, 2)  # numbers of 2026, on which the notebooks' outputs rest
    torch.testing.assert_close(x, torch.tensor([[0.846272, 0.707391]]), atol=1e-5, rtol=0)
    torch.testing.assert_close(y, torch.tensor([[-0.596455, 0.842695]]), atol=1e-5, rtol=0)


def test_every_cpu_draws_the_same_learnable_data() -> None:
    """PyTorch's plainest path stands for another CPU: there its own draws differ in their last bits."""
    script = "import sys, mlp_tutorial as mt\nfor part in mt.learnable_data(63, 1001, 10, seed=5):\n"
    script += "    sys.stdout.write(part.numpy().tobytes().hex())"
    elsewhere = os.environ | {"ATEN_CPU_CAPABILITY": "default", "OMP_NUM_THREADS": "4"}
    drawn = subprocess.run([sys.executable, "-c", script], env=elsewhere, capture_output=True, text=True, check=True)
    assert drawn.stdout == "".join(part.numpy().tobytes().hex() for part in mt.learnable_data(63, 1001, 10, seed=5))


@pytest.mark.parametrize("n", [15, 16, 17, 31, 32, 5000])
def test_the_draws_behind_learnable_data_are_torchs_up_to_rounding(n: int) -> None:
    one, other = (mt.data.new_generator(7) for _ in range(2))
    theirs = torch.randn(n, generator=one, dtype=torch.float32)
    torch.testing.assert_close(mt.data.normal(n, generator=other), theirs.double(), atol=4e-6, rtol=0)
    assert torch.equal(one.get_state(), other.get_state())


def test_numpys_random_state_is_left_alone() -> None:
    before = np.random.get_state()
    mt.two_moons(20)
    mt.digits()
    np.testing.assert_equal(np.random.get_state(), before)


def test_defaults() -> None:
    x, y = mt.two_moons(9, noise=0.2, seed=123)
    for by_default, told in (
        (mt.random_data(3, 2, 1), mt.random_data(3, 2, 1, seed=123, device="cpu")),
        (mt.learnable_data(3, 2, 1), mt.learnable_data(3, 2, 1, seed=123, device="cpu")),
        (mt.two_moons(9), (x, y)),
        *zip(mt.split(x, y), mt.split(x, y, fractions=(0.6, 0.2, 0.2), seed=123), strict=True),
    ):
        assert all(map(torch.equal, by_default, told))


def test_learnable_data_follow_one_rule_whatever_the_seed() -> None:
    x, y = mt.learnable_data(4000, 40, 3, seed=1)
    fresh_x, fresh_y = mt.learnable_data(1000, 40, 3, seed=2)
    assert torch.linalg.matrix_rank(x) == 5  # the factors behind the columns
    torch.testing.assert_close(x.var(dim=0).mean(), torch.tensor(1.0), atol=0.1, rtol=0)
    torch.testing.assert_close(y.var(dim=0), torch.ones(3), atol=0.1, rtol=0)
    torch.testing.assert_close(y.mean(dim=0), torch.zeros(3), atol=0.1, rtol=0)
    assert LinearRegression().fit(x, y).score(fresh_x, fresh_y) > 0.3  # even a straight line predicts fresh rows


def test_learnable_data_carry_noise_that_no_rule_explains() -> None:
    x, y = mt.learnable_data(2000, 5, 1, seed=1)  # five columns give the five factors back
    z = torch.linalg.lstsq(mt.data.loadings(5).T, x.T.double()).solution.T
    assert (y - mt.data.teach(z, 1)).std().item() == pytest.approx(0.1, abs=0.01)


def test_xor_is_the_truth_table() -> None:
    x, y = mt.xor()
    assert [(*row, result) for row, (result,) in zip(x.int().tolist(), y.int().tolist(), strict=True)] == [
        (a, b, a ^ b) for a in (0, 1) for b in (0, 1)
    ]
    assert x.dtype == y.dtype == torch.float32


def test_digits_are_scikit_learns_scaled_to_one() -> None:
    x, y = mt.digits()
    bunch = load_digits()
    assert x.shape == (1797, 64)
    torch.testing.assert_close(x.reshape(-1, 8, 8) * 16, torch.as_tensor(bunch.images).float())
    assert y.tolist() == bunch.target.tolist()
    assert (x.min(), x.max()) == (0, 1)


def test_split_shuffles_by_its_seed() -> None:
    x, y = mt.digits()
    first, again, other = (mt.split(x, y, seed=seed)[0][1] for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert not torch.equal(first, y[: len(first)])


def test_many_small_parts_have_a_row_each() -> None:
    x = torch.arange(30.0).reshape(30, 1)
    parts = mt.split(x, x, fractions=[0.05] * 20)
    assert {len(part) for part, _ in parts} == {1, 2}
    assert sorted(torch.cat([part for part, _ in parts]).flatten().tolist()) == x.flatten().tolist()
    assert [len(part) for part, _ in mt.split(x, x, fractions=(0.55, 0.25, 0.2))] == [16, 8, 6]  # as ever
