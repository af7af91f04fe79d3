"""The still picture of 01_structure's explorer: layer sizes and what they make, counted from a real MLP."""

import torch
from matplotlib.figure import Figure

from mlp_tutorial import figures
from mlp_tutorial.explore.explorer import Explorer, blank_axes
from mlp_tutorial.model import MLP, count_parameters


class Structure(Explorer):
    """Layer sizes → the network's diagram and the number of its parameters."""

    def draw(self) -> tuple[Figure, str]:
        """Return the diagram under the number of parameters."""
        D_in, n_hidden, H, D_out = self.values.values()
        widths = (D_in, *[H] * n_hidden, D_out)
        with torch.device("meta"):  # counts without memory for the numbers
            n_parameters = count_parameters(MLP(widths))
        figure, (ax,) = blank_axes(1)
        figures.network(widths, ax=ax).set_title(f"매개변수 {n_parameters:,d}개")
        return figure, f"{'-'.join(map(str, widths))} 신경망의 그림. 매개변수는 {n_parameters:,d}개."
