"""What the exercises of notebook C ask: the mean of gradients of unequal parts, the rows of each process."""

from collections.abc import Iterator
from operator import eq

import numpy as np
import torch
from torch.utils.data import DistributedSampler

from mlp_tutorial.exercises.checking import Advice, Answer, exercise
from mlp_tutorial.exercises.values import Wrong, compare, kind, listed, near, numbers, only, require, shown

LIST_ERRORS: Advice = {
    "can't multiply sequence by non-int of type 'list'": "목록끼리는 곱할 수 없습니다. 하나씩 짝지어 곱하십시오.",
}


@exercise(
    "C_average",
    1,
    [
        [[[1, -2, 0], [5, 2, 8], [0, 3, 1]], [48, 16, 32]],
        [[[1, 0], [3, 2]], [32, 32]],
        [[[1, 4], [9, -2]], [1, 3]],
        [[[2], [4], [9]], [1, 2, 1]],
        [[[0.5, -3]], [7]],
        [[[[1, 2], [3, 4]], [[-1, 0], [2, 0.5]], [[0, 8], [-4, 1]], [[6, 6], [0, 2]]], [5, 1, 20, 6]],
    ],
)
def average(answer: Answer, gradients: list, n_rows: list) -> None:
    """The gradient of all rows' mean loss; each process gave that of its own rows."""
    answer.asked = f"기울기 {gradients}, 행의 수 {n_rows}: "
    parts = torch.tensor(gradients, dtype=torch.float64)
    expected = parts.repeat_interleave(torch.tensor(n_rows), dim=0).mean(dim=0)  # each row with its part's gradient
    given = [answer.tensor(gradient) for gradient in gradients]
    returned = answer(given, n_rows, advice=LIST_ERRORS)
    found = numbers(returned, expected.shape, "기울기 하나와 같은 모양이어야 합니다.")
    shares = torch.tensor(n_rows, dtype=torch.float64).reshape(-1, *[1] * (parts.dim() - 1))
    first = shares[:2] / shares[:2].sum()
    weighted = (shares * parts).sum(dim=0)
    mistakes = {
        "기울기를 더하기만 한 값과 같습니다. 무엇으로 나누었는지 보십시오.": parts.sum(dim=0),
        "행의 수를 곱해 더하기만 한 값입니다. 행의 수의 합으로 나누십시오.": weighted,
        "행의 수를 곱해 더한 것을 프로세스의 수로 나눈 값입니다. 행의 수의 합으로 나누십시오.": weighted / len(parts),
        "행의 수를 곱해 더한 것을 64로 나눈 값입니다. 행의 수의 합으로 나누십시오.": weighted / 64,
        "그냥 평균과 같은 값입니다. 행의 수로 가중하십시오.": parts.mean(dim=0),
        "앞의 둘만 평균을 낸 값입니다. 프로세스가 몇이든 되어야 합니다.": (first * parts[:2]).sum(dim=0),
        "부호가 반대입니다.": -expected,
    }
    look = only(mistakes, found) or "기울기마다 제 행의 수를 곱했는지, 행의 수의 합으로 나누었는지 보십시오."
    require(near(found, expected), f"답은 {listed(expected)}인데 {listed(found)}입니다. {look}")


@exercise(
    "C_rows",
    2,
    [[10, 2], [11, 2], [10, 4], [2, 5], [1, 3], [6, 3], [5, 5], [3, 1]],
    forbidden=("DistributedSampler",),
    instead="번호를 고르는 일을 직접 적으십시오.",
)
def rows_of_process(answer: Answer, n_rows: int, n_processes: int) -> None:
    """The rows of each rank, as DistributedSampler deals them out without shuffling."""
    for rank in range(n_processes):
        answer.asked = f"{n_rows}행, 프로세스 {n_processes}개, 랭크 {rank}: "
        found = _row_numbers(answer(n_rows, n_processes, rank, advice=LIST_ERRORS))
        expected = list(DistributedSampler(range(n_rows), n_processes, rank, shuffle=False))
        n_each, dealt = len(expected), list(range(rank, n_rows, n_processes))
        dropped = dealt[: n_rows // n_processes]
        mistakes = {
            "모자라면 0번 행부터 다시 쓰십시오.": dealt,
            "남은 행을 버리지 마십시오. 모자라면 0번 행부터 다시 씁니다.": dropped if dropped != dealt else None,
            "앞뒤로 나누지 말고 번갈아 맡으십시오.": list(range(rank * n_each, (rank + 1) * n_each)),
            "행의 번호와 랭크를 0부터 세었는지 보십시오.": [row + 1 for row in expected],
            "다시 쓰는 번호도 0, 1, 2, …의 차례로 번갈아 맡습니다.": [*dealt, 0][:n_each],
        }
        look = "번갈아 맡는지, 다시 쓰는 번호가 0부터인지 보십시오."
        if len(found) != n_each:
            look = f"모든 프로세스가 {n_each}행씩 맡아야 하는데 {len(found)}행입니다."
        elif sorted(found) == sorted(expected):
            mistakes, look = {}, "행은 맞지만 차례가 다릅니다. 맡는 차례대로 돌려주십시오."
        compare("", found, expected, mistakes, look, alike=eq, written=str)


def _row_numbers(value: object) -> list[int]:
    """Return a list (tuple, range, array or tensor) of integers as a list of int; or raise Wrong."""
    asked = f"행 번호가 하나씩 든 목록(list)을 돌려주어야 하는데 {kind(value)}입니다"
    require(not isinstance(value, (Iterator, set)), f"{asked}. 대괄호 [ ]나 list()로 목록을 만드십시오.")
    for one in value if isinstance(value, (list, tuple)) else ():
        other = f"목록에 든 것이 정수가 아니라 {kind(one)}입니다 (받은 값: {shown(value)})."
        require(not isinstance(one, (str, list, tuple, dict, type(None))), other)
    try:
        found = numbers(list(value) if isinstance(value, range) else value)
    except Wrong:
        raise Wrong(f"{asked} (받은 값: {shown(value)}).") from None
    require(found.dim() == 1, f"{asked} (받은 값: {shown(value)}).")
    whole = all(np.asarray(part).dtype.kind in "iu" for part in value)
    require(whole, f"행 번호는 정수여야 하는데 {shown(value)}입니다. 나눗셈 /를 썼다면 몫 //를 쓰십시오.")
    return [int(part) for part in found]
