"""A picture of strokes is traced to the strokes it was drawn with, as far as ink can tell."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.data.strokes.stroke_augmentation import StrokeStyle, draw_varied
from digitdesk.data.synthetic.handwriting import draw_ink
from digitdesk.ink.ink_batch import InkBatch
from digitdesk.ink.rasterizer import draw_fitted
from digitdesk.ink.strokes import stroke_box
from digitdesk.ink.tracing.branches import Branch, branches_of
from digitdesk.ink.tracing.joining import lines_of
from digitdesk.ink.tracing.skeleton_ways import ways_of
from digitdesk.ink.tracing.thinning import thin
from digitdesk.ink.tracing.traced import traced
from digitdesk.messages.boxes import union
from digitdesk.messages.prediction import Stroke

Drawing = tuple[Stroke, ...]


def circle(x: float, y: float, radius: float, begin: float = -90, turn: float = -360) -> Stroke:
    angles = np.radians(begin + np.linspace(0, 1, 60) * turn)
    return tuple(zip(x + radius * np.cos(angles), y + radius * np.sin(angles), strict=True))


CROSS: Drawing = (((60.0, 60.0), (220.0, 220.0)), ((220.0, 60.0), (60.0, 220.0)))
SEVEN: Drawing = (((60.0, 50.0), (200.0, 50.0), (100.0, 240.0)),)
EQUALS: Drawing = (((60.0, 100.0), (220.0, 100.0)), ((60.0, 180.0), (220.0, 180.0)))
SIX: Drawing = (((150.0, 20.0), (110.0, 100.0), *circle(150, 190, 50, 180)),)
"""Its loop is closed where it began."""


def picture_of(strokes: Drawing, pen: float = 2.5) -> np.ndarray:
    ink = InkBatch.from_drawings([strokes])
    return draw_fitted(ink, np.array([pen], dtype=np.float32), 4)[0]


def found_in(strokes: Drawing, pen: float = 2.5, *, back: bool = True) -> Drawing:
    return traced([picture_of(strokes, pen)], back=back)[0]


def near(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return np.hypot(one[0] - other[0], one[1] - other[1]) < 30


def to_board(strokes: Drawing) -> Drawing:
    """As large, and in the middle, as what is traced is brought to the board."""
    left, top, right, bottom = union(map(stroke_box, strokes))
    own = found_in(strokes)
    l2, t2, r2, b2 = union(map(stroke_box, own))
    factor = max(r2 - l2, b2 - t2) / max(right - left, bottom - top)
    return tuple(
        tuple(((x - left) * factor + l2, (y - top) * factor + t2) for x, y in s) for s in strokes
    )


@pytest.mark.parametrize("drawing", [CROSS, SEVEN, EQUALS])
@pytest.mark.parametrize("pen", [1.5, 2.5, 4.5])
def test_as_many_strokes_as_were_drawn_from_where_they_began(drawing: Drawing, pen: float) -> None:
    wanted, own = to_board(drawing), found_in(drawing, pen)
    assert len(own) == len(drawing)
    for stroke in wanted:
        assert any(near(stroke[0], one[0]) and near(stroke[-1], one[-1]) for one in own)


def test_lines_that_cross_go_straight_on() -> None:
    down, up = found_in(CROSS)
    assert down[-1][0] - down[0][0] > 100 and up[-1][0] - up[0][0] < -100


def test_a_ring_begins_at_the_top_and_goes_left() -> None:
    for turn in (-360.0, 360.0):
        (ring,) = found_in((circle(140, 140, 90, 100, turn),))
        top = min(y for _, y in ring)
        assert ring[0][1] - top < 15 and near(ring[0], ring[-1])
        assert ring[len(ring) // 4][0] < ring[0][0] < ring[3 * len(ring) // 4][0]


def test_a_loop_at_the_end_of_a_line_is_one_stroke_with_it() -> None:
    (six,) = found_in(SIX)
    (wanted,) = to_board(SIX)
    assert near(six[0], wanted[0])
    # Where a line runs into a loop, a broad pen has hidden the last bit of it.
    assert np.hypot(*np.subtract(six[-1], wanted[-1])) < 45
    assert abs(six[-1][0] - wanted[-1][0]) < 15


@pytest.mark.parametrize("back", [True, False])
def test_a_short_line_at_a_fork_is_gone_along_and_back(back: bool) -> None:
    """As at the foot of a 2 whose loop has run full."""
    stub = [Branch([(float(-k), 0.0) for k in range(9)], ((0, 0), (-8, 0)))]
    down = Branch([(k / 2, float(-k)) for k in range(30)], ((0, 0), (14, -29)))
    right = Branch([(float(k), 4 + k / 9) for k in range(30)], ((0, 0), (29, 7)))
    lines = lines_of([*stub, down, right], 2.0, 72.0 if back else 0.0)
    assert len(lines) == (1 if back else 2)
    if back:
        (line,) = lines
        assert (-8.0, 0.0) in line[20:-20]
        assert {line[0], line[-1]} == {down.points[-1], right.points[-1]}


def test_no_line_is_lost() -> None:
    """Whatever is joined to what: all branches of all forms of digits are drawn."""
    rng = np.random.default_rng(4)
    ink, _ = draw_ink(400, rng)
    for skeleton in thin(draw_varied(ink, rng, StrokeStyle(pen_px=(1.0, 5.0))) > 0.5):
        branches = branches_of(ways_of(skeleton), 9.0)
        drawn = {point for line in lines_of(branches, 9.0, 88.0) for point in line}
        assert drawn == {point for branch in branches for point in branch.points}


def test_size_and_place_of_ink_do_not_matter() -> None:
    picture = picture_of(SEVEN)
    large = np.kron(picture, np.ones((3, 3), dtype=np.float32))
    moved = np.pad(picture, ((40, 3), (0, 90)))
    one, other, third = traced([picture, large, moved])
    assert one == third
    assert len(one) == len(other) and near(one[0][0], other[0][0])


def test_faint_ink_is_traced_as_black_is() -> None:
    picture = picture_of(SEVEN)
    assert traced([picture * np.float32(0.25)]) == traced([picture])


def test_nothing_has_no_strokes() -> None:
    assert traced([np.zeros((30, 20), dtype=np.float32)]) == [()]
    assert traced([]) == []


def test_a_batch_reads_as_one_by_one() -> None:
    pictures = [picture_of(one) for one in (CROSS, SEVEN, EQUALS, SIX)] * 10
    assert traced(pictures) == [traced([one])[0] for one in pictures]


def test_what_is_traced_lies_on_the_ink() -> None:
    """Of all forms of all digits: drawn again with the same pen, it looks as it did."""
    rng = np.random.default_rng(3)
    ink, _ = draw_ink(300, rng)
    pictures = draw_varied(ink, rng, StrokeStyle(pen_px=(2.5, 2.5)))
    strokes = traced(list(pictures))
    assert all(strokes)
    again = draw_fitted(InkBatch.from_drawings(strokes), np.full(300, 2.5, dtype=np.float32), 4)
    alike = [
        np.corrcoef(one.ravel(), other.ravel())[0, 1]
        for one, other in zip(pictures, again, strict=True)
    ]
    assert np.median(alike) > 0.9
    assert np.quantile(alike, 0.05) > 0.6
