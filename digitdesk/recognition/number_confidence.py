"""How probable it is that a whole number is right: of all told with 90 %, nine in ten should be.

Nobody can multiply the digits' confidences alone: the ink may be divided in another way, too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

# All but the last were chosen by made-up numbers, dates and decimals of twenty writers that no
# network was trained on, by greatest likelihood; for the last that gives about 0, and more is
# taken, so that fewer wrong numbers of photos are told as sure.
_OF_DIVISION = 0.45
"""Other divisions of the ink are mostly unlikelier than how it lies tells."""
_OF_DIGITS = 1.3
"""Beside its neighbors a digit is read a little worse than by itself."""
_OF_DIVISION_BY_LINE, _OF_DIGITS_BY_LINE = 1.0, 1.5
_OF_DIVISION_OF_STROKES, _OF_DIGITS_OF_STROKES = 0.6, 0.8
"""The same where a network for lines was asked, too: of pictures, and of a pen's strokes."""
_OF_BEING_DIGITS, _OF_BEING_DIGITS_BY_LINE = 0.3, 0.1
"""In a row of digits, letters are rarer than a reader takes them for; but a picture may show half
a digit, or a shadow. A pen's strokes show what was written."""


def number_confidence(
    division: float,
    digits: Sequence[float],
    being_digits: Sequence[float],
    *,
    is_picture: bool,
    by_line: bool = False,
) -> float:
    """The confidence of a number, never more than that of its least sure digit.

    Args:
        division: How probable it is that the ink falls into these digits and signs.
        digits: The confidence of each digit, among the digits.
        being_digits: How probable it is that each is a digit at all.
        is_picture: Whether only a picture of it is known, and no strokes.
        by_line: Whether a network for lines was asked, too.
    """
    of_division, of_digits = _OF_DIVISION, _OF_DIGITS
    if by_line and is_picture:
        of_division, of_digits = _OF_DIVISION_BY_LINE, _OF_DIGITS_BY_LINE
    elif by_line:
        of_division, of_digits = _OF_DIVISION_OF_STROKES, _OF_DIGITS_OF_STROKES
    confidence = math.pow(division, of_division) * math.pow(math.prod(digits), of_digits)
    if is_picture:
        of_being_digits = _OF_BEING_DIGITS_BY_LINE if by_line else _OF_BEING_DIGITS
        confidence *= math.pow(math.prod(being_digits), of_being_digits)
    return min([confidence, *digits])
