"""Checks of what a learner hands in, before torch: each message names the value, the expectation and the remedy."""

import itertools
import math
import numbers
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mlp_tutorial.terminal import remedies
from mlp_tutorial.terminal.korean import BE, particle, topic

LossFunction = Callable[[Tensor, Tensor], Tensor]
FORMS = "{}처럼 함수의 이름만 괄호 없이 적거나, nn.{}()처럼 괄호를 붙여 적으십시오."
LOSS_FORMS, ACTIVATION_FORMS = FORMS.format("F.mse_loss", "MSELoss"), FORMS.format("F.relu", "ReLU")
MAX_SEED = 2**32 - 1  # NumPy's, and so scikit-learn's, largest
OWN_METHODS = ("forward", "parameters", "modules", "train", "eval")  # of nn.Module, which `self.train = data` hides


def plain(value: object) -> object:
    """Return the number in a tensor or array without dimensions; anything else as it is."""
    return value.item() if getattr(value, "ndim", None) == 0 else value


def whole_number(name: str, value: object, *, least: int = 1, most: int = 2**63 - 1) -> int:
    """Return `value` as an int from `least` to `most`; raise ValueError for anything else (True and 3.0 included)."""
    example = f"예를 들어 {max(least, 10)}을 넣어 보십시오."
    number = plain(value)
    if isinstance(number, bool) or not isinstance(number, numbers.Integral) or number < least:
        raise ValueError(f"{topic(name)} {least} 이상의 정수여야 합니다 (받은 값: {value!r}). {example}")
    if number > most:
        raise ValueError(f"{topic(name)} {most} 이하여야 합니다 (받은 값: {value!r}). {example}")
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
            f"widths에는 입력층과 출력층, 둘 이상의 노드 수가 있어야 합니다 (받은 값: {value!r}). "
            "예를 들어 (2, 16, 2)처럼 적으십시오."
        )
    return tuple(whole_number(f"widths[{i}]", width) for i, width in enumerate(widths))


def random_seed(value: object) -> int:
    """Return `value` as a seed that torch and NumPy both take, 0 … 2³² − 1; raise ValueError for anything else."""
    return whole_number("seed", value, least=0, most=MAX_SEED)


def positive_number(name: str, value: object) -> float:
    """Return `value` as a finite float above 0; raise ValueError for anything else."""
    number = plain(value)
    try:
        number = float(number) if isinstance(number, numbers.Real) and not isinstance(number, bool) else math.nan
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
        torch.empty(0, device=found)
    except (RuntimeError, TypeError, AssertionError, NotImplementedError, ImportError):
        raise ValueError(
            "device는 PyTorch가 아는 장치이고 이 컴퓨터에서 쓸 수 있어야 합니다 "
            f"(받은 값: {device!r}). GPU가 없으면 device='cpu'로 두십시오."
        ) from None
    return found


def function(name: str, value: object, forms: str) -> None:
    """Raise TypeError unless `value` can be called with tensors; a class such as nn.MSELoss or nn.ReLU can't."""
    if not callable(value) or isinstance(value, type):
        raise TypeError(f"{topic(name)} 함수여야 합니다 (받은 값: {value!r}). {forms}")


def network(model: object) -> None:
    """Raise TypeError unless `model` is a network, no class of one, with a forward, all of whose parts it registers."""
    if not isinstance(model, nn.Module):
        got = f"클래스 {model.__name__}" if isinstance(model, type) else type(model).__name__
        raise TypeError(
            f"model은 만들어 둔 신경망이어야 합니다 (받은 값: {got}). 클래스라면 mt.MLP((2, 16, 2))처럼 괄호를 붙여 "
            "만들고, 함수라면 nn.Module을 물려받는 클래스로 적으십시오."
        )
    for name in OWN_METHODS:
        method = getattr(model, name)
        if not callable(method) or getattr(method, "__func__", None) is nn.Module.forward:  # which only raises
            got = f"{type(method).__name__}" + " (PyTorch의 빈 것)" * callable(method)
            raise TypeError(
                f"{topic(f'model의 {name}')} 스스로 적었거나 PyTorch가 준 메서드여야 합니다 (받은 값의 형: {got}). "
                f"def {name}의 철자를 보고, self.{name}에 값을 담았다면 그 이름을 바꾸십시오."
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
    """Return what a model gave out; raise TypeError unless it is a tensor."""
    if not isinstance(y_pred, Tensor):
        raise TypeError(
            f"model은 예측이 든 텐서 하나를 돌려주어야 합니다 (받은 값의 형: {type(y_pred).__name__}). "
            "forward가 return으로 끝나는지 보고, 여럿을 돌려준다면 예측만 돌려주게 하십시오."
        )
    return y_pred


def scalar_loss(loss_fn: LossFunction, y_pred: Tensor, y: Tensor) -> float:
    """Return the loss of y_pred and y; raise where `loss_fn` can't compute it or returns no scalar tensor."""
    try:
        loss = loss_fn(y_pred, y)
    except Exception as error:
        raise TypeError(
            f"loss_fn은 loss_fn(y_pred, y)로 계산할 수 있어야 합니다 (받은 값: {loss_fn!r}, "
            f"까닭: {' '.join(str(error).split())}). {remedies.advice(error, LOSS_FORMS)}"
        ) from error
    if not isinstance(loss, Tensor) or loss.dim() > 0:
        got, how = type(loss).__name__, "텐서 하나만 돌려주고, .item(), float(), NumPy 대신 torch의 연산을 쓰십시오."
        if isinstance(loss, Tensor):
            got = f"모양이 {tuple(loss.shape)}인 텐서"
            how = "reduction='mean'으로 두거나 돌려주는 텐서에 .mean()을 붙이십시오."
        raise TypeError(f"loss_fn은 수 하나가 든 텐서를 돌려주어야 합니다 (받은 값: {got}). {how}")
    if loss == 0:
        _follows_outputs(loss_fn, y_pred, y)
    return loss.item()


def _follows_outputs(loss_fn: LossFunction, y_pred: Tensor, y: Tensor) -> None:
    """Raise ValueError where the loss is 0 whatever the outputs are, as the cross-entropy of a single column is."""
    wave = torch.arange(1, y_pred.numel() + 1, device=y_pred.device, dtype=torch.float32).sin().reshape(y_pred.shape)
    wave = ((1 + wave) / 2).to(y_pred.dtype)  # within 0 … 1, which every loss function of probabilities takes
    always = False
    with suppress(Exception):  # one that takes fewer outputs still looks at them
        always = all(loss_fn(outputs, y) == 0 for outputs in (wave, 1 - wave))
    if always:
        raise ValueError(
            f"손실은 모델의 출력에 따라 달라져야 합니다 (받은 값: 언제나 0, 출력의 모양 {tuple(y_pred.shape)}). "
            "교차 엔트로피라면 출력 노드 수 D_out을 클래스의 수로 두고, 출력 하나로 0과 1을 맞힌다면 "
            "F.binary_cross_entropy_with_logits를 쓰십시오."
        )


def training_setup(model: nn.Module, optimizer: object, validation: object) -> None:
    """Raise unless `model` has something to train, `optimizer` can be called and `validation`, if any, is a pair."""
    network(model)
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
    several = isinstance(validation, tuple | list)
    if validation is not None and not (several and len(validation) == 2):
        got = f"값: {len(validation)}개의" if several else "값의 형:"
        raise TypeError(
            f"validation은 x와 y, 두 텐서의 묶음이어야 합니다 (받은 {got} {type(validation).__name__}). "
            "validation=(x_val, y_val)처럼 적으십시오."
        )


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


def trainable(**given: Sequence[Tensor]) -> None:
    """Raise ValueError where a given name's tensors were made under torch.inference_mode(): autograd takes none."""
    for name, values in given.items():
        if any(value.is_inference() for value in values):
            raise ValueError(
                f"{topic(name)} torch.inference_mode() 밖에서 만든 것이어야 합니다 (받은 값: 추론에만 쓰는 텐서). "
                "torch.inference_mode()를 torch.no_grad()로 바꾸고 다시 만드십시오."
            )


def tensors(x: Tensor, y: Tensor, y_name: str = "y") -> None:
    """Raise TypeError or ValueError unless x (N, D_in) and y (N, …) are tensors of the same N rows, at least one."""
    for name, values in (("x", x), (y_name, y)):
        if not isinstance(values, Tensor):
            got, how = type(values).__name__, remedies.to_tensor(name, values)
            raise TypeError(f"{topic(name)} 텐서여야 합니다 (받은 값의 형: {got}). {how}")
        if values.layout is not torch.strided:
            told = f"희소 텐서일 수 없습니다 (받은 값: {values.layout}). {name}.to_dense()로 바꾸십시오."
            raise ValueError(f"{topic(name)} {told}")
    if x.dim() < 2:
        raise ValueError(
            f"x는 행과 열이 있는 텐서여야 합니다 (받은 모양: {tuple(x.shape)}). "
            "열이 하나라면 x.reshape(-1, 1)로, 행이 하나라면 x.reshape(1, -1)로 바꾸십시오."
        )
    if y.dim() == 0:
        raise ValueError(
            f"{topic(y_name)} 행이 있는 텐서여야 합니다 (받은 모양: ()). {y_name}.reshape(1, -1)로 바꾸십시오."
        )
    if len(x) != len(y) or len(x) == 0:
        raise ValueError(
            f"x와 {y_name}의 행의 수는 같고 1 이상이어야 합니다 (받은 값: x {len(x)}행, {y_name} {len(y)}행). "
            f"x.shape와 {y_name}.shape를 나란히 출력해 보십시오."
        )


def data(model: nn.Module, x: Tensor, y: Tensor, y_name: str = "y") -> None:
    """Raise ValueError or TypeError unless x (N, D_in) and y (N, …) are finite data beside `model`, a network."""
    network(model)
    tensors(x, y, y_name)
    weight = next(model.parameters(), None)
    if weight is not None:
        _beside(weight, x, y, y_name)
    finite("x", x)
    finite(y_name, y)


def finite(name: str, values: Tensor, remedy: str = "torch.isfinite({})로 자리를 찾아 지우거나 채우십시오.") -> None:
    """Raise ValueError where `values`, of any shape, hold NaN or infinity."""
    bad = values.numel() - int(torch.isfinite(values).sum())
    if bad:
        raise ValueError(f"{name}에 NaN이나 무한대가 없어야 합니다 (받은 값: {bad}개). {remedy.format(name)}")


def answered(y_pred: Tensor) -> None:
    """Raise ValueError where a model's outputs hold NaN or infinity, so that they answer nothing."""
    remedy = "학습이 발산했거나 가중치에 NaN이 든 모델입니다. 모델부터 다시 만들고 learning_rate를 줄여 학습하십시오."
    finite("모델의 출력", y_pred, remedy)


def _beside(weight: Tensor, x: Tensor, y: Tensor, y_name: str) -> None:
    """Raise where x has another dtype, or x or y another device, than a weight of the model."""
    if x.dtype != weight.dtype:
        raise TypeError(
            f"x의 자료형은 모델의 가중치와 같은 {particle(weight.dtype, *BE)} 합니다 (받은 값: {x.dtype}). "
            f"x.to({weight.dtype})로 바꾸십시오."
        )
    for name, values in (("x", x), (y_name, y)):
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
                f"층 '{name}'은(는) 입력 {layer.in_features}개를 받는데 한 행에 {values.shape[-1:].numel()}개가 "
                f"들어왔습니다 (받은 모양: {tuple(values.shape)}). 첫 층이라면 x의 열의 수와 D_in을, "
                "그 뒤의 층이라면 앞 층의 출력 수와 이 층의 입력 수를 같게 하십시오."
            )


def targets(loss_fn: LossFunction, y_pred: Tensor, y: Tensor) -> None:
    """Raise where `loss_fn` would fail on y_pred (N, D_out) and y, or would broadcast them in silence."""
    if loss_fn is F.cross_entropy or isinstance(loss_fn, nn.CrossEntropyLoss):
        _several_classes(y_pred)
    if not y.is_floating_point():
        if y.numel() == y_pred.numel():
            raise TypeError(
                f"y는 모델의 출력처럼 실수여야 합니다 (받은 값: {y.dtype}). y.float()로 바꾸고, "
                "y가 클래스 번호라면 출력 노드 수 D_out을 클래스의 수로 두십시오."
            )
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
            f"y의 모양은 모델의 출력과 같은 {particle(tuple(y_pred.shape), *BE)} 합니다 "
            f"(받은 모양: {tuple(y.shape)}). {remedy}"
        )
    if y.dtype != y_pred.dtype:
        raise TypeError(
            f"y의 자료형은 모델의 출력과 같은 {particle(y_pred.dtype, *BE)} 합니다 (받은 값: {y.dtype}). "
            f"y.to({y_pred.dtype})로 바꾸십시오."
        )


def _several_classes(y_pred: Tensor) -> None:
    """Raise unless y_pred (N, n_classes) has an output for each of at least two classes."""
    if y_pred.dim() < 2 or y_pred.shape[-1] < 2:
        raise ValueError(
            f"클래스를 맞히려면 모델의 출력에 열이 둘 이상이어야 합니다 (받은 모양: {tuple(y_pred.shape)}). "
            "출력 노드 수 D_out을 클래스의 수로 두십시오."
        )


def labels(y_pred: Tensor, y: Tensor, name: str = "y") -> None:
    """Raise unless y (N,) holds class labels 0 … n_classes − 1 for the outputs y_pred (N, n_classes)."""
    _several_classes(y_pred)
    n_classes = y_pred.shape[-1]
    if y.shape != y_pred.shape[:-1]:
        how = f"원-핫이라면 {name}.argmax(dim=1)로" if y.shape == y_pred.shape else f"{name}.flatten()으로"
        raise ValueError(
            f"클래스 번호 {name}의 모양은 {particle(tuple(y_pred.shape[:-1]), *BE)} 합니다 "
            f"(받은 모양: {tuple(y.shape)}). {how} 바꾸십시오."
        )
    if y.dtype != torch.int64:
        raise TypeError(
            f"클래스 번호 {name}의 자료형은 torch.int64여야 합니다 (받은 값: {y.dtype}). {name}.long()으로 바꾸십시오."
        )
    low, high = int(y.min()), int(y.max())
    if low < 0 or high >= n_classes:
        remedy = f"R처럼 1부터 셌다면 {name} - 1로 바꾸고, 클래스가 더 많다면 출력 노드 수를 늘리십시오."
        if low < 0:
            rows = f"x와 {name}에서 {name} >= 0인 행만"
            remedy = f"-1과 1이라면 ({name} > 0).long()으로 바꾸고, 답을 모르는 행이라면 {rows} 남기십시오."
        got = f"{low}부터 {high}까지"
        raise ValueError(f"클래스 번호 {topic(name)} 0부터 {n_classes - 1}까지여야 합니다 (받은 값: {got}). {remedy}")
