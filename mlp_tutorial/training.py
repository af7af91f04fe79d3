"""The training loop that 07 writes by hand, as one function, and what it recorded.

Per step `fit` does what that loop does, and looks whether the loss is finite and, once, whether it has gradients.
"""

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from mlp_tutorial import checks
from mlp_tutorial.checks import LossFunction
from mlp_tutorial.data import Data, new_generator
from mlp_tutorial.terminal.korean import particle
from mlp_tutorial.terminal.progress import steps


@dataclass(frozen=True, eq=False)
class History:
    """What a training run recorded. Steps count from 1, as the post prints them: step n's loss is losses[n − 1].

    First used in 07.

    Attributes:
        losses: (n_steps,) on the CPU in the loss's own dtype, each measured before that step's update.
        validation_losses: step → loss on the validation data before that step's update.
        diverged_at: the step whose loss was infinite or NaN (not recorded in losses), or None.
    """

    losses: Tensor
    validation_losses: dict[int, float] = field(default_factory=dict)
    diverged_at: int | None = None

    def __repr__(self) -> str:
        """Tell the number of steps and the first and last loss."""
        losses = f", 손실 {self.losses[0]:.6f} → {self.losses[-1]:.6f}" if len(self.losses) else ""
        end = f", 스텝 {self.diverged_at}에서 발산" if self.diverged_at else ""
        return f"History({len(self.losses)} 스텝{losses}{end})"


@checks.called_as("mt.fit(model, x, y, loss_fn=F.mse_loss, learning_rate=0.1, n_steps=100)")
def fit(
    model: nn.Module,
    x: Tensor,
    y: Tensor,
    *,
    loss_fn: LossFunction,
    learning_rate: float,
    n_steps: int,
    batch_size: int | None = None,
    optimizer: Callable[..., torch.optim.Optimizer] = torch.optim.SGD,
    validation: Data | None = None,
    validate_every: int = 100,
    seed: int = 123,
    verbose: bool = True,
) -> History:
    """Train `model` in place for `n_steps` updates and return what was recorded.

    First used in 02; taught in 07. A loss that is infinite or NaN stops the run before its update; what was recorded is
    kept, and a line says why. The model is left in training mode.

    Args:
        model: maps x (N, D_in) to predictions.
        x: (N, D_in), floating point, on the model's device.
        y: (N, D_out) like the predictions, or class labels (N,) for F.cross_entropy.
        loss_fn: called as loss_fn(y_pred, y); returns a scalar.
        learning_rate: above 0.
        n_steps: updates, not epochs.
        batch_size: rows per update, shuffled anew each epoch; None takes all rows each time.
        optimizer: called as optimizer(parameters, lr=learning_rate), for example torch.optim.Adam.
        validation: (x, y) to measure the loss on; never trained on.
        validate_every: measure it at each multiple of this many steps, as the post prints; at most n_steps.
        seed: of the order of the mini-batches, drawn from a generator of its own.
        verbose: print that line.

    Raises:
        ValueError, TypeError: hyperparameters or data that can't be used, a model that answers otherwise each time,
            before anything is changed.
        RuntimeError: a model that can't compute x, or changes it in place, before anything is changed; or what fails
            in a step, after which all parameters and buffers are put back.
    """
    learning_rate = checks.positive_number("learning_rate", learning_rate)
    n_steps = checks.whole_number("n_steps", n_steps, least=0)
    validate_every = checks.whole_number("validate_every", validate_every)
    batches = _batches(x, y, batch_size, seed)
    checks.training_setup(model, optimizer, validation)
    _checked_loss(model, x, y, loss_fn)
    if validation is not None:
        _check_validation(model, *validation, loss_fn)
        checks.within_steps(validate_every, n_steps)
    checks.trainable(model=[*model.parameters()], x=[x], y=[y])
    held, modes, step = _held(model), _modes(model), 0
    losses, validation_losses, dtype, diverged_at = [], {}, x.dtype, None

    model.train()
    try:
        updater = optimizer([*model.parameters()], lr=learning_rate)  # a list, which can be read twice
        checks.moved(model, updater)
        with torch.inference_mode(False), torch.enable_grad(), no_autocast(x):  # wherever the cell stands
            for step, (x_batch, y_batch) in zip(steps(n_steps), batches, strict=False):
                with checks.kept("x", x) if step == 1 else nullcontext():
                    y_pred = model(x_batch)
                loss = loss_fn(y_pred, y_batch)
                value, dtype = loss.item(), loss.dtype
                if not math.isfinite(value):
                    diverged_at = step
                    break
                losses.append(value)
                if validation is not None and step % validate_every == 0:
                    validation_losses[step] = loss_fn(predict(model, validation[0]), validation[1]).item()
                updater.zero_grad()
                loss.backward()
                if step == 1:
                    checks.reached(model)
                updater.step()
            recorded = torch.tensor(losses, dtype=dtype, device="cpu")
    except Exception as error:
        _put_back(held)
        _set_modes(modes)
        raise checks.stopped(step, error) from error
    if diverged_at and verbose:
        if checks.left_out(loss_fn, y_batch).all():
            print(_uncounted(diverged_at, value))
        else:
            print(_told(diverged_at, value, y_pred, learning_rate, _undefined(model, losses)))
    return History(recorded, validation_losses, diverged_at)


@checks.called_as("mt.evaluate(model, x, y, loss_fn=F.mse_loss)")
def evaluate(model: nn.Module, x: Tensor, y: Tensor, *, loss_fn: LossFunction) -> float:
    """Return the loss of `model` on x (N, D_in) and y, without gradients and in evaluation mode; the mode is put back.

    First used in A.

    Raises:
        ValueError, TypeError: data that the model or the loss function can't take, outputs that are NaN or another
            time others.
        RuntimeError: a layer other than nn.Linear that does not fit, a model that changes x in place.
    """
    loss = _checked_loss(model, x, y, loss_fn)
    if math.isnan(loss):
        checks.answered(predict(model, x))
    return loss


@checks.called_as("mt.accuracy(model, x, labels)")
def accuracy(model: nn.Module, x: Tensor, labels: Tensor) -> float:
    """Return the share, from 0 to 1, of rows of x (N, D_in) whose largest output is the one that labels (N,) name.

    Taught in 02.

    Raises:
        ValueError, TypeError: data that the model can't take, labels that are no class numbers, outputs that are NaN or
            another time others.
        RuntimeError: a layer other than nn.Linear that does not fit, a model that changes x in place.
    """
    checks.data(model, x, labels, "labels")
    y_pred = _tried(model, x)  # (N, n_classes)
    checks.labels(y_pred, labels, "labels")
    checks.answered(y_pred.amax(dim=-1))  # of the others, −∞ is an answer
    return (y_pred.argmax(dim=-1) == labels).float().mean().item()


@torch.no_grad()
def predict(model: nn.Module, x: Tensor) -> Tensor:
    """Return the model's outputs for x (N, D_in), without gradients and in evaluation mode; the mode is put back."""
    with _evaluating(model), no_autocast(x):
        return checks.prediction(model(x))


def _tried(model: nn.Module, x: Tensor) -> Tensor:
    """Return what `predict` does, once it is known to come again and to leave x as it is."""
    state = torch.get_rng_state()  # of the CPU alone
    with checks.layer_inputs(model), checks.kept("x", x):
        y_pred = predict(model, x)
    if not torch.equal(torch.get_rng_state(), state):
        checks.settled(y_pred, predict(model, x))
    return y_pred


@contextmanager
def _evaluating(model: nn.Module) -> Iterator[None]:
    """While this lasts, the model is in evaluation mode."""
    modes = _modes(model)
    model.eval()
    try:
        yield
    finally:
        _set_modes(modes)


def _modes(model: nn.Module) -> dict[nn.Module, bool]:
    """Return of each part whether it is in training mode; a frozen part may have one of its own."""
    return {module: module.training for module in model.modules()}


def _set_modes(modes: dict[nn.Module, bool]) -> None:
    """Put each part into the mode that it had."""
    for module, mode in modes.items():
        module.training = mode


def _held(model: nn.Module) -> list[tuple[nn.Module, str, Tensor, Tensor]]:
    """Return the parameters and buffers, unsaved ones too: each one's owner and name, itself and a copy."""
    return [
        (owner, name, tensor, tensor.detach().clone())
        for owner in model.modules()
        for name, tensor in (*owner.named_parameters(recurse=False), *owner.named_buffers(recurse=False))
    ]


@torch.no_grad()
def _put_back(held: list[tuple[nn.Module, str, Tensor, Tensor]]) -> None:
    """Give each owner what it held, of the values that it had; another tensor may have come in its place."""
    for owner, name, tensor, values in held:
        if not torch.equal(tensor, values):  # nothing can be written into one that was expanded, or made for inference
            tensor.copy_(values)
        setattr(owner, name, tensor)


def no_autocast(x: Tensor) -> AbstractContextManager:
    """Return a context in which the caller's torch.autocast does not round what x's device computes."""
    kind = x.device.type
    on = torch.amp.is_autocast_available(kind) and torch.is_autocast_enabled(kind)
    return torch.autocast(kind, enabled=False) if on else nullcontext()


def _checked_loss(model: nn.Module, x: Tensor, y: Tensor, loss_fn: LossFunction) -> float:
    """Return the loss of `model` on x and y once all four are known to fit each other."""
    checks.function("loss_fn", loss_fn, checks.LOSS_FORMS)
    checks.data(model, x, y)
    y_pred = _tried(model, x)
    checks.targets(loss_fn, y_pred, y)
    if checks.takes_logits(loss_fn):
        with _evaluating(model), no_autocast(x), torch.enable_grad():
            checks.no_sigmoid(model(x))
    with no_autocast(x):
        return checks.scalar_loss(loss_fn, y_pred, y)


def _check_validation(model: nn.Module, x: Tensor, y: Tensor, loss_fn: LossFunction) -> None:
    """Raise what `_checked_loss` raises, and say that it is the validation data's fault."""
    try:
        _checked_loss(model, x, y, loss_fn)
    except (TypeError, ValueError, RuntimeError) as error:
        raise type(error)(f"validation의 데이터: {error}") from None


def _undefined(model: nn.Module, losses: Sequence[float]) -> bool:
    """Return whether the loss before had not grown, and yet its gradient was NaN, as where it takes the root of 0."""
    grew = bool(losses) and losses[-1] > 10 * abs(losses[0])
    return not grew and any(p.grad is not None and bool(p.grad.isnan().any()) for p in model.parameters())


def _uncounted(step: int, loss: float) -> str:
    """Return the line on a run of which no label counted at `step`."""
    return (
        f"스텝 {step}에서 학습을 멈췄습니다 (손실: {loss}). 이 미니배치의 정답이 모두 ignore_index라 평균할 것이 "
        "없습니다. batch_size를 늘리거나, 그런 행을 x와 y에서 빼고 모델부터 다시 만드십시오."
    )


def _told(step: int, loss: float, y_pred: Tensor, learning_rate: float, undefined: bool) -> str:
    """Return the line on a run whose loss of y_pred was no number at `step`, after an `undefined` gradient or not."""
    advice = (
        "갱신하기 전이니 학습률 탓이 아닙니다. 가중치에 NaN이 있으면 모델을 다시 만들고, 없으면 x와 y의 크기와 "
        "loss_fn을 살펴보십시오."
    )
    if y_pred.dtype == torch.float16:
        advice = (
            "float16은 1e-8 같은 수를 0으로, 65504보다 큰 수를 무한대로 만듭니다. "
            "모델을 다시 만들고 model.float(), x.float()처럼 바꾸어 학습해 보십시오."
        )
    elif step > 1 and undefined:
        advice = (
            f"스텝 {step - 1}의 손실은 커지지 않았는데 기울기가 NaN이니 학습률 탓이 아닙니다. loss_fn과 forward에서 "
            "0의 제곱근(sqrt, ** 0.5)이나 0으로 나누는 곳을 찾아 1e-12처럼 작은 수를 더하고, 모델부터 다시 만드십시오."
        )
    elif step > 1:
        rate = particle(f"learning_rate={learning_rate:g}", "을", "를")
        advice = f"그 앞의 기록은 남아 있습니다. {rate} 10분의 1로 줄여 모델부터 다시 만들어 보십시오."
    if y_pred.isfinite().all():
        if ((y_pred == 0) | (y_pred == 1)).any() and ((y_pred >= 0) & (y_pred <= 1)).all():
            advice = (
                "모델의 출력에 0이나 1이 있어 loss_fn의 log(0)이 무한대가 됩니다. F.binary_cross_entropy나 "
                "F.cross_entropy를 쓰거나, 로그 안의 p를 p.clamp(1e-7, 1 - 1e-7)로 바꾸십시오."
            )
        elif math.isnan(loss):
            advice += " 출력은 유한하니, loss_fn에 0 이하의 로그, 큰 수의 exp, 0으로 나누는 곳이 없는지도 보십시오."
    return f"스텝 {step}에서 학습이 발산했습니다 (손실: {loss}). {advice}"


def _batches(x: Tensor, y: Tensor, batch_size: int | None, seed: int) -> Iterator[Data]:
    """Yield (x, y) for ever: all rows each time, or mini-batches in an order that is shuffled anew each epoch."""
    generator = new_generator(seed)
    if batch_size is None:
        return itertools.repeat((x, y))
    batch_size = checks.whole_number("batch_size", batch_size)
    orders = (torch.randperm(len(x), generator=generator, device="cpu").to(x.device) for _ in itertools.count())
    return ((x[rows], y[rows]) for order in orders for rows in order.split(batch_size))
