"""Numbers are read as the row of digits that explains the ink best."""

from __future__ import annotations

import itertools
import math
import time

import numpy as np
import pytest

from digitdesk.ink.picture.regions import label_regions
from digitdesk.ink.segmentation.candidates import Candidate, Piece, division_penalty, make_line
from digitdesk.messages.model import ModelCard
from digitdesk.recognition.best_rows import best_rows
from digitdesk.recognition.number_reader import NumberReader
from digitdesk.recognition.reader import Reader
from digitdesk.recognition.stroke_network import StrokeNetwork
from tests.number_support import (
    DRAWINGS,
    ByHeart,
    paper_with,
    picture,
    reader_by_heart,
    written,
)


@pytest.fixture
def numbers() -> NumberReader:
    return NumberReader(reader_by_heart())


@pytest.mark.parametrize("text", ["7", "4", "10", "2026", "457574", "0123456789", "181"])
@pytest.mark.parametrize("gap", [0.4, 0.15, 0.0])
def test_strokes_are_read(numbers, text, gap):
    reading = numbers.read_strokes(written(text, gap=gap).strokes)
    assert reading.text == text
    assert [digit.label for digit in reading.digits] == list(text)
    assert reading.reason == ""
    assert 0 < reading.confidence <= min(digit.confidence for digit in reading.digits) + 1e-9


@pytest.mark.parametrize("height", [20.0, 250.0])
def test_the_size_of_the_writing_does_not_matter(numbers, height):
    assert numbers.read_strokes(written("2045", gap=0.2, height=height).strokes).text == "2045"


def test_bars_may_be_drawn_after_all_digits(numbers):
    number = written("5745", gap=0.2)
    late = [digit[0] for digit in number.digits] + [digit[1] for digit in number.digits]
    assert numbers.read_strokes(tuple(late)).text == "5745"


def test_boxes_lie_around_the_digits(numbers):
    number = written("450", gap=0.3)
    reading = numbers.read_strokes(number.strokes)
    for box, digit in zip(reading.boxes, number.digits, strict=True):
        points = np.array([point for stroke in digit for point in stroke])
        assert box == pytest.approx((*points.min(axis=0), *points.max(axis=0)), abs=1e-6)


@pytest.mark.parametrize("text", ["7", "20", "2035", "90210"])
@pytest.mark.parametrize("gap", [0.35, 0.15])
def test_pictures_are_read(numbers, text, gap):
    number = written(text, gap=gap)
    reading = numbers.read_picture(picture(number.strokes))
    assert reading.text == text
    left = min(x for stroke in number.strokes for x, _ in stroke)
    for box, digit in zip(reading.boxes, number.digits, strict=True):
        xs = [x for stroke in digit for x, _ in stroke]
        assert box[0] == pytest.approx(min(xs) - left + 40 - 3.5, abs=2)
        assert box[2] == pytest.approx(max(xs) - left + 40 + 3.5, abs=2)


def test_white_ink_on_a_dark_board_is_read_too(numbers):
    assert numbers.read_picture(255 - picture(written("203", gap=0.2).strokes)).text == "203"


@pytest.mark.parametrize(
    ("text", "gap"), [("50", 0.0), ("54", 0.0), ("632", 0.0), ("202", 0.02), ("63", -0.04)]
)
def test_digits_that_touch_in_a_picture_are_cut_apart(numbers, text, gap):
    paper = picture(written(text, gap=gap).strokes)
    assert label_regions(paper < 128)[1] == 1, "all ink hangs together"
    assert numbers.read_picture(paper).text == text


def test_nothing_to_read_has_a_reason(numbers):
    for reading in (
        numbers.read_strokes(()),
        numbers.read_picture(np.full((50, 90), 255, dtype=np.uint8)),
    ):
        assert (reading.text, reading.digits, reading.boxes) == ("", (), ())
        assert (reading.reason, reading.confidence, reading.source) == ("empty", 0.0, "By heart")


def test_only_what_changed_is_read_again(numbers):
    network = numbers.reader._network
    number = written("20263", gap=0.3)
    first = numbers.read_strokes(number.strokes[:-1])
    before = network.pictures_read
    assert numbers.read_strokes(number.strokes[:-1]) == first
    assert network.pictures_read == before
    assert numbers.read_strokes(number.strokes).text == "20263"
    assert network.pictures_read - before <= 3


def test_a_glance_takes_one_view_and_is_not_what_is_kept():
    card = ModelCard("Looks twice", "none", reject_names=("scribble",), test_time_averaging=True)
    numbers = NumberReader(Reader(ByHeart(), card))
    network = numbers.reader._one_view
    number = written("20263", gap=0.3)
    numbers.read_strokes(number.strokes[:-1])
    with_all_views = network.pictures_read
    assert numbers.read_strokes(number.strokes, at_a_glance=True).text == "20263"
    glances = network.pictures_read - with_all_views
    assert 1 <= glances <= 3, "known digits are not looked at again, and the new one once"
    assert numbers.read_strokes(number.strokes, at_a_glance=True).text == "20263"
    assert network.pictures_read - with_all_views == glances
    assert numbers.read_strokes(number.strokes).text == "20263"
    assert network.pictures_read - with_all_views == glances + 5 * glances


class BySense:
    """Scores planes by which way the pen went: down, it is a 7, and up, it is a 1."""

    def __init__(self) -> None:
        self.drawings_read = 0

    def predict_logits(self, planes, /):
        self.drawings_read += len(planes)
        logits = np.full((len(planes), 11), -30.0)
        for scores, (_, _, _, down, _, _, _, up, *_) in zip(logits, planes, strict=True):
            scores[7 if down.sum() > up.sum() else 1] = 30.0
        return logits


def test_each_digit_of_strokes_is_read_by_both_networks_and_one_of_pictures_by_its_own():
    sense = BySense()
    card = ModelCard("Both", "none", reject_names=("scribble",))
    numbers = NumberReader(Reader(ByHeart(), card, strokes=StrokeNetwork(sense, weight=1.0)))
    (line,) = written("1", gap=0).strokes
    apart = tuple((x + 200, y) for x, y in line)
    assert numbers.read_strokes((line, apart)).text == "77"
    known = sense.drawings_read
    assert numbers.read_strokes((line, apart[::-1])).text == "71"
    assert sense.drawings_read == known + 1, "the same picture, drawn the other way, is another"
    assert numbers.read_strokes((line, apart[::-1]), at_a_glance=True).text == "71"
    assert numbers.read_picture(picture((line, apart))).text == "11"


def test_a_page_of_scribbles_takes_no_forever(numbers):
    rng = np.random.default_rng(0)
    strokes = tuple(
        tuple(map(tuple, (rng.uniform(0, 800, 2) + rng.normal(0, 30, (20, 2))).tolist()))
        for _ in range(150)
    )
    began = time.process_time()
    assert numbers.read_strokes(strokes).text
    assert time.process_time() - began < 5


# The best row, against all rows


def all_rows(line, found):
    """Every row of candidates that covers the line, by trying all subsets that fit."""

    def extend(row, place):
        if place == len(line.pieces):
            yield row
        for k, candidate in enumerate(found):
            if candidate.first == place:
                yield from extend([*row, k], candidate.last)

    return list(extend([], 0))


@pytest.mark.parametrize("seed", range(5))
def test_the_best_row_and_its_probability_are_those_of_trying_all(seed):
    rng = np.random.default_rng(seed)
    line = make_line([Piece((60.0 * k, 0.0, 60.0 * k + 50, 100.0), k // 2) for k in range(6)], 100)
    found = [
        Candidate(first, last, (0, 0, 0, 0), 0.0)
        for first, last in itertools.combinations(range(7), 2)
        if last - first == 1 or rng.random() < 0.6
    ]
    scores = rng.normal(-2, 1.5, len(found)).tolist()

    def total(row):
        divisions = sum(division_penalty(line, found[k].first) for k in row[1:])
        return sum(scores[k] for k in row) - divisions

    rows = all_rows(line, found)
    expected = max(rows, key=total)
    rated = best_rows(line, found, scores)
    assert rated[0].places == expected
    assert [row.score for row in rated] == pytest.approx(
        sorted(map(total, rows), reverse=True)[:12]
    )
    everything = sum(math.exp(total(each)) for each in rows)
    assert rated[0].probability == pytest.approx(math.exp(total(expected)) / everything)


def test_the_drawings_are_what_the_reader_knows():
    reader = reader_by_heart()
    for digit, strokes in DRAWINGS.items():
        assert reader.read_strokes(strokes).label == str(digit)


# When the number is not sure, and why


class Doubting(ByHeart):
    """Knows the digits by heart, and takes all of them for others, or for scribbles, with odds."""

    def __init__(self, scribble: float, other: float) -> None:
        super().__init__()
        self.scribble, self.other = scribble, other

    def predict_logits(self, images, /):
        logits = super().predict_logits(images)
        best, rows = logits[:, :-1].argmax(axis=1), np.arange(len(logits))
        highest = logits[rows, best]
        logits[rows, (best + 1) % 10] = highest + self.other
        logits[:, -1] = highest + self.scribble
        return logits


def doubting(scribble: float, threshold: float | None = 0.4, other: float = -20.0) -> NumberReader:
    card = ModelCard("Doubting", "none", reject_names=("scribble",), refusal_threshold=threshold)
    return NumberReader(Reader(Doubting(scribble, other), card))


def test_a_digit_that_is_not_sure_makes_the_number_so():
    strokes = written("2026", gap=0.3).strokes
    reading = doubting(1.0).read_strokes(strokes)
    assert (reading.text, reading.reason) == ("2026", "scribble")
    assert {digit.reason for digit in reading.digits} == {"scribble"}


def test_many_small_doubts_make_a_number_unsure():
    # Each digit is told with odds of e : 1, four in a row are not.
    numbers = doubting(-20.0, other=-1.0)
    assert numbers.read_strokes(written("2", gap=0).strokes).reason == ""
    reading = numbers.read_strokes(written("2026", gap=0.3).strokes)
    assert [digit.reason for digit in reading.digits] == [""] * 4
    assert reading.confidence < 0.5
    assert (reading.text, reading.reason) == ("2026", "unsure")


def test_a_model_without_threshold_never_refuses_a_number():
    reading = doubting(3.0, threshold=None).read_strokes(written("2026", gap=0.3).strokes)
    assert (reading.text, reading.reason) == ("2026", "")


@pytest.mark.parametrize(("contrast", "text", "reason"), [(0.02, "", "faint"), (0.6, "7", "")])
def test_a_faint_picture_of_a_number_is_named_so(numbers, contrast, text, reason):
    reading = numbers.read_picture(paper_with(DRAWINGS[7], contrast=contrast, noise=0.003))
    assert (reading.text, reading.reason) == (text, reason)


def test_the_step_of_a_network_that_learns_comes_with_each_digit():
    reader = Reader(ByHeart(), ModelCard("t", "none", reject_names=("scribble",)), step=17)
    reading = NumberReader(reader).read_strokes(written("20", gap=0.3).strokes)
    assert [digit.step for digit in reading.digits] == [17, 17]


def moved(strokes, x: float, y: float):
    return tuple(tuple((a + x, b + y) for a, b in stroke) for stroke in strokes)


@pytest.mark.parametrize("lines", [("12", "34"), ("2045", "7"), ("457", "1803"), ("1", "2", "30")])
@pytest.mark.parametrize("apart", [105.0, 140.0])
def test_rows_are_numbers_of_their_own(numbers, lines, apart):
    strokes = tuple(
        stroke
        for k, line in enumerate(lines)
        for stroke in moved(written(line, gap=0.3).strokes, 0, k * apart)
    )
    reading = numbers.read_strokes(strokes)
    assert reading.lines == lines
    assert [reading.digits[row][0].label for row in reading.rows] == [line[0] for line in lines]
    assert len(reading.boxes) == len(reading.digits) == sum(map(len, lines))
    assert reading.reason == ""
    late = strokes[::-1]
    assert numbers.read_strokes(late).lines == lines


def test_a_number_that_goes_downhill_is_one(numbers):
    digits = written("2026", gap=0.3).digits
    steep = tuple(s for k, digit in enumerate(digits) for s in moved(digit, 0, 110.0 * k))
    assert numbers.read_strokes(steep).row_lengths == ()
    gentle = tuple(s for k, digit in enumerate(digits) for s in moved(digit, 0, 45.0 * k))
    assert numbers.read_strokes(gentle).lines == ("2026",)


def test_a_bar_above_its_digit_is_no_row(numbers):
    body, bar = DRAWINGS[5]
    high = tuple((x, y - 12) for x, y in bar)
    assert numbers.read_strokes((body, high)).lines == ("5",)
