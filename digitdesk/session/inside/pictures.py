"""Pictures of data sets to look at one by one: the next, the next of a class, the next error."""

from __future__ import annotations

import dataclasses

import numpy as np

from digitdesk.errors import DataError
from digitdesk.evaluation.class_matching import numbers_as_names
from digitdesk.evaluation.evaluate import evaluate
from digitdesk.evaluation.labelled_sets import LabelledSet
from digitdesk.evaluation.robustness import sample_places
from digitdesk.ink.arrays import Float32Array, UInt8Array
from digitdesk.ink.picture.grey_picture import as_bytes
from digitdesk.messages.exam import ExamData
from digitdesk.messages.inside.edits import CheckedAccuracy
from digitdesk.messages.inside.preparation import Sample
from digitdesk.messages.picture import Picture
from digitdesk.metrics import accuracy, wilson_interval
from digitdesk.recognition.reader import Reader
from digitdesk.session.exams.exam_data import ExamShelf
from digitdesk.session.progress import Progress

_LOOKED_AT_ONCE = 256


class TestPictures:
    """The test pictures of data sets.

    Args:
        shelf: Finds and loads them.
    """

    __test__ = False  # no test, whatever its name says to pytest

    def __init__(self, shelf: ExamShelf) -> None:
        self._shelf = shelf

    def sample(self, data: str, index: int) -> Sample:
        """The picture at a place of a set.

        Raises:
            DataError: The set is not there, or has no such picture.
        """
        labelled = self._load(data)
        if not 0 <= index < labelled.count:
            raise DataError(
                f"There is no such picture in {data}",
                expected=f"0 to {labelled.count - 1}",
                received=str(index),
            )
        return _sample(data, labelled, index)

    def find(
        self, data: str, after: int, label: str | None, reader: Reader | None, advance: Progress
    ) -> Sample | None:
        """The next picture of a class, or the next that a model reads wrong; ``None`` for none.

        Behind the last picture comes the first; the one at ``after`` is looked at last.

        Args:
            data: Name of the set.
            after: Where to begin.
            label: Name of the class; any where ``None``.
            reader: Is to be wrong, where there is one.
            advance: Told how many are looked at, and of how many; raises to stop.
        """
        labelled = self._load(data)
        names = _names(labelled)
        assert labelled.labels is not None
        order = (np.arange(labelled.count) + after + 1) % labelled.count
        wanted = [k for k in order.tolist() if label in (None, names[int(labelled.labels[k])])]
        if reader is None:
            return _sample(data, labelled, wanted[0]) if wanted else None
        for first in range(0, len(wanted), _LOOKED_AT_ONCE):
            advance(first, len(wanted))
            places = wanted[first : first + _LOOKED_AT_ONCE]
            answers = reader.read_many(_greys(labelled, places)).argmax(axis=1)
            for place, answer in zip(places, answers.tolist(), strict=True):
                if reader.card.class_names[answer] != names[int(labelled.labels[place])]:
                    return _sample(data, labelled, place)
        return None

    def accuracy(self, data: str, reader: Reader, advance: Progress) -> CheckedAccuracy:
        """How many of a thousand pictures a model reads right; the same ones each time.

        Args:
            data: Name of the set.
            reader: The model.
            advance: Told how many are read, and of how many; raises to stop.

        Raises:
            DataError: The set is not there, or the model does not know its classes.
        """
        labelled = self._load(data)
        places = sample_places(labelled.count)
        assert labelled.labels is not None
        greys = _greys(labelled, places.tolist())
        some = dataclasses.replace(
            LabelledSet.of(greys, labelled.labels[places]), class_names=labelled.class_names
        )
        right, count = int(evaluate(reader, some, advance).is_right.sum()), len(places)
        return CheckedAccuracy(
            data, count, right, accuracy(right, count), wilson_interval(right, count)
        )

    def some(self, data: str, most: int) -> tuple[Float32Array, tuple[str, ...]]:
        """Some pictures (N, 28, 28), and the name of the class that each shows."""
        labelled = self._load(data)
        places = sample_places(labelled.count, most).tolist()
        names = _names(labelled)
        assert labelled.labels is not None
        return _greys(labelled, places), tuple(names[int(labelled.labels[k])] for k in places)

    def _load(self, data: str) -> LabelledSet:
        labelled = self._shelf.load(ExamData("dataset", data), None)
        if labelled.labels is None:
            raise DataError(f"The pictures of {data} have no labels")
        return labelled


def _names(labelled: LabelledSet) -> tuple[str, ...]:
    return labelled.class_names or numbers_as_names(labelled.labels)


def _sample(data: str, labelled: LabelledSet, index: int) -> Sample:
    assert labelled.labels is not None
    label = _names(labelled)[int(labelled.labels[index])]
    return Sample(data, index, labelled.count, Picture.of(_bytes(labelled, index)), label)


def _bytes(labelled: LabelledSet, index: int) -> UInt8Array:
    if labelled.pictures is not None:
        picture: UInt8Array = labelled.pictures[index]
        return picture
    return as_bytes(labelled.preprocessed(slice(index, index + 1))[0])


def _greys(labelled: LabelledSet, places: list[int]) -> Float32Array:
    if labelled.pictures is not None:
        return labelled.pictures[places].astype(np.float32) / np.float32(255)
    return np.concatenate([labelled.preprocessed(slice(k, k + 1)) for k in places])
