"""A reader reads a labelled set; what it said of every picture is kept, to be counted and shown."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.errors import DataError
from digitdesk.evaluation.items import EvaluatedSet
from digitdesk.evaluation.labelled_sets import LabelledSet
from digitdesk.evaluation.slices import Advance, slices
from digitdesk.ink.grey_picture import as_bytes
from digitdesk.recognition.reader import Answers, Reader


def evaluate(
    reader: Reader, labelled: LabelledSet, advance: Advance = lambda done, total: None
) -> EvaluatedSet:
    """Read every picture of a set.

    Args:
        reader: The model.
        labelled: The pictures, and what they show.
        advance: Told how far it is; raises to stop.

    Raises:
        DataError: There is nothing to read, or a label is none of the model's classes.
        ModelFileError: The network's numbers have overflowed.
    """
    names = reader.card.class_names
    # Checked before reading: a wrong set should not cost a minute to find out.
    if labelled.labels is not None:
        check_labels(labelled.labels, names)
    pictures, answers = [], []
    reasons: list[str] = []
    for part in slices(labelled.count, advance):
        preprocessed = labelled.preprocessed(part)
        said = reader.answer_many(preprocessed)
        has_ink = preprocessed.reshape(len(preprocessed), -1).max(axis=1) > 0
        reasons += [reader.reason(said, k) if ink else "empty" for k, ink in enumerate(has_ink)]
        pictures.append(as_bytes(preprocessed))
        answers.append(said)
    return EvaluatedSet(
        names, np.concatenate(pictures), labelled.labels, Answers.joined(answers), tuple(reasons)
    )


def check_labels(labels: NDArray[Any], class_names: tuple[str, ...]) -> None:
    """Refuse labels that are no classes.

    Raises:
        DataError: There are none, or one is none of the classes.
    """
    if len(labels) == 0:
        raise DataError("There is nothing to evaluate on", received="an empty set")
    lowest, highest = int(labels.min()), int(labels.max())
    if lowest < 0 or highest >= len(class_names):
        raise DataError(
            "The labels are not the model's classes",
            expected=f"0 to {len(class_names) - 1}",
            received=f"{lowest} to {highest}",
            hint="Use a model that was trained on such data; pictures of no digits need no labels",
        )
