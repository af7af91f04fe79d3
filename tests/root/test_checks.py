"""Tests that bad input is told in Korean: the value, what was expected and what to try, before anything is changed."""

import copy
import inspect
import math
import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from nets import Net
from scipy.sparse import csr_array
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

import mlp_tutorial as mt
from mlp_tutorial import checks
from mlp_tutorial.terminal import remedies
from mlp_tutorial.terminal.korean import topic

X, Y = mt.random_data(8, 4, 1, seed=1)
LABELS = torch.tensor([0, 1, 2, 0, 1, 2, 0, 1])
MSE, CEE = F.mse_loss, F.cross_entropy
HOW = {"loss_fn": MSE, "learning_rate": 0.1, "n_steps": 3}


def with_bad(values: Tensor, *bad: float) -> Tensor:
    """Return a copy of `values` whose first rows begin with the `bad` numbers."""
    values = values.clone()
    values[: len(bad), 0] = torch.tensor(bad)
    return values


def takes_nothing() -> float:
    """Stand in for a function that is no loss function."""
    return 0.0


# what is wrong: (outputs, x, y, loss_fn), error, what the message names, what it gives as received, part of its remedy
BAD_DATA = {
    "x shorter than y": (1, X[:5], Y, MSE, ValueError, "x와 y의 행의 수", "값: x 5행, y 8행", "y.shape"),
    "no rows": (1, X[:0], Y[:0], MSE, ValueError, "x와 y의 행의 수", "값: x 0행, y 0행", "y.shape"),
    "x is a list": (1, X.tolist(), Y, MSE, TypeError, "x는 텐서", "값의 형: list", "torch.tensor(x)"),
    "y is an array": (1, X, Y.numpy(), MSE, TypeError, "y는 텐서", "값의 형: ndarray", "torch.tensor(y.copy())"),
    "x is a table of pandas": (
        1, SimpleNamespace(to_numpy=X.numpy), Y, MSE, TypeError, "x는 텐서", "값의 형: SimpleNamespace",
        "torch.tensor(x.to_numpy())",
    ),
    "y is a sparse table of SciPy": (
        1, X, csr_array(Y.numpy()), MSE, TypeError, "y는 텐서", "값의 형: csr_array", "torch.tensor(y.toarray())",
    ),
    "x is a data set": (
        1, TensorDataset(X, Y), Y, MSE, TypeError, "x는 텐서", "값의 형: TensorDataset",
        "x, y = next(iter(DataLoader(dataset, batch_size=len(dataset))))로",
    ),
    "x is a loader": (
        1, DataLoader(X), Y, MSE, TypeError, "x는 텐서", "값의 형: DataLoader",
        "x, y = next(iter(DataLoader(loader.dataset, batch_size=len(loader.dataset))))로",
    ),
    "x is a part with its y": (1, (X, Y), Y, MSE, TypeError, "x는 텐서", "값의 형: tuple", "x, y = 묶음으로 풀어"),
    "x is a part of arrays": (
        1, (X.numpy(), Y.numpy()), Y, MSE, TypeError, "x는 텐서", "값의 형: tuple", "x, y = 묶음으로 풀어",
    ),
    "x has parts of one length": (
        1, (X, Y, X), Y, MSE, TypeError, "x는 텐서", "값의 형: tuple", "[np.shape(v) for v in x]를 출력해",
    ),
    "y is numbers of NumPy's": (
        1, X, [np.array(1.0)] * 8, MSE, TypeError, "y는 텐서", "값의 형: list", "torch.tensor(y)로",
    ),
    "x is a file": (1, "x.csv", Y, MSE, TypeError, "x는 텐서", "값의 형: str", "x = np.loadtxt(x, delimiter=',',"),
    "x has rows of two lengths": (
        1, [[1.0, 2.0], [3.0]], Y, MSE, TypeError, "x는 텐서", "값의 형: list", "[np.shape(v) for v in x]를 출력해",
    ),
    "x has tensors of two lengths": (
        1, [*torch.ones(7).split([2, 2, 3])], Y, MSE, TypeError, "x는 텐서", "값의 형: list",
        "[np.shape(v) for v in x]를 출력해",
    ),
    "x is nothing": (1, None, Y, MSE, TypeError, "x는 텐서", "값의 형: NoneType", "return으로"),
    "x is a dict": (1, {"data": X}, Y, MSE, TypeError, "x는 텐서", "값의 형: dict", "data 가운데 하나를"),
    "x holds words": (1, np.array([["a", 1]], object), Y, MSE, TypeError, "x는 텐서", "값의 형: ndarray", "astype"),
    "x is numbers in words": (1, ["1.5"] * 8, Y, MSE, TypeError, "x는 텐서", "값의 형: list", "float(v) for v in x"),
    "y is names": (1, X, ["a", "b"] * 4, MSE, TypeError, "y는 텐서", "값의 형: list", "names.index(v) for v in y"),
    "x is sparse": (1, X.to_sparse(), Y, MSE, ValueError, "x는 희소", "값: torch.sparse_coo", "x.to_dense()"),
    "y is sparse": (1, X, Y.to_sparse(), MSE, ValueError, "y는 희소", "값: torch.sparse_coo", "y.to_dense()"),
    "rows of two lengths": (
        1, torch.nested.nested_tensor([X[0], X[1, :2]], layout=torch.jagged), Y, MSE, ValueError, "x는 행의 길이",
        "값: torch.jagged의 중첩 텐서", "x.to_padded_tensor(0.0)",
    ),
    "x is a list of rows": (1, [*X], Y, MSE, TypeError, "x는 텐서", "값의 형: list", "torch.stack(list(x))"),
    "x is one number": (1, X[0, 0], Y, MSE, ValueError, "x는 행과 열", "모양: ()", "x.reshape(1, -1)"),
    "x (N,)": (1, X[:, 0], Y, MSE, ValueError, "x는 행과 열", "모양: (8,)", "x.reshape(-1, 1)"),
    "y is one number": (1, X, Y[0, 0], MSE, ValueError, "y는 행", "모양: ()", "y.reshape(1, -1)"),
    "x of float64": (1, X.double(), Y, MSE, TypeError, "x의 자료형", "값: torch.float64", "x.to(torch.float32)"),
    "y of float64": (1, X, Y.double(), MSE, TypeError, "y의 자료형", "값: torch.float64", "y.to(torch.float32)"),
    "x elsewhere": (1, X.to("meta"), Y, MSE, ValueError, "x는 모델과 같은 장치 'cpu'", "값: 'meta'", "x.to('cpu')"),
    "y elsewhere": (1, X, Y.to("meta"), MSE, ValueError, "y는 모델과 같은 장치 'cpu'", "값: 'meta'", "y.to('cpu')"),
    "NaN in x": (1, with_bad(X, torch.nan), Y, MSE, ValueError, "x에 NaN", "값: 1개", "torch.isfinite(x)"),
    "two infinities": (1, with_bad(X, *[torch.inf] * 2), Y, MSE, ValueError, "x에", "값: 2개", "torch.isfinite(x)"),
    "infinity in y": (1, X, with_bad(Y, -torch.inf), MSE, ValueError, "y에 NaN", "값: 1개", "torch.isfinite(y)"),
    "x too narrow": (1, X[:, :3], Y, MSE, ValueError, "층 'layer_01'은(는) 입력 4개", "모양: (8, 3)", "D_in"),
    "images": (
        1, X.reshape(8, 2, 2), Y, MSE, ValueError, "층 'layer_01'은(는) 입력 4개", "모양: (8, 2, 2)", "x.flatten(1)",
    ),
    "images as wide as x": (
        1, X[:, None].expand(8, 2, 4), Y, MSE, ValueError, "같은 (8, 2, 1)", "모양: (8, 1)", "x.flatten(1)",
    ),
    "images and labels": (3, X[:, None], LABELS, CEE, ValueError, "모양은 (8, 1)", "모양: (8,)", "x.flatten(1)"),
    "y (N,) against (N, 1)": (1, X, Y.flatten(), MSE, ValueError, "y의 모양", "모양: (8,)", "y.reshape(8, 1)"),
    "y too narrow": (3, X, Y, MSE, ValueError, "y의 모양은 모델의 출력과 같은 (8, 3)", "모양: (8, 1)", "출력 노드 수"),
    "float labels": (3, X, LABELS.float(), CEE, ValueError, "y의 모양", "모양: (8,)", "y.long()"),
    "labels under MSE": (3, X, LABELS, MSE, TypeError, "(MSE)의 y", "값: torch.int64", "loss_fn=F.cross_entropy"),
    "labels under MSELoss": (3, X, LABELS, nn.MSELoss(), TypeError, "(MSE)의 y", "값: torch.int64", "y.float()"),
    "whole numbers for one output": (1, X, Y.long(), MSE, TypeError, "y는 모델의 출력", "값: torch.int64", "y.float()"),
    "classes for one output": (1, X, LABELS, CEE, ValueError, "열이 둘 이상", "모양: (8, 1)", "D_out"),
    "a partial of it": (
        1, X, LABELS, partial(CEE, label_smoothing=0.1), ValueError, "열이 둘 이상", "모양: (8, 1)", "D_out",
    ),
    "float y (N, 1) under cross-entropy": (
        1, X, Y, nn.CrossEntropyLoss(), ValueError, "열이 둘 이상", "모양: (8, 1)", "D_out",
    ),
    "a loss class": (1, X, Y, nn.MSELoss, TypeError, "loss_fn은 함수", f"값: {nn.MSELoss!r}", "nn.MSELoss()"),
    "a loss name": (1, X, Y, "mse", TypeError, "loss_fn은 함수", "값: 'mse'", "괄호 없이"),
    "a called loss": (
        1, X, Y, takes_nothing, TypeError, "loss_fn(y_pred, y)로 계산",
        f"값: {takes_nothing!r}, 까닭: takes_nothing() takes 0 positional arguments but 2 were given", "nn.MSELoss()",
    ),
    "a loss (1,)": (1, X, Y, lambda *pair: MSE(*pair)[None], TypeError, "수 하나", "값: 모양이 (1,)인 텐서", ".mean()"),
    "complex x": (1, X + 0j, Y, MSE, TypeError, "x의 자료형", "값: torch.complex64", "view_as_real(x).flatten(1)"),
    "complex y": (1, X, Y + 0j, MSE, TypeError, "y는 실수", "값: torch.complex64", "y의 크기라면 .abs()를"),
    "a complex loss": (
        1, X, Y, lambda *pair: 1j * MSE(*pair), TypeError, "실수 하나", "값: torch.complex64의 텐서", ".abs()나",
    ),
    "a loss that is no tensor": (1, X, Y, lambda *_: 1.0, TypeError, "수 하나", "값: float", ".item()"),
    "labels (N, 1)": (3, X, LABELS[:, None], CEE, ValueError, "클래스 번호 y의 모양은 (8,)", "모양: (8, 1)", "flatten"),
    "int32 labels": (3, X, LABELS.int(), CEE, TypeError, "클래스 번호 y의 자료형", "값: torch.int32", "y.long()"),
    "labels from 1": (3, X, LABELS + 1, CEE, ValueError, "클래스 번호 y는 0부터 2까지", "값: 1부터 3까지", "y - 1"),
    "label −1": (3, X, LABELS - 1, CEE, ValueError, "클래스 번호 y는 0부터 2까지", "값: -1부터 1까지", "y >= 0인 행만"),
    "a late label": (3, X, LABELS + 8 * (torch.arange(8) == 7), CEE, ValueError, "0부터 2", "값: 0부터 9까지", "y"),
}  # fmt: skip
TO_FLOAT = "x.astype('float32')로 바꾼 다음 텐서로 만드십시오."
WORDS = np.array([["a", 1]], object)
NO_TENSORS = {  # what is no tensor yet: the remedy in its whole length
    "truths beside numbers": (np.array([[1.5, True]], object), TO_FLOAT),
    "words beside numbers": (WORDS, f"수가 아닌 열을 빼고 {TO_FLOAT}"),
    "days": (np.array(["2026-01-01"], "M8[D]"), f"수가 아닌 열을 빼고 {TO_FLOAT}"),
    "a table of polars": (
        SimpleNamespace(__array__=lambda: WORDS, to_numpy=lambda: WORDS),
        "수가 아닌 열을 빼고 x.to_numpy().astype('float32')로 바꾼 다음 텐서로 만드십시오.",
    ),
    "a lazy table of polars": (SimpleNamespace(collect=None), "torch.tensor(x.collect().to_numpy())로 바꾸십시오."),
    "names, and none": (
        ["a", None, "b"],
        "글자에 다른 값이 섞였으니 [v for v in x if not isinstance(v, str)]를 출력해 보고, 빈 값이라면 그 행을 x와 "
        "정답에서 함께 빼십시오.",
    ),
    "a masked array": (
        np.ma.masked_greater([[1.0, 999.0]], 100),
        "가린 값을 x.filled(수)로 채우거나, 그 행을 x와 정답에서 함께 뺀 다음 텐서로 만드십시오.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", NO_TENSORS)
def test_what_is_no_tensor_yet_is_told_how_it_becomes_one(case: str) -> None:
    given, remedy = NO_TENSORS[case]
    assert remedies.to_tensor("x", given) == remedy


OF_LABELS = ("labels (N, 1)", "int32 labels", "labels from 1", "label −1", "a late label", "classes for one output")


def said(call: Callable[[], object], error: type[Exception], name: str, got: str, remedy: str) -> None:
    """Assert that `call` raises exactly `error`, and that its message tells what is wrong, with what, and a remedy."""
    with pytest.raises(error) as caught:
        call()
    told = re.fullmatch(r"(.*[가-힣]니다|.*는데 .*) \(받은 (.+?)\)\. (.+(?:십시오|니다)\.)", str(caught.value))
    assert told, caught.value
    assert caught.type is error
    assert (name in told[1], told[2], remedy in told[3]) == (True, got, True), caught.value


def fit(**changed: object) -> mt.History:
    """Train a new model on good data with the options that are `changed`; a second mini-batch comes late."""
    return mt.fit(**{"model": mt.MLP((4, 1)), "x": X, "y": Y, "batch_size": 2} | HOW | changed)


@pytest.mark.parametrize(
    ("loss_fn", "remedy"),
    [
        (nn.BCELoss(), "binary_cross_entropy_with_logits"),
        (nn.CrossEntropyLoss(torch.ones(1).double()), "모델의 출력과 자료형이 같아야"),
        (nn.CrossEntropyLoss(torch.ones(3)), "클래스마다 하나로"),
        (lambda y_pred, _: y_pred.mean(dim=7), "따로 실행해"),
        (lambda y_pred, y: F.cross_entropy(y_pred, y, weigth=None), "따로 실행해"),
        (lambda y_pred: y_pred.mean(), "괄호 없이 적거나"),
        (lambda y_pred, y, var: (y_pred[:, 0] - y).mean() / var, "빠진 값까지 lambda y_pred, y: "),
        (lambda y_pred, _: F.cross_entropy(y_pred), "빠진 값까지 lambda y_pred, y: "),
        (nn.CosineEmbeddingLoss(), "빠진 값까지 lambda y_pred, y: "),
        (lambda y_pred, y: F.cross_entropy(y_pred, y, weight=[1.0, 2.0]), r"목록이라면 torch\.tensor"),
        (lambda y_pred, y: (y_pred.argmax(dim=1) == y).mean(), "float.*를 먼저"),
    ],
)
def test_a_loss_that_fails_is_told_with_what_to_do(loss_fn: nn.Module, remedy: str) -> None:
    binary = isinstance(loss_fn, nn.BCELoss)
    y_pred, y = (9 + torch.ones(8, 1), torch.ones(8, 1)) if binary else (torch.ones(8, 2), LABELS.clamp(max=1))
    with pytest.raises(TypeError, match=rf"까닭: .*\. .*{remedy}.*십시오\.$"):
        checks.scalar_loss(loss_fn, y_pred, y)


@pytest.mark.parametrize("case", BAD_DATA)
def test_bad_data_is_refused_and_changes_nothing(case: str) -> None:
    D_out, x, y, loss_fn, *expected = BAD_DATA[case]
    model = mt.MLP((4, 3, D_out))
    before = [parameter.clone() for parameter in model.parameters()]
    good_y = LABELS if loss_fn is CEE and D_out > 1 else torch.zeros(8, D_out)
    said(lambda: fit(model=model, x=x, y=y, loss_fn=loss_fn), *expected)
    said(lambda: fit(model=model, y=good_y, validation=(x, y), loss_fn=loss_fn), *expected)
    said(lambda: mt.evaluate(model, x, y, loss_fn=loss_fn), *expected)
    if case in (*OF_LABELS, "x too narrow"):
        expected[1:] = [
            re.sub(r"(?<![a-z])y(?![a-z])", "labels", part) for part in expected[1:]
        ]  # as accuracy calls it
        said(lambda: mt.accuracy(model, x, y if case in OF_LABELS else LABELS), *expected)
    assert all(map(torch.equal, before, model.parameters()))


def test_accuracy_takes_labels_that_fit_the_outputs() -> None:
    deep = nn.Linear(4, 3)
    said(lambda: mt.accuracy(deep, X[:, None], LABELS), ValueError, "(8, 1)", "모양: (8,)", "x.flatten(1)")
    assert mt.accuracy(deep, X[:, None], LABELS[:, None]) == mt.accuracy(deep, X, LABELS)


@pytest.mark.parametrize("loss_fn", [F.nll_loss, nn.NLLLoss()])
def test_the_loss_of_log_probabilities_takes_nothing_else(loss_fn: checks.LossFunction) -> None:
    for last in (nn.Identity(), nn.Softmax(dim=1), nn.LogSoftmax(dim=0)):
        with pytest.raises(ValueError, match=r"확률의 로그.*받은 값: 더해 .*cross_entropy로 바꾸십시오\.$"):
            fit(model=nn.Sequential(nn.Linear(4, 3), last), y=LABELS, loss_fn=loss_fn)
    model = nn.Sequential(nn.Linear(4, 3), nn.LogSoftmax(dim=1))
    told = mt.evaluate(model, X, LABELS, loss_fn=loss_fn)
    assert told == pytest.approx(mt.evaluate(model[0], X, LABELS, loss_fn=CEE))


@pytest.mark.parametrize("loss_fn", [F.kl_div, nn.KLDivLoss(reduction="batchmean")])
@pytest.mark.filterwarnings("ignore:reduction. 'mean':UserWarning")
def test_the_divergence_of_kullback_and_leibler_takes_nothing_else(loss_fn: checks.LossFunction) -> None:
    y = F.one_hot(LABELS, 3).float()
    for last in (nn.Identity(), nn.Softmax(dim=1)):  # with which it falls for ever, or is below 0
        with pytest.raises(ValueError, match=r"F\.kl_div에는 확률의 로그.*cross_entropy로 바꾸십시오\.$"):
            fit(model=nn.Sequential(nn.Linear(4, 3), last), y=y, loss_fn=loss_fn)
    model = nn.Sequential(nn.Linear(4, 3), nn.LogSoftmax(dim=1))
    assert mt.evaluate(model, X, y, loss_fn=loss_fn) > 0
    assert fit(model=mt.MLP((4, 3)), y=y, loss_fn=CEE).losses.isfinite().all()  # as the remedy says
    of_places = nn.Sequential(nn.Linear(4, 6), nn.Unflatten(1, (3, 2)), nn.LogSoftmax(dim=1))  # (N, n_classes, 2)
    assert mt.evaluate(of_places, X, y.unsqueeze(2).repeat(1, 1, 2), loss_fn=loss_fn) > 0


@pytest.mark.parametrize(
    ("loss_fn", "number"),
    [
        (CEE, -100),
        (nn.CrossEntropyLoss(ignore_index=-1), -1),
        (partial(CEE, ignore_index=255), 255),
        (nn.NLLLoss(ignore_index=-1), -1),
    ],
)
def test_labels_that_the_loss_leaves_out_are_no_classes(loss_fn: checks.LossFunction, number: int) -> None:
    model, some = nn.Sequential(nn.Linear(4, 3), nn.LogSoftmax(dim=1)), torch.arange(8) > 2
    y = LABELS.where(some, number)
    told = mt.evaluate(model, X, y, loss_fn=loss_fn)
    assert told == pytest.approx(mt.evaluate(model, X[some], y[some], loss_fn=loss_fn))
    expected = ValueError, "손실이 세는 것", "값: 모두 ignore_index인 8개", "ignore_index를 고치"
    said(lambda: mt.evaluate(model, X, y * 0 + number, loss_fn=loss_fn), *expected)
    with pytest.raises(ValueError, match="0부터 2까지여야"):
        mt.evaluate(model, X, y.where(some, -7), loss_fn=loss_fn)


SMOOTHED = partial(CEE, label_smoothing=0.1)


@pytest.mark.parametrize("loss_fn", [CEE, nn.CrossEntropyLoss(), SMOOTHED])
def test_cross_entropy_takes_no_probabilities(loss_fn: checks.LossFunction) -> None:
    with pytest.raises(ValueError, match=r"확률이 아니라 로짓.*소프트맥스를 빼십시오\.$"):
        fit(model=nn.Sequential(nn.Linear(4, 3), nn.Softmax(dim=1)), y=LABELS, loss_fn=loss_fn)
    for last in (nn.Sigmoid(), nn.ReLU(), nn.LogSoftmax(dim=1)):  # which may be meant
        assert len(fit(model=nn.Sequential(nn.Linear(4, 3), last), y=LABELS, loss_fn=loss_fn).losses) == 3


@pytest.mark.parametrize("loss_fn", [CEE, nn.CrossEntropyLoss(), SMOOTHED])
@pytest.mark.parametrize(
    ("y", "got"),
    [
        ([[1, 0, 0], [1, 1, 0]], "더해 1.00부터 2.00까지"),  # several classes in a row
        ([[0.5, -0.25, 0.75], [2, 0, 0]], "가장 작은 값 -0.25, 더해 1.00부터 2.00까지"),  # numbers to predict
        ([[0, 0, 0], [1, 0, 0]], "더해 0.00부터 1.00까지"),
    ],
)
def test_right_answers_of_cross_entropy_are_probabilities(loss_fn: checks.LossFunction, y: list, got: str) -> None:
    expected = ValueError, "행마다 더해 1인 확률", f"값: {got}", "F.binary_cross_entropy_with_logits로"
    said(lambda: fit(model=mt.MLP((4, 3)), x=X[:2], y=torch.tensor(y, dtype=torch.float32), loss_fn=loss_fn), *expected)
    soft = torch.tensor([[0.2, 0.3, 0.5], [0.0, 0.0, 1.0]])
    assert mt.evaluate(mt.MLP((4, 3)), X[:2], soft, loss_fn=loss_fn) > 0


WITH_LOGITS = F.binary_cross_entropy_with_logits


@pytest.mark.parametrize("loss_fn", [WITH_LOGITS, nn.BCEWithLogitsLoss(), partial(WITH_LOGITS, reduction="sum")])
@pytest.mark.parametrize(("y", "got"), [(1 + (Y > 0).float(), "1부터 2까지"), (Y.sign(), "-1부터 1까지")])
def test_right_answers_of_logits_lie_between_0_and_1(loss_fn: checks.LossFunction, y: Tensor, got: str) -> None:
    expected = (
        ValueError,
        "with_logits의 y는 0과 1 사이",
        f"값: {got}",
        "1과 2라면 y - 1로, -1과 1이라면 (y > 0).float()로",
    )
    said(lambda: fit(y=y, loss_fn=loss_fn), *expected)
    assert mt.evaluate(mt.MLP((4, 1)), X, Y.sigmoid(), loss_fn=loss_fn) > 0


@pytest.mark.parametrize("loss_fn", [F.binary_cross_entropy_with_logits, nn.BCEWithLogitsLoss()])
def test_a_loss_of_logits_takes_no_sigmoids_output(loss_fn: checks.LossFunction) -> None:
    given = {"y": (Y > 0).float(), "loss_fn": loss_fn}
    with pytest.raises(ValueError, match=r"로짓을 넣어야.*시그모이드를 빼거나, .*binary_cross_entropy로 바꾸십시오\.$"):
        fit(model=nn.Sequential(nn.Linear(4, 1), nn.Sigmoid()), **given)
    hidden = nn.Sequential(nn.Linear(4, 3), nn.Sigmoid(), nn.Linear(3, 1))
    nn.init.constant_(hidden[2].weight, 0.1)  # so that the outputs look like probabilities
    nn.init.constant_(hidden[2].bias, 0.2)
    assert len(fit(model=hidden, **given).losses) == 3
    assert len(fit(model=nn.Sequential(nn.Linear(4, 1), nn.Sigmoid()), **given | {"loss_fn": nn.BCELoss()}).losses) == 3


@pytest.mark.parametrize(
    "layer", [nn.BatchNorm1d(2), nn.BatchNorm2d(3), nn.LayerNorm(2), nn.Unflatten(1, (2, 2)), nn.Conv2d(1, 1, 1)]
)
def test_what_torch_says_of_a_layer_that_does_not_fit_is_the_cause(layer: nn.Module) -> None:
    model = nn.Sequential(nn.Linear(4, 3), layer, nn.Flatten(), nn.Linear(3, 3))
    for call in (mt.fit, mt.evaluate, mt.accuracy):
        how = {mt.fit: {"loss_fn": CEE, "learning_rate": 1, "n_steps": 1}, mt.evaluate: {"loss_fn": CEE}}.get(call, {})
        with pytest.raises(
            RuntimeError, match=r"예측할 수 있어야 합니다 \(받은 값: Sequential, 까닭: [A-Za-z].*십시오\.$"
        ) as caught:
            call(model, X, LABELS, **how)
        assert caught.value.__cause__ is not None, "torch's own error, with the learner's line, is lost"
    norm = nn.Sequential(nn.BatchNorm1d(4), nn.Linear(4, 1))
    with pytest.raises(RuntimeError, match=r"^validation의 데이터: model은"):
        fit(model=norm, validation=(X[:, :3], Y))


class WithoutInput(nn.Linear):
    """A network whose forward does not take x."""

    def forward(self) -> Tensor:
        """Return what is no prediction."""
        return self.bias


class TrainsItself(nn.Linear):
    """A network whose train is a loop of its own, which PyTorch calls to change the mode."""

    def train(self, x: Tensor, y: Tensor) -> None:
        """Learn nothing."""


@pytest.mark.parametrize(
    ("model", "x", "remedy"),
    [
        (nn.Sequential(nn.Linear(4, 3), nn.BatchNorm2d(3)), X, "nn.BatchNorm1d로 두십시오."),
        (mt.MLP((4, 3, 1), activation=math.tanh), X, "math의 함수, float(), .item() 대신 torch의 연산을"),
        (
            Net(lambda net, x: net[0](x) * float(x), nn.Linear(4, 1)),
            X,
            "math의 함수, float(), .item() 대신 torch의 연산을",
        ),
        (Net(lambda net, x: net[0](x) * x.item(), nn.Linear(4, 1)), X, "float(), .item() 대신 torch의 연산을"),
        (Net(lambda net, x: torch.tensor([net[0](x)] * 2), nn.Linear(4, 1)), X, "텐서의 목록은 torch.stack으로"),
        (Net(lambda net, x: net[0](x.double()), nn.Linear(4, 1)), X, "x.float()처럼 그 층의 가중치와"),
        (nn.Sequential(nn.LSTM(4, 3), nn.Linear(3, 1)), X, "튜플이라면 [0]처럼"),
        (nn.InstanceNorm2d(4, affine=True), X, "층마다 받는 수를"),
        (nn.Sequential(nn.Conv2d(1, 8, 1), nn.Conv2d(4, 1, 1)), X.reshape(8, 1, 2, 2), "받는 채널의 수를 앞 층이"),
        (nn.Conv2d(1, 1, 1), X.reshape(8, 2, 2), "x.reshape(len(x), 1, 높이, 너비)"),
        (nn.Conv2d(1, 1, 1), X, "x.reshape(len(x), 1, 높이, 너비)"),
        (nn.Conv1d(1, 1, 1), X, "nn.Conv1d에는 (행, 채널, 길이)를"),
        (nn.Conv1d(4, 1, 1), X.reshape(8, 2, 2), "nn.Conv1d에는 (행, 채널, 길이)를"),
        (nn.Conv1d(1, 1, 1), X.reshape(8, 1, 2, 2), "x.reshape(len(x), 1, -1)이나"),
        (WithoutInput(4, 1), X, "def forward(self, x):"),
        (nn.Bilinear(4, 4, 1), X, "넣는 것의 수를 같게"),
        (TrainsItself(4, 1), X, "이름을 train_model처럼 바꾸십시오."),
    ],
)
def test_a_layer_or_function_of_another_kind_is_told_which_to_take(model: nn.Module, x: Tensor, remedy: str) -> None:
    for call in (lambda: fit(model=model, x=x), lambda: mt.accuracy(model, x, LABELS)):
        with pytest.raises(RuntimeError, match=rf"까닭: [^가-힣]*\)\. .*{re.escape(remedy)}"):
            call()


@pytest.mark.parametrize("given", [nn.ReLU, F.relu])
def test_a_layer_that_gets_no_tensor_is_told_how_to_call_it(given: Callable) -> None:
    model = Net(lambda net, x: net[0](given(net[0])), nn.Linear(4, 4))  # net[0](x) is forgotten
    for call in (lambda: fit(model=model), lambda: mt.accuracy(model, X, LABELS)):
        with pytest.raises(RuntimeError, match=r"까닭: .* must be Tensor, not .*F\.relu\(self\.층\(x\)\)나"):
            call()


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ("CUDA out of memory. Tried to allocate 2 GiB", "x의 행을 나누어"),
        ("No working C++ compiler found", "torch.compile을 빼"),
        ("Calling eval() is not supported yet.", "torch.export로 내보낸 것이 아니라"),  # of an exported model
    ],
)
def test_an_error_that_is_no_layers_has_a_remedy_of_its_own(said: str, remedy: str) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError(said)

    with pytest.raises(RuntimeError, match=rf"까닭: {re.escape(said)}\)\. {re.escape(remedy)}"):
        fit(model=Net(fail, nn.Linear(4, 1)))


# what is wrong: the call, what the message names, what it gives as received, part of its remedy, error if another
BAD_CALLS = {
    **{
        f"{name}={bad!r}": (lambda name=name, bad=bad: fit(**{name: bad}), f"{name}는 {least}", bad, "예를 들어")
        for name, least, bad in [
            ("n_steps", 0, -1), ("n_steps", 0, -2.5), ("batch_size", 1, 0), ("validate_every", 1, 0), ("seed", 0, -1),
            *(("learning_rate", 0, rate) for rate in (0, -0.1, torch.inf, torch.nan, "fast")),
        ]
    },
    **{
        f"{make.__name__} of {name}={bad!r}": (
            lambda make=make, name=name, bad=bad: make(**{"batch_size": 3, "D_in": 3, "D_out": 3} | {name: bad}),
            f"{topic(name)} 1 이상", bad, "몫 //를" if bad else "10",
        )
        for make in (mt.random_data, mt.learnable_data) for name in ("batch_size", "D_in", "D_out") for bad in (0, 1.5)
    },
    "steps that were divided": (lambda: fit(n_steps=20 * 8 / 2), "n_steps는 0 이상", 80.0, "/ 대신 몫 //를"),
    "a seed that was divided": (lambda: fit(seed=np.float64(3)), "seed는 0 이상", np.float64(3), "int()로"),
    "a seed far too large": (lambda: fit(seed=1e10), "seed는 0 이상", 1e10, "예를 들어"),
    "steps without end": (lambda: fit(n_steps=torch.inf), "n_steps는 0 이상", torch.inf, "예를 들어"),
    "a seed too long to write": (
        lambda: fit(seed=10**5000), "4294967295 이하", "값: 자릿수가 너무 많은 정수", "예를 들어",
    ),
    "an unknown device": (lambda: mt.random_data(3, 3, 3, device="gpu"), "아는 장치", "gpu", "'cpu'"),
    "a device that is none": (lambda: mt.learnable_data(3, 3, 3, device=3.5), "아는 장치", 3.5, "'cpu'"),
    "a rate of a file": (lambda: fit(learning_rate="1e-3"), "learning_rate는 0보다", "1e-3", "float('1e-3')처럼"),
    "steps of a file": (lambda: fit(n_steps="500"), "n_steps는 0 이상", "500", "int('500')처럼"),
    "a seed below zero": (lambda: mt.random_data(2, 2, 2, seed=-1), "seed는 0 이상", -1, "10"),
    "a seed that NumPy does not take": (lambda: mt.two_moons(4, seed=2**32), "4294967295 이하", 2**32, "10"),
    "a seed that torch takes for 0": (lambda: mt.random_data(2, 2, 2, seed=2**32), "4294967295 이하", 2**32, "10"),
    "no moons": (lambda: mt.two_moons(0), "n은 1 이상", 0, "10"),
    "moons without noise": (lambda: mt.two_moons(4, noise=0), "noise는 0보다", 0, "1e-4"),
    "a part of size 0": (lambda: mt.split(X, Y, fractions=(0.0, 1.0)), "fractions는 0보다", 0.0, "0.1"),
    **{
        f"parts {parts}": (lambda parts=parts: mt.split(X, Y, fractions=[*parts]), "1이", f"값: {parts}, 행 8개", "0.6")
        for parts in ((0.5, 0.4), (0.5, 0.500002), (0.99, 0.01))
    },
    "a fraction of a file": (lambda: mt.split(X, Y, fractions="0.8"), "fractions는", "0.8", "float('0.8')처럼"),
    "one fraction": (lambda: mt.split(X, Y, fractions=0.8), "1이", "값: (0.8,), 행 8개", "0.6"),
    "a seed of no mini-batches": (lambda: fit(seed=-5, batch_size=None), "seed는 0 이상", -5, "10"),
    "lengths to split": (lambda: mt.split(X, Y[:5]), "x와 y의 행의 수", "값: x 8행, y 5행", "x.shape"),
    "lists to split": (lambda: mt.split(X.tolist(), Y), "x는 텐서", "값의 형: list", "torch.tensor(x)", TypeError),
    **{f"widths {bad}": (lambda bad=bad: mt.MLP(bad), "둘 이상", bad, "(2, 16, 2)") for bad in ((), (5,), 5)},
    "nothing to train": (lambda: fit(model=nn.ReLU()), "학습할 매개변수", "값: 0개", "requires_grad_(True)"),
    "an optimizer that is made already": (
        lambda: fit(optimizer=torch.optim.Adam([torch.ones(1)])), "optimizer는", "값의 형: Adam",
        "torch.optim.Adam(weights, lr=lr, …)", TypeError,
    ),
    "an optimizer of one's own": (
        lambda: fit(optimizer=type("Mine", (torch.optim.SGD,), {})([torch.ones(1)])), "optimizer는", "값의 형: Mine",
        "torch.optim.SGD(weights, lr=lr, …)", TypeError,
    ),
    "an optimizer's name": (
        lambda: fit(optimizer="adam"), "optimizer는", "값의 형: str", "torch.optim.SGD처럼 괄호 없이", TypeError,
    ),
    **{
        f"validation of {got}": (lambda bad=bad: fit(validation=bad), "validation은 x와 y", got, "(x_val", TypeError)
        for got, bad in [
            ("값의 형: Tensor", X[:2]), ("값: 1개의 tuple", (X,)), ("값: 3개의 tuple", (X, Y, Y)),
            ("값: 4개의 list", [X, Y, X, Y]),
        ]
    },
    "lengths of validation": (
        lambda: fit(validation=(X, Y[:3])), "validation의 데이터: x와 y의 행", "값: x 8행, y 3행", "y.shape",
    ),
    "a list in validation": (
        lambda: fit(validation=(X, Y.tolist())), "validation의 데이터: y는", "값의 형: list", "tensor(y)", TypeError,
    ),
    "validation never": (lambda: fit(validation=(X, Y)), "n_steps 이하", "값: 100, n_steps는 3", "validate_every=1"),
    "validation never in repeat": (
        lambda: mt.repeat((4, 1), [((X, Y), (X, Y))], seeds=[0], **HOW | {"n_steps": 30}, validate_every=31),
        "n_steps 이하", "값: 31, n_steps는 30", "validate_every=3",
    ),
    "an activation's class": (lambda: mt.MLP((4, 3, 1), nn.ReLU), "activation은 함수", nn.ReLU, "nn.ReLU()", TypeError),
    "one-hot labels": (
        lambda: mt.accuracy(mt.MLP((4, 3)), X, F.one_hot(LABELS, 3)),
        "labels의 모양은 (8,)", "모양: (8, 3)", "labels.argmax(dim=1)",
    ),
    "one output without a column": (
        lambda: mt.accuracy(nn.Sequential(nn.Linear(4, 1), nn.Flatten(0)), X, LABELS),
        "열이 둘 이상", "모양: (8,)", "labels.flatten() > 0.5",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_CALLS)
def test_bad_calls(case: str) -> None:
    call, name, got, remedy, *error = BAD_CALLS[case]
    got = got if re.match("값|모양", str(got)) else f"값: {got!r}"
    said(call, *(error or [ValueError]), name, got, remedy)


@pytest.mark.parametrize(
    "call",
    [
        lambda: mt.MLP((4, 3, 1), activation=F.relu(torch.rand(99, 3))),
        lambda: mt.MLP(mt.MLP((4, 3, 1))),
        lambda: fit(learning_rate=torch.rand(99, 3)),
        lambda: fit(n_steps=list(range(999))),
        lambda: fit(loss_fn=torch.rand(99, 3)),
        lambda: fit(loss_fn=partial(lambda weight, y_pred, y: weight[y_pred], torch.rand(99, 3))),
        lambda: mt.random_data(3, 3, 3, device=torch.rand(99, 3)),
    ],
)
def test_a_long_value_is_cut_short_in_a_message(call: Callable[[], object]) -> None:
    with pytest.raises((TypeError, ValueError), match=r"^[^\n]+ …[^\n]*\)\. [^\n]+십시오\.$") as caught:
        call()
    assert len(str(caught.value)) < 300


def test_of_no_steps_none_is_validated() -> None:
    assert fit(validation=(X, Y), n_steps=0).validation_losses == {}


def test_a_frozen_model_can_be_evaluated_and_not_trained() -> None:
    assert mt.evaluate(nn.ReLU(), X, X, loss_fn=MSE) == pytest.approx(X.clamp(max=0).square().mean().item())
    model = nn.Linear(4, 4).requires_grad_(False)
    with pytest.raises(ValueError, match="매개변수"):
        fit(model=model, y=X)
    assert mt.evaluate(model, X, X, loss_fn=MSE) >= 0
    model.bias.requires_grad_(True)
    assert len(fit(model=model, y=X).losses) == 3  # one layer to train is enough


@pytest.mark.parametrize(
    ("model", "x", "layer", "takes", "shape"),
    [
        (nn.Linear(5, 1), X, "Linear", 5, (8, 4)),
        (nn.Linear(5, 1), X.reshape(8, 2, 2), "Linear", 5, (8, 2, 2)),
        (nn.Sequential(nn.Flatten(), nn.Linear(5, 1)), X.reshape(8, 2, 2), "1", 5, (8, 4)),
        (nn.Sequential(nn.Linear(4, 3), nn.Linear(2, 1)), X, "1", 2, (8, 3)),
    ],
)
def test_the_layer_that_does_not_fit_is_named_wherever_it_stands(
    model: nn.Module, x: Tensor, layer: str, takes: int, shape: tuple[int, ...]
) -> None:
    names = f"층 '{layer}'은(는) 입력 {takes}개를 받는데 한 행에 {shape[-1]}개"
    for call in (lambda: fit(model=model, x=x), lambda: mt.accuracy(model, x, LABELS)):
        said(call, ValueError, names, f"모양: {shape}", "D_in")


def test_a_layer_after_another_takes_what_that_one_makes_of_x() -> None:
    model = nn.Sequential(nn.Flatten(), nn.Linear(4, 1))
    assert fit(model=model, x=X.reshape(8, 2, 2)).losses.isfinite().all()


@pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has one device")
def test_two_devices_do_not_mix() -> None:
    model = mt.MLP((4, 1)).to("cuda")
    said(lambda: fit(model=model), ValueError, "장치 'cuda:0'", "값: 'cpu'", "x.to('cuda:0')")
    assert len(fit(model=model, x=X.to("cuda"), y=Y.to("cuda")).losses) == 3


def test_a_network_of_words_takes_whole_numbers() -> None:
    x = torch.tensor([[0, 1], [2, 3], [4, 0], [1, 1], [2, 0], [3, 3], [4, 4], [0, 0]])
    model = nn.Sequential(nn.Embedding(5, 3), nn.Flatten(), nn.Linear(6, 3))
    given = {"y": LABELS, "loss_fn": CEE, "validation": (x, LABELS), "validate_every": 1, "batch_size": None}
    history = fit(model=model, x=x, **given)
    assert history.losses[-1] < history.losses[0]
    assert mt.accuracy(model, x, LABELS) >= 0
    said(lambda: fit(x=x), TypeError, "x의 자료형", "값: torch.int64", "x.to(torch.float32)")
    with pytest.raises(RuntimeError, match=r"까닭: .*'indices'.*\)\. nn\.Embedding에는 x\.long\(\)처럼"):
        fit(model=model, x=x.float(), **given)
    with pytest.raises(RuntimeError, match=r"까닭: .*'indices'.*\)\. nn\.Embedding에는 x\.long\(\)처럼"):
        fit(model=model, x=x.double(), **given)
    for change in (1, -1):
        with pytest.raises(RuntimeError, match=r"nn\.Embedding의 첫 수를 x의 가장 큰 수보다 크게 두고, x에 음수가"):
            fit(model=model, x=x + change, **given)


def test_no_hook_remains_in_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = []
    monkeypatch.setattr(checks.networks, "_input_width", lambda name, *_: looked_at.append(name))
    fit()
    assert looked_at == ["layer_01"]  # by the check before the first step


def holding(**attributes: object) -> nn.Linear:
    """Return a layer with these attributes, of which one may hide a method, or hide parts from `parameters()`."""
    layer = nn.Linear(4, 1)
    for name, value in attributes.items():
        setattr(layer, name, value)
    return layer


# what is wrong: model, what the message names, what it gives as received, part of its remedy
NO_NETWORKS = {
    "a class": (mt.MLP, "model은 만들어 둔 신경망", "값: 클래스 MLP", "괄호를 붙여"),
    "a function": (said, "model은 만들어 둔 신경망", "값: function", "nn.Module을 물려받는"),
    "data": (X, "model은 만들어 둔 신경망", "값: Tensor", "mt.MLP((2, 16, 2))"),
    "no super().__init__()": (Net.__new__(Net), "__init__을 거친", "값: 거치지 않은 Net", "super"),
    "what was saved": (mt.MLP((4, 1)).state_dict(), "model은 만들어 둔 신경망", "값: OrderedDict", "load_state_dict("),
    "where it was saved": ("model.pt", "model은 만들어 둔 신경망", "값: str", "load_state_dict(torch.load(파일))"),
    "what loading returns": (
        nn.ReLU().load_state_dict({}),
        "model은 만들어 둔 신경망",
        "값: _IncompatibleKeys",
        "그 model을 넣으십시오",
    ),
    "nothing": (None, "model은 만들어 둔 신경망", "값: NoneType", "return으로"),
    "its method": (mt.MLP((4, 1)).forward, "model은 만들어 둔 신경망", "값: method", ".forward 없이 model만"),
    "networks in a list": ([mt.MLP((4, 1))], "model은 만들어 둔 신경망", "값: list", "신경망 하나를"),
    "no forward": (nn.ModuleList([nn.Linear(4, 1)]), "model의 forward는", "값의 형: method (PyTorch의 빈 것)", "철자"),
    "a hidden train": (holding(train=X), "model의 train은", "값의 형: Tensor", "self.train"),
    "a hidden eval": (holding(eval=X), "model의 eval은", "값의 형: Tensor", "self.eval"),
    "layers in a list": (holding(a=[nn.Linear(4, 4)]), "등록되어", "값: list에 든 self.a", "nn.ModuleList"),
    "layers in a dict": (holding(a={"b": nn.Linear(4, 4)}), "등록되어", "값: dict에 든 self.a", "nn.ModuleDict"),
    "lists of layers": (holding(a=[[nn.Linear(4, 4)]]), "등록되어", "값: list에 든 self.a", "nn.ModuleList"),
    "a tensor": (holding(a=torch.ones(4, requires_grad=True)), "등록되어", "값: Tensor에 든 self.a", "nn.Parameter로"),
    "hidden parameters": (holding(parameters=X), "model의 parameters는", "값의 형: Tensor", "self.parameters"),
}
NO_PREDICTIONS = {
    "no return": (Net(lambda *_: None, nn.Linear(4, 1)), "model은 예측이 든 텐서", "값의 형: NoneType", "return"),
    "two outputs": (nn.LSTM(4, 3), "model은 예측이 든 텐서", "값의 형: tuple", "예측만"),
    "complex numbers": (
        Net(lambda net, x: torch.fft.fft(net[0](x)), nn.Linear(4, 1)),
        "model은 실수",
        "값: torch.complex64",
        "출력의 크기라면 .abs()를",
    ),
    "class numbers": (
        Net(lambda net, x: net[0](x).argmax(dim=1), nn.Linear(4, 3)),
        "model은 실수",
        "값: torch.int64",
        "argmax",
    ),
}


@pytest.mark.parametrize("case", NO_NETWORKS | NO_PREDICTIONS)
def test_what_is_no_network_or_predicts_nothing_is_refused(case: str) -> None:
    model, *expected = (NO_NETWORKS | NO_PREDICTIONS)[case]
    said(lambda: fit(model=model), TypeError, *expected)
    said(lambda: mt.evaluate(model, X, Y, loss_fn=MSE), TypeError, *expected)
    said(lambda: mt.accuracy(model, X, LABELS), TypeError, *expected)
    for call in (mt.count_parameters, mt.reference.load_post_weights) if case in NO_NETWORKS else ():
        said(lambda call=call: call(model), TypeError, *expected)


MADE_ANEW = Net(lambda net, x: nn.Linear(4, 1)(net[0](x)), nn.Linear(4, 4))
DROPPING = Net(lambda net, x: F.dropout(net[0](x)), nn.Linear(4, 1))


@pytest.mark.parametrize("model", [MADE_ANEW, DROPPING])
def test_a_model_that_answers_otherwise_each_time_is_refused(model: nn.Module) -> None:
    expected = ValueError, "늘 같은 예측", "값: 부를 때마다 다른 예측", "__init__에서"
    for call in (
        lambda: fit(model=model),
        lambda: mt.evaluate(model, X, Y, loss_fn=MSE),
        lambda: mt.accuracy(model, X, LABELS),
        lambda: mt.repeat(lambda: copy.deepcopy(model), [((X, Y), (X, Y))], seeds=[1], **HOW),
    ):
        said(call, *expected)


@pytest.mark.parametrize("first", [nn.ReLU(inplace=True), nn.Dropout(inplace=True)])
def test_a_layer_that_changes_x_in_place_is_told_and_x_put_back(first: nn.Module) -> None:
    def make() -> nn.Module:
        return nn.Sequential(first, nn.Linear(4, 1))

    x = X.clone()
    calls = [
        lambda: fit(model=make(), x=x, batch_size=None),
        lambda: mt.repeat(make, [((x, Y), (x, Y))], seeds=[1], **HOW),
        lambda: mt.evaluate(make(), x, Y, loss_fn=MSE),
        lambda: mt.accuracy(make(), x, LABELS),
    ]
    for call in calls[: 2 if isinstance(first, nn.Dropout) else 4]:  # dropout changes nothing but in training
        with pytest.raises((RuntimeError, ValueError), match=r"x의 값이 그 자리에서 바뀜\).*inplace=True.*십시오\.$"):
            call()
        assert torch.equal(x, X)
    if isinstance(first, nn.Dropout):
        assert len(fit(model=make(), x=x).losses) == 3  # of a mini-batch, a copy
        assert torch.equal(x, X)


def test_a_loss_that_changes_y_in_place_is_told_and_y_put_back() -> None:
    y = Y.clone()
    with pytest.raises(TypeError, match="y의 값이 그 자리에서 바뀜"):
        mt.evaluate(mt.MLP((4, 1)), X, y, loss_fn=lambda y_pred, y: MSE(y_pred, y.mul_(2)))
    assert torch.equal(y, Y)


def test_what_was_changed_in_place_before_another_error_is_put_back() -> None:
    class Centred(mt.MLP):
        def forward(self, x: Tensor) -> Tensor:
            return super().forward(x.sub_(1))

    def doubled(_: Tensor, y: Tensor) -> Tensor:
        return MSE(y.mul_(2), y[0, 0, 0])

    x, y = X.clone(), Y.clone()
    with pytest.raises(ValueError, match="layer_01"):
        fit(model=Centred((3, 1)), x=x)
    with pytest.raises(TypeError, match="loss_fn"):
        fit(y=y, loss_fn=doubled)
    assert torch.equal(x, X)
    assert torch.equal(y, Y)


def test_a_lazy_layer_has_nothing_to_count_and_can_be_trained() -> None:
    model = nn.Sequential(nn.LazyLinear(3), nn.ReLU(), nn.LazyLinear(1))
    said(lambda: mt.count_parameters(model), ValueError, "크기가 정해져", "값: 아직 크기가 없는 0.weight", "model(x)")
    assert len(fit(model=model).losses) == 3
    assert mt.count_parameters(model) == 4 * 3 + 3 + 3 + 1


@pytest.mark.parametrize("bad", [torch.nan, torch.inf])
def test_a_network_that_answers_nothing_is_told(bad: float) -> None:
    model = mt.MLP((4, 3))
    with torch.no_grad():
        model.layer_01.bias[1] = bad
    expected = ValueError, "모델의 출력에 NaN이나 무한대가", "값: 8개", "learning_rate를 줄여"
    said(lambda: mt.accuracy(model, X, LABELS), *expected)
    said(lambda: mt.evaluate(model, X, LABELS, loss_fn=CEE), *expected)


def test_minus_infinity_is_an_answer() -> None:
    model = mt.MLP((4, 3))
    with torch.no_grad():
        model.layer_01.bias[0] = -torch.inf
    assert mt.accuracy(model, X, model(X)[:, 1:].argmax(dim=1) + 1) == 1
    assert mt.evaluate(model, X, LABELS % 2 + 1, loss_fn=CEE) > 0


ONE_COLUMN = {
    "a lambda": lambda *pair: CEE(*pair),
    "a smoothed one": lambda *pair: SMOOTHED(*pair),
    "none": lambda *_: 0 * Y.sum(),
}


@pytest.mark.parametrize("case", ONE_COLUMN)
def test_a_loss_that_no_output_changes_is_refused(case: str) -> None:
    expected = ValueError, "손실은 모델의 출력에 따라", "값: 언제나 0, 출력의 모양 (8, 1)", "D_out을 클래스의 수로"
    said(lambda: fit(loss_fn=ONE_COLUMN[case]), *expected)
    said(lambda: mt.evaluate(mt.MLP((4, 1)), X, Y, loss_fn=ONE_COLUMN[case]), *expected)


def hinge(y_pred: Tensor, y: Tensor) -> Tensor:
    """Return the loss of a support vector machine for y of −1 and 1."""
    return F.relu(1 - y * y_pred).mean()


def test_a_loss_of_0_that_outputs_would_change_is_taken() -> None:
    model = nn.Sequential(mt.MLP((4, 1)), nn.Sigmoid())
    y_pred = model(X).detach()
    assert mt.evaluate(model, X, y_pred, loss_fn=MSE) == 0
    assert mt.evaluate(model, X[:1], model(X[:1]).detach(), loss_fn=MSE) == 0
    sides = torch.tensor([[1.0], [-1.0]])
    assert mt.evaluate(nn.Identity(), 5 * sides, sides, loss_fn=hinge) == 0
    scores, labels = 1e3 * torch.eye(2), torch.arange(2)
    assert mt.evaluate(nn.Identity(), scores, labels, loss_fn=ONE_COLUMN["a lambda"]) == 0
    linear = nn.Linear(4, 1)
    nn.init.constant_(linear.bias, 9.0)  # beyond 1
    assert mt.evaluate(linear, X, Y, loss_fn=strict) == 0


def strict(y_pred: Tensor, y: Tensor) -> Tensor:
    """Return 0 for what a linear layer gives, and refuse what lies within 0 … 1."""
    if y_pred.min() >= 0 and y_pred.max() <= 1:
        raise ValueError
    return 0 * (y_pred - y).sum()


NUMBERS = [torch.tensor(3), torch.tensor(3, dtype=torch.int32), np.int64(3), np.array(3)]
REALS = [torch.tensor(0.5), torch.tensor(0.5, requires_grad=True), np.float32(0.5), np.array(0.5), torch.tensor(2)]


@pytest.mark.parametrize("number", NUMBERS, ids=repr)
def test_what_holds_one_whole_number_is_one(number: object) -> None:
    assert (len(fit(n_steps=number).losses), mt.MLP((4, number)).widths) == (3, (4, 3))
    assert type(mt.Hyperparameters(H=number).H) is int


@pytest.mark.parametrize("number", REALS, ids=repr)
def test_what_holds_one_real_number_is_one(number: object) -> None:
    kept = mt.Hyperparameters(learning_rate=number).learning_rate
    assert (kept, type(kept)) == (number.item(), float)
    assert len(fit(learning_rate=number).losses) == 3


@pytest.mark.parametrize(
    "bad", [torch.tensor(True), torch.tensor([0.5]), torch.tensor(1j), np.bool_(True), np.str_("a")]
)
def test_what_holds_another_thing_is_refused(bad: object) -> None:
    said(lambda: fit(learning_rate=bad), ValueError, "learning_rate는 0보다", f"값: {bad!r}", "0.1")
    said(lambda: fit(n_steps=bad), ValueError, "n_steps는 0 이상", f"값: {bad!r}", "10")


@pytest.mark.parametrize(
    ("call", "got", "remedy"),
    [
        (lambda: fit(lr=0.1), "mt.fit에 없는 lr", "learning_rate=0.1"),
        (lambda: mt.fit(mt.MLP((4, 1)), (X, Y), **HOW), "'y'", "mt.fit(model, x, y, "),
        (lambda: mt.fit(mt.MLP((4, 1)), X, Y, MSE, 0.1, 3), "too many positional", "loss_fn=F.mse_loss, "),
        (lambda: mt.evaluate(mt.MLP((4, 1)), X, Y), "'loss_fn'", "loss_fn=F.mse_loss)처럼"),
        (lambda: mt.accuracy(mt.MLP((4, 3)), X), "'labels'", "mt.accuracy(model, x, labels)처럼"),
        (lambda: mt.split(X, Y, test_size=0.2), "mt.split에 없는 test_size", "fractions=(0.8, 0.2)"),
        (lambda: mt.two_moons(8, 0.3), "too many positional", "noise=0.3)처럼"),
        (lambda: mt.random_data(8, 4), "'D_out'", "mt.random_data(64, 1000, 10, "),
        (lambda: mt.learnable_data(8, 4, 1, 7), "too many positional", "seed=123)처럼"),
        (lambda: mt.Hyperparameters(lr=0.1), "mt.Hyperparameters에 없는 lr", "learning_rate=0.1"),
        (lambda: replace(mt.Hyperparameters(), epochs=3), "mt.Hyperparameters에 없는 epochs", "n_steps=100"),
        (lambda: mt.MLP(4, 16, 16, 1), "too many positional", "mt.MLP((2, 16, 2))처럼"),
        (lambda: mt.TwoLayerNet(4, 1), "'D_out'", "mt.TwoLayerNet(1000, 100, 10)처럼"),
        (lambda: mt.repeat((4, 1), [((X, Y), (X, Y))], seed=1, **HOW), "mt.repeat에 없는 seed", "seeds=range(3)"),
        (lambda: mt.count_parameters(), "'model'", "mt.count_parameters(model)처럼"),
        (lambda: mt.xor(4), "too many positional", "mt.xor()처럼"),
        (lambda: mt.digits(seed=1), "mt.digits에 없는 seed", "mt.digits()처럼"),
        (lambda: mt.estimate(X, 0.5), "too many positional", "mt.estimate(runs.accuracies)처럼"),
        (lambda: mt.check(len), "'answer'", 'mt.check("01_nand", nand)처럼'),
    ],
)
def test_a_call_with_other_arguments_is_told_how_to_write_it(call: Callable[[], object], got: str, remedy: str) -> None:
    with pytest.raises(
        TypeError, match=rf"^인수는 수와 이름이 mt\.\w+의 것과.*\(받은 인수: .*{got}.*십시오\.$"
    ) as caught:
        call()
    assert remedy in str(caught.value)


def test_a_function_that_tells_its_arguments_keeps_its_signature() -> None:
    assert [*inspect.signature(mt.fit).parameters][:4] == ["model", "x", "y", "loss_fn"]
    assert [*inspect.signature(mt.MLP).parameters] == ["widths", "activation"]
