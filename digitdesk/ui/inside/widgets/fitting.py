"""Pictures of any size in a square: shrunk by leaving pixels out, or each pixel several wide."""

from __future__ import annotations

from digitdesk.messages.picture import Picture


def shrunk(picture: Picture, side: int) -> Picture:
    """A picture no larger than so many pixels along its longer side."""
    step = -(-max(picture.width, picture.height) // max(1, side))
    if step <= 1:
        return picture
    wide, high = picture.width // step, picture.height // step
    lines = (
        picture.pixels[row * step * picture.width :][: wide * step : step] for row in range(high)
    )
    return Picture(max(1, wide), max(1, high), b"".join(lines), picture.title)


def fitted_zoom(picture: Picture, side: int) -> int:
    """How many screen pixels wide its pixels can be, so that it still fits."""
    return max(1, side // max(picture.width, picture.height))
