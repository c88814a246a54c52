"""Cuts a digit out of the ink of a picture, and fits it to the frame's box, finely."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from digitdesk.ink.arrays import Float32Array
from digitdesk.ink.frame import BOX_PX
from digitdesk.messages.boxes import PixelBox

FINE_PX_PER_PX = 8.0
_FINE_BOX = round(BOX_PX * FINE_PX_PER_PX)
_THINNEST_PEN_PX = 1.7
INK_EDGE = 0.25
"""Where ink begins, as a part of full ink: cuts the box and decides what a region is."""


def ink_box(ink: Float32Array) -> PixelBox | None:
    """The smallest box that holds all ink, or None where there is none.

    Shapes:
        (H, W) ink 0 … 1.
    """
    mask = ink > INK_EDGE
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return None
    return (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def fit_to_fine_box(ink: Float32Array, box: PixelBox) -> Float32Array:
    """Crop to a box and scale it to the frame's box at 8 fine pixels a pixel.

    Shapes:
        (H, W) → (160, 160), the ink's longer side 160 and its shorter one in the middle.
    """
    left, top, right, bottom = box
    cut = ink[top:bottom, left:right]
    ratio = _FINE_BOX / max(cut.shape)
    height, width = (max(1, round(side * ratio)) for side in cut.shape)
    # Bicubic keeps edges of small pictures smooth; when shrinking, Pillow widens it to average.
    resized = Image.fromarray(np.ascontiguousarray(cut)).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    fine = np.zeros((_FINE_BOX, _FINE_BOX), dtype=np.float32)
    top, left = (_FINE_BOX - height) // 2, (_FINE_BOX - width) // 2
    fine[top : top + height, left : left + width] = np.clip(np.asarray(resized), 0, 1)
    return fine


def thickened(fine: Float32Array) -> Float32Array:
    """Make a line that would be too thin to see after averaging as thick as a thin pen's.

    A photo of a large digit written with a ballpoint has lines of a few hundredths of its size.
    """
    mask = fine > np.float32(0.5)
    edges = np.count_nonzero(mask[:, 1:] != mask[:, :-1])
    edges += np.count_nonzero(mask[1:] != mask[:-1])
    # A line of width w and length l has area w·l and an outline of about 2·l, of which edges
    # between pixels see 4/π times as much, averaged over all directions.
    width = 2 * np.count_nonzero(mask) / max(edges * np.pi / 4, 1.0)
    grow = round((_THINNEST_PEN_PX * FINE_PX_PER_PX - width) / 2)
    if grow <= 0 or not mask.any():
        return fine
    # Room for the line to grow, then back to the size of the box.
    greys = Image.fromarray(np.pad(fine * np.float32(255), grow).astype(np.uint8))
    grown = greys.filter(ImageFilter.MaxFilter(2 * grow + 1)).resize(
        (_FINE_BOX, _FINE_BOX), Image.Resampling.BOX
    )
    return np.asarray(grown, dtype=np.float32) / np.float32(255)
