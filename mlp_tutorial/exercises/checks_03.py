"""What the exercises of notebook 03 ask: the gradient of the MSE, a descent by numerical derivatives, two losses."""

import math
import statistics
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import pairwise

import torch
from torch import Tensor
from torch.nn import functional as F

from mlp_tutorial.exercises.checking import Advice, Answer, exercise
from mlp_tutorial.exercises.values import Wrong, apart, listed, near, number, numbers, only, require

DERIVATIVES = (  # what finds derivatives for the learner; torch's, SymPy's, NumPy's and SciPy's
    *("backward", "run_backward", "grad", "grad_and_value", "vjp", "jvp", "linearize", "jacobian", "jacrev", "jacfwd"),
    *("hessian", "make_dual", "Derivative", "gradient", "derivative", "approx_fprime"),
    *("approx_derivative", "check_grad"),
)


@exercise(
    "03_mse_gradient",
    1,
    [
        [[2, 0.5, -1], [1, 0, 1]],
        [[[1, 2, -3, 4], [0.5, -1, 2, 3], [-2, 0, 1, 5]], [[0, 4, 1, 1], [2, -1, 0.5, -3], [1, 1, -1, 2]]],
        [[[3, -1], [0, 2]], [[1, 1], [-2, 2.5]]],
        [[-4], [1]],
        [[[1, -2, 4, 0, 2.5]], [[3, -1, 1, 1, 2]]],
        [[[0.5], [-2], [3]], [[1], [2], [1.5]]],
        # float32 holds these numbers and their differences, but nothing so near as a numerical derivative needs.
        [[655360196608, 655359606784, 655360131072], [655360000000, 655360000000, 655360065536]],
        [[2**60, 2**61, -(2**60)], [2**60 - 2**40, 2**61 + 2**42, -(2**60) + 2**41]],  # nor any step below 64
    ],
    forbidden=(*DERIVATIVES, "mse_loss_backward"),
    instead="MSE의 식을 손으로 미분해, 나온 식을 적으십시오.",
)
def mse_gradient(answer: Answer, y_pred: list, y: list) -> None:
    """The gradient of the mean squared error with respect to y_pred, of any shape."""
    guess, truth = (torch.tensor(part, dtype=torch.float64) for part in (y_pred, y))
    gradient = torch.autograd.functional.jacobian(lambda guess: F.mse_loss(guess, truth), guess)
    shape, n, n_rows = tuple(gradient.shape), gradient.numel(), len(gradient)
    answer.asked = f"y_pred의 모양이 {shape}일 때 "
    given = answer(answer.tensor(y_pred), answer.tensor(y))
    where = "원소마다 기울기가 하나씩 있습니다. 평균하거나 손실을 돌려주지 않았는지 보십시오."
    if numbers(given).numel() == n:
        where = "값의 수는 맞습니다. y_pred와 같은 모양으로 돌려주십시오."
    found = numbers(given, shape, where)
    if near(found, gradient):
        return
    answer.asked = f"y_pred가 {y_pred}, y가 {y}일 때 "
    told = f"기울기가 {apart(gradient, found)}"
    numerical = "식으로 구하면 이만큼 어긋나지 않습니다. 수치 미분이나 반올림을 쓰지 않았는지 보십시오."
    require(guess.abs().max() < 1e9, f"{told} {numerical}")
    times = ((found * gradient).sum() / (gradient**2).sum()).item()
    if near(found, times * gradient) and abs(times) > 1e-6:
        told = f"{told} 맞는 값의 {times:.4g}배입니다."
        told += " 부호가 반대입니다. y_pred에서 y를 뺐는지, y_pred로 미분했는지 보십시오." if times < 0 else ""
        causes = [
            (1, ""),
            (1 / 2, "제곱을 미분할 때 나오는 2가 있는지 보십시오."),
            (n / n_rows, "행의 수가 아니라 원소의 수로 나누었는지 보십시오."),
            (n / n_rows / 2, "미분할 때 나오는 2가 있는지, 행의 수가 아니라 원소의 수로 나누었는지 보십시오."),
            (n, "합이 아니라 평균의 기울기입니다. 원소의 수로 나누었는지 보십시오."),
            (n / 2, "미분할 때 나오는 2가 있는지, 평균이므로 원소의 수로 나누었는지 보십시오."),
        ]
        cause = [words for ratio, words in causes if abs(abs(times) - ratio) < 1e-3]
        raise Wrong(f"{told} {cause[0] if cause else '곱하고 나눈 수를 보십시오.'}".strip())
    signless = near(found, gradient.abs())
    require(not signless, f"{told} 크기는 맞고 부호가 없습니다. y_pred가 y보다 작으면 기울기가 음수입니다.")
    squares = (guess - truth) ** 2
    errors = any(near(found, squares * times) for times in (1, 2, 1 / n, 2 / n))
    require(not errors, f"{told} 제곱한 차이가 그대로 있습니다. 그것을 y_pred로 미분하십시오.")
    close = (found - gradient).abs().max() < 0.1 * gradient.abs().max()
    require(not close, f"{told} {numerical}")
    raise Wrong(f"{told} 2절의 식을 y_pred의 원소 하나로 미분해 견주십시오.")


H = 0.001  # of the numerical derivative
Loss = Callable[[float], float]


@exercise(
    "03_descend",
    2,
    [
        [[4, -4, 1], 0, 0.2, 3],
        [[4, -4, 1], 5, 0.2, 1],
        [[1, 0, 2], 3, 0.15, 3],
        [[1, 0.5, -2, 0, 1], -1.5, 0.05, 10],
        [[2, -3, 0, 1], 0.5, 0.1, 5],
        [[0, 0, 1], 1, 1.25, 3],
        [[3, -1, 0.5], 2.5, 0.3, 0],
        [["|w|", 0, 1], 0.0005, 0.2, 1],  # other h find another slope
        [[0, 0.0005], 0, 100, 3],  # a small slope, but long steps
    ],
    forbidden=DERIVATIVES,
    instead="3절의 수치 미분으로 구하십시오.",
    right="미분한 식 없이 내려갔습니다.",
)
def descend(answer: Answer, terms: list, w: float, learning_rate: float, n_steps: int) -> None:
    """The weight after some steps down a polynomial of w, or of |w| if it says so; `terms` begin with the constant."""
    of_size, terms = terms[0] == "|w|", [part for part in terms if part != "|w|"]

    def loss(w: float) -> float:
        return sum(part * (abs(w) if of_size else w) ** power for power, part in enumerate(terms))

    def exact(w: float) -> float:  # of a + b·|w|, what a central difference finds
        if of_size:
            return terms[1] * max(-1.0, min(1.0, w / H))
        return sum(power * part * w ** (power - 1) for power, part in enumerate(terms) if power)

    answer.asked = f"loss(w) = {_formula(terms, '|w|' if of_size else 'w')}, "
    answer.asked += f"w = {w:g}, learning_rate = {learning_rate:g}, n_steps = {n_steps}일 때 "
    found = number(answer(loss, w, learning_rate, n_steps), "마지막 w 하나를 돌려주십시오.")
    expected = _walked(exact, w, learning_rate, n_steps)[-1]
    if abs(found - expected) <= 2e-4 * max(1.0, abs(expected)):
        return
    told = apart(expected, found)
    require(n_steps, f"{told} 한 걸음도 가지 않을 때에는 받은 w를 돌려줍니다.")
    mistakes = _other_walks(loss, w, learning_rate, n_steps)
    cause = only(mistakes, found, lambda found, end: abs(found - end) <= 2e-5 * max(1.0, abs(end)))
    if not cause and abs(found - w) <= 1e-4:
        cause = "처음 w에서 거의 움직이지 않았습니다. "
        cause += "새 w를 w에 =로 담는지, 나누는 수를 (2 * h)처럼 괄호로 묶었는지 보십시오."
    where = "스텝마다 w와 기울기를 출력해, 3절처럼 손으로 구한 것과 견주십시오."
    if of_size:
        where = "다른 손실에서는 맞았다면 h가 0.001인지 보십시오."
    raise Wrong(f"{told} {cause or where}")


def _formula(terms: list[float], of: str) -> str:
    """Return a polynomial as it is written."""
    found = ""
    for power, part in enumerate(terms):
        size = f"{abs(part):g}" if power == 0 or abs(part) != 1 else ""
        if part:
            sign = "-" if part < 0 else "+" * bool(found)
            found += f" {sign} " if found else sign
            found += size + of * bool(power) + ("", "", "²", "³", "⁴")[power]
    return found


def _walked(slope: Loss, w: float, learning_rate: float, n_steps: int) -> list[float]:
    """Return the weights before the steps and after each."""
    path = [w]
    for _ in range(n_steps):
        path.append(path[-1] - learning_rate * slope(path[-1]))
    return path


def _other_walks(loss: Loss, w: float, learning_rate: float, n_steps: int) -> dict[str, float | tuple[float, ...]]:
    """Return where other ways of walking end, by words that tell the way."""

    def slope(w: float, h: float = H) -> float:
        return (loss(w + h) - loss(w - h)) / (2 * h)

    path, at_start, rate = _walked(slope, w, learning_rate, n_steps), slope(w), learning_rate
    one_side = "으로만 움직여 잰 기울기로 간 값입니다. 3절의 식처럼 양쪽을 재십시오."
    ways = {
        "기울기 쪽으로 움직인 값입니다. 기울기의 반대쪽으로 움직이십시오.": (slope, -rate, n_steps),
        "학습률을 곱하지 않고 움직인 값입니다.": (slope, 1.0, n_steps),
        "받은 learning_rate 대신 0.2로 움직인 값입니다.": (slope, 0.2, n_steps),
        "2h가 아니라 h로 나눈 기울기로 움직인 값입니다.": (slope, 2 * rate, n_steps),
        "2h로 나누지 않은 차이로 움직인 값입니다.": (slope, 2 * H * rate, n_steps),
        "한 걸음 더 간 값입니다.": (slope, rate, n_steps + 1),
        "처음 w의 기울기로 끝까지 간 값입니다. 걸음마다 지금의 w에서 다시 구하십시오.": (
            lambda _: at_start,
            rate,
            n_steps,
        ),
        f"한쪽(w + h){one_side}": (lambda w: (loss(w + H) - loss(w)) / H, rate, n_steps),
        f"한쪽(w - h){one_side}": (lambda w: (loss(w) - loss(w - H)) / H, rate, n_steps),
    }
    found = {
        "마지막 w가 아니라 그곳의 손실입니다.": loss(path[-1]),
        "마지막 w가 아니라 그곳의 기울기입니다.": slope(path[-1]),
        "w가 아니라 w가 움직인 거리입니다.": path[-1] - w,
    }
    for k, (at, after) in enumerate(pairwise(path)):
        if loss(after) > loss(at):
            words = "손실이 커져도 멈추지 말고 n_steps번 모두 움직여 마지막 w를 돌려주십시오."
        elif abs(slope(at)) < 0.02:
            words = "기울기가 작아도 멈추지 말고 n_steps번 모두 움직이십시오."
        elif k:
            words = f"{k}걸음만 간 값입니다. n_steps번 모두 움직였는지, return의 들여쓰기가 맞는지 보십시오."
        else:
            continue
        found[words] = (*found.get(words, ()), at)
    for words, (by, step, steps) in ways.items():
        with suppress(OverflowError):  # it has walked out of all numbers
            found[words] = _walked(by, w, step, steps)[-1]
    rounded = []
    for digits in (2, 3):  # as 03's own cell rounds what it prints
        at = w
        for _ in range(n_steps):
            at = round(at - rate * slope(at), digits)
        rounded += [at, round(path[-1], digits)]
    found["w를 반올림한 값입니다. 반올림하지 말고 움직여 그대로 돌려주십시오."] = tuple(rounded)
    other_h = tuple(_walked(partial(slope, h=h), w, rate, n_steps)[-1] for h in (0.1, 0.01, 1e-4, 1e-5, 1e-6))
    return found | {"h가 0.001이 아닐 때의 값입니다. h를 0.001로 하십시오.": other_h}


ALL_PAIRS: Advice = {
    "size of tensor a|could not be broadcast": "모양이 맞지 않습니다. "
    "모든 짝의 차이를 한꺼번에 구하려면 하나를 세로로 세웁니다(5절).",
}


@exercise(
    "03_best_constant",
    3,
    [
        [[0, 1, 2, 3, 10], [quarter / 4 for quarter in range(-20, 61)]],
        [[4, -1, -1], [tenth / 10 for tenth in range(20, -61, -1)]],
        [[5, 4, 6], [9, 3, 10, 5]],
        [[5, 4, 6], [5, 10, 3]],
        [[0, 10, 10.1], [11, 8.9]],
        [[1e6, 2e6, 4e6], [5e6, 2.5e6, 5e5]],
        [[1, 2, 4], [5, 0.5, 7]],
        [[0, 1, 2, 3], [2.9, 1.5, -0.5, 2, 1]],
        [[3], [4.5, -0.5, 2.5]],
        [[-7, -1.5, -4, 0.5], [-6.5]],
        [[0, 1], [0, 1]],
        [[0.125], [0.125, 3]],
        [[0, 0, 3, 6, 7], [0, 3]],  # these three tell other powers from the first
        [[10, 5, -5], [10, 1]],
        [[-1, 4, 3, -2, 4], [4, 1.5]],
    ],
    right="y가 처음 시험한 [0, 1, 2, 3, 10]일 때 평균은 3.2인데 가장 좋은 상수는 중앙값인 2입니다.",
)
def best_constant(answer: Answer, y: list, c: list) -> None:
    """A value of c with the smallest mean of |y - c|; any of those that are equally good."""
    answer.asked = f"y가 {y}, c가 {c if len(c) < 9 else f'[{c[0]:g}, {c[1]:g}, …] ({len(c)}개)'}일 때 "
    given = answer(answer.tensor(y), answer.tensor(c), advice=ALL_PAIRS)
    found = number(given, "c의 값 하나를 돌려주십시오. 손실은 c마다 하나씩 있습니다.")
    losses = [sum(abs(part - value) for part in y) / len(y) for value in c]
    smallest = min(losses)
    places = [place for place, loss in enumerate(losses) if near(loss, smallest)]
    best = [c[place] for place in places]
    told = f"{' 또는 '.join(map(str, listed(best)))}이어야 하는데 {listed(found)}입니다."
    chosen = [losses[place] for place, value in enumerate(c) if near(found, value)]
    mean, median = sum(y) / len(y), sorted(y)[len(y) // 2]
    if not chosen:
        where = "그것은 몇 번째인지를 나타내는 번호입니다. c에서 그 번호의 값을 꺼내십시오."
        require(found not in places, f"{told} {where}")
        where = "손실이 가장 작은 값이 여럿이면 평균하지 말고 그 가운데 하나를 돌려주십시오."
        if near(found, statistics.median(y)):  # which nobody need have averaged
            where = "c에 없는 값입니다. 중앙값이나 평균이 아니라 손실이 가장 작은 c의 값을, 여럿이면 그 가운데 하나를 "
            where += "돌려주십시오."
        require(len(best) == 1 or not near(found, sum(best) / len(best)), f"{told} {where}")
        require(not near(found, smallest), f"{told} 그것은 손실입니다. 그 손실을 내는 c의 값을 돌려주십시오.")
        rounded = any(near(found, round(value, digits)) for value in best for digits in range(4))
        require(not rounded, f"{told} 반올림한 값입니다. c의 값을 그대로 돌려주십시오.")
        middle = next((f" y의 {name}이고" for name, at in (("평균", mean), ("중앙값", median)) if near(found, at)), "")
        where = "c의 값 가운데에서 골라 반올림하지 말고 돌려주십시오."
        raise Wrong(f"{told}{middle} c에 없는 값입니다. {where}")
    if near(chosen[0], smallest):
        return
    told += f" 손실이 {listed(smallest)}보다 큰 {listed(chosen[0])}입니다."
    require(chosen[0] < max(losses) or len(c) == 2, f"{told} 손실이 가장 큰 값입니다. 가장 작은 것을 고르십시오.")
    to_mean, to_median = (min(c, key=lambda value: abs(value - middle)) for middle in (mean, median))
    where = "거듭제곱을 쓰지 않았는지, 절댓값을 평균하기 전에 취했는지 보십시오."
    require(not near(found, to_mean), f"{told} y의 평균 {listed(mean)}에 가장 가까운 값입니다. {where}")
    where = "가까운 것이 늘 더 좋지는 않습니다. c의 값마다 손실을 계산해 견주십시오."
    require(not near(found, to_median), f"{told} y의 중앙값 {median:g}에 가장 가까운 값입니다. {where}")
    order = "" if c == sorted(c) else ", 번호를 구한 c와 값을 꺼낸 c의 차례가 같은지"
    where = "c의 값을 빠짐없이 견주었는지, c마다 y의 모든 값과의 차이를 절댓값 그대로 평균했는지"
    raise Wrong(f"{told} {where}{order} 보십시오.")


TOO_LARGE_OR_SMALL: Advice = {  # for Python's own exp and log
    "^OverflowError": "exp에 큰 수가 들어갔습니다. 8절의 고쳐 쓴 식에서는 exp에 0보다 큰 수가 들어가지 않습니다.",
    "^ValueError: .*(math domain error|positive input)": "log에 0이나 음수가 들어갔습니다. "
    "8절의 고쳐 쓴 식에서는 exp를 더한 것이 1보다 작지 않습니다.",
}


@exercise(
    "03_cee",
    4,
    [
        [[[2, 1, -1], [0.5, 3, -2], [1, 4, -0.5]], [0, 2, 0]],
        [[[2, 1, -1]], [0]],
        [[[1, 3], [0.5, -1], [-2, 2], [0, 1.5]], [0, 0, 1, 1]],
        [[[0.5, -1, 2, 1], [3, 1, -2, 0]], [3, 0]],
        [[[10_000, 9_999, 0], [0, 0, 0]], [0, 1]],
        [[[-10_000, -10_001, -10_003], [1, 2, 4]], [1, 2]],
        [[[10_000, 0, -5]], [1]],
        [[[0, 10_000, 9_999]], [1]],
    ],
    forbidden=(
        *("cross_entropy", "cross_entropy_loss", "CrossEntropyLoss", "nll_loss", "NLLLoss", "nll_loss_nd"),
        *("softmax", "log_softmax", "Softmax", "LogSoftmax", "softmin", "_softmax", "_log_softmax", "log_loss"),
        *("logsumexp", "logaddexp", "logcumsumexp", "softplus", "log_sigmoid"),
        *("special_logsumexp", "special_softmax", "special_log_softmax", "Categorical"),
    ),
    instead="8절의 고쳐 쓴 식을 exp와 log로 직접 적으십시오.",
)
def cee(answer: Answer, z: list, labels: list) -> None:
    """The mean cross-entropy of logits (N, K), also where exp overflows."""
    logits, true = torch.tensor(z, dtype=torch.float64), torch.tensor(labels)
    answer.asked = f"z가 {z}, labels가 {labels}일 때 "
    given = answer(answer.tensor(z), true, advice=TOO_LARGE_OR_SMALL)
    found = number(given, "행마다의 CEE를 평균하십시오.")
    expected = F.cross_entropy(logits, true).item()
    told = apart(expected, found)
    rounding = torch.finfo(torch.float32).eps * logits.abs().max()  # of a sum with the largest logit
    if near(found, expected) or abs(found - expected) <= rounding:
        return
    if logits.abs().max() > 100 and math.isfinite(found):
        where = "넘친 값을 자르거나 다른 값으로 바꾸거나 log에 작은 수를 더하지 마십시오. "
        where += "8절의 고쳐 쓴 식에서는 넘치지 않습니다."
        raise Wrong(f"{told} {where}")
    if not math.isfinite(found):
        where = "exp에 무엇이 들어갔는지 행마다 출력해 보십시오. 8절의 고쳐 쓴 식에서는 가장 큰 것이 0입니다."
        if logits.amax(dim=1).min() < -100:
            where += " 행의 로짓이 모두 음수이면 가장 큰 로짓도 음수입니다."
        else:
            rows, largest = torch.arange(len(logits)), logits.max()
            with_largest = (largest + (logits - largest).exp().sum(dim=1).log() - logits[rows, true]).mean()
            if with_largest.isfinite():
                where += " 그 식에는 나눗셈도 없습니다."
            else:
                where += " 행마다 그래야 합니다. 행마다 가장 큰 로짓을 뺀 다음 exp를 했는지, "
                where += "z 전체의 것을 빼지 않았는지 보십시오."
        raise Wrong(f"{told} {where}")
    mistake = only(_mistakes(logits, true, expected), found)
    where = "행마다 CEE를 따로 출력해, 6절처럼 손으로 구한 것과 견주십시오."
    if abs(found - expected) < 0.01 * expected:
        where = "거의 맞지만 다릅니다. log 안에 작은 수를 더하거나 값을 자르거나 반올림하지 마십시오."
    raise Wrong(f"{told} {mistake or where}")


def _mistakes(z: Tensor, labels: Tensor, expected: float) -> dict[str, float | Tensor | tuple[Tensor, ...]]:
    """Return what can go wrong with a CEE, and what may come out then."""
    n, n_classes = z.shape
    rows, log_sums, largest = torch.arange(n), z.logsumexp(dim=1), z.amax(dim=1)
    of_true = z.softmax(dim=1)[rows, labels]
    of_all = "labels[i]는 i행에서만 씁니다. z[:, labels]는 모든 행에서 모든 정답을 꺼냅니다."
    found = {
        "부호가 반대입니다.": -expected,
        "행마다의 CEE를 더하기만 했습니다. 평균하십시오.": n * expected,
        "로짓의 수로 나누었습니다. 행의 수로 나누십시오.": expected / n_classes,
        "자연로그가 아니라 밑이 2인 로그입니다.": expected / math.log(2),
        "자연로그가 아니라 밑이 10인 로그입니다.": expected / math.log(10),
        "로그의 합에서 뺀 가장 큰 로짓을 정답의 로짓에서도 빼십시오.": expected - largest.mean(),
        "정답의 로짓에서 뺀 가장 큰 로짓을 로그의 합에서도 빼십시오.": expected + largest.mean(),
        "정답의 로짓을 빼지 않았거나, 정답 대신 가장 큰 로짓을 뺐습니다.": (log_sums - largest).mean(),
        "정답에 준 확률의 평균입니다. 로그를 취하십시오.": of_true.mean(),
        "확률을 평균한 다음 로그를 취했습니다. 행마다 로그를 취한 다음 평균합니다.": -of_true.mean().log(),
        "정답 번호에서 1을 뺐습니다. labels는 0부터 셉니다.": F.cross_entropy(z, (labels - 1) % n_classes),
        of_all: log_sums.mean() - z[:, labels].mean(),
    }
    if n > 1:
        by_column = -z.log_softmax(dim=0)[rows, labels].mean()
        found["열마다(dim=0) 합했습니다. 행마다(dim=1) 합하십시오."] = by_column
        less_columns = F.cross_entropy(z - z.amax(dim=0), labels)
        found["열마다의 가장 큰 로짓을 뺐습니다. 행마다(dim=1) 빼십시오."] = less_columns
    if n == n_classes:
        words = "행마다의 가장 큰 로짓을 열에 맞추어 뺐습니다. 모양을 (N, 1)로 두십시오(keepdim=True)."
        found[words] = F.cross_entropy(z - largest, labels)
    if labels.max() < n:
        chosen = tuple(s.logsumexp(dim=1).mean() - s[labels].mean() for s in (z, z - largest[:, None]))
        found["z[labels]는 행을 고릅니다. 행마다 정답의 로짓 하나를 꺼내십시오."] = chosen
    return found
