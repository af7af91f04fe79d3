"""What a check does with a value that a learner returned: turn it into numbers, compare, tell what is wrong."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor

from mlp_tutorial.terminal.korean import particle, shown, topic

Value = TypeVar("Value")


KINDS = {
    "str": "글자",
    "tuple": "튜플",
    "list": "목록",
    "dict": "사전",
    "NoneType": "없음",
    "bool": "참과 거짓",
    "Tensor": "텐서",
    "ndarray": "배열",
    "function": "함수",
    "method": "함수",
    "builtin_function_or_method": "함수",
}


class Wrong(AssertionError):
    """Tells a learner what is wrong with an answer; a notebook shows the message alone."""

    def _render_traceback_(self) -> list[str]:
        """Return the lines that IPython prints in place of a traceback."""
        return [f"\x1b[31m{self}\x1b[0m"]


def require(holds: object, told: str) -> None:
    """Raise Wrong with the message unless `holds` is true."""
    if not holds:
        raise Wrong(told)


def kind(value: object) -> str:
    """Return in Korean what kind of thing a learner returned."""
    name = type(value).__name__
    if KINDS.get(name) == "함수":
        return "함수(부르려면 뒤에 괄호 ()를 붙입니다)"
    return f"{KINDS[name]}({name})" if name in KINDS else name


def numbers(value: object, shape: Sequence[int] | None = None, where: str = "", *, what: str = "답") -> Tensor:
    """Return any tensor, array, number or nested list of them as a new float64 tensor on the CPU.

    Args:
        value: what the learner returned.
        shape: which it must have; any if None.
        where: tells where to look if it has another.
        what: names the value in messages.

    Raises:
        Wrong: there is something else in it than numbers, or it has another shape.
    """
    try:
        found = _as_tensor(value)
    except (TypeError, ValueError, RuntimeError, OverflowError) as error:
        told = f"{topic(what)} 수나 배열이나 텐서여야 하는데 {kind(value)}입니다 (받은 값: {shown(value)})."
        if isinstance(value, list | tuple) and "stack expects each tensor" in str(error):
            told += " 그 안에 든 것의 모양이 서로 다릅니다."
        elif isinstance(value, list | tuple) and isinstance(error, TypeError):
            told += " 그 안에 수가 아닌 것이 있습니다."
        raise Wrong(told) from None
    if shape is not None and tuple(found.shape) != tuple(shape):
        seen = tuple(found.shape) if found.dim() else "수 하나"
        raise Wrong(f"{what}의 모양이 {tuple(shape)}이어야 하는데 {seen}입니다. {where}".strip())
    return found


def _as_tensor(value: object) -> Tensor:
    """Return the numbers; raise TypeError, ValueError or RuntimeError where there are others."""
    if isinstance(value, Tensor):
        if value.is_complex():
            raise TypeError
        return value.detach().to("cpu", torch.float64, copy=True)
    if isinstance(value, (list, tuple)):
        return torch.stack([_as_tensor(part) for part in value]) if value else torch.empty(0, dtype=torch.float64)
    array = np.asarray(value)
    if array.dtype.kind not in "biuf" and not (array.dtype.kind == "O" and hasattr(value, "__float__")):
        raise TypeError
    return torch.from_numpy(np.array(array, dtype=np.float64))


def number(value: object, where: str = "", *, what: str = "답") -> float:
    """Return a number of any kind, also in a tensor or array without dimensions, as a float; or raise Wrong."""
    found = numbers(value, what=what)
    if found.shape != ():
        told = f"{topic(what)} 수 하나여야 하는데 모양이 {tuple(found.shape)}입니다. {where}".strip()
        raise Wrong(told + " 그 안의 수가 답이라면 [0]이나 item()으로 꺼내십시오." * (found.numel() == 1))
    return found.item()


def whole_number(value: object, where: str = "정수(int)로 돌려주십시오.", *, what: str = "답") -> int:
    """Return an integer of any kind as an int; raise Wrong for 3.0, True and all else, with what to do in `where`."""
    found = number(value, what=what)
    dtype = value.dtype if isinstance(value, Tensor) else np.asarray(value).dtype
    if "int" not in str(dtype):
        raise Wrong(f"{topic(what)} 정수여야 하는데 {shown(value)}입니다. {where}")
    return int(found)


def truth(value: object, *, what: str = "답") -> bool:
    """Return True or False of any kind, also in a tensor or array without dimensions; or raise Wrong."""
    plain = value.item() if getattr(value, "ndim", None) == 0 else value
    if not isinstance(plain, bool):
        raise Wrong(f"{topic(what)} True나 False여야 하는데 {shown(value)}입니다.")
    return plain


def same(one: object, other: object) -> bool:
    """Return whether two inputs, also nested in tuples, lists and dictionaries, hold the very same values."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, (tuple, list)) and isinstance(other, (tuple, list)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, Tensor) and isinstance(other, Tensor):
        return torch.equal(one, other)
    return bool(one == other)


def several(value: object, names: Sequence[str], *, stacked: bool = False) -> tuple[Any, ...]:
    """Return the parts of a tuple or list of as many values as `names`; or raise Wrong.

    With `stacked` a tensor or array will do, too, whose first dimension holds the parts.
    """
    how_many = ("둘", "셋", "넷", "다섯")[len(names) - 2]
    wanted = f"{', '.join(names)} {particle(how_many, '을', '를')} ‘return {', '.join(names)}’처럼 함께 돌려주십시오"
    if stacked and isinstance(value, (Tensor, np.ndarray)) and value.ndim and len(value) == len(names):
        value = tuple(value)
    if not isinstance(value, (tuple, list)):
        raise Wrong(f"{wanted} (받은 것: {kind(value)} {shown(value)}).")
    if len(value) != len(names):
        raise Wrong(f"{wanted} (받은 것: {len(value)}개).")
    return tuple(value)


def rows_of(part: Tensor, data: Tensor) -> list[int] | None:
    """Return which rows of the data (N, D) a part (m, D) or (D,) holds, in its order; None where one is no row."""
    if part.shape[-1:] != data.shape[1:]:
        return None
    part, data = (values.detach().double().reshape(-1, data.shape[1]) for values in (part, data))
    rows = (part.unsqueeze(1) - data).abs().sum(dim=2).argmin(dim=1)
    return rows.tolist() if near(part, data[rows]) else None


def near(found: Tensor | float, expected: Tensor | float) -> bool:
    """Return whether all numbers are equal up to float32's rounding, measured by the largest expected one."""
    found, expected = (torch.as_tensor(value, dtype=torch.float64) for value in (found, expected))
    if found.shape != expected.shape or not expected.isfinite().all():
        return False
    size = expected.abs().max().item() if expected.numel() else 0.0
    return torch.allclose(found, expected, rtol=0.0, atol=2e-5 * size + 1e-6)


def listed(values: Tensor | float, digits: int = 4) -> object:
    """Return numbers as a message shows them: rounded, whole ones without a point, in nested lists."""
    values = torch.as_tensor(values, dtype=torch.float64)
    return [listed(part, digits) for part in values] if values.dim() else _rounded(values.item(), digits)


def _rounded(value: float, digits: int) -> float:
    """Return one number in as few digits as a message needs."""
    if not math.isfinite(value):
        return value
    if abs(value) >= 1e15:
        return float(f"{value:.4g}")
    near_0 = 1e-6 < abs(value) < 0.5 * 10**-digits
    short = float(f"{value:.2g}") if near_0 else round(value, digits)
    return int(short) if short.is_integer() else short


def apart(expected: Value, found: Value) -> str:
    """Return which value was expected and which one found, in as many digits as tell them apart."""
    digits = next((n for n in range(4, 9) if listed(expected, n) != listed(found, n)), 4)
    return f"{listed(expected, digits)}이어야 하는데 {listed(found, digits)}입니다."


def only(mistakes: Mapping[str, Any], found: Value, alike: Callable[[Value, Any], bool] = near) -> str:
    """Return the words of the one mistake that gives what was found; "" for none and for several, which prove nothing.

    A tuple holds the values that one mistake may give.
    """
    ways = {told: wrong if type(wrong) is tuple else (wrong,) for told, wrong in mistakes.items()}
    said = [told for told, values in ways.items() if any(alike(found, wrong) for wrong in values)]
    return said[0] if len(said) == 1 else ""


def compare(
    what: str,
    found: Value,
    expected: Value,
    mistakes: Mapping[str, Any],
    look: str,
    *,
    alike: Callable[[Value, Any], bool] = near,
    written: Callable[[Value], object] | None = None,
) -> None:
    """Raise Wrong unless a value is the expected one; say which one of the mistakes explains it, otherwise `look`.

    Args:
        what: the value's name with its particle.
        found: what the learner returned.
        expected: what it must be.
        mistakes: what is told of a mistake → the value that it gives, for `only`.
        look: where to look where none or several of them explain it.
        alike: whether two values are equal.
        written: a value as the message shows it, if not as `apart` does.
    """
    if not alike(found, expected):
        told = f"{written(expected)}이어야 하는데 {written(found)}입니다." if written else apart(expected, found)
        raise Wrong(f"{what} {told} {only(mistakes, found, alike) or look}".strip())
