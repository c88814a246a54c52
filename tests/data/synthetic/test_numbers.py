"""Composed numbers look as told: digits in a row, with the gaps and sizes asked for."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.data.synthetic.numbers import NumberStyle, compose_number, compose_numbers
from digitdesk.ink.stroke_file import StrokeSample

POLE = StrokeSample(1, "a", (((3.0, 5.0), (3.5, 205.0)),))
BOX = StrokeSample(0, "b", (((0.0, 0.0), (1.0, 0.0), (1.0, 2.0), (0.0, 2.0)), ((0.2, 1.0),)))


def bounds(digit):
    points = np.array([point for stroke in digit for point in stroke])
    return points.min(axis=0), points.max(axis=0)


@pytest.mark.parametrize("gap", [-0.05, 0.0, 0.4])
def test_digits_stand_side_by_side_on_the_line(gap):
    style = NumberStyle(gap=(gap, gap), size=(1, 1), baseline=0)
    number = compose_number([BOX, POLE, BOX], np.random.default_rng(0), style, height=80)
    assert number.text == "010"
    assert number.strokes == tuple(stroke for digit in number.digits for stroke in digit)
    before = None
    for digit in number.digits:
        low, high = bounds(digit)
        assert (low[1], high[1]) == (pytest.approx(0), pytest.approx(80))
        if before is not None:
            assert low[0] - before == pytest.approx(gap * 80)
        before = high[0]


def test_a_joined_number_is_one_pen_stroke_more_than_it_need_be():
    style = NumberStyle(joined=1.0)
    number = compose_number([POLE, POLE, BOX], np.random.default_rng(0), style)
    assert len(number.strokes) == 2
    assert number.strokes[0] == sum((digit[0] for digit in number.digits), ())


def test_the_same_seed_writes_the_same_numbers_each_by_one_writer():
    numbers = compose_numbers([POLE, BOX], 40, seed=5, lengths=(2, 3))
    assert numbers == compose_numbers([POLE, BOX], 40, seed=5, lengths=(2, 3))
    assert numbers != compose_numbers([POLE, BOX], 40, seed=6, lengths=(2, 3))
    assert {len(number.text) for number in numbers} == {2, 3}
    assert all(len(set(number.text)) == 1 for number in numbers), "a writer writes one digit here"
