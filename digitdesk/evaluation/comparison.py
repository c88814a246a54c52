"""Two models read the same pictures: how often they agree, and where they differ."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from digitdesk.errors import DataError
from digitdesk.evaluation.slices import Cancelled, Progress, read_in_slices
from digitdesk.messages.evaluation import ComparedItem, Comparison
from digitdesk.messages.picture import Picture
from digitdesk.metrics import confusion_matrix
from digitdesk.recognition.reader import Reader

_MAX_EXAMPLES = 100


def compare_readers(
    a: Reader,
    b: Reader,
    images: NDArray[np.uint8],
    labels: NDArray[np.uint8],
    limit: int,
    progress: Progress = lambda done, total: None,
    cancelled: Cancelled = lambda: False,
) -> Comparison:
    """Let both read every picture.

    Args:
        a: One model.
        b: The other; it must know the same classes.
        images: (N, 28, 28) preprocessed pictures, ink = 255.
        labels: (N,) class numbers.
        limit: Read no more than this, evenly spread over the set.
        progress: Called with how many answers there are, and of how many.
        cancelled: Asked often.

    Raises:
        CancelledError: ``cancelled`` said so.
        DataError: There is nothing to read, or the classes differ.
    """
    names = a.card.class_names
    if b.card.class_names != names:
        raise DataError(
            f"{b.card.title} cannot be compared with {a.card.title}",
            expected=f"the same {len(names)} classes",
            received=f"{len(b.card.class_names)} classes",
        )
    if not len(labels):
        raise DataError("There is nothing to compare on", expected="a data set with a test part")
    if int(labels.max()) >= len(names):
        raise DataError(
            "The labels are not the models' classes",
            expected=f"0 to {len(names) - 1}",
            received=f"up to {int(labels.max())}",
        )
    every = max(1, math.ceil(len(labels) / max(1, limit)))
    images, labels = images[::every], labels[::every]
    greys = images.astype(np.float32) / np.float32(255)
    n = len(labels)
    said_a = _best(a, greys, lambda done, _: progress(done, 2 * n), cancelled)
    said_b = _best(b, greys, lambda done, _: progress(n + done, 2 * n), cancelled)
    matrix = confusion_matrix(said_a, said_b, len(names))
    right_a, right_b = said_a == labels, said_b == labels
    differ = np.flatnonzero(said_a != said_b)
    return Comparison(
        names,
        tuple(tuple(row) for row in matrix.tolist()),
        both_right=int((right_a & right_b).sum()),
        only_a=int((right_a & ~right_b).sum()),
        only_b=int((right_b & ~right_a).sum()),
        both_wrong=int((~right_a & ~right_b).sum()),
        n=len(labels),
        examples=tuple(
            ComparedItem(
                Picture.of(images[k]), names[labels[k]], names[said_a[k]], names[said_b[k]]
            )
            for k in differ[:_MAX_EXAMPLES].tolist()
        ),
    )


def _best(
    reader: Reader, greys: NDArray[np.float32], progress: Progress, cancelled: Cancelled
) -> NDArray[np.intp]:
    """The most probable class of each picture; what a model may refuse does not count here."""
    answers = read_in_slices(reader, greys, progress, cancelled)
    best: NDArray[np.intp] = answers.probabilities.argmax(axis=1)
    return best
