"""One step of DistributedDataParallel in two processes as lanes over time: who computes, and when gradients travel.

The lengths are chosen to be read, not measured; the order is that which 'C_many_machines' prints.
"""

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from mlp_tutorial import checks
from mlp_tutorial.figures.diagrams.canvas import arrow, canvas, scale
from mlp_tutorial.figures.style import INK, REGIONS, WIDE, in_style

TOP, MIDDLE, BOTTOM, TALL = 2.65, 1.6, 0.55, 0.55  # inches: the lower edges of the lanes, and their height
SENT = [("통 0\n층 3", 3.8, 0.9), ("통 1\n층 2", 4.9, 0.9), ("통 2\n층 1", 6.0, 0.9)]  # name, left end, width
WORK = [("순전파", 1.2, 1.45), ("역전파\n층 3", 2.7, 1.05), ("역전파\n층 2", 3.8, 1.05), ("역전파\n층 1", 4.9, 1.05)]
WORK += [("매개변수\n옮기기", 6.95, 1.15)]
LANES = [("프로세스 0\n(32행)", TOP, WORK), ("평균 내기", MIDDLE, SENT), ("프로세스 1\n(32행)", BOTTOM, WORK)]


@in_style()
@checks.called_as("figures.ddp_schedule()")
def ddp_schedule(*, ax: Axes | None = None) -> Axes:
    """Draw one step of a three-layer network in two processes, with a bucket of gradients a layer; return the axes.

    Args:
        ax: to draw into, best 9 × 3.5 inches, which a new figure gets.

    First used in C_many_machines.
    """
    ax = canvas(ax, WIDE, 3.5)
    texts = {"va": "center", "fontsize": 0.15 * scale(ax)}
    for name, lane, boxes in LANES:
        ax.text(0.05, lane + TALL / 2, name, ha="left", **texts)
        for work, left, width in boxes:
            fill = REGIONS[boxes is SENT]
            ax.add_patch(Rectangle((left, lane), width, TALL, facecolor=fill, edgecolor=INK, linewidth=0.8))
            ax.text(left + width / 2, lane + TALL / 2, work, ha="center", linespacing=1.1, **texts)
    averaged = WORK[-1][1]
    for edge, end in ((TOP, MIDDLE + TALL), (BOTTOM + TALL, MIDDLE)):  # what both have computed goes to the middle
        for _, left, _ in SENT:
            arrow(ax, (left - 0.05, edge), (left + 0.15, end), mutation_scale=10)
        arrow(ax, (averaged - 0.15, end), (averaged, edge), mutation_scale=10)  # and comes back as one
    arrow(ax, (1.228, 0.3), (8.122, 0.3))
    ax.text(8.25, 0.3, "시간", ha="left", **texts)
    return ax
