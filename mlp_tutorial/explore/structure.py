"""The explorer of 01_structure: layer sizes and what they make.

The parameters are counted from a real MLP, so that picture and package can't disagree.
"""

import ipywidgets as widgets
import torch
from matplotlib.figure import Figure

from mlp_tutorial import figures
from mlp_tutorial.explore.explorer import LOOK, Explorer, blank_axes, choice
from mlp_tutorial.model import MLP, count_parameters

SIZES = (1, 2, 3, 4, 5, 6, 8, 10, 16, 32, 64, 100, 256, 1000)  # nodes of a layer


class Structure(Explorer):
    """Layer sizes → the network's diagram and the number of its parameters."""

    def __init__(self) -> None:
        super().__init__(
            {
                "D_in": choice("입력 노드", SIZES, 2),
                "n_hidden": widgets.IntSlider(1, 0, 5, description="은닉층의 수", **LOOK),
                "H": choice("은닉층의 너비", SIZES, 3),
                "D_out": choice("출력 노드", SIZES, 1),
            }
        )
        self.show()

    def draw(self) -> tuple[Figure, str]:
        """Return the diagram under the number of parameters."""
        D_in, n_hidden, H, D_out = self.values.values()
        widths = (D_in, *[H] * n_hidden, D_out)
        with torch.device("meta"):  # counts without memory for the numbers
            n_parameters = count_parameters(MLP(widths))
        figure, (ax,) = blank_axes(1)
        figures.network(widths, ax=ax).set_title(f"매개변수 {n_parameters:,d}개")
        return figure, f"{'-'.join(map(str, widths))} 신경망의 그림. 매개변수는 {n_parameters:,d}개."
