"""What the exercises of notebook 02 ask: the width that validates best, layers folded into one."""

import torch
from torch import Tensor
from torch.nn import functional as F

from mlp_tutorial.exercises.checking import Answer, exercise
from mlp_tutorial.exercises.values import listed, near, number, numbers, require, several


@exercise(
    "02_best_width",
    1,
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
    ],
)
def best_width(answer: Answer, *rows: list[float]) -> None:
    """The narrowest of the widths that validate best; a row is a width, its training and its validation accuracy."""
    scores = {width: (training, validation) for width, training, validation in rows}
    asked = f"scores가 {scores}일 때 "
    width = number(answer(scores, told=asked), asked, "너비 하나를 돌려주십시오.")
    highest = max(validation for _, validation in scores.values())
    narrowest = min(width for width, (_, validation) in scores.items() if validation == highest)
    asked += f"답이 {width:g}입니다. "
    if width not in scores:
        told = "scores의 이름표인 너비 가운데 하나를 돌려주십시오."
        if any(width in pair for pair in scores.values()):
            told = "그것은 정확도입니다. 그 정확도를 낸 너비를 돌려주십시오."
        elif width in range(len(scores) + 1):
            told += " 몇 번째인지를 나타내는 번호라면 그 자리의 너비를 꺼내십시오."
        require(False, asked + told)
    training, validation = scores[width]
    told = f"검증 정확도가 {highest}인 너비가 둘 이상입니다. 그 가운데 가장 좁은 것을 고르십시오."
    require(width == narrowest or validation != highest, asked + told)
    told = f"그 너비의 검증 정확도는 {validation}이고, 너비 {narrowest}의 것은 {highest}입니다."
    if training == max(training for training, _ in scores.values()):
        told += " 학습 정확도는 그 너비가 가장 높습니다. 검증 정확도는 (학습, 검증)의 둘째입니다."
    require(width == narrowest, asked + told)


FIRST = [[[1, 2], [0, 1]], [1, -1]]  # a layer is W, b
SECOND = [[[0, 1], [3, 0]], [10, 20]]
OF_TWO = [[[1, -1]], [5]]
OF_THREE = [[[1, 0, 2], [-1, 3, 1]], [0.5, -2]]
TO_FOUR = [[[2, 1], [0, -1], [1, 1], [-3, 0]], [1, 0, -1, 4]]
OF_FOUR = [[[1, 2, 0, -1], [0, 1, 3, 1]], [-2, 3]]


@exercise(
    "02_fold",
    2,
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
    asked = f"층 {len(layers)}개를 접을 때 "
    found = answer([tuple(map(answer.tensor, layer)) for layer in layers], told=asked)
    W, b = several(found, ("W", "b"), asked)

    def output(x: Tensor, biases: list[Tensor]) -> Tensor:
        for layer in zip(weights, biases, strict=True):
            x = F.linear(x, *layer)
        return x

    nothing, n_in = [torch.zeros_like(b) for b in biases], weights[0].shape[1]
    expected_W = output(torch.eye(n_in, dtype=torch.float64), nothing).T  # what each input does alone
    expected_b = output(torch.zeros(n_in, dtype=torch.float64), biases)  # what is left without input
    W, part = numbers(W, asked, what="W"), torch.eye(n_in, dtype=torch.float64)
    for count, weight in enumerate(weights[:-1], 1):
        part = weight @ part
        seen = "첫 층 그대로입니다" if count == 1 else f"앞의 {count}개만 접은 값입니다"
        told = f"{asked}W가 {seen}. 나머지 층을 접었는지, return의 들여쓰기가 맞는지 보십시오."
        require(near(part, expected_W) or not near(W, part), told)
    where = "W, b의 순서와 곱하는 순서를 보십시오. W의 모양은 (마지막 출력, 처음 입력)입니다."
    W = numbers(W, asked, expected_W.shape, where, what="W")
    b = numbers(b, asked, expected_b.shape, "b는 1차원입니다.", what="b")

    look = "모든 층을 한 번씩 곱했는지, 나중 층의 가중치가 왼쪽에 오는지, 행렬 곱 @를 썼는지 보십시오."
    if len(layers) == 1:
        look = "층이 하나뿐이면 그 층의 것을 그대로 돌려줍니다."
    told = f"{asked}W가 {listed(expected_W)}이어야 하는데 {listed(W)}입니다."
    if near(W, expected_W.T):
        require(near(W, expected_W), f"{told} 행과 열이 뒤바뀌었습니다.")
    require(near(W, expected_W), f"{told} {look}")

    last_alone = output(torch.zeros(n_in, dtype=torch.float64), [*nothing[:-1], biases[-1]])
    first_alone = output(torch.zeros(n_in, dtype=torch.float64), [biases[0], *nothing[1:]])
    mistakes = {
        "마지막 층의 편향뿐입니다. 앞 층의 편향도 나중 층의 가중치를 지납니다.": last_alone,
        "첫 층의 편향만 들어 있습니다. 다음 층은 자기 편향도 더합니다.": first_alone,
    }
    if all(part.shape == b.shape for part in biases):
        mistakes["편향을 그대로 더했습니다. 다음 층은 앞 층의 편향에도 가중치를 곱합니다."] = sum(biases)
    if not near(b, expected_b):
        if len(layers) > 1:
            look = "다음 층은 앞 층의 편향에도 가중치를 곱하고, 자기 편향을 더합니다."
        mistake = next((told for told, wrong in mistakes.items() if near(b, wrong)), look)
        require(False, f"{asked}b가 {listed(expected_b)}이어야 하는데 {listed(b)}입니다. {mistake}")
