"""What the exercises of notebook 01 ask: a NAND perceptron, a forward pass, the widest hidden layer."""

from itertools import product

import torch
from torch import nn

from mlp_tutorial.exercises.checking import Answer, exercise
from mlp_tutorial.exercises.values import compare, listed, number, numbers, only, require, several, shown, whole_number


@exercise("01_nand", 1, [[2], [3], [4], [1], [12], [1000]])
def nand(answer: Answer, n: int) -> None:
    """A perceptron of n inputs answers 0 where all are 1, otherwise 1."""
    answer.asked = f"입력이 {n}개일 때 "
    w, b = several(answer(n), ("w", "b"))
    w = numbers(w, (n,), "w가 먼저이고, 입력마다 가중치가 하나씩 있습니다.", what="w")
    b = number(b, what="b")
    rows = list(product((0, 1), repeat=n)) if n < 20 else (1 - torch.eye(n + 1, n).int()).tolist()  # at most one 0
    sums = (torch.tensor(rows, dtype=torch.float64) @ w + b).tolist()
    is_and = [total > 0 for total in sums] == [min(row) == 1 for row in rows]
    require(not is_and, "NAND가 아니라 AND가 되었습니다. 답이 거꾸로이니 가중치와 편향의 부호를 보십시오.")
    signs = "가중치의 부호를 보십시오. 입력이 1로 바뀔 때 합이 줄어야 합니다."
    for row, total in zip(rows, sums, strict=True):
        given = row if n < 20 else f"{sum(row)}개가 1인 입력"
        told = f"{given}에서 합이 {total:g}이어서 {int(total > 0)}을 답합니다. NAND는 "
        if min(row) == 0:
            where = signs if (w > 0).all() else "편향 b가 너무 작지 않은지 보십시오."
            require(total > 0, f"{told}1입니다. 합이 0보다 커야 1을 답합니다. {where}")
        else:
            where = signs if (w > 0).all() else "편향 b가 너무 크거나 부호가 반대인 가중치가 없는지 보십시오."
            require(total <= 1e-6 * abs(b), f"{told}0입니다. {where}")  # 0.7 * n - 0.7 - … - 0.7 is not quite 0


NETWORK = ([[0.5, 0.2], [-0.3, 0.4], [0.1, -0.6]], [0.1, 0.0, 0.2], [[0.7, -0.5, 0.9]], [0.3])  # of 01's section 5
WIDE = ([[1, 1, 1], [-1, 0, 1]], [0, -2], [[1, 5], [2, 0]], [1, -7])
SQUARE = ([[1, 2], [0, -1]], [1, -2], [[1, -1], [2, 0.5]], [-4, 1])


@exercise(
    "01_forward",
    2,
    [
        [[[1, 2], [2, 1], [-4, 2], [0, 0]], *NETWORK],
        [[[1, 0, 2], [-3, 1, 0]], *WIDE],
        [[[1, 0, 2]], *WIDE],
        [[[1, -2], [3, 0]], *SQUARE],
    ],
    forbidden=("Linear", "linear"),
    instead="두 층의 곱셈과 덧셈을 직접 적으십시오.",
)
def forward(answer: Answer, *values: list) -> None:
    """The outputs (N, D_out) of two layers with a ReLU between them; `values` are x, W_1, b_1, W_2, b_2."""
    x, W_1, b_1, W_2, b_2 = (torch.tensor(part, dtype=torch.float64) for part in values)
    answer.asked = f"x가 {listed(x)}일 때 "
    y_pred = numbers(answer(*map(answer.tensor, values)))

    def outputs(b_1: torch.Tensor, b_2: torch.Tensor, *, hidden: bool = True, last: bool = False) -> torch.Tensor:
        h = nn.functional.linear(x, W_1, b_1)
        y = nn.functional.linear(h.relu() if hidden else h, W_2, b_2)
        return y.relu() if last else y

    expected = outputs(b_1, b_2)
    mistakes = {
        "음수여야 할 출력이 0입니다. 출력층 뒤에는 ReLU를 쓰지 않습니다.": outputs(b_1, b_2, last=True),
        "은닉층의 값과 같습니다. 둘째 층이 남았습니다.": nn.functional.linear(x, W_1, b_1).relu(),
        "편향까지 더한 합에 ReLU를 쓰지 않은 것과 같은 값입니다.": outputs(b_1, b_2, hidden=False),
        "첫 층의 편향 b_1을 더하지 않은 것과 같은 값입니다.": outputs(0 * b_1, b_2),
        "둘째 층의 편향 b_2를 더하지 않은 것과 같은 값입니다.": outputs(b_1, 0 * b_2),
        "편향 b_1과 b_2를 더하지 않은 것과 같은 값입니다.": outputs(0 * b_1, 0 * b_2),
    }
    if (b_1 < 0).any():  # otherwise the same as without any ReLU
        bias_alone = outputs(b_1.relu(), b_2, hidden=False)
        mistakes["ReLU를 편향 b_1에만 쓴 것과 같은 값입니다. 더한 합에 쓰십시오."] = bias_alone
    told = f"출력의 모양이 {tuple(expected.shape)}이어야 하는데 {tuple(y_pred.shape)}입니다."
    where = "입력의 행마다 출력이 한 행씩 있습니다." if y_pred.dim() == 2 else "2차원이어야 합니다."
    require(y_pred.shape == expected.shape, f"{told} {only(mistakes, y_pred) or where}")
    compare("출력이", y_pred, expected, mistakes, "두 층의 곱셈과 편향, ReLU의 자리를 차례로 보십시오.")


@exercise("01_widest", 3, [[2, 1, 13], [2, 1, 12], [10, 5, 16_005], [1, 1, 4], [3, 4, 19]])
def widest(answer: Answer, D_in: int, D_out: int, budget: int) -> None:
    """The largest H of a D_in-H-D_out network with at most `budget` parameters."""
    answer.asked = f"{D_in}-H-{D_out} 신경망에 예산이 {budget:,d}개일 때 "
    H = answer(D_in, D_out, budget)
    require(not isinstance(H, str), f"답은 정수여야 하는데 글자 {shown(H)}입니다. 따옴표를 빼십시오.")
    H = whole_number(H, "나눗셈 /를 썼다면 몫 //를 쓰거나 int()로 바꾸십시오.")
    require(H >= 1, f"H가 1 이상이어야 하는데 {H}입니다.")

    def count(H: int) -> int:
        layers = nn.Linear(D_in, H, device="meta"), nn.Linear(H, D_out, device="meta")  # shapes alone
        return sum(parameter.numel() for layer in layers for parameter in layer.parameters())

    over = f"답이 H = {H}인데, 그러면 매개변수가 {count(H):,d}개여서 예산을 넘습니다."
    look = "두 층의 가중치와 편향을 D_in, D_out으로 모두 세었는지 보십시오."
    if H > 1 and count(H - 1) <= budget:
        look += " 예산을 넘기 바로 전의 H인지, 올림이나 반올림을 하지 않았는지도 보십시오."
    require(count(H) <= budget, f"{over} {look}")
    under = f"답이 H = {H}인데, H = {H + 1}도 매개변수가 {count(H + 1):,d}개여서 예산에 맞습니다."
    equal = " 예산과 꼭 같아도 됩니다." if count(H + 1) == budget else ""
    look = "같은 것을 두 번 세지 않았는지, 되풀이가 일찍 끝나지 않는지 보십시오."
    require(count(H + 1) > budget, f"{under}{equal} {look}")
