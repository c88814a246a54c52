"""What is no digit: letters and symbols, scribbles, and several digits at once.

A network that has seen these can say what it sees instead of guessing a digit.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from digitdesk.data.dataset import Labelled
from digitdesk.data.progress import Progress, StopIfTold, never_told
from digitdesk.data.strokes.stroke_augmentation import render_varied
from digitdesk.data.synthetic.chunks import draw_in_chunks
from digitdesk.data.synthetic.handwriting import STYLE, VARIANTS, pack
from digitdesk.data.synthetic.invented_signs import invented_sign
from digitdesk.data.synthetic.letter_skeletons import LETTERS
from digitdesk.data.synthetic.scribbles import scribble
from digitdesk.data.synthetic.sign_skeletons import SIGNS
from digitdesk.data.synthetic.skeleton import Variant
from digitdesk.ink.arrays import Float64Array
from digitdesk.ink.ink_batch import InkBatch

REJECT_NAMES = ("letter", "scribble", "two-digits")
"""Their labels are 10, 11 and 12, after those of the digits."""

TRAIN_COUNT = 36_000
_SHARES = (0.35, 0.15, 0.32, 0.18)
_LABELS = np.array([10, 10, 11, 12], dtype=np.uint8)
"""Of letters, invented letters, scribbles and rows of digits."""
_CHUNK = 3_000
_NOTHING = np.zeros((0, 28, 28), dtype=np.uint8)


def generate(
    count: int,
    *,
    seed: int,
    progress: Progress | None = None,
    stop_if_told: StopIfTold = never_told,
) -> Labelled:
    """Make up pictures of what is no digit.

    Args:
        count: How many, of all three kinds together.
        seed: The same seed gives the same pictures.
        progress: Called with pictures done and pictures in all.
        stop_if_told: Called every few pictures; raises to stop.

    Shapes:
        (count, 28, 28) greys with ink = 255, and (count,) labels 10 … 12.
    """
    rng = np.random.default_rng([seed, 13])

    def draw(size: int) -> Labelled:
        kinds = draw_kinds(size, rng)
        drawn = [
            _NOTHING if ink is None else render_varied(ink, rng, STYLE, stop_if_told)
            for ink, _ in kinds
        ]
        _shade(drawn[2], rng)
        order = rng.permutation(size)
        return np.concatenate(drawn)[order], np.concatenate([of for _, of in kinds])[order]

    return draw_in_chunks(draw, count, _CHUNK, progress)


def draw_kinds(
    count: int, rng: np.random.Generator
) -> list[tuple[InkBatch | None, NDArray[np.uint8]]]:
    """Drawings of each kind, with their labels: letters, invented ones, scribbles, rows."""
    counts = rng.multinomial(count, _SHARES)
    makers: tuple[Callable[[int], InkBatch], ...] = (
        lambda count: _mixed(LETTERS + SIGNS, count, rng),
        lambda count: _made(invented_sign, count, rng),
        lambda count: _made(scribble, count, rng),
        lambda count: _rows(count, rng),
    )
    # Of a few pictures, some kinds may have none.
    return [
        (make(int(n)) if n else None, np.repeat(label, n))
        for make, n, label in zip(makers, counts, _LABELS, strict=True)
    ]


def _shade(images: NDArray[np.uint8], rng: np.random.Generator) -> None:
    """Give a third of the pictures uneven greys, as photos of things have them; in place."""
    chosen = np.flatnonzero(rng.random(len(images)) < 1 / 3)
    knots = rng.uniform(0.2, 1, (len(chosen), 7, 7))
    # Each grey of 7×7 covers 4×4 pixels; two passes of a 3-pixel mean blur the steps.
    shade = np.kron(knots, np.ones((4, 4)))
    for axis in (1, 2, 1, 2):
        shade = (shade + np.roll(shade, 1, axis) + np.roll(shade, -1, axis)) / 3
    images[chosen] = np.rint(images[chosen] * shade).astype(np.uint8)


def _mixed(variants: tuple[Variant, ...], count: int, rng: np.random.Generator) -> InkBatch:
    """Drawings of variants as often as their weights say, one after the other."""
    weights = np.array([variant.weight for variant in variants])
    counts = rng.multinomial(count, weights / weights.sum())
    return pack([(v, int(n)) for v, n in zip(variants, counts, strict=True) if n], rng)


def _made(
    make: Callable[[np.random.Generator], list[Float64Array]], count: int, rng: np.random.Generator
) -> InkBatch:
    """Drawings that a function makes up, one by one."""
    return InkBatch.from_drawings([[path.tolist() for path in make(rng)] for _ in range(count)])


def _rows(count: int, rng: np.random.Generator) -> InkBatch:
    """Two or three digits beside each other, apart or just touching."""
    digits = _mixed(VARIANTS, 3 * count, rng).drawings()
    order = rng.permutation(len(digits))
    rows = []
    for number in range(count):
        row: list[list[list[float]]] = []
        right = 0.0
        for place in range(2 + int(rng.random() < 0.25)):
            drawing = digits[order[3 * number + place]]
            points = np.concatenate([np.array(stroke) for stroke in drawing])
            low, high = points.min(axis=0), points.max(axis=0)
            size = rng.uniform(0.8, 1.1)
            shift = np.array([right - size * low[0], rng.normal(0, 6) - size * low[1]])
            row += [(np.array(stroke) * size + shift).tolist() for stroke in drawing]
            right += size * (high[0] - low[0]) + rng.uniform(-2, 40)
        rows.append(row)
    return InkBatch.from_drawings(rows)
