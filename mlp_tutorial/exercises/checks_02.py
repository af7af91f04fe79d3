"""What the exercises of notebook 02 ask: hinges where they shall be, the width that validates best, layers folded."""

from functools import reduce

import torch
from torch import Tensor
from torch.nn import functional as F

from mlp_tutorial.exercises.checking import Answer, exercise
from mlp_tutorial.exercises.values import Wrong, compare, listed, near, number, numbers, only, require, several


@exercise(
    "02_hinges",
    1,
    [
        [[-2, 0, 2], [1, -2, 3]],
        [[1.5], [3]],
        [[0.5, -1, 2.5, 0], [2, -1, -3, 0.5]],
        [[-2.5, -1], [-1, -4]],
        [[1, -1.5, 0.5], [2, 0, -1]],
    ],
)
def hinges(answer: Answer, *given: list[float]) -> None:
    """The weights of a network 1-n-1 that is the sum of v[k] · ReLU(x − c[k]); `given` is c, v."""
    c, v = (torch.tensor(part, dtype=torch.float64) for part in given)
    n, names = len(c), ("W_1", "b_1", "W_2")
    answer.asked = "c가 {}, v가 {}일 때 ".format(*given)
    found = several(answer(*map(answer.tensor, given)), names)
    shapes, where = [(n, 1), (n,), (1, n)], "nn.Linear처럼 가중치는 (출력, 입력)이고 b_1은 1차원입니다."
    seen = [tuple(numbers(value, what=name).shape) for value, name in zip(found, names, strict=True)]
    if sorted(seen) == sorted(shapes):
        where = "모양은 셋 다 있지만 순서가 다릅니다. W_1, b_1, W_2의 순서로 돌려주십시오."
    W_1, b_1, W_2 = (
        numbers(value, shape, where, what=name) for value, shape, name in zip(found, shapes, names, strict=True)
    )
    for name, values in zip(names, (W_1, b_1, W_2), strict=True):
        told = f"{name}에 {listed(values)}처럼 수가 아닌 것이 있습니다. v나 c의 0으로 나누지 않았는지 보십시오."
        require(values.isfinite().all(), told)
    x = torch.cat([torch.linspace(-5, 5, 11, dtype=torch.float64), c - 0.5, c + 0.5]).unique().unsqueeze(1)

    def output(slopes: Tensor, biases: Tensor, weights: Tensor) -> Tensor:
        return torch.relu(x * slopes + biases) @ weights

    one, expected = torch.ones(n, dtype=torch.float64), torch.relu(x - c) @ v
    y_pred = output(W_1[:, 0], b_1, W_2[0])
    mistakes = {
        "꺾이는 자리의 부호가 뒤집혔습니다. x가 c일 때 ReLU 안이 0이어야 합니다.": output(one, c, v),
        "왼쪽으로 올라갑니다. ReLU 안은 x - c입니다.": output(-one, c, v),
        "v를 ReLU 안에 넣은 값입니다. v가 음수이면 선이 왼쪽에서 올라갑니다. v는 출력층의 가중치입니다.": output(
            v, -v * c, one
        ),
        "W_1이 v입니다. v는 출력층의 가중치입니다.": output(v, -c, one),
        "출력층이 v를 곱하지 않았습니다.": output(one, -c, one),
        "c를 크기 순서로 바꾸었습니다. v와 짝이 맞게 받은 차례대로 두십시오.": output(one, -c.sort().values, v),
    }
    mistake, kinks = only(mistakes, y_pred), -b_1 / W_1[:, 0]
    if n > 1 and near(kinks, kinks[:1].expand(n)):
        mistake = f"노드가 모두 x = {listed(kinks[0])}에서 꺾입니다. b_1이 꺾이는 자리를 정합니다."
    apart = (y_pred - expected).abs().argmax()
    at, wanted, got = (listed(values[apart]) for values in (x[:, 0], expected, y_pred))
    told = f"x = {at}에서 출력이 {wanted}이어야 하는데 {got}입니다."
    look = mistake or "은닉 노드마다 ReLU 안이 x - c에 비례하는지, 거기에 v를 곱하는지 차례로 보십시오."
    require(near(y_pred, expected), f"{told} {look}")


@exercise(
    "02_best_width",
    2,
    [
        [[8, 0.75, 0.70], [12, 0.81, 0.80], [16, 0.94, 0.88], [64, 0.97, 0.86], [256, 0.96, 0.87]],
        [[32, 0.95, 0.86], [4, 0.91, 0.82], [8, 0.93, 0.86], [64, 0.97, 0.86]],
        [[4, 0.92, 0.84], [8, 0.91, 0.85], [16, 0.90, 0.85], [32, 0.99, 0.61]],
        [[64, 0.99, 0.95], [2, 0.82, 0.81], [16, 0.93, 0.90]],
        [[2, 0.41, 0.33], [3, 0.32, 0.35]],
        [[16, 0.91, 0.90]],
        [[4, 0.80, 0.80], [8, 0.80, 0.79], [16, 0.90, 0.90]],
        [[4, 0.80, 0.861], [8, 0.81, 0.864]],
        [[4, 0.80, 0.8612], [8, 0.81, 0.8614]],
        [[16, 0.90, 0.80], [4, 0.85, 0.83], [8, 0.88, 0.81]],
        [[8, 0.90, 0.84], [16, 0.95, 0.86], [4, 0.88, 0.86]],
    ],
)
def best_width(answer: Answer, *rows: list[float]) -> None:
    """The narrowest of the widths that validate best; a row is a width, its training and its validation accuracy."""
    scores = {width: (training, validation) for width, training, validation in rows}
    answer.asked = f"scores가 {scores}일 때 "
    width = number(answer(scores), "너비 하나를 돌려주십시오.")
    highest = max(validation for _, validation in scores.values())
    narrowest = min(width for width, (_, validation) in scores.items() if validation == highest)
    answer.asked += f"답이 {width:g}입니다. "
    if width not in scores:
        told = "scores의 이름표인 너비 가운데 하나를 돌려주십시오."
        trainings, validations = zip(*scores.values(), strict=True)
        if width in validations:
            told = "그것은 검증 정확도입니다. 그 정확도를 낸 너비를 돌려주십시오."
        elif width in trainings:
            told = "그것은 학습 정확도입니다. 검증 정확도를 견주고, 그것이 가장 높은 너비를 돌려주십시오."
        elif width in range(len(scores) + 1):
            told += " 몇 번째인지를 나타내는 번호라면 그 자리의 너비를 꺼내십시오."
        raise Wrong(told)
    training, validation = scores[width]
    told = f"검증 정확도가 {highest}인 너비가 둘 이상입니다. 그 가운데 가장 좁은 것을 고르십시오."
    require(width == narrowest or validation != highest, told)
    told = f"그 너비의 검증 정확도는 {validation}이고, 너비 {narrowest}의 것은 {highest}입니다."
    if training == max(training for training, _ in scores.values()):
        told += " 학습 정확도는 그 너비가 가장 높습니다. 검증 정확도는 (학습, 검증)의 둘째입니다."
    if len({round(validation, 2) for _, validation in scores.values()}) < len({v for _, v in scores.values()}):
        told += " 정확도를 반올림하지 말고 견주십시오."
    require(width == narrowest, told)


FIRST = [[[1, 2], [0, 1]], [1, -1]]  # a layer is W, b
SECOND = [[[0, 1], [3, 0]], [10, 20]]
OF_TWO = [[[1, -1]], [5]]
OF_THREE = [[[1, 0, 2], [-1, 3, 1]], [0.5, -2]]
TO_FOUR = [[[2, 1], [0, -1], [1, 1], [-3, 0]], [1, 0, -1, 4]]
OF_FOUR = [[[1, 2, 0, -1], [0, 1, 3, 1]], [-2, 3]]


@exercise(
    "02_fold",
    3,
    [
        [FIRST, SECOND],
        [OF_THREE],
        [FIRST, SECOND, OF_TWO],
        [OF_THREE, TO_FOUR],
        [OF_THREE, TO_FOUR, OF_FOUR, FIRST, SECOND],
        [[[[2]], [1]], [[[-1]], [3]]] * 5,
    ],
)
def fold(answer: Answer, *layers: list) -> None:
    """W and b of the one layer that does what all `layers` do one after the other."""
    weights, biases = (
        [torch.tensor(part, dtype=torch.float64) for part in parts] for parts in zip(*layers, strict=True)
    )
    answer.asked = f"층 {len(layers)}개를 접을 때 "
    W, b = several(answer([tuple(map(answer.tensor, layer)) for layer in layers]), ("W", "b"))

    def output(x: Tensor, biases: list[Tensor]) -> Tensor:
        for layer in zip(weights, biases, strict=True):
            x = F.linear(x, *layer)
        return x

    nothing, n_in = [torch.zeros_like(b) for b in biases], weights[0].shape[1]
    expected_W = output(torch.eye(n_in, dtype=torch.float64), nothing).T  # what each input does alone
    expected_b = output(torch.zeros(n_in, dtype=torch.float64), biases)  # what is left without input
    W, part = numbers(W, what="W"), torch.eye(n_in, dtype=torch.float64)
    for count, weight in enumerate(weights[:-1], 1):
        part = weight @ part
        seen = "첫 층 그대로입니다" if count == 1 else f"앞의 {count}개만 접은 값입니다"
        told = f"W가 {seen}. 나머지 층을 접었는지, return의 들여쓰기가 맞는지 보십시오."
        require(near(part, expected_W) or not near(W, part), told)
    where = "W, b의 순서와 곱하는 순서를 보십시오. W의 모양은 (마지막 출력, 처음 입력)입니다."
    W = numbers(W, expected_W.shape, where, what="W")
    b = numbers(b, what="b")
    star = " 가중치와 편향을 *로 곱했다면 행렬 곱 @로 바꾸십시오." if b.dim() == 2 and min(b.shape) > 1 else ""
    b = numbers(b, expected_b.shape, f"b는 1차원입니다.{star}", what="b")

    look = "모든 층을 한 번씩 곱했는지, 나중 층의 가중치가 왼쪽에 오는지, 행렬 곱 @를 썼는지 보십시오."
    if len(layers) == 1:
        look = "층이 하나뿐이면 그 층의 것을 그대로 돌려줍니다."
    no_relu, (W_relu, b_relu) = "ReLU를 지난 값과 같습니다. 활성화 함수를 넣지 않았는지 보십시오.", _with_relu(layers)
    mistakes = {no_relu: W_relu, "행과 열이 뒤바뀌었습니다.": expected_W.T}
    if all(weight.shape == W.shape for weight in weights):
        mistakes["원소끼리 곱한 값입니다. 행렬 곱 @를 쓰십시오."] = reduce(torch.mul, weights)
    compare("W가", W, expected_W, mistakes, look)

    last_alone = output(torch.zeros(n_in, dtype=torch.float64), [*nothing[:-1], biases[-1]])
    first_alone = output(torch.zeros(n_in, dtype=torch.float64), [biases[0], *nothing[1:]])
    folded, part = biases[0], weights[0]
    for weight, bias in zip(weights[1:], biases[1:], strict=True):
        part = weight @ part
        folded = part @ folded + bias if part.shape[1] == len(folded) else torch.full_like(bias, torch.nan)
    already = "앞 층의 편향에 이미 접은 W를 곱했습니다. 그 층의 가중치만 곱하도록, W를 바꾸기 전에 b를 구하십시오."
    mistakes = {
        already: folded,
        "마지막 층의 편향뿐입니다. 앞 층의 편향도 나중 층의 가중치를 지납니다.": last_alone,
        "첫 층의 편향만 들어 있습니다. 다음 층은 자기 편향도 더합니다.": first_alone,
        no_relu: b_relu,
    }
    if all(part.shape == b.shape for part in biases):
        mistakes["편향을 그대로 더했습니다. 다음 층은 앞 층의 편향에도 가중치를 곱합니다."] = sum(biases)
    if len(layers) > 1:
        look = "다음 층은 앞 층의 편향에도 가중치를 행렬로 곱하고(@), 자기 편향을 더합니다."
    compare("b가", b, expected_b, mistakes, look)


def _with_relu(layers: tuple[list, ...]) -> tuple[Tensor, Tensor]:
    """Return W and b as they come out with a ReLU between the layers."""
    (W, b), *rest = ([torch.tensor(part, dtype=torch.float64) for part in layer] for layer in layers)
    for W_next, b_next in rest:
        W, b = W_next @ W.relu(), W_next @ b.relu() + b_next
    return W, b
