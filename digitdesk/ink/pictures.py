"""Pictures as arrays of greys: a scan, a photo or a screenshot, from files or as bytes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digitdesk.errors import ImageError
from digitdesk.files.picture_file import open_picture

WORKING_SIDE_PX = 1600


def open_grey(path: Path) -> NDArray[np.uint8]:
    """Open a picture as greys, black = 0, transparent parts on white paper.

    Args:
        path: A picture file; the format is told from its content.

    Returns:
        (H, W) uint8, turned as the camera held it, at most 1,600 pixels on a side.

    Raises:
        ImageError: The file is missing, no picture, damaged or far too large.
    """
    return np.asarray(open_picture(path, path.name, WORKING_SIDE_PX), dtype=np.uint8)


def grey_picture(pixels: bytes, width: int, height: int) -> NDArray[np.uint8]:
    """A picture of bytes, row by row, black = 0, as (H, W) greys.

    Raises:
        ImageError: There are not as many bytes as pixels.
    """
    if width < 1 or height < 1 or len(pixels) != width * height:
        raise ImageError(
            "The picture is not whole",
            expected=f"{width}×{height} bytes",
            received=f"{len(pixels)}",
        )
    return np.frombuffer(pixels, dtype=np.uint8).reshape(height, width)
