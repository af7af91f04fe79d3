"""The mean of repeated runs and its standard error, which says what a difference between two means is worth."""

import math
from dataclasses import dataclass
from typing import NoReturn

from torch import Tensor

from mlp_tutorial import checks

WITHOUT_A_NUMBER = (
    "정확도라면 y가 클래스 번호여야 하니 손실을 쓰고, 손실이라면 발산한 실행이 있으니 learning_rate를 줄이십시오."
)


@dataclass(frozen=True)
class Estimate:
    """A mean and its standard error. First used in 02.

    Attributes:
        mean: over all runs.
        error: the standard error of that mean.
        n: the independent units behind the error: splits, or seeds where there is one split.
    """

    mean: float
    error: float
    n: int

    def __str__(self) -> str:
        """Write mean ± standard error."""
        vanishes = 0 < (self.error or abs(self.mean)) < 5e-5  # four decimals would show 0.0000
        short = vanishes or max(abs(self.mean), self.error) >= 1e6
        return format(self, "z.4g" if short else "z.4f")  # z: no −0.0000

    def __format__(self, form: str) -> str:
        """Write both in this form, as f"{estimate:.2f}" asks for."""
        return f"{self.mean:{form}} ± {self.error:{form}}" if form else str(self)

    def __sub__(self, other: object) -> NoReturn:
        """Raise TypeError: the error of a difference does not follow from two errors, as the runs share their luck."""
        raise TypeError(
            "두 방법의 차이는 실행마다 구한 다음에 평균해야 합니다 "
            f"(받은 값: {self}에서 뺀 {other}). mt.estimate(a.accuracies - b.accuracies)처럼 적으십시오."
        )

    @property
    def clear(self) -> bool:
        """Whether the mean is further from 0 than twice its standard error: what to ask of a difference."""
        return abs(self.mean) > 2 * self.error


@checks.called_as("mt.estimate(runs.accuracies)")
def estimate(values: Tensor, *, overlap: float = 0.0) -> Estimate:
    """Return the mean of values (n_splits, n_seeds), one for each run, with its standard error.

    First used in 02. The units are the splits, each with the mean of its seeds, or the seeds where there is one split.
    Where all splits were trained from the same few seeds, those seeds' luck counts, too: it is drawn once for all
    splits. Simplest are splits with one seed of their own each, as every run is then a unit by itself. Of two methods,
    estimate the difference on the same splits and seeds.

    Args:
        values: for example runs.accuracies, or the difference of two such tables.
        overlap: validation rows divided by training rows, where all splits share out the same rows. Such splits are
            not independent, and the variance of their mean grows from s²/n to s²(1/n + overlap), after Nadeau and
            Bengio (Inference for the generalization error, Machine Learning 52, 2003).

    Raises:
        ValueError: no such table, fewer than two units, values that are not finite, an overlap below 0.
    """
    if not isinstance(values, Tensor) or values.dim() != 2 or max(values.shape) < 2 or min(values.shape) < 1:
        got = f"모양 {tuple(values.shape)}" if isinstance(values, Tensor) else f"형 {type(values).__name__}"
        raise ValueError(
            f"values는 (분할 수, 시드 수) 모양의 텐서이고 분할이나 시드가 둘 이상이어야 합니다 (받은 값: {got}). "
            "mt.repeat에 분할이나 시드를 둘 이상 주고, 돌려받은 runs.accuracies 같은 것을 넣으십시오. "
            "직접 모은 수의 목록이라면 torch.tensor(목록).reshape(-1, 1)로 바꾸십시오."
        )
    checks.finite("values", values, WITHOUT_A_NUMBER)
    if not isinstance(overlap, float | int) or not 0 <= overlap < math.inf:
        raise ValueError(
            f"overlap은 검증의 행 수를 학습의 행 수로 나눈 0 이상의 수여야 합니다 (받은 값: {overlap!r}). "
            "분할끼리 나누어 쓰는 행이 없으면 0으로 두십시오."
        )
    values = values.double()
    if len(values) == 1:
        values = values.T  # the seeds are the units
    units = values.mean(dim=1)
    variance = units.var().item() * (1 / len(units) + overlap) + _of_shared_seeds(values)
    return Estimate(units.mean().item(), math.sqrt(variance), len(units))


def _of_shared_seeds(values: Tensor) -> float:
    """Return what the seeds that all splits share add to the variance of the mean of values (n_splits, n_seeds).

    Both are drawn at random, as in the two-way layout of analysis of variance: the seeds' means vary by their own luck
    and by what is left of each run, and only the former counts once more.
    """
    n_splits, n_seeds = values.shape
    if n_seeds == 1:
        return 0.0
    by_seed = values.mean(dim=0)
    left = values - values.mean(dim=1, keepdim=True) - by_seed + values.mean()
    noise = left.square().sum().item() / ((n_splits - 1) * (n_seeds - 1)) / n_splits  # of a seed's mean
    return max(0.0, by_seed.var().item() - noise) / n_seeds
