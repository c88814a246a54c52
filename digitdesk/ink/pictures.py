"""Opens pictures from files: a scan, a photo or a screenshot becomes an array of greys.

A picture from a stranger is measured before it is decoded, and refused with a sentence.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from digitdesk.errors import ImageError

MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_PIXELS = 40_000_000
WORKING_SIDE_PX = 1600
"""Larger pictures are reduced to this: a digit needs far less, and speed stays the same."""
FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP", "PPM")


def open_grey(path: Path) -> NDArray[np.uint8]:
    """Open a picture as greys, black = 0, transparent parts on white paper.

    Args:
        path: A picture file; the format is told from its content.

    Returns:
        (H, W) uint8, turned as the camera held it, at most 1,600 pixels on a side.

    Raises:
        ImageError: The file is missing, no picture, damaged or far too large.
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        raise ImageError(
            f"Cannot open {path.name}", received=error.strerror or "no such file"
        ) from None
    if size > MAX_FILE_BYTES:
        raise ImageError(
            f"{path.name} is too large",
            expected=f"at most {MAX_FILE_BYTES // 2**20} MB",
            received=f"{size // 2**20} MB",
        )
    try:
        with warnings.catch_warnings():
            # Pillow warns of sizes that we refuse ourselves, by our own limit.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path, formats=FORMATS) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise ImageError(
                        f"{path.name} has too many pixels",
                        expected=f"at most {MAX_PIXELS // 1_000_000} megapixels",
                        received=f"{picture.width}×{picture.height}",
                    )
                return _grey(picture)
    except ImageError:
        raise
    except UnidentifiedImageError:
        raise ImageError(
            f"{path.name} is not a picture DigitDesk can open",
            expected="PNG, JPEG, BMP, GIF, TIFF, WebP or PPM",
        ) from None
    except Exception as error:  # Pillow's decoders raise many kinds on damaged files
        raise ImageError(
            f"{path.name} is damaged",
            received=f"{type(error).__name__}",
            hint="Open it in a picture viewer and save it again",
        ) from None


def _grey(picture: Image.Image) -> NDArray[np.uint8]:
    picture.draft("L", (WORKING_SIDE_PX, WORKING_SIDE_PX))
    upright = ImageOps.exif_transpose(picture)
    if upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info:
        layered = upright.convert("RGBA")
        paper = Image.new("RGBA", layered.size, "white")
        upright = Image.alpha_composite(paper, layered)
    grey = upright.convert("L")
    grey.thumbnail((WORKING_SIDE_PX, WORKING_SIDE_PX), Image.Resampling.BOX)
    return np.asarray(grey, dtype=np.uint8)
