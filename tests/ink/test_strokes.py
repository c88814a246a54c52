"""Strokes as points: fitted to the board, rid of slips, and packed in batches."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.ink.ink_batch import InkBatch
from digitdesk.ink.strokes import fit_to_board, without_taps


def test_fit_to_board_fills_the_board_and_keeps_the_aspect():
    (stroke,) = fit_to_board([[(1000, 0), (1400, 800)]], margin_px=40)
    assert stroke == ((90.0, 40.0), (190.0, 240.0))
    assert fit_to_board([[(5, 5)]]) == (((140.0, 140.0),),)
    assert fit_to_board([]) == ()


def test_taps_count_only_where_there_is_nothing_else():
    tap, line = ((5, 5), (6, 6)), ((0, 0), (9, 0))
    assert without_taps([tap, line, (), tap]) == [line]
    assert without_taps([tap, ()]) == [tap]
    assert without_taps([]) == []


def test_ink_batch_unpacks_what_was_packed():
    drawings = [(((0.0, 1.0), (2.0, 3.0)), ((4.0, 4.0),)), (((7.0, 8.0),),)]
    ink = InkBatch.from_drawings(drawings)
    assert ink.drawings() == drawings
    assert ink.repeated(3).drawings() == drawings * 3
    assert ink.part(1, 2).drawings() == drawings[1:]
    low, high = ink.bounds()
    np.testing.assert_array_equal(low, [[0, 1], [7, 8]])
    np.testing.assert_array_equal(high, [[4, 4], [7, 8]])
    with pytest.raises(ValueError, match="point"):
        InkBatch.from_drawings([[[]]])
