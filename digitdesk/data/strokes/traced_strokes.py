"""Strokes as they are found in pictures, for a network that is shown such.

Of the same hands as ``pen_strokes``, drawn with all kinds of pens, and of MNIST's pictures: what
tracing makes of them is straighter at crossings than a pen is, and now and then a way that no pen
went.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from digitdesk.data.augmentation import augment
from digitdesk.data.dataset import Labelled
from digitdesk.data.progress import Progress, StopIfTold, never_told
from digitdesk.data.strokes.stroke_augmentation import (
    StrokeStyle,
    as_rounded_bytes,
    draw_varied,
)
from digitdesk.data.synthetic import handwriting, not_digits
from digitdesk.data.synthetic.letter_skeletons import LETTER
from digitdesk.ink.arrays import Float32Array, UInt8Array
from digitdesk.ink.ink_batch import InkBatch
from digitdesk.ink.stroke_file import StrokeSample
from digitdesk.ink.stroke_planes import PLANES, stroke_planes_of_many
from digitdesk.ink.tracing.traced import traced
from digitdesk.messages.picture import DIGIT_SIDE

NAME = "traced-strokes"
TITLE = "Strokes traced in pictures"

DIGIT_RENDERINGS = 6
PICTURES = 60_000
"""Of MNIST's training images, the first so many."""
MADE_UP_DIGITS = 40_000
MADE_UP_REJECTS = 40_000

_STYLE = StrokeStyle(pen_px=(1.0, 5.0), pen_shape=(1.1, 2.0))
_MADE_UP_STYLE = dataclasses.replace(
    handwriting.STYLE, pen_px=_STYLE.pen_px, pen_shape=_STYLE.pen_shape
)
_AUGMENTATION = 0.5
_BACK = 0.8
"""In so many of the drawings a pen may have gone along a short line and back, as readings do."""
_CHUNK = 32

_Pictures = tuple[Float32Array, NDArray[np.uint8]]


def generate(
    digits: Sequence[StrokeSample],
    letters: Sequence[StrokeSample],
    pictures: Labelled,
    *,
    seed: int,
    limit: int | None = None,
    progress: Progress | None = None,
    stop_if_told: StopIfTold = never_told,
) -> Labelled:
    """Draw everything, and trace it.

    Args:
        digits: Real ones.
        letters: Real letters and signs.
        pictures: Real digits of which only pictures are known: (M, 28, 28) bytes and labels.
        seed: The same seed gives the same drawings.
        limit: The most of each: real digits, letters, pictures, made-up digits, and what is none.
        progress: Called with drawings done and drawings in all.
        stop_if_told: Called every few drawings; raises to stop.

    Shapes:
        (N, 10, 28, 28) bytes, and (N,) labels 0 … 12. What has no line to trace is left out.
    """
    digits, letters = digits[:limit], letters[:limit]
    most = min(limit or PICTURES, PICTURES)
    images, of_images = pictures[0][:most], pictures[1][:most]
    made_up, rejects = (min(limit or n, n) for n in (MADE_UP_DIGITS, MADE_UP_REJECTS))
    total = len(digits) * DIGIT_RENDERINGS + len(letters) + len(images) + made_up + rejects
    planes = np.empty((total, PLANES, DIGIT_SIDE, DIGIT_SIDE), dtype=np.uint8)
    labels = np.empty(total, dtype=np.uint8)
    rng = np.random.default_rng([seed, 31])
    done = found = 0
    ink = _all_ink(digits, letters, made_up, rejects, rng)
    drawn = _drawn(ink, rng, stop_if_told)
    changed = _changed(images, of_images, rng, stop_if_told)
    for shown, of in itertools.chain(drawn, changed):
        strokes = traced(list(shown), back=rng.random() < _BACK)
        kept = [k for k, one in enumerate(strokes) if one]
        done += len(strokes)
        if kept:
            batch = InkBatch.from_drawings([strokes[k] for k in kept])
            last = found + len(kept)
            planes[found:last] = as_rounded_bytes(stroke_planes_of_many(batch))
            labels[found:last] = of[kept]
            found = last
        if progress:
            progress(done, total)
    return planes[:found], labels[:found]


def _all_ink(
    digits: Sequence[StrokeSample],
    letters: Sequence[StrokeSample],
    made_up: int,
    rejects: int,
    rng: np.random.Generator,
) -> Iterator[tuple[InkBatch, NDArray[np.uint8], StrokeStyle]]:
    """All drawings with their labels and how far they may be changed."""
    if digits:
        numbers = np.array([sample.label for sample in digits], dtype=np.uint8)
        ink = InkBatch.from_drawings([sample.strokes for sample in digits])
        for _ in range(DIGIT_RENDERINGS):
            yield ink, numbers, _STYLE
    if letters:
        signs = np.full(len(letters), LETTER, dtype=np.uint8)
        yield InkBatch.from_drawings([one.strokes for one in letters]), signs, _MADE_UP_STYLE
    yield *handwriting.draw_ink(made_up, rng), _MADE_UP_STYLE
    for kind, of in not_digits.draw_kinds(rejects, rng):
        if kind is not None:
            yield kind, of, _MADE_UP_STYLE


def _drawn(
    all_ink: Iterator[tuple[InkBatch, NDArray[np.uint8], StrokeStyle]],
    rng: np.random.Generator,
    stop_if_told: StopIfTold,
) -> Iterator[_Pictures]:
    """Pictures of drawings, some at a time."""
    for ink, labels, style in all_ink:
        for first in range(0, ink.count, _CHUNK):
            stop_if_told()
            last = min(first + _CHUNK, ink.count)
            yield draw_varied(ink.part(first, last), rng, style), labels[first:last]


def _changed(
    images: UInt8Array, labels: UInt8Array, rng: np.random.Generator, stop_if_told: StopIfTold
) -> Iterator[_Pictures]:
    """Pictures as they are shown to a network in training, some at a time."""
    for first in range(0, len(images), _CHUNK):
        stop_if_told()
        greys = images[first : first + _CHUNK] * np.float32(1 / 255)
        changed = augment(greys, rng, strength=_AUGMENTATION)
        yield changed, labels[first : first + _CHUNK]
