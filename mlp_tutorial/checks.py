"""Checks of what a learner hands in, before torch sees it.

They stand in one place so that every message names the value, what was expected and what to try.
"""

import math
import numbers
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

MAX_SEED = 2**32 - 1  # NumPy's, and so scikit-learn's, largest
ENDS_IN_CONSONANT = ("n", "out")  # D_in은, n은, D_out은; every other name here ends in a vowel: H는, x는


def topic(name: str) -> str:
    """Return `name` with the Korean topic particle that its last sound asks for."""
    return name + ("은" if name.endswith(ENDS_IN_CONSONANT) else "는")


def whole_number(name: str, value: object, *, least: int = 1) -> int:
    """Return `value` as an int of at least `least`; raise ValueError for anything else (True and 3.0 included)."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < least:
        raise ValueError(
            f"{topic(name)} {least} 이상의 정수여야 합니다 (받은 값: {value!r}). "
            f"예를 들어 {max(least, 10)}을 넣어 보십시오."
        )
    return int(value)


def random_seed(value: object) -> int:
    """Return `value` as a seed that torch and NumPy both take, 0 … 2³² − 1; raise ValueError for anything else."""
    value = whole_number("seed", value, least=0)
    if value > MAX_SEED:
        raise ValueError(f"seed는 {MAX_SEED} 이하여야 합니다 (받은 값: {value}). 예를 들어 123을 넣어 보십시오.")
    return value


def positive_number(name: str, value: object) -> float:
    """Return `value` as a finite float above 0; raise ValueError for anything else."""
    usable = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if not usable or not math.isfinite(value) or value <= 0:
        raise ValueError(
            f"{topic(name)} 0보다 큰 유한한 수여야 합니다 (받은 값: {value!r}). 예를 들어 0.1이나 1e-4를 넣어 보십시오."
        )
    return float(value)


def usable_device(device: str | torch.device) -> torch.device:
    """Return the torch.device that `device` names; raise ValueError where this machine can't put a tensor on it."""
    try:
        found = torch.device(device)
    except (RuntimeError, TypeError):
        raise ValueError(
            f"device는 'cpu', 'cuda'처럼 PyTorch가 아는 장치 이름이어야 합니다 (받은 값: {device!r}). "
            "GPU가 없으면 device='cpu'로 두십시오."
        ) from None
    try:
        torch.empty(0, device=found)
    except (RuntimeError, AssertionError, NotImplementedError):
        raise ValueError(
            f"device는 이 컴퓨터에서 쓸 수 있는 장치여야 하는데 '{found}'은(는) 쓸 수 없습니다 (받은 값: {device!r}). "
            "device='cpu'로 바꾸십시오."
        ) from None
    return found


def same_length(x: Tensor, y: Tensor) -> None:
    """Raise ValueError unless x and y have the same number of rows, at least one."""
    if len(x) != len(y) or len(x) == 0:
        raise ValueError(
            f"x와 y의 행의 수는 같고 1 이상이어야 합니다 (받은 값: x {len(x)}행, y {len(y)}행). "
            "x.shape와 y.shape를 나란히 출력해 보십시오."
        )


def data(model: nn.Module, x: Tensor, y: Tensor) -> None:
    """Raise ValueError or TypeError unless x (N, D_in) and y (N, …) are data that `model` can take."""
    for name, values in (("x", x), ("y", y)):
        if not isinstance(values, Tensor):
            raise TypeError(
                f"{topic(name)} 텐서여야 합니다 (받은 값의 형: {type(values).__name__}). "
                f"torch.as_tensor({name})로 바꾸십시오."
            )
        if values.dim() == 0:
            raise ValueError(
                f"{topic(name)} 행이 있는 텐서여야 합니다 (받은 모양: ()). {name}.reshape(1, -1)로 바꾸십시오."
            )
    same_length(x, y)
    _same_kind(model, x, y)
    for name, values in (("x", x), ("y", y)):
        bad = values.numel() - int(torch.isfinite(values).sum())
        if bad:
            raise ValueError(
                f"{name}에 NaN이나 무한대가 없어야 합니다 (받은 값: {bad}개). "
                f"torch.isfinite({name})로 자리를 찾아 지우거나 채우십시오."
            )
    _first_layer(model, x)


def _same_kind(model: nn.Module, x: Tensor, y: Tensor) -> None:
    """Raise where x has another dtype, or x or y another device, than the model's parameters."""
    weight = next(model.parameters(), None)
    if weight is None:
        raise ValueError("model에는 학습할 매개변수가 있어야 합니다 (받은 값: 0개). nn.Linear 같은 층을 넣으십시오.")
    if x.dtype != weight.dtype:
        raise TypeError(
            f"x의 자료형은 모델의 가중치와 같은 {weight.dtype}여야 합니다 (받은 값: {x.dtype}). "
            f"x.to({weight.dtype})로 바꾸십시오."
        )
    for name, values in (("x", x), ("y", y)):
        if values.device != weight.device:
            raise ValueError(
                f"{topic(name)} 모델과 같은 장치 '{weight.device}'에 있어야 합니다 (받은 값: '{values.device}'). "
                f"{name}.to('{weight.device}')로 옮기십시오."
            )


def _first_layer(model: nn.Module, x: Tensor) -> None:
    """Raise where the model's first layer is an nn.Linear that takes another number of inputs than x has."""
    name, layer = next((name, layer) for name, layer in model.named_modules() if not list(layer.children()))
    if isinstance(layer, nn.Linear) and x.shape[-1] != layer.in_features:
        name = name or type(layer).__name__
        raise ValueError(
            f"층 '{name}'은(는) 입력 {layer.in_features}개를 받는데 x의 한 행에는 {x.shape[-1]}개가 있습니다 "
            f"(받은 모양: {tuple(x.shape)}). 모델의 D_in과 x를 만들 때의 D_in을 같은 변수로 적으십시오."
        )


def targets(loss_fn: Callable[[Tensor, Tensor], Tensor], y_pred: Tensor, y: Tensor) -> None:
    """Raise where `loss_fn` would fail on y_pred (N, D_out) and y, or would broadcast them in silence."""
    if y.is_floating_point():
        if y.shape != y_pred.shape:
            remedy = (
                f"y.reshape{tuple(y_pred.shape)}로 바꾸십시오. 그냥 두면 브로드캐스팅으로 엉뚱한 손실이 나옵니다."
                if y.numel() == y_pred.numel()
                else "출력 노드 수를 y의 열 수에 맞추십시오. y가 클래스 번호라면 y.long()으로 바꾸십시오."
            )
            raise ValueError(
                f"y의 모양은 모델의 출력과 같은 {tuple(y_pred.shape)}여야 합니다 "
                f"(받은 모양: {tuple(y.shape)}). {remedy}"
            )
        if y.dtype != y_pred.dtype:
            raise TypeError(
                f"y의 자료형은 모델의 출력과 같은 {y_pred.dtype}여야 합니다 (받은 값: {y.dtype}). "
                f"y.to({y_pred.dtype})로 바꾸십시오."
            )
        return
    if loss_fn is F.mse_loss or isinstance(loss_fn, nn.MSELoss):
        raise TypeError(
            f"평균제곱오차(MSE)의 y는 실수여야 합니다 (받은 값: {y.dtype}). "
            "수를 맞히는 문제라면 y.float()로, 클래스를 맞히는 문제라면 loss_fn=F.cross_entropy로 바꾸십시오."
        )
    labels(y_pred, y)


def labels(y_pred: Tensor, y: Tensor) -> None:
    """Raise unless y (N,) holds class labels 0 … n_classes − 1 for the outputs y_pred (N, n_classes)."""
    n_classes = y_pred.shape[-1]
    if y.shape != y_pred.shape[:-1]:
        raise ValueError(
            f"클래스 번호 y의 모양은 {tuple(y_pred.shape[:-1])}여야 합니다 (받은 모양: {tuple(y.shape)}). "
            "y.flatten()을 써 보십시오."
        )
    if y.dtype != torch.int64:
        raise TypeError(
            f"클래스 번호 y의 자료형은 torch.int64여야 합니다 (받은 값: {y.dtype}). y.long()으로 바꾸십시오."
        )
    low, high = int(y.min()), int(y.max())
    if low < 0 or high >= n_classes:
        raise ValueError(
            f"클래스 번호 y는 0부터 {n_classes - 1}까지여야 합니다 (받은 값: {low}부터 {high}까지). "
            "R처럼 1부터 셌다면 y - 1로 바꾸고, 클래스가 더 많다면 출력 노드 수를 늘리십시오."
        )
