"""The 28×28 frame a network looks at, with MNIST's proportions and MNIST's middle.

Fine pictures of ink are averaged over the frame's pixels, exactly and at any fraction of a pixel.
"""

from __future__ import annotations

import numpy as np

from digitdesk.ink.arrays import Float32Array
from digitdesk.messages.picture import DIGIT_SIDE

BOX_PX = 20.0
"""The longer side of the ink, its pen included."""

MASS_CENTER_PX = 14.5
"""MNIST's middle: its authors moved the center of mass to pixel (14, 14), which spans 14 … 15.

The mean over MNIST's training images is (14.51, 14.50); the exact middle, 14, would show a network
trained on MNIST every drawing half a pixel too far up and left.
"""


def average_into_frame(pictures: Float32Array, pixels_per_unit: float) -> Float32Array:
    """Area averages over 28×28 pixels, the center of mass moved to the middle.

    The move is exact to fractions of a fine pixel, and is shortened where it would push ink that
    lies within 20×20 out of the frame.

    Args:
        pictures: Fine pictures of ink, greys 0 … 1, their ink fitted around the middle.
        pixels_per_unit: Fine pixels per pixel of the frame.

    Shapes:
        (N, H, W) → (N, 28, 28).
    """
    return frame_pictures(pictures, pixels_per_unit)[0]


def frame_pictures(
    pictures: Float32Array, pixels_per_unit: float
) -> tuple[Float32Array, Float32Array]:
    """As ``average_into_frame``, with where the frame's corner came to lie.

    Shapes:
        (N, H, W) → (N, 28, 28), and (N, 2) x and y in fine pixels.
    """
    left = _frame_start(np.sum(pictures, axis=1), pixels_per_unit)
    top = _frame_start(np.sum(pictures, axis=2), pixels_per_unit)
    across = _area_weights(left, pictures.shape[2], pixels_per_unit)
    down = _area_weights(top, pictures.shape[1], pixels_per_unit)
    averages: Float32Array = np.matmul(np.matmul(down, pictures), across.transpose(0, 2, 1))
    # Rounding may leave a full pixel at 1.0000001.
    np.minimum(averages, np.float32(1), out=averages)
    return averages, np.stack([left, top], axis=1)


def is_framed(grey: Float32Array) -> bool:
    """Whether a picture already is as this module leaves it: 28×28, box of 20, mass in place."""
    if grey.shape != (DIGIT_SIDE, DIGIT_SIDE):
        return False
    rows, columns = np.nonzero(grey > np.float32(0.02))
    if not len(rows):
        return False
    extent = max(int(np.ptp(rows)), int(np.ptp(columns))) + 1
    mass = float(grey.sum())
    middles = np.arange(DIGIT_SIDE, dtype=np.float32) + np.float32(0.5)
    centers = float(grey.sum(axis=0) @ middles) / mass, float(grey.sum(axis=1) @ middles) / mass
    # Ink of 20 pixels at a fraction of a pixel touches 21.
    return BOX_PX <= extent <= BOX_PX + 1 and all(
        abs(center - MASS_CENTER_PX) <= 0.75 for center in centers
    )


def _frame_start(mass: Float32Array, pixels_per_unit: float) -> Float32Array:
    """Where the frame begins on one axis of the fine picture, in fine pixels.

    Shapes:
        (N, W) ink per column → (N,).
    """
    positions = np.arange(mass.shape[1], dtype=np.float32) + np.float32(0.5)
    total = mass.sum(axis=1)
    center = (mass @ positions) / np.maximum(total, np.float32(1e-6))
    start = center - np.float32(MASS_CENTER_PX * pixels_per_unit)
    # The box spans the middle 20 units of the picture; it must stay inside the frame.
    middle = mass.shape[1] / 2
    furthest = middle - BOX_PX / 2 * pixels_per_unit
    earliest = middle + (BOX_PX / 2 - DIGIT_SIDE) * pixels_per_unit
    clipped: Float32Array = np.clip(start, np.float32(earliest), np.float32(furthest))
    return clipped


def _area_weights(start: Float32Array, size: int, pixels_per_unit: float) -> Float32Array:
    """Share of each fine pixel in each pixel of the frame.

    Shapes:
        (N,) → (N, 28, size); each row sums to 1 where it lies inside the picture.
    """
    edges = np.arange(DIGIT_SIDE, dtype=np.float32) * np.float32(pixels_per_unit)
    # Fine pixel j spans j … j + 1; what of it lies after the frame pixel's begin, less what lies
    # after its end, is the overlap of the two.
    begin = start[:, None, None] + edges[:, None] - np.arange(size, dtype=np.float32)
    overlap: Float32Array = np.minimum(begin + np.float32(pixels_per_unit), np.float32(1))
    np.maximum(overlap, 0, out=overlap)
    np.maximum(begin, 0, out=begin)
    np.minimum(begin, 1, out=begin)
    overlap -= begin
    overlap *= np.float32(1 / pixels_per_unit)
    return overlap
