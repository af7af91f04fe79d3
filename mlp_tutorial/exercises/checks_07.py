"""What the exercises of notebook 07 ask: a score against the baseline, one training step, learned or memorised."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mlp_tutorial.checks import particle
from mlp_tutorial.exercises.checking import Answer, exercise
from mlp_tutorial.exercises.values import Wrong, near, number, numbers, require, shown

COLUMN = [[1], [2], [3], [4]]


def only(mistakes: Mapping[str, Tensor | float], found: Tensor | float) -> str:
    """Return the one mistake whose value was found; "" where there are none or several."""
    matches = [told for told, wrong in mistakes.items() if near(found, wrong)]
    return matches[0] if len(matches) == 1 else ""


def _about_power(error: Exception) -> str:
    """Return what an error of R's ^ means."""
    return "거듭제곱은 ^가 아니라 **입니다." if "bitwise_xor" in str(error) else ""


@exercise(
    "07_score",
    1,
    [
        [[[0.5], [1], [2], [4.5]], COLUMN],
        [[[-1], [-2.5], [-1], [-6]], COLUMN],
        [[[1, 4], [0, 3]], [[2, 8], [-1, -4]]],
        [COLUMN, COLUMN],
        [[[0], [0], [0], [0]], COLUMN],
        [[[1, -1, 2]], [[2, -3, 1]]],
        [[[700], [-200]], [[900], [-300]]],
    ],
)
def score(answer: Answer, y_pred: list, y: list) -> None:
    """The share of the baseline's MSE that the predictions save; both are (N, D_out)."""
    told = f"예측 {y_pred}, 정답 {y}: "
    found = numbers(answer(answer.tensor(y_pred), answer.tensor(y), told=told, advice=_about_power), told)
    where = "개선율은 수 하나입니다. 두 MSE에서 모두 행과 열의 평균을 냈는지 보십시오."
    require(found.numel() == 1, f"{told}수 하나를 돌려주어야 하는데 모양이 {tuple(found.shape)}입니다. {where}")
    value = found.item()
    p, t = torch.tensor(y_pred, dtype=torch.float64), torch.tensor(y, dtype=torch.float64)
    expected = 1 - (torch.dist(p, t) / t.norm()).item() ** 2  # of lengths, so without a mean
    if near(value, expected):
        return
    gap, square = (p - t) ** 2, t**2
    ratio = gap.sum() / square.sum()
    mistakes = {
        "두 MSE의 비율입니다. 1에서 빼십시오.": ratio,
        "부호가 반대입니다. 기준선보다 나으면 양수, 못하면 음수입니다.": ratio - 1,
        "나눗셈의 위아래가 바뀌었습니다.": 1 - 1 / ratio,
        "차이의 절댓값으로 계산한 값입니다. MSE는 차이를 제곱합니다.": 1 - (p - t).abs().sum() / t.abs().sum(),
        "제곱근을 씌운 값입니다. MSE에는 제곱근이 없습니다.": 1 - ratio.sqrt(),
        "기준선을 예측으로 계산한 값입니다. 정답 y로 계산하십시오.": 1 - gap.sum() / (p**2).sum(),
        "기준선에서 평균을 뺐습니다(분산). 기준선은 늘 0이라고 답합니다.": 1 - gap.mean() / t.var(unbiased=False),
        "기준선이 분산 y.var()입니다. 기준선은 늘 0이라고 답합니다.": 1 - gap.mean() / t.var(),
        "비율이 아니라 두 MSE의 차이입니다. 기준선의 MSE로 나누십시오.": (square - gap).mean(),
        "기준선의 MSE로 나누지 않았습니다.": 1 - gap.mean(),
        "한쪽은 합계이고 한쪽은 평균입니다.": 1 - gap.sum() / square.mean(),
        "한쪽은 평균이고 한쪽은 합계입니다.": 1 - gap.mean() / square.sum(),
        "열마다 개선율을 구해 평균을 냈습니다. MSE의 평균을 먼저 내고 나누십시오.": 1
        - (gap.mean(0) / square.mean(0)).mean(),
        "값마다 나눈 다음 평균을 냈습니다. MSE의 평균을 먼저 내고 나누십시오.": 1 - (gap / square).mean(),
        "기준선보다 나쁘면 음수입니다. 0에서 자르지 마십시오.": max(0.0, expected),
        "차이를 제곱하지 않은 값입니다. MSE는 차이를 제곱합니다.": 1 - (p - t).mean() / t.mean(),
        "100을 곱한 값입니다. 비율을 돌려주십시오.": 100 * expected,
        "소수 부분이 없습니다. 정수로 바꾸었는지 보십시오.": int(expected),
        "반올림한 값과 같습니다. 반올림하지 않았는지 보십시오.": min(
            (round(expected, digits) for digits in (2, 3)), key=lambda rounded: abs(rounded - value)
        ),
    }
    advice = only(mistakes, value) or "예측의 MSE와 기준선의 MSE를 따로 출력해 보십시오."
    raise Wrong(f"{told}개선율은 {expected:.4g}인데 {value:.4g}입니다. {advice}")


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
UNMOVED = "매개변수가 그대로입니다. 뒤의 세 줄을 2절의 표와 견주고, 인수로 받은 optimizer를 쓰는지 보십시오."
PLAIN = "학습률 × 기울기만큼 옮겼습니다. 옮기는 일은 인수로 받은 optimizer에 맡기십시오."
PILED_UP = "지난 기울기가 쌓였습니다. zero_grad를 빠뜨리지 않았습니까?"


def _step_advice(error: Exception) -> str:
    """Return what is surely wrong in the five lines."""
    mistakes = {
        "backward through the graph a second time": "backward()는 한 스텝에 한 번만 부르십시오.",
        "does not require grad": "손실이 매개변수와 이어져 있지 않습니다. model의 예측을 그대로 썼는지 보십시오.",
        "has no attribute 'backward'": "item()은 backward() 다음에 부르십시오. 숫자는 역전파할 수 없습니다.",
        "created only for scalar outputs": "backward()는 예측이 아니라 손실에서 부르십시오.",
    }
    words = str(error)
    if isinstance(error, NameError):
        return "인수로 받은 model, optimizer, loss_fn, x, y만 쓰는지, 이름의 철자가 맞는지 보십시오."
    return next((advice for part, advice in mistakes.items() if part in words), "")


@exercise(
    "07_train_step",
    2,
    [
        ["가중치가 하나인 모델", "SGD", 0.1, "MSE", [[1]], [[5]]],
        ["가중치가 하나인 모델", "SGD", 0.01, "제곱의 합", [[1], [2]], [[3], [6]]],
        ["가중치가 하나인 모델", "SGD", 0.05, "모자란 예측을 세 배로 세는 MSE", [[1], [-2]], [[3], [-6]]],
        ["2-3-2 신경망", "모멘텀 0.9를 준 SGD", 0.2, "MSE", FOUR_ROWS, [[1, 0], [0, 2], [-1, 1], [3, 1]]],
        ["2-3-2 신경망", "Adam", 0.03, "교차 엔트로피", FOUR_ROWS, [0, 1, 1, 0]],
        ["부를 때마다 답이 달라지는 모델", "SGD", 0.02, "MSE", FOUR_ROWS, [[2, 0], [1, 1], [0, -1], [3, 2]]],
    ],
)
def train_step(
    answer: Answer, model_name: str, optimizer_name: str, learning_rate: float, loss_name: str, x: list, y: list
) -> None:
    """Three steps of the optimizer, each told by the loss before it; `twin` moves by autograd's gradients."""
    asked = f"{model_name}, 최적화 방법 {optimizer_name}(학습률 {learning_rate:g}), 손실 {loss_name}, "
    loss_fn = LOSSES[loss_name]
    inputs, targets = answer.tensor(x), torch.tensor(y) if loss_fn is F.cross_entropy else answer.tensor(y)
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        torch.manual_seed(7)
        model = MODELS[model_name]().to(answer.dtype)
        twin, calls = deepcopy(model), []
        model.register_forward_hook(lambda *_: calls.append(1))
        optimizer, twins = (OPTIMIZERS[optimizer_name](net.parameters(), lr=learning_rate) for net in (model, twin))
        kept = 0 * _vector(twin)  # gradients of all steps, added up
        for step in range(1, N_STEPS + 1):
            told, before = f"{asked}스텝 {step}: ", _vector(model)
            calls.clear()
            torch.manual_seed(step)  # for the dropout
            given = model, optimizer, loss_fn, inputs.clone(), targets.clone()
            found = _loss(answer(*given, told=told, copied=False, advice=_step_advice), told)
            evaluating = "model이 평가 방식(eval())으로 바뀌어 있습니다. 모델의 방식은 바꾸지 마십시오."
            require(all(part.training for part in model.modules()), f"{told}{evaluating}")

            torch.manual_seed(step)
            y_pred = twin(inputs)
            loss = loss_fn(y_pred, targets)
            gradients = torch.autograd.grad(loss, list(twin.parameters()))
            for parameter, gradient in zip(twin.parameters(), gradients, strict=True):
                parameter.grad = gradient
            twins.step()
            gradient = torch.cat([part.flatten() for part in gradients])
            kept += gradient

            often = f"model을 {len(calls)}번 불렀습니다. 예측은 한 번만 하십시오." if len(calls) > 1 else ""
            if not near(found, loss.item()):
                mistake = _loss_mistake(found, loss_fn, y_pred.detach(), targets, model(inputs).detach())
                where = (
                    "인수로 받은 model, loss_fn, x, y로 계산한 손실인지, 반올림하거나 다시 나누지 않았는지 보십시오."
                )
                raise Wrong(
                    f"{told}옮기기 전의 손실은 {loss.item():.4f}인데 {found:.4f}입니다. {mistake or often or where}"
                )
            after, expected = _vector(model), _vector(twin)
            if not near(after, expected):
                mistakes = {UNMOVED: before, PLAIN: before - learning_rate * gradient}
                if optimizer_name == "SGD":
                    mistakes[PILED_UP] = before - learning_rate * kept
                at = (after - expected).abs().argmax()
                right = particle(f"{expected[at].item():.4f}", "이", "가")
                seen = f"매개변수 하나가 {right} 되어야 하는데 {after[at].item():.4f}입니다."
                where = "인수로 받은 optimizer로 옮기고, backward()와 step()을 한 번씩만 부르는지 보십시오."
                raise Wrong(f"{told}{seen} {only(mistakes, after) or often or where}")


def _vector(model: nn.Module) -> Tensor:
    """Return a copy of all parameters in a row."""
    return nn.utils.parameters_to_vector(model.parameters()).detach().clone()


def _loss(found: object, told: str) -> float:
    """Return the loss; raise Wrong unless it is a number apart from its graph."""
    held = isinstance(found, Tensor) and found.requires_grad
    where = "숫자만 꺼내 돌려주십시오. 그대로 모으면 스텝마다의 계산 과정이 메모리에 남습니다."
    require(not held, f"{told}계산 과정을 기록한 텐서를 돌려주었습니다. {where}")
    return number(found, told, "손실은 수 하나입니다.")


def _loss_mistake(
    found: float, loss_fn: Callable[[Tensor, Tensor], Tensor], y_pred: Tensor, y: Tensor, moved: Tensor
) -> str:
    """Return what the wrong loss is, "" where that isn't sure; `moved` are the predictions after the step."""
    if y.shape == y_pred.shape and near(found, loss_fn(y, y_pred).item()):
        return "loss_fn(정답, 예측)의 값입니다. 예측이 먼저입니다."
    if near(found, loss_fn(moved, y).item()):
        return "옮긴 뒤의 손실입니다. 옮기기 전에 계산한 것을 돌려주십시오."
    return ""


VERDICTS = ("배웠음", "외웠음", "덜 배웠음")
TWICE = ([[2]], [0])  # the weight and bias of a model that predicts 2x
MORE = ([[2]], [3])  # of one that predicts 2x + 3
SAME = ([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [0, 0, 0])  # of one that predicts x
FITS = ([[1], [2]], [[2], [4]])  # x and y that TWICE predicts without an error
MIDDLE = ([[3, 3, 3], [3, 12, 3], [3, 3, 3]], [[1, 1, 1], [1, 10, 1], [1, 1, 1]])  # one value makes SAME a good one


BELOW = ([[0.9969], [-0.9969]], [[0.997], [-0.997]])  # TWICE has there a loss of 0.9936, the baseline is 0.9940
ABOVE = ([[0.9971], [-0.9971]], [[0.997], [-0.997]])  # and here a loss of 0.9944


def _about_data(error: Exception) -> str:
    """Return what an error of the data's pairs means, where that is certain."""
    words = str(error)
    if any(part in words for part in ("positional argument: 'y'", "not tuple", "'tuple' object has no attribute")):
        return "데이터는 (x, y) 묶음입니다. ‘x, y = 묶음’으로 풀어 x와 y를 따로 쓰십시오."
    return _about_power(error)


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
    told = f"{', '.join(facts)}: "

    model = nn.Linear(len(weight[0]), len(weight), dtype=answer.dtype)
    model.load_state_dict({"weight": W, "bias": b})
    train_x, train_y, test_x, test_y = map(answer.tensor, values)
    found = answer(model, (train_x, train_y), (test_x, test_y), told=told, advice=_about_data)
    words = ", ".join(f"‘{word}’" for word in VERDICTS)
    known = isinstance(found, str) and found in VERDICTS
    require(known, f"{told}{words} 가운데 하나를 글자 그대로 돌려주십시오 (받은 값: {shown(found)}).")
    where = "함수 안에서 두 손실과 두 기준선을 출력해 이 네 수와 견주어 보십시오."
    if "=" in told:
        where = "기준선과 꼭 같으면 ‘기준선 이상’입니다."
    require(found == verdict, f"{told}‘{verdict}’인데 ‘{found}’이라고 했습니다. {where}")
