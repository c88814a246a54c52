"""Planes of direction and progress: where, which way and when the pen went."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.ink.ink_batch import InkBatch
from digitdesk.ink.preprocessing import preprocess_strokes
from digitdesk.ink.stroke_planes import DIRECTIONS, PLANES, stroke_planes, stroke_planes_of_many

# Screens count downward, and so do the eighths of a turn: to the right, down to the right, down.
RIGHT, DOWN, LEFT, UP = 1, 3, 5, 7


def line(*ends: tuple[float, float], points: int = 30) -> tuple[tuple[float, float], ...]:
    """A straight stroke between two ends."""
    (x, y), (right, down) = ends
    steps = np.linspace(0, 1, points)
    return tuple((x + part * (right - x), y + part * (down - y)) for part in steps.tolist())


TO_THE_RIGHT = line((40, 140), (240, 140))
DOWNWARD = line((140, 40), (140, 240))


@pytest.mark.parametrize(
    ("stroke", "plane"),
    [
        (TO_THE_RIGHT, RIGHT),
        (DOWNWARD, DOWN),
        (TO_THE_RIGHT[::-1], LEFT),
        (DOWNWARD[::-1], UP),
        (line((40, 40), (240, 240)), RIGHT + 1),
    ],
)
def test_a_line_lies_in_the_plane_of_its_direction(stroke, plane):
    planes = stroke_planes((stroke,))
    assert planes.shape == (PLANES, 28, 28) and planes.dtype == np.float32
    amount = planes[1 : 1 + DIRECTIONS].sum(axis=(1, 2))
    assert amount.argmax() + 1 == plane
    assert amount[(plane - 1 + 4) % DIRECTIONS] == 0, "nothing goes the other way"
    # Next to it by 45 degrees is cos² = 1/2, and across nothing.
    assert amount[plane % DIRECTIONS] == pytest.approx(amount.max() / 2, rel=0.1)
    assert amount[(plane + 1) % DIRECTIONS] == pytest.approx(0, abs=0.01)


def test_the_first_plane_is_the_picture():
    strokes = (TO_THE_RIGHT, DOWNWARD)
    np.testing.assert_array_equal(stroke_planes(strokes)[0], preprocess_strokes(strokes))


def test_directions_lie_on_the_ink():
    strokes = (line((60, 40), (200, 240)), line((100, 240), (120, 60)))
    planes = stroke_planes(strokes)
    along = planes[1:].max(axis=0)
    assert (planes[0][along > 0.3] > 0.3).all()


def test_progress_grows_along_the_pens_way():
    progress = stroke_planes((TO_THE_RIGHT,))[-1]
    row = progress[progress.sum(axis=1).argmax()]
    inked = row[(row > 0).nonzero()[0][2:-3]]
    assert (np.diff(inked) > 0).all()
    assert inked[0] < 0.4 and inked[-1] > 0.8
    # The second stroke goes on where the first has ended.
    two = stroke_planes((TO_THE_RIGHT, line((40, 200), (240, 200))))[-1]
    rows = two.max(axis=1)
    assert rows[14:].max() > 0.75 > 0.62 > rows[:14].max()


def test_many_are_as_one_by_one():
    drawings = [[TO_THE_RIGHT], [DOWNWARD, TO_THE_RIGHT], [line((50, 60), (60, 220))]]
    together = stroke_planes_of_many(InkBatch.from_drawings(drawings))
    for drawing, planes in zip(drawings, together, strict=True):
        np.testing.assert_allclose(planes, stroke_planes(drawing), atol=1e-5)


def test_a_dot_has_no_direction_and_nothing_is_nothing():
    planes = stroke_planes((((140.0, 140.0),),))
    assert planes[0].max() > 0.9
    assert not planes[1:].any()
    assert stroke_planes(()) is None
