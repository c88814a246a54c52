"""Handwriting made up by the program, so that training works with no download at all.

Skeletons of each digit's usual variants are mixed, loosened and drawn with the board's own ink.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitdesk.data.dataset import Labelled
from digitdesk.data.progress import Progress, StopIfTold, never_told
from digitdesk.data.strokes.stroke_augmentation import StrokeStyle, augment_strokes, render_varied
from digitdesk.data.synthetic.chunks import draw_in_chunks
from digitdesk.data.synthetic.skeleton import Variant
from digitdesk.data.synthetic.skeleton_curves import Hand, draw_variant
from digitdesk.data.synthetic.skeletons_0_to_4 import ZERO_TO_FOUR
from digitdesk.data.synthetic.skeletons_5_to_9 import FIVE_TO_NINE
from digitdesk.ink.ink_batch import InkBatch
from digitdesk.ink.strokes import fit_to_board
from digitdesk.messages.prediction import Stroke

VARIANTS = ZERO_TO_FOUR + FIVE_TO_NINE
TRAIN_COUNT = 60_000
TEST_COUNT = 5_000
TEST_SEED = 20_261_120
"""A stream of its own: no training seed gives these images."""

HAND = Hand()
STYLE = StrokeStyle(
    rotation=0.15,
    shear=0.28,
    log_aspect=0.25,
    displacement=0.02,
    # Most pens are thin, a few are markers.
    pen_px=(1.4, 6.2),
    pen_shape=(1.1, 2.4),
)
_CHUNK = 5_000
_test_parts: dict[int, Labelled] = {}
"""What was drawn to test on, by how many images it is."""


def generate(
    count: int,
    *,
    seed: int,
    progress: Progress | None = None,
    stop_if_told: StopIfTold = never_told,
) -> Labelled:
    """Make up images of digits, all ten equally likely.

    Args:
        count: How many.
        seed: The same seed gives the same images.
        progress: Called with images done and images in all.
        stop_if_told: Called every few images; raises to stop.

    Shapes:
        (count, 28, 28) greys with ink = 255, and (count,) labels.
    """
    rng = np.random.default_rng(seed)

    def draw(size: int) -> Labelled:
        ink, labels = draw_ink(size, rng)
        # Variants come one after the other; training sets are better mixed.
        order = rng.permutation(ink.count)
        return render_varied(ink, rng, STYLE, stop_if_told)[order], labels[order]

    return draw_in_chunks(draw, count, _CHUNK, progress)


def test_part(stop_if_told: StopIfTold = never_told) -> Labelled:
    """The images to test on, the same for every training seed, so that runs can be compared.

    They are drawn once and kept, as each tab and each run wants them: nobody may write to them.

    Args:
        stop_if_told: Called every few images; raises to stop.

    Shapes:
        As ``generate``, with 5,000 images.
    """
    count = TEST_COUNT
    if count not in _test_parts:
        drawn = generate(count, seed=TEST_SEED, stop_if_told=stop_if_told)
        for array in drawn:
            array.flags.writeable = False
        # Two who draw them at once draw the same.
        _test_parts[count] = drawn
    return _test_parts[count]


def generate_strokes(label: int, rng: np.random.Generator) -> tuple[Stroke, ...]:
    """Make up one drawing of a digit, as strokes that fill a board.

    Args:
        label: The digit, 0 … 9.
        rng: Decides the form.
    """
    variants = [variant for variant in VARIANTS if variant.label == label]
    if not variants:
        raise ValueError(f"There is no digit {label}.")
    weights = np.array([variant.weight for variant in variants])
    variant = variants[rng.choice(len(variants), p=weights / weights.sum())]
    ink = augment_strokes(pack([(variant, 1)], rng), rng, STYLE)
    return fit_to_board(ink.drawings()[0])


def draw_ink(count: int, rng: np.random.Generator) -> tuple[InkBatch, NDArray[np.uint8]]:
    """Drawings of all digits, sorted by variant."""
    totals = {
        label: sum(variant.weight for variant in VARIANTS if variant.label == label)
        for label in range(10)
    }
    chances = np.array([variant.weight / totals[variant.label] / 10 for variant in VARIANTS])
    counts = rng.multinomial(count, chances / chances.sum())
    chosen = [(variant, int(n)) for variant, n in zip(VARIANTS, counts, strict=True) if n]
    labels = np.repeat([variant.label for variant, _ in chosen], [n for _, n in chosen])
    return pack(chosen, rng), labels.astype(np.uint8)


def pack(chosen: list[tuple[Variant, int]], rng: np.random.Generator) -> InkBatch:
    """Draw each variant as often as asked, all in one batch, variant by variant."""
    points, starts, samples = [], [], []
    done = 0
    for variant, count in chosen:
        strokes = draw_variant(variant, count, rng, HAND)
        lengths = [stroke.shape[1] for stroke in strokes]
        starts_stroke = np.zeros(sum(lengths), dtype=np.bool_)
        starts_stroke[np.cumsum([0, *lengths[:-1]])] = True
        points.append(np.concatenate(strokes, axis=1).reshape(-1, 2))
        starts.append(np.tile(starts_stroke, count))
        samples.append(np.repeat(np.arange(done, done + count), sum(lengths)))
        done += count
    return InkBatch(
        np.concatenate(points).astype(np.float32),
        np.concatenate(starts),
        np.concatenate(samples).astype(np.intp),
        done,
    )
