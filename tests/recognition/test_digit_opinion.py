"""A drawn digit is read as the shortest line, too, where the model has a network for lines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from digitdesk.ink.line_picture import LinePicture
from digitdesk.ink.preprocessing import preprocess_strokes
from digitdesk.messages.model import LinePart, ModelCard
from digitdesk.messages.prediction import Prediction, Stroke
from digitdesk.recognition.digit_opinion import WEIGHT
from digitdesk.recognition.line_network import LineReading
from digitdesk.recognition.number_reader import NumberReader
from digitdesk.recognition.reader import Reader
from digitdesk.recognition.stroke_network import StrokeNetwork
from tests.number_support import written

NAMES = ("0", "1", "2")
LOGITS = (2.0, 1.0, -3.0, 0.5)
"""Of both networks for digits, the last of what is none."""

SEVEN: tuple[Stroke, ...] = (((60.0, 50.0), (200.0, 50.0), (120.0, 240.0)),)
BAR: tuple[Stroke, ...] = (((40.0, 140.0), (240.0, 140.0)),)
DOT: tuple[Stroke, ...] = (((140.0, 140.0),),)


class Fixed:
    """A network for digits that always says the same, and counts what it was shown."""

    def __init__(self) -> None:
        self.shown = 0

    def predict_logits(self, images: Any, /) -> Any:
        self.shown += len(images)
        return np.tile(np.float32(LOGITS), (len(images), 1))


class Line:
    """A network for lines that finds a 2 the likeliest on every line."""

    def __init__(self, names: str = "0123456789") -> None:
        self.part = LinePart("none", names)
        self.shown: list[LinePicture] = []

    def read(self, picture: LinePicture) -> LineReading | None:
        self.shown.append(picture)
        chances = np.full(len(self.part.names) + 1, 0.01)
        chances[2] = 0.6
        return LineReading(picture, np.log(chances / chances.sum())[None], self.part.names)


class Silent(Line):
    """One whose numbers have overflowed."""

    def read(self, picture: LinePicture) -> LineReading | None:
        super().read(picture)
        return None


def reader(line: Line, **card: Any) -> tuple[Reader, Fixed]:
    known = {"class_names": NAMES, "reject_names": ("scribble",), "refusal_threshold": 0.5}
    pictures = Fixed()
    return Reader(
        pictures,
        ModelCard("Three", "none", **{**known, **card}),
        strokes=StrokeNetwork(Fixed()),
        lines=line,  # type: ignore[arg-type]
    ), pictures


def alone(drawing: tuple[Stroke, ...]) -> Prediction:
    return reader(Line())[0].without_lines().read_strokes(drawing)


def test_both_opinions_count() -> None:
    line = Line()
    said = reader(line)[0].read_strokes(SEVEN)
    own = np.array(alone(SEVEN).probabilities)
    of_line = np.array([0.01, 0.01, 0.6])
    expected = own ** (1 - WEIGHT) * of_line**WEIGHT
    np.testing.assert_allclose(said.probabilities, expected / expected.sum(), rtol=1e-6)
    assert said.probabilities[2] > 2 * own[2]
    assert len(line.shown) == 1


def test_whether_it_is_a_digit_is_not_the_lines_to_say() -> None:
    model, _ = reader(Line())
    drawings = [SEVEN, BAR]
    shown = model.shown_of(drawings)
    both = model.answer_strokes(drawings, shown)
    own = model.without_lines().answer_strokes(drawings, shown)
    np.testing.assert_array_equal(both.rejects, own.rejects)
    is_digit = 1 - own.rejects.sum(axis=1)
    np.testing.assert_allclose(both.sureness, is_digit * both.probabilities.max(axis=1))
    # A line that contradicts takes away from how sure the answer is, and may make it "not sure".
    assert (both.sureness < own.sureness - 0.01).all()


@pytest.mark.parametrize("drawing", [SEVEN, BAR, DOT])
def test_the_line_shows_the_whole_digit(drawing: tuple[Stroke, ...]) -> None:
    """A slip of the pen beside it is no part of what is read."""
    line = Line()
    model = reader(line)[0]
    model.read_strokes(drawing)
    slip = ((270.0, 270.0),)
    model.read_strokes((*drawing, slip) if drawing != DOT else drawing)
    first, second = line.shown
    np.testing.assert_array_equal(first.grey, second.grey)
    columns = np.flatnonzero(first.grey.max(axis=0) > 0.5)
    assert len(columns) and columns[0] > 0 and columns[-1] < first.grey.shape[1] - 1


def test_beside_a_line_one_view_is_enough() -> None:
    model, pictures = reader(Line(), test_time_averaging=True)
    model.read_strokes(SEVEN)
    assert pictures.shown == 1
    model.without_lines().read_strokes(SEVEN)
    assert pictures.shown == 1 + 5


def test_nobody_asks_it_of_pictures_at_a_glance_or_of_the_digits_of_a_number() -> None:
    line = Line()
    model = reader(line)[0]
    model.read_preprocessed(preprocess_strokes(SEVEN))
    assert model.at_a_glance().read_strokes(SEVEN).probabilities == alone(SEVEN).probabilities
    assert not line.shown
    NumberReader(model).read_strokes(written("20", gap=0.4).strokes)
    assert len(line.shown) == 1, "the number as a whole"


@pytest.mark.parametrize("line", [Silent(), Line("01")])
def test_without_its_opinion_the_others_stay(line: Line) -> None:
    said = reader(line)[0].read_strokes(SEVEN)
    np.testing.assert_allclose(said.probabilities, alone(SEVEN).probabilities, rtol=1e-6)


def test_no_ink_is_no_line() -> None:
    line = Line()
    model = reader(line)[0]
    assert model.read_strokes(()).reason == "empty"
    answers = model.answer_strokes([(), SEVEN], model.shown_of([(), SEVEN]))
    np.testing.assert_allclose(answers.probabilities[0], alone(SEVEN).probabilities, rtol=1e-6)
    assert len(line.shown) == 1
