"""Divides what is written into rows that lie above each other, as two phone numbers do."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from digitdesk.ink.strokes import stroke_box
from digitdesk.messages.boxes import Box, union
from digitdesk.messages.prediction import Stroke

_OVERLAP = 0.2
"""Rows may reach into each other by so much of the lower one's height."""

_LEAST_HEIGHT = 0.5
"""A row that is lower than this, beside the tallest, is the bar of a digit or a dot."""

_LEAST_HEIGHT_WITHIN = 0.8
"""One that begins before the row above it ends is a comma if it is lower than this, and narrow."""

_HANGING = 0.2
"""A comma begins no further below the digits it stands between than this part of their height; some
are as high as digits."""

_WIDEST_COMMA = 1.5
"""In heights of its own."""

_LARGEST_POINT = 0.2
"""In heights of the row that it belongs to."""

_LEAST_WIDTH = 0.3
"""So much of the narrower row must lie below or above the other: a number may go downhill."""


def rows_of(strokes: Sequence[Stroke]) -> list[tuple[Stroke, ...]]:
    """The strokes of each row, from top to bottom, in the order they were written.

    There is one row unless it is plain that there are more.
    """
    places = row_of_each([stroke_box(stroke) for stroke in strokes])
    return [
        tuple(stroke for stroke, place in zip(strokes, places, strict=True) if place == row)
        for row in range(max(places, default=0) + 1)
    ]


def row_of_each(boxes: Sequence[Box]) -> list[int]:
    """In which row each box lies, the uppermost row being 0; none of the rows is empty."""
    if not boxes:
        return []
    bands = _merged(_bands(boxes), boxes)
    nearest = []
    for box in boxes:
        distances = [abs(_middle(box) - _middle(band)) for band in bands]
        nearest.append(distances.index(min(distances)))
    numbers = {band: row for row, band in enumerate(sorted(set(nearest)))}
    return [numbers[band] for band in nearest]


def _bands(boxes: Sequence[Box]) -> list[Box]:
    """Boxes around ink that is side by side, from top to bottom."""
    bands: list[Box] = []
    for box in sorted(boxes, key=lambda box: box[1]):
        for k, band in enumerate(bands):
            overlap = min(band[3], box[3]) - max(band[1], box[1])
            # A level bar has no height; it overlaps what it lies within.
            if overlap >= _OVERLAP * min(_height(band), _height(box)):
                bands[k] = union((band, box))
                break
        else:
            bands.append(box)
    return sorted(bands, key=_middle)


def _merged(bands: list[Box], boxes: Sequence[Box]) -> list[Box]:
    """The same without those that are no row: each becomes a part of its nearest neighbor."""
    while len(bands) > 1:
        tallest = max(map(_height, bands))
        low = [
            k
            for k, one in enumerate(bands)
            if _height(one) < tallest * _least(one, bands) or _has_but_signs(one, bands, boxes)
        ]
        # A bar or dot may lie beside a row that is one: what is low goes first.
        beside = (
            k
            for k, band in enumerate(bands)
            if not all(_lie_above_each_other(band, other) for other in bands)
        )
        no_row = next(itertools.chain(low, beside), None)
        if no_row is None:
            return bands
        band = bands.pop(no_row)
        nearest = min(range(len(bands)), key=lambda k: abs(_middle(bands[k]) - _middle(band)))
        bands[nearest] = union((bands[nearest], band))
    return bands


def _least(band: Box, bands: Sequence[Box]) -> float:
    """The height of a row beside the tallest, from which a band is one."""
    is_within = any(other[1] < band[1] < other[3] for other in bands)
    is_narrow = band[2] - band[0] <= _height(band)
    return _LEAST_HEIGHT_WITHIN if is_within and is_narrow else _LEAST_HEIGHT


def _has_but_signs(band: Box, bands: Sequence[Box], boxes: Sequence[Box]) -> bool:
    """Whether a band is nothing but the commas and points of a row above it."""
    signs = [box for box in boxes if band[1] <= _middle(box) <= band[3]]
    for row in bands:
        _, top, _, foot = row
        if top < band[1] <= foot + _HANGING * _height(row):
            digits = [box for box in boxes if top <= _middle(box) <= foot]
            if all(_is_point(box, row) or _is_comma(box, digits) for box in signs):
                return True
    return False


def _is_point(box: Box, row: Box) -> bool:
    return max(box[2] - box[0], _height(box)) <= _LARGEST_POINT * _height(row)


def _is_comma(box: Box, digits: Sequence[Box]) -> bool:
    """Whether a box stands between two digits, and is no wider than a comma."""
    width, height = box[2] - box[0], _height(box)
    # What is narrow may reach below a digit.
    inset = width / 2 if width <= height else 0.0
    sides = {_side(digit, box[0] + inset, box[2] - inset) for digit in digits}
    return sides == {-1, 1} and width <= _WIDEST_COMMA * height


def _side(box: Box, left: float, right: float) -> int:
    """Whether a box lies to the left (-1) or to the right (1) of some columns, or there (0)."""
    if box[2] <= left:
        return -1
    return int(box[0] >= right)


def _lie_above_each_other(a: Box, b: Box) -> bool:
    overlap = min(a[2], b[2]) - max(a[0], b[0])
    narrower = min(a[2] - a[0], b[2] - b[0])
    return overlap >= _LEAST_WIDTH * narrower


def _height(box: Box) -> float:
    return box[3] - box[1]


def _middle(box: Box) -> float:
    return (box[1] + box[3]) / 2
