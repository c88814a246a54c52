"""What each step of the preparation does to a drawing: the picture with it, and without it.

With all steps it is the program's one preparation; a step is left out by doing the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitdesk.ink.arrays import Float32Array
from digitdesk.ink.brush import stamp_capsule
from digitdesk.ink.frame import BOX_PX, average_into_frame
from digitdesk.ink.ink_batch import InkBatch
from digitdesk.ink.pen import BOARD_PEN_PX, BOARD_SIZE_PX, PEN_PX
from digitdesk.ink.preprocessing import OVERSAMPLING, preprocess_strokes
from digitdesk.ink.rasterizer import draw_fitted
from digitdesk.ink.strokes import Points, without_taps
from digitdesk.inspection.histograms import histogram
from digitdesk.messages.inside.preparation import FEATURES, Histogram, StepName
from digitdesk.messages.picture import DIGIT_SIDE

_BOARD_SCALE = DIGIT_SIDE * OVERSAMPLING / BOARD_SIZE_PX
"""Fine pixels per board unit."""

_INKED = 0.1
"""A pixel with less grey is paper."""

_RANGES = {"stroke width": (0.0, 6.0), "size": (0.0, 28.0), "darkness": (0.0, 1.0)}


@dataclass(frozen=True, slots=True, eq=False)
class PreparedStep:
    """One step.

    Attributes:
        name: Which.
        picture: (H, W) what there is after it, greys 0 … 1.
        without: (28, 28) what the network would see were it left out; ``None`` for the first.
    """

    name: StepName
    picture: Float32Array
    without: Float32Array | None


def preparation_steps(strokes: Sequence[Points]) -> tuple[PreparedStep, ...]:
    """All steps from a drawing to what the network sees; none where there is no ink.

    Args:
        strokes: In board units.
    """
    inked = without_taps(strokes)
    prepared = preprocess_strokes(inked)
    if prepared is None:
        return ()
    points = np.array([point[:2] for stroke in inked for point in stroke], dtype=np.float32)
    low, high = points.min(axis=0), points.max(axis=0)
    drawn = _as_drawn(inked, (0.0, 0.0))
    middle = (low + high) / 2
    moved = _as_drawn(inked, tuple((BOARD_SIZE_PX / 2 - middle).tolist()))
    # A pen that grows and shrinks with the drawing, as it would in a picture of it.
    pen_px = BOARD_PEN_PX * BOX_PX / (float((high - low).max()) + BOARD_PEN_PX)
    unusual_pen = preprocess_strokes(inked, pen_px)
    return (
        PreparedStep("drawn", drawn, None),
        PreparedStep("cropped", _cut_out(drawn), _averaged(drawn)),
        PreparedStep("fitted", _fitted(inked, pen_px), _centered(moved)),
        PreparedStep("pen", _fitted(inked, PEN_PX), unusual_pen),
        PreparedStep("centered", prepared, _averaged(_in_the_middle(_fitted(inked, PEN_PX)))),
    )


def ink_features(pictures: Float32Array) -> NDArray[np.float64]:
    """What ``FEATURES`` names, of pictures (N, 28, 28) with greys 0 … 1 → (N, features).

    A stroke's width is twice its area by the length of its edge: a long stroke has an edge on both
    sides. The edge is as long as the greys' total variation. Its size is the longer side.
    """
    framed = np.pad(pictures, ((0, 0), (1, 1), (1, 1))).astype(np.float64)
    down, across = np.diff(framed, axis=1)[:, :, :-1], np.diff(framed, axis=2)[:, :-1]
    edge = np.hypot(down, across).sum(axis=(1, 2))
    mass = framed.sum(axis=(1, 2))
    # Rows and columns with little ink, as at a stroke's soft edge, count for a part.
    extents = [framed.max(axis=axis).sum(axis=1) for axis in (1, 2)]
    inked = pictures >= _INKED
    counts = inked.sum(axis=(1, 2))
    darkness = (pictures * inked).sum(axis=(1, 2), dtype=np.float64) / np.maximum(counts, 1)
    return np.stack([2 * mass / np.maximum(edge, 1e-9), np.maximum(*extents), darkness], axis=1)


def feature_histograms(pictures: Float32Array) -> tuple[Histogram, ...]:
    """How the features of many pictures (N, 28, 28) are distributed."""
    features = ink_features(pictures)
    return tuple(histogram(name, features[:, k], *_RANGES[name]) for k, name in enumerate(FEATURES))


def _as_drawn(strokes: Sequence[Points], move: tuple[float, ...]) -> Float32Array:
    """The board as it is, moved by so many board units; fine pixels, greys 0 … 1."""
    size = DIGIT_SIDE * OVERSAMPLING
    canvas = np.zeros((size, size), dtype=np.float32)
    radius = BOARD_PEN_PX / 2 * _BOARD_SCALE
    for stroke in strokes:
        points = [
            ((point[0] + move[0]) * _BOARD_SCALE, (point[1] + move[1]) * _BOARD_SCALE)
            for point in stroke
        ]
        for start, end in zip(points, points[1:] or points, strict=False):
            stamp_capsule(canvas, start, end, radius)
    return canvas


def _fitted(strokes: Sequence[Points], pen_px: float) -> Float32Array:
    """The ink as large as the box, fine pixels."""
    pens = np.array([pen_px], dtype=np.float32)
    fitted: Float32Array = draw_fitted(InkBatch.from_drawings([strokes]), pens, OVERSAMPLING)[0]
    return fitted


def _cut_out(canvas: Float32Array) -> Float32Array:
    """The box around the ink."""
    rows, columns = (np.flatnonzero(canvas.any(axis=axis)) for axis in (1, 0))
    if not len(rows):  # drawn beyond the board
        return canvas
    return canvas[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _in_the_middle(fine: Float32Array) -> Float32Array:
    """With paper around it, as large as the frame."""
    return np.pad(fine, (DIGIT_SIDE * OVERSAMPLING - len(fine)) // 2)


def _averaged(canvas: Float32Array) -> Float32Array:
    """Fine pixels as the pixels of the frame, nothing moved."""
    blocks = canvas.reshape(DIGIT_SIDE, OVERSAMPLING, DIGIT_SIDE, OVERSAMPLING)
    averages: Float32Array = blocks.mean(axis=(1, 3), dtype=np.float32)
    return averages


def _centered(canvas: Float32Array) -> Float32Array:
    """The same with the center of mass in the middle."""
    framed: Float32Array = average_into_frame(canvas[np.newaxis], float(OVERSAMPLING))[0]
    return framed
