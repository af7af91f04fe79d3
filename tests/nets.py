"""A network that a test writes where it needs one: its layers, and a function that says what becomes of x."""

from collections.abc import Callable

from torch import Tensor, nn


class Net(nn.Sequential):
    """Layers whose forward is `way(net, x)`, for example Net(lambda net, x: net[0](x).log(), nn.Linear(2, 1))."""

    def __init__(self, way: Callable[[nn.Sequential, Tensor], object], *layers: nn.Module) -> None:
        super().__init__(*layers)
        self.way = way

    def forward(self, x: Tensor) -> object:
        """Return what `way` makes of x."""
        return self.way(self, x)
