"""Tests of repeat: each run is the one that fit trains, whatever trains beside it, and none is lost."""

import warnings
from collections.abc import Callable, Iterable, Sequence
from functools import partial

import pytest
import torch
from nets import Net
from torch import Tensor, nn
from torch.nn import functional as F

import mlp_tutorial as mt
from mlp_tutorial.data import Data
from mlp_tutorial.repetition import runs

Splits = list[tuple[Data, Data]]
SEEDS = (7, 0)
HOW = {"loss_fn": F.cross_entropy, "learning_rate": 0.3, "n_steps": 25}


def moons(n_splits: int = 3, n: int = 60) -> Splits:
    """Return splits of freshly drawn moons in float64: half of n rows to train on, half to validate."""
    drawn = [mt.two_moons(n, noise=0.3, seed=seed) for seed in range(n_splits)]
    return [mt.split(x.double(), y, fractions=(0.5, 0.5), seed=seed) for seed, (x, y) in enumerate(drawn)]


def noise(n_splits: int = 2) -> Splits:
    """Return splits of data with two outputs that are numbers, in float64."""
    parts = [mt.random_data(12, 5, 2, seed=seed) for seed in range(2 * n_splits)]
    parts = [(x.double(), y.double()) for x, y in parts]
    return list(zip(parts[::2], parts[1::2], strict=True))


def mlp(*widths: int, **kwargs: Callable) -> Callable[[], nn.Module]:
    """Return what makes an MLP in float64."""
    return lambda: mt.MLP(widths, **kwargs).double()


def sequential() -> nn.Module:
    """Return the same kind of network from PyTorch's parts, one layer without bias and one frozen."""
    model = nn.Sequential(nn.Linear(2, 6, bias=False), nn.Tanh(), nn.Linear(6, 4), nn.ReLU(), nn.Linear(4, 2)).double()
    model[2].requires_grad_(False)
    return model


def twice() -> nn.Module:
    """Return a network that goes through one layer twice."""
    again = nn.Linear(6, 6)
    return nn.Sequential(nn.Linear(2, 6), nn.ReLU(), again, nn.ReLU(), again, nn.ReLU(), nn.Linear(6, 2)).double()


def with_if(y_pred: Tensor, y: Tensor) -> Tensor:
    """Return a loss that looks at a number."""
    loss = F.cross_entropy(y_pred, y)
    return loss if loss > 0.6 else 2 * loss


def with_mask(y_pred: Tensor, y: Tensor) -> Tensor:
    """Return the loss of those rows that are still wrong, and a little of all."""
    wrong = y_pred.argmax(dim=1) != y
    return F.cross_entropy(y_pred[wrong], y[wrong], reduction="sum") / len(y) + 0.1 * F.cross_entropy(y_pred, y)


CASES = {
    "one layer twice": (twice, moons(), {}),
    "a loss with if": (mlp(2, 8, 2), moons(), {"loss_fn": with_if}),
    "a loss with a mask": (mlp(2, 8, 2), moons(), {"loss_fn": with_mask}),
    "a loss that maps slowly": (mlp(2, 8, 2), moons(), {"loss_fn": F.multi_margin_loss}),
    "relu": (mlp(2, 16, 2), moons(), {}),
    "deep": (mlp(2, 4, 4, 2, activation=torch.tanh), moons(), {"learning_rate": 0.1}),
    "adam": (mlp(2, 8, 2), moons(), {"optimizer": torch.optim.Adam, "learning_rate": 0.05}),
    "momentum": (mlp(2, 8, 2), moons(), {"optimizer": partial(torch.optim.SGD, momentum=0.9), "learning_rate": 0.05}),
    "batches": (mlp(2, 8, 2), moons(), {"batch_size": 8}),
    "numbers": (lambda: mt.TwoLayerNet(5, 7, 2).double(), noise(), {"loss_fn": F.mse_loss}),
    "sequential": (sequential, moons(), {"loss_fn": nn.CrossEntropyLoss()}),
    "one layer": (lambda: nn.Linear(2, 2).double(), moons(), {}),
    "diverging": (mlp(5, 9, 2), noise(), {"loss_fn": F.mse_loss, "learning_rate": 3.0, "n_steps": 60}),
}


@pytest.mark.parametrize("at_once", [runs.AT_ONCE, 1])
@pytest.mark.parametrize("name", CASES)
def test_each_run_is_the_one_that_fit_trains(name: str, at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "AT_ONCE", at_once)  # 1: every run by itself
    make, splits, other = CASES[name]
    how = HOW | other
    found = mt.repeat(make, splits, seeds=SEEDS, **how)
    shape = len(splits), len(SEEDS)
    assert found.losses.shape == (*shape, how["n_steps"])
    for i, (train, validation) in enumerate(splits):
        for j, seed in enumerate(SEEDS):
            torch.manual_seed(seed)
            model = make()
            history = mt.fit(model, *train, **how, seed=seed, verbose=False)
            n_recorded = len(history.losses)
            torch.testing.assert_close(found.losses[i, j, :n_recorded], history.losses, rtol=1e-12, atol=1e-12)
            assert found.losses[i, j, n_recorded:].isnan().all()
            assert found.diverged_at[i, j] == (history.diverged_at or 0)
            if not history.diverged_at:
                expected = [mt.evaluate(model, *part, loss_fn=how["loss_fn"]) for part in (train, validation)]
                got = [found.train_losses[i, j], found.validation_losses[i, j]]
                torch.testing.assert_close(
                    torch.stack(got), torch.tensor(expected, dtype=torch.float64), rtol=1e-12, atol=1e-12
                )
                if not train[1].is_floating_point():
                    shares = [mt.accuracy(model, *part) for part in (train, validation)]
                    assert found.train_accuracies[i, j].item() == pytest.approx(shares[0], abs=1e-6)
                    assert found.accuracies[i, j].item() == pytest.approx(shares[1], abs=1e-6)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("widths", [(2, 8, 2), [2, 2]])
def test_widths_stand_for_an_mlp_like_the_data(widths: Sequence[int], dtype: torch.dtype) -> None:
    splits = [tuple((x.to(dtype), y) for x, y in split) for split in moons()]
    models = widths, lambda: mt.MLP(widths).to(dtype)
    found, expected = (mt.repeat(model, splits, seeds=SEEDS, **HOW) for model in models)
    for one, other in zip(vars(found).values(), vars(expected).values(), strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=0, equal_nan=True)


def test_seeds_may_be_a_tensor() -> None:
    one, other = (mt.repeat(mlp(2, 8, 2), moons(), seeds=seeds, **HOW) for seeds in (torch.arange(2), (0, 1)))
    assert torch.equal(one.losses, other.losses)


def test_each_split_may_have_seeds_of_its_own() -> None:
    splits, own = moons(), [[4, 1], [0, 9], [1, 2]]
    found = mt.repeat(mlp(2, 8, 2), splits, seeds=own, batch_size=8, **HOW)
    for i, (split, seeds) in enumerate(zip(splits, own, strict=True)):
        alone = mt.repeat(mlp(2, 8, 2), [split], seeds=seeds, batch_size=8, **HOW)
        torch.testing.assert_close(found.losses[i], alone.losses[0], rtol=1e-12, atol=1e-12)
        torch.testing.assert_close(found.accuracies[i], alone.accuracies[0])


def test_a_run_that_diverges_is_counted_and_harms_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    splits = [((x * scale, y), (x * scale, y)) for scale in (1e-3, 1e3) for (x, y), _ in noise(1)]
    found = mt.repeat(mlp(5, 9, 2), splits, seeds=range(3), loss_fn=F.mse_loss, learning_rate=0.1, n_steps=40)
    assert (found.diverged_at > 0).tolist() == [[False] * 3, [True] * 3]
    assert found.validation_losses[0].isfinite().all()
    assert (found.validation_losses[1] == torch.inf).all()
    assert repr(found) == "Runs(분할 2 × 시드 3, 40 스텝, 발산 3번, 죽음 0번)"
    assert "학습 6번 가운데 3번이 발산했습니다" in capsys.readouterr().out
    labels = [tuple((x, (y[:, 0] > 0).long()) for x, y in split) for split in splits]
    found = mt.repeat(mlp(5, 9, 2), labels, seeds=range(3), **HOW | {"learning_rate": 1e200}, verbose=False)
    assert capsys.readouterr().out == ""
    assert (found.diverged_at > 0).all()
    assert found.accuracies.sum() == found.train_accuracies.sum() == 0, "a network that diverged answers nothing"


def test_without_class_labels_there_is_no_accuracy() -> None:
    found = mt.repeat((5, 3, 2), noise(), seeds=SEEDS, **HOW | {"loss_fn": F.mse_loss, "validate_every": 5})
    assert found.accuracies.isnan().all()
    assert found.train_accuracies.isnan().all()
    assert found.accuracy_curves.isnan().all()
    assert found.validation_losses.isfinite().all()
    with pytest.raises(ValueError, match="정확도라면 y가 클래스 번호여야"):
        mt.estimate(found.accuracies)


def test_dead_runs_are_counted() -> None:
    def never_active() -> nn.Module:
        model = mt.MLP((2, 3, 2)).double()
        nn.init.constant_(model.layer_01.bias, -100)
        return model

    alive, dead = (mt.repeat(make, moons(), seeds=SEEDS, **HOW) for make in (mlp(2, 16, 2), never_active))
    assert (alive.dead.sum(), dead.dead.sum()) == (0, 6)
    assert "죽음 6번" in repr(dead)


def test_the_last_update_may_diverge_and_one_split_may_have_several_seeds(capsys: pytest.CaptureFixture[str]) -> None:
    found = mt.repeat((2, 4, 2), [TWO[0]] * 2, seeds=[[7], [8]], **HOW | {"learning_rate": 1e300, "n_steps": 1})
    assert not found.diverged_at.any()
    assert "발산 2번" in repr(found)
    assert "학습 2번 가운데 2번이 발산했습니다" in capsys.readouterr().out
    mt.repeat((2, 4, 2), [TWO[0]] * 2, seeds=[[7], [8]], **HOW)
    assert capsys.readouterr().out == ""


def test_the_curves_are_of_the_state_after_each_multiple() -> None:
    curves = mt.repeat(mlp(2, 8, 2), moons(), seeds=SEEDS, **HOW, validate_every=10)
    assert curves.loss_curves.shape == curves.accuracy_curves.shape == (3, 2, 2)
    for i, n_steps in enumerate((10, 20)):
        found = mt.repeat(mlp(2, 8, 2), moons(), seeds=SEEDS, **HOW | {"n_steps": n_steps})
        torch.testing.assert_close(curves.loss_curves[..., i], found.validation_losses)
        torch.testing.assert_close(curves.accuracy_curves[..., i], found.accuracies)
    assert mt.repeat(mlp(2, 8, 2), moons(), seeds=SEEDS, **HOW).loss_curves.shape == (3, 2, 0)


def test_the_random_state_stays_and_the_data_too() -> None:
    splits, state = moons(), torch.get_rng_state()
    before = [tensor.clone() for split in splits for part in split for tensor in part]
    mt.repeat(mlp(2, 8, 2), splits, seeds=SEEDS, **HOW)
    assert torch.equal(state, torch.get_rng_state())
    after = [tensor for split in splits for part in split for tensor in part]
    assert all(torch.equal(a, b) for a, b in zip(after, before, strict=True))


def test_the_gpus_random_state_is_kept_where_there_are_any(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = []
    fork = torch.random.fork_rng
    monkeypatch.setattr(torch.random, "fork_rng", lambda gpus: kept.append([*gpus]) or fork([]))
    for is_there in (False, True):
        monkeypatch.setattr(torch.cuda, "is_initialized", lambda is_there=is_there: is_there)
        monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
        mt.repeat(mlp(2, 2), moons(1), seeds=SEEDS, **HOW)
    assert kept == [[], [0, 1]]


def test_dropout_comes_again_whatever_was_drawn_before() -> None:
    def make() -> nn.Module:
        return nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 2)).double()

    splits, state = moons(2), torch.get_rng_state()
    first = mt.repeat(make, splits, seeds=SEEDS, **HOW)
    assert torch.equal(state, torch.get_rng_state())
    torch.rand(3)
    again, other = (mt.repeat(make, splits, seeds=seeds, **HOW) for seeds in (SEEDS, (1, 2)))
    assert torch.equal(first.losses, again.losses)
    assert not torch.equal(first.losses, other.losses)


def ending_in(last: nn.Module) -> Callable[[], nn.Module]:
    """Return what makes a network of two outputs with this layer at its end."""
    return lambda: nn.Sequential(nn.Linear(2, 2), last).double()


def standardized() -> nn.Module:
    """Return a network that first standardizes all that it is given by one mean and one standard deviation."""
    return Net(lambda net, x: net[0]((x - x.mean()) / x.std()), nn.Linear(2, 2)).double()


def keeping() -> nn.Module:
    """Return a network that keeps a regularizer, which autograd follows back to the weights."""
    model = mt.MLP((2, 2)).double()
    model.length = model.layer_01.weight.norm()
    return Net(lambda net, x: net[0](x), model)


def with_noise(y_pred: Tensor, y: Tensor) -> Tensor:
    """Return a loss that draws random numbers."""
    return F.cross_entropy(F.dropout(y_pred), y)


def half() -> nn.Module:
    """Return a network whose outputs are 0.5 before training."""
    layer = nn.Linear(2, 1).double()
    nn.init.zeros_(layer.weight)
    nn.init.constant_(layer.bias, 0.5)
    return layer


def old_weight_norm(layer: nn.Linear) -> nn.Module:
    """Return the layer with the older of PyTorch's two ways, which is deprecated."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return nn.utils.weight_norm(layer)


def with_if_and_noise(y_pred: Tensor, y: Tensor) -> Tensor:
    """Return a loss that looks at a number and draws others."""
    loss = with_noise(y_pred, y)
    return loss if loss > 0 else -loss


def clipping(parameters: Iterable[nn.Parameter], lr: float) -> torch.optim.Optimizer:
    """Return SGD that shortens the gradient of all parameters together."""
    parameters = [*parameters]
    optimizer = torch.optim.SGD(parameters, lr=lr)
    optimizer.register_step_pre_hook(lambda *_: nn.utils.clip_grad_norm_(parameters, 1.0) and None)
    return optimizer


def matrices_decay(parameters: Iterable[nn.Parameter], lr: float) -> torch.optim.Optimizer:
    """Return SGD with weight decay for all but the biases, told apart by their one dimension."""
    parameters = [*parameters]
    groups = [{"params": [p for p in parameters if (p.dim() > 1) == matrices]} for matrices in (True, False)]
    groups[0]["weight_decay"] = 0.1
    return torch.optim.SGD(groups, lr=lr)


def seeded() -> nn.Module:
    """Return the same weights each time, whatever the seed."""
    torch.manual_seed(123)
    return mt.MLP((2, 4, 2)).double()


TWO = moons(2)
ONE = mt.MLP((2, 2))
SHARES = [tuple((x, y[:, None].double()) for x, y in part) for part in TWO]
REFUSED = {
    "a network, not what makes one": ({"model": mt.MLP((2, 2))}, TypeError, "값의 형: MLP"),
    "one width": ({"model": (2,)}, ValueError, "widths"),
    "a width alone": ({"model": 16}, TypeError, "층마다의 노드 수.*값의 형: int"),
    "the same network each time": ({"model": lambda: ONE}, TypeError, "늘 같은 신경망"),
    "the same weights each time": ({"model": seeded}, ValueError, r"시드 2개에 .*모두 같은.*torch\.manual_seed를 빼"),
    "a class that asks for arguments": ({"model": mt.TwoLayerNet}, TypeError, r"lambda: TwoLayerNet\(…\)"),
    "a loss made anew": (
        {"loss_fn": lambda *_: torch.ones((), requires_grad=True)}, ValueError, r"닿지 않음.*torch\.tensor\(\)",
    ),
    "makes no network": ({"model": lambda: None}, TypeError, "새로 만드는 함수"),
    "no seed": ({"seeds": ()}, ValueError, "하나 이상"),
    "seeds of one split missing": ({"seeds": [[1]]}, ValueError, "분할 2개"),
    "uneven seeds": ({"seeds": [[1], [2, 3]]}, ValueError, "같은 수의 시드"),
    "a seed below 0": ({"seeds": (-1,)}, ValueError, "-1"),
    "no split": ({"splits": []}, ValueError, "받은 값: 0개"),
    "the same split again": ({"splits": [TWO[0]] * 3}, ValueError, "학습 6번 가운데 서로 다른 것 2번.*seed=seed"),
    "one of them again": ({"splits": [*TWO, TWO[0]]}, ValueError, "학습 6번 가운데 서로 다른 것 4번"),
    "the same seed again": ({"seeds": (7, 7)}, ValueError, "학습 4번 가운데 서로 다른 것 2번"),
    "the same of both": (
        {"splits": [TWO[0]] * 2, "seeds": [[7], [7]]}, ValueError, "학습 2번 가운데 서로 다른 것 1번",
    ),
    "a part missing": ({"splits": [TWO[0][:1]]}, ValueError, "학습과 검증을 짝지은"),
    "other sizes": ({"splits": [TWO[0], moons(1, 40)[0]]}, ValueError, "크기가 모두 같아야"),
    "other parameters": ({"model": ending_in(nn.BatchNorm1d(2))}, ValueError, "값: Sequential"),
    "another dimension": ({"model": ending_in(nn.LogSoftmax(dim=1))}, ValueError, "값: Sequential"),
    "weights made anew": (
        {"model": lambda: nn.Sequential(old_weight_norm(nn.Linear(2, 2))).double(), "seeds": [[1], [2]]},
        ValueError,
        "nn.Linear와",
    ),
    "a model that keeps what it has computed": (
        {"model": keeping}, ValueError, "복사할 수 있어야.*값: 계산 그래프에 이어진 텐서를 담은 Net.*detach",
    ),
    "outputs that leave the probabilities": (
        {"model": half, "loss_fn": nn.BCELoss(), "learning_rate": 100, "splits": SHARES, "seeds": (7,)},
        ValueError,
        "까닭: .*binary_cross_entropy_with",
    ),
    "seeds that are a number": ({"seeds": 3}, ValueError, "seeds에는"),
    "seeds that are one number's tensor": ({"seeds": torch.tensor(3)}, ValueError, "seeds에는"),
    "no splits at all": ({"splits": None}, ValueError, "splits에는 .*받은 값: None"),
    "a mean of all": ({"model": standardized}, ValueError, "값: Net"),
    "a mean of all, seeds of its own": ({"model": standardized, "seeds": [[1], [2]]}, ValueError, "값: Net"),
    "a loss that looks and draws": ({"loss_fn": with_if_and_noise}, ValueError, "loss_fn은 난수"),
    "a loss that draws": ({"loss_fn": with_noise}, ValueError, "loss_fn은 난수"),
    "an optimizer with a closure": (
        {"optimizer": torch.optim.LBFGS}, ValueError, "optimizer LBFGS, 까닭: .*closure",
    ),
    "an optimizer that clips": ({"optimizer": clipping}, ValueError, "다르게 갱신하는 clipping"),
    "an optimizer that counts dimensions": (
        {"optimizer": matrices_decay, "learning_rate": 1e-6}, ValueError, "다르게 갱신하는 matrices_decay",
    ),
    "an optimizer that averages": ({"optimizer": torch.optim.Adafactor}, ValueError, "Adafactor"),
    "an optimizer of matrices": ({"optimizer": torch.optim.Muon}, ValueError, "optimizer Muon"),
    "an optimizer of another model": (
        {"optimizer": lambda _, lr: torch.optim.SGD(ONE.parameters(), lr)}, ValueError, "다른 모델의 매개변수",
    ),
    "a scheduler": (
        {"optimizer": lambda weights, lr: torch.optim.lr_scheduler.StepLR(torch.optim.SGD(weights, lr=lr), 2)},
        ValueError,
        "아니라 StepLR.*register_step_post_hook",
    ),
    "steps": ({"n_steps": 0}, ValueError, "n_steps"),
    "batch size": ({"batch_size": 0}, ValueError, "batch_size"),
    "curve": ({"validate_every": 0}, ValueError, "validate_every"),
    "rate": ({"learning_rate": -1}, ValueError, "learning_rate"),
    "loss": ({"loss_fn": nn.MSELoss}, TypeError, "loss_fn"),
    "dtype": ({"model": lambda: mt.MLP((2, 2))}, TypeError, "float32"),
    "whole numbers": (
        {"model": (2, 2), "splits": [tuple((x.long(), y) for x, y in part) for part in TWO]}, TypeError, "int64",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_repeated_is_refused_in_korean(name: str) -> None:
    change, error, told = REFUSED[name]
    given = {"model": mlp(2, 4, 2), "splits": TWO, "seeds": SEEDS} | HOW | change
    model, splits = given.pop("model"), given.pop("splits")
    with pytest.raises(error, match=told) as caught:
        mt.repeat(model, splits, **given)
    assert str(caught.value).endswith("십시오."), "the remedy is missing"


def test_equal_first_weights_are_no_fault_where_chance_comes_in_later() -> None:
    def with_dropout() -> nn.Module:  # that is no layer
        return Net(lambda net, x: F.dropout(net[0](x), training=net.training), seeded())

    for model, how in ((seeded, {"batch_size": 7}), (with_dropout, {})):
        losses = mt.repeat(model, TWO, seeds=SEEDS, **HOW | how).losses
        assert not torch.equal(losses[:, 0], losses[:, 1])
    assert mt.repeat(seeded, TWO, seeds=[7], **HOW).losses.shape == (2, 1, 25)


@pytest.mark.parametrize(
    ("loss_fn", "number"), [(F.cross_entropy, -100), (nn.CrossEntropyLoss(ignore_index=0), 0)], ids=["none", "a class"]
)
def test_labels_that_the_loss_leaves_out_count_nowhere(loss_fn: Callable, number: int) -> None:
    how = HOW | {"loss_fn": loss_fn}
    for parts in ((0, 1), (1,)):  # that hold some
        splits = [
            tuple((x, y.where(x[:, 0] > -0.5, number) if i in parts else y) for i, (x, y) in enumerate(part))
            for part in TWO
        ]
        runs = mt.repeat((2, 4, 2), splits, seeds=[7], **how)
        for i, (train, (x, y)) in enumerate(splits):
            torch.manual_seed(7)
            model = mt.MLP((2, 4, 2)).double()
            torch.testing.assert_close(runs.losses[i, 0], mt.fit(model, *train, **how, seed=7).losses)
            assert runs.validation_losses[i].item() == pytest.approx(mt.evaluate(model, x, y, loss_fn=loss_fn))
            assert runs.accuracies[i].item() == pytest.approx(mt.accuracy(model, x[y != number], y[y != number]))


def test_numbers_of_one_dimension_are_no_labels() -> None:
    def flat() -> nn.Module:
        return nn.Sequential(nn.Linear(2, 1), nn.Flatten(-2)).double()

    splits = [tuple((x, x.sum(dim=1)) for x, _ in part) for part in TWO]
    runs = mt.repeat(flat, splits, seeds=SEEDS, **HOW | {"loss_fn": F.mse_loss})
    assert runs.accuracies.isnan().all()
    assert (runs.validation_losses < 0.5).all()


def test_a_stack_of_what_is_not_scaled_is_no_other_network() -> None:
    x = torch.rand(300, 13, generator=torch.Generator().manual_seed(0))
    splits = [mt.split(1e6 * x, x[:, :1], fractions=(0.5, 0.5), seed=seed) for seed in range(2)]
    how = HOW | {"loss_fn": F.mse_loss, "learning_rate": 1e-15, "n_steps": 1}
    assert mt.repeat((13, 32, 1), splits, seeds=SEEDS, **how).losses.isfinite().all()


def test_a_function_that_takes_no_small_numbers_gets_none() -> None:
    def of_years() -> nn.Module:
        return Net(lambda net, x: net[0]((x - 1900).log()), nn.Linear(2, 1))

    x = 1950 + 50 * torch.rand(40, 2, generator=torch.Generator().manual_seed(0))
    splits = [mt.split(x, x[:, :1] / 1000, fractions=(0.5, 0.5))]
    how = HOW | {"loss_fn": F.mse_loss, "learning_rate": 0.01}
    assert mt.repeat(of_years, splits, seeds=SEEDS, **how).losses.isfinite().all()
