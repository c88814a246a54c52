"""Two readers side by side, with every count done by hand."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.errors import DataError
from digitdesk.evaluation.comparison import compare_readers
from digitdesk.messages.model import ModelCard
from digitdesk.recognition.reader import Reader


class Says:
    """Answers what it was told, picture after picture."""

    def __init__(self, *answers: int) -> None:
        self._answers = np.array(answers)

    def predict_logits(self, images: np.ndarray) -> np.ndarray:
        return 9.0 * np.eye(3)[self._answers[(images[:, 0, 0] * 255).round().astype(int)]]


def reader(*answers: int, names: tuple[str, ...] = ("a", "b", "c")) -> Reader:
    card = ModelCard(title="m", spec="flatten dense(3)", class_names=names)
    return Reader(Says(*answers), card)


IMAGES = np.zeros((6, 28, 28), dtype=np.uint8)
IMAGES[:, 0, 0] = range(6)
LABELS = np.array([0, 0, 1, 1, 2, 2], dtype=np.uint8)


def test_agreement_is_counted_and_differences_are_shown() -> None:
    result = compare_readers(
        reader(0, 0, 1, 2, 0, 1), reader(0, 1, 1, 1, 0, 0), IMAGES, LABELS, limit=100
    )
    assert (result.both_right, result.only_a, result.only_b, result.both_wrong) == (2, 1, 1, 2)
    assert result.n == 6
    assert result.agreement_matrix == ((2, 1, 0), (1, 1, 0), (0, 1, 0))
    shown = [(item.picture.pixels[0], item.label, item.a, item.b) for item in result.examples]
    assert shown == [(1, "a", "a", "b"), (3, "b", "c", "b"), (5, "c", "b", "a")]
    assert len(result.examples[0].picture.pixels) == 784


def test_a_limit_takes_pictures_from_the_whole_set() -> None:
    result = compare_readers(reader(*range(3), *range(3)), reader(*[0] * 6), IMAGES, LABELS, 3)
    assert result.n == 3
    assert result.agreement_matrix == ((1, 0, 0), (1, 0, 0), (1, 0, 0))


def test_models_of_other_classes_cannot_be_compared() -> None:
    with pytest.raises(DataError, match="cannot be compared"):
        compare_readers(reader(0), reader(0, names=("a", "b", "d")), IMAGES, LABELS, 3)
    with pytest.raises(DataError, match="nothing to compare"):
        compare_readers(reader(0), reader(0), IMAGES[:0], LABELS[:0], 3)
    with pytest.raises(DataError, match="labels are not"):
        compare_readers(reader(0), reader(0), IMAGES, LABELS + 1, 3)
