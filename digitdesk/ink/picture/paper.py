"""How bright the paper of a picture is at each place: uneven light does not count as ink."""

from __future__ import annotations

import numpy as np

from digitdesk.ink.arrays import Float32Array
from digitdesk.ink.picture.grey_picture import shrunk

_SMALLEST_PHOTO = 48
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
    if min(grey.shape) < _SMALLEST_PHOTO:
        return np.full(grey.shape, level, dtype=np.float32)
    # A coarse picture tells as much about light as the fine one, and is fitted at once.
    coarse = shrunk(grey, _SMALLEST_PHOTO)
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
