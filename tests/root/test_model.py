"""Tests of mlp_tutorial.model against matrix algebra written out in NumPy and against nn.Sequential."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import mlp_tutorial as mt


@pytest.fixture(autouse=True)
def _seeded() -> Iterator[None]:
    """Give each test the same weights and inputs; put the global random state back."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield


def test_two_layer_net_is_the_formula() -> None:
    model = mt.TwoLayerNet(7, 5, 3).double()
    x = torch.randn(4, 7, dtype=torch.float64)
    W_1, b_1, W_2, b_2 = (parameter.detach().numpy() for parameter in model.parameters())
    expected = np.maximum(x.numpy() @ W_1.T + b_1, 0) @ W_2.T + b_2
    np.testing.assert_allclose(model(x).detach().numpy(), expected, rtol=1e-12)


def test_two_layer_net_starts_as_pytorch_would() -> None:
    torch.manual_seed(123)
    model = mt.TwoLayerNet(7, 5, 3)
    torch.manual_seed(123)
    layers = nn.Linear(7, 5), nn.Linear(5, 3)
    assert list(model.state_dict()) == ["layer_01.weight", "layer_01.bias", "layer_02.weight", "layer_02.bias"]
    assert torch.equal(model.layer_01.weight, layers[0].weight)
    assert torch.equal(model.layer_02.bias, layers[1].bias)


@pytest.mark.parametrize("activation", [torch.tanh, nn.Tanh()])
def test_mlp_of_any_depth_is_the_sequential(activation: Callable[[Tensor], Tensor]) -> None:
    model = mt.MLP((4, 6, 5, 2), activation)
    twin = nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 2))
    for ours, theirs in zip(model.parameters(), twin.parameters(), strict=True):
        theirs.data.copy_(ours)
    x = torch.randn(8, 4)
    torch.testing.assert_close(model(x), twin(x))
    assert model.widths == (4, 6, 5, 2)


def test_mlp_without_hidden_layer_is_linear_and_may_be_negative() -> None:
    model = mt.MLP((3, 2))
    x = torch.randn(50, 3)
    torch.testing.assert_close(model(x), x @ model.layer_01.weight.T + model.layer_01.bias)
    assert model(x).min() < 0


def test_default_activation_is_relu() -> None:
    model = mt.MLP((2, 3, 1))
    twin = mt.MLP((2, 3, 1), activation=torch.relu)
    twin.load_state_dict(model.state_dict())
    x = torch.randn(9, 2)
    assert torch.equal(model(x), twin(x))


def test_count_parameters() -> None:
    assert mt.count_parameters(mt.TwoLayerNet(1000, 100, 10)) == 1000 * 100 + 100 + 100 * 10 + 10 == 101_110
    model = mt.MLP((2, 3, 1))
    model.layer_01.requires_grad_(False)
    assert mt.count_parameters(model) == 4


@pytest.mark.parametrize("position", range(3))
@pytest.mark.parametrize("bad", [0, -3, 2.0, "5", None, True])
def test_sizes_that_are_no_sizes(position: int, bad: object) -> None:
    sizes = [4, 4, 4]
    sizes[position] = bad
    name = ("D_in은", "H는", "D_out은")[position]
    with pytest.raises(ValueError, match=rf"{name} 1 이상의 정수여야 합니다 \(받은 값: {bad!r}\)\. 예를 들어 10"):
        mt.TwoLayerNet(*sizes)
    with pytest.raises(ValueError, match=rf"widths\[{position}\]"):
        mt.MLP(sizes)


def test_sizes_may_be_numpy_integers() -> None:
    assert mt.TwoLayerNet(np.int64(3), np.int32(2), 1).widths == (3, 2, 1)


@pytest.mark.parametrize("widths", [(), (5,), 5])
def test_too_few_widths(widths: object) -> None:
    with pytest.raises(ValueError, match="둘 이상의 노드 수"):
        mt.MLP(widths)
