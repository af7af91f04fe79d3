"""Tests of estimate against closed forms and against what its error claims: how far means of such runs lie apart."""

import math

import numpy as np
import pytest
import torch
from scipy import stats

import mlp_tutorial as mt


def test_the_splits_are_the_units_and_with_one_split_the_seeds() -> None:
    own = mt.estimate(torch.tensor([[2.0], [4.0], [0.0]]))
    assert (own.mean, own.n, own.error) == (2.0, 3, pytest.approx(stats.sem([2.0, 4.0, 0.0])))
    seeds = mt.estimate(torch.tensor([[1.0, 3.0]]))
    assert (seeds.mean, seeds.n, seeds.error) == (2.0, 2, pytest.approx(stats.sem([1.0, 3.0])))
    assert str(own) == "2.0000 ± 1.1547"
    assert str(mt.Estimate(3.2e-5, 1.1e-5, 3)) == "3.2e-05 ± 1.1e-05", "0.0000 would tell of no difference"
    assert str(mt.Estimate(0.5, 2e-6, 3)) == "0.5 ± 2e-06"
    assert str(mt.Estimate(-2e-6, 0.0, 3)) == "-2e-06 ± 0"
    assert str(mt.Estimate(0.0, 0.0, 3)) == "0.0000 ± 0.0000"
    assert str(mt.Estimate(1.5e36, 5.7e35, 3)) == "1.5e+36 ± 5.7e+35", "of runs that diverged"
    alike = mt.estimate(torch.tensor([[1.0, 3.0], [2.0, 4.0], [0.0, 2.0]]))  # the seeds differ by 2 in each split
    assert alike.error == pytest.approx(math.sqrt(1 / 3 + 2 / 2))  # variance 1 of three splits, 2 of two seeds


def test_overlap_widens_the_error_as_nadeau_and_bengio_do() -> None:
    values = torch.randn(10, 1, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    expected = values.std().item() * math.sqrt(0.1 + 0.25)
    assert mt.estimate(values, overlap=0.25).error == pytest.approx(expected)


def test_clear_is_more_than_twice_the_error() -> None:
    assert mt.Estimate(-0.21, 0.1, 10).clear
    assert not mt.Estimate(0.2, 0.1, 10).clear
    assert not mt.Estimate(0.0, 0.0, 10).clear


LAYOUTS = {"a seed of its own": (30, 1, True), "own": (30, 3, True), "shared": (12, 12, False), "seeds": (1, 30, True)}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_error_is_how_far_such_means_lie_apart(layout: str) -> None:
    """The luck of splits, of seeds and what is left of each run are drawn anew 2,000 times."""
    n_splits, n_seeds, own = LAYOUTS[layout]
    draw, means, variances = np.random.default_rng(0), [], []
    for _ in range(2000):
        splits = draw.normal(size=(n_splits, 1)) if n_splits > 1 else 0
        values = splits + draw.normal(size=(n_splits if own else 1, n_seeds)) + draw.normal(size=(n_splits, n_seeds))
        found = mt.estimate(torch.from_numpy(values))
        means.append(found.mean)
        variances.append(found.error**2)
    ratio = np.mean(variances) / np.var(means)
    assert 0.88 < ratio < 1.2, "too small, or more cautious than three seeds of its own in each split make it"


@pytest.mark.parametrize(
    "values", [torch.ones(3), torch.ones(1, 1), torch.ones(0, 3), [[1.0, 2.0]], torch.ones(2, 2, 2)]
)
def test_other_tables_are_refused_in_korean(values: object) -> None:
    with pytest.raises(ValueError, match=r"^values는 .* \(받은 값: .*reshape\(-1, 1\)로 바꾸십시오\.$"):
        mt.estimate(values)


@pytest.mark.parametrize("overlap", [-1.0, math.inf, "0.5"])
def test_other_overlaps_are_refused_in_korean(overlap: object) -> None:
    with pytest.raises(ValueError, match=r"^overlap은 .* \(받은 값: .*십시오\.$"):
        mt.estimate(torch.ones(2, 2), overlap=overlap)


def test_what_is_not_finite_is_refused() -> None:
    with pytest.raises(ValueError, match="NaN이나 무한대"):
        mt.estimate(torch.tensor([[1.0, math.inf]]))


def test_no_number_is_written_as_minus_zero() -> None:
    assert str(mt.Estimate(-1e-6, 0.1, 3)) == "0.0000 ± 0.1000"
    assert f"{mt.Estimate(0.125, 0.5, 3):.1%}" == "12.5% ± 50.0%"
    assert f"{mt.Estimate(1.5, 0.5, 3)}" == "1.5000 ± 0.5000"


def test_two_estimates_are_not_subtracted() -> None:
    one, other = mt.Estimate(0.9, 0.01, 3), mt.Estimate(0.8, 0.01, 3)
    with pytest.raises(
        TypeError, match=r"차이는 실행마다.*0\.9000 ± 0\.0100에서 뺀 0\.8.*a\.accuracies - b\.accur.*십시오"
    ):
        one - other
