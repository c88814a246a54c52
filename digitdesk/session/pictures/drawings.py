"""A file of strokes as a set of pictures: each drawing as a network sees it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from digitdesk.data.importing.imported import ImportedPart
from digitdesk.errors import DataError
from digitdesk.evaluation.slices import Advance
from digitdesk.ink.arrays import UInt8Array
from digitdesk.ink.picture.grey_picture import as_bytes
from digitdesk.ink.preprocessing import preprocess_strokes
from digitdesk.ink.stroke_file import StrokeSample, read_stroke_file
from digitdesk.ink.strokes import fit_to_board
from digitdesk.messages.own.pictures import PictureSet
from digitdesk.messages.picture import DIGIT_SIDE
from digitdesk.session.pictures.open_set import OpenSet

_TOLD_EACH = 50


def picture_of(sample: StrokeSample) -> UInt8Array:
    """A drawing as a network sees it, (28, 28), ink = 255; blank where there is no ink."""
    seen = preprocess_strokes(fit_to_board(sample.strokes))
    return np.zeros((DIGIT_SIDE, DIGIT_SIDE), dtype=np.uint8) if seen is None else as_bytes(seen)


def drawn_part(
    samples: list[StrokeSample], class_names: tuple[str, ...], advance: Advance
) -> ImportedPart:
    """Drawings as pictures, labelled by the place of their class among the names."""
    pictures = np.zeros((len(samples), DIGIT_SIDE, DIGIT_SIDE), dtype=np.uint8)
    for place, sample in enumerate(samples):
        if not place % _TOLD_EACH:
            advance(place, len(samples))
        pictures[place] = picture_of(sample)
    places = {name: k for k, name in enumerate(class_names)}
    labels = [places[sample.class_name] for sample in samples]
    return ImportedPart(pictures, np.array(labels, dtype=np.int16))


def names_of(samples: list[StrokeSample]) -> tuple[str, ...]:
    """Names of the classes that occur: numbers in their order, then words."""
    found = {sample.class_name for sample in samples}
    return tuple(sorted(found, key=lambda n: (not n.isdigit(), int(n) if n.isdigit() else 0, n)))


def drawn_set(path: Path, key: str, advance: Advance) -> OpenSet:
    """The drawings of a file.

    Raises:
        DataError: It cannot be read, or holds none.
    """
    samples = read_stroke_file(path)
    if not samples:
        raise DataError(f"{path.name} holds no drawings", expected="one at least")
    names = names_of(samples)
    facts = PictureSet(key, str(path), path.name.split(".")[0], names, (), (), path=path)
    return OpenSet(facts, {"train": drawn_part(samples, names, advance)})
