"""What the exercises of notebook 03 ask: the gradient of the MSE, the constant of the absolute error, a stable CEE."""

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from mlp_tutorial.exercises.checking import Answer, exercise
from mlp_tutorial.exercises.values import listed, near, number, numbers, require


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
    ],
    forbidden=(
        "backward",
        "grad",
        "jacobian",
        "jacrev",
        "jacfwd",
        "vjp",
        "jvp",
        "make_dual",
        "mse_loss_backward",
        "Derivative",
    ),
    instead="MSE의 식을 손으로 미분해, 나온 식을 적으십시오.",
)
def mse_gradient(answer: Answer, y_pred: list, y: list) -> None:
    """The gradient of the mean squared error with respect to y_pred, of any shape."""
    guess, truth = (torch.tensor(part, dtype=torch.float64) for part in (y_pred, y))
    gradient = torch.autograd.functional.jacobian(lambda guess: F.mse_loss(guess, truth), guess)
    shape, n, n_rows = tuple(gradient.shape), gradient.numel(), len(gradient)
    asked = f"y_pred의 모양이 {shape}일 때 "
    given = answer(answer.tensor(y_pred), answer.tensor(y), told=asked)
    where = "원소마다 기울기가 하나씩 있습니다. 평균하거나 손실을 돌려주지 않았는지 보십시오."
    if numbers(given, asked).numel() == n:
        where = "값의 수는 맞습니다. y_pred와 같은 모양으로 돌려주십시오."
    found = numbers(given, asked, shape, where)
    if near(found, gradient):
        return
    told = f"y_pred가 {y_pred}, y가 {y}일 때 기울기가 {listed(gradient)}이어야 하는데 {listed(found)}입니다."
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
        require(False, f"{told} {cause[0] if cause else '곱하고 나눈 수를 보십시오.'}".strip())
    signless = near(found, gradient.abs())
    require(not signless, f"{told} 크기는 맞고 부호가 없습니다. y_pred가 y보다 작으면 기울기가 음수입니다.")
    squares = (guess - truth) ** 2
    errors = any(near(found, squares * times) for times in (1, 2, 1 / n, 2 / n))
    require(not errors, f"{told} 제곱한 차이가 그대로 있습니다. 그것을 y_pred로 미분하십시오.")
    require(False, f"{told} 2절의 식을 y_pred의 원소 하나로 미분해 견주십시오.")


@exercise(
    "03_best_constant",
    2,
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
    ],
    right="y가 처음 시험한 [0, 1, 2, 3, 10]일 때 평균은 3.2인데 가장 좋은 상수는 중앙값인 2입니다.",
)
def best_constant(answer: Answer, y: list, c: list) -> None:
    """A value of c with the smallest mean of |y - c|; any of those that are equally good."""
    asked = f"y가 {y}, c가 {c if len(c) < 9 else f'[{c[0]}, {c[1]}, …] ({len(c)}개)'}일 때 "
    given = answer(answer.tensor(y), answer.tensor(c), told=asked, advice=_all_pairs)
    found = number(given, asked, "c의 값 하나를 돌려주십시오. 손실은 c마다 하나씩 있습니다.")
    losses = [sum(abs(part - value) for part in y) / len(y) for value in c]
    smallest = min(losses)
    places = [place for place, loss in enumerate(losses) if near(loss, smallest)]
    best = " 또는 ".join(f"{c[place]:g}" for place in places)
    told = f"{asked}{best}이어야 하는데 {found:g}입니다."
    chosen = [losses[place] for place, value in enumerate(c) if near(found, value)]
    mean, median = sum(y) / len(y), sorted(y)[len(y) // 2]
    if not chosen:
        where = "그것은 몇 번째인지를 나타내는 번호입니다. c에서 그 번호의 값을 꺼내십시오."
        require(found not in places, f"{told} {where}")
        require(not near(found, smallest), f"{told} 그것은 손실입니다. 그 손실을 내는 c의 값을 돌려주십시오.")
        middle = next((f" y의 {name}이고" for name, at in (("평균", mean), ("중앙값", median)) if near(found, at)), "")
        require(False, f"{told}{middle} c에 없는 값입니다. c의 값 가운데에서 고르십시오.")
    if near(chosen[0], smallest):
        return
    told += f" 손실이 {smallest:.4g}보다 큰 {chosen[0]:.4g}입니다."
    require(chosen[0] < max(losses) or len(c) == 2, f"{told} 손실이 가장 큰 값입니다. 가장 작은 것을 고르십시오.")
    to_mean, to_median = (min(c, key=lambda value: abs(value - middle)) for middle in (mean, median))
    where = "제곱을 쓰지 않았는지, 절댓값을 평균하기 전에 취했는지 보십시오."
    require(not near(found, to_mean), f"{told} y의 평균 {mean:.4g}에 가장 가까운 값입니다. {where}")
    where = "가까운 것이 늘 더 좋지는 않습니다. c의 값마다 손실을 계산해 견주십시오."
    require(not near(found, to_median), f"{told} y의 중앙값 {median:g}에 가장 가까운 값입니다. {where}")
    order = "" if c == sorted(c) else ", 번호를 구한 c와 값을 꺼낸 c의 차례가 같은지"
    where = "c의 값을 빠짐없이 견주었는지, c마다 y의 모든 값과의 차이를 평균했는지"
    require(False, f"{told} {where}{order} 보십시오.")


def _all_pairs(error: Exception) -> str:
    """Say what to do where c and y are subtracted as they are."""
    apart = any(words in str(error) for words in ("size of tensor a", "could not be broadcast"))
    return "모양이 맞지 않습니다. 모든 짝의 차이를 한꺼번에 구하려면 하나를 세로로 세웁니다(4절)." if apart else ""


@exercise(
    "03_cee",
    3,
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
    instead="6절의 고쳐 쓴 식을 exp와 log로 직접 적으십시오.",
)
def cee(answer: Answer, z: list, labels: list) -> None:
    """The mean cross-entropy of logits (N, K), also where exp overflows."""
    logits, true = torch.tensor(z, dtype=torch.float64), torch.tensor(labels)
    asked = f"z가 {z}, labels가 {labels}일 때 "
    given = answer(answer.tensor(z), true, told=asked, advice=_largest)
    found = number(given, asked, "행마다의 CEE를 평균하십시오.")
    expected = F.cross_entropy(logits, true).item()
    told = f"{asked}{expected:.4f}이어야 하는데 {found:.4f}입니다."
    if near(found, expected):
        return
    if logits.abs().max() > 100:
        where = "지수를 취하기 전에 행마다(dim=1) 가장 큰 로짓을 빼고, 나눗셈 없이 6절의 고쳐 쓴 식대로 계산하십시오."
        require(False, f"{told} {where}")
    mistakes = {words for words, wrong in _mistakes(logits, true, expected) if near(found, wrong)}
    where = "행마다 CEE를 따로 출력해, 6절처럼 손으로 구한 것과 견주십시오."
    require(False, f"{told} {mistakes.pop() if len(mistakes) == 1 else where}")


def _largest(error: Exception) -> str:
    """Say what `max(dim=1)` gives to one who calculates with it."""
    both = "return_types.max" in str(error)
    return "max(dim=1)은 값과 번호를 함께 돌려줍니다. amax(dim=1)은 값만 돌려줍니다." if both else ""


def _mistakes(z: Tensor, labels: Tensor, expected: float) -> list[tuple[str, float | Tensor]]:
    """Return what can go wrong with a CEE, and what comes out then."""
    n, n_classes = z.shape
    rows, log_sums, largest = torch.arange(n), z.logsumexp(dim=1), z.amax(dim=1)
    found = [
        ("부호가 반대입니다.", -expected),
        ("행마다의 CEE를 더하기만 했습니다. 평균하십시오.", n * expected),
        ("로짓의 수로 나누었습니다. 행의 수로 나누십시오.", expected / n_classes),
        ("자연로그가 아니라 밑이 2인 로그입니다.", expected / math.log(2)),
        ("자연로그가 아니라 밑이 10인 로그입니다.", expected / math.log(10)),
        ("로그의 합에서 뺀 가장 큰 로짓을 정답의 로짓에서도 빼십시오.", expected - largest.mean()),
        ("정답의 로짓에서 뺀 가장 큰 로짓을 로그의 합에서도 빼십시오.", expected + largest.mean()),
        ("정답의 로짓을 빼지 않았습니다.", (log_sums - largest).mean()),
        ("정답에 준 확률의 평균입니다. 로그를 취하십시오.", z.softmax(dim=1)[rows, labels].mean()),
        ("확률을 평균한 다음 로그를 취했습니다. 행마다 로그를 취한 다음 평균합니다.",
         -z.softmax(dim=1)[rows, labels].mean().log()),
        ("정답 번호에서 1을 뺐습니다. labels는 0부터 셉니다.", F.cross_entropy(z, (labels - 1) % n_classes)),
        ("labels[i]는 i행에서만 씁니다. z[:, labels]는 모든 행에서 모든 정답을 꺼냅니다.",
         log_sums.mean() - z[:, labels].mean()),
    ]  # fmt: skip
    if n > 1:
        words = "열마다(dim=0) 합했습니다. 행마다(dim=1) 합하십시오."
        found.append((words, -z.log_softmax(dim=0)[rows, labels].mean()))
        words = "열마다의 가장 큰 로짓을 뺐습니다. 행마다(dim=1) 빼십시오."
        found.append((words, F.cross_entropy(z - z.amax(dim=0), labels)))
    if n == n_classes:
        words = "행마다의 가장 큰 로짓을 열에 맞추어 뺐습니다. 모양을 (N, 1)로 두십시오(keepdim=True)."
        found.append((words, F.cross_entropy(z - largest, labels)))
    if labels.max() < n:
        words = "z[labels]는 행을 고릅니다. 행마다 정답의 로짓 하나를 꺼내십시오."
        found += [(words, s.logsumexp(dim=1).mean() - s[labels].mean()) for s in (z, z - largest[:, None])]
    return found
