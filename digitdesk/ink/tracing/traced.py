"""A picture of a digit as strokes: where the middle of its ink runs, in the order usual for a pen.

Which way a pen went, no picture tells: lines begin above and at the left, loops at the top and go
left, as most hands draw them.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np
from PIL import Image

from digitdesk.ink.arrays import Float32Array, Mask
from digitdesk.ink.strokes import fit_to_board
from digitdesk.ink.tracing.branches import Point, branches_of
from digitdesk.ink.tracing.joining import lines_of
from digitdesk.ink.tracing.skeleton_ways import ways_of
from digitdesk.ink.tracing.thinning import thin
from digitdesk.messages.prediction import Stroke

SIDE = 72
"""Ink is brought to this size, with a margin, before it is thinned."""

_MARGIN = 4
_INK_AT_EDGE = 0.3
_INK = 0.5
_CHUNK = 32
_SMOOTHED = 5
"""Each point becomes the mean of so many, and then every second is taken."""


def traced(pictures: Sequence[Float32Array], *, back: bool = True) -> list[tuple[Stroke, ...]]:
    """The strokes that pictures of one digit each may have been drawn with.

    Args:
        pictures: (H, W) clean ink, 0 … 1 of any size, on nothing.
        back: Whether the pen may have gone along a short line and come back on it.

    Returns:
        For each, strokes in board units; none where no line is found.
    """
    drawings = []
    for first in range(0, len(pictures), _CHUNK):
        masks = np.stack([_mask(picture) for picture in pictures[first : first + _CHUNK]])
        for mask, lines in zip(masks, thin(masks), strict=True):
            strokes = _strokes(mask, lines, SIDE if back else 0)
            drawings.append(fit_to_board(strokes) if strokes else ())
    return drawings


def _mask(picture: Float32Array) -> Mask:
    """The ink of a picture, (SIDE, SIDE), as large as there is room for."""
    mask = np.zeros((SIDE, SIDE), dtype=np.bool_)
    strongest = float(picture.max(initial=0.0))
    if strongest <= 0:
        return mask
    is_ink = picture > _INK_AT_EDGE * strongest
    ys, xs = np.flatnonzero(is_ink.any(axis=1)), np.flatnonzero(is_ink.any(axis=0))
    cut = picture[ys[0] : ys[-1] + 1, xs[0] : xs[-1] + 1]
    scale = (SIDE - 2 * _MARGIN) / max(cut.shape)
    height, width = (max(1, round(length * scale)) for length in cut.shape)
    how = Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC
    greys = Image.fromarray(np.rint(cut * np.float32(255 / strongest)).astype(np.uint8))
    resized = np.asarray(greys.resize((width, height), how))
    # A line that is thinner than a pixel here is nowhere black.
    is_inked = resized > _INK * float(resized.max())
    mask[_MARGIN : _MARGIN + height, _MARGIN : _MARGIN + width] = is_inked
    return mask


def _strokes(mask: Mask, skeleton: Mask, size: float) -> tuple[Stroke, ...]:
    """The strokes of one thinned drawing, in pixels."""
    pen = float(mask.sum()) / max(1, int(skeleton.sum()))
    lines = lines_of(branches_of(ways_of(skeleton), pen), pen, size)
    strokes = [_smoothed(_directed(line)) for line in lines]
    strokes.sort(key=lambda stroke: stroke[0][1] + 0.5 * stroke[0][0])
    return tuple(strokes)


def _directed(line: list[Point]) -> list[Point]:
    """A line from where a pen is most likely to have begun."""
    if len(line) > 3 and math.dist(line[0], line[-1]) < 1.5:
        top = min(range(len(line) - 1), key=lambda k: line[k][1] - 0.3 * line[k][0])
        line = line[top:-1] + line[: top + 1]
        return line[::-1] if line[min(3, len(line) - 1)][0] > line[0][0] else line
    (x0, y0), (x1, y1) = line[0], line[-1]
    return line[::-1] if x0 + 2 * y0 > x1 + 2 * y1 else line


def _smoothed(line: list[Point]) -> Stroke:
    """Without the steps of whole pixels; both ends stay."""
    if len(line) <= _SMOOTHED:
        return tuple(line)
    half = _SMOOTHED // 2
    padded = [*itertools.repeat(line[0], half), *line, *itertools.repeat(line[-1], half)]
    sums = np.cumsum(np.array([(0.0, 0.0), *padded]), axis=0)
    means = (sums[_SMOOTHED:] - sums[:-_SMOOTHED]) / _SMOOTHED
    means[0], means[-1] = line[0], line[-1]
    # The last point must be among every second one.
    kept = [*range(0, len(line) - 1, 2), len(line) - 1]
    return tuple((float(x), float(y)) for x, y in means[kept])
