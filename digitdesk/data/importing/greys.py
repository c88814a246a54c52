"""Arrays of numbers as pictures: whatever their shape, range and color, greys of bytes come out."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.data.importing.found import MOST_BYTES
from digitdesk.errors import DataError
from digitdesk.ink.arrays import UInt8Array

LONGEST_SIDE_PX = 1024
_LUMA = (0.299, 0.587, 0.114)
"""Parts of red, green and blue in a grey: ITU-R BT.601."""
_FAINTEST = 32
"""Whole numbers whose largest is smaller than this are no shades of a byte, but levels."""
_CHUNK = 4096


def as_pictures(array: NDArray[Any], source: str) -> tuple[UInt8Array, tuple[str, ...]]:
    """Pictures of an array, as greys, and sentences about what was done to them.

    Args:
        array: (N, H, W), (N, H, W, 1 or 3 or 4), (N, 1 or 3, H, W), or (N, D) of squares.
        source: Name of the file, for a sentence.

    Raises:
        DataError: The shape or the numbers are not those of pictures.
    """
    if array.dtype.kind not in "buif":
        raise DataError(
            f"The pictures in {source} are no numbers",
            expected="whole numbers or fractions",
            received=str(array.dtype),
        )
    shaped = _shaped(array, source)
    if shaped.shape[0] * shaped.shape[1] * shaped.shape[2] > MOST_BYTES:
        raise DataError(
            f"{source} holds too many pictures",
            expected=f"at most {MOST_BYTES >> 20} MB",
            received="×".join(map(str, shaped.shape)),
        )
    scale, offset, note = _range_of(shaped, source)
    greys = np.empty(shaped.shape[:3], dtype=np.uint8)
    # Some at a time: colors and fractions take many times the room of their greys.
    for first in range(0, len(shaped), _CHUNK):
        some = shaped[first : first + _CHUNK]
        if some.ndim == 4:
            some = some[..., :3] @ np.array(_LUMA, dtype=np.float32)
        if some.dtype != np.uint8 or scale != 1:
            some = np.rint((some.astype(np.float32) - np.float32(offset)) * np.float32(scale))
        greys[first : first + _CHUNK] = some
    notes = (note,) if note else ()
    if shaped.ndim == 4:
        notes = (*notes, "The pictures were in color; they were made grey.")
    return greys, notes


def _shaped(array: NDArray[Any], source: str) -> NDArray[Any]:
    """(N, H, W), or (N, H, W, channels) of colors.

    Raises:
        DataError: It cannot be.
    """
    shaped = array
    if array.ndim == 2:
        shaped = _unrolled(array, source)
    elif array.ndim == 4 and array.shape[3] in (1, 2):
        shaped = array[..., 0]
    elif array.ndim == 4 and array.shape[1] == 1:
        shaped = array[:, 0]
    elif array.ndim == 4 and array.shape[1] in (3, 4) and array.shape[3] not in (3, 4):
        shaped = array.transpose(0, 2, 3, 1)
    is_right = shaped.ndim == 3 or (shaped.ndim == 4 and shaped.shape[3] in (3, 4))
    if not is_right or not all(0 < side <= LONGEST_SIDE_PX for side in shaped.shape[1:3]):
        raise DataError(
            f"The pictures in {source} have no form that is known",
            expected=f"N × height × width, up to {LONGEST_SIDE_PX} px, or N × pixels of squares",
            received="×".join(map(str, array.shape)),
        )
    return shaped


def _unrolled(array: NDArray[Any], source: str) -> NDArray[Any]:
    """(N, D) as squares, in grey or in color."""
    pixels = array.shape[1]
    side = math.isqrt(pixels)
    if side * side == pixels:
        return array.reshape(-1, side, side)
    side = math.isqrt(pixels // 3)
    if pixels and side * side * 3 == pixels:
        return array.reshape(-1, side, side, 3)
    raise DataError(
        f"The pictures in {source} are no squares",
        expected="as many numbers a picture as a square has pixels, such as 784 for 28×28",
        received=f"{pixels:,}",
    )


def _range_of(array: NDArray[Any], source: str) -> tuple[float, float, str]:
    """What to multiply numbers with for bytes, what to take off before, and what to say of it.

    Raises:
        DataError: They are no shades of anything.
    """
    if array.dtype == np.bool_:
        return 255.0, 0.0, ""
    if not array.size:
        return 1.0, 0.0, ""
    low, high = float(array.min()), float(array.max())
    if not (math.isfinite(low) and math.isfinite(high)):
        raise DataError(
            f"A pixel in {source} is not a number", expected="0 to 255, or 0 to 1", received="NaN"
        )
    is_whole = array.dtype.kind != "f"
    if low < 0 and not is_whole and low >= -1.001 and high <= 1.001:
        return 127.5, -1.0, "The shades went from -1 to 1; now they go from 0 to 255."
    if low < 0 or high > (65535 if is_whole else 255.001):
        raise DataError(
            f"A pixel in {source} is no shade",
            expected="0 to 255, or 0 to 1",
            received=f"{low if low < 0 else high:g}",
        )
    if high > 255.001:
        return 255 / 65535, 0.0, "The shades went up to 65535; now they go up to 255."
    if not is_whole and high <= 1.001:
        return 255.0, 0.0, "The shades went from 0 to 1; now they go from 0 to 255."
    if 0 < high < _FAINTEST:
        return 255 / high, 0.0, f"The shades went up to {high:g}; now they go up to 255."
    return 1.0, 0.0, ""
