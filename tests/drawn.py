"""What tests of drawings share: the texts that a figure really shows, its arrows, and whether anything hides another.

Boxes are in pixels, as drawn; a missing glyph warns while it is drawn, and warnings are errors.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from unittest.mock import patch

import matplotlib as mpl

mpl.use("agg")

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Patch
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from torch import nn

import mlp_tutorial as mt
from mlp_tutorial import figures

# figure's name → what draws an example of it
DRAW: dict[str, Callable[..., Axes]] = {
    "bars": partial(figures.bars, {"가": 2.0, "나": 0.5}, xlabel="시간 (ms)"),
    "computation_graph": partial(figures.computation_graph, 64, 1000, 100, 10),
    "curves": partial(figures.curves, {"가": [1, 2], "나": [2, 1.5]}, xlabel="스텝", ylabel="손실"),
    "ddp_schedule": figures.ddp_schedule,
    "decision_regions": partial(figures.decision_regions, nn.Linear(2, 2), *mt.xor()),
    "loss_curve": partial(figures.loss_curve, [1.0, 0.5], baseline=0.7),
    "network": partial(figures.network, (2, 3, 1), values=[[1, -2], [0, 0.25, 3.14159], [-10.25]]),
    "points": partial(figures.points, *mt.xor()),
    "response": partial(figures.response, lambda plane: plane[:, 0], *mt.xor()),
    "timeline": partial(figures.timeline, [("하나", 0, 4)], [("곱", 1, 3)], strong={"곱": "곱"}, unit="µs"),
}
Drawn = dict[Text, tuple[Bbox, Bbox]]  # text → its box, and that of its frame or background


def texts_of(ax: Axes) -> list[str]:
    """Return the texts written on the axes."""
    return [text.get_text() for text in ax.texts if text.get_text()]


def pixels_of(ax: Axes) -> np.ndarray:
    """Draw the figure; return its colours (rows, columns, 3), 0 … 255, the lowest row first as in display units."""
    canvas = ax.get_figure(root=True).canvas
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[::-1, :, :3]


def drawn_texts(figure: Figure) -> Drawn:
    """Draw the figure; return all texts that came out."""
    found: Drawn = {}
    draw = Text.draw

    def watched(text: Text, renderer: RendererBase, *args: object, **kwargs: object) -> None:
        draw(text, renderer, *args, **kwargs)
        if text.get_visible() and text.get_text().strip():
            box, frame = Text.get_window_extent(text, renderer), text.get_bbox_patch()  # without an annotation's arrow
            found[text] = box, frame.get_window_extent(renderer) if frame else box

    with patch.object(Text, "draw", watched):
        figure.canvas.draw()
    return found


def assert_tidy(ax: Axes) -> Drawn:
    """Assert that no text of the whole figure hides another or is cut off: tick labels, legends and colour bars too.

    Returns:
        The texts, so that `assert_clear` need not draw the figure again.
    """
    figure = ax.get_figure(root=True)
    texts = drawn_texts(figure)
    assert texts, "그림에 글자가 없습니다."
    for text, (_, frame) in texts.items():
        room = Bbox.intersection(figure.bbox, text.get_clip_box()) if _clipped(text) else figure.bbox
        inside = room and room.x0 <= frame.x0 and room.y0 <= frame.y0 and frame.x1 <= room.x1 and frame.y1 <= room.y1
        assert inside, f"'{text.get_text()}'이(가) 잘립니다: {frame}"
    said, boxes, frames = [text.get_text() for text in texts], *zip(*texts.values(), strict=True)
    hidden = [(said[i], said[j]) for i, j in np.argwhere(_overlaps(frames, boxes)) if i != j]
    assert not hidden, f"첫째 글자가 둘째 글자를 가립니다: {hidden}"
    return texts


def assert_clear(texts: Drawn, shapes: Iterable[Patch]) -> None:
    """Assert that the shapes are apart, and each text lies wholly inside one of them or outside all."""
    boxes = [shape.get_window_extent() for shape in shapes]
    assert not np.triu(_overlaps(boxes, boxes), 1).any(), "도형이 겹칩니다."
    frames = [frame for _, frame in texts.values()]
    for i, j in np.argwhere(_overlaps(frames, boxes)):
        inside = boxes[j].count_contains(frames[i].corners()) == 4
        assert inside, f"'{list(texts)[i].get_text()}'이(가) 도형에 걸립니다."


def arrow(drawn: FancyArrowPatch) -> tuple[np.ndarray, np.ndarray] | None:
    """Return the ends of a straight arrow in data units, the one with the head last; None for a line without a head."""
    line, *heads = drawn.get_path().to_polygons(closed_only=False)
    if not heads:
        return None
    ends = sorted((line[0], line[-1]), key=lambda end: -np.linalg.norm(end - heads[0].mean(axis=0)))
    return ends[0], ends[1]


def luminance(color: str) -> float:
    """Return how light a colour is without its hue, 0 … 1 (WCAG 2.2, relative luminance)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


def _overlaps(ones: Sequence[Bbox], others: Sequence[Bbox]) -> np.ndarray:
    """Tell for each of `ones` (rows) and `others` (columns) whether they overlap, as Bbox.overlaps does one by one."""
    one, other = (np.array([[box.min, box.max] for box in boxes]).reshape(-1, 2, 2) for boxes in (ones, others))
    return ((one[:, None, 0] <= other[:, 1]) & (other[:, 0] <= one[:, None, 1])).all(axis=2)


def _clipped(text: Text) -> bool:
    """Tell whether matplotlib cuts the text off at a box of its own."""
    return text.get_clip_on() and text.get_clip_box() is not None
