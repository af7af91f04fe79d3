"""The computational graph of the two-layer network: operations as boxes, data and gradients as named arrows.

Apart from `network`, which draws nodes one by one, as a node here is a whole operation on a batch.
"""

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from mlp_tutorial import checks
from mlp_tutorial.figures.diagrams.canvas import Point, arrow, canvas, scale
from mlp_tutorial.figures.style import DIGIT, GREY, INK, PAPER, REGIONS, VERMILION, WIDE, in_style

HEIGHT = 3.4  # inches, like all lengths here
ROW, TOP = 1.5, 2.55  # heights of the operations, and of the far end of what enters them from above
BOXES = [("선형", 1.07, 1.12), ("ReLU", 3.21, 0.76), ("선형", 4.99, 1.12), ("MSE", 7.13, 0.8)]  # name, left end, width
Edge = tuple[str, tuple[int, ...], Point, Point]  # symbol, shape, and its arrow's two ends, forward


@in_style()
@checks.called_as("figures.computation_graph(64, 1000, 100, 10)")
def computation_graph(
    batch_size: int, D_in: int, H: int, D_out: int, *, backward: bool = False, ax: Axes | None = None
) -> Axes:
    """Draw x → linear → z → ReLU → h → linear → ŷ → MSE with y → L, each with its shape; return the axes.

    Args:
        batch_size: rows of x and y.
        D_in: nodes of the input layer.
        H: nodes of the hidden layer.
        D_out: nodes of the output layer.
        backward: draw the gradients instead, as dashed arrows back from L; those of the parameters are framed, and x
            and y have none.
        ax: to draw into, best 9 × 3.4 inches, which a new figure gets.

    Raises:
        ValueError: a size that is no whole number from 1.

    First used in 06_model.
    """
    sizes = {"batch_size": batch_size, "D_in": D_in, "H": H, "D_out": D_out}
    batch_size, D_in, H, D_out = (checks.whole_number(name, size) for name, size in sizes.items())
    ax = canvas(ax, WIDE, HEIGHT)
    edges = _edges(batch_size, D_in, H, D_out)
    size = scale(ax) * min(0.15, 0.95 / (DIGIT * max(len(str(shape)) for _, shape, *_ in edges)))
    for name, left, width in BOXES:
        box = FancyBboxPatch((left, ROW - 0.3), width, 0.6, "round,pad=0,rounding_size=0.12", facecolor=REGIONS[0])
        ax.add_patch(box)
        ax.text(left + width / 2, ROW, name, ha="center", va="center", fontsize=size)
    for edge in edges:
        _flow(ax, edge, size, backward)
    said = "← 역전파  기울기가 손실 $L$에서 매개변수로 갑니다. 테두리를 두른 기울기로 학습합니다."
    said = said if backward else "순전파 →  값이 입력 $x$에서 손실 $L$로 갑니다."
    ax.text(WIDE / 2, 0.45, said, ha="center", va="center", fontsize=size)
    return ax


def _edges(batch_size: int, D_in: int, H: int, D_out: int) -> list[Edge]:
    """Return what flows between the operations, from the left, and what enters them from above."""
    z, y = (batch_size, H), (batch_size, D_out)
    flow = {"x": (batch_size, D_in), "z": z, "h": z, r"\hat y": y, "L": ()}
    above = {"W_1": (H, D_in), "b_1": (H,), "W_2": (D_out, H), "b_2": (D_out,), "y": y}
    starts = [0.05, *(left + width for _, left, width in BOXES)]
    ends = [*(left for _, left, _ in BOXES), WIDE - 0.05]
    across = [((start, ROW), (end, ROW)) for start, end in zip(starts, ends, strict=True)]
    down = [((x, TOP), (x, ROW + 0.3)) for x in (1.22, 2.07, 5.14, 5.99, 7.53)]
    shapes = [*flow.items(), *above.items()]
    return [(*named, *places) for named, places in zip(shapes, across + down, strict=True)]


def _flow(ax: Axes, edge: Edge, size: float, backward: bool) -> None:
    """Draw one arrow, in the direction of the pass, and name it with its shape; x and y have no gradient."""
    symbol, shape, start, end = edge
    given, trained = symbol in ("x", "y"), symbol[0] in "Wb"
    name, look = f"${symbol}$", {"linewidth": 1.2, "color": INK}
    if backward and given:
        look = {"arrowstyle": "-", "linewidth": 1, "linestyle": ":", "color": GREY}
        place = (start[0] + 0.1, (start[1] + end[1]) / 2 - 0.25 * (start[1] == end[1]))
        ax.text(*place, "구하지 않음", color=GREY, va="center", fontsize=size)
    elif backward:
        name = rf"$\partial L/\partial {symbol}$" + " = 1" * (symbol == "L")
        look = {"arrowstyle": "<|-", "linewidth": 2 if trained else 1.2, "linestyle": "--", "color": VERMILION}
    arrow(ax, start, end, **look)
    x, y = ((start[0] + end[0]) / 2, ROW + 0.07) if start[1] == end[1] else (start[0], TOP + 0.09)
    label = ax.text(x, y, f"{name}\n{shape}", ha="center", va="bottom", fontsize=size, color=look["color"])
    if backward and trained:
        label.set_bbox({"boxstyle": "round,pad=0.25", "facecolor": PAPER, "edgecolor": VERMILION, "linewidth": 1.6})
