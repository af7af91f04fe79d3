"""What the exercises of notebook 04 ask: standardising by the training data, the mini-batches of an epoch."""

import statistics
from itertools import pairwise

import torch
from torch import Tensor

from mlp_tutorial.exercises.checking import Answer, exercise
from mlp_tutorial.exercises.values import Wrong, compare, kind, listed, near, numbers, require, rows_of, several, shown


@exercise(
    "04_standardize",
    1,
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
    answer.asked = f"train이 {train}, other가 {other}일 때 "
    names, data = ("train", "other"), (train, other)
    parts = several(answer(*map(answer.tensor, data), unchanged=names), ("train_z", "other_z"))
    means = [statistics.mean(column) for column in zip(*train, strict=True)]
    deviations = [statistics.stdev(column) for column in zip(*train, strict=True)]

    def scaled(data: list) -> Tensor:
        rows = [[(value - m) / s for value, m, s in zip(row, means, deviations, strict=True)] for row in data]
        return torch.tensor(rows, dtype=torch.float64)

    wanted = scaled(train), scaled(other)
    found = [numbers(part, what=f"표준화한 {name}") for name, part in zip(names, parts, strict=True)]
    swapped = near(found[0], wanted[1]) and near(found[1], wanted[0])
    require(not swapped, "둘의 차례가 바뀌었습니다. train, other 차례로 돌려주십시오.")
    for name, part, z, right in zip(names, data, found, wanted, strict=True):
        shapes = f"표준화한 {name}의 모양이 {tuple(right.shape)}이어야 하는데 {tuple(z.shape)}입니다."
        where = "열마다의 평균과 표준편차는 (D,)입니다."
        if z.dim() != 2:
            where = "한 행이어도 2차원이어야 합니다."
        elif len(z) != len(right):
            where = "행의 수는 받은 것과 같아야 합니다."
        if near(found[0], torch.tensor(means)) and near(found[1], torch.tensor(deviations)):
            where = "평균과 표준편차가 아니라 표준화한 두 데이터를 돌려주십시오."
        require(z.shape == right.shape, f"{shapes} {where}")
        mistakes = _mistakes(name, *(torch.tensor(values, dtype=torch.float64) for values in (part, train, other)))
        where = "열마다(dim=0) train의 평균을 빼고 train의 표준편차로 나누었는지, 행의 순서가 그대로인지 보십시오."
        compare(f"표준화한 {name}의 값이", z, right, mistakes, where)


def _mistakes(name: str, data: Tensor, train: Tensor, other: Tensor) -> dict[str, Tensor | tuple[Tensor, ...]]:
    """Return what can go wrong with the standardised `data`, which is train or other → what comes out then."""
    mean, std, both = train.mean(dim=0), train.std(dim=0), torch.cat([train, other])
    over_n = "n으로 나눈 표준편차를 썼습니다. n−1로 나눈 것을 쓰십시오. NumPy의 std는 n으로 나눕니다."
    joint = "train과 other를 합친 평균과 표준편차를 썼습니다. 아직 몰라야 할 정보가 샙니다."
    found = {
        over_n: (data - mean) / train.std(dim=0, correction=0),
        "부호가 반대입니다. 데이터에서 평균을 빼십시오.": (mean - data) / std,
        "표준편차로 나누지 않았습니다.": data - mean,
        "평균을 빼지 않았습니다.": data / std,
        "표준편차가 아니라 분산으로 나누었습니다.": (data - mean) / std**2,
        "나누지 않고 곱했습니다.": (data - mean) * std,
        "평균만 나누었습니다. 먼저 뺀 다음 나누도록 괄호를 치십시오.": data - mean / std,
        joint: (data - both.mean(dim=0)) / both.std(dim=0),
        "열마다가 아니라 전체의 평균과 표준편차를 썼습니다.": (data - train.mean()) / train.std(),
        "전체의 표준편차로 나누었습니다. 열마다(dim=0) 구하십시오.": (data - mean) / train.std(),
        "전체의 평균을 뺐습니다. 열마다(dim=0) 구하십시오.": (data - train.mean()) / std,
    }
    if data.shape[1] > 1:
        by_rows = (data - data.mean(dim=1, keepdim=True)) / data.std(dim=1, keepdim=True)
        found["행마다의 평균과 표준편차를 썼습니다. 열마다(dim=0) 구하십시오."] = by_rows
    where = " 고치기 전의 train에서 평균과 표준편차를 구했는지 보십시오." if name == "other" else ""
    found[f"표준화하지 않은 값 그대로입니다.{where}"] = data
    if len(other) > 1:
        own_mean, own_std, own_over_n = other.mean(dim=0), other.std(dim=0), other.std(dim=0, correction=0)
        own = "other의 평균과 표준편차를 썼습니다. train의 것을 쓰십시오."
        found |= {
            own: ((data - own_mean) / own_std, (data - own_mean) / own_over_n),
            "other의 평균을 뺐습니다. train의 것을 빼십시오.": (data - own_mean) / std,
            "other의 표준편차로 나누었습니다. train의 것으로 나누십시오.": (data - mean) / own_std,
        }
    return found


@exercise(
    "04_minibatches",
    2,
    [
        [12, 4, 3, 2, 0],
        [10, 4, 2, 1, 1],
        [64, 20, 5, 3, 123],
        [5, 8, 2, 2, 3],
        [9, 1, 1, 1, 4],
        [1, 1, 2, 1, 5],
        [41, 8, 4, 4, 6],
    ],
    forbidden=("torch.random.manual_seed",),
    instead="시드를 새로 정하지 말고, 섞을 때 받은 generator를 넣으십시오.",
)
def minibatches(answer: Answer, n_rows: int, batch_size: int, D: int, K: int, seed: int) -> None:
    """An epoch's mini-batches of x (n_rows, D) and y (n_rows, K), in an order drawn from the given generator alone."""
    answer.asked = f"x가 ({n_rows}, {D}), y가 ({n_rows}, {K}), 배치 크기가 {batch_size}일 때 "
    numbered = torch.arange(n_rows, dtype=torch.float64).unsqueeze(1)  # each number tells its row
    x, y = numbered + torch.arange(D) / 16, 1000 + numbered + torch.arange(K) / 16

    def epoch(generator: torch.Generator, elsewhere: int) -> list[int]:
        torch.manual_seed(elsewhere)  # what is drawn from there comes out otherwise each time
        given = answer.tensor(x), answer.tensor(y), batch_size, generator
        return _order(answer(*given, copied=False, unchanged=("x", "y")), x, y, batch_size)

    generator = torch.Generator().manual_seed(seed)
    first, second = epoch(generator, 1), epoch(generator, 2)
    again = epoch(torch.Generator().manual_seed(seed), 3)
    if n_rows >= 10:  # by chance alone this comes less than once in a million times
        require(first != sorted(first), "행이 섞이지 않았습니다. 차례가 처음 그대로입니다.")
    blocks = _by_blocks(first, batch_size)
    told = "행이 덜 섞였습니다. 미니배치의 차례만 섞지 말고, 나누기 전에 모든 행을 섞으십시오."
    require(not blocks or (n_rows < 40 and first != second), told)  # of few rows chance may do it once, hardly twice
    neighbours = sum(abs(one - other) == 1 for one, other in pairwise(first))
    told = "행이 덜 섞였습니다. x에서 나란하던 행들이 나란히 나옵니다. 나누기 전에 모든 행을 섞으십시오."
    require(n_rows < 40 or neighbours <= n_rows // 4, told)
    told = "시드가 같은 생성기를 주었는데 행의 차례가 달라졌습니다. 난수를 받은 generator에서만 뽑는지 보십시오."
    require(first == again, told)
    told = "같은 generator로 두 번 불렀는데 행의 차례가 같습니다. 다음 에폭에는 새로 섞여야 합니다. "
    require(n_rows < 10 or first != second, f"{told}정말 섞었는지, 시드를 다시 정하지 않는지 보십시오.")


def _by_blocks(order: list[int], batch_size: int) -> bool:
    """Return whether each mini-batch, of two rows or more, holds rows that lay together, which chance hardly does."""
    batches = [order[start : start + batch_size] for start in range(0, len(order), batch_size)]
    together = all(max(rows) - min(rows) == len(rows) - 1 for rows in batches)
    return together and batch_size > 1 and len(batches) > 1 and order != sorted(order)


def _order(found: object, x: Tensor, y: Tensor, batch_size: int) -> list[int]:
    """Return the numbers of the rows in the order of the mini-batches; raise Wrong where these are not an epoch's."""
    wanted = f"미니배치의 목록(list)이어야 하는데 {kind(found)}입니다. 목록에 모아 돌려주십시오."
    require(isinstance(found, (list, tuple)), wanted)
    order, sizes = [], []
    for number, pair in enumerate(found, 1):
        told = f"{number}번째 미니배치"
        pairs = isinstance(pair, (list, tuple)) and len(pair) == 2
        if not pairs:
            raise Wrong(f"{told}는 짝 (x_batch, y_batch)이어야 하는데 {kind(pair)}입니다 (받은 값: {shown(pair)}).")
        parts = [numbers(part, what=f"{told}에서 {name}_batch") for part, name in zip(pair, "xy", strict=True)]
        turned = [rows_of(part, data) for part, data in zip(parts, (y, x), strict=True)]
        require(not all(turned), f"{told}에서 x_batch와 y_batch의 차례가 바뀌었습니다.")
        rows = []
        for part, data, name in zip(parts, (x, y), "xy", strict=True):
            width = data.shape[1]
            shapes = f"{told}에서 {name}_batch의 모양이 (행의 수, {width})이어야 하는데 {tuple(part.shape)}입니다."
            require(part.dim() == 2 and part.shape[1] == width, f"{shapes} 한 행이어도 2차원이어야 합니다.")
            rows.append(rows_of(part, data))
            if rows[-1] is None:
                raise Wrong(f"{told}에서 {name}_batch에 {name}의 행이 아닌 것이 있습니다: {listed(part)}")
        require(rows[0] == rows[1], f"{told}에서 x는 {rows[0]}행, y는 {rows[1]}행입니다. 같은 행끼리 짝지으십시오.")
        order += rows[0]
        sizes.append(len(rows[0]))
    n_rows, left = len(x), len(x) % batch_size
    twice = sorted({row for row in order if order.count(row) > 1})
    require(not twice, f"두 번 이상 나온 행이 있습니다: {twice[:10]}. 모든 행은 한 번씩만 나옵니다.")
    missing = sorted({*range(n_rows)} - {*order})
    where = f"마지막에 남은 {left}행도 미니배치 하나입니다." if left and len(missing) == left else ""
    require(not missing, f"나오지 않은 행이 {len(missing)}개 있습니다: {missing[:10]}. {where}".strip())
    expected, pieces = ([len(part) for part in ways] for ways in (x.split(batch_size), x.chunk(batch_size)))
    told = f"미니배치의 행의 수가 차례로 {expected}이어야 하는데 {sizes}입니다."
    where = " batch_size개의 조각으로 나누었습니다. batch_size행씩 자르십시오." * (sizes == pieces)
    where = where or " 미니배치의 차례만 섞지 말고, 나누기 전에 모든 행을 섞으십시오." * (
        sorted(sizes) == sorted(expected)
    )
    require(sizes == expected, f"{told}{where}")
    return order
