"""Numbers with a sign as colors: nothing in the middle, blue below it, red above.

They come as one byte each, 128 for nothing, so that a picture of ten thousand of them is colored
in a fraction of a millisecond. The byte 0 is no number: it is the ground between tiles.
"""

from __future__ import annotations

from functools import lru_cache

from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.colors import Palette, mixed

ZERO, MOST = 128, 127
"""The byte that stands for nothing, and how far the largest number is from it."""

GROUND = b"\0"
"""What lies between tiles."""


def level_of(value: float, scale: float) -> int:
    """The byte for a number, where the largest there are is ``scale``."""
    if not scale:
        return ZERO
    return ZERO + round(MOST * min(max(value / scale, -1.0), 1.0))


def color_of(level: int) -> str:
    """The color of a byte, as ``#rrggbb``."""
    return _colors(theme.palette())[level]


def text_color_of(level: int) -> str:
    """A color in which one can write on that of a byte."""
    colors = theme.palette()
    is_strong = abs(level - ZERO) > 0.55 * MOST
    return colors.background if is_strong and level else colors.text


def colored(levels: bytes, width: int, height: int) -> bytes:
    """A picture of levels as a file that a Tk photo reads."""
    pixels = bytearray(3 * len(levels))
    for channel, table in enumerate(_tables(theme.palette())):
        pixels[channel::3] = levels.translate(table)
    return b"P6 %d %d 255\n" % (width, height) + pixels


@lru_cache(maxsize=8)
def _colors(colors: Palette) -> tuple[str, ...]:
    """The color of each byte."""
    zero = mixed(colors.background, colors.text, 0.07)
    below = [mixed(zero, colors.negative, k / MOST) for k in range(MOST, 0, -1)]
    above = [mixed(zero, colors.positive, k / MOST) for k in range(1, MOST + 1)]
    return (colors.background, *below, zero, *above)


@lru_cache(maxsize=8)
def _tables(colors: Palette) -> tuple[bytes, bytes, bytes]:
    """Red, green and blue of each byte."""
    red, green, blue = zip(*(bytes.fromhex(color[1:]) for color in _colors(colors)), strict=True)
    return bytes(red), bytes(green), bytes(blue)
