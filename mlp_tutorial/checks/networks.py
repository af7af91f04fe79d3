"""Checks of a network, of what it answers, and of a training step that failed.

What PyTorch says of them names its own lines, not the learner's.
"""

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import torch
from torch import Tensor, nn

from mlp_tutorial.checks.values import finite
from mlp_tutorial.terminal import remedies
from mlp_tutorial.terminal.korean import topic

OWN_METHODS = ("forward", "parameters", "modules", "train", "eval")  # of nn.Module, which `self.train = data` hides


def network(model: object) -> None:
    """Raise TypeError unless `model` is a network, no class of one, with a forward, all of whose parts it registers."""
    if not isinstance(model, nn.Module):
        got = f"클래스 {model.__name__}" if isinstance(model, type) else type(model).__name__
        told = f"model은 만들어 둔 신경망이어야 합니다 (받은 값: {got})."
        raise TypeError(f"{told} {remedies.to_network(model)}")
    for name in OWN_METHODS:
        method = getattr(model, name)
        if not callable(method) or getattr(method, "__func__", None) is nn.Module.forward:  # which only raises
            got = f"{type(method).__name__}" + " (PyTorch의 빈 것)" * callable(method)
            raise TypeError(
                f"{topic(f'model의 {name}')} 스스로 적었거나 PyTorch가 준 메서드여야 합니다 (받은 값의 형: {got}). "
                f"def {name}의 철자를 보고, self.{name}에 값을 담았다면 그 이름을 바꾸십시오."
            )
    if not hasattr(model, "training"):  # which nn.Module's own __init__ makes
        raise TypeError(
            f"model은 nn.Module의 __init__을 거친 신경망이어야 합니다 (받은 값: 거치지 않은 {type(model).__name__}). "
            "__init__의 첫 줄에 super().__init__()을 적으십시오."
        )
    known = {*model.parameters()}
    for name, value in itertools.chain.from_iterable(vars(module).items() for module in model.modules()):
        if any(weight.requires_grad and weight.is_leaf and weight not in known for weight in _weights(value)):
            got = f"{type(value).__name__}에 든 self.{name}"
            raise TypeError(
                f"model의 층과 매개변수는 모두 PyTorch에 등록되어 있어야 합니다 (받은 값: {got}). "
                "층은 nn.ModuleList나 nn.ModuleDict로, 텐서는 nn.Parameter로 감싸십시오."
            )


def _weights(value: object) -> Iterator[Tensor]:
    """Yield the tensors in `value`, those of layers too, however deep lists and dicts hold them."""
    if isinstance(value, dict | list | tuple):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _weights(part)
    elif isinstance(value, nn.Module | Tensor):
        yield from value.parameters() if isinstance(value, nn.Module) else [value]


def sized(model: object) -> None:
    """Raise unless `model` is a network whose parameters all have their sizes; a lazy layer's wait for data."""
    network(model)
    lazy = [name for name, parameter in model.named_parameters() if nn.parameter.is_lazy(parameter)]
    if lazy:
        raise ValueError(
            f"model의 층은 모두 크기가 정해져 있어야 합니다 (받은 값: 아직 크기가 없는 {lazy[0]}). "
            "model(x)로 한 번 계산해 크기를 정한 다음에 쓰십시오."
        )


def prediction(y_pred: object) -> Tensor:
    """Return what a model gave out; raise TypeError unless it is a tensor of real numbers."""
    if not isinstance(y_pred, Tensor):
        raise TypeError(
            f"model은 예측이 든 텐서 하나를 돌려주어야 합니다 (받은 값의 형: {type(y_pred).__name__}). "
            "forward가 return으로 끝나는지 보고, 여럿을 돌려준다면 예측만 돌려주게 하십시오."
        )
    if not y_pred.is_floating_point():
        how = "forward에서 argmax나 > 0 같은 비교를 빼고 마지막 층의 출력을 그대로 돌려주십시오."
        how = remedies.TO_REAL.format("출력") if y_pred.is_complex() else how
        raise TypeError(f"model은 실수를 돌려주어야 합니다 (받은 값: {y_pred.dtype}). {how}")
    return y_pred


def answered(y_pred: Tensor) -> None:
    """Raise ValueError where a model's outputs hold NaN or infinity, so that they answer nothing."""
    remedy = "학습이 발산했거나 가중치에 NaN이 든 모델입니다. 모델부터 다시 만들고 learning_rate를 줄여 학습하십시오."
    finite("모델의 출력", y_pred, remedy)


def training_setup(model: nn.Module, optimizer: object, validation: object) -> None:
    """Raise unless `model` has something to train, `optimizer` can be called and `validation`, if any, is a pair."""
    network(model)
    if not any(parameter.requires_grad for parameter in model.parameters()):
        raise ValueError(
            "model에는 학습할 매개변수가 있어야 합니다 (받은 값: 0개). nn.Linear 같은 층을 넣거나, "
            "얼린 층이라면 model.requires_grad_(True)로 푸십시오."
        )
    if not callable(optimizer):
        made = type(optimizer).__name__ if hasattr(torch.optim, type(optimizer).__name__) else "SGD"
        raise TypeError(
            f"optimizer는 최적화 방법의 클래스여야 합니다 (받은 값의 형: {type(optimizer).__name__}). "
            f"torch.optim.{made}처럼 괄호 없이 적고, 학습률 말고 다른 것도 정하려면 "
            f"lambda weights, lr: torch.optim.{made}(weights, lr=lr, …)로 적으십시오."
        )
    several = isinstance(validation, tuple | list)
    if validation is not None and not (several and len(validation) == 2):
        got = f"값: {len(validation)}개의" if several else "값의 형:"
        raise TypeError(
            f"validation은 x와 y, 두 텐서의 묶음이어야 합니다 (받은 {got} {type(validation).__name__}). "
            "validation=(x_val, y_val)처럼 적으십시오."
        )


def settled(y_pred: Tensor, again: Tensor) -> None:
    """Raise ValueError where a model in evaluation mode predicted otherwise `again`: it draws its numbers anew."""
    if not torch.equal(y_pred, again):
        raise ValueError(
            "model은 평가 방식에서 늘 같은 예측을 해야 합니다 (받은 값: 부를 때마다 다른 예측). "
            "층은 forward가 아니라 __init__에서 만드십시오. F.dropout에는 training=self.training을 넣고, "
            "torch.randn 같은 난수는 self.training일 때에만 뽑으십시오."
        )


def moved(model: nn.Module, updater: object) -> None:
    """Raise RuntimeError where `updater` can't be one, or, being PyTorch's, holds none of the model's parameters."""
    if not all(callable(getattr(updater, name, None)) for name in ("zero_grad", "step")):  # a scheduler, a tuple
        raise RuntimeError(
            f"optimizer가 zero_grad와 step이 있는 최적화 방법이 아니라 {type(updater).__name__}을(를) 돌려줌"
        )
    if not isinstance(updater, torch.optim.Optimizer):  # one written by hand
        return
    own = {*model.parameters()}
    if not any(parameter in own for group in updater.param_groups for parameter in group["params"]):
        raise RuntimeError("optimizer가 다른 모델의 매개변수를 맡음")


def reached(model: nn.Module) -> None:
    """Raise RuntimeError where no parameter has a gradient: what was differentiated does not come from them."""
    if all(parameter.grad is None for parameter in model.parameters()):
        raise RuntimeError("손실의 기울기가 매개변수에 닿지 않음")


def stopped(step: int, error: Exception) -> RuntimeError:
    """Return what to raise for an error at `step`, 0 before the first, once the model is put back."""
    remedy = "마지막 미니배치가 한 행뿐이라면 batch_size를, optimizer의 탓이라면 torch.optim.SGD로 바꿔 보십시오."
    return RuntimeError(
        "학습은 스텝마다 예측, 손실, 역전파, 갱신을 마쳐야 합니다 (받은 값: "
        f"{f'스텝 {step}' if step else '첫 스텝 앞'}의 {type(error).__name__}, 까닭: {' '.join(str(error).split())}). "
        f"모델의 매개변수와 버퍼는 학습하기 전으로 되돌렸습니다. {remedies.advice(error, remedy, remedies.IN_A_STEP)}"
    )


@contextmanager
def layer_inputs(model: nn.Module) -> Iterator[None]:
    """While this lasts, an nn.Linear that gets a wrong number of inputs raises a ValueError that names it.

    What torch says of other layers that don't fit becomes the cause in a RuntimeError.
    """
    layers = [(name, layer) for name, layer in model.named_modules() if isinstance(layer, nn.Linear)]
    hooks = [layer.register_forward_pre_hook(partial(_input_width, name or "Linear")) for name, layer in layers]
    try:
        yield
    except (RuntimeError, IndexError, TypeError, ValueError) as error:
        of_a_call = re.search(r"must be Tensor|\.(forward|train|eval)\(\) ", str(error))
        if isinstance(error, ValueError) and re.search("[가-힣]", str(error)):  # told already
            raise
        if isinstance(error, TypeError) and not of_a_call:
            raise
        remedy = "층마다 받는 수를 앞 층이 내는 수와 같게 하고, forward에서 x.shape를 출력하며 따라가 보십시오."
        if isinstance(error, TypeError):
            remedy = "forward가 받는 것과 넣는 것의 수를 같게 하고, 모델의 것은 def forward(self, x):로 적으십시오."
        got = f"{type(model).__name__}, 까닭: {' '.join(str(error).split())}"
        told = f"(받은 값: {got}). {remedies.advice(error, remedy)}"
        raise RuntimeError(f"model은 x로 예측할 수 있어야 합니다 {told}") from error
    finally:
        for hook in hooks:
            hook.remove()


def _input_width(name: str, layer: nn.Linear, inputs: tuple[Tensor, ...]) -> None:
    """Raise where the first of `inputs`, (…, in_features), is not as wide as `layer` takes."""
    how = "첫 층이라면 x의 열의 수와 D_in을, 그 뒤의 층이라면 앞 층의 출력 수와 이 층의 입력 수를 같게 하십시오."
    for values in inputs[:1]:
        if isinstance(values, Tensor) and values.shape[-1:] != (layer.in_features,):
            raise ValueError(
                f"층 '{name}'은(는) 입력 {layer.in_features}개를 받는데 한 행에 {values.shape[-1:].numel()}개가 "
                f"들어왔습니다 (받은 모양: {tuple(values.shape)}). {remedies.FLATTEN if values.dim() > 2 else how}"
            )
