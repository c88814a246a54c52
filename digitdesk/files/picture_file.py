"""Opens pictures from files and from the clipboard: the one door for all of them.

A picture from a stranger is measured before it is decoded, and refused with a sentence.
"""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageOps, ImageStat, UnidentifiedImageError, features

from digitdesk.errors import DigitDeskError, ImageError
from digitdesk.files.atomic import shortened
from digitdesk.files.foreign_text import is_web_page
from digitdesk.files.readable_file import size_of

_LOGGER = logging.getLogger(__name__)

MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_PIXELS = 40_000_000
_JPEG_TIMES = 6
MAX_JPEG_PIXELS = _JPEG_TIMES * MAX_PIXELS
"""A JPEG can be decoded at an eighth of its size, row by row; only a progressive one cannot."""
_MOST_DECODED_PIXELS = 16_000_000
_MOST_SCALE = 8
MAX_SIDE_PX = 30_000
"""A few lines of extreme length would cost as much as a whole picture while they are unpacked."""
_KNOWS_AVIF = features.check("avif") is True
FORMATS = (
    *("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP", "PPM"),
    *(("AVIF",) if _KNOWS_AVIF else ()),
)
"""No others: Pillow would have the text of an EPS file run by Ghostscript, for one."""

SUFFIXES = (
    *(".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".ppm", ".pgm"),
    *((".avif",) if _KNOWS_AVIF else ()),
)
"""By which pictures are known in a folder; the format is then told from the content."""

_FREE_WEBP_PIXELS = 4_000_000
_WEBP_PIXELS_PER_BYTE = 1000
"""A WebP file is unpacked whole, even when most of it is missing; others stop where they end."""

_REDUCIBLE = {"L", "LA", "RGB", "RGBA", "CMYK", "YCbCr"}
_LEAST_RANGE = 24
"""Of 255: with less between its darkest and its brightest, a picture shows nothing."""
_MUCH_CLEARER = 2.0
"""Times as much contrast: green on red of one brightness is seen in red alone."""

# Sizes are measured here, before anything is decoded; what Pillow allows would end below.
Image.MAX_IMAGE_PIXELS = MAX_JPEG_PIXELS


def open_picture(source: Path | bytes, name: str, side_px: int) -> Image.Image:
    """Open a picture as greys, black = 0, transparent parts on white paper.

    Args:
        source: A picture file or the content of one; the format is told from the content.
        name: What to call it in a sentence.
        side_px: Larger pictures are reduced to this; a digit needs far less, and speed stays
            the same.

    Returns:
        A picture of mode ``L``, turned as the camera held it.

    Raises:
        ImageError: The file is missing, no picture, damaged or far too large.
    """
    with _measured(source, name, MAX_PIXELS) as picture:
        return _grey(picture, side_px)


def measure_picture(content: bytes, name: str, most_pixels: int) -> int:
    """Look at a picture's size, and at nothing else of it.

    Args:
        content: Of a picture file.
        name: What to call it in a sentence.
        most_pixels: So many it may have.

    Returns:
        Its pixels, a sixth of them where it is a JPEG that can be decoded at a part of its size.

    Raises:
        ImageError: It is no picture, damaged or too large.
    """
    with _measured(content, name, most_pixels) as picture:
        pixels = picture.width * picture.height
        return pixels // _JPEG_TIMES if _is_decoded_small(picture) else pixels


@contextlib.contextmanager
def _measured(source: Path | bytes, name: str, most_pixels: int) -> Iterator[Image.Image]:
    """A picture that is not too large, of which nothing is decoded yet.

    Raises:
        ImageError: The file is missing, no picture, damaged or too large; or so it turns out.
    """
    size = len(source) if isinstance(source, bytes) else _size_of(source, name)
    if size > MAX_FILE_BYTES:
        raise ImageError(
            f"{name} is too large",
            expected=f"at most {MAX_FILE_BYTES // 2**20} MB",
            received=f"{size // 2**20} MB",
        )
    opened = io.BytesIO(source) if isinstance(source, bytes) else source
    try:
        with warnings.catch_warnings():
            # Pillow warns of sizes that we refuse ourselves, and of damage that it can repair.
            warnings.simplefilter("ignore")
            with Image.open(opened, formats=FORMATS) as picture:
                _check_size(picture, name, size, most_pixels)
                yield picture
    except ImageError:
        raise
    except Image.DecompressionBombError:
        raise _too_large(name, "several times as many", most_pixels) from None
    except UnidentifiedImageError:
        if is_web_page(_start(source)):
            raise ImageError(
                f"{name} is a web page, not a picture",
                hint="The address gave a page instead of the file: fetch it again",
            ) from None
        raise ImageError(
            f"{name} is not a picture DigitDesk can open",
            expected="PNG, JPEG, BMP, GIF, TIFF, WebP or PPM",
        ) from None
    except Exception:  # Pillow's decoders raise many kinds on damaged files
        raise _damaged(name) from None


def _damaged(name: str) -> ImageError:
    _LOGGER.info("Refused %s", name, exc_info=True)
    return ImageError(f"{name} is damaged", hint="Open it in a picture viewer and save it again")


def _size_of(path: Path, name: str) -> int:
    """Bytes of a picture file.

    Raises:
        ImageError: There is no such file, or something else has this name.
    """
    try:
        return size_of(path)
    except DigitDeskError as error:
        raise ImageError.about(f"Cannot open {shortened(name)}", error) from None


def _start(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source[:16]
    with source.open("rb") as file:
        return file.read(16)


def _check_size(picture: Image.Image, name: str, size: int, most_pixels: int) -> None:
    most = most_pixels
    if picture.format in {"WEBP", "AVIF"}:
        most = min(most, _FREE_WEBP_PIXELS + _WEBP_PIXELS_PER_BYTE * size)
    if _is_decoded_small(picture):
        most = _JPEG_TIMES * most_pixels
    if picture.width * picture.height > most or max(picture.size) > MAX_SIDE_PX:
        raise _too_large(name, f"{picture.width}×{picture.height}", most_pixels)


def _is_decoded_small(picture: Image.Image) -> bool:
    return picture.format == "JPEG" and not picture.info.get("progressive")


def _too_large(name: str, received: str, most_pixels: int) -> ImageError:
    return ImageError(
        f"{name} has too many pixels",
        expected=f"at most {most_pixels // 1_000_000} megapixels, {MAX_SIDE_PX:,} on a side",
        received=received,
    )


def _grey(picture: Image.Image, side_px: int) -> Image.Image:
    """Reduced as early as possible: whatever follows then handles a fraction of the bytes."""
    side = (side_px, side_px)
    _decode_small(picture, side_px)
    is_clear = picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info
    small: Image.Image = picture
    if is_clear and picture.mode not in {"LA", "RGBA"}:
        small = picture.convert("RGBA")
    elif picture.mode == "F":
        small = _whole_range(picture)
    elif picture.mode not in _REDUCIBLE:
        small = picture.convert("L")
    small.thumbnail(side, Image.Resampling.BOX)
    upright = ImageOps.exif_transpose(small)
    if is_clear:
        return _on_paper(upright.convert("RGBA"))
    return _clearest(upright)


def _decode_small(picture: Image.Image, side_px: int) -> None:
    """Have a JPEG decoded at a half, a quarter or an eighth of its size, where that is enough."""
    if picture.format != "JPEG":
        return
    width, height = picture.size
    scale = 1
    while scale < _MOST_SCALE and (
        max(width, height) >= 2 * scale * side_px
        or width * height > _MOST_DECODED_PIXELS * scale**2
    ):
        scale *= 2
    picture.draft(None, (max(1, width // scale), max(1, height // scale)))


def _whole_range(picture: Image.Image) -> Image.Image:
    """Greys as floats, from 0 to 1 in the files of some programs and to 255 in others'."""
    extrema = picture.getextrema()
    brightest = extrema[1] if isinstance(extrema[1], (int, float)) else 0.0
    if 0 < brightest <= 1:
        return picture.point(lambda grey: grey * 255).convert("L")
    return picture.convert("L")


def _on_paper(layered: Image.Image) -> Image.Image:
    """A picture with transparent parts on white paper, or on black where its ink is white."""
    on = {}
    for color in ("white", "black"):
        ground = Image.new("RGBA", layered.size, color)
        on[color] = Image.alpha_composite(ground, layered).convert("L")
    least, most = on["white"].getextrema()
    shows_nothing = most - least < _LEAST_RANGE  # type: ignore[operator]
    return on["black"] if shows_nothing else on["white"]


def _clearest(picture: Image.Image) -> Image.Image:
    """Greys: brightness, or the one color in which much more is to be seen."""
    grey = picture.convert("L")
    if picture.mode != "RGB":
        return grey
    small = picture.reduce(max(1, max(picture.size) // 400))
    contrasts = ImageStat.Stat(small).stddev
    best = max(range(3), key=contrasts.__getitem__)
    usual = ImageStat.Stat(small.convert("L")).stddev[0]
    return picture.getchannel(best) if contrasts[best] > _MUCH_CLEARER * usual else grey
