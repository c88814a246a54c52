"""Drawings with the direction and order of the pen, for a network that is shown these, too.

Real strokes of some 180 writers and made-up ones, each drawn several times in another form, now
and then in another order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from digitdesk.data.dataset import Labelled
from digitdesk.data.progress import Progress, StopIfTold, never_told
from digitdesk.data.strokes.stroke_augmentation import StrokeStyle, render_varied_planes
from digitdesk.data.strokes.stroke_order import with_other_order
from digitdesk.data.synthetic import handwriting, not_digits
from digitdesk.data.synthetic.letter_skeletons import LETTER
from digitdesk.ink.ink_batch import InkBatch
from digitdesk.ink.stroke_file import StrokeSample
from digitdesk.ink.stroke_planes import PLANES
from digitdesk.messages.picture import DIGIT_SIDE

NAME = "pen-strokes"
TITLE = "Pen strokes with directions"

DIGIT_RENDERINGS = 14
LETTER_RENDERINGS = 3
MADE_UP_DIGITS = 70_000
MADE_UP_REJECTS = 40_000

_STYLE = StrokeStyle(pen_px=(1.6, 3.2))
"""Strokes are always drawn by the program, so its pen is known; its width may still change."""
_MADE_UP_STYLE = StrokeStyle(
    rotation=0.15, shear=0.28, log_aspect=0.25, displacement=0.02, pen_px=(1.6, 3.2)
)
_OTHER_ORDER = 0.12
_CHUNK = 2_000

_Ink = tuple[InkBatch, NDArray[np.uint8], StrokeStyle]


def generate(
    digits: Sequence[StrokeSample],
    letters: Sequence[StrokeSample],
    *,
    seed: int,
    limit: int | None = None,
    renderings: int = DIGIT_RENDERINGS,
    progress: Progress | None = None,
    stop_if_told: StopIfTold = never_told,
) -> Labelled:
    """Draw everything there is to learn from.

    Args:
        digits: Real ones.
        letters: Real letters and signs.
        seed: The same seed gives the same drawings.
        limit: The most of each: real digits, real letters, made-up digits and what is no digit.
        renderings: Drawings of each real digit.
        progress: Called with drawings done and drawings in all.
        stop_if_told: Called every few drawings; raises to stop.

    Shapes:
        (N, 10, 28, 28) bytes, and (N,) labels 0 … 12.
    """
    digits, letters = digits[:limit], letters[:limit]
    made_up, rejects = (min(limit or n, n) for n in (MADE_UP_DIGITS, MADE_UP_REJECTS))
    total = len(digits) * renderings + len(letters) * LETTER_RENDERINGS + made_up + rejects
    images = np.empty((total, PLANES, DIGIT_SIDE, DIGIT_SIDE), dtype=np.uint8)
    labels = np.empty(total, dtype=np.uint8)
    done = 0
    rng = np.random.default_rng([seed, 29])
    for ink, of, style in _all_ink(digits, renderings, letters, made_up, rejects, rng):
        last = done + ink.count
        ordered = with_other_order(ink, rng, _OTHER_ORDER)
        images[done:last] = render_varied_planes(ordered, rng, style, stop_if_told)
        labels[done:last] = of
        done = last
        if progress:
            progress(done, total)
    return images, labels


def _all_ink(
    digits: Sequence[StrokeSample],
    renderings: int,
    letters: Sequence[StrokeSample],
    made_up: int,
    rejects: int,
    rng: np.random.Generator,
) -> Iterator[_Ink]:
    """All drawings, some at a time, with their labels and how far they may be changed."""
    numbers = np.array([sample.label for sample in digits], dtype=np.uint8)
    yield from _repeated(digits, numbers, renderings, _STYLE)
    signs = np.full(len(letters), LETTER, dtype=np.uint8)
    yield from _repeated(letters, signs, LETTER_RENDERINGS, _MADE_UP_STYLE)
    for size in _parts(made_up):
        ink, of = handwriting.draw_ink(size, rng)
        yield ink, of, _MADE_UP_STYLE
    for size in _parts(rejects):
        for kind, of in not_digits.draw_kinds(size, rng):
            if kind is not None:
                yield kind, of, _MADE_UP_STYLE


def _repeated(
    samples: Sequence[StrokeSample], labels: NDArray[np.uint8], times: int, style: StrokeStyle
) -> Iterator[_Ink]:
    """Real drawings, each so many times."""
    if not samples:
        return
    ink = InkBatch.from_drawings([sample.strokes for sample in samples])
    for _ in range(times):
        for first in range(0, ink.count, _CHUNK):
            last = min(first + _CHUNK, ink.count)
            yield ink.part(first, last), labels[first:last], style


def _parts(count: int) -> Iterator[int]:
    for first in range(0, count, _CHUNK):
        yield min(_CHUNK, count - first)
