"""Tests of mlp_tutorial.model against nn.Sequential; test_properties holds it against matrix algebra."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

import mlp_tutorial as mt


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


def test_count_parameters() -> None:
    assert mt.count_parameters(mt.TwoLayerNet(1000, 100, 10)) == 1000 * 100 + 100 + 100 * 10 + 10 == 101_110
    model = mt.MLP((2, 3, 1))
    model.layer_01.requires_grad_(False)
    assert mt.count_parameters(model) == 4


@pytest.mark.parametrize(("position", "name"), [(0, "D_in은"), (1, "H는"), (2, "D_out은")])
def test_a_size_that_is_none_is_called_by_its_name(position: int, name: str) -> None:
    sizes = [4, 4, 4]
    sizes[position] = 0
    with pytest.raises(ValueError, match=rf"^{name} 1 이상.*받은 값: 0\)"):
        mt.TwoLayerNet(*sizes)
