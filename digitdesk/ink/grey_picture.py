"""Pictures as arrays of greys: a scan, a photo or a screenshot, from files or as bytes."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from digitdesk.files.picture_file import open_picture
from digitdesk.ink.arrays import Float32Array, UInt8Array
from digitdesk.messages.picture import Picture

WORKING_SIDE_PX = 1600


def open_grey(path: Path) -> UInt8Array:
    """Open a picture as greys, black = 0, transparent parts on white paper.

    Args:
        path: A picture file; the format is told from its content.

    Returns:
        (H, W) uint8, turned as the camera held it, at most 1,600 pixels on a side.

    Raises:
        ImageError: The file is missing, no picture, damaged or far too large.
    """
    return np.asarray(open_picture(path, path.name, WORKING_SIDE_PX), dtype=np.uint8)


def greys_of(picture: Picture) -> UInt8Array:
    """A picture's bytes as (H, W) greys."""
    return np.frombuffer(picture.pixels, dtype=np.uint8).reshape(picture.height, picture.width)


def as_bytes(greys: Float32Array) -> UInt8Array:
    """Greys 0 … 1 as bytes; what lies outside is taken for the nearest of them."""
    shades: Float32Array = np.rint(greys * np.float32(255))
    return shades.clip(0, 255).astype(np.uint8)
