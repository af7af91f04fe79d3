"""Tests of mlp_tutorial.training against the loop written out by hand."""

import itertools
import math
from collections.abc import Callable, Iterable
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

import mlp_tutorial as mt
from mlp_tutorial import training
from mlp_tutorial.terminal import progress


def network(dtype: torch.dtype = torch.float32) -> mt.MLP:
    """Return the same small network each time."""
    with torch.random.fork_rng():
        torch.manual_seed(1)
        return mt.MLP((6, 5, 3)).to(dtype)


def data(dtype: torch.dtype = torch.float32, n: int = 10, seed: int = 5) -> tuple[Tensor, Tensor]:
    """Return n rows for `network`."""
    x, y = mt.random_data(n, 6, 3, seed=seed)
    return x.to(dtype), y.to(dtype)


def by_hand(
    model: nn.Module, batches: Iterable[tuple[Tensor, Tensor]], optimizer: torch.optim.Optimizer, loss_fn: Callable
) -> Tensor:
    """Return the losses of the post's five lines, run once for each of `batches`."""
    losses = []
    for x, y in batches:
        y_pred = model(x)
        loss = loss_fn(y_pred, y)
        losses.append(loss.detach())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return torch.stack(losses)


def same_parameters(model: nn.Module, twin: nn.Module) -> bool:
    """Tell whether two models hold the same numbers, bit for bit."""
    return all(torch.equal(a, b) for a, b in zip(model.parameters(), twin.parameters(), strict=True))


def watched(model: nn.Module) -> list[Tensor]:
    """Return a list to which each batch that the network is trained on will be added."""
    seen: list[Tensor] = []
    model.register_forward_pre_hook(lambda model, given: seen.append(given[0].clone()) if model.training else None)
    return seen


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("optimizer", [torch.optim.SGD, torch.optim.Adam])
@pytest.mark.parametrize("loss_fn", [F.mse_loss, F.cross_entropy])
def test_fit_is_the_hand_written_loop(
    dtype: torch.dtype, optimizer: type[torch.optim.Optimizer], loss_fn: Callable
) -> None:
    (x, y), model, twin = data(dtype), network(dtype), network(dtype)
    y = torch.arange(10) % 3 if loss_fn is F.cross_entropy else y
    history = mt.fit(model, x, y, loss_fn=loss_fn, learning_rate=0.05, n_steps=20, optimizer=optimizer)
    expected = by_hand(twin, [(x, y)] * 20, optimizer(twin.parameters(), lr=0.05), loss_fn)
    assert torch.equal(history.losses, expected)
    assert (history.losses.shape, history.losses.dtype, history.losses.device.type) == ((20,), dtype, "cpu")
    assert same_parameters(model, twin)
    assert (history.validation_losses, history.diverged_at) == ({}, None)


def test_each_epoch_has_an_order_of_its_own_from_the_seed() -> None:
    x, y = data()
    before = torch.get_rng_state()
    runs = {}
    for name, seed in {"first": 7, "again": 7, "other": 8}.items():
        model = network()
        seen = watched(model)
        mt.fit(model, x, y, loss_fn=F.mse_loss, learning_rate=0.01, n_steps=6, batch_size=4, seed=seed)
        assert [len(batch) for batch in seen] == [4, 4, 2, 4, 4, 2]
        runs[name] = torch.cat(seen)
    assert torch.equal(before, torch.get_rng_state())
    assert not torch.equal(runs["first"][:10], x)
    assert not torch.equal(runs["first"][:10], runs["first"][10:])
    assert torch.equal(runs["first"], runs["again"])
    assert not torch.equal(runs["first"], runs["other"])


def test_mini_batches_keep_x_and_y_together() -> None:
    (x, y), model, twin = data(), network(), network()
    seen = watched(model)
    history = mt.fit(model, x, y, loss_fn=F.mse_loss, learning_rate=0.1, n_steps=7, batch_size=3)
    rows = [[x.tolist().index(row) for row in batch.tolist()] for batch in seen]
    batches = [(x[batch], y[batch]) for batch in rows]
    expected = by_hand(twin, batches, torch.optim.SGD(twin.parameters(), lr=0.1), F.mse_loss)
    assert torch.equal(history.losses, expected)


def test_validation_at_multiples_before_the_update_and_never_trained_on() -> None:
    (x, y), (x_val, y_val) = data(), data(n=4, seed=6)
    model, twin, unvalidated = network(), network(), network()
    seen = watched(model)
    options = {"loss_fn": F.mse_loss, "learning_rate": 0.1, "n_steps": 7}
    history = mt.fit(model, x, y, validation=(x_val, y_val), validate_every=3, **options)
    assert torch.equal(history.losses, mt.fit(unvalidated, x, y, **options).losses)
    assert same_parameters(model, unvalidated)
    assert all(torch.equal(batch, x) for batch in seen)
    expected, optimizer = {}, torch.optim.SGD(twin.parameters(), lr=0.1)
    for step in range(1, 8):
        if step in (3, 6):
            expected[step] = F.mse_loss(twin(x_val), y_val).item()
        by_hand(twin, [(x, y)], optimizer, F.mse_loss)
    assert history.validation_losses == expected


def test_defaults_of_fit() -> None:
    (x, y), options = data(), {"loss_fn": F.mse_loss, "learning_rate": 0.01, "n_steps": 200}
    by_default = mt.fit(network(), x, y, validation=(x, y), **options)
    told = mt.fit(network(), x, y, validation=(x, y), validate_every=100, optimizer=torch.optim.SGD, **options)
    assert list(by_default.validation_losses) == [100, 200]
    assert by_default.validation_losses == told.validation_losses
    assert torch.equal(by_default.losses, told.losses)
    shuffled, seeded = (mt.fit(network(), x, y, batch_size=4, **seed, **options) for seed in ({}, {"seed": 123}))
    assert torch.equal(shuffled.losses, seeded.losses)


def test_dropout_works_in_training_and_not_in_evaluation() -> None:
    x, y = data()
    model = nn.Sequential(nn.Linear(6, 3), nn.Dropout(0.5))
    model.eval()
    mt.fit(model, x, y, loss_fn=F.mse_loss, learning_rate=0.1, n_steps=2, validation=(x, y), validate_every=1)
    assert model.training
    assert torch.equal(training.predict(model, x), model[0](x))
    assert mt.evaluate(model, x, y, loss_fn=F.mse_loss) == F.mse_loss(model[0](x), y).item()
    assert model.training


def test_predict_needs_no_gradient_and_puts_the_mode_of_each_part_back() -> None:
    (x, _), model = data(), nn.Sequential(network(), nn.Dropout(0.5))
    for whole, part in ((True, False), (False, True)):
        model.train(whole)
        model[1].train(part)
        modes = [module.training for module in model.modules()]
        assert not training.predict(model, x).requires_grad
        assert [module.training for module in model.modules()] == modes
        with pytest.raises(RuntimeError):
            training.predict(model, x[:, :2])  # an error puts it back too
        assert [module.training for module in model.modules()] == modes


def test_evaluate_and_accuracy_change_nothing() -> None:
    (x, y), model = data(torch.float64), network(torch.float64)
    y_pred = model(x).detach().numpy()
    labels = torch.tensor([0, 1, 2, 0, 1, 2, 0, 1, 2, 0])
    loss = mt.evaluate(model, x, y, loss_fn=F.mse_loss)
    np.testing.assert_allclose(loss, ((y_pred - y.numpy()) ** 2).mean(), rtol=1e-12)
    share = mt.accuracy(model, x, labels)
    assert isinstance(loss, float)
    assert isinstance(share, float)
    assert share == pytest.approx((y_pred.argmax(axis=1) == labels.numpy()).mean())
    assert same_parameters(model, network(torch.float64))
    assert all(parameter.grad is None for parameter in model.parameters())


def test_accuracy_of_known_outputs() -> None:
    model = nn.Linear(3, 3, bias=False)
    model.weight.data.copy_(torch.eye(3))
    x = torch.eye(3)[[0, 1, 2, 1]]
    assert mt.accuracy(model, x, torch.tensor([0, 1, 2, 2])) == 0.75
    assert mt.accuracy(model, x.reshape(2, 2, 3), torch.tensor([[0, 1], [2, 2]])) == 0.75  # (N, …, n_classes)


def test_no_steps_leave_the_model_as_it_was() -> None:
    (x, y), model = data(torch.float64), network(torch.float64)
    history = mt.fit(model, x, y, loss_fn=F.mse_loss, learning_rate=0.1, n_steps=0)
    assert (history.losses.shape, history.losses.dtype) == ((0,), torch.float64)
    assert same_parameters(model, network(torch.float64))
    assert repr(history) == "History(0 스텝)"


def test_divergence_stops_at_once_and_says_what_to_try(capsys: pytest.CaptureFixture[str]) -> None:
    (x, y), model = data(), network()
    seen = watched(model)
    history = mt.fit(model, x, y, loss_fn=F.mse_loss, learning_rate=1e6, n_steps=500)
    step = history.diverged_at
    assert step == len(history.losses) + 1 == len(seen)
    assert 1 < step < 20
    assert history.losses.isfinite().all()
    loss = F.mse_loss(model(x), y).item()
    assert not math.isfinite(loss)
    said = capsys.readouterr().out
    assert all(part in said for part in (f"스텝 {step}에서 ", f"(손실: {loss})", "learning_rate=1e+06을 10분의 1로"))
    assert said.count("\n") == 1
    assert repr(history).endswith(f", 스텝 {step}에서 발산)")
    mt.fit(network(), x, y, loss_fn=F.mse_loss, learning_rate=1e6, n_steps=500, verbose=False)
    assert capsys.readouterr().out == ""


def test_divergence_at_the_first_step_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    (x, y), model = data(), network()
    history = mt.fit(model, x * 1e30, y, loss_fn=F.mse_loss, learning_rate=0.1, n_steps=5)
    assert (history.diverged_at, len(history.losses)) == (1, 0)
    assert same_parameters(model, network())
    assert repr(history) == "History(0 스텝, 스텝 1에서 발산)"
    said = capsys.readouterr().out
    assert "스텝 1에서" in said
    assert "학습률 탓이 아닙니다" in said
    assert "learning_rate" not in said


def test_nan_from_finite_outputs_points_at_the_loss_too(capsys: pytest.CaptureFixture[str]) -> None:
    def root_of_what_is_negative(y_pred: Tensor, y: Tensor) -> Tensor:
        return (y_pred - 100).sqrt().mean()

    mt.fit(network(), *data(), loss_fn=root_of_what_is_negative, learning_rate=0.1, n_steps=5)
    said = capsys.readouterr().out
    assert "학습률 탓이 아닙니다" in said
    assert "출력은 유한하니, loss_fn에" in said
    mt.fit(network(), *(1e25 * part for part in data()), loss_fn=F.mse_loss, learning_rate=0.1, n_steps=5)
    assert "x와 y의 크기와" in capsys.readouterr().out


def test_a_gradient_that_is_nan_is_not_the_rates_fault(capsys: pytest.CaptureFixture[str]) -> None:
    (x, _), model = data(), network()
    history = mt.fit(model, x, model(x).detach(), loss_fn=root_of_mse, learning_rate=0.1, n_steps=5)  # 0 in its root
    assert (history.diverged_at, history.losses.tolist()) == (2, [0.0])
    said = capsys.readouterr().out
    assert "스텝 1의 손실은 커지지 않았는데 기울기가 NaN" in said
    assert "1e-12" in said
    assert "learning_rate" not in said
    mt.fit(network(), *data(), loss_fn=root_of_mse, learning_rate=1e30, n_steps=99)
    assert "learning_rate=1e+30을 10분의 1로" in capsys.readouterr().out


def test_what_the_search_for_nan_finds_is_told_with_what_to_do() -> None:
    (x, _), model = data(), network()
    how = {"loss_fn": root_of_mse, "learning_rate": 0.1, "n_steps": 5}
    with (
        torch.autograd.set_detect_anomaly(True),
        pytest.warns(UserWarning, match="Error detected in MseLossBackward0"),
        pytest.raises(RuntimeError, match=r"returned nan values.*0의 제곱근이나 0으로 나누는.*set_detect_anomaly"),
    ):
        mt.fit(model, x, model(x).detach(), **how)


def test_a_batch_of_which_nothing_counts_is_not_the_rates_fault(capsys: pytest.CaptureFixture[str]) -> None:
    x, y = torch.rand(6, 2), torch.tensor([1, -1, -1, -1, -1, -1])
    how = {"loss_fn": nn.CrossEntropyLoss(ignore_index=-1), "learning_rate": 0.1, "n_steps": 12}
    assert mt.fit(mt.MLP((2, 2)), x, y, **how, batch_size=1).diverged_at
    said = capsys.readouterr().out
    assert "정답이 모두 ignore_index라" in said
    assert "learning_rate" not in said
    assert mt.fit(mt.MLP((2, 2)), x, y, **how).losses.isfinite().all()


def root_of_mse(y_pred: Tensor, y: Tensor) -> Tensor:
    """Return the root of the mean squared error, which has no gradient at 0."""
    return F.mse_loss(y_pred, y).sqrt()


def test_numbers_of_16_bits_are_told_of(capsys: pytest.CaptureFixture[str]) -> None:
    (x, y), model = data(torch.float16), network(torch.float16)
    how = {"loss_fn": F.mse_loss, "learning_rate": 1e-3, "n_steps": 50, "optimizer": torch.optim.Adam}
    assert mt.fit(model, x, y, **how).diverged_at == 2  # Adam's 1e-8 is 0 in float16
    said = capsys.readouterr().out
    assert "float16은 1e-8 같은 수를 0으로" in said
    assert "learning_rate" not in said
    assert mt.fit(network(), x.float(), y.float(), **how).diverged_at is None


def test_a_loss_that_is_no_number_of_finite_outputs_is_not_the_rates_fault(capsys: pytest.CaptureFixture[str]) -> None:
    def log_loss(p: Tensor, y: Tensor) -> Tensor:
        return -(y * p.log() + (1 - y) * (1 - p).log()).mean()

    def sure() -> nn.Module:
        model = nn.Sequential(nn.Linear(1, 1, bias=False), nn.Sigmoid())
        nn.init.ones_(model[0].weight)
        return model

    for y in ([[1.0], [0.0]], [[0.0], [1.0]]):  # ends in 0·log(0), and in log(0)
        x = torch.tensor([[1.0], [-1.0]])
        history = mt.fit(sure(), x, torch.tensor(y), loss_fn=log_loss, learning_rate=1e3, n_steps=9)
        assert history.diverged_at == 2
        said = capsys.readouterr().out
        assert "F.binary_cross_entropy나" in said
        assert "learning_rate" not in said


@pytest.mark.parametrize(
    ("learning_rate", "told"), [(1e4, "=10000을"), (1e5, "=100000을"), (2e4, "=20000을"), (1e12, "=1e+12를")]
)
def test_the_particle_follows_the_number(learning_rate: float, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    mt.fit(network(), *data(), loss_fn=F.mse_loss, learning_rate=learning_rate, n_steps=500)
    assert f"learning_rate{told} 10분의 1로" in capsys.readouterr().out


class Without(torch.optim.SGD):
    """An optimizer that fails at its third step, after it has changed the parameters."""

    def step(self, closure: None = None) -> None:
        """Update, then fail."""
        super().step(closure)
        self.steps = getattr(self, "steps", 0) + 1
        if self.steps == 3:
            raise ArithmeticError("셋째 스텝")


class Counting(nn.Module):
    """A network with a buffer that is made anew in each training step."""

    def __init__(self) -> None:
        super().__init__()
        self.layer, self.norm = nn.Linear(6, 3), nn.BatchNorm1d(3)
        self.register_buffer("seen", torch.zeros(1))
        self.register_buffer("unsaved", torch.zeros(1), persistent=False)
        self.register_buffer("last", torch.zeros(0))
        self.register_buffer("same", torch.ones(1).expand(3))  # into which nothing can be written

    def forward(self, x: Tensor) -> Tensor:
        """Count the rows."""
        self.seen = self.seen + len(x) * self.training
        self.unsaved += len(x) * self.training
        self.last = x if self.training else self.last
        return self.norm(self.layer(x))


class OneGradient(torch.autograd.Function):
    """A loss of two arguments whose backward returns a gradient for one."""

    @staticmethod
    def forward(_: object, y_pred: Tensor, y: Tensor) -> Tensor:
        """Return the mean squared error."""
        return F.mse_loss(y_pred, y)

    @staticmethod
    def backward(_: object, gradient: Tensor) -> Tensor:
        """Return a gradient."""
        return gradient


class Summed:
    """A loss that adds up those of all steps."""

    so_far = 0.0

    def __call__(self, y_pred: Tensor, y: Tensor) -> Tensor:
        """Return the sum."""
        self.so_far = self.so_far + F.mse_loss(y_pred, y)
        return self.so_far


def hooked(weights: Iterable[nn.Parameter], lr: float, kind: Callable) -> torch.optim.Optimizer:
    """Return SGD with a scheduler of this kind, as the remedy for a scheduler says."""
    opt = torch.optim.SGD(weights, lr=lr)
    scheduler = kind(opt)
    opt.register_step_post_hook(lambda *_: scheduler.step())
    return opt


def clipped(weights: Iterable[nn.Parameter], lr: float, told: Callable) -> torch.optim.Optimizer:
    """Return SGD that shortens the gradients to 0.001 and returns what is `told` of their length."""
    opt = torch.optim.SGD(weights, lr=lr)
    opt.register_step_pre_hook(lambda *_: told(nn.utils.clip_grad_norm_(weights, 1e-3)))
    return opt


# what fails: the options of fit, where, why and part of the remedy
FAILING = {
    "a last batch of one row": ({"batch_size": 8}, "스텝 5의 ValueError", "Expected more than 1 value", "batch_size를"),
    "batches of one row": ({"batch_size": 1}, "스텝 1의 ValueError", "Expected more than 1 value", "batch_size를"),
    "LBFGS": ({"optimizer": torch.optim.LBFGS}, "스텝 1의 TypeError", "closure", "torch.optim.SGD로"),
    "SparseAdam": ({"optimizer": torch.optim.SparseAdam}, "스텝 1의 RuntimeError", "dense gradients", "SGD로"),
    "one that fails later": ({"optimizer": Without}, "스텝 3의 ArithmeticError", "셋째 스텝", "torch.optim.SGD로"),
    "one that takes no lr": ({"optimizer": lambda _: None}, "첫 스텝 앞의 TypeError", "lr", "lambda weights, lr:"),
    "a scheduler of losses": (
        {"optimizer": lambda weights, lr: hooked(weights, lr, torch.optim.lr_scheduler.ReduceLROnPlateau)},
        "스텝 1의 TypeError",
        "metrics",
        "lr_scheduler.StepLR 같은 것을",
    ),
    "a hook that returns": (
        {"optimizer": lambda weights, lr: clipped(weights, lr, lambda norm: norm)},
        "스텝 1의 RuntimeError",
        "must return None or a tuple",
        "return을 빼십시오",
    ),
    "another model's": (
        {"optimizer": lambda _, lr: torch.optim.SGD(network().parameters(), lr)},
        "첫 스텝 앞의 RuntimeError",
        "다른 모델",
        "클래스를 주거나",
    ),
    "a scheduler": (
        {"optimizer": lambda weights, lr: torch.optim.lr_scheduler.StepLR(torch.optim.SGD(weights, lr=lr), 2)},
        "첫 스텝 앞의 RuntimeError",
        "zero_grad와 step이 있는 최적화 방법이 아니라 StepLR",
        "register_step_post_hook",
    ),
    "an activation in place": (
        {"loss_fn": lambda y_pred, y: F.mse_loss(y_pred.sigmoid().relu_(), y)},
        "스텝 1의 RuntimeError",
        "an inplace operation",
        "inplace=True",
    ),
    "the graph of a step before": ({"loss_fn": Summed()}, "스텝 2의 RuntimeError", "a second time", ".detach()를"),
    "a loss of NumPy's": (
        {"loss_fn": lambda y_pred, y: torch.tensor(((y_pred - y).numpy() ** 2).mean())},
        "스텝 1의 RuntimeError",
        "Can't call numpy",
        ".numpy() 대신 torch의 것을",
    ),
    "a detached loss": (
        {"loss_fn": lambda y_pred, y: F.mse_loss(y_pred.detach(), y)},
        "스텝 1의 RuntimeError",
        "",
        "torch.no_grad()를 빼",
    ),
    "a loss made anew": (
        {"loss_fn": lambda *pair: torch.tensor(F.mse_loss(*pair).item(), requires_grad=True)},
        "스텝 1의 RuntimeError",
        "매개변수에 닿지",
        ".item(), torch.tensor()",
    ),
    "a backward that returns too few": (
        {"loss_fn": OneGradient.apply}, "스텝 1의 RuntimeError", "incorrect number of gradients", "인수마다",
    ),
    "a loss of all rows": (  # which a mini-batch has not
        {"loss_fn": lambda y_pred, y: (torch.ones(33, 1) * (y_pred - y) ** 2).mean(), "batch_size": 8},
        "스텝 1의 RuntimeError",
        "must match",
        "y로만",
    ),
}  # fmt: skip


@pytest.mark.parametrize("surroundings", [torch.enable_grad, torch.no_grad, torch.inference_mode])
@pytest.mark.parametrize("case", FAILING)
def test_an_error_in_mid_run_is_told_and_the_model_put_back(case: str, surroundings: Callable) -> None:
    changed, where, why, remedy = FAILING[case]
    model, (x, y) = Counting(), data(n=33)
    model.eval()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    given = {"loss_fn": F.mse_loss, "learning_rate": 0.1, "n_steps": 9} | changed
    with (
        surroundings(),
        pytest.raises(RuntimeError, match=rf"\(받은 값: {where}, 까닭: .*{why}.*\)\. .*십시오\.$") as caught,
    ):
        mt.fit(model, x, y, **given)
    assert remedy in str(caught.value)
    assert caught.value.__cause__ is not None
    assert all(torch.equal(before[name], tensor) for name, tensor in model.state_dict().items())
    assert model.unsaved == 0, "a buffer that state_dict leaves out was not put back"
    assert all(parameter.requires_grad for parameter in model.parameters())
    assert not any(module.training for module in model.modules()), "the model was left in training mode"


@pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated")
def test_a_scripted_model_is_put_back() -> None:
    model = torch.jit.script(nn.Sequential(nn.Linear(6, 3), nn.BatchNorm1d(3)))
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    with pytest.raises(RuntimeError, match="스텝 3의 ArithmeticError"):
        mt.fit(model, *data(), loss_fn=F.mse_loss, learning_rate=0.1, n_steps=9, optimizer=Without)
    assert all(torch.equal(before[name], tensor) for name, tensor in model.state_dict().items())


def test_an_optimizer_may_read_the_parameters_twice() -> None:
    model, how = network(), {"loss_fn": F.mse_loss, "learning_rate": 1.0, "n_steps": 1}
    before = nn.utils.parameters_to_vector(model.parameters()).detach().clone()
    mt.fit(model, *data(), **how, optimizer=lambda weights, lr: clipped(weights, lr, lambda _: None))
    moved = nn.utils.parameters_to_vector(model.parameters()) - before
    assert moved.norm().item() == pytest.approx(1e-3, rel=1e-2), "the gradients were not clipped"


def test_an_optimizer_written_by_hand_may_hold_what_it_likes() -> None:
    class Plain:
        def __init__(self, parameters: Iterable[nn.Parameter], lr: float) -> None:
            self.parameters, self.lr = [*parameters], lr

        def zero_grad(self) -> None:
            for parameter in self.parameters:
                parameter.grad = None

        @torch.no_grad()
        def step(self) -> None:
            for parameter in self.parameters:
                parameter -= self.lr * parameter.grad

    how = {"loss_fn": F.mse_loss, "learning_rate": 0.1, "n_steps": 9}
    plain, sgd = (mt.fit(network(), *data(), **how, optimizer=one) for one in (Plain, torch.optim.SGD))
    torch.testing.assert_close(plain.losses, sgd.losses)


def test_who_interrupts_keeps_what_was_learned() -> None:
    class Interrupted(Without):
        def step(self, closure: None = None) -> None:
            try:
                super().step(closure)
            except ArithmeticError:
                raise KeyboardInterrupt from None

    model, (x, y) = network(), data()
    with pytest.raises(KeyboardInterrupt):
        mt.fit(model, x, y, loss_fn=F.mse_loss, learning_rate=0.1, n_steps=9, optimizer=Interrupted)
    assert not same_parameters(model, network())


def test_a_run_that_converges_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    history = mt.fit(network(), *data(), loss_fn=F.mse_loss, learning_rate=0.1, n_steps=50)
    assert capfd.readouterr() == ("", "")
    assert repr(history) == f"History(50 스텝, 손실 {history.losses[0]:.6f} → {history.losses[-1]:.6f})"


@pytest.mark.parametrize(("learning_rate", "steps"), [(0.1, (3, 5)), (10.0, (3,))])  # not twice in half a second
def test_long_work_tells_how_far_it_is_changes_nothing_and_wipes_that_away(
    learning_rate: float, steps: Iterable[int], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    options = {"loss_fn": F.mse_loss, "learning_rate": learning_rate, "n_steps": 30, "verbose": False}
    expected = mt.fit(network(), *data(), **options)
    clock = itertools.chain(
        [0.0, 1.0, 10.0, 10.1, 10.5, 10.7], itertools.repeat(10.8)
    )  # seconds of work; ten is the limit
    monkeypatch.setattr(progress, "time", SimpleNamespace(thread_time=lambda: next(clock)))
    history = mt.fit(network(), *data(), **options)
    assert torch.equal(history.losses, expected.losses)
    assert history.diverged_at == expected.diverged_at
    told = "".join(f"\r학습: {step} / 30 스텝" for step in steps)
    assert capfd.readouterr() == ("", f"{told}\r\x1b[K")  # wiped away at the end, where the run diverged too
