"""A few drawings with DigitDesk's own answers, by which an exported program checks itself."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitdesk.export.content import Arrays
from digitdesk.messages.model import ModelCard
from digitdesk.messages.prediction import Stroke
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.recognition.reader import Reader
from digitdesk.recognition.stroke_network import planes_of

COUNT = 12


@dataclass(frozen=True, slots=True)
class Samples:
    """Drawings as a network sees them, and what is said of them.

    Attributes:
        pictures: (N, 1, 28, 28).
        planes: (N, 10, 28, 28).
        of_pictures: (N, classes) probabilities of the pictures; ``None`` for who reads none.
        of_strokes: The same where strokes are known; ``None`` for who has no network for them.
    """

    pictures: NDArray[np.float32]
    planes: NDArray[np.float32]
    of_pictures: NDArray[np.float32] | None
    of_strokes: NDArray[np.float32] | None


@dataclass(frozen=True, slots=True)
class StoredArrays:
    """A model as ``Reader.from_stored`` takes it."""

    card: ModelCard
    arrays: dict[str, NDArray[np.float32]]


def samples(card: ModelCard, arrays: Arrays) -> Samples:
    """The drawings, read with a model.

    Raises:
        ModelFileError: It cannot be read with.
    """
    drawings = [_spiral(k) for k in range(COUNT)]
    planes = planes_of(drawings)
    pictures = planes[:, 0]
    # Programs have the networks for digits alone.
    reader = Reader.from_stored(StoredArrays(card, dict(arrays)), cpu_backend()).without_lines()
    knows_strokes = card.strokes is not None or not reader.reads_pictures
    return Samples(
        pictures[:, np.newaxis],
        planes,
        reader.answer_many(pictures).probabilities.astype(np.float32)
        if reader.reads_pictures
        else None,
        reader.answer_strokes(drawings, planes).probabilities.astype(np.float32)
        if knows_strokes
        else None,
    )


def _spiral(k: int) -> tuple[Stroke, ...]:
    """An arc that is wound up further and further as ``k`` grows."""
    turn = (k + 1) * math.pi / 6
    angles = [turn * step / 24 for step in range(25)]
    stroke = tuple((140 + (40 + 6 * a) * math.cos(a), 140 - 90 * math.sin(a)) for a in angles)
    return (stroke,)
