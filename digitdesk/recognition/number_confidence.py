"""How probable it is that a whole number is right: of all told with 90 %, nine in ten should be.

Nobody can multiply the digits' confidences alone: the ink may be divided in another way, too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple


class Exponents(NamedTuple):
    """How much each of what a confidence is made of counts.

    Attributes:
        division: How probable it is that the ink reads so; above 1 where that is told too surely.
        digits: The confidence of each digit, which a network for lines has weighed already.
        being_digits: That each is a digit at all. A pen's strokes show what was written; a picture
            may show half a digit, or a shadow.
    """

    division: float
    digits: float
    being_digits: float


# Chosen by made-up numbers, dates, decimals and phone numbers of writers that no network was
# trained on, by greatest likelihood: ``tests/benchmarks/line_weights.py --confidence``. What was
# cut out of one stroke or region is known less well than it seems.
_OF_STROKES = (0.6, 0.9, 0.0)
_OF_CUT_STROKES = (0.7, 1.2, 0.0)
# Those of pictures by ``unipen_digits_dev`` alone, before hidden 1s were looked for.
_OF_REGIONS = (0.9, 1.6, 0.0)
_OF_CUT_REGIONS = (1.0, 1.6, 0.0)
# Where no network for lines was asked. Other divisions of the ink are mostly unlikelier then than
# how it lies tells, and in a row of digits letters are rarer than a reader takes them for.
_OF_STROKES_ALONE = (0.45, 1.3, 0.0)
_OF_REGIONS_ALONE = (0.45, 1.3, 0.3)


def number_confidence(
    division: float,
    digits: Sequence[float],
    being_digits: Sequence[float],
    *,
    is_picture: bool,
    is_cut: bool = False,
    by_line: bool = False,
) -> float:
    """The confidence of a number, never more than that of its least sure digit.

    Args:
        division: How probable it is that the ink falls into these digits and signs.
        digits: The confidence of each digit, among the digits.
        being_digits: How probable it is that each is a digit at all.
        is_picture: Whether only a picture of it is known, and no strokes.
        is_cut: Whether two of its parts were one stroke or region.
        by_line: Whether a network for lines was asked, too: then ``division`` is of the text.
    """
    alone = _OF_REGIONS_ALONE if is_picture else _OF_STROKES_ALONE
    whole, cut = (_OF_REGIONS, _OF_CUT_REGIONS) if is_picture else (_OF_STROKES, _OF_CUT_STROKES)
    exponents = Exponents(*((cut if is_cut else whole) if by_line else alone))
    factors = division, math.prod(digits), math.prod(being_digits)
    return min([math.prod(map(math.pow, factors, exponents)), *digits])
