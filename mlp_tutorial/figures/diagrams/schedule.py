"""One step of DistributedDataParallel in two processes as lanes over time: who computes, and when gradients travel.

The lengths are chosen to be read, not measured; the order is that which 'C_many_machines' prints.
"""

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from mlp_tutorial.figures.diagrams.canvas import arrow, canvas, scale
from mlp_tutorial.figures.style import INK, REGIONS, WIDE

HEIGHT = 3.5  # inches, like all lengths here
LANES = {"프로세스 0\n(32행)": 2.65, "평균 내기": 1.6, "프로세스 1\n(32행)": 0.55}  # name → height of its lower edge
TALL, GAP = 0.55, 0.05  # of a box, and between two
COMPUTED = [("순전파", 1.2, 1.5), ("역전파\n층 3", 2.7, 1.1), ("역전파\n층 2", 3.8, 1.1), ("역전파\n층 1", 4.9, 1.1)]
SENT = [("통 0\n층 3", 3.8, 0.95), ("통 1\n층 2", 4.9, 0.95), ("통 2\n층 1", 6.0, 0.95)]  # name, left end, width
STEP = ("매개변수\n옮기기", 6.95, 1.2)


def ddp_schedule(*, ax: Axes | None = None) -> Axes:
    """Draw one step of a three-layer network in two processes, with a bucket of gradients a layer; return the axes.

    Args:
        ax: to draw into, best 9 × 3.5 inches, which a new figure gets.

    First used in C_many_machines.
    """
    ax = canvas(ax, WIDE, HEIGHT)
    texts = {"va": "center", "fontsize": 0.15 * scale(ax)}
    for name, lane in LANES.items():
        ax.text(0.05, lane + TALL / 2, name, ha="left", **texts)
        sends = name == "평균 내기"
        for work, left, width in SENT if sends else [*COMPUTED, STEP]:
            fill = {"facecolor": REGIONS[sends], "edgecolor": INK, "linewidth": 0.8}
            ax.add_patch(Rectangle((left, lane), width - GAP, TALL, **fill))
            ax.text(left + (width - GAP) / 2, lane + TALL / 2, work, ha="center", linespacing=1.1, **texts)
    _travel(ax)
    arrow(ax, (1.228, 0.3), (8.122, 0.3))
    ax.text(8.25, 0.3, "시간", ha="left", **texts)
    return ax


def _travel(ax: Axes) -> None:
    """Draw how gradients go: what both have computed by then is averaged, and goes back to both."""
    (top, middle, bottom), (_, ready, _) = LANES.values(), STEP
    for _, left, _ in SENT:
        arrow(ax, (left - GAP, top), (left + 0.15, middle + TALL), mutation_scale=10)
        arrow(ax, (left - GAP, bottom + TALL), (left + 0.15, middle), mutation_scale=10)
    arrow(ax, (ready - 0.15, middle + TALL), (ready, top), mutation_scale=10)
    arrow(ax, (ready - 0.15, middle), (ready, bottom + TALL), mutation_scale=10)
