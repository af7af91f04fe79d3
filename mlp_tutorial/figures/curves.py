"""Curves over two axes of numbers: anything against anything, and losses against the step.

Each is named where it ends, in its own colour, so that no legend is needed and none hides a curve.
"""

from collections.abc import Mapping
from itertools import product

import numpy as np
from matplotlib.axes import Axes
from matplotlib.scale import get_scale_names
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox
from numpy.typing import ArrayLike

from mlp_tutorial import checks
from mlp_tutorial.figures.style import (
    GREY,
    INK,
    OFFSET,
    axes,
    in_style,
    labelled,
    number_text,
    numbers,
    place,
    readable,
    settle,
)
from mlp_tutorial.training import History

END_LABEL = "end label"  # gid of the texts that name a curve at its end


@in_style()
@checks.called_as('figures.curves({"학습": losses}, xlabel="스텝", ylabel="손실")')
def curves(
    series: Mapping[str, ArrayLike | tuple[ArrayLike, ArrayLike]],
    *,
    xlabel: str,
    ylabel: str,
    errors: Mapping[str, ArrayLike] | None = None,
    ax: Axes | None = None,
    xscale: str | None = None,
    yscale: str | None = None,
) -> Axes:
    """Draw label → y (n,), or label → (x, y), each named at its right end; return the axes.

    Args:
        series: label → y, against 1, 2, … n, or label → (x, y).
        xlabel: of the x axis, with its unit.
        ylabel: of the y axis, with its unit.
        errors: label → (n,), how far a bar reaches from each point both ways, such as twice the standard error.
        ax: to draw into.
        xscale: matplotlib's, for example "log"; that of `ax` unless given.
        yscale: likewise.

    Raises:
        ValueError: other shapes, among them x and y of different length, and errors of a label that is not drawn; an
            `ax` that ax.twinx() laid over another, whose numbers stand where the names go.

    First used in 02_hidden_layers.
    """
    known = [name for name in get_scale_names() if not name.startswith("function")]  # those ask for functions, too
    for name, scale in (("xscale", xscale), ("yscale", yscale)):
        if scale not in (None, *known):
            told = f"{name}은 눈금의 이름이어야 합니다 (받은 값: {scale!r}). 'linear'나 'log'로 적으십시오."
            raise ValueError(told)
    checked = {label: _series(label, given) for label, given in labelled(series, "series").items()}
    bars = _bars(checked, {} if errors is None else labelled(errors, "errors"))
    readable(xlabel, ylabel)
    ax = axes(ax)
    _alone(ax)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    for axis, scale in ((ax.xaxis, xscale), (ax.yaxis, yscale)):
        if scale or axis.get_scale() == "linear":  # linear anew, as ticks may be fractions now; another stays
            ax.set(**{f"{axis.axis_name}scale": scale or "linear"})
    for label, (x, y) in checked.items():
        (line,) = ax.plot(x, y, label=str(label))  # of a tuple matplotlib would take each part for a name
        if label in bars:
            ax.vlines(x, y - bars[label], y + bars[label], color=line.get_color(), linewidth=3, alpha=0.5)
        shown = np.isfinite(y) & ((ax.get_xscale() != "log") | (x > 0)) & ((ax.get_yscale() != "log") | (y > 0))
        ends = line.get_xydata()[shown][-1:]  # none where nothing could be drawn
        if shown.sum() == 1:
            line.set(marker="o", markersize=4)
        for end in ends:
            ax.annotate(str(label), end, (6, 0), color=line.get_color(), va="center", gid=END_LABEL, **OFFSET)
    if ax.get_xscale() == "linear" and all((line.get_xdata(orig=False) % 1 == 0).all() for line in ax.lines):
        ax.xaxis.set_major_locator(MaxNLocator("auto", steps=[1, 2, 5, 10], integer=True))
    _spread_labels(ax)
    return ax


@in_style()
@checks.called_as("figures.loss_curve(history)")
def loss_curve(
    history: History | ArrayLike,
    *,
    post: Mapping[int, float] | None = None,
    baseline: float | None = None,
    label: str = "손실",
    ax: Axes | None = None,
) -> Axes:
    """Draw losses (n_steps,) against the step, which counts from 1, and name the curve `label`; return the axes.

    Args:
        history: a History, whose validation losses are drawn too, or the losses alone, or (steps, losses).
        post: step → loss, drawn as hollow markers.
        baseline: a loss to compare with, drawn as a dashed line.
        label: the curve's name.
        ax: to draw into.

    Raises:
        ValueError: losses of another shape, a baseline that is no finite number.
        TypeError: a post that is no mapping.

    First used in 07_training.
    """
    if not isinstance(post, Mapping | None):
        told = f"post는 스텝마다 손실을 적은 사전이어야 합니다 (받은 값의 형: {type(post).__name__})."
        raise TypeError(f"{told} {{100: 1.07, 200: 1.06}}처럼 적으십시오.")
    baseline = None if baseline is None else checks.real_number("baseline", baseline)
    held_out = getattr(history, "validation_losses", {})
    ax = curves({label: getattr(history, "losses", history)}, xlabel="스텝", ylabel="손실", ax=ax)
    losses = ax.lines[-1].get_ydata()
    if held_out:
        curves({"검증 손실": (list(held_out), list(held_out.values()))}, xlabel="스텝", ylabel="손실", ax=ax)
        ax.lines[-1].set(marker="s", markersize=4)
    if post:
        _post(ax, post, losses)
    if baseline is not None:
        _baseline(ax, baseline)
    return ax


def _alone(ax: Axes) -> None:
    """Raise ValueError where another y axis shares the place of `ax`, as ax.twinx() makes one."""
    places = [one.get_subplotspec() or one.get_position().bounds for one in ax.get_shared_x_axes().get_siblings(ax)]
    if places.count(ax.get_subplotspec() or ax.get_position().bounds) > 1:
        raise ValueError(
            "curves의 ax는 y축이 하나여야 합니다 (받은 값: twinx()로 겹친 축). 곡선의 이름과 오른쪽 수가 겹치니 "
            "plt.subplots(2, 1, sharex=True)로 위아래에 나누어 그리십시오."
        )


def _series(label: str, given: ArrayLike | tuple[ArrayLike, ArrayLike]) -> tuple[np.ndarray, np.ndarray]:
    """Return x (n,) and y (n,) of (x, y), or of y alone, whose x is 1, 2, … n; raise ValueError for other shapes."""
    pair = isinstance(given, tuple) and any(map(np.iterable, given))  # a tuple of numbers is a y
    parts = [numbers(part, f"'{label}'") for part in (given if pair else (given,))]
    shapes = [part.shape for part in parts]
    if len(parts) != (2 if pair else 1) or any(shape != (parts[-1].size,) for shape in shapes):
        how = "텐서 하나라면 y.flatten()으로 한 줄로 펴고"
        if sum(n > 1 for n in shapes[-1]) > 1:  # laid end to end, runs would look like one
            above = [*range(len(shapes[-1]) - 1)]  # the dimensions of the runs
            first, over = ", ".join("0" for _ in above), tuple(above) if above[1:] else 0
            how = f"여러 줄이라면 y[{first}]처럼 한 줄을 고르거나 y.mean(axis={over})으로 평균하고"
        raise ValueError(
            f"'{label}'에는 수를 한 줄로 담은 y나, 길이가 같은 두 줄의 튜플 (x, y)가 있어야 합니다 "
            f"(받은 모양: {', '.join(map(str, shapes))}). {how}, "
            "둘이라면 len(x)와 len(y)를 맞추어 괄호로 (x, y)처럼 묶으십시오."
        )
    return (parts[0] if pair else np.arange(1, len(parts[0]) + 1)), parts[-1]


def _bars(drawn: Mapping[str, tuple[np.ndarray, np.ndarray]], errors: Mapping[str, ArrayLike]) -> dict[str, np.ndarray]:
    """Return label → lengths (n,), one for each point of that curve; raise ValueError for others."""
    bars = {label: numbers(given, f"errors['{label}']") for label, given in errors.items()}
    for label, lengths in bars.items():
        expected = drawn[label][1].shape if label in drawn else None
        if lengths.shape != expected or (lengths < 0).any():
            raise ValueError(
                f"errors['{label}']에는 그 이름의 곡선과 점의 수가 같고 0 이상인 길이가 있어야 합니다 "
                f"(받은 모양: {lengths.shape}, 곡선: {expected}). errors의 이름과 길이를 series와 맞추십시오."
            )
    return bars


def _spread_labels(ax: Axes) -> None:
    """Move the curves' names on `ax` apart: up from the lowest, or down from the highest where most end high."""
    settle(ax)  # makes room for the names on the right
    labels = [text for text in ax.texts if text.get_gid() == END_LABEL]
    height = {label: ax.transAxes.inverted().transform(ax.transData.transform(label.xy))[1] for label in labels}
    direction = -1 if labels and np.mean(list(height.values())) > 0.5 else 1
    taken: list[Bbox] = []
    for label in sorted(labels, key=lambda label: direction * height[label]):
        place(label, ((6, direction * shift) for shift in range(0, 720, 2)), taken)


def _post(ax: Axes, post: Mapping[int, float], losses: np.ndarray) -> None:
    """Draw the post's losses, step → loss, and name the middle one on its side away from the curve."""
    ax.plot(list(post), list(post.values()), "o", color=INK, markersize=8, markerfacecolor="none", label="글의 손실")
    step = list(post)[len(post) // 2]
    below = step <= len(losses) and post[step] < losses[step - 1] - 1e-3 * abs(losses[step - 1])
    side = {"ha": "right", "va": "top"} if below else {"ha": "left", "va": "bottom"}  # where a falling curve isn't
    ax.annotate("글의 손실", (step, post[step]), (-6, -5) if below else (6, 5), **side, **OFFSET)


def _baseline(ax: Axes, baseline: float) -> None:
    """Draw a dashed line and name it at the first end and side where no curve passes and no other name stands."""
    curves = list(ax.lines)
    ax.axhline(baseline, color=GREY, linestyle="--", linewidth=1)
    ax.margins(y=0.12)  # room for the name
    _spread_labels(ax)  # again: the y axis may have grown
    others = [text.get_window_extent() for text in ax.texts]
    name = ax.annotate(
        f"기준선 {number_text(baseline)}",
        (0, baseline),
        (0, 0),
        color=GREY,
        xycoords=ax.get_yaxis_transform(),
        **OFFSET,
    )
    paths = [curve.get_transform().transform_path(curve.get_path()) for curve in curves]
    for (x, ha), (y, va) in product(((0.99, "right"), (0.01, "left")), ((-3, "top"), (3, "bottom"))):
        name.set(ha=ha, va=va, position=(0, y))
        name.xy = (x, baseline)
        box = name.get_window_extent()
        if not box.count_overlaps(others) and not any(path.intersects_bbox(box, filled=False) for path in paths):
            return
