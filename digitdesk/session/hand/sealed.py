"""Drawings that nothing may be trained on: those of exams, known by their strokes and pictures."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from digitdesk.data.dataset import Dataset
from digitdesk.errors import DataError
from digitdesk.ink.arrays import UInt8Array
from digitdesk.ink.strokes import Points

UNSEEN = "Exams it has not seen:"
_HINT = "Leave them out: what a model was trained on says nothing of how it reads"


def hash_of(strokes: Sequence[Points]) -> str:
    """The name of a drawing, by which it is known again wherever it was copied to.

    Only where its points lie counts: neither when they were written, nor what they were called.
    """
    lines = (" ".join(f"{point[0]:.2f},{point[1]:.2f}" for point in stroke) for stroke in strokes)
    text = ";".join(line for line in lines if line)
    return hashlib.sha256(text.encode()).hexdigest()


def unseen(names: Iterable[str]) -> str:
    """That a model has not seen these exams, as a sentence; nothing where there are none."""
    listed = ", ".join(names)
    return f"{UNSEEN} {listed}." if listed else ""


class Seal:
    """Refuses training data that holds drawings of exams.

    Args:
        exams: Gives what each exam is called, hashes of its drawings, and their pictures.
    """

    def __init__(
        self, exams: Callable[[], Iterable[tuple[str, frozenset[str], frozenset[bytes]]]]
    ) -> None:
        self._exams = exams

    @property
    def note(self) -> str:
        """What the card of a model says that was trained on nothing of the exams."""
        return unseen(name for name, _hashes, _pictures in self._exams())

    def check_drawings(self, drawings: Iterable[Sequence[Points]]) -> None:
        """Refuse drawings of an exam.

        Raises:
            DataError: There are some.
        """
        hashes = {hash_of(strokes) for strokes in drawings}
        for name, sealed, _pictures in self._exams():
            self._refuse(name, len(hashes & sealed))

    def check_dataset(self, dataset: Dataset) -> None:
        """Refuse a set that holds pictures of an exam among those to train on.

        Raises:
            DataError: There are some.
        """
        if dataset.input_planes == 1:
            self.check_pictures(dataset.train_images)

    def check_pictures(self, pictures: UInt8Array) -> None:
        """The same of pictures (N, 28, 28) as a drawing is shown to a network."""
        exam_of = {picture: name for name, _, sealed in self._exams() for picture in sealed}
        if not exam_of:
            return
        # One by one: all pictures of a large set as texts would take the room of the set again.
        flat = np.ascontiguousarray(pictures).reshape(len(pictures), -1)
        found = Counter(exam_of.get(row.tobytes(), "") for row in flat)
        for name, count in found.items():
            self._refuse(name, count if name else 0)

    @staticmethod
    def _refuse(name: str, count: int) -> None:
        if count:
            raise DataError(
                "Drawings of an exam are among what is to be learned",
                expected="none: they are there to measure by",
                received=f"{count} of the exam {name}",
                hint=_HINT,
            )
