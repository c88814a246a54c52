"""The lines of ruled and squared paper, which are no writing.

A photo shows them sloped or bowed. What bends all columns of the picture so that most ink comes to
lie in few rows makes them level; then a line is a row that is full from one side to the other.
"""

from __future__ import annotations

import itertools

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from digitdesk.ink.arrays import Float32Array, Mask
from digitdesk.ink.picture.regions import find_runs

_STRIPS = 16
_MOST_SLOPE = 0.05
_MOST_BOW = 0.025
"""Of the picture's width: how far a line's middle may lie below its ends, or above them."""
_FULL = 0.5
_ALL = 0.97
_FULL_STRIPS = 0.8
_LEAST_FULL = 0.2
_THINNEST_PX = 2
_THICKNESS = 1 / 40
"""Of the picture's height: the thickest line."""
_BEYOND = 0.04
"""Of the picture's width: so far a line that is the only one reaches beyond the writing."""


def without_ruled_lines(mask: Mask) -> Mask:
    """Drop lines that are thin and go across nearly the whole picture, level or not.

    Args:
        mask: (H, W), true where the picture is darker than its paper.
    """
    cleaned = _without_lines_across(mask)
    cleaned = _without_lines_across(cleaned.T).T
    # Where nothing else is left, the line was no ruling but the digit 1.
    return cleaned if cleaned.any() else mask


def _without_lines_across(mask: Mask) -> Mask:
    height = len(mask)
    if min(mask.shape) < 2 * _STRIPS or not mask.any():
        return mask
    bend = _bend(mask)
    reach = int(np.abs(bend).max())
    level = _shifted(np.pad(mask, ((reach, reach), (0, 0))), -bend)
    inside = _shifted(np.pad(np.ones_like(mask), ((reach, reach), (0, 0))), -bend)
    bands = _lines(level, inside)
    thickest = max(_THINNEST_PX, round(_THICKNESS * height))
    bands = [(begin, end) for begin, end in bands if end - begin <= thickest + 1]
    if not bands:
        return mask
    cleaned = level.copy()
    for begin, end in bands:
        _drop(cleaned, level, begin, end)
    if len(bands) == 1 and not _is_line(level, cleaned, *bands[0]):
        return mask
    return _shifted(cleaned, bend)[reach : reach + height]


def _bend(mask: Mask) -> NDArray[np.intp]:
    """How many pixels lines lie lower in each column than they would if they were level.

    Shapes:
        (H, W) → (W,).
    """
    height, width = mask.shape
    edges = np.linspace(0, width, _STRIPS + 1).round().astype(np.intp)
    counts = np.add.reduceat(mask.astype(np.float32), edges[:-1], axis=1)
    strips: Float32Array = (counts / np.diff(edges)).astype(np.float32)
    middles = (edges[:-1] + edges[1:]) / (2 * width)
    rise, sag = (-(-round(part * width) // 2) for part in (_MOST_SLOPE, _MOST_BOW))
    # Roughly first, on half as many rows.
    half = strips[: height - height % 2 : 2] + strips[1::2]
    slopes, bows = np.arange(-rise, rise + 1), 2 * np.arange(-(sag // 2), sag // 2 + 1)
    slope, bow = _sharpest(half, middles, slopes, bows)
    near, step = np.arange(-2, 3), np.arange(-3, 4)
    slope, bow = _sharpest(strips, middles, near + 2 * slope, step + 2 * bow)
    return _curve((np.arange(width) + 0.5) / width, slope, bow)


def _curve(along: NDArray[np.float64], slope: int, bow: int) -> NDArray[np.intp]:
    """Pixels down at each place, 0 … 1, of a line that falls by ``slope`` and sags by ``bow``."""
    down = slope * (along - 0.5) + 4 * bow * along * (1 - along)
    return np.rint(down).astype(np.intp)


def _sharpest(
    strips: Float32Array,
    middles: NDArray[np.float64],
    slopes: NDArray[np.intp],
    bows: NDArray[np.intp],
) -> tuple[int, int]:
    """Of pairs of a slope and a bow, the one that gathers most ink in few rows.

    Shapes:
        (H, strips) parts of each strip's row that are ink, (strips,), (slopes,), (bows,).
    """
    pairs = list(itertools.product(slopes.tolist(), bows.tolist()))
    shifts = np.stack([_curve(middles, *pair) for pair in pairs])
    reach = int(np.abs(shifts).max())
    rows = np.zeros((len(shifts), len(strips)), dtype=np.float32)
    for place in range(strips.shape[1]):
        padded = np.pad(strips[:, place], reach)
        rows += sliding_window_view(padded, len(strips))[reach + shifts[:, place]]
    sharpness = (rows**3).sum(axis=1)
    # Of shapes that are as good, the flattest.
    sharpness -= np.float32(1e-4) * sharpness.max() * np.abs(pairs).sum(axis=1)
    return pairs[int(np.argmax(sharpness))]


def _shifted(mask: Mask, down: NDArray[np.intp]) -> Mask:
    """Each column moved down by so many pixels; what leaves at one end comes back at the other."""
    height, width = mask.shape
    rows = (np.arange(height)[:, None] - down[None, :]) % height
    shifted: Mask = mask[rows, np.arange(width)[None, :]]
    return shifted


def _lines(level: Mask, inside: Mask) -> list[tuple[int, int]]:
    """Rows, as begin and end, that are full from side to side, as far as the picture goes."""
    edges = np.linspace(0, level.shape[1], _STRIPS + 1).round().astype(np.intp)[:-1]
    # A line that is not quite level even now goes on in the next row.
    in_two = level.copy()
    in_two[:-1] |= level[1:]
    ink = np.add.reduceat(in_two.astype(np.float32), edges, axis=1)
    room = np.add.reduceat(inside.astype(np.float32), edges, axis=1)
    there = (room > 0).sum(axis=1)
    is_full = (ink > _FULL * room) & (room > 0)
    full = is_full.sum(axis=1) >= np.maximum(_FULL_STRIPS * there, _STRIPS / 4)
    inked = level.sum(axis=1) > _LEAST_FULL * inside.sum(axis=1)
    bands = []
    for begin, end in find_runs(full):
        rows = np.flatnonzero(inked[begin : end + 1])
        if len(rows):
            bands.append((begin + int(rows[0]), begin + int(rows[-1]) + 1))
    return bands


def _drop(cleaned: Mask, level: Mask, begin: int, end: int) -> None:
    """Take a line out where it is by itself; ink that crosses or touches it is thicker."""
    thickness = end - begin
    slack = max(1, thickness // 2)
    reach = thickness + slack + 1
    top, bottom = max(0, begin - reach), min(len(level), end + reach)
    # How far ink goes on above and below the line without a gap.
    above = np.logical_and.accumulate(level[top:begin][::-1], axis=0).sum(axis=0)
    below = np.logical_and.accumulate(level[end:bottom], axis=0).sum(axis=0)
    is_line = above + below <= slack
    first, last = max(0, begin - slack), min(len(level), end + slack)
    cleaned[first:last] &= ~is_line


def _is_line(level: Mask, cleaned: Mask, begin: int, end: int) -> bool:
    """Whether the only line there is, is none of the writing.

    It is full from edge to edge, or goes on beside what is left above and below it.
    """
    if level[begin:end].mean(axis=1).max() > _ALL:
        return True
    margin = _BEYOND * cleaned.shape[1]
    rest = np.concatenate([cleaned[: max(0, begin - 2)], cleaned[end + 2 :]])
    columns = np.flatnonzero(rest.any(axis=0))
    own = np.flatnonzero(level[begin:end].any(axis=0))
    return len(columns) > 0 and bool(
        own[0] + margin <= columns[0] < columns[-1] + margin <= own[-1]
    )
