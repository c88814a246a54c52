"""How often a reader is right: accuracy with its interval, by class, and what it confuses.

The best guess counts on every item, however unsure it was.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.errors import DataError
from digitdesk.messages.evaluation import Evaluation, Refusals
from digitdesk.metrics import confusion_matrix, wilson_interval
from digitdesk.recognition.calibration import expected_calibration_error
from digitdesk.recognition.reader import Answers, Reader

_COVERAGES = 20


def evaluate(reader: Reader, preprocessed: NDArray[np.float32], labels: NDArray[Any]) -> Evaluation:
    """Read labelled pictures and compare.

    Args:
        reader: The model.
        preprocessed: (N, 28, 28) greys, ink 1 and paper 0; all 0 where there was no ink.
        labels: (N,) class indices.

    Raises:
        DataError: There is nothing to read, or a label is none of the model's classes.
    """
    if len(preprocessed) != len(labels):
        raise DataError(
            "Pictures and labels do not belong together",
            expected=f"{len(preprocessed):,} labels",
            received=f"{len(labels):,}",
        )
    # Checked before reading: a wrong set should not cost a minute to find out.
    _check_labels(labels, reader.card.class_names)
    answers = reader.answer_many(preprocessed)
    predicted = answers.probabilities.argmax(axis=1)
    return dataclasses.replace(
        compare(predicted, labels, reader.card.class_names),
        calibration_error=expected_calibration_error(answers.probabilities, labels),
        refusals=_refusals(reader, answers, preprocessed, predicted == labels),
    )


def evaluate_unlabelled(reader: Reader, preprocessed: NDArray[np.float32]) -> Evaluation:
    """Read pictures that show none of the classes, and count how many are refused.

    Args:
        reader: The model.
        preprocessed: (N, 28, 28) greys, ink 1 and paper 0; all 0 where there was no ink.
    """
    answers = reader.answer_many(preprocessed)
    nothing_right = np.zeros(len(preprocessed), dtype=bool)
    refusals = _refusals(reader, answers, preprocessed, nothing_right)
    return Evaluation(
        accuracy=None,
        n=len(preprocessed),
        correct=0,
        interval=None,
        per_class_accuracy=(),
        confusion_matrix=(),
        class_names=reader.card.class_names,
        refusals=dataclasses.replace(refusals, answered_accuracy=None, risk_coverage=()),
    )


def _refusals(
    reader: Reader, answers: Answers, preprocessed: NDArray[np.float32], is_right: NDArray[np.bool_]
) -> Refusals:
    has_ink = preprocessed.reshape(len(preprocessed), -1).max(axis=1) > 0
    reasons = [
        reader.reason(answers, index) if has_ink[index] else "empty"
        for index in range(len(is_right))
    ]
    answered = np.array([not reason for reason in reasons])
    count = len(reasons) - int(answered.sum())
    # Sorted surest first: the risk of answering only the first so many.
    order = np.argsort(-answers.sureness, kind="stable")
    wrong = np.cumsum(~is_right[order])
    points = [max(1, round(len(order) * part / _COVERAGES)) for part in range(1, _COVERAGES + 1)]
    return Refusals(
        count=count,
        rate=count / len(reasons),
        answered_accuracy=float(is_right[answered].mean()) if answered.any() else None,
        reasons={reason: n for reason, n in Counter(reasons).most_common() if reason},
        risk_coverage=tuple((n / len(order), float(wrong[n - 1] / n)) for n in points),
    )


def compare(
    predicted: NDArray[Any], labels: NDArray[Any], class_names: tuple[str, ...]
) -> Evaluation:
    """Count how often a prediction is the label.

    Args:
        predicted: (N,) class indices.
        labels: (N,) class indices.
        class_names: One name per class.

    Raises:
        DataError: There is nothing to compare, or a label is none of the classes.
    """
    _check_labels(labels, class_names)
    classes = len(class_names)
    confusion = confusion_matrix(labels, predicted, classes)
    n, correct = len(labels), int(np.trace(confusion))
    return Evaluation(
        accuracy=correct / n,
        n=n,
        correct=correct,
        interval=wilson_interval(correct, n),
        per_class_accuracy=tuple(
            int(row[k]) / int(row.sum()) if row.any() else None for k, row in enumerate(confusion)
        ),
        confusion_matrix=tuple(tuple(row) for row in confusion.tolist()),
        class_names=class_names,
    )


def _check_labels(labels: NDArray[Any], class_names: tuple[str, ...]) -> None:
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
