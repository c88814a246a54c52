"""Writes the same drawing in another hand: turned, slanted, stretched, bent, with another pen.

Changing strokes instead of pixels keeps lines clean, and changes form and pen independently.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitdesk.data.progress import StopIfTold, never_told
from digitdesk.ink.arrays import Float32Array
from digitdesk.ink.ink_batch import InkBatch
from digitdesk.ink.preprocessing import OVERSAMPLING, preprocess_batch
from digitdesk.ink.rasterizer import draw_fitted
from digitdesk.ink.stroke_planes import stroke_planes_of_many

_WAVES = 3


@dataclass(frozen=True, slots=True)
class StrokeStyle:
    """How far hands may differ; standard deviations unless said otherwise.

    Attributes:
        rotation: In radians.
        shear: Slant, as dx/dy.
        log_aspect: Of width to height, in logarithms.
        displacement: Of a smooth field of three waves, relative to the drawing's size.
        pen_px: Thinnest and thickest pen in the 28×28 frame.
        pen_shape: Both parameters of the beta distribution between them; (1, 1) is uniform.
    """

    rotation: float = 0.15
    shear: float = 0.25
    log_aspect: float = 0.2
    displacement: float = 0.025
    pen_px: tuple[float, float] = (1.5, 3.6)
    pen_shape: tuple[float, float] = (1.0, 1.0)


def augment_strokes(
    ink: InkBatch, rng: np.random.Generator, style: StrokeStyle | None = None
) -> InkBatch:
    """Change each drawing at random, each stroke of a drawing in the same way.

    Returns:
        The drawings, centered at 0 and of size about 1.
    """
    style = style or StrokeStyle()
    low, high = ink.bounds()
    size = np.maximum((high - low).max(axis=1), np.float32(1e-6))
    middle = (low + high) * np.float32(0.5)
    points = (ink.points - middle[ink.sample]) / size[ink.sample, None]
    points += _waves(points, ink.sample, ink.count, rng, style.displacement)
    matrix = _matrices(ink.count, rng, style)[ink.sample]
    return ink.with_points(np.einsum("pij,pj->pi", matrix, points))


def render_varied(
    ink: InkBatch,
    rng: np.random.Generator,
    style: StrokeStyle | None = None,
    stop_if_told: StopIfTold = never_told,
) -> NDArray[np.uint8]:
    """Augment each drawing once and preprocess it with a random pen, as bytes with ink = 255.

    Args:
        ink: The drawings.
        rng: Decides form and pen.
        style: How far both may differ.
        stop_if_told: Called every few drawings; raises to stop.

    Shapes:
        N drawings → (N, 28, 28).
    """
    changed, pens = _varied(ink, rng, style or StrokeStyle())
    return as_rounded_bytes(preprocess_batch(changed, pens, stop_if_told=stop_if_told))


def render_varied_planes(
    ink: InkBatch,
    rng: np.random.Generator,
    style: StrokeStyle | None = None,
    stop_if_told: StopIfTold = never_told,
) -> NDArray[np.uint8]:
    """As ``render_varied``, with planes of direction and progress.

    Shapes:
        N drawings → (N, 10, 28, 28).
    """
    changed, pens = _varied(ink, rng, style or StrokeStyle())
    return as_rounded_bytes(stroke_planes_of_many(changed, pens, stop_if_told=stop_if_told))


def draw_varied(ink: InkBatch, rng: np.random.Generator, style: StrokeStyle) -> Float32Array:
    """Augment each drawing once and draw it finely with a random pen.

    Shapes:
        N drawings → (N, 88, 88), greys 0 … 1, ink = 1.
    """
    changed, pens = _varied(ink, rng, style)
    return draw_fitted(changed, pens, OVERSAMPLING)


def as_rounded_bytes(greys: Float32Array) -> NDArray[np.uint8]:
    """Greys 0 … 1 as bytes; they are changed on the way."""
    greys *= np.float32(255)
    greys += np.float32(0.5)
    return greys.astype(np.uint8)


def _varied(
    ink: InkBatch, rng: np.random.Generator, style: StrokeStyle
) -> tuple[InkBatch, Float32Array]:
    """The drawings in another form, in board units, and a pen for each."""
    changed = augment_strokes(ink, rng, style)
    # Back to the size of a board, in whose units a tap is told from a stroke.
    changed = changed.with_points(changed.points * np.float32(200))
    thinnest, thickest = style.pen_px
    pens = thinnest + (thickest - thinnest) * rng.beta(*style.pen_shape, size=ink.count)
    return changed, pens.astype(np.float32)


def _matrices(count: int, rng: np.random.Generator, style: StrokeStyle) -> Float32Array:
    """(N, 2, 2): stretch, then slant, then turn."""
    angle = rng.normal(0, style.rotation, count)
    shear = rng.normal(0, style.shear, count)
    stretch = np.exp(rng.normal(0, style.log_aspect, count) / 2)
    cosine, sine = np.cos(angle), np.sin(angle)
    # [c -s; s c] · [1 -k; 0 1] · [a 0; 0 1/a]; y grows downward, so a positive slant k leans right.
    rows = [
        [cosine * stretch, (-cosine * shear - sine) / stretch],
        [sine * stretch, (cosine - sine * shear) / stretch],
    ]
    return np.asarray(rows, dtype=np.float32).transpose(2, 0, 1)


def _waves(
    points: Float32Array,
    sample: NDArray[np.intp],
    count: int,
    rng: np.random.Generator,
    strength: float,
) -> Float32Array:
    """A smooth displacement of every point: three plane waves of random direction and phase.

    Shapes:
        (P, 2), (P,) → (P, 2).
    """
    shift = np.zeros_like(points)
    for _ in range(_WAVES):
        direction = rng.uniform(0, 2 * math.pi, count)
        # Half to one and a half periods across the drawing: bends, not wrinkles.
        frequency = 2 * math.pi * rng.uniform(0.5, 1.5, count)
        wave = np.stack([np.cos(direction), np.sin(direction)], axis=1) * frequency[:, None]
        phase = rng.uniform(0, 2 * math.pi, count).astype(np.float32)
        # The mean square of a sine is 1/2: the waves together have the strength asked for.
        amplitude = rng.normal(0, strength * math.sqrt(2 / _WAVES), (count, 2))
        at_point = wave.astype(np.float32)[sample]
        angle = np.einsum("pi,pi->p", at_point, points) + phase[sample]
        shift += np.sin(angle)[:, None] * amplitude.astype(np.float32)[sample]
    return shift
