"""Tests of mlp_tutorial.figures.diagrams.schedule: what is drawn is in the order in which DDP works."""

from drawn import assert_clear, assert_tidy
from matplotlib.patches import Rectangle

from mlp_tutorial.figures import ddp_schedule


def test_a_bucket_travels_once_its_layer_is_computed_and_while_the_next_one_is() -> None:
    ax = ddp_schedule()
    boxes = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    assert_clear(assert_tidy(ax), boxes)
    lanes = {}  # lower edge → (left end, right end) of each box
    for box in boxes:
        lanes.setdefault(box.get_y(), []).append((box.get_x(), box.get_x() + box.get_width()))
    one, sent, other = (sorted(lanes[edge]) for edge in sorted(lanes))
    assert one == other, "both processes do the same"
    _, *backward, move = one
    until = [done for _, done in backward[1:]] + [move[0]]  # both wait for the last bucket
    for (start, end), (_, computed), limit in zip(sent, backward, until, strict=True):
        assert computed <= start < end <= limit
