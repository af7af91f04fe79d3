"""What things cost, as bars: side by side, or one after another along the time that they took."""

import math
from collections.abc import Mapping, Sequence
from reprlib import repr as shortened

from matplotlib.axes import Axes

from mlp_tutorial import checks
from mlp_tutorial.figures import style

Span = tuple[str, float, float]  # name, start, end


@style.in_style()
@checks.called_as('figures.bars({"단일": 0.3}, xlabel="손실")')
def bars(
    values: Mapping[str, float],
    *,
    xlabel: str,
    errors: Sequence[float] | None = None,
    limit: tuple[str, float] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw label → value from top to bottom, each with its number behind it; return the axes.

    `errors` says how far a line reaches from each bar's end both ways, such as twice the standard error, and `limit` is
    the name and place of a dashed line across the bars. Values below 0, errors of another number than the bars', and
    what is no finite number raise ValueError.

    First used in B_speed.
    """
    lengths = style.numbers([*style.labelled(values, "values").values()], "values", finite=True)
    reach = None if errors is None else style.numbers(errors, "errors", finite=True)
    fits = reach is None or (reach.shape == lengths.shape and (reach >= 0).all())
    if lengths.ndim != 1 or (lengths < 0).any() or not fits:
        raise ValueError(
            "values는 이름마다 0 이상인 수 하나이고, errors는 막대와 수가 같고 0 이상인 길이여야 합니다 "
            f"(받은 값: values {shortened(lengths.tolist())}, errors {shortened(errors)}). "
            "0보다 작은 값은 figures.curves로 그리고, errors에는 막대마다 길이를 하나씩 적으십시오."
        )
    if limit is not None and not (isinstance(limit, tuple | list) and len(limit) == 2 and isinstance(limit[0], str)):
        told = f"limit은 이름과 자리의 짝이어야 합니다 (받은 값: {shortened(limit)})."
        raise ValueError(f"{told} limit=('기준선', 1.5)처럼 적으십시오.")
    name, place = limit or ("", 0)
    place = checks.real_number("limit의 자리", place)
    style.readable(xlabel, name)
    ax = style.axes(ax, (7.2, 1.1 + 0.36 * len(lengths)))
    look = {"color": style.REGIONS[0], "edgecolor": style.BLUE, "ecolor": style.INK}
    drawn = ax.barh([*map(str, values)], lengths, xerr=reach, height=0.66, **look)
    places = 0 if (lengths % 1 == 0).all() else max(2, 1 - math.floor(math.log10(lengths.max())))
    texts = [f"{length:.{places}f}" if places < 6 else f"{length:.2g}" for length in lengths]
    ax.bar_label(drawn, texts, padding=5, bbox={**style.BACKGROUND, "pad": 0.6})
    ax.yaxis.set_inverted(True)
    ax.set(xlabel=xlabel)
    ax.set_xlim(0 if ax.get_xscale() == "linear" else None, 1.12 * max([*lengths, place]) or 1)
    ax.tick_params(axis="y", length=0)
    if limit:
        ax.axvline(place, color=style.VERMILION, linestyle="--", linewidth=1.2, zorder=1.5)
        over = {"xycoords": ax.get_xaxis_transform(), "ha": "center", "va": "bottom", "color": style.VERMILION}
        ax.annotate(name, (place, 1), (0, 3), **over, **style.OFFSET)
    return ax


@style.in_style()
@checks.called_as('figures.timeline(stages, operations, strong={"mm": "행렬 곱"}, unit="µs")')
def timeline(
    stages: Sequence[Span], operations: Sequence[Span], *, strong: Mapping[str, str], unit: str, ax: Axes | None = None
) -> Axes:
    """Draw spans of time in two lanes, the stages above and the operations within them below; return the axes.

    Each is (name, start, end), in order of time. The stages' names stand above them. Operations named in `strong` are
    dark and bear its text where they are long enough; the others are light.

    First used in B_speed.
    """
    ax = style.axes(ax, (style.WIDE, 2.5))
    last = stages[-1][2]
    ax.set(yticks=[1, 0], yticklabels=["줄", "연산"], ylim=(-0.4, 2.1), xlim=(0, 1.005 * last))
    ax.set_xlabel(f"스텝이 시작된 뒤의 시간 ({unit})")
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    for i, (name, start, end) in enumerate(stages):
        ax.barh(1, end - start, left=start, height=0.5, color=style.REGIONS[0], edgecolor=style.GREY, linewidth=0.8)
        up = 20 if i % 2 and end - start < last / 8 else 3  # points: short neighbours stand in two rows
        ax.annotate(name, ((start + end) / 2, 1.25), (0, up), ha="center", va="bottom", **style.OFFSET)
    for name, start, end in operations:
        color = style.BLUE if name in strong else style.LIGHT_GREY
        ax.barh(0, end - start, left=start, height=0.5, color=color, edgecolor=color, linewidth=0.3)
        if name in strong and end - start > last / 8:
            ax.text((start + end) / 2, 0, strong[name], color=style.PAPER, ha="center", va="center")
    return ax
