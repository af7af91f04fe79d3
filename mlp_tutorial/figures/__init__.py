"""Everything that is drawn: one module for each kind of figure, and the style of all in `style`.

Drawing functions only draw: they take an optional `ax`, make a figure where there is none, and return the axes.
"""

from mlp_tutorial.figures.bars import bars, timeline
from mlp_tutorial.figures.curves import curves, loss_curve
from mlp_tutorial.figures.diagrams.graph import computation_graph
from mlp_tutorial.figures.diagrams.network import network
from mlp_tutorial.figures.diagrams.schedule import ddp_schedule
from mlp_tutorial.figures.regions import decision_regions, points, response

__all__ = [
    "bars",
    "computation_graph",
    "curves",
    "ddp_schedule",
    "decision_regions",
    "loss_curve",
    "network",
    "points",
    "response",
    "timeline",
]
