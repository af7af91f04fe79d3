"""Checks of a loss function beside the outputs and the right answers that it shall compare.

A pair that does not fit often trains in silence, on a wrong loss.
"""

import re
from collections.abc import Callable
from contextlib import suppress

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mlp_tutorial.checks.rows import kept
from mlp_tutorial.checks.values import LOSS_FORMS
from mlp_tutorial.terminal import remedies
from mlp_tutorial.terminal.korean import BE, particle, shown, topic

LossFunction = Callable[[Tensor, Tensor], Tensor]


def scalar_loss(loss_fn: LossFunction, y_pred: Tensor, y: Tensor) -> float:
    """Return the loss of y_pred and y; raise where `loss_fn` can't compute it or returns no scalar tensor."""
    try:
        with kept("y", y):
            loss = loss_fn(y_pred, y)
    except Exception as error:
        how = "loss_fn(model(x), y)를 따로 실행해, 오류가 난 줄과 그 값의 모양을 보십시오."
        if re.search(r"missing \d+ required", str(error)):
            how = "까닭에 적힌 빠진 값까지 lambda y_pred, y: 손실(y_pred, y, …)처럼 넣으십시오."
        elif re.search(r"takes .*positional argument", str(error)):
            how = LOSS_FORMS
        raise TypeError(
            f"loss_fn은 loss_fn(y_pred, y)로 계산할 수 있어야 합니다 (받은 값: {shown(loss_fn)}, "
            f"까닭: {' '.join(str(error).split())}). {remedies.advice(error, how)}"
        ) from error
    if not isinstance(loss, Tensor) or loss.dim() > 0 or loss.is_complex():
        got, how = type(loss).__name__, "텐서 하나만 돌려주고, .item(), float(), NumPy 대신 torch의 연산을 쓰십시오."
        if isinstance(loss, Tensor) and loss.is_complex():
            got, how = f"{loss.dtype}의 텐서", "복소수이니 .abs()나 .real로 실수를 만드십시오."
        elif isinstance(loss, Tensor):
            got = f"모양이 {tuple(loss.shape)}인 텐서"
            how = "reduction='mean'으로 두거나 돌려주는 텐서에 .mean()을 붙이십시오."
        raise TypeError(f"loss_fn은 실수 하나가 든 텐서를 돌려주어야 합니다 (받은 값: {got}). {how}")
    if loss == 0:
        _follows_outputs(loss_fn, y_pred, y)
    return loss.item()


def _follows_outputs(loss_fn: LossFunction, y_pred: Tensor, y: Tensor) -> None:
    """Raise ValueError where the loss is 0 whatever the outputs are, as the cross-entropy of a single column is."""
    wave = torch.arange(1, y_pred.numel() + 1, device=y_pred.device, dtype=torch.float32).sin().reshape(y_pred.shape)
    wave = ((1 + wave) / 2).to(y_pred.dtype)  # within 0 … 1, which every loss function of probabilities takes
    always = False
    with suppress(Exception):  # one that takes fewer outputs still looks at them
        always = all(loss_fn(outputs, y) == 0 for outputs in (wave, 1 - wave))
    if always:
        raise ValueError(
            f"손실은 모델의 출력에 따라 달라져야 합니다 (받은 값: 언제나 0, 출력의 모양 {tuple(y_pred.shape)}). "
            "교차 엔트로피라면 출력 노드 수 D_out을 클래스의 수로 두고, 출력 하나로 0과 1을 맞힌다면 "
            "F.binary_cross_entropy_with_logits를 쓰십시오."
        )


def targets(loss_fn: LossFunction, y_pred: Tensor, y: Tensor) -> None:
    """Raise where `loss_fn` would fail on y_pred (N, D_out) and y, or would broadcast them in silence."""
    of_classes = _computes(loss_fn, F.cross_entropy, nn.CrossEntropyLoss)
    if of_classes:
        _several_classes(y_pred)
        _no_probabilities(y_pred)
    if not y.is_floating_point():
        if y.is_complex():
            raise TypeError(f"y는 실수여야 합니다 (받은 값: {y.dtype}). {remedies.TO_REAL.format('y')}")
        if y.numel() == y_pred.numel():
            raise TypeError(
                f"y는 모델의 출력처럼 실수여야 합니다 (받은 값: {y.dtype}). y.float()로 바꾸고, "
                "y가 클래스 번호라면 출력 노드 수 D_out을 클래스의 수로 두십시오."
            )
        if _computes(loss_fn, F.mse_loss, nn.MSELoss):
            raise TypeError(
                f"평균제곱오차(MSE)의 y는 실수여야 합니다 (받은 값: {y.dtype}). "
                "수를 맞히는 문제라면 y.float()로, 클래스를 맞히는 문제라면 loss_fn=F.cross_entropy로 바꾸십시오."
            )
        labels(y_pred, y, ignored=left_out(loss_fn, y))
        if _computes(loss_fn, F.nll_loss, nn.NLLLoss):
            _log_probabilities("F.nll_loss", y_pred)
        return
    if y.shape != y_pred.shape:
        remedy = "출력 노드 수를 y의 열 수에 맞추십시오. y가 클래스 번호라면 y.long()과 F.cross_entropy를 쓰십시오."
        if y.numel() == y_pred.numel():
            as_outputs = f"y.reshape{tuple(y_pred.shape)}로 바꾸십시오."
            remedy = f"{as_outputs} 그냥 두면 브로드캐스팅으로 엉뚱한 손실이 나옵니다."
        elif y_pred.dim() > 2:
            remedy = remedies.FLATTEN
        raise ValueError(
            f"y의 모양은 모델의 출력과 같은 {particle(tuple(y_pred.shape), *BE)} 합니다 "
            f"(받은 모양: {tuple(y.shape)}). {remedy}"
        )
    if y.dtype != y_pred.dtype:
        raise TypeError(
            f"y의 자료형은 모델의 출력과 같은 {particle(y_pred.dtype, *BE)} 합니다 (받은 값: {y.dtype}). "
            f"y.to({y_pred.dtype})로 바꾸십시오."
        )
    if of_classes:
        _target_probabilities(y)
    if takes_logits(loss_fn):
        _shares(y)
    if _computes(loss_fn, F.kl_div, nn.KLDivLoss) and y_pred.dim() == 2 and y_pred.shape[1] > 1:
        _log_probabilities("F.kl_div", y_pred)


def _computes(loss_fn: LossFunction, function: Callable[..., Tensor], module: type[nn.Module]) -> bool:
    """Return whether `loss_fn` is this function of PyTorch's, with settings of its own (partial) too, or its module."""
    return getattr(loss_fn, "func", loss_fn) is function or isinstance(loss_fn, module)


def left_out(loss_fn: LossFunction, y: Tensor) -> Tensor:
    """Return which of the labels y (N,) `loss_fn` leaves out of its mean, as cross-entropy's ignore_index says."""
    of_classes = _computes(loss_fn, F.cross_entropy, nn.CrossEntropyLoss) or _computes(loss_fn, F.nll_loss, nn.NLLLoss)
    if y.is_floating_point() or not of_classes:
        return torch.zeros_like(y, dtype=torch.bool)
    return y == getattr(loss_fn, "keywords", {}).get("ignore_index", getattr(loss_fn, "ignore_index", -100))


def _target_probabilities(y: Tensor) -> None:
    """Raise unless the rows of y (N, n_classes, …) are probabilities; cross-entropy would take any numbers for such."""
    sums = y.sum(dim=1)
    if (y < 0).any() or ((sums - 1).abs() > 0.01).any():
        low = f"가장 작은 값 {y.min().item():.2g}, " if (y < 0).any() else ""
        raise ValueError(
            "교차 엔트로피의 y는 클래스 번호이거나, 행마다 더해 1인 확률이어야 합니다 "
            f"(받은 값: {low}더해 {sums.min().item():.2f}부터 {sums.max().item():.2f}까지). "
            "수를 맞히는 문제라면 loss_fn=F.mse_loss로, 한 행에 클래스가 여럿이면 "
            "loss_fn=F.binary_cross_entropy_with_logits로 바꾸십시오."
        )


def _shares(y: Tensor) -> None:
    """Raise unless y lies within 0 … 1, without which the loss of logits, which takes any numbers, has no least."""
    low, high = y.min().item(), y.max().item()
    if low < 0 or high > 1:
        raise ValueError(
            f"F.binary_cross_entropy_with_logits의 y는 0과 1 사이여야 합니다 (받은 값: {low:g}부터 {high:g}까지). "
            "1과 2라면 y - 1로, -1과 1이라면 (y > 0).float()로 바꾸고, 수를 맞히는 문제라면 loss_fn=F.mse_loss로 "
            "바꾸십시오."
        )


def _no_probabilities(y_pred: Tensor) -> None:
    """Raise where y_pred (N, n_classes) went through a softmax; cross-entropy has one, and two learn slowly."""
    if len(y_pred) > 1 and (y_pred >= 0).all() and ((y_pred.sum(dim=-1) - 1).abs() < 1e-4).all():
        raise ValueError(
            "교차 엔트로피에는 확률이 아니라 로짓을 넣어야 합니다 (받은 값: 행마다 더해 1인 출력). "
            "소프트맥스가 교차 엔트로피 안에 있으니 모델의 끝에서 소프트맥스를 빼십시오."
        )


def takes_logits(loss_fn: LossFunction) -> bool:
    """Return whether the loss of single outputs has a sigmoid of its own."""
    return _computes(loss_fn, F.binary_cross_entropy_with_logits, nn.BCEWithLogitsLoss)


def no_sigmoid(y_pred: Tensor) -> None:
    """Raise where y_pred, computed with gradients on, comes straight from a sigmoid."""
    if y_pred.grad_fn is not None and y_pred.grad_fn.name().startswith("SigmoidBackward"):  # as torch 2.13 names it
        raise ValueError(
            "F.binary_cross_entropy_with_logits에는 확률이 아니라 로짓을 넣어야 합니다 (받은 값: 시그모이드의 출력). "
            "모델의 끝에서 시그모이드를 빼거나, loss_fn=F.binary_cross_entropy로 바꾸십시오."
        )


def _log_probabilities(name: str, y_pred: Tensor) -> None:
    """Raise unless y_pred (N, n_classes) holds logarithms of probabilities, without which the loss has no least."""
    sums = y_pred.exp().sum(dim=-1)
    off = sums[(sums - 1).abs() > 0.01]  # not of NaN, whose loss is told elsewhere
    if off.numel():
        raise ValueError(
            f"{name}에는 확률의 로그를 넣어야 하고, 확률은 행마다 더해 1이어야 합니다 "
            f"(받은 값: 더해 {off.min().item():.2f}부터 {off.max().item():.2f}까지). "
            "끝에 nn.LogSoftmax(dim=1)을 두거나(소프트맥스가 있으면 그 자리에), "
            "소프트맥스 없이 loss_fn=F.cross_entropy로 바꾸십시오."
        )


def _several_classes(y_pred: Tensor, name: str = "y") -> None:
    """Raise unless y_pred (N, n_classes) has an output for each of at least two classes; `accuracy` says labels."""
    if y_pred.dim() < 2 or y_pred.shape[-1] < 2:
        count = (
            "출력 하나로 0과 1을 맞혔다면 ((model(x).flatten() > 0) == (labels.flatten() > 0.5)).float().mean()으로 "
            "세고(끝에 시그모이드가 있거나 MSE로 학습했으면 첫 0을 0.5로), 아니면 "
        )
        raise ValueError(
            f"클래스를 맞히려면 모델의 출력에 열이 둘 이상이어야 합니다 (받은 모양: {tuple(y_pred.shape)}). "
            f"{count if name == 'labels' else ''}출력 노드 수 D_out을 클래스의 수로 두십시오."
        )


def labels(y_pred: Tensor, y: Tensor, name: str = "y", *, ignored: Tensor | None = None) -> None:
    """Raise unless y (N,) holds class labels 0 … n_classes − 1 for the outputs y_pred (N, n_classes).

    Where `ignored` (N,) is True any number may stand, but not in all rows.
    """
    _several_classes(y_pred, name)
    n_classes = y_pred.shape[-1]
    if y.shape != y_pred.shape[:-1]:
        how = f"{name}.flatten()으로 바꾸십시오."
        if y_pred.dim() > 2:
            how = remedies.FLATTEN
        elif y.shape == y_pred.shape:
            how = f"원-핫이라면 {name}.argmax(dim=1)로 바꾸십시오."
        raise ValueError(
            f"클래스 번호 {name}의 모양은 {particle(tuple(y_pred.shape[:-1]), *BE)} 합니다 "
            f"(받은 모양: {tuple(y.shape)}). {how}"
        )
    if y.dtype != torch.int64:
        raise TypeError(
            f"클래스 번호 {name}의 자료형은 torch.int64여야 합니다 (받은 값: {y.dtype}). {name}.long()으로 바꾸십시오."
        )
    y = y if ignored is None else y[~ignored]
    if not y.numel():
        raise ValueError(
            f"클래스 번호 {name}에는 손실이 세는 것이 있어야 합니다 (받은 값: 모두 ignore_index인 {len(y_pred)}개). "
            f"{name}를 출력해 보고, loss_fn의 ignore_index를 고치십시오."
        )
    low, high = int(y.min()), int(y.max())
    if low < 0 or high >= n_classes:
        remedy = f"R처럼 1부터 셌다면 {name} - 1로 바꾸고, 클래스가 더 많다면 출력 노드 수를 늘리십시오."
        if low < 0:
            rows = f"x와 {name}에서 {name} >= 0인 행만"
            remedy = f"-1과 1이라면 ({name} > 0).long()으로 바꾸고, 답을 모르는 행이라면 {rows} 남기십시오."
        got = f"{low}부터 {high}까지"
        raise ValueError(f"클래스 번호 {topic(name)} 0부터 {n_classes - 1}까지여야 합니다 (받은 값: {got}). {remedy}")
