"""Reads numbers: of all ways to divide the ink into digits, the one that is most probable.

Each candidate digit is read once; dynamic programming then finds the best row of candidates.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections import ChainMap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.ink.arrays import Float32Array
from digitdesk.ink.picture.faintness import is_too_faint
from digitdesk.ink.preprocessing import SeenDigit
from digitdesk.ink.segmentation.candidates import Candidate, candidates
from digitdesk.ink.segmentation.number_ink import Drawing, NumberInk
from digitdesk.ink.segmentation.picture_number import PictureInk
from digitdesk.ink.segmentation.rows import rows_of
from digitdesk.ink.segmentation.signs import SIGNS
from digitdesk.ink.segmentation.stroke_number import StrokeInk
from digitdesk.messages.prediction import NumberReading, Prediction, Stroke
from digitdesk.recognition.best_rows import MAY_BEGIN, best_rows
from digitdesk.recognition.hidden_ones import rows_with_hidden
from digitdesk.recognition.line_network import LineReading
from digitdesk.recognition.line_opinion import Row, likeliest_row, signs_of
from digitdesk.recognition.number_confidence import number_confidence
from digitdesk.recognition.number_forms import form_penalty
from digitdesk.recognition.number_parts import Answer, Part, parts_of
from digitdesk.recognition.number_separators import (
    places_of_spaces,
    separators_of,
    with_separators,
    with_spaces,
)
from digitdesk.recognition.reader import Reader

_LEAST_CONFIDENCE = 0.5
"""A number that is more likely wrong than right is not told as if it were read."""

_REMEMBERED = 512

_LINE_TEXTS = 4
"""So many of the texts that the network for lines finds likeliest are cut out of the ink."""

_LEAST_OF_SLICE = 1e-3
"""A digit that was cut out so may look like none."""

_SURENESS_OF_SIGN = 0.5
"""Of a slice as the sign that the network for lines sees there: nobody looks again."""


class NumberReader:
    """Reads several digits beside each other with a reader of single digits.

    Answers are remembered, so that while a number is being written only what has changed since
    the last look is read again.

    Args:
        reader: Reads the candidates; where it was taught what is no digit, that counts.
    """

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        # What the network for lines says of all digits together counts anyway.
        self._of_digits, self._glance = reader.without_lines(), reader.at_a_glance()
        self._remembered: dict[bytes, Answer] = {}
        self._glimpsed: dict[bytes, Answer] = {}

    def read_strokes(
        self, strokes: Sequence[Stroke], *, at_a_glance: bool = False
    ) -> NumberReading:
        """Read a number written with a pen, or several in rows below each other.

        Args:
            strokes: In the order they were written, in board units, y growing downward; of any
                size.
            at_a_glance: Take one view of what is new, as for a stroke under way.
        """
        rows = rows_of(strokes)
        return self._read_rows(StrokeInk(strokes), list(map(StrokeInk, rows)), at_a_glance)

    def _read_rows(
        self, whole: NumberInk, rows: Sequence[NumberInk], at_a_glance: bool = False
    ) -> NumberReading:
        """Rows below each other, or the same ink as one row, whichever is likelier."""
        reading, likelihood = self._read_ink(whole, at_a_glance)
        if len(rows) == 1:
            return reading
        # An 8 of two circles lies as two rows do: what the reader makes of either decides.
        by_row = [self._read_ink(row, at_a_glance) for row in rows]
        by_row = [(reading, likelihood) for reading, likelihood in by_row if reading.text]
        if not by_row or math.prod(likelihood for _, likelihood in by_row) <= likelihood:
            return reading
        return _below_each_other([reading for reading, _ in by_row])

    def read_picture(self, picture: NDArray[Any]) -> NumberReading:
        """Read a number in a picture, or several in rows below each other.

        Args:
            picture: (H, W) greys, integers of the full range of their type or floats 0 … 1.
        """
        ink = PictureInk(picture)
        reading = self._read_rows(ink, ink.rows())
        if reading.reason and is_too_faint(picture, was_found=bool(reading.text)):
            return dataclasses.replace(reading, reason="faint")
        if not ink.is_whole and not reading.reason:
            confidence = min(reading.confidence, _LEAST_CONFIDENCE)
            return dataclasses.replace(reading, confidence=confidence, reason="unsure")
        return reading

    def read_ink(self, ink: NumberInk, *, at_a_glance: bool = False) -> NumberReading:
        """Read ink that has been divided into pieces.

        Args:
            ink: The pieces, in reading order.
            at_a_glance: As for ``read_strokes``.

        Raises:
            ModelFileError: The network's numbers have overflowed.
        """
        return self._read_ink(ink, at_a_glance)[0]

    def _read_ink(self, ink: NumberInk, at_a_glance: bool) -> tuple[NumberReading, float]:
        """As ``read_ink``, and how probable it is that all of it is digits and signs."""
        found = candidates(ink.line)
        if not found:
            return NumberReading("", reason="empty", source=self.reader.card.title), 0.0
        answers = self._read_all(ink, found, at_a_glance)
        parts = parts_of(ink, found, answers)
        rated = best_rows(
            ink.line,
            [part.candidate for part in parts],
            [part.score for part in parts],
            lambda row: _form_penalty(ink, [parts[k] for k in row]),
        )
        rows = [Row(ink, tuple(parts[k] for k in one.places), one.score) for one in rated]
        row, certainty = rows[0], rated[0].probability
        line = self._line_reading(ink)
        if line is not None:
            rows += [
                *self._divided_by_line(line, ink, rows, at_a_glance),
                *rows_with_hidden(rows, line),
            ]
            row, certainty = likeliest_row(rows, line)
        likelihood = certainty * math.prod(part.sureness for part in row.parts)
        reading = self._reading(row, certainty, by_line=line is not None)
        return reading, likelihood

    def _line_reading(self, ink: NumberInk) -> LineReading | None:
        """What the model's network for lines says, where it has one that can be asked."""
        network = self.reader.lines
        if network is None:
            return None
        picture = ink.line_picture()
        return None if picture is None else network.read(picture)

    def _divided_by_line(
        self, line: LineReading, ink: NumberInk, rows: Sequence[Row], at_a_glance: bool
    ) -> list[Row]:
        """Rows that only the network for lines has found: the ink is cut as it says."""
        found: list[Row] = []
        for text in line.likeliest(_LINE_TEXTS):
            is_known = any(row.may_read(text) for row in (*rows, *found))
            is_new = _may_be_written(signs_of(text)) and not is_known
            edges = line.edges(text) if is_new else None
            slices = None if edges is None else ink.sliced(edges)
            if slices is not None:
                found.append(self._sliced_row(text, *slices, at_a_glance))
        return found

    def _sliced_row(
        self, text: str, ink: NumberInk, found: Sequence[Candidate], at_a_glance: bool
    ) -> Row:
        """The slices of a line as the digits and signs of a text."""
        answers = self._read_all(ink, found, at_a_glance)
        parts = []
        for sign, candidate, (digit, sureness) in zip(text, found, answers, strict=True):
            if sign in SIGNS:
                as_sign = dataclasses.replace(candidate, sign=sign)
                parts.append(Part(as_sign, 0.0, _SURENESS_OF_SIGN))
            else:
                score = math.log(max(sureness, _LEAST_OF_SLICE))
                parts.append(Part(candidate, score, sureness, digit))
        score = sum(part.score for part in parts) - _form_penalty(ink, parts)
        return Row(ink, tuple(parts), score, is_sliced=True)

    def _reading(self, row: Row, certainty: float, *, by_line: bool) -> NumberReading:
        """A row of digits and signs as it is told."""
        ink, parts = row.ink, row.parts
        digits = tuple(part.digit for part in parts if part.digit is not None)
        confidence = number_confidence(
            certainty,
            [digit.confidence for digit in digits],
            [min(1.0, part.sureness / part.digit.confidence) for part in parts if part.digit],
            is_picture=isinstance(ink, PictureInk),
            is_cut=row.is_cut,
            by_line=by_line,
        )
        separators = tuple(separators_of(ink, parts))
        return NumberReading(
            with_separators(digits, separators),
            digits,
            tuple(ink.box(part.candidate) for part in parts if part.digit is not None),
            confidence,
            reason=self._reason(digits, confidence),
            source=self.reader.card.title,
            separators=separators,
        )

    def _reason(self, digits: Sequence[Prediction], confidence: float) -> str:
        """Why a number is not sure: what its first doubtful digit looks like, or all in all."""
        doubtful = next((digit.reason for digit in digits if digit.reason), "")
        if doubtful or self.reader.card.refusal_threshold is None:
            return doubtful
        return "" if confidence >= _LEAST_CONFIDENCE else "unsure"

    def _read_all(
        self, ink: NumberInk, found: Sequence[Candidate], at_a_glance: bool
    ) -> list[Answer]:
        """The reader's answer to each candidate, by its strokes too where they are known."""
        shown = ink.shown(found)
        keys = [_key(one) for one in shown]
        reader, memory = self._of_digits, self._remembered
        known: Mapping[bytes, Answer] = memory
        if at_a_glance:
            reader, memory = self._glance, self._glimpsed
            # What was read with all views is known better than a glance could tell.
            known = ChainMap(self._remembered, memory)
        # Looked up once each: another thread may forget them all at any moment.
        looked_up = {key: known.get(key) for key in keys}
        answers = {key: answer for key, answer in looked_up.items() if answer is not None}
        new = [k for k, key in enumerate(keys) if key not in answers]
        if new:
            said = _read(reader, [shown[k] for k in new])
            fresh = dict(zip([keys[k] for k in new], said, strict=True))
            if len(memory) + len(fresh) > _REMEMBERED:
                memory.clear()
            memory |= fresh
            answers |= fresh
        return [answers[key] for key in keys]


def _form_penalty(ink: NumberInk, row: Sequence[Part]) -> float:
    """What speaks against a row as a whole, its spaces seen, in nats."""
    text = "".join(part.text for part in row)
    return form_penalty(with_spaces(text, places_of_spaces(ink.line, row)))


def _may_be_written(signs: Sequence[str]) -> bool:
    """Whether each sign, nothing for a digit, stands before a digit, as in every other row."""
    if not signs or signs[-1] or signs[0] not in MAY_BEGIN:
        return False
    return not any(left and right for left, right in itertools.pairwise(signs))


def _below_each_other(readings: Sequence[NumberReading]) -> NumberReading:
    """Numbers in rows as one reading, which is right where all of them are."""
    if not readings:
        return NumberReading("", reason="empty")
    digits_before = [0, *itertools.accumulate(len(reading.digits) for reading in readings)]
    return NumberReading(
        "\n".join(reading.text for reading in readings),
        tuple(digit for reading in readings for digit in reading.digits),
        tuple(box for reading in readings for box in reading.boxes),
        math.prod(reading.confidence for reading in readings),
        next((reading.reason for reading in readings if reading.reason), ""),
        readings[0].source,
        tuple(len(reading.digits) for reading in readings),
        tuple(
            dataclasses.replace(separator, before=separator.before + before)
            for reading, before in zip(readings, digits_before, strict=False)
            for separator in reading.separators
        ),
    )


def _key(shown: Drawing | SeenDigit) -> bytes:
    """What the answer to strokes or a picture is remembered by: all that it depends on."""
    if isinstance(shown, SeenDigit):
        # Two fine pictures that come out alike to the last bit are one.
        return shown.preprocessed.tobytes()
    points = b"".join(np.array(stroke).tobytes() for stroke in shown)
    # Where the pen was lifted tells drawings through the same points apart.
    return points + np.array([len(stroke) for stroke in shown]).tobytes()


def _read(reader: Reader, shown: Sequence[Any]) -> list[Answer]:
    """A reader's answers to drawings, or to what was seen in a picture."""
    if isinstance(shown[0], SeenDigit):
        pictures: Float32Array = np.stack([seen.preprocessed for seen in shown])
        answers = reader.answer_seen(shown)
    else:
        planes = reader.shown_of(shown)
        pictures, answers = planes[:, 0], reader.answer_strokes(shown, planes)
    return [
        (reader.prediction(answers, k, picture), float(answers.sureness[k]))
        for k, picture in enumerate(pictures)
    ]
