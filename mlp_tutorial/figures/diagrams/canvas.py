"""What all diagrams are drawn with: a canvas whose unit is an inch at full size, and one arrow.

They stand in one place so that a diagram is only where its shapes are and what they say.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch

from mlp_tutorial.figures.style import INK, axes, settle, size_in_points

Point = tuple[float, float]


def canvas(ax: Axes | None, width: float, height: float, *, below: float = 0, above: float = 0) -> Axes:
    """Return `ax`, or the axes of a new figure of width × height inches, without a frame and with these data units.

    The layout is settled, so that texts can be fitted to `scale`; `below` and `above` add room in data units.
    """
    ax = axes(ax, (width, height))
    ax.set(xlim=(0, width), ylim=(-below, height + above), aspect="equal")
    ax.axis("off")
    settle(ax)
    return ax


def scale(ax: Axes) -> float:
    """Return how many points a data unit of the canvas is: 72 at full size, fewer in smaller axes."""
    return float(size_in_points(ax)[0] / np.ptp(ax.get_xlim()))


def arrow(ax: Axes, start: Point, end: Point, **look: object) -> None:
    """Draw a straight arrow from end to end; `look` is FancyArrowPatch's, its head (mutation_scale) in points."""
    look = {"arrowstyle": "-|>", "mutation_scale": 12, "color": INK, **look}
    ax.add_patch(FancyArrowPatch(start, end, shrinkA=0, shrinkB=0, **look))
