"""The confidence of a whole number is honest, and never above its least sure digit's."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.recognition.number_confidence import number_confidence
from digitdesk.recognition.number_reader import NumberReader
from tests.number_support import reader_by_heart, written


@pytest.mark.parametrize("is_picture", [False, True])
@pytest.mark.parametrize("how", [{}, {"by_line": True}, {"by_line": True, "is_cut": True}])
def test_no_number_is_surer_than_its_least_sure_digit(is_picture, how):
    rng = np.random.default_rng(0)
    for _ in range(50):
        digits = rng.uniform(0.1, 1, rng.integers(1, 8)).tolist()
        found = number_confidence(rng.uniform(), digits, digits, is_picture=is_picture, **how)
        assert 0 <= found <= min(digits)


@pytest.mark.parametrize("is_picture", [False, True])
def test_digits_that_were_cut_out_of_one_stroke_are_less_sure(is_picture):
    whole, cut = (
        number_confidence(
            0.9, [0.95] * 3, [0.9] * 3, is_picture=is_picture, is_cut=is_cut, by_line=True
        )
        for is_cut in (False, True)
    )
    assert cut < whole


def test_what_is_certain_in_every_part_is_certain_as_a_whole():
    assert number_confidence(1.0, [1.0] * 6, [1.0] * 6, is_picture=True) == 1


def test_a_reader_of_strokes_that_doubts_each_digit_a_little_is_not_unsure_of_the_number():
    # Of ten digits each is a digit with 97 %, and 95 of 100 such numbers are read right.
    found = number_confidence(0.99, [0.998] * 10, [0.97] * 10, is_picture=False)
    assert 0.93 < found < 0.99
    assert number_confidence(0.99, [0.998] * 10, [0.97] * 10, is_picture=True) < found


@pytest.mark.parametrize("gap", [0.3, 0.15])
def test_a_long_number_that_is_easily_read_is_sure(gap):
    reading = NumberReader(reader_by_heart()).read_strokes(written("2026457518", gap=gap).strokes)
    assert reading.text == "2026457518"
    assert reading.confidence > 0.9
