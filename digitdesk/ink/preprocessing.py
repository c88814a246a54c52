"""The one way from ink to what a network sees: 28×28 greys with MNIST's proportions.

Ink is fitted to a 20×20 box, drawn finely, and averaged over pixels with its mass in the middle.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.ink.arrays import Float32Array
from digitdesk.ink.frame import average_into_frame, is_framed
from digitdesk.ink.ink_batch import InkBatch
from digitdesk.ink.pen import PEN_PX
from digitdesk.ink.picture.find_ink import Polarity, find_ink_from_near
from digitdesk.ink.picture.fine_box import FINE_PX_PER_PX, fit_to_fine_box, ink_box, thickened
from digitdesk.ink.picture.grey_picture import as_grey
from digitdesk.ink.rasterizer import draw_fitted
from digitdesk.ink.strokes import Points, without_taps
from digitdesk.messages.picture import DIGIT_SIDE

PREPROCESSING_VERSION = 1

OVERSAMPLING = 4
"""Fine pixels per pixel and axis; with the brush's soft edge that is as good as 16 hard ones."""

_FAINTEST_INK = 0.08
_CHUNK = 32

_LEAST_FINE = 32
"""Pixels that the ink of a picture must be high or wide to show more than 28×28 pixels can."""


@dataclass(frozen=True, slots=True)
class SeenDigit:
    """A digit in a picture, as the network sees it, and as fine as it was.

    Attributes:
        preprocessed: (28, 28) greys 0 … 1, ink = 1.
        fine: (160, 160) the same ink, not yet averaged, with a pen as thin as it was; None where
            the picture was too small.
    """

    preprocessed: Float32Array
    fine: Float32Array | None = None


def preprocess_strokes(strokes: Sequence[Points], pen_px: float = PEN_PX) -> Float32Array | None:
    """Draw strokes as the network wants to see them.

    The pen's width is relative to the size of the ink, so tiny and huge, thin and thick writing
    come out alike. A drawing that is only a tap comes out as a dot; taps beside larger strokes
    are slips of the hand and left out.

    Args:
        strokes: Points (x, y) per stroke in board units, y growing downward.
        pen_px: Width of the pen in the 28×28 frame.

    Returns:
        (28, 28) float32 greys 0 … 1, ink = 1, or None where there is no ink.
    """
    inked = without_taps(strokes)
    if not inked:
        return None
    picture: Float32Array = preprocess_batch(InkBatch.from_drawings([inked]), pen_px)[0]
    return picture


def preprocess_drawings(drawings: Sequence[Sequence[Points]]) -> Float32Array:
    """As ``preprocess_strokes``, of N drawings: (N, 28, 28), blank where there is no ink."""
    pictures = np.zeros((len(drawings), DIGIT_SIDE, DIGIT_SIDE), dtype=np.float32)
    inked = {k: kept for k, drawing in enumerate(drawings) if (kept := without_taps(drawing))}
    if inked:
        pictures[list(inked)] = preprocess_batch(InkBatch.from_drawings(list(inked.values())))
    return pictures


def preprocess_batch(
    ink: InkBatch,
    pen_px: float | Float32Array = PEN_PX,
    *,
    oversampling: int = OVERSAMPLING,
    stop_if_told: Callable[[], None] = lambda: None,
) -> Float32Array:
    """Preprocess many drawings exactly as ``preprocess_strokes`` does one.

    Args:
        ink: The drawings, in board units; taps beside strokes are drawn as they are.
        pen_px: One width for all, or one for each.
        oversampling: Fine pixels per pixel and axis.
        stop_if_told: Called every few drawings; raises to stop.

    Shapes:
        ``ink.count`` drawings, pen () or (N,) → (N, 28, 28) float32.
    """
    pens = np.broadcast_to(np.asarray(pen_px, dtype=np.float32), (ink.count,))
    preprocessed = np.empty((ink.count, DIGIT_SIDE, DIGIT_SIDE), dtype=np.float32)
    # A few drawings at a time, so that their canvases stay in the processor's cache.
    for first in range(0, ink.count, _CHUNK):
        stop_if_told()
        last = min(first + _CHUNK, ink.count)
        canvases = draw_fitted(ink.part(first, last), pens[first:last], oversampling)
        preprocessed[first:last] = average_into_frame(canvases, float(oversampling))
    return preprocessed


def preprocess_image(picture: NDArray[Any], *, ink: Polarity = "auto") -> Float32Array | None:
    """Find a digit in a picture of any size and show it as the network wants to see it.

    Paper may be dark or bright and unevenly lit; specks, ruled lines and a frame are left out. A
    picture of a data set already is what the network wants to see, and comes back unchanged.

    Args:
        picture: (H, W) greys, integers of the full range of their type or floats 0 … 1.
        ink: Whether ink is the ``bright`` or the ``dark`` part; ``auto`` takes what differs most
            from the picture's border.

    Returns:
        (28, 28) float32 greys 0 … 1, ink = 1, or None where there is no ink.
    """
    seen = see_digit(picture, ink=ink)
    return None if seen is None else seen.preprocessed


def see_digit(picture: NDArray[Any], *, ink: Polarity = "auto") -> SeenDigit | None:
    """As ``preprocess_image``, with the fine picture that was found on the way."""
    grey = as_grey(picture)
    if ink != "dark" and is_framed(grey):
        return SeenDigit(grey)
    found, _, _ = find_ink_from_near(grey, ink)
    return None if found is None else _seen(found)


def preprocess_ink_image(picture: NDArray[Any]) -> Float32Array | None:
    """Preprocess a picture that is known to be clean ink (bright) on nothing (0).

    A picture that already is a preprocessed one, as all of MNIST's are, comes back unchanged.

    Args:
        picture: (H, W) greys, integers of the full range of their type or floats 0 … 1.

    Returns:
        (28, 28) float32 greys 0 … 1, ink = 1, or None where there is no ink.
    """
    seen = see_ink(picture)
    return None if seen is None else seen.preprocessed


def see_ink(picture: NDArray[Any]) -> SeenDigit | None:
    """As ``preprocess_ink_image``, with the fine picture that was made on the way."""
    grey = as_grey(picture)
    strongest = float(grey.max(initial=0.0))
    if strongest < _FAINTEST_INK:
        return None
    if is_framed(grey):
        return SeenDigit(grey)
    return _seen(grey / np.float32(strongest))


def _seen(ink: Float32Array) -> SeenDigit:
    box = ink_box(ink) or (0, 0, ink.shape[1], ink.shape[0])
    left, top, right, bottom = box
    fine = fit_to_fine_box(ink, box)
    framed: Float32Array = average_into_frame(thickened(fine)[None], FINE_PX_PER_PX)[0]
    return SeenDigit(framed, fine if max(right - left, bottom - top) >= _LEAST_FINE else None)
