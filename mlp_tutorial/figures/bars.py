"""What things cost, as bars: side by side, or one after another along the time that they took.

Apart from `curves`, as one of their axes holds names.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

from mlp_tutorial.figures.style import (
    BACKGROUND,
    BLUE,
    GREY,
    LIGHT_GREY,
    OFFSET,
    PAPER,
    REGIONS,
    VERMILION,
    WIDE,
    axes,
    numbers,
    place,
    settle,
)

ROW_HEIGHT = 0.36  # inches of a bar with its gap
Span = tuple[str, float, float]  # name, start, end


def bars(
    values: Mapping[str, float], *, xlabel: str, limit: tuple[str, float] | None = None, ax: Axes | None = None
) -> Axes:
    """Draw label → value from top to bottom, each with its number behind it; return the axes.

    Args:
        values: label → value, 0 or above.
        xlabel: of the values, with their unit.
        limit: the name and place of a dashed line across the bars.
        ax: to draw into.

    Raises:
        ValueError: no values, or one that is negative or no finite number.

    First used in B_speed.
    """
    lengths = numbers(list(values.values()), "values")
    if lengths.ndim != 1 or not len(lengths) or not np.isfinite(lengths).all() or lengths.min() < 0:
        raise ValueError(
            f"values에는 이름마다 0 이상의 유한한 수가 하나씩, 하나 이상 있어야 합니다 (받은 값: {dict(values)}). "
            "음수나 NaN이 있는지 보십시오."
        )
    ax = axes(ax, (7.2, 1.1 + ROW_HEIGHT * len(lengths)))
    drawn = ax.barh(list(values), lengths, height=0.66, color=REGIONS[0], edgecolor=BLUE)
    ax.bar_label(drawn, [f"{length:.2f}" for length in lengths], padding=5, bbox={**BACKGROUND, "pad": 0.6})
    ax.invert_yaxis()
    ax.set(xlabel=xlabel, xlim=(0, 1.12 * max([*lengths, *([limit[1]] if limit else [])]) or 1))
    ax.tick_params(axis="y", length=0)
    if limit:
        name, place = limit
        ax.axvline(place, color=VERMILION, linestyle="--", linewidth=1.2, zorder=0)
        over = {"xycoords": ax.get_xaxis_transform(), "ha": "center", "va": "bottom", "color": VERMILION}
        ax.annotate(name, (place, 1), (0, 3), **over, **OFFSET)
    return ax


def timeline(
    stages: Sequence[Span], operations: Sequence[Span], *, strong: Mapping[str, str], unit: str, ax: Axes | None = None
) -> Axes:
    """Draw spans of time in two lanes, the stages above and the operations within them below; return the axes.

    Args:
        stages: (name, start, end) in order of time; their names stand above them.
        operations: likewise; those named in `strong` are dark, the others light and without names.
        strong: name of an operation → what is written on it where it has the room.
        unit: of the times, for the x axis.
        ax: to draw into.

    Raises:
        ValueError: no stage, or a span that ends before it starts.

    First used in B_speed.
    """
    if not stages or any(end < start for _, start, end in [*stages, *operations]):
        raise ValueError(
            "stages에는 (이름, 시작, 끝)이 하나 이상 있고, 모든 끝은 시작보다 앞서지 않아야 합니다 "
            f"(받은 값: stages {list(stages)}). 시작과 끝이 바뀌지 않았는지 보십시오."
        )
    ax = axes(ax, (WIDE, 2.5))
    ax.set(yticks=[1, 0], yticklabels=["줄", "연산"], ylim=(-0.4, 2.1), xlabel=f"스텝이 시작된 뒤의 시간 ({unit})")
    ax.set_xlim(0, 1.005 * max(end for _, _, end in stages))
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    for _, start, end in stages:
        ax.barh(1, end - start, left=start, height=0.5, color=REGIONS[0], edgecolor=GREY, linewidth=0.8)
    for name, start, end in operations:
        color = BLUE if name in strong else LIGHT_GREY
        ax.barh(0, end - start, left=start, height=0.5, color=color, edgecolor=color, linewidth=0.3)
    _span_names(ax, stages, operations, strong)
    return ax


def _span_names(ax: Axes, stages: Sequence[Span], operations: Sequence[Span], strong: Mapping[str, str]) -> None:
    """Write the names of the stages above them, and those of strong operations on them where they have the room."""
    settle(ax)  # texts are fitted to the scale
    taken: list[Bbox] = []
    for name, start, end in stages:  # a second row for those that would meet in one
        text = ax.annotate(name, ((start + end) / 2, 1.25), (0, 3), ha="center", va="bottom", **OFFSET)
        place(text, [(0, 3), (0, 20)], taken)
    for name, start, end in operations:
        text = ax.text((start + end) / 2, 0, strong.get(name, ""), color=PAPER, ha="center", va="center")
        span = ax.transData.transform([(start, 0), (end, 0)])[:, 0]
        if text.get_window_extent().width > np.ptp(span):
            text.remove()
