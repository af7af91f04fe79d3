"""Tests that bad input is told in Korean: the value, what was expected and what to try, before anything is changed."""

import re
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

import mlp_tutorial as mt
from mlp_tutorial import checks

X, Y = mt.random_data(8, 4, 1, seed=1)
LABELS = torch.tensor([0, 1, 2, 0, 1, 2, 0, 1])


def with_one(values: Tensor, bad: float) -> Tensor:
    """Return a copy of `values` with one bad number in it."""
    values = values.clone()
    values[3, 0] = bad
    return values


# what is wrong: (outputs, x, y, loss_fn), error, what the message must say in this order
BAD_DATA = {
    "x shorter than y": (1, X[:5], Y, F.mse_loss, ValueError, ["같고", "x 5행, y 8행", "x.shape"]),
    "no rows": (1, X[:0], Y[:0], F.mse_loss, ValueError, ["1 이상", "x 0행, y 0행", "x.shape"]),
    "x is a list": (1, X.tolist(), Y, F.mse_loss, TypeError, ["x는 텐서여야", "list", "torch.as_tensor(x)"]),
    "y is an array": (1, X, Y.numpy(), F.mse_loss, TypeError, ["y는 텐서여야", "ndarray", "torch.as_tensor(y)"]),
    "x is one number": (1, X[0, 0], Y, F.mse_loss, ValueError, ["x는 행과 열이 있는", "()", "x.reshape(1, -1)"]),
    "x (N,)": (1, X[:, 0], Y, F.mse_loss, ValueError, ["행과 열이 있는", "(8,)", "x.reshape(-1, 1)"]),
    "y is one number": (1, X, Y[0, 0], F.mse_loss, ValueError, ["y는 행이 있는", "()", "y.reshape(1, -1)"]),
    "x of integers": (
        1, X.long(), Y, F.mse_loss, TypeError, ["torch.float32여야", "torch.int64", "x.to(torch.float32)"],
    ),
    "x of float64": (
        1, X.double(), Y, F.mse_loss, TypeError, ["torch.float32여야", "torch.float64", "x.to(torch.float32)"],
    ),
    "y of float64": (
        1, X, Y.double(), F.mse_loss, TypeError, ["torch.float32여야", "torch.float64", "y.to(torch.float32)"],
    ),
    "x elsewhere": (1, X.to("meta"), Y, F.mse_loss, ValueError, ["x는", "'cpu'에", "'meta'", "x.to('cpu')"]),
    "y elsewhere": (1, X, Y.to("meta"), F.mse_loss, ValueError, ["y는", "'cpu'에", "'meta'", "y.to('cpu')"]),
    "NaN in x": (1, with_one(X, torch.nan), Y, F.mse_loss, ValueError, ["x에 NaN", "1개", "torch.isfinite(x)"]),
    "infinity in x": (1, with_one(X, torch.inf), Y, F.mse_loss, ValueError, ["x에 NaN", "1개", "isfinite(x)"]),
    "NaN in y": (1, X, with_one(Y, torch.nan), F.mse_loss, ValueError, ["y에 NaN", "1개", "torch.isfinite(y)"]),
    "infinity in y": (1, X, with_one(Y, -torch.inf), F.mse_loss, ValueError, ["y에 NaN", "1개", "isfinite(y)"]),
    "x too narrow": (
        1, X[:, :3], Y, F.mse_loss, ValueError, ["'layer_01'은(는) 입력 4개", "3개가", "(8, 3)", "D_in"],
    ),
    "y (N,) against (N, 1)": (
        1, X, Y.flatten(), F.mse_loss, ValueError, ["(8, 1)여야", "(8,)", "y.reshape(8, 1)", "브로드캐스팅"],
    ),
    "y too narrow": (3, X, Y, F.mse_loss, ValueError, ["(8, 3)여야", "(8, 1)", "출력 노드 수를 y의 열 수에"]),
    "float labels": (3, X, LABELS.float(), F.cross_entropy, ValueError, ["(8, 3)여야", "(8,)", "y.long()"]),
    "labels under MSE": (3, X, LABELS, F.mse_loss, TypeError, ["실수여야", "torch.int64", "F.cross_entropy"]),
    "labels under MSELoss": (3, X, LABELS, nn.MSELoss(), TypeError, ["실수여야", "torch.int64", "F.cross_entropy"]),
    "whole numbers for one output": (1, X, Y.long(), F.mse_loss, TypeError, ["실수여야", "torch.int64", "y.float()"]),
    "0 and 1 for one output": (
        1, X, LABELS[:, None] > 0, nn.BCEWithLogitsLoss(), TypeError, ["실수여야", "torch.bool", "y.float()"],
    ),
    "classes for one output": (
        1, X, LABELS, F.cross_entropy, ValueError, ["열이 둘 이상", "(8, 1)", "D_out을 클래스의 수로"],
    ),
    "float y (N, 1) under cross-entropy": (
        1, X, Y, nn.CrossEntropyLoss(), ValueError, ["열이 둘 이상", "(8, 1)", "D_out을 클래스의 수로"],
    ),
    "a loss class": (1, X, Y, nn.MSELoss, TypeError, ["함수여야", "MSELoss", "F.mse_loss", "nn.MSELoss()"]),
    "a loss name": (1, X, Y, "mse", TypeError, ["함수여야", "'mse'", "F.mse_loss", "nn.MSELoss()"]),
    "a called loss": (1, X, Y, lambda: 0, TypeError, ["계산할 수 있어야", "lambda", "F.mse_loss", "nn.MSELoss()"]),
    "a loss a row": (
        1, X, Y, nn.MSELoss(reduction="none"), TypeError, ["수 하나", "(8, 1)", "reduction='mean'"],
    ),
    "a loss that is no tensor": (1, X, Y, lambda *_: 1.0, TypeError, ["수 하나", "float", ".mean()"]),
    "labels (N, 1)": (
        3, X, LABELS[:, None], F.cross_entropy, ValueError, ["(8,)여야", "(8, 1)", "y.flatten()"],
    ),
    "int32 labels": (
        3, X, LABELS.int(), F.cross_entropy, TypeError, ["torch.int64여야", "torch.int32", "y.long()"],
    ),
    "labels from 1": (
        3, X, LABELS + 1, F.cross_entropy, ValueError, ["0부터 2까지여야", "1부터 3까지", "y - 1"],
    ),
    "label −1": (3, X, LABELS - 1, F.cross_entropy, ValueError, ["0부터 2까지여야", "-1부터 1까지", "y - 1"]),
}  # fmt: skip


def said(call: Callable[[], object], error: type[Exception], parts: list[str]) -> None:
    """Assert that `call` raises exactly `error` with one line that holds `parts` in order."""
    with pytest.raises(error, match=".*".join(re.escape(part) for part in parts)) as caught:
        call()
    assert caught.type is error
    assert "\n" not in str(caught.value)
    assert "(받은 " in str(caught.value)


def options(loss_fn: Callable) -> dict:
    """Return what `fit` needs beside the data; the second mini-batch of two rows would come late."""
    return {"loss_fn": loss_fn, "learning_rate": 0.1, "n_steps": 3, "batch_size": 2}


@pytest.mark.parametrize("case", BAD_DATA)
def test_fit_refuses_bad_data_and_changes_nothing(case: str) -> None:
    D_out, x, y, loss_fn, error, parts = BAD_DATA[case]
    model = mt.MLP((4, 3, D_out))
    before = [parameter.clone() for parameter in model.parameters()]
    said(lambda: mt.fit(model, x, y, **options(loss_fn)), error, parts)
    assert all(torch.equal(a, b) for a, b in zip(before, model.parameters(), strict=True))


@pytest.mark.parametrize("case", BAD_DATA)
def test_fit_refuses_bad_validation_data_before_the_first_step(case: str) -> None:
    D_out, x, y, loss_fn, error, parts = BAD_DATA[case]
    model = mt.MLP((4, 3, D_out))
    before = [parameter.clone() for parameter in model.parameters()]
    good_y = LABELS if loss_fn is F.cross_entropy and D_out > 1 else torch.zeros(8, D_out)
    said(lambda: mt.fit(model, X, good_y, validation=(x, y), **options(loss_fn)), error, parts)
    assert all(torch.equal(a, b) for a, b in zip(before, model.parameters(), strict=True))


@pytest.mark.parametrize("case", BAD_DATA)
def test_evaluate_refuses_bad_data(case: str) -> None:
    D_out, x, y, loss_fn, error, parts = BAD_DATA[case]
    said(lambda: mt.evaluate(mt.MLP((4, 3, D_out)), x, y, loss_fn=loss_fn), error, parts)


@pytest.mark.parametrize("case", ["labels (N, 1)", "int32 labels", "labels from 1", "label −1", "x too narrow"])
def test_accuracy_refuses_bad_labels(case: str) -> None:
    D_out, x, y, _, error, parts = BAD_DATA[case]
    y = y if case != "x too narrow" else LABELS
    said(lambda: mt.accuracy(mt.MLP((4, 3, D_out)), x, y), error, parts)


def test_a_bad_label_in_a_late_mini_batch_is_found_before_the_first_step() -> None:
    y = LABELS.clone()
    y[-1] = 9
    model = mt.MLP((4, 3))
    before = model.layer_01.weight.clone()
    said(lambda: mt.fit(model, X, y, **options(F.cross_entropy)), ValueError, ["0부터 2까지", "0부터 9까지"])
    assert torch.equal(before, model.layer_01.weight)


@pytest.mark.parametrize("bad", [0, -0.1, torch.inf, torch.nan, "0.1"])
def test_fit_refuses_learning_rates(bad: object) -> None:
    arguments = options(F.mse_loss) | {"learning_rate": bad}
    parts = ["learning_rate는 0보다 큰 유한한 수여야", f"(받은 값: {bad!r})", "1e-4"]
    said(lambda: mt.fit(mt.MLP((4, 1)), X, Y, **arguments), ValueError, parts)


@pytest.mark.parametrize(
    ("name", "least", "bad"),
    [("n_steps", 0, -1), ("n_steps", 0, 2.5), ("batch_size", 1, 0), ("validate_every", 1, 0), ("seed", 0, -1)],
)
def test_fit_refuses_numbers_that_are_no_counts(name: str, least: int, bad: object) -> None:
    parts = [f"{name}는 {least} 이상의 정수여야", f"(받은 값: {bad!r})", "예를 들어 10"]
    said(lambda: mt.fit(mt.MLP((4, 1)), X, Y, **options(F.mse_loss) | {name: bad}), ValueError, parts)


@pytest.mark.parametrize("make", [mt.random_data, mt.learnable_data])
@pytest.mark.parametrize(("position", "name"), [(0, "batch_size는"), (1, "D_in은"), (2, "D_out은")])
@pytest.mark.parametrize("bad", [0, -1, 1.5, "2"])
def test_data_of_no_size(make: Callable, position: int, name: str, bad: object) -> None:
    sizes = [3, 3, 3]
    sizes[position] = bad
    said(lambda: make(*sizes), ValueError, [f"{name} 1 이상의 정수여야", f"(받은 값: {bad!r})", "예를 들어"])


@pytest.mark.parametrize("make", [mt.random_data, mt.learnable_data])
def test_data_on_an_unknown_device(make: Callable) -> None:
    said(lambda: make(3, 3, 3, device="gpu"), ValueError, ["'cpu', 'cuda'처럼", "'gpu'", "device='cpu'"])


@pytest.mark.parametrize(
    "take", [lambda seed: mt.random_data(2, 2, 2, seed=seed), lambda seed: mt.two_moons(4, seed=seed)]
)
def test_seeds_from_zero_to_the_largest_that_numpy_takes(take: Callable) -> None:
    take(0)
    take(2**32 - 1)
    said(lambda: take(2**32), ValueError, ["seed는 4294967295 이하여야", "4294967296", "10"])
    said(lambda: take(-1), ValueError, ["seed는 0 이상의 정수여야", "-1"])


@pytest.mark.parametrize("fractions", [(0.5, 0.4), (1.5, -0.5), (0.0, 1.0), (0.99, 0.01)])
def test_split_refuses_fractions(fractions: tuple[float, ...]) -> None:
    said(lambda: mt.split(X, Y, fractions=fractions), ValueError, ["fractions는"])


def test_split_refuses_other_lengths() -> None:
    said(lambda: mt.split(X, Y[:5]), ValueError, ["x 8행, y 5행"])


def test_split_refuses_lists() -> None:
    said(lambda: mt.split(X.tolist(), Y), TypeError, ["x는 텐서여야", "list", "torch.as_tensor(x)"])


def test_two_moons_refuses_bad_numbers() -> None:
    said(lambda: mt.two_moons(0), ValueError, ["n은 1 이상의 정수여야", "0"])
    said(lambda: mt.two_moons(4, noise=0), ValueError, ["noise는 0보다 큰", "0"])


@pytest.mark.parametrize("model", [nn.ReLU(), nn.Linear(4, 4).requires_grad_(False)], ids=["none", "frozen"])
def test_fit_needs_something_to_train_and_evaluate_does_not(model: nn.Module) -> None:
    said(lambda: mt.fit(model, X, X, **options(F.mse_loss)), ValueError, ["매개변수가 있어야", "0개", "nn.Linear"])
    assert mt.evaluate(model, X, X, loss_fn=F.mse_loss) >= 0


def test_fit_refuses_an_optimizer_that_is_made_already() -> None:
    model = mt.MLP((4, 1))
    made = torch.optim.SGD(model.parameters(), lr=0.1)
    said(
        lambda: mt.fit(model, X, Y, optimizer=made, **options(F.mse_loss)),
        TypeError,
        ["클래스여야", "SGD", "괄호 없이"],
    )


@pytest.mark.parametrize("bad", [X, (X,), (X, Y, Y)])
def test_fit_refuses_validation_data_that_are_no_pair(bad: object) -> None:
    parts = ["validation은 x와 y, 두", type(bad).__name__, "validation=(x_val, y_val)"]
    said(lambda: mt.fit(mt.MLP((4, 1)), X, Y, validation=bad, **options(F.mse_loss)), TypeError, parts)


def test_the_layer_is_named_where_there_is_a_name() -> None:
    for model, name in ((nn.Linear(5, 1), "Linear"), (nn.Sequential(nn.Linear(5, 1)), "0")):
        said(lambda m=model: mt.evaluate(m, X, Y, loss_fn=F.mse_loss), ValueError, [f"층 '{name}'은(는) 입력 5개"])


def test_the_layer_that_does_not_fit_is_named_wherever_it_stands() -> None:
    images = X.reshape(8, 2, 2)
    flat, unequal = nn.Sequential(nn.Flatten(), nn.Linear(5, 1)), nn.Sequential(nn.Linear(4, 3), nn.Linear(2, 1))
    for model, x, parts in ((flat, images, ["5개", "4개가", "(8, 4)"]), (unequal, X, ["2개", "3개가", "(8, 3)"])):
        said(lambda m=model, x=x: mt.fit(m, x, Y, **options(F.mse_loss)), ValueError, ["층 '1'은(는) 입력", *parts])
        said(lambda m=model, x=x: mt.accuracy(m, x, LABELS), ValueError, ["층 '1'은(는) 입력", *parts])
    assert (
        mt.fit(nn.Sequential(nn.Flatten(), nn.Linear(4, 1)), images, Y, **options(F.mse_loss)).losses.isfinite().all()
    )


@pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has one device")
def test_two_devices_do_not_mix() -> None:
    model = mt.MLP((4, 1)).to("cuda")
    said(
        lambda: mt.fit(model, X, Y, **options(F.mse_loss)), ValueError, ["x는", "'cuda:0'에", "'cpu'", "x.to('cuda:0')"]
    )
    assert len(mt.fit(model, X.to("cuda"), Y.to("cuda"), **options(F.mse_loss)).losses) == 3


def test_no_hook_remains_in_the_loop() -> None:
    hooks = []

    def watched(y_pred: Tensor, y: Tensor) -> Tensor:
        hooks.append(len(model.layer_01._forward_pre_hooks))
        return F.mse_loss(y_pred, y)

    model = mt.MLP((4, 1))
    mt.fit(model, X, Y, **options(watched))
    assert hooks == [0] * 4  # the check and three steps


def test_particles() -> None:
    assert [checks.topic(name) for name in ("D_in", "D_out", "H", "x", "seed")] == [
        "D_in은", "D_out은", "H는", "x는", "seed는",
    ]  # fmt: skip
