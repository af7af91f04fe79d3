"""What the exercises of notebook E ask: parts without a leak, a trained network, a choice that leaves the test alone.

None of them can be told by its numbers, as readers draw and train as they like: the judges look at what must hold of
any right answer. Which row is which is found from the values, and a stand-in for training notes what it is shown.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.modules.module import register_module_forward_hook, register_module_forward_pre_hook
from torch.optim.optimizer import register_optimizer_step_post_hook

from mlp_tutorial.exercises.checking import Advice, Answer, exercise, quoted
from mlp_tutorial.exercises.values import (
    Wrong,
    compare,
    kind,
    near,
    number,
    numbers,
    only,
    require,
    rows_of,
    several,
    shown,
    whole_number,
)
from mlp_tutorial.terminal.korean import particle, topic

torch.optim.SGD([torch.zeros(1)])  # as in checks_07

Data = tuple[Tensor, Tensor]
PARTS = ("train", "validation", "test")
KOREAN = dict(zip(PARTS, ("학습", "검증", "시험"), strict=True))


def _normal(seed: int, *shape: int) -> Tensor:
    """Return float64 numbers from N(0, 1)."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@dataclass(frozen=True)
class Part:
    """A part as an answer returned it, with the rows of the raw table that it holds."""

    name: str
    z: Tensor  # (m, D + 1): x and, last, y
    rows: list[int]
    scale: Tensor  # (D + 1,): z = scale * raw + shift
    shift: Tensor


@exercise("E_prepare", 1, [[320, 3, 0, 11], [43, 1, 123, 12], [303, 2, 7, 13]])
def prepare(answer: Answer, n: int, d: int, seed: int, drawn: int) -> None:
    """Whether three parts share the rows out, and all are scaled by what was found in the first."""
    x, y = _raw(n, d, drawn)
    raw = torch.cat([x, y], dim=1)
    answer.asked = f"x가 ({n}, {d}), y가 ({n}, 1), seed가 {seed}일 때 "

    def drawn_from(seed: int, elsewhere: int) -> list[Part]:
        torch.manual_seed(elsewhere)  # what doesn't come from the seed comes out otherwise each time
        return _parts(answer, x, y, seed)

    parts = drawn_from(seed, 1)
    held = {part.name: part.rows for part in parts}
    _shares_out(held, n)
    _scaled(parts, raw)
    blocks = all(max(rows) - min(rows) == len(rows) - 1 for rows in held.values())
    require(not blocks, "행이 처음 차례 그대로 잘렸습니다. 행을 섞은 다음에 나누십시오.")
    again, *others = (drawn_from(other, at) for at, other in enumerate((seed, seed + 1, seed + 2), 2))
    sets = [{part.name: frozenset(part.rows) for part in one} for one in (parts, again, *others)]
    unused = "같은 seed로 두 번 불렀더니 나눈 것이 서로 다릅니다. 섞을 때 받은 seed를 쓰지 않습니다."
    require(sets[0] == sets[1], unused)
    for k, other in enumerate(sets[2:], 1):
        fixed = [name for name in PARTS if other[name] == sets[0][name]]
        told = _with_seed(seed, seed + k)
        require(len(fixed) < len(PARTS), f"{told}똑같이 나뉩니다. 섞을 때 받은 seed를 쓰십시오.")
        require(not fixed, f"{told}{', '.join(fixed)}의 행이 늘 같습니다. 나눌 때마다 받은 seed를 쓰십시오.")
    own = torch.get_default_dtype()  # the notebook's
    found = replace(answer, dtype=own)(x.to(own), y.to(own), seed)
    for name, pair in zip(PARTS, found, strict=True):
        for what, part in zip("xy", pair, strict=True):
            dtype = part.dtype if isinstance(part, Tensor) else kind(part)
            where = f"받은 것처럼 {own}인 텐서로 돌려주십시오. float()나 torch.FloatTensor로 바꾸지 마십시오."
            require(dtype == own, f"{name}의 {what}의 자료형이 {dtype}입니다. {where}")


def _with_seed(seed: int, other: int) -> str:
    """Say that a change from one seed to the other makes no difference; what does not is to follow."""
    return f"seed를 {seed}에서 {other}{'으로' if str(other)[-1] in '036' else '로'} 바꾸어도 "


def _raw(n: int, d: int, drawn: int) -> Data:
    """Return x (n, d) and y (n, 1) in units of their own, with a few rows far from the others."""
    size = 1 + torch.arange(d + 1, dtype=torch.float64) % 3 * 4
    z = _normal(drawn, n, d + 1)
    z[:: n // 4] *= 4  # so that the means of all rows are not those of some
    raw = 20 + 10 * torch.arange(d + 1, dtype=torch.float64) + size * z
    raw[raw[:, 0].argsort(), 0] += 1e-3 * torch.arange(n, dtype=torch.float64)  # rows that float32 tells apart
    return raw[:, :d], raw[:, d:]


def _parts(answer: Answer, x: Tensor, y: Tensor, seed: int) -> list[Part]:
    """Return what the answer made of x and y, each part with its rows."""
    found = several(answer(answer.tensor(x), answer.tensor(y), seed, unchanged=("x", "y")), PARTS)
    parts, raw = [], torch.cat([x, y], dim=1)
    for name, pair in zip(PARTS, found, strict=True):
        whole = isinstance(pair, (tuple, list)) and len(pair) == 2
        if not whole:
            raise Wrong(f"{topic(name)} (x, y) 묶음이어야 하는데 {kind(pair)}입니다 (받은 값: {shown(pair)}).")
        own_x, own_y = (numbers(part, what=f"{name}의 {what}") for part, what in zip(pair, "xy", strict=True))
        wide = own_x.dim() == 2 and own_x.shape[1] == x.shape[1]
        require(wide, f"{name}의 x의 모양이 (행의 수, {x.shape[1]})이어야 하는데 {tuple(own_x.shape)}입니다.")
        numbers(own_y, (len(own_x), 1), "y는 2차원 그대로 두고 행만 고르십시오.", what=f"{name}의 y")
        z = torch.cat([own_x, own_y], dim=1)
        require(z.isfinite().all(), f"{name}의 값에 NaN이나 무한대가 있습니다. 0으로 나누지 않았는지 보십시오.")
        percent = 60 if name == "train" else 20
        fair = abs(len(z) - percent / 100 * len(x)) <= 2
        turned = name == "train" and any(abs(_rows_in(other) - 0.6 * len(x)) <= 2 for other in found)
        where = " 세 조각의 차례가 바뀌었는지 보십시오." * turned
        require(fair, f"{topic(name)} {len(x)}행의 {percent}%쯤이어야 하는데 {len(z)}행입니다.{where}")
        parts.append(_recognised(name, z, raw))
    return parts


def _rows_in(pair: object) -> int:
    """Return the rows of x in what may be a part, 0 where it is none."""
    try:
        return len(pair[0])
    except (TypeError, IndexError, KeyError):
        return 0


def _recognised(name: str, z: Tensor, raw: Tensor) -> Part:
    """Return the part with its rows: the only ones of which its first column is a multiple, moved."""
    column, known = z[:, 0], raw[:, 0]
    low, high = column.argmin(), column.argmax()
    require(column[low] < column[high], f"{name}의 x의 첫 열이 모두 같은 값입니다.")
    nearly, ordered = 1e-4 * known.std(), known.sort()

    def off(values: Tensor) -> tuple[Tensor, Tensor]:  # by how much, and from which row
        after = torch.searchsorted(ordered.values, values).clamp(1, len(known) - 1)
        at = torch.where(values - ordered.values[after - 1] < ordered.values[after] - values, after - 1, after)
        return (values - ordered.values[at]).abs(), ordered.indices[at]

    width = known.unsqueeze(0) - known.unsqueeze(1)  # (n, n): of the rows that its smallest and largest may be
    pairs = (width > 0.1 * known.std()).nonzero()  # (pairs, 2)
    scale = (column[high] - column[low]) / width[pairs[:, 0], pairs[:, 1]]
    shift = column[low] - scale * known[pairs[:, 0]]
    for value in column[:: max(1, len(column) // 12)]:  # some values leave few pairs
        kept = off((value - shift) / scale)[0] < nearly
        scale, shift = scale[kept], shift[kept]
    distance, nearest = off((column - shift.unsqueeze(1)) / scale.unsqueeze(1))  # (pairs, m)
    worst = distance.amax(dim=1)
    where = "열마다 수 하나를 빼고 수 하나로 나누었는지(dim=0), 모든 행을 똑같이 다루었는지 보십시오."
    found = len(worst) and worst.min() < nearly
    require(found, f"{name}의 x의 첫 열은 받은 x의 행들을 옮기고 나눈 것이 아닙니다. {where}")
    rows = nearest[worst.argmin()].tolist()
    require(len(set(rows)) == len(rows), f"{name}에 같은 행이 두 번 들어 있습니다. 한 행은 한 번만 씁니다.")
    fits = []
    for k in range(raw.shape[1]):
        design = torch.stack([raw[rows, k], torch.ones(len(rows), dtype=torch.float64)], dim=1)
        fit = torch.linalg.lstsq(design, z[:, k]).solution
        what = f"x의 {k}번 열이" if k < raw.shape[1] - 1 else "y가"
        pair = "x와 y에서 같은 행을 같은 차례로 고르고, 열마다 수 하나로 옮기고 나누십시오."
        kept = (design @ fit - z[:, k]).abs().max() < 1e-3 * max(1.0, z[:, k].std().item())
        require(kept, f"{name}의 {what} 그 행들의 것이 아닙니다. {pair}")
        fits.append(fit)
    scale, shift = torch.stack(fits, dim=1)
    return Part(name, z, rows, scale, shift)


def _shares_out(held: Mapping[str, list[int]], n: int) -> None:
    """Raise Wrong where two parts share a row, or a row is in none."""
    for first, second in (("train", "test"), ("validation", "test"), ("train", "validation")):
        both = sorted(set(held[first]) & set(held[second]))
        who = f"{particle(first, '과', '와')} {second}에 함께 든 행이 {len(both)}개 있습니다"
        require(not both, f"{who} (예: 처음 데이터의 {both[:1]}번 행). 한 행은 한 조각에만 넣으십시오.")
    left = n - sum(map(len, held.values()))
    require(left == 0, f"어느 조각에도 들지 않은 행이 {left}개 있습니다.")


def _scaled(parts: Sequence[Part], raw: Tensor) -> None:
    """Raise Wrong unless the train part has mean 0 and standard deviation 1, and all parts have its scale and shift."""
    train, *others = parts
    for k in range(raw.shape[1]):
        what = f"x의 {k}번 열" if k < raw.shape[1] - 1 else "y"
        mean, sizes = train.z[:, k].mean(), [train.z[:, k].std(correction=c) for c in (0, 1)]
        if abs(mean) > 1e-3 or not any(abs(size - 1) < 1e-3 for size in sizes):
            seen = f"train에서 {what}의 평균이 {mean:z.3f}, 표준편차가 {sizes[1]:.3f}입니다. 0과 1이어야 합니다."
            raise Wrong(f"{seen} {_source(train, k, parts, raw)}".strip())
        for part in others:
            at_train = near(part.scale[k], train.scale[k]) or abs(part.scale[k] / train.scale[k] - 1) < 1e-3
            if not at_train or abs(part.shift[k] - train.shift[k]) > 2e-3 * max(1, abs(train.shift[k])):
                seen = f"{part.name}에서 {particle(what, '을', '를')} train과 다른 수로 빼고 나누었습니다."
                look = _source(part, k, parts, raw) or "train에서 구한 두 수를 세 조각에 똑같이 쓰십시오."
                raise Wrong(f"{seen} {look}")


def _source(part: Part, k: int, parts: Sequence[Part], raw: Tensor) -> str:
    """Return whose mean and standard deviation a part's column was scaled by, where one of these fits."""
    train, validation, test = (one.rows for one in parts)
    leak = "시험 데이터가 새어 들어갔습니다. 먼저 나누고 학습 행에서만 구하십시오."
    whose = {
        f"모든 행의 평균과 표준편차를 썼습니다. {leak}": train + validation + test,
        "학습과 검증 행을 합친 평균과 표준편차를 썼습니다. 학습 행에서만 구하십시오.": train + validation,
        "그 조각 자신의 평균과 표준편차를 썼습니다. train의 것을 쓰십시오.": part.rows,
        "train의 평균과 표준편차를 썼습니다.": train,
    }
    columns = {told: raw[rows, k] for told, rows in whose.items()}
    if k < raw.shape[1] - 1:
        columns["열마다가 아니라 x 전체의 평균과 표준편차를 썼습니다. dim=0을 적으십시오."] = raw[train, :-1].flatten()
    if abs(part.scale[k] - 1) < 1e-4 and abs(part.shift[k]) < 1e-2:
        return "받은 값 그대로입니다. 표준화하십시오."
    for told, values in columns.items():
        for correction in (0, 1):
            size = values.std(correction=correction)
            fits = abs(part.scale[k] * size - 1) < 1e-3
            if fits and abs(part.shift[k] + values.mean() / size) < 1e-2:
                return told
    return ""


@dataclass(eq=False)
class Batch:
    """One call of a network with rows of x, and the parameters that it used, in that order, as they were then."""

    rows: list[int]
    before: dict[int, tuple[Tensor, Tensor]] = field(default_factory=dict)  # each parameter's id → it, a copy
    after: list[Tensor] = field(default_factory=list)  # the parameters at their next use
    learned: bool = False  # whether a gradient came back to what was predicted


class Watch:
    """Notes how networks are trained while it is entered: the rows shown, the parameters then, and optimizers' steps.

    The first column of x must tell its rows apart.
    """

    def __init__(self, x: Tensor) -> None:
        self.x, self.batches, self.settings, self.strange = x, [], [], False

    def __enter__(self) -> "Watch":
        """Begin."""
        calls = register_module_forward_pre_hook(self._called), register_module_forward_hook(self._predicted)
        self.handles = [*calls, register_optimizer_step_post_hook(self._moved)]
        return self

    def __exit__(self, *_: object) -> None:
        """End, and note where the parameters went; the batches are now those that taught something, where there are."""
        for handle in self.handles:
            handle.remove()
        later, learned, every = {}, [], list(range(len(self.x)))
        for batch in reversed(self.batches):
            batch.after = [later.get(key, now.detach().clone()) for key, (now, _) in batch.before.items()]
            later |= {key: copy for key, (_, copy) in batch.before.items()}
            moved = not all(map(torch.equal, batch.after, _values(batch)))
            if batch.learned and (moved or batch.rows != every):  # or else a look at the loss of all rows, say
                learned.insert(0, batch)
        self.batches = learned or self.batches

    def _called(self, module: nn.Module, inputs: tuple[Any, ...]) -> None:
        if not torch.is_grad_enabled():
            return
        rows = rows_of(inputs[0], self.x) if inputs and isinstance(inputs[0], Tensor) else None
        if not rows:
            self.strange |= isinstance(module, nn.Linear) and module.in_features == self.x.shape[1]
        elif not self._goes_on(rows):
            self.batches.append(Batch(rows))

    def _predicted(self, module: nn.Module, _: tuple[Any, ...], output: object) -> None:
        """Note the module's parameters, which lazy ones have by now, and whether a gradient will come back."""
        if not torch.is_grad_enabled() or not self.batches:
            return
        batch = self.batches[-1]
        for parameter in module.parameters(recurse=False):
            batch.before.setdefault(id(parameter), (parameter, parameter.detach().clone()))
        if isinstance(output, Tensor) and output.requires_grad:
            output.register_hook(lambda _: setattr(batch, "learned", True))

    def _goes_on(self, rows: list[int]) -> bool:
        """Return whether the last call was with these rows, too, and nothing has moved since."""
        last = self.batches[-1] if self.batches else None
        return last is not None and last.rows == rows and all(torch.equal(*parts) for parts in last.before.values())

    def _moved(self, optimizer: torch.optim.Optimizer, *_: object) -> None:
        self.settings += [
            (type(optimizer), {k: v for k, v in group.items() if k != "params"}) for group in optimizer.param_groups
        ]


def _values(batch: Batch) -> list[Tensor]:
    """Return the parameters as they were before the batch."""
    return [copy for _, copy in batch.before.values()]


def _vector(parameters: Sequence[Tensor]) -> Tensor:
    """Return all numbers in a row."""
    return torch.cat([part.double().flatten() for part in parameters])


SIZE = 32  # rows of a mini-batch
PLAIN = {"momentum": 0, "dampening": 0, "weight_decay": 0, "nesterov": False, "maximize": False}  # SGD's own
SETTINGS_ERRORS: Advice = {  # as where they are read by other names
    r"(KeyError:|'dict' object has no attribute) '(?i:h|hidden|width|lr|\w*rate|\w*epochs?)'$": "settings는 "
    '사전입니다. settings["H"], settings["learning_rate"], settings["n_epochs"]로 꺼내십시오.',
}


@exercise(
    "E_train",
    2,
    [
        # rows, inputs, nodes, learning rate, epochs, seed
        [100, 3, 64, 0.03, 3, 3],
        [64, 1, 5, 0.1, 2, 8],  # whole mini-batches alone
        [97, 2, 16, 0.02, 1, 0],  # a last one of one row
        [20, 4, 12, 0.05, 4, 11],  # fewer rows than 32
    ],
    forbidden=["mlp_tutorial.training.fit"],
    instead="미니배치의 루프를 직접 쓰십시오.",
)
def train_network(answer: Answer, n: int, d: int, width: int, rate: float, n_epochs: int, seed: int) -> None:
    """Whether an answer trains the network it is asked for, step by step, and leaves all chance to the seed."""
    settings = {"H": width, "learning_rate": rate, "n_epochs": n_epochs}
    answer.asked = f"x가 ({n}, {d}), settings가 {settings}, seed가 {seed}일 때 "
    x = _normal(n + d, n, d)
    x[:, 0] = torch.linspace(-1.7, 1.7, n, dtype=torch.float64)[_normal(n, n).argsort()]
    y = x.sum(dim=1, keepdim=True).abs() - 1 + 0.2 * _normal(n + 7, n, 1)
    x_new = _normal(n + 1, 40, d)

    def watched(seed: int, elsewhere: int) -> tuple[Watch, object]:
        torch.manual_seed(elsewhere)  # what doesn't come from the seed comes out otherwise each time
        watch = Watch(answer.tensor(x).double())
        with watch:
            given = settings, answer.tensor(x), answer.tensor(y), seed
            model = answer(*given, unchanged=("settings", "x", "y"), advice=SETTINGS_ERRORS)
        return watch, model

    first, model = watched(seed, 1)
    found = _predicted(answer, model, x_new)
    _network(first, d, width)
    _optimizer(first, rate)
    _started(first)
    _epochs(first, n, n_epochs)
    _activation(answer, model, first, x_new, found)
    _steps(first, answer.tensor(y).double(), rate, n_epochs)
    again, others = watched(seed, 2)[0], [watched(seed + k, 2 + k)[0] for k in (1, 2)]
    _by_seed(first, again, others, seed, n)


def _predicted(answer: Answer, model: object, x: Tensor) -> Tensor:
    """Return (m, 1): what the model that the answer returned says of x."""
    usable = callable(model) and not isinstance(model, type)
    require(usable, f"model(x)로 부를 수 있는 모델을 돌려주어야 하는데 {kind(model)}입니다.")
    try:
        found = model(answer.tensor(x))
    except Exception as error:
        words = quoted(error, answer.function).removeprefix("답을 계산하다가").strip()
        raise Wrong(f"돌려준 모델로 새 {len(x)}행을 예측하다가 {words}") from None
    return numbers(found, (len(x), 1), "모델은 행마다 수 하나를 (행의 수, 1) 모양으로 답합니다.", what="예측")


def _network(watch: Watch, d: int, width: int) -> None:
    """Raise Wrong unless one network of two nn.Linear was trained on rows of x."""
    if not watch.batches:
        changed = "nn.Linear에 넣은 것이 받은 x의 행이 아닙니다. x를 고치지 말고 행을 그대로 꺼내십시오."
        unseen = "nn.Linear로 만든 신경망이 x의 행을 배우는 것을 보지 못했습니다. 부를 때마다 처음부터 학습하십시오."
        raise Wrong(changed if watch.strange else unseen)
    same = len({tuple(batch.before) for batch in watch.batches}) == 1
    require(same, "학습하는 동안 신경망이 바뀌었습니다. 신경망은 되풀이하기 전에 한 번만 만드십시오.")
    shapes = [tuple(copy.shape) for copy in _values(watch.batches[0])]
    layers = [shape for shape in shapes if len(shape) == 2]
    two = f"nn.Linear가 {len(layers)}개입니다. 은닉층 하나와 출력층 하나, 모두 둘이어야 합니다."
    require(len(layers) == 2, two)
    nodes = f"은닉 노드가 {width}개여야 하는데 {layers[0][0]}개입니다. settings의 H를 그대로 쓰십시오."
    require(layers[0][0] == width, nodes)
    wanted = [(width, d), (width,), (1, width), (1,)]
    whole = "nn.Linear 둘의 가중치와 편향만 있어야 합니다."
    require(shapes == wanted, f"매개변수의 모양이 차례로 {wanted}이어야 하는데 {shapes}입니다. {whole}")


def _optimizer(watch: Watch, rate: float) -> None:
    """Raise Wrong where an optimizer moved that isn't plain SGD of this learning rate."""
    for optimizer, settings in watch.settings:
        plain = issubclass(optimizer, torch.optim.SGD)
        require(plain, f"torch.optim.SGD로 옮겨야 합니다 (쓴 것: {optimizer.__name__}).")
        seen = f"학습률이 {rate:g}이어야 하는데 {float(settings['lr']):g}입니다."
        require(near(float(settings["lr"]), rate), f"{seen} settings의 learning_rate를 그대로 쓰십시오.")
        for key, value in PLAIN.items():
            require(settings[key] == value, f"SGD에는 학습률만 주십시오 (더 준 것: {key}).")


def _started(watch: Watch) -> None:
    """Raise Wrong unless the first weights are as nn.Linear draws them: uniform up to 1 / √(number of inputs)."""
    W_1, b_1, W_2, b_2 = _values(watch.batches[0])
    parts = [part.double().flatten() * W.shape[1] ** 0.5 for W, b in ((W_1, b_1), (W_2, b_2)) for part in (W, b)]
    shares = torch.cat(parts)
    margin = 5 * (4 / 45 / len(shares)) ** 0.5  # five standard errors of the mean square of so many
    own = shares.abs().max() < 1.0001 and abs((shares**2).mean() - 1 / 3) < margin and all(part.any() for part in parts)
    left = "처음 가중치는 고치지 말고 nn.Linear가 정하는 그대로 두십시오."
    require(own, f"처음 가중치가 nn.Linear가 정하는 것과 다릅니다. {left}")


def _epochs(watch: Watch, n: int, n_epochs: int) -> None:
    """Raise Wrong unless each epoch shares out all rows, in an order of its own."""
    once, rest = [len(rows) for rows in torch.arange(n).split(SIZE)], n % SIZE
    full, sizes = once[: n // SIZE], [len(batch.rows) for batch in watch.batches]
    epoch = sizes[: len(once)]
    every = f"{n_epochs} 에폭이면 미니배치가 모두 {len(once) * n_epochs}개여야 하는데 {len(sizes)}개입니다."
    where = "에폭마다 하나만 배운 셈입니다. for와 그 안의 backward(), step(), return의 들여쓰기를 보십시오."
    require(len(sizes) > n_epochs or len(once) == 1 or max(sizes) > SIZE, f"{every} {where}")
    dropped = f"한 에폭의 미니배치가 차례로 {once}행이어야 하는데 "
    rest_too = f"마지막에 남은 {rest}행도 미니배치입니다."
    require(not rest or not full or sizes != full * n_epochs, f"{dropped}에폭마다 {full}행입니다. {rest_too}")
    where = "batch_size=32인지, 미니배치마다 model을 한 번씩만 부르는지 보십시오."
    if sorted(epoch) == sorted(once):
        where = "미니배치의 차례만 섞지 말고, 나누기 전에 모든 행을 섞으십시오."
    elif full and epoch[: len(full)] == full and rest and rest not in sizes:
        where = rest_too
    require(epoch == once, f"{dropped}{epoch}행입니다. {where}")
    where = "settings의 n_epochs만큼 되풀이하고, 다 끝난 다음에 돌려주십시오."
    require(len(sizes) == len(once) * n_epochs, f"{every} {where}")
    require(sizes == once * n_epochs, f"미니배치가 차례로 {once * n_epochs}행이어야 하는데 {sizes}행입니다.")
    orders = _orders(watch, n)
    for at, order in enumerate(orders, 1):
        missing = sorted(set(range(n)) - set(order))
        require(not missing, f"에폭 {at}에서 쓰지 않은 행이 {len(missing)}개 있습니다: {missing[:10]}.")
        near_by = sum(abs(one - other) == 1 for one, other in pairwise(order))
        mixed = order != sorted(order) and near_by <= max(10, n // 4)  # 2 on average
        require(mixed, f"에폭 {at}에서 행을 섞지 않았거나 덜 섞었습니다. 모든 행을 섞으십시오.")
        again = "앞의 에폭과 행의 차례가 같습니다. 에폭마다 새로 섞고, 시드는 처음에 한 번만 정하십시오."
        require(order not in orders[: at - 1], f"에폭 {at}: {again}")


def _orders(watch: Watch, n: int) -> list[list[int]]:
    """Return the order of the rows in each epoch."""
    every = [row for batch in watch.batches for row in batch.rows]
    return [every[start : start + n] for start in range(0, len(every), n)]


def _outputs(parameters: Sequence[Tensor], x: Tensor, activation: Callable[[Tensor], Tensor] = torch.relu) -> Tensor:
    """Return (m, 1): what a network of these parameters predicts."""
    W_1, b_1, W_2, b_2 = parameters
    return activation(x @ W_1.T + b_1) @ W_2.T + b_2


ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "은닉층 뒤에 활성화 함수가 없습니다. ReLU를 넣으십시오.": lambda z: z,
    "은닉층의 활성화 함수가 Tanh입니다. ReLU를 쓰십시오.": torch.tanh,
    "은닉층의 활성화 함수가 시그모이드입니다. ReLU를 쓰십시오.": torch.sigmoid,
    "은닉층의 활성화 함수가 LeakyReLU입니다. ReLU를 쓰십시오.": F.leaky_relu,
    "은닉층의 활성화 함수가 GELU입니다. ReLU를 쓰십시오.": F.gelu,
    "은닉층의 활성화 함수가 SiLU입니다. ReLU를 쓰십시오.": F.silu,
    "은닉층의 활성화 함수가 ELU입니다. ReLU를 쓰십시오.": F.elu,
}


def _activation(answer: Answer, model: Any, watch: Watch, x: Tensor, found: Tensor) -> None:  # noqa: ANN401
    """Raise Wrong unless the model predicts what the trained parameters say with a ReLU between the layers."""
    parameters, x = [part.double() for part in watch.batches[-1].after], answer.tensor(x).double()
    expected = _outputs(parameters, x)
    if not expected.isfinite().all() or near(found, expected):
        return
    chance = "같은 행의 예측이 부를 때마다 다릅니다. 드롭아웃을 빼십시오."
    require(near(found, _predicted(answer, model, x)), chance)
    alone = "같은 행이라도 혼자 예측할 때와 함께 예측할 때의 답이 다릅니다. 받은 행만으로 예측하십시오."
    require(near(found[:1], _predicted(answer, model, x[:1])), alone)
    mistakes = {words: _outputs(parameters, x, activation) for words, activation in ACTIVATIONS.items()}
    mistakes["출력층 뒤에 ReLU가 있습니다. 출력에는 활성화 함수를 쓰지 않습니다."] = expected.relu()
    where = "학습을 마친 그 모델을 돌려주는지, 두 층 사이에 ReLU만 있는지 보십시오."
    seen = "돌려준 모델의 예측이 학습한 매개변수와 ReLU로 계산한 것과 다릅니다."
    raise Wrong(f"{seen} {only(mistakes, found) or where}")


BROADCAST = "예측과 정답의 모양이 다를 때(한쪽이 (행의 수,)일 때)의 값과 같습니다. 모양을 맞추십시오."
LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {  # other ones than the MSE
    BROADCAST: lambda y_pred, y: ((y_pred - y.T) ** 2).mean(),
    "제곱이 아니라 절댓값(L1)의 기울기로 옮겼습니다. 손실은 MSE입니다.": F.l1_loss,
}


def _steps(watch: Watch, y: Tensor, rate: float, n_epochs: int) -> None:
    """Raise Wrong unless each mini-batch moves all parameters by rate times the gradient of its MSE."""
    per_epoch, gradients = len(watch.batches) // n_epochs, []
    for at, batch in enumerate(watch.batches):
        start = [part.double().requires_grad_() for part in _values(batch)]
        y_pred, targets = _outputs(start, watch.x[batch.rows]), y[batch.rows]
        new, *others = (
            _vector(torch.autograd.grad(loss(y_pred, targets), start, retain_graph=True))
            for loss in (F.mse_loss, *LOSSES.values())
        )
        gradients.append(new)
        before, now = _vector(start).detach(), _vector(batch.after)
        if near(now, before - rate * new):
            continue
        told = f"{at + 1}번째 미니배치에서 매개변수가 "
        require(now.isfinite().all(), f"{told}NaN이나 무한대가 되었습니다. 손실이 평균인지 보십시오.")
        still = "매개변수가 그대로입니다. zero_grad(), backward(), step()의 차례와, 미니배치마다 부르는지 보십시오."
        moves = {still: 0 * new, **dict(zip(LOSSES, others, strict=True))}
        if at:
            moves["기울기가 쌓였습니다. 미니배치마다 zero_grad()를 부르십시오."] = sum(gradients)
        if at > per_epoch > 1 and at % per_epoch:
            in_epoch = sum(gradients[at - at % per_epoch :])
            moves["기울기가 에폭 안에서 쌓였습니다. 미니배치마다 zero_grad()를 부르십시오."] = in_epoch
        words = only({words: before - rate * move for words, move in moves.items()}, now)
        times = ((before - now) @ new / (rate * new @ new)).item()
        if not words and near(now, before - times * rate * new):
            words = f"옮긴 양이 {times:.3g}배입니다. 손실이 MSE(제곱 오차의 평균)인지, 학습률을 그대로 쓰는지 보십시오."
        frozen = [torch.equal(old.detach(), part.double()) for old, part in zip(start, batch.after, strict=True)]
        if not words and any(frozen):
            words = "매개변수 가운데 움직이지 않은 것이 있습니다. optimizer에 model.parameters()를 모두 건네십시오."
        where = "x_batch와 y_batch의 짝, 손실(MSE), 다섯 줄의 차례를 보고, 기울기를 고치거나 드롭아웃을 쓰지 마십시오."
        raise Wrong(f"{told}학습률 × MSE의 기울기만큼 움직이지 않았습니다. {words or where}")


def _by_seed(first: Watch, again: Watch, others: Sequence[Watch], seed: int, n: int) -> None:
    """Raise Wrong unless the same seed gives the same weights and orders, and another seed others."""
    require(again.batches and all(other.batches for other in others), "두 번째부터는 학습하지 않았습니다.")
    when = "받은 seed로 torch.manual_seed를, 모델을 만들기 전에 한 번 부르십시오."
    starts = [_vector(_values(watch.batches[0])).tolist() for watch in (first, again, *others)]
    orders = [_orders(watch, n) for watch in (first, again, *others)]
    for what, found in (("처음 가중치가", starts), ("섞는 순서가", orders)):
        unused = f"{what} seed로 정해지지 않습니다. 같은 seed로 두 번 불렀더니 다릅니다. {when}"
        require(found[0] == found[1], unused)
        for k, other in enumerate(found[2:], 1):
            require(found[0] != other, f"{_with_seed(seed, seed + k)}{what} 똑같습니다. {when}")
    same = near(*(_vector(watch.batches[-1].after) for watch in (first, again)))
    require(same, f"같은 seed로 두 번 학습한 답이 다릅니다. {when}")


@dataclass
class Log:
    """What a stand-in for training was asked for, in order."""

    parts: Mapping[str, Data]
    candidates: Mapping[str, dict[str, float]]
    losses: Mapping[str, Mapping[str, Sequence[float]]]  # of each part and candidate, of one seed after another
    dtype: torch.dtype
    seeds: dict[str, list[int]] = field(default_factory=dict)  # of each candidate
    order: list[int] = field(default_factory=list)  # of all seeds as they came first
    shown: list[tuple[str, str]] = field(default_factory=list)  # (candidate, part) of each prediction

    def train_network(self, settings: object, x: object, y: object, seed: object) -> nn.Module:
        """Stand in for train_network: note the call, return a model of the losses laid down."""
        names = [name for name, known in self.candidates.items() if known == settings]
        where = "train_network에는 이름이 아니라 candidates에 담긴 사전을 먼저 넣습니다"
        if isinstance(settings, Mapping):
            where = "train_network에는 candidates에 담긴 사전을 고치지 말고 그대로 넣으십시오"
        require(names, f"{where} (받은 값: {shown(settings)}).")
        rows = numbers(x, what="train_network에 넣은 x")
        targets = numbers(y, what="train_network에 넣은 y")
        for name in ("test", "validation"):
            theirs = self.parts[name][0][:, 0]
            used = rows.dim() == 2 and torch.isin(rows[:, 0].round(decimals=2), theirs).any()
            require(not used, f"{KOREAN[name]} 데이터로 학습했습니다. 학습에는 train만 쓰십시오.")
        whole = near(rows, self.parts["train"][0]) and near(targets, self.parts["train"][1])
        require(whole, "train_network에 train의 x와 y를 그대로, 이 차례로 넣으십시오.")
        seed = whole_number(seed, "range()나 int()로 만드십시오.", what="train_network에 넣은 seed")
        self.seeds.setdefault(names[0], [])
        for seen in (self.seeds[names[0]], self.order):
            if seed not in seen:
                seen.append(seed)
        return Laid(self, names[0], seed)

    def loss(self, part: str, name: str, seed: int) -> float:
        """Return the loss laid down of a candidate that was trained from a seed."""
        laid = self.losses[part][name]
        return float(laid[self.order.index(seed) % len(laid)])

    def laid(self, part: str, name: str) -> Tensor:
        """Return a candidate's losses, one for each of its seeds."""
        return torch.tensor([self.loss(part, name, seed) for seed in self.seeds[name]], dtype=torch.float64)


class Laid(nn.Module):
    """A model whose loss on each part was laid down beforehand; it knows the rows of the parts."""

    def __init__(self, log: Log, name: str, seed: int) -> None:
        super().__init__()
        self.log, self.name, self.seed = log, name, seed
        self.shift = nn.Parameter(torch.zeros((), dtype=log.dtype))  # predictions have a gradient, as a network's have

    def __deepcopy__(self, _: dict[int, Any]) -> "Laid":
        """Return the model itself, so that a copy's predictions are noted, too."""
        return self

    def forward(self, x: Tensor) -> Tensor:
        """Return (m, 1) predictions whose errors are all the root of the loss."""
        log, given = self.log, numbers(x, what="모델에 넣은 x")
        for part, (own_x, own_y) in log.parts.items():
            if rows := rows_of(given, own_x):
                log.shown.append((self.name, part))
                return (own_y[rows] + math.sqrt(log.loss(part, self.name, self.seed))).to(log.dtype) + self.shift
        raise Wrong("모델에 넣은 x가 validation이나 test의 x가 아닙니다. 조각의 x를 그대로 넣으십시오.")


KEYS = ("chosen", "validation", "models", "test", "baseline")
STUDY_ERRORS: Advice = {  # of `mt.estimate`, of statistics.stdev or of the stand-in
    "NaN이나 무한대가|attribute 'numerator'|inf or nan": "발산한 후보의 손실은 nan일 수 있습니다. "
    "그 후보는 따로 다루십시오.",
    r"train_network\(\)": "train_network에는 settings, x, y, seed의 네 값을 넣습니다. "
    "settings는 사전 그대로, x와 y는 train에서 풀어 넣으십시오.",
    "'Laid' object": "이 확인의 모델은 학습한 신경망을 대신합니다. model(x)로 예측하는 데에만 쓰십시오.",
}


@exercise(
    "E_study",
    3,
    [
        # names, and the losses of one seed after another: in training, on the validation part, on the test part
        [
            ["좁게", "알맞게", "넓게"],
            [[0.9, 0.8, 0.9, 0.8, 0.9], [0.5, 0.4, 0.5, 0.6, 0.5], [0.1, 0.1, 0.2, 0.1, 0.1]],
            [[0.92, 0.95, 0.8, 0.9, 0.85], [0.6, 0.62, 0.56, 0.7, 0.6], [0.8, 0.3, 0.9, 1.3, 0.8]],
            [[0.5, 0.55, 0.5, 0.45, 0.5], [0.7, 0.64, 0.7, 0.66, 0.7], [0.8, 0.6, 0.8, 0.9, 0.8]],
        ],
        # The first seed and the median would choose another; one candidate has diverged.
        [
            ["발산", "가", "나"],
            [["nan", 0.2, "nan", 0.2, 0.2], [0.3, 0.3, 0.4, 0.3, 0.3], [0.4, 0.4, 0.4, 0.5, 0.4]],
            [["nan", 0.3, "nan", 0.3, 0.3], [0.4, 0.45, 0.4, 1.9, 0.4], [0.6, 0.65, 0.6, 0.5, 0.7]],
            [["nan", 0.2, "nan", 0.2, 0.2], [0.5, 0.4, 0.5, 0.8, 0.5], [0.9, 0.8, 0.7, 0.8, 0.9]],
        ],
        # The simpler one is less than a standard error behind and varies less.
        [
            ["좁음", "넓음", "아주 넓음"],
            [[0.5, 0.52, 0.51, 0.5, 0.5], [0.4, 0.42, 0.41, 0.4, 0.4], [0.3, 0.32, 0.31, 0.3, 0.3]],
            [[0.61, 0.62, 0.6, 0.61, 0.61], [0.5, 0.7, 0.55, 0.65, 0.6], [0.72, 0.75, 0.71, 0.7, 0.7]],
            [[0.64, 0.65, 0.66, 0.64, 0.64], [0.62, 0.7, 0.66, 0.6, 0.6], [0.75, 0.72, 0.71, 0.7, 0.74]],
        ],
        # Only one seed in the middle has diverged.
        [
            ["ㄱ", "ㄴ", "ㄷ"],
            [[0.2, 0.2, "nan", 0.2, 0.2], [0.5, 0.52, 0.51, 0.5, 0.5], [0.3, 0.32, 0.31, 0.3, 0.3]],
            [[0.3, 0.31, "nan", 0.3, 0.32], [0.66, 0.62, 0.6, 0.61, 0.65], [0.52, 0.55, 0.51, 0.6, 0.53]],
            [[0.4, 0.4, "nan", 0.4, 0.41], [0.64, 0.65, 0.66, 0.64, 0.64], [0.55, 0.52, 0.61, 0.5, 0.54]],
        ],
        [
            ["하나", "둘"],
            [[1.4, 1.3, 1.2, 1.3, 1.2], [1.1, 1.0, 1.2, 1.1, 1.0]],
            [[1.5, 1.9, 1.6, 1.7, 1.6], [1.8, 1.9, 1.8, 1.7, 2.0]],
            [[1.6, 1.7, 1.8, 1.7, 1.5], [1.3, 1.2, 1.4, 1.3, 1.2]],
        ],
    ],
)
def study(
    answer: Answer,
    names: list[str],
    on_train: list[list[float]],
    on_validation: list[list[float]],
    on_test: list[list[float]],
) -> None:
    """Whether a candidate is chosen by its mean validation loss over seeds, and it alone is tested, afterwards."""
    sizes = dict(zip(PARTS, (12, 7, 9), strict=True))
    parts = {name: _small(rows, at) for at, (name, rows) in enumerate(sizes.items())}
    given = {name: tuple(answer.tensor(part) for part in pair) for name, pair in parts.items()}
    settings = [{"H": 4 * 2**k, "learning_rate": 0.1 / (k + 1), "n_epochs": 10} for k in range(len(names))]
    candidates = dict(zip(names, settings, strict=True))
    tables = (dict(zip(names, rows, strict=True)) for rows in (on_train, on_validation, on_test))
    answer.asked = f"후보가 {', '.join(names)}일 때 "
    log = Log(parts, candidates, dict(zip(PARTS, tables, strict=True)), answer.dtype)
    unchanged = ("", "candidates", *given)
    asked = log.train_network, deepcopy(candidates), *given.values()
    result = answer(*asked, copied=False, unchanged=unchanged, advice=STUDY_ERRORS)
    require(isinstance(result, Mapping), f"사전을 돌려주어야 하는데 {kind(result)}입니다.")
    missing = [key for key in KEYS if key not in result]
    require(not missing, f"사전에 없는 것: {', '.join(missing)}.")
    shown_before = list(log.shown)
    _repeated(log, result["chosen"] if isinstance(result["chosen"], str) else "")
    _choice(log, result)
    _tested(shown_before, str(result["chosen"]))
    _reported(log, result)


def _small(n_rows: int, at: int) -> Data:
    """Return x (n_rows, 2), whose first column tells each row from all others, and y (n_rows, 1)."""
    x = torch.stack([torch.arange(n_rows) / 4 + 10 * at, torch.ones(n_rows)], dim=1).double()
    return x, _normal(at, n_rows, 1) + at - 0.5


def _repeated(log: Log, chosen: object) -> None:
    """Raise Wrong unless each candidate was trained from the same five seeds or more."""
    for name in log.candidates:
        seeds = log.seeds.get(name, [])
        many = f"후보 ‘{name}’의 시드가 {len(seeds)}개입니다"
        require(len(seeds) >= 5, f"{many} (받은 시드: {seeds}). 후보마다 서로 다른 시드가 다섯 개 이상이어야 합니다.")
    kinds = {frozenset(log.seeds[name]) for name in log.candidates if name != chosen}
    more = len(kinds) == 1 and frozenset(log.seeds.get(chosen, ())) > min(kinds, key=len)
    again = f"고른 후보 ‘{chosen}’만 다른 시드로도 학습했습니다. 다시 학습하더라도 같은 시드를 쓰십시오."
    require(not more, again)
    alike = len({frozenset(seeds) for seeds in log.seeds.values()}) == 1
    require(alike, "후보마다 시드가 다릅니다. 모든 후보에 같은 시드를 쓰십시오.")


def _choice(log: Log, result: Mapping[str, Any]) -> None:
    """Raise Wrong unless the table holds each candidate's mean and standard error, and the best was chosen."""
    table, chosen = result["validation"], result["chosen"]
    if isinstance(table, Mapping):
        left = [name for name in log.candidates if name not in table]
        require(not left, f"validation에 없는 이름: {', '.join(left)}. 발산한 후보도 남기십시오.")
    whole = isinstance(table, Mapping) and set(table) == set(log.candidates)
    require(whole, "validation은 후보의 이름마다 (평균, 표준오차)를 담은 사전이어야 합니다.")
    means = {name: log.laid("validation", name).mean().item() for name in log.candidates}
    finite = [name for name in means if math.isfinite(means[name])]
    for name in finite:
        _pair(log, table[name], "validation", name, f"후보 ‘{name}’의 검증 손실")
    best = min(finite, key=means.__getitem__)
    known = isinstance(chosen, str) and chosen in log.candidates
    require(known, f"chosen은 후보의 이름이어야 하는데 {shown(chosen)}입니다.")
    look = "평균 검증 손실이 가장 작은 후보를 고르십시오."
    if chosen not in finite:
        look = "발산한 후보입니다. nan은 min이나 == nan, != nan으로 가려낼 수 없습니다. math.isfinite를 쓰십시오."
        laid = log.laid("validation", chosen)
        mistakes = {
            "발산한 후보입니다. nan을 빼고 평균했습니다. 하나라도 nan이면 고르지 않습니다.": laid.nanmean(),
            "발산한 후보입니다. nan을 0으로 바꾸었습니다. 하나라도 nan이면 고르지 않습니다.": laid.nan_to_num().mean(),
        }
        with suppress(Wrong, IndexError):  # it may be no pair
            look = only(mistakes, numbers(table[chosen])[0]) or look
    rounded = {name: round(mean, 4) for name, mean in means.items()}
    seen = f"chosen이 ‘{best}’이어야 하는데 ‘{chosen}’입니다. 평균 검증 손실은 {rounded}입니다."
    require(chosen == best, f"{seen} {look}")


def _pair(log: Log, found: object, part: str, name: str, what: str) -> None:
    """Raise Wrong unless `found` is the mean of a candidate's losses and its standard error."""
    pair = [*found] if isinstance(found, (tuple, list)) or getattr(found, "ndim", 0) > 0 else []
    require(len(pair) == 2, f"{what}: (평균, 표준오차)로 담으십시오 (받은 것: {kind(found)} {shown(found)}).")
    mean, error = (number(one, what=f"{what}의 {name}") for one, name in zip(pair, ("평균", "표준오차"), strict=True))
    laid = log.laid(part, name)
    n, right_error = len(laid), (laid.var() / len(laid)).sqrt().item()
    of_all_pairs = 2 * log.parts[part][1].var(correction=0)  # of predictions with right answers of other rows, too
    others = {f"{KOREAN[other]} 손실의 평균입니다.": log.laid(other, name).mean() for other in PARTS if other != part}
    mistakes = others | {
        "가장 작은 손실입니다.": laid.min(),
        "중앙값입니다.": laid.median(),
        "손실의 합입니다.": laid.sum(),
        "제곱근을 씌웠거나(RMSE) 절댓값을 쓴(MAE) 것의 평균입니다. MSE를 그대로 평균하십시오.": laid.sqrt().mean(),
        "첫 시드 하나의 손실입니다.": laid[0],
        "마지막 시드 하나의 손실입니다.": laid[-1],
        "예측을 평균한 것의 손실입니다. 모델마다 손실을 구해 평균하십시오.": laid.sqrt().mean() ** 2,
        "표준오차입니다. 평균을 먼저 담으십시오.": right_error,
        BROADCAST: laid.mean() + of_all_pairs,
    }
    compare(f"{what}의 평균이", mean, laid.mean().item(), mistakes, "", written="{:.4f}".format)
    mistakes = {
        "표준편차입니다. 시드 수의 제곱근으로 나누십시오.": right_error * n**0.5,
        "표준편차를 시드 수로 나누었습니다. 시드 수의 제곱근으로 나누십시오.": right_error / n**0.5,
        "n으로 나눈 표준편차를 썼습니다. n - 1로 나누십시오.": right_error * ((n - 1) / n) ** 0.5,
        "두 배 한 것입니다.": 2 * right_error,
    }
    compare(f"{what}의 표준오차가", error, right_error, mistakes, "", written="{:.4f}".format)


def _tested(seen: Sequence[tuple[str, str]], chosen: str) -> None:
    """Raise Wrong where another candidate than the chosen one was tested, or one before all were validated."""
    others = sorted({name for name, part in seen if part == "test" and name != chosen})
    told = f"고르지 않은 후보({', '.join(others)})도 시험 데이터로 재었습니다."
    require(not others, f"{told} 시험 데이터는 고른 다음에, 고른 것에만 씁니다.")
    parts = [part for _, part in seen]
    require("test" in parts, "고른 모델을 시험 데이터로 재지 않았습니다.")
    late = "validation" in parts[parts.index("test") :]
    require(not late, "시험 데이터를 연 다음에 검증 데이터를 또 보았습니다. 다 고른 다음에 시험하십시오.")


def _reported(log: Log, result: Mapping[str, Any]) -> None:
    """Raise Wrong unless the chosen one's test loss, its networks and the baseline are told."""
    chosen, models = result["chosen"], result["models"]
    _pair(log, result["test"], "test", chosen, "시험 손실")
    whole = isinstance(models, Sequence) and all(isinstance(model, Laid) for model in models)
    require(whole, f"models는 고른 후보로 학습한 모델의 목록이어야 하는데 {shown(models)}입니다.")
    others = ", ".join(sorted({model.name for model in models if model.name != chosen}))
    strange = f"models에 든 것({others})은 고른 후보의 모델이 아닙니다. 고른 후보의 것만 담으십시오."
    require(not others, strange)
    n_seeds = len(log.seeds[chosen])
    told = f"models에는 고른 후보의 모델이 시드마다 하나씩, 모두 {n_seeds}개 있어야 합니다."
    require(sorted(model.seed for model in models) == sorted(log.seeds[chosen]), told)
    (_, y_train), (_, y_test) = log.parts["train"], log.parts["test"]
    right = ((y_test - y_train.mean()) ** 2).mean()
    mistakes = {
        "시험 데이터의 평균을 썼습니다. 그 평균은 미리 알 수 없습니다.": y_test.var(correction=0),
        "늘 0이라고 답한 MSE입니다. 학습 데이터의 평균을 답하십시오.": (y_test**2).mean(),
        "학습 데이터에서 잰 것입니다. 시험 데이터에서 재십시오.": y_train.var(correction=0),
        "제곱근을 씌웠습니다. MSE를 그대로 두십시오.": right**0.5,
        "중앙값을 답한 것입니다. 학습 데이터의 평균을 답하십시오.": ((y_test - y_train.median()) ** 2).mean(),
    }
    compare("baseline이", number(result["baseline"], what="baseline 값"), right, mistakes, "")
