"""Finds the spaces in a row of digits: gaps that are much wider than the others."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

_LEAST = 0.6
"""Part of the line's height that a space is wide at least."""

_WIDER = 1.6
"""So many times the next narrower gap, or a hand just writes wide."""


def are_spaces(gaps: Sequence[float], height: float) -> list[bool]:
    """Which of the gaps between neighboring digits are spaces.

    Args:
        gaps: Their widths, in any order; one alone has nothing to compare it with.
        height: Height of the line in the same unit.
    """
    jumps = (
        wider
        for gap, wider in itertools.pairwise(sorted(gaps))
        if wider >= _LEAST * height and wider >= _WIDER * gap
    )
    narrowest = next(jumps, None)
    return [narrowest is not None and gap >= narrowest for gap in gaps]
