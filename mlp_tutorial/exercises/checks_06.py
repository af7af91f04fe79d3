"""What the exercises of notebook 06 ask: parameters through a file, a network of three layers, a backward pass."""

import inspect
import pickle
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from itertools import chain, combinations, pairwise, permutations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mlp_tutorial.exercises.checking import Advice, Answer, exercise, is_stub
from mlp_tutorial.exercises.values import Wrong, apart, compare, kind, listed, near, numbers, require, several, shown
from mlp_tutorial.model import MLP


@exercise("06_save", 1, [[4, 3, 2], [3, 3], [5, 4, 6, 1]])
def save(answer: Answer, *widths: int) -> None:
    """The numbers of `model` get into `twin` by way of the file at `path`."""
    answer.asked = f"노드 수가 {'-'.join(map(str, widths))}인 두 신경망에서 "
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder, _files() as files:
        path = Path(folder) / "model.pt"
        model, twin = (MLP(widths).float() for _ in range(2))
        before, names = _values(model), list(model.state_dict())
        about = partial(_about_the_file, path=path, files=files)
        returned = answer(model, twin, path, copied=False, advice=about)
        require(returned is not model, "model을 그대로 돌려주었습니다. 값을 불러온 twin을 돌려주십시오.")
        told = "받은 twin을 돌려주어야 하는데 "
        other_network = f"{told}다른 신경망을 돌려주었습니다. 새로 만들지 말고 받은 twin에 불러오십시오."
        require(returned is twin or not isinstance(returned, nn.Module), other_network)
        notice = "load_state_dict가 돌려주는 것은 안내입니다." if hasattr(returned, "missing_keys") else ""
        require(returned is twin, f"{told}{shown(returned)}입니다. {notice}".strip())
        told = "저장할 것은 model이고 값을 채울 것은 twin입니다."
        require(torch.equal(_values(model), before), f"model의 매개변수가 바뀌었습니다. {told}")
        kept = all(parameter.dtype == torch.float32 and parameter.requires_grad for parameter in model.parameters())
        require(kept, "model의 자료형이나 requires_grad가 바뀌었습니다. model은 그대로 두십시오.")
        require(path.exists(), _no_file(path, files))
        where = "twin의 값은 저장한 파일에서 불러와야 합니다."
        if "save" not in dict(files):  # another package may have written and read it
            where = "torch.save로 저장하고 torch.load로 읽으십시오."
        require("load" in dict(files), f"torch.load를 부르지 않았습니다. {where}")
        done, held = [did for did, _ in files], _held(path)
        told = f"파일에 든 것은 {_kind(held)}입니다. 저장할 것은 매개변수, 곧 state_dict()입니다."
        require(isinstance(held, dict), told)
        told = f"파일에 담긴 이름이 {names}이어야 하는데 {list(held)}입니다."
        require(set(held) == set(names), f"{told} model.state_dict()를 그대로 저장하십시오.")
        saved = torch.cat([numbers(held[name], what=f"파일에 든 {name}").flatten() for name in names])
        told = "path의 파일에 든 값이 model의 것이 아닙니다. 저장할 것은 model의 매개변수 그대로입니다."
        require(torch.equal(saved, before), told)
    told, where = "twin의 매개변수가 model과 다릅니다.", "파일에서 읽은 것을 모두 twin에 넣었는지 보십시오."
    if done[-1] == "save":
        where = "파일을 읽은 다음에 저장했습니다. 저장한 다음에 읽으십시오."
    require(torch.equal(_values(twin), before), f"{told} {where}")

    # Once more, with a file whose numbers read as larger by 1: an answer that took them from memory has the old ones.
    twin = MLP(widths).float()
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder, _files(larger_by=1), suppress(Wrong):
        answer(model, twin, Path(folder) / "model.pt", copied=False)
    told = "파일을 읽기는 했지만 twin에 넣은 값은 파일에서 온 것이 아닙니다. torch.load가 돌려준 것을 넣으십시오."
    require(not torch.equal(_values(twin), before), told)


def _values(net: nn.Module) -> Tensor:
    """Return a network's parameters in one row, as they are now."""
    return torch.cat([numbers(parameter).flatten() for parameter in net.parameters()])


@contextmanager
def _files(larger_by: float = 0) -> Iterator[list[tuple[str, object]]]:
    """Note each ("save", where to) and ("load", what came), whatever the names; what is loaded is made larger."""
    load, save = (inspect.unwrap(function).__code__ for function in (torch.load, torch.save))
    noted, before = [], sys.getprofile()

    def note(frame: Any, event: str, returned: Any) -> None:  # noqa: ANN401  as sys.setprofile gives them
        if event == "call" and frame.f_code is save:
            noted.append(("save", frame.f_locals.get("f")))
        if event == "return" and frame.f_code is load and returned is not None:
            noted.append(("load", returned))
            for tensor in returned.values() if larger_by and isinstance(returned, dict) else ():
                tensor.data.add_(larger_by)

    sys.setprofile(note)
    try:
        yield noted
    finally:
        sys.setprofile(before)


def _no_file(path: Path, files: list[tuple[str, object]]) -> str:
    """Return why there is no file at the path."""
    saved = [place for did, place in files if did == "save"]
    places = [str(place if isinstance(place, (str, Path)) else getattr(place, "name", place)) for place in saved]
    if str(path) in places:
        return "path에 저장한 파일이 없어졌습니다. 파일은 지우지 마십시오."
    told = "path에 파일이 없습니다. torch.save로 그 자리에 저장하십시오."
    if "path" in places:
        return f'{told} 따옴표가 있는 "path"는 글자일 뿐입니다. 따옴표를 빼십시오.'
    return f"{told} 다른 자리({Path(places[-1]).name})에 저장했습니다." if places else told


def _held(path: Path) -> object:
    """Return what the learner's file holds; raise Wrong where torch.save hasn't written it."""
    try:
        return torch.load(path, weights_only=False)
    except Exception:  # torch.load raises many kinds
        raise Wrong("path의 파일을 torch.load로 읽을 수 없습니다. torch.save로 저장하십시오.") from None


def _kind(held: object) -> str:
    """Return in Korean what a file holds that isn't a state_dict()."""
    if isinstance(held, nn.Module):
        return "신경망 전체"
    return "부르지 않은 함수(state_dict 뒤에 괄호 ()가 없습니다)" if callable(held) else kind(held)


def _about_the_file(error: Exception, path: Path, files: list[tuple[str, object]]) -> str:
    """Return what an error of saving or loading means, where that is certain."""
    if isinstance(error, FileNotFoundError) and not path.exists() and files:
        return _no_file(path, files)
    if isinstance(error, FileNotFoundError) and not path.exists():
        return "path에 아직 파일이 없습니다. 먼저 저장하고 그다음에 불러오십시오."
    if isinstance(error, FileNotFoundError):
        return "저장한 자리와 읽는 자리가 다릅니다. 읽을 때에도 path를 쓰십시오."
    if isinstance(error, pickle.UnpicklingError) and path.exists() and not isinstance(held := _held(path), dict):
        return f"파일에 든 것은 {_kind(held)}입니다. 저장할 것은 매개변수, 곧 state_dict()입니다."
    if "expected 'f' to be" in str(error):
        return "torch.save(무엇을, 어디에)의 차례로 넣으십시오."
    if "Expected state_dict to be dict-like" in str(error):
        return "load_state_dict에는 torch.load로 읽은 state_dict()를 넣습니다."
    if isinstance(error, (KeyError, AttributeError)) and "layer_" in str(error):
        return "층의 수와 이름은 그때마다 다릅니다. 이름을 적어 두지 말고 model과 twin에 있는 것을 쓰십시오."
    if "loading state_dict for" in str(error):
        return "넣은 것의 이름과 모양이 그 신경망과 맞지 않습니다. 무엇을 저장했고 어느 신경망에 넣는지 보십시오."
    return ""


def _no_layers_yet(answer: object) -> bool:
    """Return whether a class makes nothing in its __init__ and does nothing in its forward."""
    code = getattr(getattr(answer, "__init__", None), "__code__", None)
    untouched = code and {*code.co_names} <= {"super", "__init__"} and code.co_nlocals == code.co_argcount
    return bool(untouched) and is_stub(getattr(answer, "forward", None))


PLACES = ("입력", "첫째 층", "둘째 층", "출력층")  # where there may be a ReLU behind
NO_SUPER = "__init__의 첫 줄에 super().__init__()이 있어야 합니다."
INIT_ERRORS: Advice = {
    r"cannot assign.*before Module.__init__\(\) call": NO_SUPER,
    "takes 1 positional argument but": "def __init__의 철자를 보고, super().__init__()에는 아무것도 넣지 마십시오.",
    "ReLU is not a Module": "nn.ReLU 뒤에 괄호가 없습니다. nn.ReLU()로 적으십시오.",
    "list is not a Module": "층을 넣을 자리에 목록(list)을 넣었습니다. 목록으로 묶지 말고 층을 하나씩 넣으십시오.",
}
CUT = "detach()나 torch.no_grad()로 끊지 않았는지 보십시오."


@exercise("06_three_layers", 2, [[4, 5, 3, 2], [6, 3, 7, 1], [3, 3, 3, 3], [2, 6, 6, 4]], unanswered=_no_layers_yet)
def three_layers(answer: Answer, *widths: int) -> None:
    """Three linear layers of these widths, a ReLU behind the first and the second; in any order, by any names."""
    net_itself = "ThreeLayerNet에 클래스가 아니라 신경망 하나가 들어 있습니다. 답 셀을 다시 실행하십시오."
    require(not isinstance(answer.function, nn.Module), net_itself)
    asked = f"노드 수가 {'-'.join(map(str, widths))}일 때 "
    answer.asked = f"{asked}__init__: "
    net = answer(*widths, advice=INIT_ERRORS)
    answer.asked = asked
    told = f"ThreeLayerNet은 nn.Module을 이어받은 클래스여야 하는데 만든 것이 {kind(net)}입니다."
    require(isinstance(net, nn.Module), told)
    require(hasattr(net, "training"), NO_SUPER)  # which nn.Module's own __init__ makes
    forward = replace(answer, function=net.forward)
    torch.manual_seed(6)
    x = answer.tensor(torch.randn(50, widths[0]))
    advice = partial(_about_forward, net=net, D_in=widths[0])
    answer.asked = f"{asked}forward: "
    forward(x, advice=advice)  # lazy layers get sizes
    answer.asked = asked
    weights, biases = _parameters(net, widths)
    for parameter in net.parameters():  # not so small as at first, so that a ReLU shows
        parameter.data.copy_(torch.randn(parameter.shape))
    y_pred = forward(x)
    require(isinstance(y_pred, Tensor), f"forward는 텐서를 돌려주어야 하는데 {kind(y_pred)}입니다.")
    told = f"출력의 모양이 (50, {widths[-1]})이어야 하는데 {tuple(y_pred.shape)}입니다 (x는 50행)."
    require(y_pred.shape == (50, widths[-1]), told)
    frozen = sum(not parameter.requires_grad for parameter in net.parameters())
    told = f"매개변수 6개 가운데 {frozen}개가 requires_grad=False여서 학습되지 않습니다."
    require(not frozen, f"{told} requires_grad를 끈 곳을 지우십시오.")
    require(y_pred.requires_grad, f"출력에 기울기의 기록이 없어 학습할 수 없습니다. {CUT}")

    right, x, output = {1, 2}, numbers(x), numbers(y_pred)
    chains = [[*zip(W, b, strict=True)] for W in permutations(weights) for b in permutations(biases)]
    chains = [layers for layers in chains if _fits(layers, widths)]  # several where layers have the same shape
    if not any(near(output, _output(x, layers, right)) for layers in chains):
        for places in chain.from_iterable(combinations(range(4), n) for n in range(5)):
            if any(near(output, _output(x, layers, places)) for layers in chains):
                found = ", ".join(PLACES[place] for place in places)
                told = f"ReLU가 있는 자리는 {found} 뒤입니다. 첫째 층과 둘째 층 뒤에만 두십시오."
                if not found:
                    told = "ReLU가 없거나 그 결과를 쓰지 않았습니다. ReLU를 첫째 층과 둘째 층 뒤에 하나씩 두십시오."
                raise Wrong(told)
        expected = _output(x, chains[0], right)
        row = int((output - expected).abs().amax(dim=1).argmax())  # where it shows most
        told = f"x가 {listed(x[row])}이면 출력이 {apart(expected[row], output[row])}"
        where = "세 층을 차례로 한 번씩 지나는지, 활성화 함수가 ReLU인지, "
        where += "그 밖의 것(Softmax, Dropout)을 더 넣지 않았는지 보십시오."
        raise Wrong(f"{told if len(chains) == 1 else '출력이 다릅니다.'} {where}")
    back = partial(
        torch.autograd.grad, inputs=[*net.parameters()], grad_outputs=torch.ones_like(y_pred), allow_unused=True
    )
    answer.asked = f"{asked}역전파: "
    gradients = replace(answer, function=back)(y_pred, copied=False)
    answer.asked = asked
    reached = [gradient for gradient in gradients if gradient is not None]
    told = f"매개변수 6개 가운데 {len(reached)}개에만 기울기가 전해집니다. 나머지는 학습되지 않습니다."
    require(len(reached) == len(weights + biases), f"{told} {CUT}")


def _parameters(net: nn.Module, widths: tuple[int, ...]) -> tuple[list[Tensor], list[Tensor]]:
    """Return the weights and biases; raise Wrong unless their shapes are those of the three layers, in any order."""
    parameters = [*net.parameters()]
    found = [tuple(parameter.shape) for parameter in parameters]
    expected = [shape for n_in, n_out in pairwise(widths) for shape in ((n_out, n_in), (n_out,))]
    if sorted(found) != sorted(expected):
        require(not (told := _plain_containers(net)), told)
        require(found, "매개변수가 하나도 없습니다. 층을 __init__에서 만들어 self에 담으십시오.")
        biased = all(layer.bias is not None for layer in net.modules() if isinstance(layer, nn.Linear))
        require(biased, "편향이 없는 층이 있습니다. bias=False를 지우십시오.")
        told = f"매개변수의 모양이 {expected}이어야 하는데 {found}입니다."
        raise Wrong(f"{told} 층이 셋뿐인지, 층마다 입력 수와 출력 수가 맞는지 보십시오.")
    n_linear = sum(isinstance(layer, nn.Linear) for layer in net.modules())
    require(n_linear == 3, f"nn.Linear가 셋이어야 하는데 {n_linear}개입니다.")
    return [W for W in parameters if W.dim() == 2], [b for b in parameters if b.dim() == 1]


def _plain_containers(net: nn.Module) -> str:
    """Return what to do about layers in a list or dictionary of Python's own, "" where there are none."""
    for name, value in vars(net).items():
        inside = [*value.values()] if isinstance(value, dict) else value
        if name[0] != "_" and isinstance(inside, (list, tuple)) and any(isinstance(part, nn.Module) for part in inside):
            told = f"self.{name}에 담은 것은 {kind(value)}입니다. 그 안의 층은 매개변수로 모이지 않습니다."
            container = "nn.ModuleDict" if isinstance(value, dict) else "nn.ModuleList나 nn.Sequential"
            comma = " 줄 끝에 쉼표가 있으면 지우십시오." * (isinstance(value, tuple) and len(value) == 1)
            return f"{told} {container}에 담으십시오.{comma}"
    return ""


def _fits(layers: list[tuple[Tensor, Tensor]], widths: tuple[int, ...]) -> bool:
    """Return whether the layers can stand in this order in a network of these widths."""
    shapes = [(*W.shape, *b.shape) for W, b in layers]
    return shapes == [(n_out, n_in, n_out) for n_in, n_out in pairwise(widths)]


def _output(x: Tensor, layers: list[tuple[Tensor, Tensor]], relu_behind: object) -> Tensor:
    """Return the layers' output for x with a ReLU behind some: 0 is the input, 1 the first layer."""
    x = x.relu() if 0 in relu_behind else x
    for place, (W, b) in enumerate(layers, 1):
        x = F.linear(x, numbers(W), numbers(b))
        x = x.relu() if place in relu_behind else x
    return x


def _about_forward(error: Exception, net: nn.Module, D_in: int) -> str:
    """Return what an error of forward means, where that is certain."""
    name, words = getattr(error, "name", None), str(error)
    made = getattr(type(net).__init__, "__code__", None)
    if isinstance(error, NameError) and name and hasattr(net, name):
        return f"{name} 앞에 self.를 붙이십시오."
    if isinstance(error, (NameError, AttributeError)) and made and name in made.co_varnames[made.co_argcount :]:
        return f"__init__에서 만든 것을 self에 담지 않았습니다. self.{name}에 담고 forward에서도 그렇게 적으십시오."
    if f"'{type(net).__name__}' object has no attribute" in words:
        return f"__init__에서 self에 담은 이름은 {[name for name, _ in net.named_children()]}입니다."
    if any(f"'{name}' object is not callable" in words for name in ("list", "tuple", "dict")):
        return _plain_containers(net)
    if 'missing the required "forward" function' in words:
        return "def forward의 철자를 보고, __init__과 같은 만큼 들여 쓰십시오."
    if "must be Tensor, not ReLU" in words:
        return "nn.ReLU(값)은 층을 만들 뿐입니다. 값에는 F.relu(값)을 쓰십시오."
    if "mat1 and mat2 shapes" in words:
        shapes = [tuple(parameter.shape) for parameter in net.parameters() if parameter.dim() == 2]
        told = f"가중치의 모양(출력, 입력)은 {shapes}입니다."
        if all(n_in != D_in for _, n_in in shapes):
            return f"입력 수가 D_in인 층이 없습니다. {told} 첫 층에 숫자를 그대로 적었다면 인수 D_in으로 바꾸십시오."
        return f"넣은 값의 열 수가 층의 입력 수와 다릅니다. {told} 층의 크기와 부르는 차례를 보십시오."
    return ""


GRADIENTS = ("x", "W", "b")
AUTOGRAD = ("backward", "run_backward", "grad", "grad_and_value", "vjp", "jvp", "linearize", "jacobian", "jacrev")
AUTOGRAD += ("jacfwd", "hessian", "make_dual", "approx_fprime", "approx_derivative")  # the last two are SciPy's
NUMPY_ERRORS: Advice = {
    "unexpected keyword argument 'dim'": "받은 것은 NumPy 배열입니다. NumPy에서는 dim 대신 axis를 씁니다.",
    "'numpy.ndarray' object has no": "받은 것은 텐서가 아니라 NumPy 배열입니다. NumPy에 있는 이름을 쓰십시오.",
    "must be Tensor, not numpy.ndarray": "받은 것은 NumPy 배열입니다. "
    "NumPy의 함수를 쓰거나 torch.as_tensor로 바꾸어 넣으십시오.",
    "not aligned|mismatch in its core": "모양이 맞지 않습니다. "
    "전치(.T)를 빠뜨렸거나 더 붙이지 않았는지 두 값의 shape를 보십시오.",
}


@exercise(
    "06_backward",
    3,
    [[4, 2, 3], [3, 3, 3], [1, 2, 3], [5, 1, 1]],
    forbidden=AUTOGRAD,
    instead="기울기를 구하는 식을 직접 적으십시오.",
    right="세 기울기가 자동 미분의 답과 같습니다.",
)
def backward(answer: Answer, batch_size: int, D_in: int, D_out: int) -> None:
    """The gradients of x, W and b of a linear layer, from that of its output."""
    answer.asked = f"batch_size={batch_size}, D_in={D_in}, D_out={D_out}일 때 "
    generator = torch.Generator().manual_seed(100 * batch_size + 10 * D_in + D_out)
    shapes = {"x": (batch_size, D_in), "W": (D_out, D_in), "b": (D_out,), "d_y": (batch_size, D_out)}
    x, W, b, d_y = (
        torch.randint(1, 9, shape, generator=generator).sub(4.5).double() * 0.317 for shape in shapes.values()
    )

    def gradients(*, relu: bool = False) -> list[Tensor]:
        inputs = [part.clone().requires_grad_() for part in (x, W, b)]
        z = F.linear(*inputs[:2])  # as far as a learner who thinks of a ReLU knows z, who isn't given b
        y = (z.relu() if relu else z) + inputs[2]
        return [*torch.autograd.grad(y, inputs, d_y)]

    given = [answer.tensor(part).numpy() for part in (x, W, d_y)]
    parts = several(answer(*given, advice=NUMPY_ERRORS), ("d_x", "d_W", "d_b"))
    found = [numbers(part, what=f"{name}의 기울기") for name, part in zip(GRADIENTS, parts, strict=True)]
    expected = gradients()
    in_order = all(map(near, found, expected))
    all_there = any(all(map(near, order, expected)) for order in permutations(found))
    told = "값은 맞지만 순서가 다릅니다. x, W, b의 기울기를 이 순서로 돌려주십시오."
    require(in_order or not all_there, told)
    where = {
        "x": "d_y와 W를 곱하는 순서와 전치(.T)를 보고, 다른 것을 더 곱하지 않았는지도 보십시오.",
        "W": "d_y와 x를 곱하는 순서와 전치(.T)를 보고, 다른 것을 더 곱하지 않았는지도 보십시오.",
        "b": "편향은 모든 행에 더해졌습니다. d_y를 행을 따라 더하기만 했는지, 어느 방향(axis)으로 더할지 보십시오.",
    }
    for name, mine, right, masked in zip(GRADIENTS, found, expected, gradients(relu=True), strict=True):
        look, more = where[name], mine.dim() - right.dim()
        if more and near(mine.flatten(), right.flatten()):
            look = "값은 맞지만 차원이 하나 더 있습니다. keepdims=True를 썼다면 빼십시오."
            if more < 0:
                look = f"값은 맞지만 차원이 {('하나', '둘')[-more - 1]} 없습니다. squeeze()를 썼다면 빼십시오."
        numbers(mine, right.shape, look, what=f"{name}의 기울기")
        mistakes = {
            "부호가 반대입니다. 빼거나 -를 붙이지 않았는지 보십시오.": -right,
            "행의 수로 나눈 것과 같습니다. 손실의 평균은 이미 d_y에 들어 있으니 나누지 마십시오.": right / batch_size,
            "반올림한 것입니다. 구한 값을 그대로 돌려주십시오.": right.round(decimals=2),
            "전치된 것입니다. 곱하는 순서를 보십시오.": right.t(),
            "ReLU의 [z > 0]을 곱했습니다. 선형층만의 역전파이므로 넣지 않습니다.": masked,
        }
        times = ((mine * right).sum() / (right**2).sum()).item()
        if abs(times) > 1e-6 and near(mine, times * right):
            look = f"맞는 값의 {times:.4g}배입니다. 다른 수를 곱하거나 나누지 않았는지 보십시오."
        compare(f"{name}의 기울기는", mine, right, mistakes, look)
