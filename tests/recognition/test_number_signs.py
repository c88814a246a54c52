"""Dates, phone numbers and decimals are read with what stands between their digits."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.ink.preprocessing import preprocess_strokes
from digitdesk.ink.segmentation.candidates import Candidate, Line, Piece
from digitdesk.messages.model import ModelCard
from digitdesk.recognition.number_forms import form_penalty
from digitdesk.recognition.number_parts import Part
from digitdesk.recognition.number_reader import NumberReader
from digitdesk.recognition.number_separators import places_of_spaces, with_spaces
from digitdesk.recognition.reader import Reader
from tests.number_support import SIGNS, ByHeart, picture, signed, written

TEXTS = [
    "12/05/2026",
    "2026-11-28",
    "28.11.26",
    "3.14",
    "0,75",
    "-40.5",
    "1,234.50",
    "555-0123",
    "+49 170 2345",
    "3/4",
    "5 70",
    "12/05/2026\n3.50",
]


class TaughtSigns(ByHeart):
    """Knows that a plus is no digit, as a reader does that was taught signs."""

    def predict_logits(self, images, /):
        logits = super().predict_logits(images)
        plus = ((images - preprocess_strokes(SIGNS["+"])) ** 2).sum(axis=(1, 2))
        logits[:, -1] = np.maximum(logits[:, -1], -0.25 * plus)
        return logits


@pytest.fixture(scope="module")
def numbers() -> NumberReader:
    card = ModelCard("By heart", "none", reject_names=("letter",))
    return NumberReader(Reader(TaughtSigns(), card))


@pytest.mark.parametrize("text", TEXTS)
def test_signs_and_spaces_are_read_from_strokes(numbers, text):
    reading = numbers.read_strokes(signed(text))
    assert reading.text == text
    assert [digit.label for digit in reading.digits] == [c for c in text if c.isdecimal()]
    assert len(reading.boxes) == len(reading.digits)
    assert reading.reason == ""


@pytest.mark.parametrize("text", [text for text in TEXTS if "\n" not in text])
@pytest.mark.parametrize("pen", [5.0, 12.0])
def test_and_from_pictures(numbers, text, pen):
    assert numbers.read_picture(picture(signed(text), pen_px=pen)).text == text


def test_each_separator_says_where_it_stands(numbers):
    reading = numbers.read_strokes(signed("+49 170\n3.14"))
    told = [(separator.sign, separator.before) for separator in reading.separators]
    assert told == [("+", 0), (" ", 2), (".", 6)]
    (plus, space, point) = reading.separators
    assert plus.box == pytest.approx((25, 15, 95, 85))
    assert space.box[::2] == pytest.approx((reading.boxes[1][2], reading.boxes[2][0]))
    assert point.box[1] > 190 + 90


def test_a_tap_between_digits_is_a_point_and_one_elsewhere_a_slip(numbers):
    three, four = written("34", gap=0.4).digits
    right = max(x for stroke in three for x, _ in stroke)
    low, high = ((right + 20, 98.0),), ((right + 20, 10.0),)
    assert numbers.read_strokes((*three, low, *four)).text == "3.4"
    assert numbers.read_strokes((*three, high, *four)).text == "34"


def test_a_point_may_stand_under_the_bar_of_the_digit_after_it(numbers):
    one, seven = written("17", gap=0.3).digits
    left = min(x for stroke in seven for x, _ in stroke)
    assert numbers.read_strokes((*one, ((left + 2, 98.0),), *seven)).text == "1.7"


def test_a_hook_below_the_line_is_a_comma(numbers):
    """Three times as wide as a tick, with the pen drawn out to the left."""
    three, four = written("34", gap=1.0).digits
    right = max(x for stroke in three for x, _ in stroke)
    hook = ((68.0, 92.0), (70.0, 112.0), (58.0, 130.0), (30.0, 135.0), (10.0, 133.0))
    comma = tuple((x + right, y) for x, y in hook)
    assert numbers.read_strokes((*three, comma, *four)).text == "3,4"


def test_a_speck_is_no_point(numbers):
    paper = picture(signed("34", gap=40.0))
    paper[133:135, 95:97] = 60
    assert numbers.read_picture(paper).text == "34"


def test_a_thick_pen_leaves_the_spaces_where_they_are():
    """Between digits 100 high as the pen went; its width takes a fifth of the gaps."""
    edges = [(0, 60), (100, 160), (200, 260), (328, 388), (428, 488)]
    for pen in (0.0, 8.0, 20.0):
        boxes = [
            (left - pen / 2, -pen / 2, right + pen / 2, 100 + pen / 2) for left, right in edges
        ]
        line = Line(tuple(Piece(box, k) for k, box in enumerate(boxes)), 100 + pen, pen)
        row = [Part(Candidate(k, k + 1, box, 0.0), 0, 1) for k, box in enumerate(boxes)]
        assert places_of_spaces(line, row) == [3]
    assert with_spaces("12345", [3]) == "123 45"


def test_evenly_wide_writing_has_no_spaces(numbers):
    assert numbers.read_strokes(written("2045", gap=1.0).strokes).text == "2045"
    assert numbers.read_strokes(written("20", gap=1.5).strokes).text == "20"


def test_a_hand_that_leans_writes_ones_not_slashes(numbers):
    one = ((40.0, 0.0), (12.0, 100.0))
    strokes = tuple(tuple((x + 60 * k, y) for x, y in one) for k in range(4))
    assert "/" not in numbers.read_strokes(strokes).text


@pytest.mark.parametrize("text", ["2026", "28.11.2026", "11/28/26", "1,234.5", "-3", "030/123456"])
def test_known_forms_are_likelier_than_others(text):
    assert form_penalty(text) < form_penalty("20/01-164")


@pytest.mark.parametrize(
    "likelier, other",
    [
        ("29.08.66", "29.0866"),
        ("27/03/89", "27/03189"),
        ("2.08", "02.08"),
        ("0.5", "00.5"),
        ("29.6.2026", "29.6.1026"),
        ("1979-07-07", "11979-07-07"),
        ("19/7/1991", "1917/1991"),
        ("-19.5", "+19.5"),
        ("0171-1234567", "0171-12-34567"),
        ("460 514 3016", "460 5114 3016"),
        ("+39 593 4605", "+39 5-93 4605"),
        ("030/629 784", "0301629 784"),
        ("12 500", "12500 1"),
        ("3.5 1/2", "3.511 1-"),
    ],
)
def test_a_form_that_is_written_more_often_is_likelier(likelier, other):
    assert form_penalty(likelier) < form_penalty(other)
