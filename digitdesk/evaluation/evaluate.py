"""A reader reads a labelled set; what it said of every picture is kept, to be counted and shown."""

from __future__ import annotations

import numpy as np

from digitdesk.evaluation.class_matching import matched_labels
from digitdesk.evaluation.items import EvaluatedSet
from digitdesk.evaluation.labelled_sets import LabelledSet
from digitdesk.evaluation.slices import Advance, slices
from digitdesk.ink.arrays import UInt8Array
from digitdesk.ink.picture.grey_picture import as_bytes
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
        DataError: There is nothing to read, or the model does not know a class of the set.
        ModelFileError: The network's numbers have overflowed.
    """
    names = reader.card.class_names
    # Checked before reading: a wrong set should not cost a minute to find out.
    labels = labelled.labels
    if labels is not None:
        labels = matched_labels(labels, labelled.class_names or names, names)
    pictures: list[UInt8Array] = []
    answers: list[Answers] = []
    reasons: list[str] = []
    for part in slices(labelled.count, advance):
        if labelled.strokes is not None:
            shown = reader.shown_of(labelled.strokes[part])
            preprocessed = shown[:, 0]
            said = reader.answer_strokes(labelled.strokes[part], shown)
        elif labelled.seen is not None:
            seen = labelled.seen(part)
            preprocessed = np.stack([one.preprocessed for one in seen])
            said = reader.answer_seen(seen)
        else:
            preprocessed = labelled.preprocessed(part)
            said = reader.answer_many(preprocessed)
        has_ink = np.any(preprocessed, axis=(1, 2))
        reasons += [
            reason if ink else "empty"
            for reason, ink in zip(reader.reasons(said), has_ink.tolist(), strict=True)
        ]
        if labelled.pictures is None:
            pictures.append(as_bytes(preprocessed))
        answers.append(said)
    return EvaluatedSet(
        names,
        np.concatenate(pictures) if labelled.pictures is None else labelled.pictures,
        labels,
        Answers.joined(answers),
        tuple(reasons),
        reader.card.refusal_threshold,
    )
