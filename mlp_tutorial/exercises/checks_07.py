"""What the exercises of notebook 07 ask: one training step, training by mini-batches, learned or memorised."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mlp_tutorial.exercises.checking import Advice, Answer, exercise
from mlp_tutorial.exercises.values import Wrong, compare, kind, near, number, numbers, only, require, rows_of, shown
from mlp_tutorial.terminal.korean import particle

torch.optim.SGD([torch.zeros(1)])  # the first one imports 800 modules, which takes twice as long under a profiler


def one_weight() -> nn.Module:
    """Return a model that predicts w · x, with w = 2 at first."""
    line = nn.Linear(1, 1, bias=False)
    nn.init.constant_(line.weight, 2.0)
    return line


def too_low_costs_more(y_pred: Tensor, y: Tensor) -> Tensor:
    """Return a loss that isn't the same the other way round: predictions below the target weigh three times as much."""
    return ((y_pred - y) ** 2 * (1 + 2 * (y_pred < y))).mean()


MODELS = {
    "가중치가 하나인 모델": one_weight,
    "2-3-2 신경망": lambda: nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 2)),
    "부를 때마다 답이 달라지는 모델": lambda: nn.Sequential(nn.Linear(2, 8), nn.Dropout(0.5), nn.Linear(8, 2)),
}
OPTIMIZERS = {
    "SGD": torch.optim.SGD,
    "모멘텀 0.9를 준 SGD": partial(torch.optim.SGD, momentum=0.9),
    "Adam": torch.optim.Adam,
}
LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "MSE": F.mse_loss,
    "제곱의 합": partial(F.mse_loss, reduction="sum"),
    "모자란 예측을 세 배로 세는 MSE": too_low_costs_more,
    "교차 엔트로피": F.cross_entropy,
}
FOUR_ROWS = [[1, 2], [-1, 0.5], [2, -1], [0, 3]]
N_STEPS = 3
TURNED_ROUND = "loss_fn(정답, 예측)의 값입니다. 예측이 먼저입니다."
SMALL = 0.01  # a loss that learners may take for one that needs no step; all others are larger
SKIPPED = "매개변수가 그대로입니다. 손실이 아무리 작아도 한 걸음 옮깁니다."
UNMOVED = "매개변수가 그대로입니다. 뒤의 세 줄을 2절의 표와 견주고, 인수로 받은 optimizer를 쓰는지 보십시오."
PLAIN = "학습률 × 기울기만큼 옮겼습니다. 옮기는 일은 인수로 받은 optimizer에 맡기십시오."
PILED_UP = "지난 기울기가 쌓였습니다. zero_grad를 빠뜨리지 않았습니까?"


NO_NAME = "^(NameError|UnboundLocalError)"
STEP_ERRORS: Advice = {
    NO_NAME: "인수로 받은 model, optimizer, loss_fn, x, y만 쓰는지, 이름의 철자가 맞는지 보십시오.",
    "backward through the graph a second time": "backward()는 한 스텝에 한 번만 부르십시오.",
    "does not require grad": "손실이 매개변수와 이어져 있지 않습니다. model의 예측을 그대로 썼는지 보십시오.",
    "'float' object has no attribute": "item()은 backward() 다음에 부르십시오. 숫자는 역전파할 수 없습니다.",
    "object has no attribute 'backward'": "backward()는 받은 loss_fn이 돌려준 텐서에서 부르십시오.",
    "created only for scalar outputs": "backward()는 예측이 아니라 손실에서 부르십시오.",
}


@exercise(
    "07_train_step",
    1,
    [
        ["가중치가 하나인 모델", "SGD", 0.1, "MSE", [[1]], [[5]]],
        ["가중치가 하나인 모델", "SGD", 0.01, "제곱의 합", [[1], [2]], [[3], [6]]],
        ["가중치가 하나인 모델", "SGD", 0.05, "모자란 예측을 세 배로 세는 MSE", [[1], [-2]], [[3], [-6]]],
        ["2-3-2 신경망", "모멘텀 0.9를 준 SGD", 0.2, "MSE", FOUR_ROWS, [[1, 0], [0, 2], [-1, 1], [3, 1]]],
        ["2-3-2 신경망", "Adam", 0.03, "교차 엔트로피", FOUR_ROWS, [0, 1, 1, 0]],
        ["부를 때마다 답이 달라지는 모델", "SGD", 0.02, "MSE", FOUR_ROWS, [[2, 0], [1, 1], [0, -1], [3, 2]]],
        ["부를 때마다 답이 달라지는 모델", "SGD", 0.02, "MSE", FOUR_ROWS, [[2, 0], [1, 1], [0, -1], [3, 2]], "평가"],
        ["가중치가 하나인 모델", "SGD", 0.1, "MSE", [[1]], [[2.001]]],  # a loss that is small already
    ],
)
def train_step(
    answer: Answer,
    model_name: str,
    optimizer_name: str,
    learning_rate: float,
    loss_name: str,
    x: list,
    y: list,
    mode: str = "학습",
) -> None:
    """Three steps of the optimizer, each told by the loss before it; `twin` moves by autograd's gradients."""
    handed = ", 평가 방식(eval())으로 건넨 것" * (mode == "평가")
    asked = f"{model_name}{handed}, 최적화 방법 {optimizer_name}(학습률 {learning_rate:g}), 손실 {loss_name}, "
    loss_fn, shapes = LOSSES[loss_name], []

    def watched(y_pred: Tensor, y: Tensor) -> Tensor:
        shapes[:] = [tuple(torch.as_tensor(part).shape) for part in (y_pred, y)]
        return loss_fn(y_pred, y)

    inputs, targets = answer.tensor(x), torch.tensor(y) if loss_fn is F.cross_entropy else answer.tensor(y)
    torch.manual_seed(7)
    model = MODELS[model_name]().to(answer.dtype).train(mode == "학습")
    twin, calls = deepcopy(model), []
    model.register_forward_hook(lambda *_: calls.append(1))
    optimizer, twins = (OPTIMIZERS[optimizer_name](net.parameters(), lr=learning_rate) for net in (model, twin))
    kept = 0 * _vector(twin)  # gradients of all steps, added up
    for step in range(1, N_STEPS + 1):
        answer.asked, before = f"{asked}스텝 {step}: ", _vector(model)
        calls.clear()
        torch.manual_seed(step)  # for the dropout
        given = model, optimizer, watched, inputs.clone(), targets.clone()
        found = _loss(answer(*given, copied=False, advice=STEP_ERRORS))
        now = "평가 방식(eval())" if mode == "학습" else "학습 방식(train())"
        changed = any(part.training != (mode == "학습") for part in model.modules())
        require(not changed, f"model이 {now}으로 바뀌어 있습니다. 모델의 방식은 바꾸지 마십시오.")

        torch.manual_seed(step)
        other_mode = twin.train(mode != "학습")(inputs).detach()
        torch.manual_seed(step)
        y_pred = twin.train(mode == "학습")(inputs)
        loss = loss_fn(y_pred, targets)
        twins.zero_grad()
        loss.backward()
        gradient = torch.cat([parameter.grad.flatten() for parameter in twin.parameters()])
        twins.step()
        kept += gradient

        often = f"model을 {len(calls)}번 불렀습니다. 예측은 한 번만 하십시오." if len(calls) > 1 else ""
        if not near(found, loss.item()):
            predictions = y_pred.detach(), model(inputs).detach(), other_mode
            mistake = _loss_mistake(found, loss_fn, targets, *predictions, shapes)
            where = "인수로 받은 model, loss_fn, x, y로 계산한 손실인지, 반올림하거나 더 곱하거나 나누지 않았는지 "
            told = f"옮기기 전의 손실은 {loss.item():.4f}인데 {found:.4f}입니다."
            raise Wrong(f"{told} {mistake or often or f'{where}보십시오.'}")
        mistakes = {SKIPPED if loss < SMALL else UNMOVED: before, PLAIN: before - learning_rate * gradient}
        if optimizer_name == "SGD":
            mistakes[PILED_UP] = before - learning_rate * kept
        where = "인수로 받은 optimizer로 옮기고, backward()와 step()을 한 번씩만 부르고, 기울기를 자르거나 고치지 "
        _require_moved(_vector(model), _vector(twin), mistakes, often or f"{where}않았는지 보십시오.")


def _require_moved(found: Tensor, expected: Tensor, mistakes: dict[str, Tensor], look: str, told: str = "") -> None:
    """Raise Wrong unless the parameters are where they must be."""
    if not near(found, expected):
        at = (found - expected).abs().argmax()
        right = particle(f"{expected[at].item():.4f}", "이", "가")
        seen = f"{told}매개변수 하나가 {right} 되어야 하는데 {found[at].item():.4f}입니다."
        raise Wrong(f"{seen} {only(mistakes, found) or look}")


def _vector(model: nn.Module) -> Tensor:
    """Return a copy of all parameters in a row."""
    return nn.utils.parameters_to_vector(model.parameters()).detach().clone()


def _loss(found: object) -> float:
    """Return the loss; raise Wrong unless it is a number apart from its graph."""
    held = isinstance(found, Tensor) and found.requires_grad
    where = "숫자만 꺼내 돌려주십시오. 그대로 모으면 스텝마다의 계산 과정이 메모리에 남습니다."
    require(not held, f"계산 과정을 기록한 텐서를 돌려주었습니다. {where}")
    return number(found, "손실은 수 하나입니다.")


def _loss_mistake(
    found: float,
    loss_fn: Callable[[Tensor, Tensor], Tensor],
    y: Tensor,
    y_pred: Tensor,
    moved: Tensor,
    other_mode: Tensor,
    shapes: list[tuple[int, ...]],
) -> str:
    """Return what the wrong loss is, "" where that isn't sure.

    `moved` are the predictions after the step, `other_mode` those of the mode that the model wasn't handed in, `shapes`
    those of what the answer gave to loss_fn.
    """
    if shapes and y.shape == y_pred.shape and shapes[0] != shapes[1]:
        other = f"loss_fn에 넣은 두 값의 모양이 {shapes[0]}과 {shapes[1]}입니다."
        return f"{other} model의 예측과 y를 모양을 바꾸지 말고 그대로 넣으십시오."
    mistakes = {
        "옮긴 뒤의 손실입니다. 옮기기 전에 계산한 것을 돌려주십시오.": loss_fn(moved, y),
        "다른 방식에서 예측한 손실입니다. model의 방식을 도중에 바꾸지 않았는지 보십시오.": loss_fn(other_mode, y),
    }
    if y.shape == y_pred.shape:
        mistakes[TURNED_ROUND] = loss_fn(y, y_pred)
    return only(mistakes, found)


@dataclass(frozen=True, eq=False)
class Call:
    """One prediction that an answer asked of its model."""

    x: Tensor
    training: bool  # in training mode, with all its parts
    recorded: bool  # with a gradient
    random: Tensor  # torch's random state just before


class Shared(list):
    """A list that a copy of what holds it holds, too."""

    def __deepcopy__(self, _: dict[int, object]) -> "Shared":
        """Return the list itself."""
        return self


class Watched(nn.Module):
    """A network that notes how it and its copies are called."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net, self.calls = net, Shared()

    def forward(self, x: Tensor) -> Tensor:
        """Note the call and predict."""
        told = f"model에 넣은 것이 텐서가 아니라 {kind(x)}입니다 (받은 값: {shown(x)})."
        require(isinstance(x, Tensor), f"{told} 그것을 출력해 보고, 묶음이면 ‘x, y = 묶음’으로 푸십시오.")
        training, random = all(part.training for part in self.modules()), torch.get_rng_state()
        y_pred = self.net(x)
        self.calls.append(Call(x.detach().clone(), training, y_pred.requires_grad, random))
        return y_pred


EPOCH_ERRORS = STEP_ERRORS | {
    NO_NAME: "쓰는 이름을 import했는지, 인수의 이름과 철자가 맞는지 보십시오.",
    "'DataLoader' object is not callable": "DataLoader는 함수가 아니라 for로 도는 것입니다.",
    "'(method|Watched)' object is not iterable": "optimizer에 건넬 것은 model.parameters()입니다.",
}


@exercise(
    "07_minibatch",
    2,
    [
        ["2-3-2 신경망", "MSE", 10, 6, 4, 0.1, 3],
        ["부를 때마다 답이 달라지는 모델", "MSE", 12, 7, 5, 0.05, 3],
        ["부를 때마다 답이 달라지는 모델", "모자란 예측을 세 배로 세는 MSE", 9, 5, 3, 0.05, 2, "평가"],
        ["2-3-2 신경망", "MSE", 10, 9, 20, 0.2, 4],  # of fewer rows an order may come again
        ["2-3-2 신경망", "교차 엔트로피", 11, 8, 2, 0.1, 2],
        ["2-3-2 신경망", "MSE", 9, 6, 4, 0.2, 2, "거의 맞힘"],  # a loss that is small already
    ],
    forbidden=("mlp_tutorial.training.fit", "mlp_tutorial.training.evaluate"),
    instead="mt.fit과 mt.evaluate 대신 미니배치를 도는 for와 다섯 줄, 재는 줄을 직접 쓰십시오.",
)
def train_epochs(
    answer: Answer,
    model_name: str,
    loss_name: str,
    n_rows: int,
    n_validation: int,
    batch_size: int,
    learning_rate: float,
    n_epochs: int,
    mode: str = "학습",
) -> None:
    """Training by mini-batches in any order: a twin learns from the same rows, drawn again from the model's calls."""
    handed = {"평가": ", 평가 방식(eval())으로 건넨 것", "거의 맞힘": ", 손실이 이미 작은 것"}.get(mode, "")
    answer.asked = f"{model_name}{handed}, 손실 {loss_name}, 학습 {n_rows}행, 검증 {n_validation}행, "
    answer.asked += f"배치 크기 {batch_size}, {n_epochs} 에폭: "
    loss_fn = LOSSES[loss_name]
    torch.manual_seed(100 * n_rows + batch_size)
    twin = MODELS[model_name]().to(answer.dtype)
    model = Watched(deepcopy(twin)).train(mode != "평가")
    parts = []
    for n in (n_rows, n_validation):
        x = answer.tensor(torch.randn(n, 2))
        y = torch.randint(2, (n,)) if loss_fn is F.cross_entropy else answer.tensor(torch.randn(n, 2))
        parts.append((x, twin(x).detach() + 0.02 * y if mode == "거의 맞힘" else y))
    given = [(part.clone(), target.clone()) for part, target in parts]
    (x, y), (x_val, y_val) = parts
    more = batch_size, learning_rate, n_epochs
    found = answer(model, loss_fn, *given, *more, copied=False, advice=EPOCH_ERRORS)
    batches = _batches(model.calls, x, x_val)
    _require_epochs(batches, n_rows, batch_size, n_epochs)
    _require_modes(model.calls, x_val)
    losses = numbers(found, (n_epochs,), "에폭마다 하나씩, 검증 손실의 목록을 돌려주십시오.", what="돌려준 것")

    replayed = partial(_replayed, twin, x, y, learning_rate, batches, n_epochs)
    nets, learned = replayed(loss_fn)
    mistakes = {
        "매개변수가 그대로입니다. 뒤의 세 줄과, optimizer에 model의 매개변수를 건넸는지 보십시오.": _vector(twin),
        PILED_UP: _vector(replayed(loss_fn, piled_up=True)[0][-1]),
    }
    if loss_fn is not F.cross_entropy:  # it takes no predictions for targets
        turned_round = replayed(lambda y_pred, y: loss_fn(y, y_pred))[0][-1]
        mistakes[f"학습한 손실이 {TURNED_ROUND}"] = _vector(turned_round)
    where = "x_batch와 y_batch의 짝이 맞는지, torch.optim.SGD에 받은 학습률만 주었는지, "
    where += "기울기를 고치지 않았는지, 다섯 줄의 차례를 보십시오."
    told = "미니배치를 같은 차례로 학습해 보면 "
    _require_moved(_vector(model), _vector(nets[-1]), mistakes, where, told)

    y_pred = [net.eval()(x_val).detach() for net in nets]
    right = torch.stack([loss_fn(part, y_val) for part in y_pred])
    mistakes = {
        "에폭을 시작하기 전의 검증 손실입니다. 에폭을 마친 다음에 재십시오.": right[:-1],
        "마지막 미니배치의 학습 손실입니다. 검증 데이터의 손실을 재십시오.": learned[:, -1],
        "미니배치의 학습 손실을 평균한 것입니다. 검증 데이터의 손실을 재십시오.": learned.mean(dim=1),
    }
    if loss_fn is not F.cross_entropy:
        mistakes[TURNED_ROUND] = torch.stack([loss_fn(y_val, part) for part in y_pred[1:]])
    look = "검증 데이터 전체의 손실인지, 반올림하지 않았는지 보십시오."
    compare("검증 손실은 차례로", losses, right[1:], mistakes, look)


def _batches(calls: list[Call], x: Tensor, x_val: Tensor) -> list[tuple[Call, list[int]]]:
    """Return the calls that trained, each with its rows of x; raise Wrong where one took rows of neither part."""
    batches = []
    for call in calls:
        rows, others = rows_of(call.x, x), rows_of(call.x, x_val)
        mixed = not rows and call.recorded and not others and rows_of(call.x, torch.cat([x, x_val]))
        require(not mixed, "미니배치에 검증 데이터의 행이 섞였습니다. 학습 데이터의 행만 쓰십시오.")
        seen = f"model에 넣은 것(모양 {tuple(call.x.shape)})"
        require(call.x.numel(), f"{seen}에 행이 없습니다. 미니배치의 수를 보십시오.")
        where = "x를 고치지 말고 행을 그대로 꺼내십시오. DataLoader에 넣은 것이 TensorDataset(x, y)인지도 보십시오."
        require(rows or others, f"{seen}이 받은 데이터의 행이 아닙니다. {where}")
        if rows and call.recorded:
            batches.append((call, rows))
    return batches


def _require_epochs(batches: list[tuple[Call, list[int]]], n_rows: int, batch_size: int, n_epochs: int) -> None:
    """Raise Wrong unless each epoch shares out all rows in an order of its own."""
    require(batches, "학습 데이터로 예측하지 않았습니다. 미니배치마다 model을 부르십시오.")
    sizes = [len(rows) for _, rows in batches]
    expected = [len(rows) for rows in torch.arange(n_rows).split(batch_size)] * n_epochs
    where = "모든 행을 에폭마다 한 번씩 쓰는지, 미니배치마다 model을 한 번만 부르는지 보십시오."
    if sorted(sizes) == sorted(expected):
        where = "미니배치의 차례만 섞지 말고, 나누기 전에 모든 행을 섞으십시오."
    elif n_epochs > 1 and sizes == expected[: len(expected) // n_epochs]:
        where = "에폭을 하나만 돌았습니다. return이 for 안에 들어 있지 않은지 보십시오."
    elif sizes == expected[:1] != expected:
        where = "미니배치를 하나만 돌았습니다. return이 for 안에 들어 있지 않은지 보십시오."
    require(sizes == expected, f"미니배치의 행의 수가 차례로 {expected}이어야 하는데 {sizes}입니다. {where}")
    every = torch.tensor([row for _, rows in batches for row in rows])
    orders = every.reshape(n_epochs, n_rows).tolist()
    for epoch, order in enumerate(orders, start=1):
        missing = sorted(set(range(n_rows)) - set(order))
        require(not missing, f"에폭 {epoch}에서 쓰지 않은 행이 있습니다(행 번호 {missing}).")
        require(order != sorted(order), f"에폭 {epoch}에서 행을 섞지 않았습니다. 에폭마다 새로 섞으십시오.")
        again = "앞의 에폭과 행의 차례가 같습니다. 에폭마다 새로 섞으십시오."
        require(order not in orders[: epoch - 1], f"에폭 {epoch}: {again}")


def _require_modes(calls: list[Call], x_val: Tensor) -> None:
    """Raise Wrong unless the model was trained in training mode and measured in evaluation mode, unrecorded."""
    measured = [call for call in calls if rows_of(call.x, x_val)]
    evaluating = "학습 데이터의 예측을 평가 방식(eval())에서 했습니다. 에폭을 시작할 때마다 model.train()을 부르십시오."
    require(all(call.training for call in calls if call.recorded and call not in measured), evaluating)
    require(measured, "검증 데이터로 예측하지 않았습니다. 에폭이 끝날 때마다 검증 손실을 재십시오.")
    training = "검증 데이터의 예측을 학습 방식(train())에서 했습니다. 재기 전에 model.eval()을 부르십시오."
    require(not any(call.training for call in measured), training)
    recorded = "검증 데이터의 예측을 기록했습니다. torch.no_grad() 안에서 재십시오."
    require(not any(call.recorded for call in measured), recorded)


def _replayed(
    twin: nn.Module,
    x: Tensor,
    y: Tensor,
    learning_rate: float,
    batches: list[tuple[Call, list[int]]],
    n_epochs: int,
    loss_fn: Callable[[Tensor, Tensor], Tensor],
    *,
    piled_up: bool = False,
) -> tuple[list[nn.Module], Tensor]:
    """Return the model before and after each epoch of the same mini-batches, and the losses (n_epochs, steps) of these.

    With `piled_up` the gradients are never set to zero.
    """
    net, nets, losses = deepcopy(twin), [twin], []
    optimizer = torch.optim.SGD(net.parameters(), lr=learning_rate)
    for count, (call, rows) in enumerate(batches, start=1):
        torch.set_rng_state(call.random)  # for the dropout
        loss = loss_fn(net.train()(x[rows]), y[rows])
        losses.append(loss.item())
        if not piled_up:
            optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if count % (len(batches) // n_epochs) == 0:
            nets.append(deepcopy(net))
    return nets, torch.tensor(losses, dtype=torch.float64).reshape(n_epochs, -1)


VERDICTS = ("배웠음", "외웠음", "덜 배웠음")
TWICE = ([[2]], [0])  # the weight and bias of a model that predicts 2x
MORE = ([[2]], [3])  # of one that predicts 2x + 3
SAME = ([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [0, 0, 0])  # of one that predicts x
FITS = ([[1], [2]], [[2], [4]])  # x and y that TWICE predicts without an error
MIDDLE = ([[3, 3, 3], [3, 12, 3], [3, 3, 3]], [[1, 1, 1], [1, 10, 1], [1, 1, 1]])  # one value makes SAME a good one


SHIFTED = ([[2.3] * 3, [0.3] * 3], [[1] * 3, [-1] * 3])  # SAME: loss 1.69, baseline 1, three times that for a row's sum
BELOW = ([[0.9969], [-0.9969]], [[0.997], [-0.997]])  # TWICE has there a loss of 0.9936, the baseline is 0.9940
ABOVE = ([[0.9971], [-0.9971]], [[0.997], [-0.997]])  # and here a loss of 0.9944


DATA_ERRORS: Advice = {
    "mt.evaluate의 것과 .*(too many positional|missing .* 'loss_fn')": "손실 함수는 loss_fn=으로 줍니다.",
    "missing .*argument: 'y'|not tuple|'tuple' object has no attribute": "데이터는 (x, y) 묶음입니다. "
    "‘x, y = 묶음’으로 풀어 x와 y를 따로 쓰십시오.",
}


@exercise(
    "07_diagnose",
    3,
    [
        ["배웠음", *TWICE, *FITS, [[3], [-1], [5]], [[6], [-2], [10]]],
        ["외웠음", *TWICE, *FITS, [[3], [-1]], [[-6], [2]]],
        ["덜 배웠음", *TWICE, [[1], [2]], [[-2], [-4]], [[3], [-1]], [[-6], [2]]],
        ["배웠음", *TWICE, *FITS, [[5], [-5]], [[10.5], [-10]]],  # worse than in training
        ["배웠음", *TWICE, [[1], [-1]], [[4], [-4]], [[1], [-1]], [[4], [-4]]],  # worse than the mean of x²
        ["외웠음", *TWICE, [[10], [-10]], [[20], [-20]], [[1], [-1]], [[-1], [1]]],  # better than the other baseline
        ["덜 배웠음", *TWICE, [[1], [-1]], [[-1], [1]], [[10], [-10]], [[-20], [20]]],
        ["배웠음", *TWICE, [[10], [-10]], [[22], [-18]], [[10], [-9]], [[22], [-20]]],  # above 1
        ["덜 배웠음", *TWICE, [[0.1], [0.2]], [[-0.2], [-0.4]], [[0.2]], [[-0.4]]],  # below 1
        ["배웠음", *TWICE, [[5], [6]], [[12], [10]], [[6], [5]], [[14], [12]]],  # above the variance
        ["배웠음", *MORE, [[2], [1]], [[7], [5]], [[0.75], [-0.75]], [[3.5], [2.5]]],  # worse than the bias alone
        ["외웠음", *MORE, [[2], [1]], [[7], [5]], [[-2]], [[4]]],  # the root is below the baseline
        ["외웠음", *TWICE, *FITS, [[1], [1], [-1]], [[2], [2], [4]]],  # the mean error is below that of 0
        ["외웠음", *TWICE, *FITS, [[2], [2], [3.5]], [[1], [1], [4]]],  # the largest error is below that of 0
        ["배웠음", *SAME, *MIDDLE, *MIDDLE],
        ["외웠음", *SAME, *MIDDLE, *SHIFTED],
        ["덜 배웠음", *SAME, *SHIFTED, [[1, 1, 1]], [[-1, -1, -1]]],
        ["배웠음", *TWICE, *FITS, [[9.99], [-9.99]], [[10], [-10]]],  # just below, just above, at the baseline
        ["외웠음", *TWICE, *FITS, [[10.01], [-10.01]], [[10], [-10]]],
        ["배웠음", *TWICE, *FITS, *BELOW],
        ["외웠음", *TWICE, *FITS, *ABOVE],
        ["외웠음", *TWICE, *BELOW, [[3], [-1]], [[-6], [2]]],
        ["덜 배웠음", *TWICE, *ABOVE, [[3], [-1]], [[-6], [2]]],
        ["외웠음", *TWICE, *FITS, [[1], [-1]], [[1], [-1]]],
        ["덜 배웠음", *TWICE, [[1], [-1]], [[1], [-1]], [[3], [-1]], [[-6], [2]]],
    ],
)
def diagnose(answer: Answer, verdict: str, weight: list, bias: list, *values: list) -> None:
    """The verdict of the task's table on a linear model; `values` are x and y of training, x and y of the test."""
    W, b, *tensors = (torch.tensor(part, dtype=torch.float64) for part in (weight, bias, *values))
    facts = []
    for name, x, y in (("학습", *tensors[:2]), ("시험", *tensors[2:])):
        loss, zero = F.mse_loss(F.linear(x, W, b), y).item(), F.mse_loss(0 * y, y).item()
        sign = "<" if loss < zero else ">" if loss > zero else "="
        facts.append(f"{name} 손실 {loss:g} {sign} 기준선 {zero:g}")
    answer.asked = f"{', '.join(facts)}: "
    model = nn.Linear(len(weight[0]), len(weight), dtype=answer.dtype)
    model.load_state_dict({"weight": W, "bias": b})
    train_x, train_y, test_x, test_y = map(answer.tensor, values)
    found = answer(model, (train_x, train_y), (test_x, test_y), advice=DATA_ERRORS)
    words = ", ".join(f"‘{word}’" for word in VERDICTS)
    known = isinstance(found, str) and found in VERDICTS
    require(known, f"{words} 가운데 하나를 글자 그대로 돌려주십시오 (받은 값: {shown(found)}).")
    where = "함수 안에서 두 손실과 두 기준선을 출력해 이 네 수와 견주어 보십시오."
    where += " 기준선은 그 데이터에서 늘 0이라고 답한 MSE이고, 데이터마다 따로 구합니다."
    if "=" in answer.asked:
        where = "기준선과 꼭 같으면 ‘기준선 이상’입니다."
    require(found == verdict, f"‘{verdict}’인데 ‘{found}’이라고 했습니다. {where}")
