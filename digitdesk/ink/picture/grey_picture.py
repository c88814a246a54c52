"""Pictures as arrays of greys: a scan, a photo or a screenshot, from files or as bytes."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from digitdesk.files.picture_file import open_picture
from digitdesk.ink.arrays import Float32Array, UInt8Array
from digitdesk.messages.picture import Picture

WORKING_SIDE_PX = 2400


def open_grey(source: Path | bytes) -> UInt8Array:
    """Open a picture as greys, black = 0, transparent parts on white paper.

    Args:
        source: A picture file or the content of one; the format is told from the content.

    Returns:
        (H, W) uint8, turned as the camera held it, at most 2,400 pixels on a side.

    Raises:
        ImageError: The file is missing, no picture, damaged or far too large.
    """
    name = "The picture" if isinstance(source, bytes) else source.name
    return np.asarray(open_picture(source, name, WORKING_SIDE_PX), dtype=np.uint8)


def greys_of(picture: Picture) -> UInt8Array:
    """A picture's bytes as (H, W) greys."""
    return np.frombuffer(picture.pixels, dtype=np.uint8).reshape(picture.height, picture.width)


def as_bytes(greys: Float32Array) -> UInt8Array:
    """Greys 0 … 1 as bytes; what lies outside is taken for the nearest of them."""
    shades: Float32Array = np.rint(greys * np.float32(255))
    return shades.clip(0, 255).astype(np.uint8)


def as_grey(picture: NDArray[Any]) -> Float32Array:
    """Greys as float32 0 … 1 from any integer, boolean or float array.

    Raises:
        ValueError: The array is not two-dimensional or is empty.
    """
    if picture.ndim != 2 or 0 in picture.shape:
        raise ValueError(f"A picture must have the shape (H, W), not {picture.shape}.")
    if picture.dtype == np.bool_:
        return picture.astype(np.float32)
    if np.issubdtype(picture.dtype, np.integer):
        return picture.astype(np.float32) / np.float32(np.iinfo(picture.dtype).max)
    grey = np.nan_to_num(picture.astype(np.float32), nan=0.0)
    return np.clip(grey, np.float32(0), np.float32(1))


def shrunk(grey: Float32Array, longest_side: int) -> Float32Array:
    """The picture itself, or its area average where it is larger than that."""
    longest = max(grey.shape)
    if longest <= longest_side:
        return grey
    height, width = (max(1, round(side * longest_side / longest)) for side in grey.shape)
    image = Image.fromarray(np.ascontiguousarray(grey))
    return np.asarray(image.resize((width, height), Image.Resampling.BOX), dtype=np.float32)


def png_of(greys: UInt8Array) -> bytes:
    """A picture (H, W) as the content of a PNG file."""
    stream = io.BytesIO()
    Image.fromarray(greys).save(stream, "PNG")
    return stream.getvalue()


def scaled(picture: UInt8Array, side: int) -> UInt8Array:
    """The whole picture as large as fits into a square, in the middle of nothing (0).

    Shapes:
        (H, W) → (side, side).
    """
    height, width = picture.shape
    share = side / max(height, width)
    size = max(1, round(width * share)), max(1, round(height * share))
    method = Image.Resampling.BOX if share < 1 else Image.Resampling.BILINEAR
    small = np.asarray(Image.fromarray(np.ascontiguousarray(picture)).resize(size, method))
    made = np.zeros((side, side), dtype=np.uint8)
    top, left = (side - size[1]) // 2, (side - size[0]) // 2
    made[top : top + size[1], left : left + size[0]] = small
    return made
