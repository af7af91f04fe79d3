"""What the exercises of notebook D ask: Kaiming's first weights, one step of AdamW, both modes of batch normalisation.

The oracles are PyTorch's own: `torch.optim.AdamW` and `F.batch_norm`. Drawn weights are judged by their mean, variance
and independence, each within five standard errors or more of what right ones have.
"""

import math
from collections.abc import Callable, Sequence
from functools import partial
from itertools import combinations, pairwise, permutations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mlp_tutorial.exercises.checking import Advice, Answer, exercise
from mlp_tutorial.exercises.values import Wrong, compare, kind, numbers, only, require, several

ERRORS = 6  # standard errors that a right draw may be off


@exercise("D_kaiming", 1, [[[300, 200, 350]], [[150, 600]], [[200, 150, 150, 150]]])
def kaiming(answer: Answer, widths: Sequence[int]) -> None:
    """Independent weights of mean 0 and variance 2 / fan-in, one matrix (n_out, n_in) for each layer."""
    answer.asked = f"widths가 {widths}일 때 "
    drawn = answer([*widths])
    told = f"가중치를 층마다 하나씩 목록에 담아 돌려주어야 하는데 {kind(drawn)}입니다."
    require(isinstance(drawn, (list, tuple, nn.ParameterList)) or getattr(drawn, "ndim", 0) == 3, told)
    shapes = [(n_out, n_in) for n_in, n_out in pairwise(widths)]
    count = f"가중치가 {len(shapes)}개여야 하는데 {len(drawn)}개입니다."
    require(len(drawn) == len(shapes), f"{count} 층의 수는 widths의 수보다 하나 적습니다.")
    weights = [
        numbers(W, shape, "모양은 nn.Linear처럼 (출력, 입력)입니다.", what=f"{k}층의 가중치")
        for k, (W, shape) in enumerate(zip(drawn, shapes, strict=True), 1)
    ]
    for k, (W, (n_out, n_in)) in enumerate(zip(weights, shapes, strict=True), 1):
        _judge_copies(W, f"{k}층의 ")
        _judge_spread(W, n_in, n_out, f"{k}층 가중치의 ")
        _judge_rows(W, f"{k}층의 ")
    for one, other in combinations(weights, 2):
        n = min(one.numel(), other.numel())
        together = F.cosine_similarity(one.flatten()[:n], other.flatten()[:n], dim=0)
        told = "두 층의 가중치가 같은 수에서 나왔습니다. 되풀이할 때마다 같은 시드를 정하지 않았는지 보십시오."
        require(abs(together) <= ERRORS / n**0.5, told)


def _judge_spread(W: Tensor, n_in: int, n_out: int, told: str) -> None:
    """Raise Wrong unless the mean is 0 and the variance 2 / n_in, within what chance allows."""
    n, mean, found, expected = W.numel(), W.mean().item(), W.square().mean().item(), 2 / n_in
    require(math.isfinite(found), f"{told}값에 nan이나 무한대가 있습니다.")
    told_mean = f"{told}평균이 0이어야 하는데 {mean:.4g}입니다. 0을 중심으로 뽑았는지 보십시오."
    require(abs(mean) <= ERRORS * max(found, expected) ** 0.5 / n**0.5, told_mean)
    mistakes = {
        "분산이 아니라 표준편차가 2 / fan-in입니다. 제곱근을 곱해야 합니다.": expected**2,
        "fan-in 대신 출력의 수로 나눈 것입니다.": 2 / n_out,
        "2가 아니라 1을 나눈 것입니다. ReLU에서 절반이 되는 것을 생각하십시오.": 1 / n_in,
        "입력 수와 출력 수의 평균으로 나눈 Xavier 초기화입니다.": 4 / (n_in + n_out) / 2,
        "nn.Linear가 뽑은 그대로의 분산입니다. 분산이 2/fan-in이 되게 뽑으십시오.": 1 / (3 * n_in),
        "분산이 1입니다. 뽑은 수에 표준편차를 곱하십시오.": 1.0,
        "균등분포의 끝을 표준편차로 두었습니다. [-a, a]의 분산은 a²/3입니다.": expected / 3,
    }
    slack = ERRORS * (2 / n) ** 0.5  # of the variance of n right weights, as a share; a normal one has √(2 / n)

    def alike(one: float, other: float) -> bool:
        return abs(one / other - 1) <= slack

    if not alike(found, expected):
        look = only(mistakes, found, alike) or "곱한 수와 fan-in을 보십시오."
        raise Wrong(f"{told}분산이 2/{n_in} = {expected:.5f} 부근이어야 하는데 {found:.5f}입니다. {look}")


def _judge_copies(W: Tensor, told: str) -> None:
    """Raise Wrong where one row or column is another one, its negative or a multiple of it."""
    require(W.isfinite().all(), f"{told}가중치에 nan이나 무한대가 있습니다.")
    anew = "모두 새로 뽑으십시오."
    require(len(W.unique()) > 1, f"{told}가중치가 모두 같은 수입니다. {anew}")
    for rows, name, same in ((W, "행", "은닉 노드 가운데 가중치가 똑같은 것이"), (W.T, "열", "가중치에 똑같은 열이")):
        require(rows.any(dim=1).all(), f"{told}가중치가 모두 0인 {name}이 있습니다. {anew}")
        directions = F.normalize(rows, dim=1)
        cosines = (directions @ directions.T).triu(diagonal=1)
        one, other = divmod(cosines.abs().argmax().item(), len(rows))
        if abs(cosines[one, other]) < 0.999:  # independent ones of these sizes stay far below
            continue
        apart = f"{told}가중치가 서로 독립이 아닙니다"
        require(not torch.allclose(rows[one], rows[other]), f"{told}{same} 있습니다. {anew}")
        require(not torch.allclose(rows[one], -rows[other]), f"{apart}(부호만 바꾼 것이 있습니다). {anew}")
        raise Wrong(f"{apart}(어느 {name}이 다른 {name}의 몇 배입니다). {anew}")


def _judge_rows(W: Tensor, told: str) -> None:
    """Raise Wrong where rows or columns go together: the weights are not independent."""
    for dim, name in ((1, "행"), (0, "열")):
        means = W.mean(dim=dim)
        spread = means.square().mean() * W.shape[dim] / W.square().mean()  # near 1 for independent weights
        apart = f"{told}가중치가 {name}마다 한쪽으로 쏠려 있습니다. 서로 독립으로 뽑으십시오."
        require(abs(spread - 1) <= ERRORS * (2 / len(means)) ** 0.5, apart)


BETAS, EPS = (0.9, 0.999), 1e-8
PENALISED = "g에 벌점을 더한 값입니다. 그것은 Adam의 L2 벌점입니다. 감쇠는 m과 s에 넣지 말고 따로 하십시오."
NOTHING = [0.0, 0.0, 0.0]
OPTIMISERS = ("AdamW", "Adam", "Optimizer", "adam", "adamw", "_fused_adam_", "_fused_adamw_", "_single_tensor_adam")
SQUARE = [[1.0, 2.0], [3.0, -4.0]], [[0.1, -0.2], [0.3, 0.4]], [[0.2, 0.1], [-0.3, 0.5]], [[0.1, 0.1], [0.2, 0.1]]


ROOT_ERRORS: Advice = {
    "only one element tensors": "math.sqrt는 수 하나만 받습니다. 텐서에는 torch.sqrt를 쓰십시오.",
}


@exercise(
    "D_adamw",
    2,
    [
        [[4.0, -3.0], [1.0, 2.0], [0.5, -0.5], [0.3, 0.8], 3, 0.2, 0.1],
        [[1.0, -2.0, 0.5], [3.0, -0.02, 40.0], NOTHING, NOTHING, 1, 0.1, 0.0],  # Adam's first step
        [[1.0, -2.0, 0.5], [0.3, 0.2, -0.1], NOTHING, NOTHING, 1, 0.1, 0.5],
        [*SQUARE, 900, 0.5, 0.2],
        [[2.0, -1.0], [0.0, 1e-7], [0.0, 0.0], [0.0, 0.0], 1, 0.5, 0.3],  # epsilon shows
        [1.5, -0.7, 0.2, 0.6, 12, 0.3, 0.4],
    ],
    forbidden=OPTIMISERS,
    instead="식을 직접 적으십시오.",
)
def adamw(answer: Answer, *values: object) -> None:
    """The weights after one step of AdamW, and both averages to go on with."""
    *tensors, t, lr, decay = values
    w, g, m, s = (torch.tensor(part, dtype=torch.float64) for part in tensors)
    given = f"w={_short(w)}, g={_short(g)}, m={_short(m)}, s={_short(s)}"
    answer.asked = f"{given}, t={t}, lr={lr}, weight_decay={decay}일 때 "
    returned = answer(*map(answer.tensor, tensors), t, lr, decay, advice=ROOT_ERRORS)
    parts = zip(several(returned, ("w", "m", "s"), stacked=True), "wms", strict=True)
    found = [numbers(part, w.shape, what=name) for part, name in parts]
    expected, penalised = _stepped(w, g, m, s, t, lr, decay), g + decay * w
    _judge_order(found, [expected, BETAS[0] * m + (1 - BETAS[0]) * g, BETAS[1] * s + (1 - BETAS[1]) * g**2])
    later = "편향 보정을 한 값입니다. 다음 스텝이 이어받을 것은 나누기 전의 값입니다."
    for name, mine, old, new, beta in (("m", found[1], m, g, BETAS[0]), ("s", found[2], s, g**2, BETAS[1])):
        right = beta * old + (1 - beta) * new
        mistakes = {
            "고치지 않은 값입니다.": old,
            "지난 값만 있고 새 값이 없습니다.": beta * old,
            "지난 값과 새 값의 무게가 바뀌었습니다.": (1 - beta) * old + beta * new,
            "새 값에 1 - β를 곱하지 않았습니다.": beta * old + new,
            later: right / (1 - beta**t),
            "g를 제곱하지 않았습니다." if name == "s" else "g를 제곱했습니다.": beta * old
            + (1 - beta) * (g if name == "s" else g**2),
            "제곱근을 씌운 값입니다.": right.abs().sqrt(),
            "g의 평균을 섞었습니다. 원소마다 하십시오.": beta * old + (1 - beta) * new.mean(),
            "g를 모두 더해 섞었습니다. 원소마다 하십시오.": beta * old + (1 - beta) * new.sum(),
            PENALISED: beta * old + (1 - beta) * penalised ** (2 if name == "s" else 1),
        }
        _judge(name, mine, right, mistakes, "지난 값과 새 값에 곱한 무게를 보십시오.")
    _judge("w", found[0], expected, _mistakes(w, g, m, s, t, lr, decay), "식의 세 항을 하나씩 출력해 견주십시오.")


def _judge_order(found: list[Tensor], right: list[Tensor]) -> None:
    """Raise Wrong where all three values are right and stand in another order."""
    ways = [[_like(other)(one, other) for one, other in zip(way, right, strict=True)] for way in permutations(found)]
    require(all(ways[0]) or not any(map(all, ways)), "차례가 바뀌었습니다. w, m, s의 차례로 돌려주십시오.")


def _like(right: Tensor) -> Callable[[Tensor, Tensor], bool]:
    """Return what tells whether all numbers of two tensors are equal, also tiny ones, measured by the right ones."""
    return partial(torch.allclose, rtol=2e-5, atol=2e-5 * right.abs().max().item() + 1e-30, equal_nan=True)


def _judge(name: str, found: Tensor, right: Tensor, mistakes: dict[str, Tensor], look: str) -> None:
    """Raise Wrong unless all numbers are right."""
    compare(f"새 {name}의 값이", found, right, mistakes, look, alike=_like(right), written=_short)


def _stepped(w: Tensor, g: Tensor, m: Tensor, s: Tensor, t: int, lr: float, decay: float) -> Tensor:
    """Return what PyTorch's AdamW makes of w (any shape) in its step t."""
    parameter = w.clone().requires_grad_()
    parameter.grad = g.clone()
    optimizer = torch.optim.AdamW([parameter], lr=lr, betas=BETAS, eps=EPS, weight_decay=decay)
    before = {"step": torch.tensor(float(t - 1)), "exp_avg": m.clone(), "exp_avg_sq": s.clone()}
    optimizer.state[parameter] = before
    optimizer.step()
    return parameter.detach()


def _mistakes(w: Tensor, g: Tensor, m: Tensor, s: Tensor, t: int, lr: float, decay: float) -> dict[str, Tensor]:
    """Return what learners may do instead → the weights that it gives."""
    (one, two), shrunk = BETAS, w - lr * decay * w
    m_new, s_new = one * m + (1 - one) * g, two * s + (1 - two) * g**2
    m_hat, s_hat = m_new / (1 - one**t), s_new / (1 - two**t)
    move, penalised = m_hat / (s_hat.sqrt() + EPS), g + decay * w
    return {
        "감쇠가 없습니다. lr × weight_decay × w도 빼십시오.": w - lr * move,
        "감쇠에 학습률을 곱하지 않았습니다.": w - decay * w - lr * move,
        "감쇠의 부호가 반대입니다.": w + lr * decay * w - lr * move,
        "걸음의 부호가 반대입니다. 기울기의 반대쪽으로 움직입니다.": shrunk + lr * move,
        "편향 보정이 없습니다. m과 s를 1 - β의 t제곱으로 나누십시오.": shrunk - lr * m_new / (s_new.sqrt() + EPS),
        "s의 편향 보정이 없습니다.": shrunk - lr * m_hat / (s_new.sqrt() + EPS),
        "m의 편향 보정이 없습니다.": shrunk - lr * m_new / (s_hat.sqrt() + EPS),
        "제곱근을 씌우지 않았습니다.": shrunk - lr * m_hat / (s_hat + EPS),
        "ε을 제곱근 안에 더했습니다. 밖에 더하십시오.": shrunk - lr * m_hat / (s_hat + EPS).sqrt(),
        "분모에 ε이 더해지지 않았습니다. 분모를 괄호로 묶었는지 보십시오.": shrunk - lr * m_hat / s_hat.sqrt(),
        "ε이 1e-8이 아닙니다.": shrunk - lr * m_hat / (s_hat.sqrt() + 100 * EPS),
        "ε을 편향 보정 전에 더했습니다. 보정한 값의 제곱근에 더하십시오.": shrunk
        - lr * m_hat / ((s_new.sqrt() + EPS) / (1 - two**t) ** 0.5),
        "지난 m으로 움직였습니다. 먼저 m을 고치십시오.": shrunk - lr * (m / (1 - one**t)) / (s_hat.sqrt() + EPS),
        "m 대신 지금의 기울기로 움직였습니다.": shrunk - lr * g / (s_hat.sqrt() + EPS),
        "줄인 것이 움직인 뒤의 w입니다. 움직이기 전의 w를 줄이십시오.": (w - lr * move) * (1 - lr * decay),
        "벌점을 기울기에 더한 Adam입니다. 감쇠는 나눗셈 밖에서 합니다.": w
        - lr
        * ((one * m + (1 - one) * penalised) / (1 - one**t))
        / (((two * s + (1 - two) * penalised**2) / (1 - two**t)).sqrt() + EPS),
        "감쇠에 weight_decay를 두 번 곱했거나 lr을 두 번 곱했습니다.": w - lr * lr * decay * w - lr * move,
    }


def _short(values: Tensor) -> str:
    """Return numbers with five digits each, in nested lists."""
    if values.dim():
        return f"[{', '.join(_short(part) for part in values)}]"
    return f"{values.item():.5g}"


MOMENTUM, BATCH_EPS = 0.1, 1e-5
BATCH = [[1.0, 20.0], [2.0, 10.0], [3.0, 0.0], [6.0, -2.0]]
LAYERS = ("BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "_BatchNorm", "LazyBatchNorm1d", "SyncBatchNorm")
LAYERS += ("batch_norm", "native_batch_norm", "_native_batch_norm_legit", "instance_norm", "InstanceNorm1d")
LAYERS += ("layer_norm", "LayerNorm")


@exercise(
    "D_normalise",
    3,
    [
        [BATCH, [0.0, 0.0], [1.0, 1.0], True],
        [BATCH, [2.0, 5.0], [4.0, 60.0], False],
        [[[1.0], [4.0]], [-2.0], [3.0], True],
        [[[7.0, -1.0, 3.0]], [1.0, 2.0, 3.0], [4.0, 0.25, 9.0], False],  # one row
        [[[5.0, 0.001], [5.0, 0.003], [5.0, 0.008]], [1.0, 0.5], [2.0, 0.3], True],  # a constant column
        [[[1.0, 2.0, 4.0]] * 2 + [[0.0, 7.0, 1.0]], [1.0, 0.0, 2.0], [1e-5, 2.0, 3.0], False],
    ],
    forbidden=LAYERS,
    instead="평균과 분산으로 식을 직접 적으십시오.",
)
def normalise(answer: Answer, z: list, mean: list, var: list, training: bool) -> None:
    """What batch normalisation gives for z (N, D) in either mode, and its running mean and variance afterwards."""
    x, old_mean, old_var = (torch.tensor(part, dtype=torch.float64) for part in (z, mean, var))
    answer.asked = f"z={z}, 이동 평균 {mean}, 이동 분산 {var}, training={training}일 때 "
    names, shapes = ("y", "mean", "var"), (x.shape, old_mean.shape, old_mean.shape)
    parts = several(answer(*map(answer.tensor, (z, mean, var)), training), names)
    where = "y는 z와 모양이 같고, 평균과 분산은 열마다(dim=0) 하나씩입니다."
    found = [numbers(part, shape, where, what=name) for part, shape, name in zip(parts, shapes, names, strict=True)]
    new_mean, new_var = old_mean.clone(), old_var.clone()
    y = F.batch_norm(x, new_mean, new_var, training=training, momentum=MOMENTUM, eps=BATCH_EPS)
    turned = _alike(found[1], new_var) and _alike(found[2], new_mean)
    turned = turned and not (_alike(found[1], new_mean) and _alike(found[2], new_var))
    require(not turned, "차례가 바뀌었습니다. y, 이동 평균, 이동 분산의 차례로 돌려주십시오.")
    mistakes = (_mistakes_of_training if training else _mistakes_of_evaluation)(x, old_mean, old_var)
    whats, right = ("y의 값이", "새 이동 평균이", "새 이동 분산이"), (y, new_mean, new_var)
    for what, mine, expected, wrong in zip(whats, found, right, mistakes, strict=True):
        compare(what, mine, expected, wrong, "그 값을 구하는 식을 하나씩 출력해 견주십시오.", alike=_alike)


def _over(x: Tensor, mean: Tensor, var: Tensor) -> Tensor:
    """Return x normalised."""
    return (x - mean) / (var + BATCH_EPS).sqrt()


def _mistakes_of_training(x: Tensor, old_mean: Tensor, old_var: Tensor) -> list[dict[str, Tensor]]:
    """Return for y, mean and var what learners may do instead → what it gives."""
    mean, biased, unbiased = x.mean(dim=0), x.var(dim=0, correction=0), x.var(dim=0)
    new_mean, new_var = 0.9 * old_mean + 0.1 * mean, 0.9 * old_var + 0.1 * unbiased
    late = "고친 이동 평균과 이동 분산을 썼습니다. 학습 방식에서는 배치의 것을 씁니다."
    by_row = x.mean(dim=1, keepdim=True), x.var(dim=1, correction=0, keepdim=True)
    wrong_y = {
        "행마다(dim=1) 표준화했습니다. 열마다(dim=0) 하십시오.": _over(x, *by_row),
        "n - 1로 나눈 분산을 썼습니다. y에는 n으로 나눈 분산을 씁니다.": _over(x, mean, unbiased),
        "평가 방식의 값입니다. 학습 방식에서는 배치의 평균과 분산을 씁니다.": _over(x, old_mean, old_var),
        late: _over(x, new_mean, new_var),
        "제곱근을 씌우지 않았습니다.": (x - mean) / (biased + BATCH_EPS),
        "ε을 제곱근 밖에 더했습니다. 안에 더하십시오.": (x - mean) / (biased.sqrt() + BATCH_EPS),
        "ε을 더하지 않았습니다.": (x - mean) / biased.sqrt(),
        "평균을 빼지 않았습니다.": _over(x, torch.zeros_like(mean), biased),
        "모든 수를 한데 모아 표준화했습니다. 열마다 따로 하십시오.": _over(x, x.mean(), x.var(correction=0)),
    }
    wrong_mean = {
        "0.9와 0.1이 바뀌었습니다.": 0.1 * old_mean + 0.9 * mean,
        "받은 이동 평균 그대로입니다. 학습 방식에서는 고칩니다.": old_mean,
        "배치의 평균입니다. 지난 값과 섞으십시오.": mean,
    }
    wrong_var = {
        "n으로 나눈 분산을 섞었습니다. 이동 분산에는 n - 1로 나눈 것을 섞습니다.": 0.9 * old_var + 0.1 * biased,
        "0.9와 0.1이 바뀌었습니다.": 0.1 * old_var + 0.9 * unbiased,
        "받은 이동 분산 그대로입니다. 학습 방식에서는 고칩니다.": old_var,
        "배치의 분산입니다. 지난 값과 섞으십시오.": unbiased,
        "분산 대신 표준편차를 섞었습니다.": 0.9 * old_var + 0.1 * unbiased.sqrt(),
    }
    return [wrong_y, wrong_mean, wrong_var]


def _mistakes_of_evaluation(x: Tensor, old_mean: Tensor, old_var: Tensor) -> list[dict[str, Tensor]]:
    """Return for y, mean and var what learners may do instead → what it gives."""
    mean, biased = x.mean(dim=0), x.var(dim=0, correction=0)
    kept = "평가 방식에서는 받은 것을 그대로 돌려줍니다."
    wrong_y = {
        "학습 방식의 값입니다. 평가 방식에서는 이동 평균과 이동 분산을 씁니다.": _over(x, mean, biased),
        "제곱근을 씌우지 않았습니다.": (x - old_mean) / (old_var + BATCH_EPS),
        "ε을 제곱근 밖에 더했습니다. 안에 더하십시오.": (x - old_mean) / (old_var.sqrt() + BATCH_EPS),
        "ε을 더하지 않았습니다.": (x - old_mean) / old_var.sqrt(),
    }
    return [wrong_y, {kept: 0.9 * old_mean + 0.1 * mean}, {kept: _mixed(old_var, x)}]


def _mixed(old_var: Tensor, x: Tensor) -> Tensor:
    """Return the running variance as if in training mode, NaN where one row has none."""
    return 0.9 * old_var + 0.1 * x.var(dim=0) if len(x) > 1 else torch.full_like(old_var, torch.nan)


def _alike(found: Tensor, expected: Tensor) -> bool:
    """Return whether each column is right by its own size, up to what float32 leaves after a mean was taken off."""

    def near(one: Tensor, other: Tensor) -> bool:
        size = other.nan_to_num().abs().max().item()
        return torch.allclose(one, other, rtol=0.0, atol=1e-4 * size + 1e-6, equal_nan=True)

    columns = (part.reshape(-1, part.shape[-1]).T for part in (found, expected))
    return all(near(one, other) for one, other in zip(*columns, strict=True))
