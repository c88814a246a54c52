"""How bright the paper of a picture is at each place: uneven light does not count as ink."""

from __future__ import annotations

import numpy as np
from PIL import Image

from digitdesk.ink.arrays import Float32Array
from digitdesk.ink.picture.dark_corners import with_dark_corners
from digitdesk.ink.picture.grey_picture import shrunk
from digitdesk.ink.picture.neighborhood import brightest, closed
from digitdesk.ink.picture.regions import label_regions

SMALLEST_PHOTO = 48
"""Shorter side in pixels: what is smaller is a drawing, on paper of one brightness."""
_LIGHT_SIDE_PX = 200
_WINDOW_PX = 15
_WIDE_WINDOW_PX = 61
_STEP = 0.08
_NEAR = 0.1
_EVEN = 0.06
_LEAST_UNEVEN = 0.02
_MOST = 0.85
_SEAM_PX = 3
_STROKE = 0.16
_LEAST_PART = 0.5
_RIDGE = np.eye(6) * 1e-6


def paper(grey: Float32Array) -> Float32Array:
    """The paper's brightness: a quadratic surface, so that uneven light does not count as ink.

    The first fit uses the border only, where ink is rare; the next ones all that lies near it.
    Small pictures are drawings, not photos: their paper has one brightness.
    """
    border = np.ones(grey.shape, dtype=np.bool_)
    margin = max(1, min(grey.shape) // 16)
    border[margin:-margin, margin:-margin] = False
    level = float(np.median(grey[border]))
    if min(grey.shape) < SMALLEST_PHOTO:
        return np.full(grey.shape, level, dtype=np.float32)
    # A coarse picture tells as much about light as the fine one, and is fitted at once.
    coarse = shrunk(grey, SMALLEST_PHOTO)
    x, y = _axes(coarse.shape)
    parts = np.broadcast_arrays(np.float32(1), x, y, x * x, x * y, y * y)
    terms = np.stack([part.reshape(-1) for part in parts], axis=1)
    values = coarse.reshape(-1)
    edge = np.zeros(coarse.shape, dtype=np.bool_)
    edge[:2] = edge[-2:] = edge[:, :2] = edge[:, -2:] = True
    near = edge.reshape(-1) & (np.abs(values - level) < 0.25)
    weights = np.array([level, 0, 0, 0, 0, 0])
    for _ in range(4):
        if np.count_nonzero(near) < 2 * len(weights):
            break
        chosen = terms[near]
        # Normal equations: six well-behaved unknowns need nothing finer, and wake no thread.
        weights = np.linalg.solve(chosen.T @ chosen + _RIDGE, chosen.T @ values[near])
        residual = np.abs(values - terms @ weights)
        near = residual < max(0.02, 2.5 * float(np.median(residual)))
    x, y = _axes(grey.shape)
    constant, of_x, of_y, of_xx, of_xy, of_yy = weights.astype(np.float32)
    surface: Float32Array = (constant + of_y * y + of_yy * y * y) + (of_x * x + of_xx * x * x)
    surface += of_xy * y * x
    return surface


def _axes(shape: tuple[int, ...]) -> tuple[Float32Array, Float32Array]:
    """Pixel positions: x as a row and y as a column, both from -1 to 1."""
    height, width = shape
    return (
        np.linspace(-1, 1, width, dtype=np.float32)[None, :],
        np.linspace(-1, 1, height, dtype=np.float32)[:, None],
    )


def evened(grey: Float32Array) -> Float32Array:
    """Bright ink as it would be in even light, on paper of one brightness.

    Args:
        grey: (H, W) greys 0 … 1.

    Returns:
        (H, W): 0 where there is paper, up to 1 where there is ink.
    """
    grey = 1 - grey
    # Light that falls off over the whole picture is taken out first: a square has no room in it.
    smooth = paper(grey)
    is_smooth = np.mean(np.abs(grey - smooth) < _NEAR) > _MOST
    sheet = light(grey - smooth) + smooth if is_smooth else light(grey)
    if is_smooth and np.mean(np.abs(sheet - smooth) > _EVEN) < _LEAST_UNEVEN:
        return smooth - grey  # There is nothing to even out.
    usual = np.float32(np.quantile(sheet, 0.9))
    # In deep shadow and on the table there is more noise than writing.
    brighter = usual / np.maximum(sheet, max(_LEAST_PART * usual, np.float32(1e-3)))
    ink: Float32Array = np.maximum(sheet - grey, 0) * brighter
    return np.minimum(ink, 1)


def light(grey: Float32Array) -> Float32Array:
    """The paper's brightness where edges of shadows and of a table run across it.

    Strokes are too narrow for a square that paper, shadow and table have room for. A thick pen's
    are not: what has no room for a larger one, and lies inside, is ink, too.
    """
    small = shrunk(grey, _LIGHT_SIDE_PX)
    # Without the bright seams that strokes have in a strong JPEG.
    small = -closed(-small, _SEAM_PX)
    found = closed(small, _WINDOW_PX)
    wide = closed(small, _WIDE_WINDOW_PX)
    labels, count = label_regions(wide - found > _STEP)
    if count:
        # A stroke that runs off the picture does so in one place.
        at_edge = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
        is_ink = np.bincount(at_edge, minlength=count + 1) < _STROKE * max(labels.shape)
        is_ink[0] = False
        is_ink = is_ink[labels]
        found = np.where(brightest(is_ink.astype(np.float32), 5) > 0, wide, found)
    found = with_dark_corners(found, small)
    image = Image.fromarray(found).resize(grey.shape[::-1], Image.Resampling.BILINEAR)
    return np.asarray(image, dtype=np.float32)
