"""Makes 28×28 pictures with bright ink of whatever was found, and says what was done.

A set of 28×28 pictures stays as it is. Others are prepared as a drawing on the board is, or only
scaled.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from digitdesk.data.importing.found import ArrayPictures, FoundPart, Pictures, Reading
from digitdesk.errors import DataError
from digitdesk.ink.arrays import UInt8Array
from digitdesk.ink.picture.grey_picture import as_bytes, scaled
from digitdesk.ink.preprocessing import preprocess_image, preprocess_ink_image
from digitdesk.messages.picture import DIGIT_SIDE

_LOOKED_AT = 500
_BRIGHT = 128

INVERTED = "The ink was dark on bright paper; it was turned over, so that ink is bright."
PREPARED = "The pictures are not 28×28; they were prepared as a drawing on the board is."
SCALED = "The pictures are not 28×28; they were scaled, and nothing else."


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """The pictures of a part.

    Attributes:
        pictures: (N, 28, 28), ink = 255.
        has_ink: (N,) whether there is any; those without may be left out.
    """

    pictures: UInt8Array
    has_ink: UInt8Array


@dataclass(frozen=True, slots=True)
class Preparation:
    """What is to be done to all pictures of a source alike.

    Attributes:
        is_dark: The ink is dark on bright paper.
        is_kept: The pictures are 28×28 and stay so.
        is_plain: They are only scaled.
    """

    is_dark: bool
    is_kept: bool
    is_plain: bool

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about it."""
        size = () if self.is_kept else (SCALED if self.is_plain else PREPARED,)
        return (*((INVERTED,) if self.is_dark else ()), *size)


def preparation_of(pictures: Pictures, *, is_plain: bool) -> Preparation:
    """What a source's pictures need, told from some of them.

    Args:
        pictures: Of its first part.
        is_plain: The user wants no more than the size changed.
    """
    step = max(1, len(pictures) // _LOOKED_AT)
    some = itertools.islice(pictures, 0, None, step) if _is_quick(pictures) else iter(pictures)
    borders = [_border(picture) for picture in itertools.islice(some, _LOOKED_AT)]
    is_dark = bool(borders) and float(np.mean(borders)) >= _BRIGHT
    return Preparation(is_dark, pictures.size == (DIGIT_SIDE, DIGIT_SIDE), is_plain)


def _is_quick(pictures: Pictures) -> bool:
    """Whether passing over pictures costs nothing."""
    return isinstance(pictures, ArrayPictures)


def _border(picture: UInt8Array) -> float:
    edges = [picture[0], picture[-1], picture[:, 0], picture[:, -1]]
    return float(np.concatenate(edges).mean())


def prepared(part: FoundPart, how: Preparation, reading: Reading) -> Prepared:
    """The pictures of a part, one by one.

    Raises:
        DataError: One cannot be opened, or has another size than a set of its kind may have.
    """
    pictures = part.pictures
    made = np.zeros((len(pictures), DIGIT_SIDE, DIGIT_SIDE), dtype=np.uint8)
    if how.is_kept and isinstance(pictures, ArrayPictures):
        np.subtract(255, pictures.greys, out=made) if how.is_dark else np.copyto(
            made, pictures.greys
        )
        return Prepared(made, np.ones(len(made), dtype=np.uint8))
    has_ink = np.ones(len(made), dtype=np.uint8)
    for place, picture in enumerate(pictures):
        if not place % 64:
            reading.stop_if_told()
            reading.progress(place, len(made))
        one = _prepared_one(picture, how, are_scans=pictures.are_scans)
        if one is None:
            has_ink[place] = 0
        else:
            made[place] = one
    return Prepared(made, has_ink)


def _prepared_one(picture: UInt8Array, how: Preparation, *, are_scans: bool) -> UInt8Array | None:
    """One picture; ``None`` where there is no ink."""
    if picture.shape == (DIGIT_SIDE, DIGIT_SIDE) and how.is_kept:
        return 255 - picture if how.is_dark else picture
    upright = 255 - picture if how.is_dark else picture
    if how.is_plain:
        return scaled(upright, DIGIT_SIDE)
    # Where a picture is a scan, what is paper is told from each by itself.
    found = preprocess_image(picture) if are_scans else preprocess_ink_image(upright)
    return None if found is None else as_bytes(found)


def without_blank(part: Prepared, pictures: Pictures) -> tuple[UInt8Array, str]:
    """Which pictures have ink (N,), and a sentence about the others.

    Raises:
        DataError: None has.
    """
    blank = np.flatnonzero(part.has_ink == 0)
    if len(blank) == len(part.has_ink):
        raise DataError(
            f"No picture of {pictures.name_of(0)} and those behind it holds ink",
            expected="something that differs from the paper",
        )
    if not len(blank):
        return part.has_ink, ""
    first = pictures.name_of(int(blank[0]))
    return part.has_ink, f"Pictures without ink were left out: {len(blank):,}, the first {first}."
