"""The one way from ink to what a network sees: 28×28 greys with MNIST's proportions.

Ink is fitted to a 20×20 box, drawn finely, and averaged over pixels with its mass in the middle.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.ink.brush import capsule_coverage
from digitdesk.ink.frame import BOX_PX, SIZE_PX, average_into_frame, is_framed
from digitdesk.ink.ink_batch import InkBatch
from digitdesk.ink.ink_finder import (
    FINE_PX_PER_PX,
    Polarity,
    as_grey,
    find_ink,
    fit_to_fine_box,
    thickened,
)

Float32Array = NDArray[np.float32]

PREPARATION_VERSION = 1

PEN_PX = 2.5
"""Width of the pen in the 28×28 frame; it gives real strokes the mean ink of MNIST."""

_FAINTEST_INK = 0.08

TAP_SIZE = 3.0
"""Strokes smaller than this, in board units, are dots: taps and trembling, not shapes."""

OVERSAMPLING = 4
# The drawing's canvas: the box and one pixel all round for the soft edge of the brush.
_CANVAS = (int(BOX_PX) + 2) * OVERSAMPLING
_PIECE_PX = 8.0
_LEAST_STEP_PX = 1.2
_CHUNK = 32


def prepare_strokes(
    strokes: Sequence[Sequence[Sequence[float]]], pen_px: float = PEN_PX
) -> Float32Array | None:
    """Draw strokes as the network wants to see them.

    The pen's width is relative to the size of the ink, so tiny and huge, thin and thick writing
    come out alike. A drawing that is only a tap comes out as a dot; taps beside larger strokes
    are slips of the hand and left out.

    Args:
        strokes: Points (x, y) per stroke in board units, y growing downward.
        pen_px: Width of the pen in the 28×28 frame.

    Returns:
        (28, 28) float32 greys 0 … 1, ink = 1, or None where there is no ink.
    """
    inked = _without_taps([stroke for stroke in strokes if len(stroke)])
    if not inked:
        return None
    picture: Float32Array = prepare_batch(InkBatch.from_drawings([inked]), pen_px)[0]
    return picture


def prepare_batch(ink: InkBatch, pen_px: float | Float32Array = PEN_PX) -> Float32Array:
    """Prepare many drawings exactly as ``prepare_strokes`` prepares one.

    Args:
        ink: The drawings.
        pen_px: One width for all, or one for each.

    Shapes:
        ``ink.count`` drawings, pen () or (N,) → (N, 28, 28) float32.
    """
    pens = np.broadcast_to(np.asarray(pen_px, dtype=np.float32), (ink.count,))
    prepared = np.empty((ink.count, SIZE_PX, SIZE_PX), dtype=np.float32)
    # A few drawings at a time, so that their canvases stay in the processor's cache.
    for first in range(0, ink.count, _CHUNK):
        last = min(first + _CHUNK, ink.count)
        canvases = _draw_canvases(ink.part(first, last), pens[first:last])
        prepared[first:last] = average_into_frame(canvases, float(OVERSAMPLING))
    return prepared


def prepare_image(picture: NDArray[Any], *, ink: Polarity = "auto") -> Float32Array | None:
    """Find a digit in a picture of any size and show it as the network wants to see it.

    Paper may be dark or bright and unevenly lit; specks, ruled lines and a frame are left out.

    Args:
        picture: (H, W) greys, integers of the full range of their type or floats 0 … 1.
        ink: Whether ink is the ``bright`` or the ``dark`` part; ``auto`` takes what differs most
            from the picture's border.

    Returns:
        (28, 28) float32 greys 0 … 1, ink = 1, or None where there is no ink.
    """
    found = find_ink(as_grey(picture), ink)
    return None if found is None else _frame_picture(thickened(fit_to_fine_box(found)))


def prepare_ink_image(picture: NDArray[Any]) -> Float32Array | None:
    """Prepare a picture that is known to be clean ink (bright) on nothing (0).

    A picture that already is a prepared one, as all of MNIST's are, comes back unchanged.

    Args:
        picture: (H, W) greys, integers of the full range of their type or floats 0 … 1.

    Returns:
        (28, 28) float32 greys 0 … 1, ink = 1, or None where there is no ink.
    """
    grey = as_grey(picture)
    strongest = float(grey.max(initial=0.0))
    if strongest < _FAINTEST_INK:
        return None
    if is_framed(grey):
        return grey
    return _frame_picture(thickened(fit_to_fine_box(grey / np.float32(strongest))))


def _frame_picture(fine: Float32Array) -> Float32Array:
    framed: Float32Array = average_into_frame(fine[None], FINE_PX_PER_PX)[0]
    return framed


def _draw_canvases(ink: InkBatch, pens: Float32Array) -> Float32Array:
    """Draw each drawing, fitted to the box, on a fine canvas of its own.

    Shapes:
        N drawings, (N,) → (N, 88, 88).
    """
    low, high = ink.bounds()
    extent = np.maximum(high - low, 0).max(axis=1)
    scale = (np.float32(BOX_PX) - pens) * np.float32(OVERSAMPLING) / np.maximum(extent, 1e-9)
    # A drawing without extent is a dot and stays one.
    scale = np.where(extent < TAP_SIZE, np.float32(0), scale).astype(np.float32)
    middle = (low + high) * np.float32(0.5)
    points = (ink.points - middle[ink.sample]) * scale[ink.sample, None]
    points += np.float32(_CANVAS / 2)

    start, end, sample = _segments(_thinned(ink.with_points(points)))
    radius = pens[sample] * np.float32(OVERSAMPLING / 2)
    # All segments are painted at once, each on a square window large enough for any of them.
    window = int(np.ceil(_PIECE_PX + 2 * float(radius.max(initial=1.0)) + 2))
    corner = np.minimum(start, end) - radius[:, None] - np.float32(0.5)
    corner = np.clip(np.floor(corner), 0, _CANVAS - window).astype(np.float32)
    steps = np.arange(window, dtype=np.float32) + np.float32(0.5)
    from_start = steps[None, None, :] + (corner - start)[:, :, None]
    along = (end - start)[:, :, None, None]
    grey = capsule_coverage(
        from_start[:, 0, None, :],
        from_start[:, 1, :, None],
        along[:, 0],
        along[:, 1],
        radius[:, None, None],
    )
    canvases = np.zeros((ink.count, _CANVAS, _CANVAS), dtype=np.float32)
    column, row = corner.astype(np.intp).T
    first = (sample * _CANVAS + row) * _CANVAS + column
    offsets = np.arange(window, dtype=np.intp)
    where = first[:, None, None] + (offsets[:, None] * _CANVAS + offsets)
    np.maximum.at(canvases.reshape(-1), where.reshape(-1), grey.reshape(-1))
    return canvases


def _thinned(ink: InkBatch) -> InkBatch:
    """Leave out points of slow pens that are nearer to the last one than anyone could see."""
    way = np.zeros(len(ink.points), dtype=np.float64)
    way[1:] = np.hypot(*np.diff(ink.points, axis=0).T)
    np.cumsum(way, out=way)
    # Each stroke counts from its own start, so that it comes out the same in any company.
    number = np.arange(len(way), dtype=np.intp)
    way -= way[np.maximum.accumulate(np.where(ink.starts_stroke, number, 0))]
    stretch = np.floor(way / _LEAST_STEP_PX)
    keep = ink.starts_stroke | np.append(ink.starts_stroke[1:], True)
    keep[1:] |= stretch[1:] != stretch[:-1]
    return InkBatch(ink.points[keep], ink.starts_stroke[keep], ink.sample[keep], ink.count)


def _segments(ink: InkBatch) -> tuple[Float32Array, Float32Array, NDArray[np.intp]]:
    """Segments of at most ``_PIECE_PX`` on each axis: start (S, 2), end (S, 2), drawing (S,)."""
    starts = ink.starts_stroke
    is_end = ~starts
    # A stroke of one point has no segment of its own: it becomes a segment without length.
    is_dot = starts & np.append(starts[1:], True)
    last = np.flatnonzero(is_end | is_dot)
    first = np.where(is_dot[last], last, last - 1)
    start, end, sample = ink.points[first], ink.points[last], ink.sample[last]

    length = np.abs(end - start).max(axis=1)
    pieces = np.maximum(np.ceil(length / np.float32(_PIECE_PX)), 1).astype(np.intp)
    owner = np.repeat(np.arange(len(pieces), dtype=np.intp), pieces)
    number = np.arange(len(owner), dtype=np.intp) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    step = ((end - start) / pieces[:, None].astype(np.float32))[owner]
    piece_start = start[owner] + step * number[:, None].astype(np.float32)
    return piece_start, piece_start + step, sample[owner]


def _without_taps(
    strokes: Sequence[Sequence[Sequence[float]]],
) -> Sequence[Sequence[Sequence[float]]]:
    """The strokes, without taps where there are larger strokes too."""
    large = [stroke for stroke in strokes if _extent(stroke) >= TAP_SIZE]
    return large or strokes


def _extent(stroke: Sequence[Sequence[float]]) -> float:
    xs = [point[0] for point in stroke]
    ys = [point[1] for point in stroke]
    return max(max(xs) - min(xs), max(ys) - min(ys))
