"""Pictures that are fine enough are traced, and the network for strokes is asked of them, too."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from digitdesk.ink.preprocessing import SeenDigit, preprocess_strokes, see_digit, see_ink
from digitdesk.ink.stroke_planes import PLANES, stroke_planes
from digitdesk.messages.model import ModelCard, StrokePart
from digitdesk.recognition.reader import Reader
from digitdesk.recognition.stroke_network import StrokeNetwork
from tests.number_support import picture, written

NAMES = ("a", "b", "c")
PART = StrokePart("", temperature=3.0, weight=0.5, picture_temperature=2.0, picture_weight=0.25)
PAPER = picture(written("7", gap=0.0).strokes)


class Fixed:
    """Answers everything with the same logits, and keeps what it was shown."""

    def __init__(self, *logits: float) -> None:
        self.logits = np.array(logits, np.float32)
        self.seen: list[Any] = []

    def predict_logits(self, images: Any, /) -> Any:
        self.seen.append(images)
        return np.tile(self.logits, (len(images), 1))


def pair(**changes: Any) -> tuple[Reader, Fixed]:
    second = Fixed(0, 8, 0)
    card = ModelCard("Two", "none", class_names=NAMES, temperature=0.5)
    beside = StrokeNetwork(second, dataclasses.replace(PART, **changes))
    return Reader(Fixed(4, 0, 0), card, strokes=beside), second


def softmax(*logits: float) -> Any:
    exponentials = np.exp(logits)
    return pytest.approx(exponentials / exponentials.sum())


BY_BOTH = softmax(1.5, 1.0, 0)
BY_FIRST = softmax(8, 0, 0)


def test_a_picture_is_answered_by_the_mean_of_both() -> None:
    reader, second = pair()
    assert reader.read_picture(PAPER).probabilities == BY_BOTH
    (planes,) = second.seen
    assert planes.shape == (1, PLANES, 28, 28)
    # The same 7 as a pen would have drawn it: its picture, and which way it went.
    drawn = stroke_planes(written("7", gap=0.0).strokes)
    assert drawn is not None
    for plane in (0, 1, 2, 3):
        assert np.corrcoef(planes[0, plane].ravel(), drawn[plane].ravel())[0, 1] > 0.6, plane


def test_no_model_is_asked_that_was_not_taught_traced_strokes() -> None:
    reader, second = pair(picture_weight=0.0)
    assert reader.read_picture(PAPER).probabilities == BY_FIRST
    assert not second.seen


def test_a_picture_of_a_data_set_and_a_small_one_are_left_to_the_first() -> None:
    reader, second = pair()
    framed = preprocess_strokes(written("7", gap=0.0).strokes)
    assert framed is not None
    assert reader.read_picture(framed).probabilities == BY_FIRST
    assert reader.read_picture(PAPER[::8, ::8]).probabilities == BY_FIRST
    assert not second.seen


def test_several_pictures_are_each_read_in_their_way() -> None:
    reader, second = pair()
    fine, small = see_digit(PAPER), see_digit(PAPER[::8, ::8])
    assert fine is not None and small is not None
    blank = SeenDigit(fine.preprocessed, np.zeros((160, 160), dtype=np.float32))
    answers = reader.answer_seen([small, fine, blank, fine])
    ways = [BY_FIRST, BY_BOTH, BY_FIRST, BY_BOTH]
    assert all(row == way for row, way in zip(answers.probabilities, ways, strict=True))
    assert len(second.seen[0]) == 2


def test_without_ink_nobody_is_asked() -> None:
    reader, second = pair()
    assert reader.read_picture(np.full((90, 90), 255, dtype=np.uint8)).reason == "empty"
    assert not second.seen


@pytest.mark.parametrize(("side", "is_fine"), [(31, False), (32, True), (300, True)])
def test_ink_counts_as_fine_from_its_own_size_on(side: int, is_fine: bool) -> None:
    ink = np.zeros((400, 400), dtype=np.float32)
    ink[20 : 20 + side, 50 : 50 + side // 4] = 1
    seen = see_ink(ink)
    assert seen is not None
    assert (seen.fine is not None) == is_fine
    assert seen.fine is None or seen.fine.shape == (160, 160)


def test_whether_it_is_a_digit_the_picture_tells() -> None:
    """Of half a digit, a line that was traced may look as good as any."""
    card = ModelCard("Two", "none", class_names=NAMES, reject_names=("scribble",))
    beside = StrokeNetwork(Fixed(0, 8, 0, -9), PART)
    reader = Reader(Fixed(1, 0, 0, 2), card, strokes=beside)
    fine = see_digit(PAPER)
    assert fine is not None
    said = reader.answer_seen([fine])
    alone = reader.answer_many(fine.preprocessed[None])
    np.testing.assert_array_equal(said.rejects, alone.rejects)
    assert said.probabilities[0] == softmax(0.375, 1.0, 0)
    is_digit = 1 - alone.rejects[0, 0]
    assert said.sureness[0] == pytest.approx(is_digit * said.probabilities[0].max())
