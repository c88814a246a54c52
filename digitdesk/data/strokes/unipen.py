"""Digits, letters and signs of some 170 writers on the tablets of the nineties.

UNIPEN train_r01_v07: I. Guyon et al., "UNIPEN project of on-line data exchange and recognizer
benchmarks", ICPR 1994; International Unipen Foundation, CC BY 4.0
(doi.org/10.5281/zenodo.1195803). Here in the form of DigitDesk's own stroke files.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from digitdesk.data.dataset import Labelled
from digitdesk.data.progress import Progress, StopIfTold, never_told
from digitdesk.data.strokes.pendigits import render_samples
from digitdesk.data.synthetic.handwriting import STYLE
from digitdesk.data.synthetic.letter_skeletons import LETTER
from digitdesk.ink.stroke_file import StrokeSample, read_stroke_file

FOLDERS = ("unipen", "strokes")
FILE_NAMES = tuple(f"unipen_{what}_train.json.gz" for what in ("digits", "letters", "symbols"))
DIGIT_RENDERINGS = 4
LETTER_RENDERINGS = 2

WRONG_LABELS = frozenset((76, 88, 945, 1536, 2502, 2620, 2697, 2698, 2868, 2870, 3133, 3801))
"""Places in the file of digits that are another digit, or half of one: seen among the 125 that an
earlier reader took for another digit."""

LIKE_DIGITS = frozenset("OoDQIilSsZzBbGgqy9()/|,.'`:;!")
"""Written by many hands exactly as a digit, or as next to nothing: nobody could tell."""


def has_unipen(folder: Path) -> bool:
    """Whether all three files are there."""
    return all((folder / name).is_file() for name in FILE_NAMES)


def read_unipen_digits(folder: Path) -> list[StrokeSample]:
    """The digits but for wrong ones; ``writer`` is a contributor and a number, as "aga-001".

    Raises:
        DataError: The file is missing or damaged.
    """
    found = read_stroke_file(folder / FILE_NAMES[0])
    return [sample for place, sample in enumerate(found) if place not in WRONG_LABELS]


def read_unipen_letters(folder: Path) -> list[StrokeSample]:
    """Letters and signs that are not like digits.

    Raises:
        DataError: A file is missing or damaged.
    """
    found = [sample for name in FILE_NAMES[1:] for sample in read_stroke_file(folder / name)]
    return [sample for sample in found if sample.name not in LIKE_DIGITS]


def render_letters(
    samples: list[StrokeSample],
    *,
    seed: int,
    progress: Progress | None = None,
    stop_if_told: StopIfTold = never_told,
) -> Labelled:
    """Pictures of letters and signs, each drawn several times in another form.

    Returns:
        As ``not_digits.generate``; all of them are letters.
    """
    images, _ = render_samples(
        samples,
        seed=seed,
        renderings=LETTER_RENDERINGS,
        style=STYLE,
        progress=progress,
        stop_if_told=stop_if_told,
    )
    return images, np.full(len(images), LETTER, dtype=np.uint8)
