"""Drawings in another order: the same ink, another pen."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.data.strokes.stroke_order import with_other_order
from digitdesk.ink.ink_batch import InkBatch

DRAWING = [[(0, 0), (1, 1), (2, 2)], [(5, 0), (5, 9)], [(7, 7)]]


def test_the_same_strokes_in_another_order():
    ink = InkBatch.from_drawings([DRAWING] * 40)
    changed = with_other_order(ink, np.random.default_rng(0), 1.0)
    assert changed.count == 40
    np.testing.assert_array_equal(changed.sample, ink.sample)
    seen = set()
    for drawing in changed.drawings():
        strokes = [tuple(map(tuple, stroke)) for stroke in drawing]
        assert sorted(min(s, s[::-1]) for s in strokes) == sorted(
            tuple((float(x), float(y)) for x, y in s) for s in DRAWING
        )
        seen.add(tuple(strokes))
    assert len(seen) > 15, "orders and directions differ"


def test_most_stay_as_they_are():
    ink = InkBatch.from_drawings([DRAWING] * 1000)
    before, changed = ink.drawings()[0], with_other_order(ink, np.random.default_rng(1), 0.1)
    same = sum(drawing == before for drawing in changed.drawings())
    # A tenth is chosen, of which 1 in 24 comes out as it was.
    assert same == pytest.approx(1000 * (0.9 + 0.1 / 24), abs=40)
