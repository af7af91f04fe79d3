"""What the exercises of notebook 05 ask: steps of an epoch, a choice and its margin, the largest safe learning rate."""

import math

import torch

from mlp_tutorial.exercises.checking import Answer, exercise
from mlp_tutorial.exercises.values import Wrong, listed, near, number, require, several, shown, truth, whole_number


@exercise(
    "05_steps",
    1,
    [[14, 4], [10, 4], [640, 64], [3, 8], [9, 4], [11, 4], [65, 64], [1_000_001, 1_000_000], [8, 8], [7, 1], [1, 1]],
)
def steps_per_epoch(answer: Answer, n_rows: int, batch_size: int) -> None:
    """How many mini-batches the rows make, the last of them perhaps a smaller one."""
    answer.asked = f"행이 {n_rows:,d}개, 배치 크기가 {batch_size:,d}일 때 "
    steps = answer(n_rows, batch_size)
    require(not isinstance(steps, str), f"답은 정수여야 하는데 글자 {shown(steps)}입니다. 수만 돌려주십시오.")
    steps = whole_number(steps, "스텝의 수를 정수(int)로 돌려주십시오.")
    batches = torch.arange(n_rows).split(batch_size)
    expected, left = len(batches), len(batches[-1])
    told = f"한 에폭이 {expected} 스텝이어야 하는데 {steps}입니다."
    where = "배치 크기만큼씩 덜어 내며 몇 번에 다 쓰는지 손으로 세어 견주십시오."
    if left < batch_size and steps == expected - 1:
        where = f"마지막에 남은 {left}행도 한 스텝을 씁니다."
    elif left < batch_size and steps == expected - 1 + left:
        where = f"마지막에 남은 {left}행은 미니배치 하나입니다."
    elif left == batch_size and steps == expected + 1:
        where = "나누어떨어지면 남는 행이 없습니다. 스텝을 더하지 마십시오."
    require(steps == expected, f"{told} {where}")


INF = math.inf


@exercise(
    "05_compare",
    2,
    [
        [[0.1, 0.05, 0.2], [[0.20, 0.24, 0.18], [0.16, 0.20, 0.22], [0.18, 0.22, 0.19], [0.18, 0.22, 0.21]]],
        # Data of which some are harder for all: what is clear in pairs is not so in two separate means. The finite
        # losses alone would choose the rate that diverges.
        [[1.0, 0.3, 0.1], [[INF, 0.50, 0.46], [0.3, 0.70, 0.69], [INF, 0.40, 0.35], [0.2, 0.60, 0.55]]],
        # The other way round.
        [[0.01, 0.3], [[0.13, 0.12], [0.07, 0.18], [0.13, 0.12], [0.07, 0.18], [0.13, 0.12], [0.07, 0.18]]],
        # Clear, but neither with the standard deviation alone nor with n - 1 under the root, nor against the third.
        [
            [0.2, 0.02, 0.5],
            [
                [0.25, 0.1, 0.25],
                [0.36, 1.4, 0.30],
                [0.66, 0.1, 0.60],
                [0.15, 0.1, 0.15],
                [0.305, 1.3, 0.24],
                [0.195, 0.1, 0.20],
            ],
        ],
        # Exactly two standard errors, which is not more.
        [[0.1, 0.4], [[0.5, 0.4375], [0.5625, 0.5], [0.75, 0.6875], [0.625, 0.3125]]],
        # One datum has diverged at the rate whose other losses are smallest by far.
        [[0.1, 1.0, 0.01], [[50.0, 1.0, 60.0], [52.0, math.inf, 61.0], [51.0, 1.0, 63.0], [55.0, 2.0, 64.0]]],
        # As many data as rates; the smallest loss of all and the smallest median belong to others.
        [[0.003, 0.3, 0.03], [[0.10, 0.30, 0.29], [0.45, 0.30, 0.29], [0.45, 0.30, 0.50]]],
    ],
)
def compare(answer: Answer, rates: list[float], losses: list[list[float]]) -> None:
    """The rate of the smallest mean loss, and whether the next one's paired difference exceeds two standard errors."""
    losses = [[float(loss) for loss in row] for row in losses]  # of "inf", too, as answers/05.toml has it
    answer.asked = f"rates가 {rates}이고 losses가 {losses}일 때 "
    best, clear = several(answer(rates, answer.tensor(losses)), ("best", "clear"))
    is_truth = "bool" in str(getattr(best, "dtype", type(best)))
    require(not is_truth, f"best는 학습률이어야 하는데 {shown(best)}입니다. best가 먼저입니다.")
    best, clear = number(best, what="best"), truth(clear, what="clear")

    means = [math.fsum(column) / len(losses) for column in zip(*losses, strict=True)]
    first, second, *_ = sorted(range(len(rates)), key=means.__getitem__)
    told = f"best가 {rates[first]}이어야 하는데 {float(f'{best:.6g}')}입니다. "
    told += f"평균은 차례로 {listed(torch.tensor(means))}입니다."
    look = "열(학습률)마다 평균해 가장 작은 것을 고르고, 그 열의 학습률을 rates에서 꺼내십시오."
    if not any(near(best, rate) for rate in rates):
        look = "손실이나 번호가 아니라 rates 가운데 하나를 돌려주십시오. best가 먼저입니다."
    require(near(best, rates[first]), f"{told} {look}")

    differences = torch.tensor([row[second] - row[first] for row in losses], dtype=torch.float64)
    mean, error = differences.mean().item(), (differences.var() / len(losses)).sqrt().item()
    expected = mean > 2 * error
    told = f"clear가 {expected}이어야 하는데 {clear}입니다. 둘째로 작은 것은 학습률 {rates[second]}이고, "
    told += f"데이터마다의 차이 {listed(differences)}의 평균은 {mean:.4g}, 표준오차는 {error:.4g}입니다."
    look = "둘째에서 가장 나은 것을 같은 데이터끼리 뺐는지, 표준편차를 (n - 1로 나누어) 구해 √n으로 나누었는지, "
    require(clear == expected, f"{told} {look}두 배를 ‘넘는’지 보십시오.")


@exercise(
    "05_halving",
    3,
    [
        [3.0, 0.1, 1.0, 1],
        [2.1, 0.5, 1.0, 2],
        [0.7, 1.0, 9.0, 4],
        [40.0, 0.0, 3.0, 5],
        [3.0, 0.6, 3.8, 20],
        [3.0, 0.1, 1.0, 30],
    ],
)
def largest_safe(answer: Answer, a: float, low: float, high: float, n_halvings: int) -> None:
    """The safe end of [low, high] after halvings about the boundary 2 / a, beyond which a x² / 2 diverges."""
    boundary, calls, start = 2 / a, [], high

    def diverges(learning_rate: float) -> bool:
        calls.append(float(learning_rate))
        require(len(calls) <= 1000, "diverges를 1,000번 넘게 불렀습니다. 조금씩 옮기지 말고 반씩 좁히십시오.")
        return calls[-1] > boundary

    answer.asked = f"경계가 {boundary:.6f}, low가 {low}, high가 {high}, n_halvings가 {n_halvings}일 때 "
    found = number(answer(diverges, low, high, n_halvings))
    width = (high - low) / 2**n_halvings
    expected = low + width * math.floor((boundary - low) / width)
    again = "되풀이를 꼭 n_halvings번 하는지(range의 처음과 끝), 괄호 안에 학습률을 넣는지 보십시오."
    require(calls, f"diverges를 한 번도 부르지 않았습니다. {again}")
    if near(found, expected):
        told = f"답은 가깝지만 diverges를 {len(calls)}번 불렀습니다. 꼭 {n_halvings}번 반으로 줄이십시오."
        require(len(calls) >= n_halvings, f"{told} 되풀이가 일찍 끝나지 않는지 보십시오.")
        told = f"답은 맞지만 diverges를 {len(calls)}번 불렀습니다. {n_halvings}번이면 됩니다."
        where = "답을 변수에 담아 두 번 묻지 마십시오."
        if len(set(calls)) == len(calls):
            where = "학습률을 촘촘히 모두 시험하지 말고, 구간의 가운데만 물어 반씩 줄이십시오."
        require(len(calls) <= 4 * n_halvings + 2, f"{told} {where}")
        return
    answer.asked += f"답이 {expected:.6f}이어야 하는데 {found:.6f}입니다. "
    tried = [value for value in dict.fromkeys(calls) if low < value < high]
    told = f"low와 high 사이의 값을 시험하지 않았습니다. 시험한 값은 {listed(torch.tensor(calls[:3]))}입니다."
    require(tried, told)
    for count, value in enumerate(tried[:n_halvings], 1):
        middle = (low + high) / 2
        told = f"{'첫 ' if count == 1 else count}번째로 시험한 값이 {value:.6f}인데, "
        told += f"그때의 구간은 {low:.6f}에서 {high:.6f}까지입니다."
        require(near(value, middle), f"{told} 그 가운데 값은 {middle:.6f}입니다.")
        low, high = (low, middle) if middle > boundary else (middle, high)
    told = f"가운데 값 {len(tried)}개를 시험했습니다."
    require(len(tried) <= n_halvings, f"{told} 구간의 길이를 보지 말고, 꼭 {n_halvings}번만 반으로 줄이십시오.")
    told += f" 되풀이할 때마다 새로 구해 {n_halvings}개를 시험하십시오."
    where = "두 끝 가운데 하나를 늘 옮기는지, 둘 다 옮기지는 않는지(else), "
    where += "되풀이가 일찍 끝나지 않는지(return의 들여쓰기, break) 보십시오."
    require(len(tried) == n_halvings, f"{told} {where}")
    moved = "처음의 high입니다. low를 가운데 값으로 옮기는지, 발산하지 않는 쪽 끝을 돌려주는지 보십시오."
    require(found != start or start <= boundary, f"그 값에서는 발산합니다. {moved}")
    require(found <= boundary, "그 값에서는 발산합니다. 발산하지 않는 쪽 끝을 돌려주십시오.")
    told = f"마지막 구간은 {low:.6f}에서 {high:.6f}까지여야 합니다. 발산하지 않으면 low를, 발산하면 high를 옮기는지, "
    raise Wrong(f"{told}끝난 뒤의 low를 그대로 돌려주는지 보십시오.")
