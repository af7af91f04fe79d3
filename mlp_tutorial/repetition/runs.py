"""`repeat`, which trains one network from many seeds on many splits together, and what it records."""

import inspect
import itertools
import math
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mlp_tutorial import checks
from mlp_tutorial.checks import LossFunction
from mlp_tutorial.data import Data, new_generator
from mlp_tutorial.model import MLP
from mlp_tutorial.repetition import stack
from mlp_tutorial.terminal import remedies
from mlp_tutorial.training import evaluate, no_autocast, predict

AT_ONCE = 2**18  # numbers in the widest layer of the runs that step together: what a core's cache holds


@dataclass(frozen=True, eq=False)
class Runs:
    """What `repeat` recorded, on the CPU: a row for each split, a column for each seed.

    First used in 02. A run that diverged answers nothing any more: its losses after training are infinite and its
    accuracies 0. Without class labels in y all accuracies are NaN; labels that the loss leaves out (ignore_index)
    count in none.

    Attributes:
        losses: (n_splits, n_seeds, n_steps), each of the rows of its step, before the update; NaN from divergence on.
        train_losses, train_accuracies: (n_splits, n_seeds), of the training part after the last update.
        validation_losses, accuracies: (n_splits, n_seeds), of the validation part after the last update.
        loss_curves, accuracy_curves: (n_splits, n_seeds, n_steps // validate_every), of the validation part after each
            multiple of validate_every updates; no columns unless it was given.
        diverged_at: (n_splits, n_seeds), the step whose loss was infinite or NaN, 0 where there was none.
        dead: (n_splits, n_seeds), True where the trained network gives all training rows one and the same answer.
    """

    losses: Tensor
    train_losses: Tensor
    train_accuracies: Tensor
    validation_losses: Tensor
    accuracies: Tensor
    loss_curves: Tensor
    accuracy_curves: Tensor
    diverged_at: Tensor
    dead: Tensor

    def __repr__(self) -> str:
        """Tell how many runs there were, and how many of them diverged or died."""
        n_splits, n_seeds, n_steps = self.losses.shape
        diverged, dead = int(_diverged(self).sum()), int(self.dead.sum())
        return f"Runs(분할 {n_splits} × 시드 {n_seeds}, {n_steps} 스텝, 발산 {diverged}번, 죽음 {dead}번)"


@checks.called_as(
    "mt.repeat((2, 16, 2), splits, seeds=range(3), loss_fn=F.cross_entropy, learning_rate=0.1, n_steps=100)"
)
def repeat(
    model: Sequence[int] | Callable[[], nn.Module],
    splits: Iterable[tuple[Data, Data]],
    *,
    seeds: Iterable[int] | Iterable[Iterable[int]],
    loss_fn: LossFunction,
    learning_rate: float,
    n_steps: int,
    batch_size: int | None = None,
    optimizer: Callable[..., torch.optim.Optimizer] = torch.optim.SGD,
    validate_every: int | None = None,
    verbose: bool = True,
) -> Runs:
    """Train one kind of network from every seed on every split, all at once; return what was recorded.

    First used in 02. Each run equals `torch.manual_seed(seed)`, `model()` and `fit(…, seed=seed)`, but for rounding.
    What a network draws while it trains, as dropout does, comes again with the same seeds and splits, but is not what
    `fit` would draw. Runs that diverge or die are recorded like the others. The caller's random state stays as it was,
    but for that of Apple's GPUs.

    Args:
        model: the widths of an MLP, such as (2, 16, 2), which gets the dtype and device of the splits' x; or what
            makes another network when it is called without arguments, all of whose parameters are in nn.Linear layers.
        splits: pairs of train and validation, each (x, y), all of the same sizes.
        seeds: of the first weights and of the order of mini-batches; the same for all splits, or for each split a list
            of its own, all of one length.
        loss_fn: as for `fit`.
        learning_rate: as for `fit`.
        n_steps: as for `fit`.
        batch_size: as for `fit`.
        optimizer: as for `fit`, and one that treats each number by itself, as SGD and Adam do.
        validate_every: record the validation part after each multiple of this many updates, too.
        verbose: print how many runs diverged, if any.

    Raises:
        ValueError, TypeError, RuntimeError: what `fit` refuses, no split or seed, splits of different sizes, the same
            training twice, networks or an optimizer that can't be stacked, the same weights for all seeds, a loss
            that draws random numbers.
    """
    learning_rate = checks.positive_number("learning_rate", learning_rate)
    n_steps = checks.whole_number("n_steps", n_steps)
    every = n_steps + 1  # never
    if validate_every is not None:
        every = checks.whole_number("validate_every", validate_every)
        checks.within_steps(every, n_steps)
    batch_size = None if batch_size is None else checks.whole_number("batch_size", batch_size)
    parts = _stacked_data(splits)
    train = parts[0]
    make = partial(_mlp, model, train[0]) if isinstance(model, (tuple, list)) else model
    table = _seed_table(seeds, len(train[0]))
    gpus = range(torch.cuda.device_count()) if torch.cuda.is_initialized() else []  # torch.manual_seed seeds them, too
    with (
        torch.random.fork_rng(gpus),
        torch.inference_mode(False),  # this and the next two: wherever the cell stands
        torch.enable_grad(),
        no_autocast(train[0]),
    ):
        networks = _networks(make, table)
        checks.training_setup(networks[0][0], optimizer, None)
        for x, y in parts:
            evaluate(networks[0][0], x.flatten(0, 1), y.flatten(0, 1), loss_fn=loss_fn)
        _check_distinct(parts, table)
        stack.check(networks[0], train[0][0])
        stack.check_optimizer(networks[0][0], optimizer)
        if batch_size is None:
            _check_seeds_matter([*itertools.chain.from_iterable(networks)], train[0][0])
        results = []
        for runs in _together(networks, batch_size or train[0].shape[1]):
            network = stack.stack([networks[row][column] for row, column in runs])
            rows = [row for row, _ in runs]
            held = [(x[rows], y[rows], ~checks.left_out(loss_fn, y[rows])) for x, y in parts]
            batches = _batches(*held[0][:2], [table[row][column] for row, column in runs], batch_size)
            batches = itertools.islice(batches, n_steps)
            whole = all(counted.all() for *_, counted in held)
            each_loss = _for_each_run(loss_fn, predict(network, held[0][0]), held[0][1], whole)
            try:
                updater = optimizer([*network.parameters()], lr=learning_rate)
                checks.moved(network, updater)
                torch.manual_seed(table[runs[0][0]][runs[0][1]])  # of dropout
                results.append(_train(network, batches, updater, each_loss, held, every))
            except Exception as error:
                raise _stopped(optimizer, error) from error
        shape = len(table), len(table[0])
        runs = _runs(*(torch.cat(part).unflatten(0, shape).cpu() for part in zip(*results, strict=True)))
    if verbose:
        _tell_diverged(runs)
    return runs


def _diverged(runs: Runs) -> Tensor:
    """Return (n_splits, n_seeds), True where the loss of a step was no number, or is none after the last update."""
    return (runs.diverged_at > 0) | runs.train_losses.isinf()


def _tell_diverged(runs: Runs) -> None:
    """Print how many runs diverged, if any, and what they count as."""
    diverged = _diverged(runs)
    if diverged.any():
        print(
            f"학습 {diverged.numel()}번 가운데 {int(diverged.sum())}번이 발산했습니다. 그 손실은 무한대로, 정확도는 "
            "0으로 셉니다. learning_rate를 줄여 보고, 그래도 발산하면 mt.fit으로 하나를 학습해 까닭을 보십시오."
        )


def _stopped(optimizer: object, error: Exception) -> ValueError:
    """Return what to raise for an error while runs are trained together."""
    reason = f"optimizer {getattr(optimizer, '__name__', optimizer)}, 까닭: {' '.join(str(error).split())}"
    remedy = (
        "optimizer가 매개변수를 수마다 따로 갱신하지 않으면 torch.optim.SGD나 torch.optim.Adam으로 바꾸고, "
        "아니면 mt.fit으로 하나씩 학습해 보십시오."
    )
    how = remedies.advice(error, remedy, remedies.IN_A_STEP)
    return ValueError(f"여러 학습이 함께 끝까지 가야 합니다 (받은 값: {reason}). {how}")


def _mlp(widths: Sequence[int], x: Tensor) -> nn.Module:
    """Return a new MLP of x's dtype and on its device; its weights are drawn in the default ones, as always."""
    network = MLP(widths)
    return network.to(x) if x.is_floating_point() else network


def _stacked_data(splits: Iterable[tuple[Data, Data]]) -> list[Data]:
    """Return train and validation, each x (n_splits, N, D_in) and y (n_splits, N, …)."""
    given, splits = splits, list(splits) if isinstance(splits, Iterable) else []
    try:
        parts = [[*zip(*part, strict=True)] for part in zip(*splits, strict=True)]
        (train, validation) = [tuple(torch.stack(column) for column in part) for part in parts]
        x, y, x_validation, y_validation = *train, *validation
    except (TypeError, ValueError, RuntimeError):
        got = f"{len(splits)}개" if isinstance(given, Iterable) else repr(given)
        raise ValueError(
            "splits에는 ((x, y), (x_val, y_val))처럼 학습과 검증을 짝지은 것이 하나 이상 있고, "
            f"그 크기가 모두 같아야 합니다 (받은 값: {got}). "
            "[mt.split(x, y, fractions=(0.5, 0.5), seed=seed) for seed in range(10)]처럼 만드십시오."
        ) from None
    return [(x, y), (x_validation, y_validation)]


def _seed_table(seeds: Iterable[int] | Iterable[Iterable[int]], n_splits: int) -> list[list[int]]:
    """Return the checked seeds of each split."""
    given = seeds.tolist() if isinstance(seeds, Tensor) else seeds
    seeds = [*map(checks.plain, given)] if isinstance(given, Iterable) else []
    own = bool(seeds) and all(isinstance(row, Iterable) for row in seeds)
    rows = [[*row] for row in seeds] if own else [seeds] * n_splits
    if len(rows) != n_splits or len({len(row) for row in rows}) != 1 or not rows[0]:
        raise ValueError(
            "seeds에는 시드가 하나 이상 있거나, 분할마다 같은 수의 시드가 있어야 합니다 "
            f"(받은 값: {seeds or given!r}, 분할 {n_splits}개). "
            f"range(3)이나 [[seed] for seed in range({n_splits})]처럼 적으십시오."
        )
    return [[checks.random_seed(seed) for seed in row] for row in rows]


def _check_distinct(parts: Sequence[Data], table: Sequence[Sequence[int]]) -> None:
    """Raise ValueError where the same seed meets the same split again, as where all were drawn from one seed.

    Such runs are one and the same, unless dropout draws, and would lend a mean more certainty than it has.
    """
    stacked = [values for part in parts for values in part]

    def first(split: int) -> int:  # that is equal to this one
        return next(i for i in range(split + 1) if all(torch.equal(values[i], values[split]) for values in stacked))

    runs = {(same, seed) for same, seeds in zip(map(first, range(len(table))), table, strict=True) for seed in seeds}
    n_runs = len(table) * len(table[0])
    if len(runs) < n_runs:
        raise ValueError(
            "같은 분할을 같은 시드로 두 번 학습하지 않아야 합니다 "
            f"(받은 값: 학습 {n_runs}번 가운데 서로 다른 것 {len(runs)}번). "
            "mt.split(x, y, seed=seed)처럼 분할마다 시드를 바꾸고, seeds에는 같은 수를 두 번 적지 마십시오."
        )


def _networks(model: Callable[[], nn.Module], table: list[list[int]]) -> list[list[nn.Module]]:
    """Return the network that `model` makes from each seed, (n_splits, n_seeds)."""
    made: dict[int, object] = {}
    for seed in itertools.chain.from_iterable(table):
        if seed not in made:
            torch.manual_seed(seed)
            made[seed] = _made(model) if callable(model) and not isinstance(model, nn.Module) else None
    made_all = all(isinstance(network, nn.Module) for network in made.values())
    again = made_all and len({*map(id, made.values())}) < len(made)
    if again or not made_all:
        got = "늘 같은 신경망을 돌려주는 함수" if again else type(model).__name__
        raise TypeError(
            "model은 층마다의 노드 수이거나, 부를 때마다 신경망을 새로 만드는 함수여야 합니다 "
            f"(받은 값의 형: {got}). "
            "repeat((2, 16, 2), splits, …)이나 repeat(lambda: Net(2, 16), splits, …)처럼 적으십시오."
        )
    return [[made[seed] for seed in row] for row in table]


@torch.no_grad()
def _check_seeds_matter(networks: Sequence[nn.Module], x: Tensor) -> None:
    """Raise ValueError where different networks have the same weights and draw nothing while they train on x."""
    first, *others = {id(network): network for network in networks}.values()
    weights = [*first.parameters()]
    if others and all(all(map(torch.equal, weights, other.parameters())) for other in others):
        first.train()
        if torch.equal(first(x), first(x)):  # no dropout
            raise ValueError(
                "model을 만드는 함수는 시드마다 다른 신경망을 돌려주어야 합니다 "
                f"(받은 값: 시드 {1 + len(others)}개에 처음 가중치가 모두 같은 신경망). "
                "그 함수에서 torch.manual_seed를 빼십시오. 일부러 같게 했다면 시드를 하나만 주십시오."
            )


def _made(model: Callable[[], nn.Module]) -> nn.Module:
    """Return what `model` makes; raise TypeError where it, such as a class of networks, asks for arguments."""
    try:
        inspect.signature(model).bind()
    except TypeError:
        name = getattr(model, "__name__", model)
        raise TypeError(
            f"model은 인수 없이 부를 수 있어야 합니다 (받은 값: {name}). lambda: {name}(…)처럼 인수를 채워 적으십시오."
        ) from None
    return model()


def _together(networks: list[list[nn.Module]], n_rows: int) -> Iterator[list[tuple[int, int]]]:
    """Yield the runs, (split, seed) by their places, that step together: as many as AT_ONCE allows."""
    runs = list(itertools.product(range(len(networks)), range(len(networks[0]))))
    widest = max(layer.out_features for _, layer in stack.linear_layers(networks[0][0]))
    at_once = max(1, AT_ONCE // (n_rows * widest))
    return (runs[i : i + at_once] for i in range(0, len(runs), at_once))


def _batches(x: Tensor, y: Tensor, seeds: Sequence[int], batch_size: int | None) -> Iterator[Data]:
    """Yield for ever what the runs see in a step, x (n_runs, batch_size, D_in) and y: the rows that `fit` takes."""
    if batch_size is None:
        yield from itertools.repeat((x, y))
    generators = [new_generator(seed) for seed in seeds]
    run = torch.arange(len(x), device=x.device).unsqueeze(1)  # (n_runs, 1)
    while True:
        orders = [torch.randperm(x.shape[1], generator=generator, device="cpu") for generator in generators]
        for rows in torch.stack(orders).to(x.device).split(batch_size, dim=1):
            yield x[run, rows], y[run, rows]


def _for_each_run(loss_fn: LossFunction, y_pred: Tensor, y: Tensor, whole: bool) -> LossFunction:
    """Return what maps tensors like y_pred (n_runs, N, D_out) and y (n_runs, N, …) to each run's loss (n_runs,).

    It is quicker where the `whole` of rows counts in each that it will be given.

    Raises:
        ValueError: the loss draws random numbers, which no two ways of computing it would draw alike.
    """
    if loss_fn not in (F.cross_entropy, F.mse_loss) or not whole:
        mapped = torch.vmap(loss_fn)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")  # that it is slow so
                mapped(y_pred, y)
        except Exception as error:  # `if`, `item()` or a mask, which need one run's numbers
            state = torch.get_rng_state()  # of the CPU alone
            loss_fn(y_pred[0], y[0])
            if "random" in str(error) or not torch.equal(state, torch.get_rng_state()):
                torch.set_rng_state(state)
                raise ValueError(
                    "loss_fn은 난수를 뽑지 않아야 합니다 (받은 값: 부를 때마다 다른 손실). "
                    "난수를 빼거나, mt.fit으로 하나씩 학습하십시오."
                ) from error
            return lambda y_pred, y: torch.stack([loss_fn(*run) for run in zip(y_pred, y, strict=True)])
        return mapped

    def mean_of_rows(y_pred: Tensor, y: Tensor) -> Tensor:  # as vmap does, but quicker
        losses = loss_fn(y_pred.flatten(0, 1), y.flatten(0, 1), reduction="none")
        return losses.reshape(len(y), -1).mean(dim=1)

    return mean_of_rows


def _train(
    network: nn.Module,
    batches: Iterable[Data],
    updater: torch.optim.Optimizer,
    loss_fn: LossFunction,
    parts: Sequence[tuple[Tensor, Tensor, Tensor]],
    every: int,
) -> tuple[Tensor, ...]:
    """Train n_runs networks; return losses (n_runs, n_steps), measures of the parts (x, y, counted), and on the way."""
    losses, curve = [], [_measures(network, loss_fn, *parts[1])[..., :0]]
    network.train()
    for step, (x, y) in enumerate(batches, start=1):
        with checks.kept("x", parts[0][0]) if step == 1 else nullcontext():
            y_pred = network(x)
        loss = loss_fn(y_pred, y)  # (n_runs,)
        losses.append(loss.detach())
        updater.zero_grad()
        loss.sum().backward()  # a run's parameters enter its own loss alone, so each gets its own gradient
        if step == 1:
            checks.reached(network)
        updater.step()
        if step % every == 0:
            curve.append(_measures(network, loss_fn, *parts[1]))
    measures = [_measures(network, loss_fn, *part) for part in parts]
    return torch.stack(losses, dim=1), torch.cat(curve, dim=2), *measures


def _measures(network: nn.Module, loss_fn: LossFunction, x: Tensor, y: Tensor, counted: Tensor) -> Tensor:
    """Return (n_runs, 3, 1): the loss, the share of right answers, 1 where all rows get the same answer."""
    y_pred = predict(network, x)  # (n_runs, N, D_out)
    n_right = torch.full((len(x),), math.nan)  # no class labels, no accuracy
    if y.dim() == 2 and not y.is_floating_point():
        answered = y_pred.isfinite().all(dim=-1)  # (n_runs, N): a network that diverged answers nothing
        n_right = (counted & answered & (y_pred.argmax(dim=-1) == y)).sum(dim=1)
    alike = (y_pred == y_pred[:, :1]).flatten(1).all(dim=1)
    found = loss_fn(y_pred, y), n_right, counted.flatten(1).sum(dim=1), alike
    losses, n_right, n_rows, alike = (part.cpu().double() for part in found)  # Apple's GPUs have no float64
    losses = losses.nan_to_num(nan=math.inf, posinf=math.inf)
    return torch.stack([losses, n_right / n_rows, alike], dim=1).unsqueeze(-1)


def _runs(losses: Tensor, curve: Tensor, train: Tensor, validation: Tensor) -> Runs:
    """Return the record of losses (n_splits, n_seeds, n_steps) and three measures (n_splits, n_seeds, 3, …)."""
    gone = (~losses.isfinite()).cumsum(dim=-1) > 0  # from the first such step on
    n_steps = losses.shape[-1]
    diverged_at = torch.where(gone.any(dim=-1), n_steps + 1 - gone.sum(dim=-1), 0)
    return Runs(
        losses=losses.masked_fill(gone, math.nan),
        train_losses=train[..., 0, 0],
        train_accuracies=train[..., 1, 0],
        validation_losses=validation[..., 0, 0],
        accuracies=validation[..., 1, 0],
        loss_curves=curve[..., 0, :],
        accuracy_curves=curve[..., 1, :],
        diverged_at=diverged_at,
        dead=train[..., 2, 0] == 1,
    )
