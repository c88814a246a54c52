"""A whole line of writing as a network for lines sees it: of one height, and as wide as it is.

Columns are twice as fine as rows, so that narrow digits near each other have a column each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from digitdesk.ink.arrays import Float32Array, UInt8Array
from digitdesk.ink.ink_batch import InkBatch
from digitdesk.ink.rasterizer import draw_on
from digitdesk.ink.strokes import stroke_box
from digitdesk.messages.boxes import union
from digitdesk.messages.prediction import Stroke

ROWS = 32
COLUMNS_PER_HEIGHT = 44.0
"""Columns to the height of a digit, in the middle of the sizes that lines are taught in."""

COLUMNS_OF_PICTURES = 40.0
"""The same where a line is itself a picture. Smaller, hands that no network was taught are read
better; strokes, too, by the network for lines alone, but not beside the networks for digits."""

ROWS_PER_COLUMN = 0.5
WIDTHS = (128, 256, 384, 512)
"""A line is shown on the first of these that it fits on; one that is far too long is not shown."""

_MARGIN = 12
_MOST_ROWS = 30
_PEN = 0.09
"""Width of the pen that strokes are drawn with, as a part of a digit's height."""

_PIECE = 8.0
"""Strokes are painted in pieces of so many columns."""

_SMALLEST = 0.6
"""A line that is too long or too high is shown so much smaller at most."""

_FAINTEST = 0.2

_FLATTEST = 0.2
"""A digit is at least as high as this part of its width: a level bar is a low digit, not a line of
writing that is seen from near."""


@dataclass(frozen=True, slots=True)
class LinePicture:
    """A line of writing.

    Attributes:
        grey: (ROWS, W) greys 0 … 1, ink = 1.
        middle: Where the middle of the picture lies in the line's own unit.
        scale: Columns per unit.
    """

    grey: Float32Array
    middle: float
    scale: float

    def x_of(self, column: float) -> float:
        """Where a column lies in the line's own unit."""
        width: int = self.grey.shape[1]
        return self.middle + (column - width / 2) / self.scale


def picture_of_strokes(strokes: Sequence[Stroke], height: float) -> LinePicture | None:
    """Draw a line of strokes.

    Args:
        strokes: In any unit, y growing downward, with a point at least.
        height: The height of a digit in that unit.

    Returns:
        The picture, or None where the line is too long.
    """
    points = np.array([point for stroke in strokes for point in stroke], dtype=np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    fitted = _fit(low, high, COLUMNS_PER_HEIGHT / height)
    if fitted is None:
        return None
    scale, width = fitted
    # Drawn round, and then made half as high.
    canvas_shape = round(ROWS / ROWS_PER_COLUMN), width
    ink = InkBatch.from_drawings([strokes])
    shift = np.array(canvas_shape[::-1]) / 2 - (low + high) / 2 * scale
    ink = ink.with_points((ink.points * scale + shift).astype(np.float32))
    radius = np.array([_PEN * height * scale / 2], dtype=np.float32)
    (canvas,) = draw_on(ink, radius, canvas_shape, _PIECE)
    grey: Float32Array = (canvas[0::2] + canvas[1::2]) * np.float32(0.5)
    return LinePicture(grey, float(low[0] + high[0]) / 2, scale)


def picture_of_digit(strokes: Sequence[Stroke]) -> LinePicture:
    """Draw one digit as a line of its own.

    Args:
        strokes: In board units, y growing downward, with a point at least.
    """
    left, top, right, bottom = union(map(stroke_box, strokes))
    height = max(bottom - top, _FLATTEST * (right - left), 1.0)
    picture = picture_of_strokes(strokes, height)
    assert picture is not None, "a digit is no long line"
    return picture


def picture_of_greys(grey: Float32Array, height: float) -> LinePicture | None:
    """Show a line that is itself a picture.

    Args:
        grey: (H, W) clean ink, 0 … 1, on nothing; with a pixel of ink at least.
        height: The height of a digit in pixels.

    Returns:
        The picture, or None where the line is too long.
    """
    ys, xs = np.nonzero(grey > min(_FAINTEST, float(grey.max()) / 2))
    low, high = np.array([xs.min(), ys.min()]), np.array([xs.max() + 1, ys.max() + 1])
    fitted = _fit(low, high, COLUMNS_OF_PICTURES / height)
    if fitted is None:
        return None
    scale, width = fitted
    cut = np.rint(255 * np.clip(grey[low[1] : high[1], low[0] : high[0]], 0, 1)).astype(np.uint8)
    size = (
        max(1, round(cut.shape[1] * scale)),
        max(1, round(cut.shape[0] * scale * ROWS_PER_COLUMN)),
    )
    shown = np.zeros((ROWS, width), dtype=np.float32)
    top, left = (ROWS - size[1]) // 2, (width - size[0]) // 2
    shown[top : top + size[1], left : left + size[0]] = resized(cut, size)
    return LinePicture(shown, float(low[0] + high[0]) / 2, scale)


def resized(picture: UInt8Array, size: tuple[int, int]) -> Float32Array:
    """A picture in another size.

    Args:
        picture: (H, W) greys 0 … 255.
        size: The wanted width and height.

    Returns:
        Greys 0 … 1.
    """
    is_smaller = size[0] < picture.shape[1]
    means = Image.Resampling.BOX if is_smaller else Image.Resampling.BILINEAR
    greys = np.asarray(Image.fromarray(picture).resize(size, means), dtype=np.float32)
    return greys * np.float32(1 / 255)


def _fit(
    low: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    high: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    wanted: float,
) -> tuple[float, int] | None:
    """Columns per unit, the wanted ones at most, and the width of the picture, for ink in a box."""
    wide, high_ = (max(float(extent), 1e-6) for extent in high - low)
    scale = min(wanted, _MOST_ROWS / (high_ * ROWS_PER_COLUMN), (WIDTHS[-1] - 2 * _MARGIN) / wide)
    if scale < _SMALLEST * wanted:
        return None
    return scale, next(width for width in WIDTHS if width >= wide * scale + 2 * _MARGIN - 1e-6)
