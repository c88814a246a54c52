"""The one way to draw a stroke: a chain of anti-aliased capsules, painted by maximum.

A capsule is a line with round ends; its grey falls from 1 to 0 over one pixel at the edge.
"""

from __future__ import annotations

import math

import numpy as np

from digitdesk.ink.arrays import Float32Array
from digitdesk.messages.boxes import PixelBox

EMPTY_BOX: PixelBox = (0, 0, 0, 0)


def squared_distance(
    from_start_x: Float32Array,
    from_start_y: Float32Array,
    along_x: Float32Array | np.float32,
    along_y: Float32Array | np.float32,
) -> Float32Array:
    """The square of how far each pixel's middle is from a segment.

    All arguments broadcast, so that a row of x and a column of y give a window, and a leading axis
    gives many segments at once.

    Args:
        from_start_x: x of the pixel middles minus x of the segment's start, in pixels.
        from_start_y: The same for y.
        along_x: x of the segment's end minus x of its start.
        along_y: The same for y.

    Shapes:
        (…, 1, W), (…, H, 1), twice (…, 1, 1) → (…, H, W).
    """
    length_squared = np.maximum(along_x * along_x + along_y * along_y, np.float32(1e-12))
    # The position of the nearest point on the segment, 0 at its start and 1 at its end; it is a
    # sum of a function of the column and one of the row, so nearly all work is one outer sum.
    nearest = from_start_x * (along_x / length_squared) + from_start_y * (along_y / length_squared)
    np.maximum(nearest, 0, out=nearest)
    np.minimum(nearest, 1, out=nearest)
    away_x = nearest * -along_x
    away_x += from_start_x
    nearest *= -along_y
    nearest += from_start_y
    away_x *= away_x
    nearest *= nearest
    away_x += nearest
    return away_x


def coverage(squared: Float32Array, radius: Float32Array | np.float32) -> Float32Array:
    """How much of each pixel a pen covers: ``clip(radius + 1/2 - distance, 0, 1)``.

    Args:
        squared: The square of how far its middle is from the pen's way; it is written over.
        radius: Half the pen's width, in pixels; it broadcasts.
    """
    np.sqrt(squared, out=squared)
    np.subtract(radius + np.float32(0.5), squared, out=squared)
    np.maximum(squared, 0, out=squared)
    return np.minimum(squared, 1, out=squared)


def stamp_capsule(
    canvas: Float32Array,
    start: tuple[float, float],
    end: tuple[float, float],
    radius_px: float,
) -> PixelBox:
    """Paint one segment onto a canvas.

    Args:
        canvas: (H, W) greys 0 … 1; changed in place, never made darker.
        start: (x, y) in canvas pixels; pixel (row, column) spans column … column + 1.
        end: (x, y); the same as ``start`` gives a round dot.
        radius_px: Half the pen's width.

    Returns:
        The part of the canvas that may have changed.
    """
    height, width = canvas.shape
    reach = radius_px + 0.5
    left = max(0, math.floor(min(start[0], end[0]) - reach))
    top = max(0, math.floor(min(start[1], end[1]) - reach))
    right = min(width, math.ceil(max(start[0], end[0]) + reach))
    bottom = min(height, math.ceil(max(start[1], end[1]) + reach))
    if left >= right or top >= bottom:
        return EMPTY_BOX
    columns = np.arange(left, right, dtype=np.float32)
    columns += np.float32(0.5 - start[0])
    rows = np.arange(top, bottom, dtype=np.float32)
    rows += np.float32(0.5 - start[1])
    squared = squared_distance(
        columns[None, :],
        rows[:, None],
        np.float32(end[0] - start[0]),
        np.float32(end[1] - start[1]),
    )
    grey = coverage(squared, np.float32(radius_px))
    window = canvas[top:bottom, left:right]
    np.maximum(window, grey, out=window)
    return (left, top, right, bottom)
