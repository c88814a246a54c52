"""Real pen strokes of thirty writers, drawn many times with changed form and pen.

UCI "Pen-Based Recognition of Handwritten Digits" by E. Alpaydin and F. Alimoglu, CC BY 4.0.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digitdesk.data.progress import Progress, StopIfTold, never_told
from digitdesk.data.strokes.stroke_augmentation import StrokeStyle, render_varied
from digitdesk.ink.ink_batch import InkBatch
from digitdesk.ink.stroke_file import StrokeSample, read_unipen

FILE_NAMES = ("pendigits-orig.tra.gz", "pendigits-orig.tra")
RENDERINGS = 4


def has_pendigits(folder: Path) -> bool:
    """Whether the file is there."""
    return any((folder / name).is_file() for name in FILE_NAMES)


def read_pendigits(folder: Path) -> list[StrokeSample]:
    """The training part of the original strokes; ``writer`` is "1" … "30".

    Raises:
        DataError: The file is missing or damaged.
    """
    paths = [folder / name for name in FILE_NAMES]
    return read_unipen(next((path for path in paths if path.is_file()), paths[0]))


def render_samples(
    samples: Sequence[StrokeSample],
    *,
    seed: int,
    renderings: int = RENDERINGS,
    style: StrokeStyle | None = None,
    progress: Progress | None = None,
    stop_if_told: StopIfTold = never_told,
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Images of stroke samples, each drawn several times in another form.

    Args:
        samples: What was written.
        seed: The same seed gives the same images.
        renderings: Images per sample.
        style: How far the forms may differ.
        progress: Called with images done and images in all.
        stop_if_told: Called every few images; raises to stop.

    Shapes:
        N samples → (N · renderings, 28, 28) and (N · renderings,).
    """
    ink = InkBatch.from_drawings([sample.strokes for sample in samples])
    # What is no number has the label -1, and a label of its own from the caller.
    labels = np.asarray([max(0, sample.label) for sample in samples], dtype=np.uint8)
    images = []
    for number in range(renderings):
        # One stream a rendering, so that more renderings only add images.
        rng = np.random.default_rng([seed, number])
        images.append(render_varied(ink, rng, style, stop_if_told))
        if progress:
            progress((number + 1) * len(samples), renderings * len(samples))
    return np.concatenate(images), np.tile(labels, renderings)
