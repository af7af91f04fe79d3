"""Tests of mlp_tutorial.figures.diagrams.schedule: what is drawn is in the order in which DDP works."""

from drawn import arrow, assert_clear, assert_tidy
from matplotlib.patches import FancyArrowPatch, Rectangle

from mlp_tutorial.figures import ddp_schedule

LAYERS = ("층 3", "층 2", "층 1")


def test_schedule_is_readable_and_buckets_are_averaged_while_the_next_layer_is_computed() -> None:
    ax = ddp_schedule()
    drawn = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    assert_clear(assert_tidy(ax), drawn)
    boxes = {}  # text → (left end, right end) of each box that holds it, from above
    for box in sorted(drawn, key=lambda box: -box.get_y()):
        (held,) = [text for text in ax.texts if box.get_window_extent().contains(*text.get_window_extent().min)]
        boxes.setdefault(held.get_text(), []).append((box.get_x(), box.get_x() + box.get_width()))
    assert boxes["순전파"][0] == boxes["순전파"][1]
    buckets = [boxes[f"통 {number}\n{layer}"][0] for number, layer in enumerate(LAYERS)]
    backward = [boxes[f"역전파\n{layer}"] for layer in LAYERS]
    assert all(upper == lower for upper, lower in backward), "both processes do the same"
    for (start, _), ((_, computed), _) in zip(buckets, backward, strict=True):
        assert start >= computed, "a bucket is sent once its layer's gradients are there"
    for (start, end), ((begun, done), _) in zip(buckets[:-1], backward[1:], strict=True):
        assert begun <= start < end <= done, "and travels while the layer before is computed"
    assert all(start >= buckets[-1][1] for start, _ in boxes["매개변수\n옮기기"]), "both wait for the last bucket"
    ways = [arrow(patch) for patch in ax.patches if isinstance(patch, FancyArrowPatch)]
    assert len(ways) == 2 * len(LAYERS) + 2 + 1
    assert all(end[0] > start[0] for start, end in ways), "no arrow leads back in time"
