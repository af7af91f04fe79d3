"""Tests that bad input is told in Korean: the value, what was expected and what to try, before anything is changed."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

import mlp_tutorial as mt
from mlp_tutorial import checks

X, Y = mt.random_data(8, 4, 1, seed=1)
LABELS = torch.tensor([0, 1, 2, 0, 1, 2, 0, 1])


def with_bad(values: Tensor, *bad: float) -> Tensor:
    """Return a copy of `values` whose first rows begin with the `bad` numbers."""
    values = values.clone()
    values[: len(bad), 0] = torch.tensor(bad)
    return values


def takes_nothing() -> float:
    """Stand in for a function that is no loss function."""
    return 0.0


BOTH_LENGTHS = "x와 y의 행의 수는 같고 1 이상이어야 합니다", "x.shape와 y.shape를 나란히 출력해 보십시오."
COLUMNS = (
    "x는 행과 열이 있는 텐서여야 합니다",
    "열이 하나라면 x.reshape(-1, 1)로, 행이 하나라면 x.reshape(1, -1)로 바꾸십시오.",
)
X_DTYPE = "x의 자료형은 모델의 가중치와 같은 torch.float32여야 합니다", "x.to(torch.float32)로 바꾸십시오."
X_FINITE = "x에 NaN이나 무한대가 없어야 합니다", "torch.isfinite(x)로 자리를 찾아 지우거나 채우십시오."
Y_FINITE = "y에 NaN이나 무한대가 없어야 합니다", "torch.isfinite(y)로 자리를 찾아 지우거나 채우십시오."
MORE_OUTPUTS = (
    "y의 모양은 모델의 출력과 같은 (8, 3)여야 합니다",
    "출력 노드 수를 y의 열 수에 맞추십시오. y가 클래스 번호라면 y.long()과 F.cross_entropy를 쓰십시오.",
)
MSE_LABELS = (
    "평균제곱오차(MSE)의 y는 실수여야 합니다",
    "수를 맞히는 문제라면 y.float()로, 클래스를 맞히는 문제라면 loss_fn=F.cross_entropy로 바꾸십시오.",
)
REAL_Y = "y는 모델의 출력처럼 실수여야 합니다", "y.float()로 바꾸십시오."
TWO_CLASSES = (
    "클래스를 맞히려면 모델의 출력에 열이 둘 이상이어야 합니다",
    "출력 노드 수 D_out을 클래스의 수로 두십시오.",
)
LOSS_FORMS = "F.mse_loss처럼 함수의 이름만 괄호 없이 적거나, nn.MSELoss()처럼 괄호를 붙여 적으십시오."
LOSS_FUNCTION = "loss_fn은 함수여야 합니다", LOSS_FORMS
ONE_LOSS = (
    "loss_fn은 수 하나가 든 텐서를 돌려주어야 합니다",
    "reduction='mean'으로 두거나 돌려주는 텐서에 .mean()을 붙이십시오.",
)
CLASSES = (
    "클래스 번호 y는 0부터 2까지여야 합니다",
    "R처럼 1부터 셌다면 y - 1로 바꾸고, 클래스가 더 많다면 출력 노드 수를 늘리십시오.",
)
LAYERS = "첫 층이라면 x의 열의 수와 D_in을, 그 뒤의 층이라면 앞 층의 출력 수와 이 층의 입력 수를 같게 하십시오."

# what is wrong: (outputs, x, y, loss_fn), error, what the message gives as received, what it expects and the remedy
BAD_DATA = {
    "x shorter than y": (1, X[:5], Y, F.mse_loss, ValueError, "값: x 5행, y 8행", BOTH_LENGTHS),
    "no rows": (1, X[:0], Y[:0], F.mse_loss, ValueError, "값: x 0행, y 0행", BOTH_LENGTHS),
    "x is a list": (
        1, X.tolist(), Y, F.mse_loss, TypeError, "값의 형: list",
        ("x는 텐서여야 합니다", "torch.as_tensor(x)로 바꾸십시오."),
    ),
    "y is an array": (
        1, X, Y.numpy(), F.mse_loss, TypeError, "값의 형: ndarray",
        ("y는 텐서여야 합니다", "torch.as_tensor(y)로 바꾸십시오."),
    ),
    "x is one number": (1, X[0, 0], Y, F.mse_loss, ValueError, "모양: ()", COLUMNS),
    "x (N,)": (1, X[:, 0], Y, F.mse_loss, ValueError, "모양: (8,)", COLUMNS),
    "y is one number": (
        1, X, Y[0, 0], F.mse_loss, ValueError, "모양: ()",
        ("y는 행이 있는 텐서여야 합니다", "y.reshape(1, -1)로 바꾸십시오."),
    ),
    "x of integers": (1, X.long(), Y, F.mse_loss, TypeError, "값: torch.int64", X_DTYPE),
    "x of float64": (1, X.double(), Y, F.mse_loss, TypeError, "값: torch.float64", X_DTYPE),
    "y of float64": (
        1, X, Y.double(), F.mse_loss, TypeError, "값: torch.float64",
        ("y의 자료형은 모델의 출력과 같은 torch.float32여야 합니다", "y.to(torch.float32)로 바꾸십시오."),
    ),
    "x elsewhere": (
        1, X.to("meta"), Y, F.mse_loss, ValueError, "값: 'meta'",
        ("x는 모델과 같은 장치 'cpu'에 있어야 합니다", "x.to('cpu')로 옮기십시오."),
    ),
    "y elsewhere": (
        1, X, Y.to("meta"), F.mse_loss, ValueError, "값: 'meta'",
        ("y는 모델과 같은 장치 'cpu'에 있어야 합니다", "y.to('cpu')로 옮기십시오."),
    ),
    "NaN in x": (1, with_bad(X, torch.nan), Y, F.mse_loss, ValueError, "값: 1개", X_FINITE),
    "infinity in x": (1, with_bad(X, torch.inf, torch.inf), Y, F.mse_loss, ValueError, "값: 2개", X_FINITE),
    "NaN in y": (1, X, with_bad(Y, torch.nan, torch.nan), F.mse_loss, ValueError, "값: 2개", Y_FINITE),
    "infinity in y": (1, X, with_bad(Y, -torch.inf), F.mse_loss, ValueError, "값: 1개", Y_FINITE),
    "x too narrow": (
        1, X[:, :3], Y, F.mse_loss, ValueError, "모양: (8, 3)",
        ("층 'layer_01'은(는) 입력 4개를 받는데 한 행에 3개가 들어왔습니다", LAYERS),
    ),
    "y (N,) against (N, 1)": (
        1, X, Y.flatten(), F.mse_loss, ValueError, "모양: (8,)",
        (
            "y의 모양은 모델의 출력과 같은 (8, 1)여야 합니다",
            "y.reshape(8, 1)로 바꾸십시오. 그냥 두면 브로드캐스팅으로 엉뚱한 손실이 나옵니다.",
        ),
    ),
    "y too narrow": (3, X, Y, F.mse_loss, ValueError, "모양: (8, 1)", MORE_OUTPUTS),
    "float labels": (3, X, LABELS.float(), F.cross_entropy, ValueError, "모양: (8,)", MORE_OUTPUTS),
    "labels under MSE": (3, X, LABELS, F.mse_loss, TypeError, "값: torch.int64", MSE_LABELS),
    "labels under MSELoss": (3, X, LABELS, nn.MSELoss(), TypeError, "값: torch.int64", MSE_LABELS),
    "whole numbers for one output": (1, X, Y.long(), F.mse_loss, TypeError, "값: torch.int64", REAL_Y),
    "0 and 1 for one output": (
        1, X, LABELS[:, None] > 0, nn.BCEWithLogitsLoss(), TypeError, "값: torch.bool", REAL_Y,
    ),
    "classes for one output": (1, X, LABELS, F.cross_entropy, ValueError, "모양: (8, 1)", TWO_CLASSES),
    "float y (N, 1) under cross-entropy": (
        1, X, Y, nn.CrossEntropyLoss(), ValueError, "모양: (8, 1)", TWO_CLASSES,
    ),
    "a loss class": (1, X, Y, nn.MSELoss, TypeError, f"값: {nn.MSELoss!r}", LOSS_FUNCTION),
    "a loss name": (1, X, Y, "mse", TypeError, "값: 'mse'", LOSS_FUNCTION),
    "a called loss": (
        1, X, Y, takes_nothing, TypeError,
        f"값: {takes_nothing!r}, 까닭: takes_nothing() takes 0 positional arguments but 2 were given",
        ("loss_fn은 loss_fn(y_pred, y)로 계산할 수 있어야 합니다", LOSS_FORMS),
    ),
    "a loss a row": (1, X, Y, nn.MSELoss(reduction="none"), TypeError, "값: 모양이 (8, 1)인 텐서", ONE_LOSS),
    "a loss (1,)": (1, X, Y, lambda *pair: F.mse_loss(*pair)[None], TypeError, "값: 모양이 (1,)인 텐서", ONE_LOSS),
    "a loss that is no tensor": (1, X, Y, lambda *_: 1.0, TypeError, "값: float", ONE_LOSS),
    "labels (N, 1)": (
        3, X, LABELS[:, None], F.cross_entropy, ValueError, "모양: (8, 1)",
        ("클래스 번호 y의 모양은 (8,)여야 합니다", "y.flatten()을 써 보십시오."),
    ),
    "int32 labels": (
        3, X, LABELS.int(), F.cross_entropy, TypeError, "값: torch.int32",
        ("클래스 번호 y의 자료형은 torch.int64여야 합니다", "y.long()으로 바꾸십시오."),
    ),
    "labels from 1": (3, X, LABELS + 1, F.cross_entropy, ValueError, "값: 1부터 3까지", CLASSES),
    "label −1": (3, X, LABELS - 1, F.cross_entropy, ValueError, "값: -1부터 1까지", CLASSES),
}  # fmt: skip


def said(call: Callable[[], object], error: type[Exception], message: str) -> None:
    """Assert that `call` raises exactly `error` with this message, word for word."""
    with pytest.raises(error) as caught:
        call()
    assert (caught.type, str(caught.value)) == (error, message)


def options(loss_fn: Callable) -> dict:
    """Return what `fit` needs beside the data; the second mini-batch of two rows would come late."""
    return {"loss_fn": loss_fn, "learning_rate": 0.1, "n_steps": 3, "batch_size": 2}


def fit(**changed: object) -> mt.History:
    """Train a new model on good data with the options that are `changed`."""
    return mt.fit(**{"model": mt.MLP((4, 1)), "x": X, "y": Y} | options(F.mse_loss) | changed)


@pytest.mark.parametrize("case", BAD_DATA)
def test_fit_refuses_bad_data_and_changes_nothing(case: str) -> None:
    D_out, x, y, loss_fn, error, got, (expected, remedy) = BAD_DATA[case]
    model = mt.MLP((4, 3, D_out))
    before = [parameter.clone() for parameter in model.parameters()]
    said(lambda: mt.fit(model, x, y, **options(loss_fn)), error, f"{expected} (받은 {got}). {remedy}")
    assert all(torch.equal(a, b) for a, b in zip(before, model.parameters(), strict=True))


@pytest.mark.parametrize("case", BAD_DATA)
def test_fit_refuses_bad_validation_data_before_the_first_step(case: str) -> None:
    D_out, x, y, loss_fn, error, got, (expected, remedy) = BAD_DATA[case]
    model = mt.MLP((4, 3, D_out))
    before = [parameter.clone() for parameter in model.parameters()]
    good_y = LABELS if loss_fn is F.cross_entropy and D_out > 1 else torch.zeros(8, D_out)
    message = f"{expected} (받은 {got}). {remedy}"
    said(lambda: mt.fit(model, X, good_y, validation=(x, y), **options(loss_fn)), error, message)
    assert all(torch.equal(a, b) for a, b in zip(before, model.parameters(), strict=True))


@pytest.mark.parametrize("case", BAD_DATA)
def test_evaluate_refuses_bad_data(case: str) -> None:
    D_out, x, y, loss_fn, error, got, (expected, remedy) = BAD_DATA[case]
    message = f"{expected} (받은 {got}). {remedy}"
    said(lambda: mt.evaluate(mt.MLP((4, 3, D_out)), x, y, loss_fn=loss_fn), error, message)


@pytest.mark.parametrize("case", ["labels (N, 1)", "int32 labels", "labels from 1", "label −1", "x too narrow"])
def test_accuracy_refuses_bad_labels(case: str) -> None:
    D_out, x, y, _, error, got, (expected, remedy) = BAD_DATA[case]
    y = y if case != "x too narrow" else LABELS
    said(lambda: mt.accuracy(mt.MLP((4, 3, D_out)), x, y), error, f"{expected} (받은 {got}). {remedy}")


@pytest.mark.parametrize("model", [nn.Linear(4, 1), nn.Sequential(nn.Linear(4, 1), nn.Flatten(0))])
def test_accuracy_needs_two_classes(model: nn.Module) -> None:
    (expected, remedy), shape = TWO_CLASSES, tuple(model(X).shape)
    said(lambda: mt.accuracy(model, X, LABELS), ValueError, f"{expected} (받은 모양: {shape}). {remedy}")


def test_two_classes_are_enough() -> None:
    model, y = nn.Linear(4, 2), LABELS % 2
    losses = -model(X).log_softmax(dim=1)[range(8), y]
    assert mt.evaluate(model, X, y, loss_fn=F.cross_entropy) == pytest.approx(losses.mean().item())


def test_labels_of_outputs_with_more_dimensions() -> None:
    model, x = nn.Linear(4, 3), X.reshape(8, 1, 4)  # outputs (8, 1, 3)
    message = "클래스 번호 y의 모양은 (8, 1)여야 합니다 (받은 모양: (8,)). y.flatten()을 써 보십시오."
    said(lambda: mt.accuracy(model, x, LABELS), ValueError, message)
    assert mt.accuracy(model, x, LABELS[:, None]) == mt.accuracy(model, X, LABELS)


def test_a_bad_label_in_a_late_mini_batch_is_found_before_the_first_step() -> None:
    y = LABELS.clone()
    y[-1] = 9
    model = mt.MLP((4, 3))
    before = model.layer_01.weight.clone()
    expected, remedy = CLASSES
    message = f"{expected} (받은 값: 0부터 9까지). {remedy}"
    said(lambda: mt.fit(model, X, y, **options(F.cross_entropy)), ValueError, message)
    assert torch.equal(before, model.layer_01.weight)


@pytest.mark.parametrize("bad", [0, -0.1, torch.inf, torch.nan, "0.1"])
def test_fit_refuses_learning_rates(bad: object) -> None:
    message = (
        f"learning_rate는 0보다 큰 유한한 수여야 합니다 (받은 값: {bad!r}). 예를 들어 0.1이나 1e-4를 넣어 보십시오."
    )
    said(lambda: fit(learning_rate=bad), ValueError, message)


@pytest.mark.parametrize(
    ("name", "least", "bad"),
    [("n_steps", 0, -1), ("n_steps", 0, 2.5), ("batch_size", 1, 0), ("validate_every", 1, 0), ("seed", 0, -1)],
)
def test_fit_refuses_numbers_that_are_no_counts(name: str, least: int, bad: object) -> None:
    message = f"{name}는 {least} 이상의 정수여야 합니다 (받은 값: {bad!r}). 예를 들어 10을 넣어 보십시오."
    said(lambda: fit(**{name: bad}), ValueError, message)


@pytest.mark.parametrize("make", [mt.random_data, mt.learnable_data])
@pytest.mark.parametrize(("position", "name"), [(0, "batch_size는"), (1, "D_in은"), (2, "D_out은")])
@pytest.mark.parametrize("bad", [0, -1, 1.5, "2"])
def test_data_of_no_size(make: Callable, position: int, name: str, bad: object) -> None:
    sizes = [3, 3, 3]
    sizes[position] = bad
    message = f"{name} 1 이상의 정수여야 합니다 (받은 값: {bad!r}). 예를 들어 10을 넣어 보십시오."
    said(lambda: make(*sizes), ValueError, message)


# what is wrong: the call, its error and message
BAD_CALLS = {
    "an unknown device": (
        lambda: mt.random_data(3, 3, 3, device="gpu"), ValueError,
        "device는 'cpu', 'cuda'처럼 PyTorch가 아는 장치 이름이어야 합니다 (받은 값: 'gpu'). "
        "GPU가 없으면 device='cpu'로 두십시오.",
    ),
    "an unknown device of learnable data": (
        lambda: mt.learnable_data(3, 3, 3, device=3.5), ValueError,
        "device는 'cpu', 'cuda'처럼 PyTorch가 아는 장치 이름이어야 합니다 (받은 값: 3.5). "
        "GPU가 없으면 device='cpu'로 두십시오.",
    ),
    "a device that is not here": (
        lambda: mt.Hyperparameters(device="hpu:1"), ValueError,
        "device는 이 컴퓨터에서 쓸 수 있는 장치여야 하는데 'hpu:1'은(는) 쓸 수 없습니다 (받은 값: 'hpu:1'). "
        "device='cpu'로 바꾸십시오.",
    ),
    "a seed below zero": (
        lambda: mt.random_data(2, 2, 2, seed=-1), ValueError,
        "seed는 0 이상의 정수여야 합니다 (받은 값: -1). 예를 들어 10을 넣어 보십시오.",
    ),
    "a seed that NumPy does not take": (
        lambda: mt.two_moons(4, seed=2**32), ValueError,
        "seed는 4294967295 이하여야 합니다 (받은 값: 4294967296). 예를 들어 10을 넣어 보십시오.",
    ),
    "no moons": (
        lambda: mt.two_moons(0), ValueError,
        "n은 1 이상의 정수여야 합니다 (받은 값: 0). 예를 들어 10을 넣어 보십시오.",
    ),
    "moons without noise": (
        lambda: mt.two_moons(4, noise=0), ValueError,
        "noise는 0보다 큰 유한한 수여야 합니다 (받은 값: 0). 예를 들어 0.1이나 1e-4를 넣어 보십시오.",
    ),
    "a part of size 0": (
        lambda: mt.split(X, Y, fractions=(0.0, 1.0)), ValueError,
        "fractions는 0보다 큰 유한한 수여야 합니다 (받은 값: 0.0). 예를 들어 0.1이나 1e-4를 넣어 보십시오.",
    ),
    "parts of less than all": (
        lambda: mt.split(X, Y, fractions=[0.5, 0.4]), ValueError,
        "fractions는 더해서 1이 되고 조각마다 한 행 이상이어야 합니다 (받은 값: (0.5, 0.4), 행 8개). "
        "예를 들어 fractions=(0.6, 0.2, 0.2)처럼 적어 보십시오.",
    ),
    "x and y of other lengths": (
        lambda: mt.split(X, Y[:5]), ValueError,
        "x와 y의 행의 수는 같고 1 이상이어야 합니다 (받은 값: x 8행, y 5행). "
        "x.shape와 y.shape를 나란히 출력해 보십시오.",
    ),
    "lists to split": (
        lambda: mt.split(X.tolist(), Y), TypeError,
        "x는 텐서여야 합니다 (받은 값의 형: list). torch.as_tensor(x)로 바꾸십시오.",
    ),
    "one width": (
        lambda: mt.MLP((5,)), ValueError,
        "widths에는 입력층과 출력층, 둘 이상의 노드 수가 있어야 합니다 (받은 값: (5,)). "
        "예를 들어 (2, 16, 2)처럼 적으십시오.",
    ),
    "a number for the widths": (
        lambda: mt.MLP(5), ValueError,
        "widths에는 입력층과 출력층, 둘 이상의 노드 수가 있어야 합니다 (받은 값: 5). "
        "예를 들어 (2, 16, 2)처럼 적으십시오.",
    ),
    "a width of 0": (
        lambda: mt.MLP((5, 0)), ValueError,
        "widths[1]는 1 이상의 정수여야 합니다 (받은 값: 0). 예를 들어 10을 넣어 보십시오.",
    ),
    "nothing to train": (
        lambda: fit(model=nn.ReLU()), ValueError,
        "model에는 학습할 매개변수가 있어야 합니다 (받은 값: 0개). nn.Linear 같은 층을 넣거나, "
        "얼린 층이라면 model.requires_grad_(True)로 푸십시오.",
    ),
    "an optimizer that is made already": (
        lambda: fit(optimizer=torch.optim.SGD(nn.Linear(1, 1).parameters(), lr=0.1)), TypeError,
        "optimizer는 최적화 도구의 클래스여야 합니다 (받은 값의 형: SGD). torch.optim.SGD처럼 괄호 없이 적으십시오.",
    ),
    **{
        f"{type(bad).__name__} of {len(bad)} for validation": (
            lambda bad=bad: fit(validation=bad), TypeError,
            f"validation은 x와 y, 두 텐서의 묶음이어야 합니다 (받은 값의 형: {type(bad).__name__}). "
            "validation=(x_val, y_val)처럼 적으십시오.",
        )
        for bad in (X, X[:2], (X,), (X, Y, Y))
    },
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_CALLS)
def test_bad_calls(case: str) -> None:
    said(*BAD_CALLS[case])


@pytest.mark.parametrize(
    "take", [lambda seed: mt.random_data(2, 2, 2, seed=seed), lambda seed: mt.two_moons(4, seed=seed)]
)
def test_seeds_from_zero_to_the_largest_that_numpy_takes(take: Callable) -> None:
    take(0)
    take(2**32 - 1)


@pytest.mark.parametrize("fractions", [(0.5, 0.4), (0.5, 0.500002), (1.5, -0.5), (0.0, 1.0), (0.99, 0.01)])
def test_split_refuses_fractions(fractions: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match=r"^fractions는 "):
        mt.split(X, Y, fractions=fractions)


def test_a_model_without_parameters_can_be_evaluated() -> None:
    assert mt.evaluate(nn.ReLU(), X, X, loss_fn=F.mse_loss) == pytest.approx(X.clamp(max=0).square().mean().item())


def test_a_frozen_model_can_be_evaluated_and_not_trained() -> None:
    model = nn.Linear(4, 4).requires_grad_(False)
    with pytest.raises(ValueError, match="학습할 매개변수가 있어야"):
        fit(model=model, y=X)
    assert mt.evaluate(model, X, X, loss_fn=F.mse_loss) >= 0
    model.bias.requires_grad_(True)
    assert len(fit(model=model, y=X).losses) == 3  # one layer to train is enough


def test_validation_data_may_be_a_list() -> None:
    assert list(fit(validation=[X, Y], validate_every=3).validation_losses) == [3]


@pytest.mark.parametrize(
    ("model", "x", "layer", "takes", "shape"),
    [
        (nn.Linear(5, 1), X, "Linear", 5, (8, 4)),
        (nn.Linear(5, 1), X.reshape(8, 2, 2), "Linear", 5, (8, 2, 2)),
        (nn.Sequential(nn.Linear(5, 1)), X, "0", 5, (8, 4)),
        (nn.Sequential(nn.Flatten(), nn.Linear(5, 1)), X.reshape(8, 2, 2), "1", 5, (8, 4)),
        (nn.Sequential(nn.Linear(4, 3), nn.Linear(2, 1)), X, "1", 2, (8, 3)),
    ],
)
def test_the_layer_that_does_not_fit_is_named_wherever_it_stands(
    model: nn.Module, x: Tensor, layer: str, takes: int, shape: tuple[int, ...]
) -> None:
    expected = f"층 '{layer}'은(는) 입력 {takes}개를 받는데 한 행에 {shape[-1]}개가 들어왔습니다"
    message = f"{expected} (받은 모양: {shape}). {LAYERS}"
    said(lambda: fit(model=model, x=x), ValueError, message)
    said(lambda: mt.accuracy(model, x, LABELS), ValueError, message)


def test_a_layer_after_another_takes_what_that_one_makes_of_x() -> None:
    model = nn.Sequential(nn.Flatten(), nn.Linear(4, 1))
    assert fit(model=model, x=X.reshape(8, 2, 2)).losses.isfinite().all()


@pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has one device")
def test_two_devices_do_not_mix() -> None:
    model = mt.MLP((4, 1)).to("cuda")
    message = "x는 모델과 같은 장치 'cuda:0'에 있어야 합니다 (받은 값: 'cpu'). x.to('cuda:0')로 옮기십시오."
    said(lambda: fit(model=model), ValueError, message)
    assert len(fit(model=model, x=X.to("cuda"), y=Y.to("cuda")).losses) == 3


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
