"""What the exercises of notebook B ask: a step's operations counted, a layer's z carried on with momentum."""

from functools import partial
from math import isclose

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.flop_counter import FlopCounterMode

from mlp_tutorial.exercises.checking import Advice, Answer, exercise
from mlp_tutorial.exercises.values import compare, listed, near, number, numbers, require, several
from mlp_tutorial.model import MLP

WIDTH_ERRORS: Advice = {
    "^IndexError: .*tuple index out of range": "번호는 0부터 셉니다. "
    "층의 수는 노드 수의 수보다 하나 적고, 층이 하나일 수도 있습니다.",
    "can't multiply sequence by non-int of type 'tuple'": "튜플끼리는 곱할 수 없습니다. "
    "수를 하나씩 꺼내 곱하거나 np.array로 바꾸십시오.",
    "(too many|not enough) values to unpack": "widths에 든 수가 몇 개든 되게 하십시오.",
}


@exercise(
    "B_flops",
    1,
    [[64, [1000, 100, 10]], [2, [5, 4, 3, 1]], [1, [3, 2]], [6, [2, 8, 5, 3]], [3, [4, 4, 4, 4, 4]]],
    forbidden=("FlopCounterMode", "profile", "mm_flop", "addmm_flop", "mlp_tutorial.speed.measure.flops"),
    instead="세어 주는 도구 없이 층마다 행렬 곱을 직접 세십시오.",
)
def flops(answer: Answer, batch_size: int, widths: list[int]) -> None:
    """The additions and multiplications of the matrix products of one step."""
    answer.asked = f"{batch_size:,d}행, 노드 수 {tuple(widths)}일 때 "
    found = number(answer(batch_size, tuple(widths), advice=WIDTH_ERRORS), "층마다 센 것을 모두 더하십시오.")
    with FlopCounterMode(display=False) as counter:
        MLP(widths)(torch.ones(batch_size, widths[0])).sum().backward()
    expected = counter.get_total_flops()
    each = [2 * batch_size * layer.weight.numel() for layer in MLP(widths).children()]  # one product's, by layer
    mistakes = {
        "순전파만 센 수입니다. 역전파의 행렬 곱도 세십시오.": sum(each),
        "곱셈만 센 수입니다. 곱할 때마다 덧셈도 한 번 합니다.": expected / 2,
        "한 행만 센 수입니다. 행 수를 곱하십시오.": expected / batch_size,
        "첫 층도 세 번 센 수입니다. 첫 층은 두 번입니다.": 3 * sum(each),
        "모든 층을 두 번씩 센 수입니다. 둘째 층부터는 세 번입니다.": 2 * sum(each),
        "마지막 층을 두 번, 나머지를 세 번 센 수입니다. 두 번인 것은 첫 층입니다.": 3 * sum(each) - each[-1],
        "역전파만 센 수입니다. 순전파의 행렬 곱도 세십시오.": expected - sum(each),
        "행 수를 64로 센 수입니다. batch_size를 쓰십시오.": expected / batch_size * 64,
    }
    if len({*each}) == len(each):  # else it may have been another layer
        mistakes["첫 층을 빼고 센 수입니다."] = expected - 2 * each[0]
        mistakes["마지막 층을 빼고 센 수입니다."] = expected - (3 if len(each) > 1 else 2) * each[-1]
    where = "층마다 2 × 행 수 × 앞 노드 수 × 뒤 노드 수이고, 첫 층은 두 번, 그 뒤의 층은 모두 세 번입니다."
    alike = partial(isclose, rel_tol=1e-9)  # as a share may have been taken of it
    compare("연산이", found, expected, mistakes, where, alike=alike, written=lambda count: f"{count:,.12g}번")


NAMES = ("z", "velocity")
GIVEN = ("z", "velocity", "K", "d_z")
Layer = tuple[list, list]  # weights (H, D_in) and biases (H,), or what is of their shapes

# x, the layer, the velocities of its parameters, d_z, the learning rate, the momentum
COLUMN = ([[1, 0], [1, 1]], ([[2, -1]], [0]), ([[1, 1]], [2]), [[1], [-2]], 0.1, 0.8)
SQUARE = (
    [[1, 2], [0, -1], [2, 1]],
    ([[1, 0], [-1, 2], [0, 1]], [1, 0, -2]),
    ([[0, 1], [2, -1], [1, 1]], [-1, 0.5, 2]),
    [[1, -2, 0.5], [0, 1, -1], [-1, 0, 2]],
    0.2,
    0.75,
)
ONE_ROW = ([[1, -2, 0]], ([[1, 1, 2], [0, -1, 1]], [0, 3]), ([[1, 0, -1], [2, 2, 0]], [0, -1]), [[2, -3]], 2, 0.9)
FIRST_STEP = ([[3, 1], [1, -2]], ([[1, 1]], [1]), ([[0, 0]], [0]), [[2], [1]], 0.5, 0.9)
NO_MOMENTUM = ([[2, 1], [0, -1]], ([[1, -1]], [2]), ([[1, 2]], [-1]), [[1], [3]], 0.3, 0)
MOMENTUM_OF_ONE = (
    [[1, 0], [-2, 1]],
    ([[1, 2], [0, 1]], [1, -1]),
    ([[2, 0], [1, -1]], [0, 1]),
    [[1, 0], [2, -1]],
    0.4,
    1,
)


@exercise("B_momentum", 2, [COLUMN, SQUARE, ONE_ROW, FIRST_STEP, NO_MOMENTUM, MOMENTUM_OF_ONE])
def carry_with_momentum(
    answer: Answer, x: list, layer: Layer, speed: Layer, d_z: list, learning_rate: float, momentum: float
) -> None:
    """A layer's z and its velocity after the step that torch.optim.SGD takes with the layer's own parameters."""
    x, d_z = (torch.tensor(part, dtype=torch.float64) for part in (x, d_z))
    parameters = [nn.Parameter(torch.tensor(part, dtype=torch.float64)) for part in layer]
    optimizer = torch.optim.SGD(parameters, lr=learning_rate, momentum=momentum or 1e-30)  # 0 would keep no velocity
    for parameter, velocity in zip(parameters, speed, strict=True):
        optimizer.state[parameter]["momentum_buffer"] = torch.tensor(velocity, dtype=torch.float64)

    def of_z() -> tuple[Tensor, Tensor]:
        """Return what the parameters, and what their velocities make of x."""
        velocities = [optimizer.state[parameter]["momentum_buffer"] for parameter in parameters]
        return F.linear(x, *parameters).detach(), F.linear(x, *velocities).clone()

    z, velocity = of_z()
    K = x @ x.T + 1
    given = [answer.tensor(part) for part in (z, velocity, K, d_z)]
    answer.asked = f"z {listed(z)}, velocity {listed(velocity)}, K {listed(K)}, d_z {listed(d_z)}, "
    answer.asked += f"learning_rate {learning_rate}, momentum {momentum}일 때 "
    returned = answer(*given, learning_rate, momentum, unchanged=GIVEN)
    parts = several(returned, NAMES, stacked=getattr(returned, "ndim", 0) == 3)
    found = [numbers(part, what=name) for name, part in zip(NAMES, parts, strict=True)]
    (F.linear(x, *parameters) * d_z).sum().backward()
    optimizer.step()
    expected = of_z()
    swapped = near(found[0], expected[1]) and near(found[1], expected[0]) and not near(found[0], expected[0])
    require(not swapped, "차례가 바뀌었습니다. z가 먼저, velocity가 다음입니다.")

    kept_on, gradient = momentum * velocity, K @ d_z
    mistakes = {
        "지난 속도에 momentum을 곱해 더했는지 보십시오.": gradient,
        "지난 속도에 momentum을 곱하지 않았습니다.": velocity + gradient,
        "d_z를 그대로 더했습니다. 7절의 K를 곱하십시오.": kept_on + d_z,
        "학습률은 z를 옮길 때에만 곱합니다.": kept_on + learning_rate * gradient,
        "학습률은 z를 옮길 때에만 곱합니다. 속도에는 기울기를 그대로 더하고, z에서 뺍니다.": kept_on
        - learning_rate * gradient,
        "기울기에 1 - momentum을 곱했습니다. 기울기는 그대로 더합니다.": kept_on + (1 - momentum) * gradient,
        "기울기에도 momentum을 곱했습니다. 지난 속도에만 곱하십시오.": momentum * (velocity + gradient),
        "기울기는 빼지 말고 더하십시오.": kept_on - gradient,
        "지난 속도 그대로입니다. 새 속도를 돌려주십시오.": velocity,
    }
    for fixed in (0.5, 0.8, 0.9, 0.95, 0.99):
        look = f"지난 속도에 {fixed}를 곱한 값입니다. momentum 대신 정해진 수를 썼는지 보십시오."
        mistakes[look] = fixed * velocity + gradient
    _compare("velocity", found[1], expected[1], mistakes, "momentum을 지난 속도에만 곱하고 K δ_z를 더하십시오.")
    new = expected[1]
    mistakes = {
        "학습률을 곱하지 않았습니다.": z - new,
        "더하지 말고 빼십시오.": z + learning_rate * new,
        "새 속도가 아니라 지난 속도로 옮겼습니다.": z - learning_rate * velocity,
        "속도가 아니라 기울기로 옮겼습니다.": z - learning_rate * gradient,
        "속도에 momentum을 한 번 더 곱했습니다.": z - learning_rate * momentum * new,
        "옮기지 않은 z입니다.": z,
    }
    _compare("z", found[0], expected[0], mistakes, "새 속도에 학습률을 곱해 빼십시오.")


def _compare(name: str, found: Tensor, expected: Tensor, mistakes: dict[str, Tensor], where: str) -> None:
    """Raise Wrong unless the numbers are the expected ones, with the mistake that explains them if there is one."""
    shape = f"{name}의 모양이 {tuple(expected.shape)}이어야 하는데 {tuple(found.shape)}입니다."
    require(found.shape == expected.shape, f"{shape} K와 δ_z는 행렬 곱(@)으로 곱합니다.")
    compare(f"{name}의 값이", found, expected, mistakes, where)
