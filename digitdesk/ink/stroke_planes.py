"""What a drawing loses as a picture: which way the pen went, and in which order.

Beside the drawing's 28×28 greys stand eight planes of direction and one of progress, each in the
same frame. A stroke spreads its length over the planes whose direction it is near to.

Source:
    Z.-L. Bai and Q. Huo, "A study on the use of 8-directional features for online handwritten
    Chinese character recognition", ICDAR 2005; here at every pixel, beside the drawing itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from digitdesk.ink.arrays import Float32Array
from digitdesk.ink.frame import frame_pictures
from digitdesk.ink.ink_batch import InkBatch
from digitdesk.ink.pen import PEN_PX
from digitdesk.ink.rasterizer import draw_points, fitted, segments, thinned
from digitdesk.ink.strokes import Points, without_taps
from digitdesk.messages.picture import DIGIT_SIDE

DIRECTIONS = 8
PLANES = 1 + DIRECTIONS + 1
"""The drawing, to the right and so on by eighths of a turn, and how far the pen had come."""

OVERSAMPLING = 4
_CHUNK = 32

# In pixels of the frame.
LEAST_STEP_PX = 0.8
"""Shorter steps of a pen have the direction of its tremor and of whole pixels of a screen."""
PIECE_PX = 0.5

STRENGTH = 2.0
"""A stroke that runs through a pixel leaves about this part of 1 there after blurring."""
FIRST_MOMENT = 0.2
"""Of the plane of progress, so that where the pen began is told from where it never was."""


def stroke_planes(strokes: Sequence[Points], pen_px: float = PEN_PX) -> Float32Array | None:
    """Planes of one drawing, as ``preprocess_strokes`` draws it.

    Args:
        strokes: Points (x, y) per stroke in board units, in the order they were drawn.
        pen_px: Width of the pen in the frame.

    Returns:
        (10, 28, 28) float32, 0 … 1, or None where there is no ink.
    """
    inked = without_taps(strokes)
    if not inked:
        return None
    planes: Float32Array = stroke_planes_of_many(InkBatch.from_drawings([inked]), pen_px)[0]
    return planes


def stroke_planes_of_many(
    ink: InkBatch,
    pen_px: float | Float32Array = PEN_PX,
    *,
    stop_if_told: Callable[[], None] = lambda: None,
) -> Float32Array:
    """Planes of many drawings.

    Args:
        ink: The drawings, in board units.
        pen_px: One width for all, or one for each.
        stop_if_told: Called every few drawings; raises to stop.

    Shapes:
        ``ink.count`` drawings, pen () or (N,) → (N, 10, 28, 28) float32.
    """
    pens = np.broadcast_to(np.asarray(pen_px, dtype=np.float32), (ink.count,))
    planes = np.empty((ink.count, PLANES, DIGIT_SIDE, DIGIT_SIDE), dtype=np.float32)
    # A few drawings at a time, so that their canvases stay in the processor's cache.
    for first in range(0, ink.count, _CHUNK):
        stop_if_told()
        last = min(first + _CHUNK, ink.count)
        part, widths = ink.part(first, last), pens[first:last]
        points = fitted(part, widths, OVERSAMPLING)
        pictures, corner = frame_pictures(
            draw_points(points, widths, OVERSAMPLING), float(OVERSAMPLING)
        )
        planes[first:last, 0] = pictures
        in_frame = (points.points - corner[part.sample]) * np.float32(1 / OVERSAMPLING)
        planes[first:last, 1:] = _directions_and_progress(points.with_points(in_frame))
    return planes


def _directions_and_progress(ink: InkBatch) -> Float32Array:
    """(N, 9, 28, 28) of drawings in pixels of the frame."""
    start, end, sample = segments(thinned(ink, LEAST_STEP_PX), PIECE_PX)
    way = end - start
    length = np.hypot(way[:, 0], way[:, 1])
    amounts = np.empty((DIRECTIONS + 1, len(length)), dtype=np.float32)
    amounts[:DIRECTIONS] = _nearness(way, length) * length
    amounts[DIRECTIONS] = _progress(length, sample) * length
    planes: Float32Array = _spread((start + end) * np.float32(0.5), sample, ink.count, amounts)
    planes = _blurred(planes)
    # Each direction and its opposite, and their neighbors, add up to twice the length.
    whole = planes[:, :DIRECTIONS].sum(axis=1) * np.float32(0.5)
    mean = planes[:, DIRECTIONS] / np.maximum(whole, np.float32(1e-6))
    planes[:, DIRECTIONS] = mean * np.minimum(whole * np.float32(STRENGTH), 1)
    planes[:, :DIRECTIONS] *= np.float32(STRENGTH)
    np.minimum(planes, np.float32(1), out=planes)
    return planes


def _nearness(way: Float32Array, length: Float32Array) -> Float32Array:
    """The positive part of cos² between each piece and each direction: (8, S); sums to 2."""
    unit = way / np.maximum(length, np.float32(1e-9))[:, None]
    angles = np.arange(DIRECTIONS) * (2 * math.pi / DIRECTIONS)
    directions = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    cosines: Float32Array = np.maximum(directions @ unit.T, 0)
    return cosines * cosines


def _progress(length: Float32Array, sample: NDArray[np.intp]) -> Float32Array:
    """How much of a drawing's ink was there when a piece was drawn, (S,)."""
    drawn = np.cumsum(length, dtype=np.float64)
    last = np.append(np.flatnonzero(np.diff(sample)), len(sample) - 1)
    ends = np.zeros(int(sample[-1]) + 1)
    ends[sample[last]] = drawn[last]
    before = np.concatenate([[0.0], ends[:-1]])
    part: NDArray[np.float64] = (drawn - before[sample]) / np.maximum((ends - before)[sample], 1e-9)
    return (FIRST_MOMENT + (1 - FIRST_MOMENT) * part).astype(np.float32)


def _spread(
    places: Float32Array, sample: NDArray[np.intp], count: int, amounts: Float32Array
) -> Float32Array:
    """Add amounts at places, each shared by the four nearest pixels.

    Shapes:
        (S, 2), (S,), amounts (P, S) → (count, P, 28, 28).
    """
    side, planes = DIGIT_SIDE, len(amounts)
    # The middle of the first pixel is at 0.5; ink never lies nearer to the border than that.
    at = np.clip(places - np.float32(0.5), 0, side - 1.001)
    low = at.astype(np.intp)
    part = at - low
    pixel = (sample * planes * side + low[:, 1]) * side + low[:, 0]
    plane = np.arange(planes)[:, None] * (side * side)
    sums = np.zeros(count * planes * side * side)
    for down in (0, 1):
        for right in (0, 1):
            share = (part[:, 0] if right else 1 - part[:, 0]) * (
                part[:, 1] if down else 1 - part[:, 1]
            )
            where = pixel + down * side + right + plane
            sums += np.bincount(where.ravel(), (amounts * share).ravel(), len(sums))
    return sums.reshape(count, planes, side, side).astype(np.float32)


def _blurred(planes: Float32Array) -> Float32Array:
    """The mean over each pixel and its neighbors by 1 : 2 : 1, along both axes."""
    *count, height, width = planes.shape
    padded = np.zeros((*count, height + 2, width + 2), dtype=planes.dtype)
    padded[..., 1:-1, 1:-1] = planes
    across = padded[..., :-2] + 2 * padded[..., 1:-1] + padded[..., 2:]
    down = across[..., :-2, :] + 2 * across[..., 1:-1, :] + across[..., 2:, :]
    blurred: Float32Array = down * np.float32(1 / 16)
    return blurred
