"""A picture as it crosses borders: bytes that a Tk photo takes as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from digitdesk.errors import ImageError

DIGIT_SIDE = 28
"""Side of the picture of a digit that a network sees, in pixels."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Greys, row by row, one byte a pixel.

    Pictures from files and from the clipboard have 0 for black; those of data sets, and what a
    network sees, have 255 for ink.

    Attributes:
        title: What it is called, where that is known.

    Raises:
        ImageError: There are not as many bytes as pixels.
    """

    width: int
    height: int
    pixels: bytes
    title: str = ""

    def __post_init__(self) -> None:
        if min(self.width, self.height) < 1 or len(self.pixels) != self.width * self.height:
            raise ImageError(
                "The picture is not whole",
                expected=f"{self.width}×{self.height} bytes",
                received=f"{len(self.pixels)}",
            )

    @classmethod
    def of(cls, greys: Any, title: str = "") -> Picture:
        """The picture in (H, W) bytes, such as a NumPy array of them."""
        view = memoryview(greys)
        height, width = view.shape or (0, 0)
        return cls(width, height, view.tobytes(), title)

    @classmethod
    def beside(cls, pictures: Sequence[Picture], title: str = "") -> Picture:
        """Pictures of one height in a row."""
        height = pictures[0].height
        lines = (
            picture.pixels[row * picture.width :][: picture.width]
            for row in range(height)
            for picture in pictures
        )
        width = sum(picture.width for picture in pictures)
        return cls(width, height, b"".join(lines), title)

    @property
    def pgm(self) -> bytes:
        """The picture as a file in Portable GrayMap format, which ``PhotoImage.put`` reads."""
        return b"P5 %d %d 255\n" % (self.width, self.height) + self.pixels
