"""Checks of single values: sizes, seeds, rates, devices, functions, and numbers that are none.

They know nothing of networks, so that every room can use them.
"""

import inspect
import math
import numbers
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import ParamSpec, TypeVar

import torch
from torch import Tensor

from mlp_tutorial.terminal import remedies
from mlp_tutorial.terminal.korean import shown, topic

P, R = ParamSpec("P"), TypeVar("R")
FORMS = "{}처럼 함수의 이름만 괄호 없이 적거나, nn.{}()처럼 괄호를 붙여 적으십시오."
LOSS_FORMS, ACTIVATION_FORMS = FORMS.format("F.mse_loss", "MSELoss"), FORMS.format("F.relu", "ReLU")
MAX_SEED = 2**32 - 1  # NumPy's, and so scikit-learn's, largest; torch's CPU generator drops the bits above (2.13.0)


def called_as(example: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return what makes a function tell `example` in Korean where its arguments are none that it takes."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(function)

        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            __tracebackhide__ = True  # a notebook shows the frames of the caller and of the function alone
            try:
                signature.bind(*args, **kwargs)
            except TypeError as error:
                name, unknown = example.partition("(")[0], [key for key in kwargs if key not in signature.parameters]
                got = f"{name}에 없는 {', '.join(unknown)}" if unknown else error
                told = f"인수는 수와 이름이 {name}의 것과 같아야 합니다 (받은 인수: {got})."
                raise TypeError(f"{told} {example}처럼 적으십시오.") from None
            return function(*args, **kwargs)

        return call

    return decorate


def plain(value: object) -> object:
    """Return the number in a tensor or array without dimensions; anything else as it is."""
    return value.item() if getattr(value, "ndim", None) == 0 else value


def whole_number(name: str, value: object, *, least: int = 1, most: int = 2**63 - 1) -> int:
    """Return `value` as an int from `least` to `most`; raise ValueError for anything else (True and 3.0 included)."""
    number = plain(value)
    example = remedies.to_number(value, int, f"예를 들어 {max(least, 10)}을 넣어 보십시오.")
    if isinstance(number, float) and least <= number <= most:
        example = "int()로 바꾸고, 나누어 얻은 수라면 / 대신 몫 //를 쓰십시오."
    if isinstance(number, bool) or not isinstance(number, numbers.Integral) or number < least:
        raise ValueError(f"{topic(name)} {least} 이상의 정수여야 합니다 (받은 값: {shown(value)}). {example}")
    if number > most:
        raise ValueError(f"{topic(name)} {most} 이하여야 합니다 (받은 값: {shown(value)}). {example}")
    return int(number)


def whole_numbers(**given: object) -> list[int]:
    """Return the given sizes in their order as `whole_number` does."""
    return [whole_number(name, value) for name, value in given.items()]


def layer_widths(value: object) -> tuple[int, ...]:
    """Return `value` as nodes per layer; raise ValueError unless it holds two or more whole numbers from 1."""
    widths: tuple[object, ...] = ()
    with suppress(TypeError):  # nothing to go through
        widths = tuple(value)
    if len(widths) < 2:
        raise ValueError(
            f"widths에는 입력층과 출력층, 둘 이상의 노드 수가 있어야 합니다 (받은 값: {shown(value)}). "
            "예를 들어 (2, 16, 2)처럼 적으십시오."
        )
    return tuple(whole_number(f"widths[{i}]", width) for i, width in enumerate(widths))


def random_seed(value: object) -> int:
    """Return `value` as a seed that torch and NumPy both take, 0 … 2³² − 1; raise ValueError for anything else."""
    return whole_number("seed", value, least=0, most=MAX_SEED)


def real_number(name: str, value: object) -> float:
    """Return `value` as a finite float; raise ValueError for anything else."""
    number = _real(value)
    if not math.isfinite(number):
        how = remedies.to_number(value, float, "0.5처럼 수 하나를 적고, 값이 하나인 텐서라면 .item()으로 꺼내십시오.")
        raise ValueError(f"{topic(name)} 유한한 수 하나여야 합니다 (받은 값: {shown(value)}). {how}")
    return number


def _real(value: object) -> float:
    """Return `value` as a float, NaN where it is no real number."""
    number = plain(value)
    try:
        return float(number) if isinstance(number, numbers.Real) and not isinstance(number, bool) else math.nan
    except OverflowError:  # an int beyond the largest float
        return math.inf


def positive_number(name: str, value: object) -> float:
    """Return `value` as a finite float above 0; raise ValueError for anything else."""
    number = _real(value)
    if not 0 < number < math.inf:
        how = remedies.to_number(value, float, "예를 들어 0.1이나 1e-4를 넣어 보십시오.")
        raise ValueError(f"{topic(name)} 0보다 큰 유한한 수여야 합니다 (받은 값: {shown(value)}). {how}")
    return number


def within_steps(validate_every: int, n_steps: int) -> None:
    """Raise ValueError where a run that is to measure after each `validate_every` steps never would."""
    if 0 < n_steps < validate_every:
        raise ValueError(
            f"validate_every는 n_steps 이하여야 합니다 (받은 값: {validate_every}, n_steps는 {n_steps}). "
            f"validate_every={max(1, n_steps // 10)}처럼 줄이십시오."
        )


def usable_device(device: str | torch.device) -> torch.device:
    """Return the torch.device that `device` names; raise ValueError where this machine can't put a tensor on it."""
    try:
        found = torch.device(device)
        torch.empty(0, device=found)
    except (RuntimeError, TypeError, AssertionError, NotImplementedError, ImportError):
        raise ValueError(
            "device는 PyTorch가 아는 장치이고 이 컴퓨터에서 쓸 수 있어야 합니다 "
            f"(받은 값: {shown(device)}). GPU가 없으면 'cpu'로 두십시오."
        ) from None
    return found


def function(name: str, value: object, forms: str) -> None:
    """Raise TypeError unless `value` can be called with tensors; a class such as nn.MSELoss or nn.ReLU can't."""
    if not callable(value) or isinstance(value, type):
        raise TypeError(f"{topic(name)} 함수여야 합니다 (받은 값: {shown(value)}). {forms}")


def finite(name: str, values: Tensor, remedy: str = "torch.isfinite({})로 자리를 찾아 지우거나 채우십시오.") -> None:
    """Raise ValueError where `values`, of any shape, hold NaN or infinity."""
    bad = values.numel() - int(torch.isfinite(values).sum())
    if bad:
        raise ValueError(f"{name}에 NaN이나 무한대가 없어야 합니다 (받은 값: {bad}개). {remedy.format(name)}")
