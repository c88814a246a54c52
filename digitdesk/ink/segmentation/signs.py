"""Tells the signs between digits from digits by how they lie on the line: ``- . , / +``.

How large a piece is beside the digits, how high it stands and which way it leans say enough; no
network is asked, so every model that reads digits reads dates, phone numbers and decimals.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from digitdesk.ink.arrays import Float64Array
from digitdesk.ink.segmentation.candidates import Candidate, Line
from digitdesk.messages.boxes import Box

SIGNS = "-.,/+"

# Mean and spread of width, height and middle beside the line (its top 0, its foot 1), of the angle
# of the long axis in degrees (a slash leans to the right below 90), of how thick it is beside its
# length, and of how far its ink is from a cross. Fitted to digits and signs of UNIPEN's writers by
# ``tests/benchmarks/number_signs.py --fit``, but for ``J``, chosen by eye like the largest of those
# commas; where a sign stands, that benchmark says.
_KINDS: dict[str, tuple[tuple[float, float], ...]] = {
    "-": ((0.64, 0.30), (0.08, 0.06), (0.50, 0.12), (90, 70), (0.08, 0.08), (0.04, 0.03)),
    ".": ((0.08, 0.07), (0.10, 0.08), (0.96, 0.10), (90, 50), (0.30, 0.25), (0.15, 0.09)),
    ",": ((0.23, 0.12), (0.45, 0.18), (1.10, 0.12), (80, 18), (0.20, 0.12), (0.11, 0.05)),
    "/": ((0.85, 0.32), (1.35, 0.35), (0.50, 0.14), (58, 12), (0.04, 0.03), (0.17, 0.10)),
    "J": ((0.45, 0.25), (0.70, 0.20), (1.20, 0.12), (65, 25), (0.30, 0.20), (0.15, 0.06)),
    "+": ((0.74, 0.20), (0.76, 0.18), (0.52, 0.12), (80, 50), (0.73, 0.15), (0.06, 0.03)),
    "1": ((0.22, 0.16), (0.98, 0.14), (0.50, 0.09), (83, 11), (0.05, 0.04), (0.07, 0.05)),
    "0": ((0.62, 0.25), (1.00, 0.15), (0.50, 0.09), (88, 35), (0.50, 0.25), (0.16, 0.05)),
}
_STANDS_FOR = {"J": ","}
"""Some commas are hooks, three times as large as a tick."""

_UNITS = (1.0, 1.0, 1.0, 90.0, 1.0, 1.0)
"""What counts as a density of 1: the same range of each feature for every kind."""

_NEITHER = 50.0
"""Density of what is neither sign nor digit, such as the bar of a 5: so unlike signs as that."""

_COMMON = {"-": 0.1, ".": 0.1, ",": 0.1, "J": 0.1, "/": 3.0, "+": 0.1}
"""How many signs of a kind there are for each digit they may be taken for."""


def sign_chances(
    line: Line, found: Sequence[Candidate], points: Sequence[Float64Array]
) -> list[dict[str, float]]:
    """How probable each sign is, for each candidate.

    Args:
        line: The pieces.
        found: Candidates of the line.
        points: (P, 2) for each candidate, evenly along or all over its ink.

    Source:
        Naive Bayes with normal densities, as in Hastie, Tibshirani and Friedman, "The elements of
        statistical learning", section 6.6.3.
    """
    parts = Counter(piece.source for piece in line.pieces)
    return [
        _chances(features(line, candidate.box, own, candidate.middle))
        if _is_whole(line, candidate, parts)
        else dict.fromkeys(SIGNS, 0.0)
        for candidate, own in zip(found, points, strict=True)
    ]


def _is_whole(line: Line, candidate: Candidate, parts: Mapping[int, int]) -> bool:
    """Whether a candidate is cut out of nothing larger, as no sign is."""
    own = Counter(piece.source for piece in line.pieces[candidate.first : candidate.last])
    return all(parts[source] == count for source, count in own.items())


def features(line: Line, box: Box, points: Float64Array, middle: float) -> tuple[float, ...]:
    """Width, height, middle, angle, thickness and distance from a cross; see ``_KINDS``."""
    left, top, right, bottom = box
    # What the pen's width adds to a box, and to the spread across a line, is not the sign's.
    width, height = (max(0.0, length - line.pen) for length in (right - left, bottom - top))
    spread = points - points.mean(axis=0)
    (low, high), axes = np.linalg.eigh(spread.T @ spread / len(points))
    low, high = (max(0.0, float(value) - line.pen**2 / 12) for value in (low, high))
    # y grows downward, and an axis has no direction.
    angle = math.degrees(math.atan2(-axes[1, 1], axes[0, 1])) % 180
    thickness = math.sqrt(low / high) if high > 0 else 0.0
    center = np.array(((left + right) / 2, (top + bottom) / 2))
    off_cross = float(abs(points - center).min(axis=1).mean()) - line.pen / 4
    return (
        width / line.height,
        height / line.height,
        middle,
        angle,
        thickness,
        max(0.0, off_cross) / max(width, height, 1e-9),
    )


def _chances(seen: Sequence[float]) -> dict[str, float]:
    """The probability of each sign among signs, digits and what is neither."""
    weights = {kind: _density(seen, kind) * _COMMON.get(kind, 1.0) for kind in _KINDS}
    total = sum(weights.values()) + _NEITHER
    chances = dict.fromkeys(SIGNS, 0.0)
    for kind, weight in weights.items():
        sign = _STANDS_FOR.get(kind, kind)
        if sign in SIGNS:
            chances[sign] += weight / total
    return chances


def _density(seen: Sequence[float], kind: str) -> float:
    """The product of normal densities, each in units of its own feature's range."""
    log = 0.0
    for value, (mean, spread), unit in zip(seen, _KINDS[kind], _UNITS, strict=True):
        log -= ((value - mean) / spread) ** 2 / 2 + math.log(spread / unit)
    return math.exp(log)
