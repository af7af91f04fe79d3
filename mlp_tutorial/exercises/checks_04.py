"""What the exercises of notebook 04 ask: a tensor without one of its rows, standardising by the training data."""

import statistics

import torch
from torch import Tensor

from mlp_tutorial.exercises.checking import Answer, exercise
from mlp_tutorial.exercises.values import listed, near, numbers, require, several


@exercise(
    "04_without_row",
    1,
    [
        *([[[1, -2, 3], [4, 5, 6], [-7, 8, 9], [10, 11, -12], [13, 14, 15]], k] for k in (2, 1, 5)),
        [[[1, 2, 3], [4, 5, 6], [7, 8, 9]], 2],
        [[[0.5], [2], [-1], [4]], 3],
        [[[1, 2], [3, 4]], 1],
        [[[1, 2], [0, 0], [1, 2], [3, 2], [0, 0], [1, 2]], 3],
        [[[1, -2, 3, 0, 5], [4, 5, -6, 7, 8]], 2],
    ],
)
def without_row(answer: Answer, x: list, k: int) -> None:
    """The rows of x (N, D) in their order, less the k-th, counted from 1."""
    n_rows, n_columns = len(x), len(x[0])
    asked = f"{n_rows}행 {n_columns}열의 x가 {x}이고 k = {k}일 때 "
    found = numbers(answer(answer.tensor(x), k, told=asked, advice=_joined), asked)
    expected = torch.tensor([row for place, row in enumerate(x, 1) if place != k], dtype=torch.float64)
    if near(found, expected):
        return
    told = f"{asked}{listed(expected)}이어야 하는데 {listed(found)}입니다."
    whole = torch.tensor(x, dtype=torch.float64)
    for place in range(1, n_rows + 1):
        others = [row for row in range(n_rows) if row != place - 1]
        if x[place - 1] == x[k - 1]:
            why = " 값이 같은 행이 여럿이어도 k번째를 뺍니다."
        elif n_rows == 2 * k or place not in (k + 1, n_rows - k + 1):
            why = ""  # nothing is sure
        else:
            why = " Python은 0부터 셉니다." if place == k + 1 else " k를 뒤에서 세지 않았는지 보십시오."
        require(not near(found, whole[others]), f"{told} {_nth(k)}가 아니라 {_nth(place)} 행을 뺐습니다.{why}")
        own = n_rows > 2 and found.numel() == n_columns and near(found.flatten(), whole[place - 1])
        require(not own, f"{told} 남은 것이 {_nth(place)} 행 하나입니다. k번째 행만 빼고 나머지를 모두 돌려주십시오.")
    for place in range(n_columns):
        others = [column for column in range(n_columns) if column != place]
        require(not near(found, whole[:, others]), f"{told} 행이 아니라 열을 뺐습니다. 어느 차원을 자르는지 보십시오.")
    require(not near(found, whole), f"{told} 뺀 행이 없습니다.")
    shapes = f"모양이 {tuple(expected.shape)}이어야 하는데 {tuple(found.shape)}입니다."
    require(found.dim() == 2 and found.shape[1] == n_columns, f"{told} {shapes}")
    others = [row for row in range(n_rows) if row != k - 1]
    changed = len(found) == n_rows and near(found[others], expected)
    require(not changed, f"{told} {_nth(k)} 행의 값을 바꾸었을 뿐 빼지 않았습니다.")
    equals = x.count(x[k - 1]) > 1 and len(found) < n_rows - 1 and x[k - 1] not in found.tolist()
    require(not equals, f"{told} 값이 같은 행까지 뺐습니다. k번째 하나만 뺍니다.")
    where = "잘라 이었다면 앞 조각의 끝과 뒤 조각의 시작을 보십시오."
    counts = f"행이 {n_rows - 1}개이어야 하는데 {len(found)}개입니다. {where}"
    require(len(found) == n_rows - 1, f"{told} {counts}")
    require(False, f"{told} 남은 행의 값과 순서가 x와 같은지 보십시오.")


def _nth(place: int) -> str:
    """Return the ordinal as it is said in Korean."""
    return "첫 번째" if place == 1 else f"{place}번째"


def _joined(error: Exception) -> str:
    """Say what to do where pieces can't be joined, or a row isn't there."""
    words = str(error)
    if "must be tuple of Tensors, not Tensor" in words:
        return "이을 것을 대괄호로 묶어 하나로 넘기십시오."
    if "except in dimension 1" in words:
        return "열로 이으려고 했습니다. 행으로 이으십시오(dim=0)."
    outside = "out of range" in words or "out of bounds" in words
    return "Python의 행 번호는 0부터 N - 1까지입니다." if outside else ""


@exercise(
    "04_standardize",
    2,
    [
        [[[1, 10], [3, 20], [5, 30]], [[7, 0], [3, 50], [-1, 20], [5, 20]]],
        [[[0], [2], [4], [2], [2]], [[-3], [1.5]]],
        [[[2, -1, 0], [4, 7, 3], [-3, 0, 9]], [[1, 2, 3]]],
        [[[-2, 5, 1], [6, 1, 4]], [[0, 3, -1], [2, 2, 8]]],
        [[[12, -40], [7, 25], [-9, 3], [30, 16]], [[5, -8], [21, 2], [-1, 60], [4, 4]]],
        [[[1, -6, 2, 30], [5, 3, 7, 10], [4, 0, -8, 20]], [[2, 2, 2, 2], [9, -1, 0, 5], [3, 8, 1, -7], [0, 4, 6, 1]]],
    ],
)
def standardize(answer: Answer, train: list, other: list) -> None:
    """Both, less the means of train's columns, divided by their sample standard deviations."""
    asked = f"train이 {train}, other가 {other}일 때 "
    parts = several(answer(answer.tensor(train), answer.tensor(other), told=asked), ("train_z", "other_z"), asked)
    means = [statistics.mean(column) for column in zip(*train, strict=True)]
    deviations = [statistics.stdev(column) for column in zip(*train, strict=True)]

    def scaled(data: list) -> Tensor:
        rows = [[(value - m) / s for value, m, s in zip(row, means, deviations, strict=True)] for row in data]
        return torch.tensor(rows, dtype=torch.float64)

    names, data, wanted = ("train", "other"), (train, other), (scaled(train), scaled(other))
    found = [numbers(part, asked, what=f"표준화한 {name}") for name, part in zip(names, parts, strict=True)]
    swapped = near(found[0], wanted[1]) and near(found[1], wanted[0])
    require(not swapped, f"{asked}둘의 차례가 바뀌었습니다. train, other 차례로 돌려주십시오.")
    for name, part, z, right in zip(names, data, found, wanted, strict=True):
        shapes = f"{asked}표준화한 {name}의 모양이 {tuple(right.shape)}이어야 하는데 {tuple(z.shape)}입니다."
        where = (
            "행의 수는 받은 것과 같아야 합니다." if len(z) != len(right) else "열마다의 평균과 표준편차는 (D,)입니다."
        )
        where = where if z.dim() == 2 else "한 행이어도 2차원이어야 합니다."
        require(z.shape == right.shape, f"{shapes} {where}")
        if not near(z, right):
            told = f"{asked}표준화한 {name}의 값이 {listed(right)}이어야 하는데 {listed(z)}입니다."
            mistakes = _mistakes(name, *(torch.tensor(values, dtype=torch.float64) for values in (part, train, other)))
            same = {words for words, wrong in mistakes if wrong.isfinite().all() and near(z, wrong)}
            where = "열마다(dim=0) train의 평균을 빼고 train의 표준편차로 나누었는지, 행의 순서가 그대로인지 보십시오."
            require(False, f"{told} {same.pop() if len(same) == 1 else where}")


def _mistakes(name: str, data: Tensor, train: Tensor, other: Tensor) -> list[tuple[str, Tensor]]:
    """Return what can go wrong with the standardised `data`, which is train or other, and what comes out then."""
    mean, std, both = train.mean(dim=0), train.std(dim=0), torch.cat([train, other])
    over_n = "n으로 나눈 표준편차를 썼습니다. n−1로 나눈 것을 쓰십시오. NumPy의 std는 n으로 나눕니다."
    joint = "train과 other를 합친 평균과 표준편차를 썼습니다. 아직 몰라야 할 정보가 샙니다."
    found = [
        (over_n, (data - mean) / train.std(dim=0, correction=0)),
        ("부호가 반대입니다. 데이터에서 평균을 빼십시오.", (mean - data) / std),
        ("표준편차로 나누지 않았습니다.", data - mean),
        ("평균을 빼지 않았습니다.", data / std),
        ("표준편차가 아니라 분산으로 나누었습니다.", (data - mean) / std**2),
        ("나누지 않고 곱했습니다.", (data - mean) * std),
        ("평균만 나누었습니다. 먼저 뺀 다음 나누도록 괄호를 치십시오.", data - mean / std),
        (joint, (data - both.mean(dim=0)) / both.std(dim=0)),
        ("열마다가 아니라 전체의 평균과 표준편차를 썼습니다.", (data - train.mean()) / train.std()),
        ("전체의 표준편차로 나누었습니다. 열마다(dim=0) 구하십시오.", (data - mean) / train.std()),
        ("전체의 평균을 뺐습니다. 열마다(dim=0) 구하십시오.", (data - train.mean()) / std),
    ]
    if data.shape[1] > 1:
        by_rows = (data - data.mean(dim=1, keepdim=True)) / data.std(dim=1, keepdim=True)
        found.append(("행마다의 평균과 표준편차를 썼습니다. 열마다(dim=0) 구하십시오.", by_rows))
    where = " 고치기 전의 train에서 평균과 표준편차를 구했는지 보십시오." if name == "other" else ""
    found.append((f"표준화하지 않은 값 그대로입니다.{where}", data))
    if len(other) > 1:
        own_mean, own_std = other.mean(dim=0), other.std(dim=0)
        own = "other의 평균과 표준편차를 썼습니다. train의 것을 쓰십시오."
        found += [
            (own, (data - own_mean) / own_std),
            (own, (data - own_mean) / other.std(dim=0, correction=0)),
            ("other의 평균을 뺐습니다. train의 것을 빼십시오.", (data - own_mean) / std),
            ("other의 표준편차로 나누었습니다. train의 것으로 나누십시오.", (data - mean) / own_std),
        ]
    return found
