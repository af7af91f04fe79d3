"""Tests that every public name gives the same numbers whatever surrounds the call, or refuses in Korean."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, redirect_stdout
from functools import partial
from io import StringIO
from types import ModuleType, SimpleNamespace

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

import mlp_tutorial as mt
from mlp_tutorial import reference


def given() -> SimpleNamespace:
    """Return what the calls below are given, made in plain surroundings and alike each time."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        small, post = mt.MLP((6, 5, 3)), mt.TwoLayerNet(*reference.POST_SIZES)
    x, y = mt.random_data(12, 6, 3)
    return SimpleNamespace(small=small, post=post, x=x, y=y, labels=torch.arange(12) % 3, losses=torch.ones(250))


def trained(g: SimpleNamespace) -> list[object]:
    """Return what mini-batches and validation leave behind: the history and the parameters."""
    run = {"learning_rate": 0.1, "n_steps": 4, "validation": (g.x, g.y), "validate_every": 2}
    runs = [mt.fit(g.small, g.x, g.y, loss_fn=F.mse_loss, batch_size=size, **run) for size in (5, None)]
    return [*map(vars, runs), *g.small.parameters()]


def repeated(g: SimpleNamespace) -> mt.Runs:
    """Return the record of four runs on two halves of the rows, in mini-batches."""
    one, other = (g.x[:6], g.labels[:6]), (g.x[6:], g.labels[6:])
    halves = [(one, other), (other, one)]
    run = {"loss_fn": F.cross_entropy, "learning_rate": 0.1, "n_steps": 4, "batch_size": 4, "validate_every": 2}
    return mt.repeat(lambda: nn.Linear(6, 3, dtype=torch.float32, device="cpu"), halves, seeds=(0, 1), **run)


def posts_weights(g: SimpleNamespace) -> list[Tensor]:
    """Return the parameters after `load_post_weights`."""
    reference.load_post_weights(g.post)
    return [*g.post.parameters()]


def checked(g: SimpleNamespace) -> list[object]:
    """Return what `check` says of a right answer; it prints and returns nothing."""
    said = StringIO()
    with redirect_stdout(said):
        mt.check("01_nand", lambda n: (-torch.ones(n), n - 0.5))
    return [said.getvalue()]


def as_pytorch_makes_it(model: nn.Module) -> list[bool]:
    """Tell of each parameter whether its dtype and device are the defaults and it can be trained."""
    dtype, device = torch.get_default_dtype(), torch.get_default_device()
    return [(p.dtype, p.device, p.requires_grad) == (dtype, device, True) for p in model.parameters()]


# public name → a call of it
CALLS: dict[str, Callable[[SimpleNamespace], object]] = {
    "MLP": lambda g: [*as_pytorch_makes_it(mt.MLP((6, 5, 3))), g.small.widths],
    "TwoLayerNet": lambda g: [*as_pytorch_makes_it(mt.TwoLayerNet(6, 5, 3)), mt.TwoLayerNet(6, 5, 3).widths],
    "History": lambda g: repr(mt.History(g.losses)),
    "Estimate": lambda g: str(mt.Estimate(0.5, 0.1, 3)),
    "Runs": lambda g: repr(repeated(g)),
    "estimate": lambda g: str(mt.estimate(g.x)),
    "repeat": lambda g: vars(repeated(g)),
    "Hyperparameters": lambda g: mt.Hyperparameters(),
    "check": checked,
    "accuracy": lambda g: mt.accuracy(g.small, g.x, g.labels),
    "count_parameters": lambda g: [mt.count_parameters(model) for model in (g.small, mt.MLP((2, 3, 1)))],
    "digits": lambda g: mt.digits(),
    "evaluate": lambda g: [
        mt.evaluate(g.small, g.x, g.y, loss_fn=F.mse_loss),
        mt.evaluate(g.small, g.x, g.labels, loss_fn=nn.CrossEntropyLoss()),
    ],
    "fit": trained,
    "learnable_data": lambda g: mt.learnable_data(5, 7, 3),
    "random_data": lambda g: mt.random_data(5, 7, 3),
    "split": lambda g: mt.split(g.x, g.labels),
    "two_moons": lambda g: mt.two_moons(9),
    "xor": lambda g: mt.xor(),
    "reference.comparison": lambda g: reference.comparison(g.losses),
    "reference.load_post_weights": posts_weights,
}


DTYPES = {"float32": torch.float32, "float64": torch.float64}
GRADIENTS = {"grad": nullcontext, "no_grad": torch.no_grad, "inference_mode": torch.inference_mode}
GRADIENTS |= {"autocast": partial(torch.autocast, "cpu", dtype=torch.bfloat16)}
DEVICES = {"cpu": nullcontext, "with": lambda: torch.device("meta")}  # which holds no numbers and stands for a GPU
DEVICES |= {"set": lambda: nullcontext(torch.set_default_device("meta"))}
SURROUNDINGS = ["-".join(names) for names in itertools.product(DTYPES, GRADIENTS, DEVICES)]


@contextmanager
def surrounded(by: str) -> Iterator[None]:
    """Be in the surroundings of that name while this lasts."""
    dtype, gradients, device = by.split("-")
    before = torch.get_default_dtype()
    torch.set_default_dtype(DTYPES[dtype])
    try:
        with GRADIENTS[gradients](), DEVICES[device]():
            yield
    finally:
        torch.set_default_dtype(before)
        torch.set_default_device(None)


def same(found: object, expected: object) -> bool:
    """Tell whether two results are the same, bit for bit, in type, dtype, device and kind of tensor."""
    if isinstance(expected, Tensor):
        kinds = {(t.dtype, t.device, t.is_inference(), t.requires_grad) for t in (found, expected)}
        return len(kinds) == 1 and torch.equal(found, expected)
    if isinstance(expected, dict):
        return list(found) == list(expected) and same([*found.values()], [*expected.values()])
    if isinstance(expected, list | tuple):
        return len(found) == len(expected) and all(map(same, found, expected))
    return (type(found), found) == (type(expected), expected)


def test_every_public_name_is_called_here() -> None:
    public = {name for name in mt.__all__ if not isinstance(getattr(mt, name), ModuleType)}
    own = {name for name, thing in vars(reference).items() if getattr(thing, "__module__", "") == reference.__name__}
    assert public | {f"reference.{name}" for name in own} == set(CALLS)


@pytest.mark.parametrize("by", SURROUNDINGS)
@pytest.mark.parametrize("name", CALLS)
def test_the_surroundings_change_no_number(name: str, by: str) -> None:
    call, expected, state = CALLS[name], CALLS[name](given()), torch.get_rng_state()
    things = given()
    with surrounded(by):
        found = call(things)
    assert same(found, expected)
    assert name in ("MLP", "TwoLayerNet", "count_parameters") or torch.equal(state, torch.get_rng_state())


MAKE = {"small": lambda: mt.MLP((6, 5, 3)), "post": lambda: mt.TwoLayerNet(*reference.POST_SIZES)}
MAKE |= {"x": lambda: torch.ones(12, 6), "y": lambda: torch.ones(12, 3)}


@pytest.mark.parametrize(
    ("name", "by", "call", "got"),
    [
        *((name, "float32-inference_mode-cpu", trained, "추론에만 쓰는 텐서") for name in ("small", "x", "y")),
        ("post", "float32-inference_mode-cpu", posts_weights, "추론에만 쓰는 텐서"),
        ("small", "float64-grad-cpu", trained, "torch.float32"),
        ("small", "float32-grad-with", trained, "'cpu'"),
    ],
)
def test_what_was_made_elsewhere_is_refused_and_left_as_it_was(name: str, by: str, call: Callable, got: str) -> None:
    things = given()
    with surrounded(by):
        setattr(things, name, MAKE[name]())
        before = [parameter.clone() for parameter in [*things.small.parameters(), *things.post.parameters()]]
    message = rf"^(x|y|model)[은는의] .*야 합니다 \(받은 값: {got}\)\. .*십시오\.$"
    with pytest.raises((TypeError, ValueError), match=message):
        call(things)
    after = [*things.small.parameters(), *things.post.parameters()]
    assert all(a.is_meta or torch.equal(a, b) for a, b in zip(after, before, strict=True))
