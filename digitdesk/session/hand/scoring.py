"""How well a model reads a person's exam, or MNIST's test images."""

from __future__ import annotations

import numpy as np

from digitdesk.errors import DataError
from digitdesk.evaluation.evaluate import evaluate
from digitdesk.evaluation.items import EvaluatedSet
from digitdesk.evaluation.labelled_sets import LabelledSet
from digitdesk.evaluation.scores import scores
from digitdesk.evaluation.slices import Advance
from digitdesk.ink.arrays import Float32Array
from digitdesk.ink.preprocessing import preprocess_strokes
from digitdesk.ink.stroke_file import StrokeSample
from digitdesk.ink.strokes import fit_to_board
from digitdesk.messages.own.hand import ExamError, ExamScore
from digitdesk.messages.picture import Picture
from digitdesk.recognition.reader import Reader
from digitdesk.session.hand.exam_sheets import Sheet

_TELLS_CALIBRATION = 1000
"""Of fewer drawings, what the confidence is off by is chance."""


def drawn_exam(sheet: Sheet) -> LabelledSet:
    """The drawings of an exam as a set to be read.

    Raises:
        DataError: It is not sealed yet.
    """
    if not sheet.told.is_sealed:
        raise DataError(
            "The exam is not complete yet",
            expected=f"{sheet.told.count} drawings",
            received=str(sheet.told.done),
        )
    return _drawn(sheet.samples, sheet.facts.class_names)


def _drawn(samples: tuple[StrokeSample, ...], class_names: tuple[str, ...]) -> LabelledSet:
    """Drawings as a set to be read, each as the board would show it."""
    strokes = tuple(fit_to_board(sample.strokes) for sample in samples)
    labels = np.array([class_names.index(sample.class_name) for sample in samples])

    def preprocessed(part: slice) -> Float32Array:
        empty = np.zeros((28, 28), dtype=np.float32)
        seen = [preprocess_strokes(drawing) for drawing in strokes[part]]
        return np.stack([empty if picture is None else picture for picture in seen])

    return LabelledSet(len(samples), labels, preprocessed, class_names, strokes)


def score(
    reader: Reader, labelled: LabelledSet, model_key: str, advance: Advance = lambda d, t: None
) -> ExamScore:
    """Have a model read a set.

    Raises:
        DataError: The model does not know a class of the set.
    """
    evaluated = evaluate(reader, labelled, advance)
    counted = scores(evaluated)
    assert counted.accuracy is not None and counted.interval is not None
    is_exam = labelled.count < _TELLS_CALIBRATION
    return ExamScore(
        model_key,
        reader.card.title,
        counted.n,
        counted.correct,
        counted.accuracy,
        counted.interval,
        int(evaluated.is_refused.sum()),
        _errors(evaluated) if is_exam else (),
        None if is_exam else counted.calibration_error,
    )


def _errors(evaluated: EvaluatedSet) -> tuple[ExamError, ...]:
    """What was read wrong, in the order in which it was written."""
    return tuple(
        ExamError(
            place,
            Picture.of(np.ascontiguousarray(evaluated.pictures[place])),
            evaluated.label(place),
            evaluated.class_names[int(evaluated.predicted[place])],
            float(evaluated.confidence[place]),
            bool(evaluated.is_refused[place]),
        )
        for place in np.flatnonzero(~evaluated.is_right).tolist()
    )
