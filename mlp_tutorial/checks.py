"""Checks of what a learner hands in, before torch sees it.

They stand in one place so that every message names the value, what was expected and what to try.
"""

import math
import numbers
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional as F

LossFunction = Callable[[Tensor, Tensor], Tensor]
LOSS_FORMS = "F.mse_loss처럼 함수의 이름만 괄호 없이 적거나, nn.MSELoss()처럼 괄호를 붙여 적으십시오."
MAX_SEED = 2**32 - 1  # NumPy's, and so scikit-learn's, largest
ENDS_IN_CONSONANT = ("n", "out", "model")  # D_in은, model은; every other name here ends in a vowel: H는, x는


def topic(name: str) -> str:
    """Return `name` with the Korean topic particle that its last sound asks for."""
    return name + ("은" if name.endswith(ENDS_IN_CONSONANT) else "는")


def whole_number(name: str, value: object, *, least: int = 1, most: int = 2**63 - 1) -> int:
    """Return `value` as an int from `least` to `most`; raise ValueError for anything else (True and 3.0 included)."""
    example = f"예를 들어 {max(least, 10)}을 넣어 보십시오."
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < least:
        raise ValueError(f"{topic(name)} {least} 이상의 정수여야 합니다 (받은 값: {value!r}). {example}")
    if value > most:
        raise ValueError(f"{topic(name)} {most} 이하여야 합니다 (받은 값: {value!r}). {example}")
    return int(value)


def layer_widths(value: object) -> tuple[int, ...]:
    """Return `value` as nodes per layer; raise ValueError unless it holds two or more whole numbers from 1."""
    try:
        widths = tuple(value)
    except TypeError:  # nothing to go through
        widths = ()
    if len(widths) < 2:
        raise ValueError(
            f"widths에는 입력층과 출력층, 둘 이상의 노드 수가 있어야 합니다 (받은 값: {value!r}). "
            "예를 들어 (2, 16, 2)처럼 적으십시오."
        )
    return tuple(whole_number(f"widths[{i}]", width) for i, width in enumerate(widths))


def random_seed(value: object) -> int:
    """Return `value` as a seed that torch and NumPy both take, 0 … 2³² − 1; raise ValueError for anything else."""
    return whole_number("seed", value, least=0, most=MAX_SEED)


def positive_number(name: str, value: object) -> float:
    """Return `value` as a finite float above 0; raise ValueError for anything else."""
    try:
        number = float(value) if isinstance(value, numbers.Real) and not isinstance(value, bool) else math.nan
    except OverflowError:  # an int beyond the largest float
        number = math.inf
    if not 0 < number < math.inf:
        raise ValueError(
            f"{topic(name)} 0보다 큰 유한한 수여야 합니다 (받은 값: {value!r}). 예를 들어 0.1이나 1e-4를 넣어 보십시오."
        )
    return number


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
    except (RuntimeError, AssertionError, NotImplementedError, ImportError):
        raise ValueError(
            f"device는 이 컴퓨터에서 쓸 수 있는 장치여야 하는데 '{found}'은(는) 쓸 수 없습니다 (받은 값: {device!r}). "
            "device='cpu'로 바꾸십시오."
        ) from None
    return found


def loss_function(value: object) -> None:
    """Raise TypeError unless `value` can be called as a loss function; a class such as nn.MSELoss can't."""
    if not callable(value) or isinstance(value, type):
        raise TypeError(f"loss_fn은 함수여야 합니다 (받은 값: {value!r}). {LOSS_FORMS}")


def scalar_loss(loss_fn: LossFunction, y_pred: Tensor, y: Tensor) -> float:
    """Return the loss of y_pred and y; raise where `loss_fn` can't compute it or returns no scalar tensor."""
    try:
        loss = loss_fn(y_pred, y)
    except Exception as error:
        reason = " ".join(str(error).split())
        raise TypeError(
            f"loss_fn은 loss_fn(y_pred, y)로 계산할 수 있어야 합니다 (받은 값: {loss_fn!r}, 까닭: {reason}). "
            f"{LOSS_FORMS}"
        ) from error
    if not isinstance(loss, Tensor) or loss.dim() > 0:
        got = f"모양이 {tuple(loss.shape)}인 텐서" if isinstance(loss, Tensor) else type(loss).__name__
        raise TypeError(
            f"loss_fn은 수 하나가 든 텐서를 돌려주어야 합니다 (받은 값: {got}). "
            "reduction='mean'으로 두거나 돌려주는 텐서에 .mean()을 붙이십시오."
        )
    return loss.item()


def training_setup(model: nn.Module, optimizer: object, validation: object) -> None:
    """Raise unless `model` has something to train, `optimizer` can be called and `validation`, if any, is a pair."""
    if not any(parameter.requires_grad for parameter in model.parameters()):
        raise ValueError(
            "model에는 학습할 매개변수가 있어야 합니다 (받은 값: 0개). nn.Linear 같은 층을 넣거나, "
            "얼린 층이라면 model.requires_grad_(True)로 푸십시오."
        )
    if not callable(optimizer):
        raise TypeError(
            f"optimizer는 최적화 도구의 클래스여야 합니다 (받은 값의 형: {type(optimizer).__name__}). "
            "torch.optim.SGD처럼 괄호 없이 적으십시오."
        )
    if validation is not None and not (isinstance(validation, tuple | list) and len(validation) == 2):
        raise TypeError(
            f"validation은 x와 y, 두 텐서의 묶음이어야 합니다 (받은 값의 형: {type(validation).__name__}). "
            "validation=(x_val, y_val)처럼 적으십시오."
        )


def trainable(**given: Sequence[Tensor]) -> None:
    """Raise ValueError where a given name's tensors were made under torch.inference_mode(): autograd takes none."""
    for name, values in given.items():
        if any(value.is_inference() for value in values):
            raise ValueError(
                f"{topic(name)} torch.inference_mode() 밖에서 만든 것이어야 합니다 (받은 값: 추론에만 쓰는 텐서). "
                "torch.inference_mode()를 torch.no_grad()로 바꾸고 다시 만드십시오."
            )


def tensors(x: Tensor, y: Tensor) -> None:
    """Raise TypeError or ValueError unless x (N, D_in) and y (N, …) are tensors of the same N rows, at least one."""
    for name, values in (("x", x), ("y", y)):
        if not isinstance(values, Tensor):
            raise TypeError(
                f"{topic(name)} 텐서여야 합니다 (받은 값의 형: {type(values).__name__}). "
                f"torch.as_tensor({name})로 바꾸십시오."
            )
    if x.dim() < 2:
        raise ValueError(
            f"x는 행과 열이 있는 텐서여야 합니다 (받은 모양: {tuple(x.shape)}). "
            "열이 하나라면 x.reshape(-1, 1)로, 행이 하나라면 x.reshape(1, -1)로 바꾸십시오."
        )
    if y.dim() == 0:
        raise ValueError("y는 행이 있는 텐서여야 합니다 (받은 모양: ()). y.reshape(1, -1)로 바꾸십시오.")
    if len(x) != len(y) or len(x) == 0:
        raise ValueError(
            f"x와 y의 행의 수는 같고 1 이상이어야 합니다 (받은 값: x {len(x)}행, y {len(y)}행). "
            "x.shape와 y.shape를 나란히 출력해 보십시오."
        )


def data(model: nn.Module, x: Tensor, y: Tensor) -> None:
    """Raise ValueError or TypeError unless x (N, D_in) and y (N, …) are finite data beside `model`."""
    tensors(x, y)
    weight = next(model.parameters(), None)
    if weight is not None:
        _beside(weight, x, y)
    finite("x", x)
    finite("y", y)


def finite(name: str, values: Tensor) -> None:
    """Raise ValueError where `values`, of any shape, hold NaN or infinity."""
    bad = values.numel() - int(torch.isfinite(values).sum())
    if bad:
        raise ValueError(
            f"{name}에 NaN이나 무한대가 없어야 합니다 (받은 값: {bad}개). "
            f"torch.isfinite({name})로 자리를 찾아 지우거나 채우십시오."
        )


def _beside(weight: Tensor, x: Tensor, y: Tensor) -> None:
    """Raise where x has another dtype, or x or y another device, than a weight of the model."""
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


@contextmanager
def layer_inputs(model: nn.Module) -> Iterator[None]:
    """While this lasts, an nn.Linear that gets a wrong number of inputs raises a ValueError that names it."""
    layers = [(name, layer) for name, layer in model.named_modules() if isinstance(layer, nn.Linear)]
    hooks = [layer.register_forward_pre_hook(partial(_input_width, name or "Linear")) for name, layer in layers]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _input_width(name: str, layer: nn.Linear, inputs: tuple[Tensor, ...]) -> None:
    """Raise where the first of `inputs`, (…, in_features), is not as wide as `layer` takes."""
    for values in inputs[:1]:
        if values.shape[-1:] != (layer.in_features,):
            raise ValueError(
                f"층 '{name}'은(는) 입력 {layer.in_features}개를 받는데 한 행에 "
                f"{values.shape[-1:].numel()}개가 들어왔습니다 "
                f"(받은 모양: {tuple(values.shape)}). 첫 층이라면 x의 열의 수와 D_in을, "
                "그 뒤의 층이라면 앞 층의 출력 수와 이 층의 입력 수를 같게 하십시오."
            )


def targets(loss_fn: LossFunction, y_pred: Tensor, y: Tensor) -> None:
    """Raise where `loss_fn` would fail on y_pred (N, D_out) and y, or would broadcast them in silence."""
    if loss_fn is F.cross_entropy or isinstance(loss_fn, nn.CrossEntropyLoss):
        _several_classes(y_pred)
    if not y.is_floating_point():
        if y.numel() == y_pred.numel():
            raise TypeError(f"y는 모델의 출력처럼 실수여야 합니다 (받은 값: {y.dtype}). y.float()로 바꾸십시오.")
        if loss_fn is F.mse_loss or isinstance(loss_fn, nn.MSELoss):
            raise TypeError(
                f"평균제곱오차(MSE)의 y는 실수여야 합니다 (받은 값: {y.dtype}). "
                "수를 맞히는 문제라면 y.float()로, 클래스를 맞히는 문제라면 loss_fn=F.cross_entropy로 바꾸십시오."
            )
        labels(y_pred, y)
        return
    if y.shape != y_pred.shape:
        remedy = (
            f"y.reshape{tuple(y_pred.shape)}로 바꾸십시오. 그냥 두면 브로드캐스팅으로 엉뚱한 손실이 나옵니다."
            if y.numel() == y_pred.numel()
            else "출력 노드 수를 y의 열 수에 맞추십시오. y가 클래스 번호라면 y.long()과 F.cross_entropy를 쓰십시오."
        )
        raise ValueError(
            f"y의 모양은 모델의 출력과 같은 {tuple(y_pred.shape)}여야 합니다 (받은 모양: {tuple(y.shape)}). {remedy}"
        )
    if y.dtype != y_pred.dtype:
        raise TypeError(
            f"y의 자료형은 모델의 출력과 같은 {y_pred.dtype}여야 합니다 (받은 값: {y.dtype}). "
            f"y.to({y_pred.dtype})로 바꾸십시오."
        )


def _several_classes(y_pred: Tensor) -> None:
    """Raise unless y_pred (N, n_classes) has an output for each of at least two classes."""
    if y_pred.dim() < 2 or y_pred.shape[-1] < 2:
        raise ValueError(
            f"클래스를 맞히려면 모델의 출력에 열이 둘 이상이어야 합니다 (받은 모양: {tuple(y_pred.shape)}). "
            "출력 노드 수 D_out을 클래스의 수로 두십시오."
        )


def labels(y_pred: Tensor, y: Tensor) -> None:
    """Raise unless y (N,) holds class labels 0 … n_classes − 1 for the outputs y_pred (N, n_classes)."""
    _several_classes(y_pred)
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
