"""Draws many drawings at once, fitted to the network's box, on fine canvases.

Segments of all drawings are painted in a few passes, each on a small window around it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from digitdesk.ink.arrays import Float32Array
from digitdesk.ink.brush import coverage, squared_distance
from digitdesk.ink.frame import BOX_PX
from digitdesk.ink.ink_batch import InkBatch
from digitdesk.ink.strokes import TAP_SIZE

# In pixels of the frame.
_PIECE_PX = 2.0
LEAST_STEP_PX = 0.3
#: So many pixels of windows are painted in one pass.
_MOST_PIXELS = 2**16


def draw_fitted(ink: InkBatch, pens: Float32Array, fineness: int) -> Float32Array:
    """Draw each drawing, fitted to the box, in the middle of a fine canvas of its own.

    Args:
        ink: The drawings, in board units.
        pens: Width of each drawing's pen in the 28×28 frame.
        fineness: Fine pixels per pixel of the frame.

    Shapes:
        N drawings, (N,) → (N, 22 · fineness, 22 · fineness), greys 0 … 1.
    """
    return draw_points(fitted(ink, pens, fineness), pens, fineness)


def fitted(ink: InkBatch, pens: Float32Array, fineness: int) -> InkBatch:
    """The drawings moved and scaled to where ``draw_fitted`` draws them, in fine pixels."""
    low, high = ink.bounds()
    extent = np.maximum(high - low, 0).max(axis=1)
    scale = (np.float32(BOX_PX) - pens) * np.float32(fineness) / np.maximum(extent, 1e-9)
    # A drawing without extent is a dot and stays one.
    scale = np.where(extent < TAP_SIZE, np.float32(0), scale).astype(np.float32)
    middle = (low + high) * np.float32(0.5)
    points = (ink.points - middle[ink.sample]) * scale[ink.sample, None]
    points += np.float32(_canvas_side(fineness) / 2)
    return ink.with_points(points)


def draw_points(ink: InkBatch, pens: Float32Array, fineness: int) -> Float32Array:
    """Draw drawings that are ``fitted``; otherwise as ``draw_fitted``."""
    size = _canvas_side(fineness)
    least, longest = LEAST_STEP_PX * fineness, _PIECE_PX * fineness
    return draw_on(thinned(ink, least), pens * np.float32(fineness / 2), (size, size), longest)


def draw_on(
    ink: InkBatch, radii: Float32Array, shape: tuple[int, int], longest: float
) -> Float32Array:
    """Draw each drawing on a canvas of its own, at once.

    Args:
        ink: The drawings, in pixels of their canvases.
        radii: Half the width of each drawing's pen, in pixels.
        shape: Height and width of a canvas, which must have room for a window of some pens.
        longest: Segments are painted in pieces of at most that length on each axis.

    Shapes:
        N drawings, (N,) → (N, H, W) greys 0 … 1.
    """
    start, end, sample = segments(ink, longest)
    radius = radii[sample]
    # A window that holds any of them; with one near the border, it moves inward.
    widest = int(np.ceil(longest + 2 * float(radius.max(initial=1.0)) + 2))
    # The first and the last pixel on each axis whose middle may be nearer than pen and soft edge.
    first = np.ceil(np.minimum(start, end) - radius[:, None] - 1)
    last = np.floor(np.maximum(start, end) + radius[:, None])
    furthest = np.array([shape[1] - widest, shape[0] - widest], dtype=np.float32)
    corner = np.clip(first, 0, furthest).astype(np.float32)
    needed = (last - corner).max(axis=1) + 1
    # A pen is as wide all the way, so the nearest segment alone tells how much it covers.
    squared = np.full((ink.count, *shape), np.inf, dtype=np.float32)
    for part, window in _parts(np.clip(needed, 1, widest).astype(np.intp)):
        of_part = _squared_distance(start[part], end[part], corner[part], window)
        _keep_nearest(squared, of_part, sample[part], corner[part])
    return coverage(squared, radii[:, None, None])


def _canvas_side(fineness: int) -> int:
    """The box and one pixel all round for the soft edge of the brush."""
    return (round(BOX_PX) + 2) * fineness


def _parts(needed: NDArray[np.intp]) -> Iterator[tuple[NDArray[np.intp], int]]:
    """Segments that need windows of about the same size, few enough for the processor's cache.

    Args:
        needed: Side of the window that each segment needs, in fine pixels.

    Returns:
        Which segments, and the window for all of these.
    """
    order = np.argsort(needed, kind="stable")[::-1]
    first = 0
    while first < len(order):
        window = int(needed[order[first]])
        last = first + max(1, _MOST_PIXELS // window**2)
        yield order[first:last], window
        first = last


def _squared_distance(
    start: Float32Array, end: Float32Array, corner: Float32Array, window: int
) -> Float32Array:
    """The square of how far each pixel is from a segment, on a square window at its corner.

    Shapes:
        Three times (S, 2) → (S, window, window).
    """
    steps = np.arange(window, dtype=np.float32) + np.float32(0.5)
    from_start = steps[None, None, :] + (corner - start)[:, :, None]
    along = (end - start)[:, :, None, None]
    return squared_distance(
        from_start[:, 0, None, :], from_start[:, 1, :, None], along[:, 0], along[:, 1]
    )


def _keep_nearest(
    canvases: Float32Array, windows: Float32Array, sample: NDArray[np.intp], corner: Float32Array
) -> None:
    """Put windows onto their canvases, where the least distance counts.

    Shapes:
        (N, H, W), (S, window, window), (S,), (S, 2).
    """
    (height, width), window = canvases.shape[1:], windows.shape[1]
    column, row = corner.astype(np.intp).T
    first = (sample * height + row) * width + column
    offsets = np.arange(window, dtype=np.intp)
    where = first[:, None, None] + (offsets[:, None] * width + offsets)
    np.minimum.at(canvases.reshape(-1), where.reshape(-1), windows.reshape(-1))


def thinned(ink: InkBatch, least_step: float) -> InkBatch:
    """Leave out points of slow pens that are nearer to the last one than anyone could see."""
    way = np.zeros(len(ink.points), dtype=np.float64)
    way[1:] = np.hypot(*np.diff(ink.points, axis=0).T)
    np.cumsum(way, out=way)
    # Each stroke counts from its own start, so that it comes out the same in any company.
    number = np.arange(len(way), dtype=np.intp)
    way -= way[np.maximum.accumulate(np.where(ink.starts_stroke, number, 0))]
    stretch = np.floor(way / least_step)
    keep = ink.starts_stroke | np.append(ink.starts_stroke[1:], True)
    keep[1:] |= stretch[1:] != stretch[:-1]
    return InkBatch(ink.points[keep], ink.starts_stroke[keep], ink.sample[keep], ink.count)


def segments(ink: InkBatch, longest: float) -> tuple[Float32Array, Float32Array, NDArray[np.intp]]:
    """Segments of at most that length on each axis: start (S, 2), end (S, 2), drawing (S,)."""
    starts = ink.starts_stroke
    is_end = ~starts
    # A stroke of one point has no segment of its own: it becomes a segment without length.
    is_dot = starts & np.append(starts[1:], True)
    last = np.flatnonzero(is_end | is_dot)
    first = np.where(is_dot[last], last, last - 1)
    start, end, sample = ink.points[first], ink.points[last], ink.sample[last]

    length = np.abs(end - start).max(axis=1)
    pieces = np.maximum(np.ceil(length / np.float32(longest)), 1).astype(np.intp)
    owner = np.repeat(np.arange(len(pieces), dtype=np.intp), pieces)
    number = np.arange(len(owner), dtype=np.intp) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    step = ((end - start) / pieces[:, None].astype(np.float32))[owner]
    piece_start = start[owner] + step * number[:, None].astype(np.float32)
    return piece_start, piece_start + step, sample[owner]
