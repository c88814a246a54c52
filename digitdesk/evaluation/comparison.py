"""Two models read the same pictures: how often they agree, and where they differ."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from digitdesk.errors import DataError
from digitdesk.evaluation.class_matching import matched_labels, shown_names
from digitdesk.evaluation.slices import Advance, slices
from digitdesk.ink.arrays import UInt8Array
from digitdesk.messages.evaluation import ComparedItem, Comparison
from digitdesk.messages.picture import Picture
from digitdesk.metrics import confusion_matrix, paired_counts
from digitdesk.recognition.reader import Reader

_MAX_EXAMPLES = 100


def compare_readers(
    a: Reader,
    b: Reader,
    images: UInt8Array,
    labels: UInt8Array,
    limit: int,
    advance: Advance = lambda done, total: None,
    *,
    class_names: tuple[str, ...] | None = None,
) -> Comparison:
    """Let both read every picture.

    Args:
        a: One model.
        b: The other; it must know the same classes.
        images: (N, 28, 28) preprocessed pictures, ink = 255.
        labels: (N,) places among ``class_names``.
        limit: Read no more than this, evenly spread over the set.
        advance: Told how many answers there are, and of how many; raises to stop.
        class_names: Of the set; ``None`` where its classes are those of the models.

    Raises:
        DataError: There is nothing to read, or the classes differ.
    """
    names = a.card.class_names
    if b.card.class_names != names:
        raise DataError(
            f"{b.card.title} cannot be compared with {a.card.title}",
            expected=f"the same classes: {shown_names(names)}",
            received=shown_names(b.card.class_names),
        )
    if not len(labels):
        raise DataError("There is nothing to compare on", expected="a data set with a test part")
    shown = matched_labels(labels, class_names or names, names)
    every = max(1, math.ceil(len(labels) / max(1, limit)))
    images, shown = images[::every], shown[::every]
    n = len(shown)
    said_a = _best(a, images, lambda done, _: advance(done, 2 * n))
    said_b = _best(b, images, lambda done, _: advance(n + done, 2 * n))
    matrix = confusion_matrix(said_a, said_b, len(names))
    counts = paired_counts(said_a, said_b, shown)
    differ = np.flatnonzero(said_a != said_b)
    return Comparison(
        names,
        tuple(tuple(row) for row in matrix.tolist()),
        both_right=counts.both_right,
        only_a=counts.only_a,
        only_b=counts.only_b,
        both_wrong=counts.both_wrong,
        n=n,
        examples=tuple(
            ComparedItem(Picture.of(images[k]), names[shown[k]], names[said_a[k]], names[said_b[k]])
            for k in differ[:_MAX_EXAMPLES].tolist()
        ),
    )


def _best(reader: Reader, images: UInt8Array, advance: Advance) -> NDArray[np.intp]:
    """The most probable class of each picture; what a model may refuse does not count here."""
    return np.concatenate(
        [
            reader.read_many(images[part].astype(np.float32) / np.float32(255)).argmax(axis=1)
            for part in slices(len(images), advance)
        ]
    )
