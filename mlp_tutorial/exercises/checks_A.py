"""What the exercises of notebook A ask: the recall of each class, the epoch at which to stop."""

from contextlib import suppress
from functools import partial

import numpy as np
import torch

from mlp_tutorial.exercises.checking import Advice, Answer, exercise
from mlp_tutorial.exercises.values import Wrong, compare, listed, near, number, numbers, require, several, shown

NUMPY_ERRORS: Advice = {
    "unexpected keyword argument 'dim'": "받은 것은 NumPy 배열입니다. NumPy에서는 dim 대신 axis를 씁니다.",
    ": index .* is out of bounds": "클래스의 수는 len(matrix)입니다.",
}


@exercise(
    "A_recall",
    1,
    [
        [[8, 1, 1], [0, 9, 1], [2, 3, 15]],
        [[3, 1], [0, 6]],
        [[0, 2, 1, 0], [0, 5, 0, 1], [0, 1, 2, 0], [0, 0, 3, 4]],
    ],
)
def recall(answer: Answer, *rows: list[int]) -> None:
    """What share of each row of a confusion matrix lies on its diagonal."""
    answer.asked = f"혼동 행렬이 {[*rows]}일 때 "
    found = answer(np.array(rows), advice=NUMPY_ERRORS)
    texts = isinstance(found, (list, tuple, np.ndarray)) and any(isinstance(part, str) for part in found)
    require(not texts, f"목록에 든 것이 수가 아니라 글자(str)입니다 (받은 값: {shown(found)}).")
    found = numbers(found, (len(rows),), "재현율은 클래스마다 하나씩입니다.")
    expected = torch.tensor([row[k] / sum(row) for k, row in enumerate(rows)], dtype=torch.float64)
    matrix = torch.tensor(rows, dtype=torch.float64)
    hits = matrix.diagonal()
    rounded = min(
        (expected.round(decimals=digits) for digits in range(1, 5)), key=lambda r: (found - r).abs().sum().item()
    )
    mistakes = {
        "열의 합으로 나눈 것입니다. 정답이 k인 그림은 k번 행에 있습니다.": hits / matrix.sum(dim=0),
        "모든 그림의 수로 나눈 것입니다. 그 숫자의 그림 수로 나누십시오.": hits / matrix.sum(),
        "맞힌 장수입니다. 그 숫자의 그림 수로 나누십시오.": hits,
        "틀린 비율입니다. 맞힌 비율을 돌려주십시오.": 1 - expected,
        "소수 부분이 없습니다. 나눗셈 /를 썼는지, 정수로 바꾸지 않았는지 보십시오.": expected.floor(),
        "100을 곱한 것입니다. 비율을 돌려주십시오.": 100 * expected,
        "한 번도 답하지 않은 클래스의 재현율은 0입니다.": torch.where(matrix.sum(dim=0) > 0, expected, torch.nan),
        "반올림한 것입니다. 나눈 값을 그대로 돌려주십시오.": rounded,
    }
    written = partial(listed, digits=4 if listed(found) != listed(expected) else 8)
    look = "대각선을 행마다의 합으로 나누었는지 보십시오."
    compare("재현율이", found, expected, mistakes, look, alike=_same, written=written)


def _same(found: torch.Tensor, wrong: torch.Tensor) -> bool:
    """Return whether both are equal, also where a class that was never answered makes NaN of 0 / 0."""
    return torch.equal(found.isnan(), wrong.isnan()) and near(found.nan_to_num(), wrong.nan_to_num())


STOPS = [
    [[0.5, 0.3, 0.4, 0.6, 0.1], 2],
    [[0.7, 0.5, 0.8, 0.75, 0.6, 0.9], 3],  # better than the epoch before, not than the best
    [[0.9, 0.8, 0.7, 0.6], 2],  # always better
    [[0.5, 0.4, 0.4, 0.4, 0.3], 2],  # equal
    [[0.5, 0.4, 0.3999, 0.45, 0.45], 2],  # hardly better
    [[0.9, 0.8, 0.85, 0.7, 0.75, 0.6, 0.65, 0.66, 0.5], 2],  # each better one begins the wait anew
    [[0.7, 0.8, 0.6], 1],
    [[0.4, 0.6, 0.5], 5],
    [[2300.0, 2200.0, 2100.0, 2150.0, 41.0], 2],
    [[0.4], 1],
    [[0.55, 0.6, 0.7, 0.4, 0.5, 0.6, 0.3], 3],
]


@exercise("A_stopping", 2, STOPS)
def stopping(answer: Answer, losses: list[float], patience: int) -> None:
    """The best epoch and the last one of training that stops after `patience` epochs in a row without a lower loss."""
    answer.asked = f"losses가 {losses}, patience가 {patience}일 때 "
    names = ("best_epoch", "last_epoch")
    pair = zip(several(answer(losses, patience), names, stacked=True), names, strict=True)
    best, last = (number(part, what=name) for part, name in pair)
    right_best, right_last = right = _stop(losses, patience)
    answer.asked += f"답은 {right_best}, {right_last}인데 {best:g}, {last:g}입니다. "
    for name, part in zip(names, (best, last), strict=True):
        value = f"{name}로 돌려준 것은 손실의 값입니다. 에폭을 돌려주십시오."
        require(not any(near(part, loss) for loss in losses), value)
    lacks = right_best - best, right_last - last
    from_zero = lacks in ((1, 1), (1, 0), (0, 1)) and _always_lacks(answer, lacks)
    require(not from_zero, "에폭은 0이 아니라 1부터 셉니다. best_epoch와 last_epoch 둘 다 그렇습니다.")
    first = "첫 손실은 1보다 크더라도 그때까지 가장 낮은 손실입니다. 처음에 견줄 값을 보십시오."
    require(best, f"best_epoch가 0입니다. {first}")
    never_lower = best == 1 and last in (patience, patience + 1) and 1 < min(losses[: int(last)]) < losses[0]
    require(not never_lower, first)
    require((last, best) != right or best == last, "best_epoch가 먼저입니다.")
    never = f"멈출 일이 없어 마지막 에폭 {right_last}까지 갑니다."
    require(right_last - right_best >= patience or last == right_last, never)
    if last in range(1, right_last):
        lowest = losses.index(min(losses[: int(last)])) + 1
        lower = f"에폭 {lowest}의 손실이 에폭 {best:g}의 손실보다 낮습니다. 조금이라도 낮으면 더 낮아진 것입니다."
        if (best, last) == _stop(losses[1:], patience):  # or it has counted from 1 and taken from 0
            lower = f"에폭 {lowest}의 손실이 에폭 {best:g}의 손실보다 낮습니다. "
            lower += "에폭 e의 손실은 losses[e - 1]이고, 조금이라도 낮으면 더 낮아진 것입니다."
        require(best not in range(1, lowest), lower)
        waited = f"가장 낮은 손실이 에폭 {lowest}에 나왔고, 에폭 {last:g}까지는 {last - lowest:g} 에폭이 지났습니다."
        raise Wrong(f"{waited} {patience} 에폭을 기다립니다. 더 낮은 손실이 나오면 처음부터 다시 셉니다.")
    if last > right_last:
        waited = f"에폭 {right_best} 뒤로 더 낮은 손실이 {patience} 에폭 동안 없어 에폭 {right_last}에서 멈춥니다."
        tie = " 손실이 같으면 더 낮아진 것이 아닙니다." * (losses[:right_last].count(min(losses[:right_last])) > 1)
        raise Wrong(f"{waited}{tie}")
    require(best <= right_last, "멈춘 뒤의 손실은 볼 수 없습니다.")
    require((best, last) == right, "멈출 때까지 가장 낮은 손실이 처음 나온 에폭을 보십시오.")


def _stop(losses: list[float], patience: int) -> tuple[int, int]:
    """Return the best epoch and the last one; it stops at the first t whose `patience` last losses are no lower."""
    ends = (t for t in range(patience + 1, len(losses)) if min(losses[:t]) == min(losses[: t - patience]))
    last = next(ends, len(losses))
    return losses.index(min(losses[:last])) + 1, last


def _always_lacks(answer: Answer, lacks: tuple[float, float]) -> bool:
    """Return whether both epochs are too small by this much in all cases that learners see."""
    with suppress(Wrong):
        return all(near(numbers(answer(*case)) + torch.tensor(lacks), torch.tensor(_stop(*case))) for case in STOPS)
    return False
