"""A model reads a labelled set, preprocessed exactly as the window would have done it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digitdesk.data.dataset import Dataset
from digitdesk.data.labelled_images import read_labelled_images
from digitdesk.errors import DataError
from digitdesk.evaluation.scores import evaluate, evaluate_unlabelled
from digitdesk.ink.preprocessing import preprocess_ink_image
from digitdesk.ink.stroke_file import read_stroke_file
from digitdesk.ink.strokes import fit_to_board
from digitdesk.messages.evaluation import Evaluation
from digitdesk.recognition.reader import Reader


def evaluate_dataset(reader: Reader, dataset: Dataset) -> Evaluation:
    """Read the test part of a data set.

    Raises:
        DataError: It has no test part.
    """
    if not len(dataset.test_labels):
        raise DataError(
            f"{dataset.title} has no test part", hint="Evaluate on mnist or an IDX folder"
        )
    preprocessed = dataset.test_images.astype(np.float32) / np.float32(255)
    return evaluate(reader, preprocessed, dataset.test_labels)


def evaluate_strokes(reader: Reader, path: Path) -> Evaluation:
    """Replay the drawings of a stroke file on the board, and read each.

    Raises:
        DataError: The file cannot be read.
    """
    samples = read_stroke_file(path)
    preprocessed = _stack(reader.preprocess(fit_to_board(sample.strokes)) for sample in samples)
    return evaluate(reader, preprocessed, np.array([s.label for s in samples], dtype=np.uint8))


def evaluate_images(reader: Reader, path: Path) -> Evaluation:
    """Read the pictures of an ``.npz`` file with ``images`` (ink = 255) and ``labels``.

    Without ``labels``, what counts is how many are refused.

    Raises:
        DataError: The file cannot be read.
    """
    images, labels = read_labelled_images(path)
    preprocessed = _stack(preprocess_ink_image(image) for image in images)
    if labels is None:
        return evaluate_unlabelled(reader, preprocessed)
    return evaluate(reader, preprocessed, labels)


def _stack(preprocessed: Iterable[NDArray[np.float32] | None]) -> NDArray[np.float32]:
    """(N, 28, 28); a drawing without ink is an empty frame."""
    empty = np.zeros((28, 28), dtype=np.float32)
    pictures = [empty if picture is None else picture for picture in preprocessed]
    if not pictures:
        raise DataError("The file holds nothing to read", expected="at least one drawing")
    return np.stack(pictures)
