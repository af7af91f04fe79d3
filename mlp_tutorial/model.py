"""Multi-layer perceptrons: the post's two-layer network and the same thing at any depth.

Layers carry the post's names (layer_01, layer_02, …), so that a state_dict reads like the post. Like every layer of
PyTorch's they are made in the default dtype on the default device.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

from torch import Tensor, nn
from torch.nn import functional as F

from mlp_tutorial import checks


class MLP(nn.Module):
    """A multi-layer perceptron: nn.Linear layers with `activation` between them, none after the last.

    First used in 02.

    Args:
        widths: nodes per layer, input and output included: (2, 16, 16, 2) has two hidden layers of 16 nodes.
        activation: applied to the output of every hidden layer.

    Raises:
        ValueError: fewer than two widths, or one that is no whole number of at least 1.
        TypeError: an activation that can't be called, or a class such as nn.ReLU.
    """

    @checks.called_as("mt.MLP((2, 16, 2))")
    def __init__(self, widths: Sequence[int], activation: Callable[[Tensor], Tensor] = F.relu) -> None:
        super().__init__()
        self.widths = checks.layer_widths(widths)
        checks.function("activation", activation, checks.ACTIVATION_FORMS)
        self.activation = activation
        for number, (n_in, n_out) in enumerate(pairwise(self.widths), start=1):
            self.add_module(f"layer_{number:02d}", nn.Linear(n_in, n_out))

    def forward(self, x: Tensor) -> Tensor:
        """Map x (batch_size, widths[0]) to predictions (batch_size, widths[-1])."""
        *hidden, output = (self.get_submodule(f"layer_{i:02d}") for i in range(1, len(self.widths)))
        for layer in hidden:
            x = self.activation(layer(x))  # (batch_size, that layer's width)
        return output(x)


class TwoLayerNet(MLP):
    """The post's network: layer_01 (D_in → H), ReLU, layer_02 (H → D_out).

    First used in 01; written by hand in 06.

    Raises:
        ValueError: a size that is no whole number of at least 1.
    """

    @checks.called_as("mt.TwoLayerNet(1000, 100, 10)")
    def __init__(self, D_in: int, H: int, D_out: int) -> None:
        super().__init__(checks.whole_numbers(D_in=D_in, H=H, D_out=D_out))


@checks.called_as("mt.count_parameters(model)")
def count_parameters(model: nn.Module) -> int:
    """Return how many numbers training may change: all weights and biases of `model`.

    First used in 01, where they are counted by hand.

    Raises:
        ValueError, TypeError: a lazy layer without a size yet, or no network.
    """
    checks.sized(model)
    return sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
