"""Properties that hold whatever the sizes, numbers and mistakes: hypothesis draws them, the same ones in each run."""

import os
import re
from functools import partial
from itertools import chain, pairwise

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir
from sklearn.datasets import make_moons
from torch import Tensor, nn
from torch.nn import functional as F

import mlp_tutorial as mt
from mlp_tutorial.terminal.korean import particle, shown, topic

set_hypothesis_home_dir(os.devnull)  # else it keeps a folder beside the code
settings.register_profile("repeatable", deadline=None, derandomize=True, database=None, max_examples=40)
settings.load_profile("repeatable")

SIZES = st.integers(1, 6)
SEEDS = st.integers(0, 2**32 - 1)
NO_NUMBERS = st.sampled_from([None, True, False, "1", "많이", b"1", [1], (1,), {}, 1j, object()])
NO_COUNTS = st.one_of(st.integers(max_value=0), st.floats(), NO_NUMBERS)  # 64.0 is none either
NO_RATES = st.one_of(
    st.integers(max_value=0), st.floats(max_value=0), st.sampled_from([torch.nan, torch.inf, 10**400]), NO_NUMBERS
)
COUNTS = {"batch_size": 1, "D_in": 1, "H": 1, "D_out": 1, "n_steps": 0, "seed": 0}  # name → the least
SHAPES = st.lists(st.integers(1, 4), max_size=3).map(tuple)


def starts(name: str, error: pytest.ExceptionInfo, got: object) -> bool:
    """Tell whether an error's message begins with the name and its particle, and holds what was received."""
    message = str(error.value)
    remedy = rf"\w+\({got!r}\)처럼 글자를 수로" if got == "1" else r"(예를 들어|int\(\)로)"
    return bool(re.match(rf"{re.escape(topic(name))} .*\(받은 값: {re.escape(shown(got))}\)\. {remedy}", message))


@given(rows=SIZES, D_in=SIZES, D_out=SIZES, seed=SEEDS)
def test_random_data_are_torchs_own_draws(rows: int, D_in: int, D_out: int, seed: int) -> None:
    x, y = mt.random_data(rows, D_in, D_out, seed=seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        assert torch.equal(x, torch.randn(rows, D_in))
        assert torch.equal(y, torch.randn(rows, D_out))


@given(rows=SIZES, D_in=SIZES, D_out=SIZES, seed=SEEDS)
def test_learnable_data_have_their_shape_and_their_seed(rows: int, D_in: int, D_out: int, seed: int) -> None:
    x, y = mt.learnable_data(rows, D_in, D_out, seed=seed)
    assert (x.shape, y.shape) == ((rows, D_in), (rows, D_out))
    assert x.dtype == y.dtype == torch.float32
    assert x.isfinite().all()
    assert y.isfinite().all()
    assert all(map(torch.equal, (x, y), mt.learnable_data(rows, D_in, D_out, seed=seed)))


@given(n=st.integers(1, 40), noise=st.floats(1e-3, 1), seed=SEEDS)
def test_two_moons_are_scikit_learns(n: int, noise: float, seed: int) -> None:
    x, y = mt.two_moons(n, noise=noise, seed=seed)
    points, labels = make_moons(n, noise=noise, random_state=seed)
    assert (x.shape, y.shape, x.dtype, y.dtype) == ((n, 2), (n,), torch.float32, torch.int64)
    np.testing.assert_array_equal(x, points.astype(np.float32))
    np.testing.assert_array_equal(y, labels)


@given(weights=st.lists(st.integers(1, 9), min_size=1, max_size=4), n=st.integers(1, 60), seed=SEEDS)
def test_split_loses_no_row_and_gives_each_part_its_share(weights: list[int], n: int, seed: int) -> None:
    fractions = [weight / sum(weights) for weight in weights]
    assume(min(fractions) * n > 0.5)  # so that rounding leaves each part a row
    assume((1 - fractions[0]) * n <= n - 1 - len(weights) / 2)
    rows = torch.arange(n)
    parts = mt.split(rows[:, None] * 2.0, rows, fractions=fractions, seed=seed)
    assert sorted(torch.cat([y for _, y in parts]).tolist()) == list(range(n))
    assert all(torch.equal(x[:, 0], y * 2.0) for x, y in parts)
    assert [len(y) for _, y in parts[1:]] == [round(fraction * n) for fraction in fractions[1:]]


@given(widths=st.lists(SIZES, min_size=2, max_size=5), rows=SIZES, seed=SEEDS)
def test_mlp_is_the_matrix_algebra(widths: list[int], rows: int, seed: int) -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = mt.MLP(widths).double()
        x = torch.randn(rows, widths[0], dtype=torch.float64)
    assert mt.count_parameters(model) == sum((n_in + 1) * n_out for n_in, n_out in pairwise(widths))
    matrices = [parameter.detach().numpy() for parameter in model.parameters()]
    expected = x.numpy()
    for number, (W, b) in enumerate(zip(matrices[::2], matrices[1::2], strict=True), start=1):
        expected = expected @ W.T + b
        expected = np.maximum(expected, 0) if number < len(widths) - 1 else expected
    np.testing.assert_allclose(model(x).detach(), expected, rtol=1e-9, atol=1e-12)


@given(widths=st.lists(SIZES, min_size=2, max_size=5), position=st.integers(0, 4), bad=NO_COUNTS)
def test_mlp_names_the_width_that_is_no_count(widths: list[int], position: int, bad: object) -> None:
    position %= len(widths)
    widths = [*widths[:position], bad, *widths[position + 1 :]]
    with pytest.raises(ValueError, match="1 이상의 정수여야") as caught:
        mt.MLP(widths)
    assert starts(f"widths[{position}]", caught, bad)


@given(name=st.sampled_from([*COUNTS]), value=st.integers(1, 2**32 - 1))
def test_hyperparameters_take_every_count(name: str, value: int) -> None:
    for given_as in (value, np.int64(value)):
        kept = getattr(mt.Hyperparameters(**{name: given_as}), name)
        assert (kept, type(kept)) == (value, int)


@given(name=st.sampled_from([*COUNTS]), bad=NO_COUNTS)
def test_hyperparameters_take_nothing_else_for_a_count(name: str, bad: object) -> None:
    assume(not (COUNTS[name] == 0 and type(bad) is int and bad == 0))
    with pytest.raises(ValueError, match=f"{COUNTS[name]} 이상의 정수여야") as caught:
        mt.Hyperparameters(**{name: bad})
    assert starts(name, caught, bad)


@given(rate=st.one_of(st.floats(0, exclude_min=True, allow_infinity=False), st.integers(1, 10**300)))
def test_hyperparameters_take_every_positive_learning_rate(rate: float) -> None:
    kept = mt.Hyperparameters(learning_rate=rate).learning_rate
    assert (kept, type(kept)) == (float(rate), float)


@given(bad=NO_RATES)
def test_hyperparameters_take_no_other_learning_rate(bad: object) -> None:
    with pytest.raises(ValueError, match="0보다 큰 유한한 수여야") as caught:
        mt.Hyperparameters(learning_rate=bad)
    assert starts("learning_rate", caught, bad)


@given(rows=SIZES, batch_size=SIZES, n_steps=st.integers(0, 12), seed=SEEDS)
def test_fit_takes_every_row_once_an_epoch(rows: int, batch_size: int, n_steps: int, seed: int) -> None:
    seen: list[list[int]] = []

    def watched(y_pred: Tensor, y: Tensor) -> Tensor:
        seen.append(y.flatten().int().tolist())
        return F.mse_loss(y_pred, y)

    x, y = torch.ones(rows, 1), torch.arange(rows, dtype=torch.float32)[:, None]
    run = {"learning_rate": 1e-3, "n_steps": n_steps, "batch_size": batch_size, "seed": seed}
    history = mt.fit(nn.Linear(1, 1), x, y, loss_fn=watched, **run)
    assert (history.losses.shape, history.losses.dtype, history.diverged_at) == ((n_steps,), torch.float32, None)
    del seen[0]  # the check before the first step
    per_epoch = -(-rows // batch_size)
    for start in range(0, n_steps - per_epoch + 1, per_epoch):
        epoch = seen[start : start + per_epoch]
        assert sorted(chain(*epoch)) == list(range(rows))
        assert all(len(batch) == batch_size for batch in epoch[:-1])


@given(shape=SHAPES, D_out=st.integers(1, 4))
def test_evaluate_takes_y_of_the_outputs_shape_alone(shape: tuple[int, ...], D_out: int) -> None:
    model, x, y = nn.Linear(2, D_out), torch.ones(4, 2), torch.zeros(4, *shape)
    if y.shape == (4, D_out):
        expected = (model(x).detach().numpy() ** 2).mean()
        assert mt.evaluate(model, x, y, loss_fn=F.mse_loss) == pytest.approx(expected, rel=1e-5)
        return
    with pytest.raises(ValueError, match="y의 모양은") as caught:
        mt.evaluate(model, x, y, loss_fn=F.mse_loss)
    expected = particle((4, D_out), "이어야", "여야")
    assert f"같은 {expected} 합니다 (받은 모양: {tuple(y.shape)})" in str(caught.value)
    reshaped = f"y.reshape(4, {D_out})" in str(caught.value)
    assert reshaped == (y.numel() == 4 * D_out)


@given(labels=st.lists(st.integers(-2, 5), min_size=1, max_size=6), n_classes=st.integers(2, 5))
def test_labels_must_be_classes(labels: list[int], n_classes: int) -> None:
    model, x, y = nn.Linear(2, n_classes), torch.ones(len(labels), 2), torch.tensor(labels)
    if set(labels) <= set(range(n_classes)):
        winner = model(x)[0].argmax().item()
        assert mt.accuracy(model, x, y) == pytest.approx(labels.count(winner) / len(labels))
        return
    got = f"0부터 {n_classes - 1}까지여야 합니다 (받은 값: {min(labels)}부터 {max(labels)}까지)"
    for name, call in {"labels": mt.accuracy, "y": partial(mt.evaluate, loss_fn=F.cross_entropy)}.items():
        with pytest.raises(ValueError, match=f"클래스 번호 {name}는") as caught:
            call(model, x, y)
        assert got in str(caught.value)
