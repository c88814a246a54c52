"""Reads numbers: of all ways to divide the ink into digits, the one that is most probable.

Each candidate digit is read once; dynamic programming then finds the best row of candidates.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.ink.arrays import Float32Array
from digitdesk.ink.picture.faintness import is_too_faint
from digitdesk.ink.segmentation.candidates import Candidate, Line, candidates, is_beside
from digitdesk.ink.segmentation.number_ink import Drawing, NumberInk
from digitdesk.ink.segmentation.picture_number import PictureInk
from digitdesk.ink.segmentation.rows import rows_of
from digitdesk.ink.segmentation.signs import sign_chances
from digitdesk.ink.segmentation.spaces import are_spaces
from digitdesk.ink.segmentation.stroke_number import StrokeInk
from digitdesk.messages.boxes import Box
from digitdesk.messages.prediction import NumberReading, Prediction, Separator, Stroke
from digitdesk.recognition.best_row import best_row
from digitdesk.recognition.number_confidence import number_confidence
from digitdesk.recognition.number_forms import form_penalty
from digitdesk.recognition.reader import Reader

_LEAST_SURENESS = 1e-4
"""A reader may be wrong however sure it is: no candidate is ruled out by it alone."""

_LEAST_CONFIDENCE = 0.5
"""A number that is more likely wrong than right is not told as if it were read."""

_REMEMBERED = 512

_Answer = tuple[Prediction, float]
"""What a reader says of one picture, and how sure it is that this is right."""


class NumberReader:
    """Reads several digits beside each other with a reader of single digits.

    Answers are remembered, so that while a number is being written only what has changed since
    the last look is read again.

    Args:
        reader: Reads the candidates; where it was taught what is no digit, that counts.
    """

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self._glance = reader.at_a_glance()
        self._remembered: dict[bytes, _Answer] = {}
        self._glimpsed: dict[bytes, _Answer] = {}

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
        parts = _parts(ink, found, answers)
        row, certainty = best_row(
            ink.line,
            [part.candidate for part in parts],
            [part.score for part in parts],
            lambda row: form_penalty("".join(parts[k].text for k in row)),
        )
        chosen = [parts[k] for k in row]
        likelihood = certainty * math.prod(part.sureness for part in chosen)
        return self._reading(ink, chosen, certainty), likelihood

    def _reading(self, ink: NumberInk, row: Sequence[_Part], certainty: float) -> NumberReading:
        """A row of digits and signs as it is told."""
        digits = tuple(part.digit for part in row if part.digit is not None)
        confidence = number_confidence(
            certainty,
            [digit.confidence for digit in digits],
            [min(1.0, part.sureness / part.digit.confidence) for part in row if part.digit],
            is_picture=isinstance(ink, PictureInk),
        )
        separators = tuple(_separators(ink, row))
        return NumberReading(
            _with_separators(digits, separators),
            digits,
            tuple(ink.box(part.candidate) for part in row if part.digit is not None),
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
    ) -> list[_Answer]:
        """The reader's answer to each candidate, by its strokes too where they are known."""
        pictures, drawings = ink.preprocessed(found), ink.drawings(found)
        keys = _keys(pictures, drawings)
        reader, memory = self.reader, self._remembered
        known: Mapping[bytes, _Answer] = memory
        if at_a_glance:
            reader, memory = self._glance, self._glimpsed
            # What was read with all views is known better than a glance could tell.
            known = ChainMap(self._remembered, memory)
        # Looked up once each: another thread may forget them all at any moment.
        looked_up = {key: known.get(key) for key in keys}
        answers = {key: answer for key, answer in looked_up.items() if answer is not None}
        new = [k for k, key in enumerate(keys) if key not in answers]
        if new:
            drawn = None if drawings is None else [drawings[k] for k in new]
            fresh = dict(
                zip([keys[k] for k in new], _read(reader, pictures[new], drawn), strict=True)
            )
            if len(memory) + len(fresh) > _REMEMBERED:
                memory.clear()
            memory |= fresh
            answers |= fresh
        return [answers[key] for key in keys]


@dataclass(frozen=True, slots=True)
class _Part:
    """A candidate as one digit, or as a sign between digits.

    Attributes:
        score: Logarithm of how probable it is, with what speaks against its pieces being one.
        sureness: How probable it is that the answer is right, as for any ink.
        digit: The answer; ``None`` for a sign.
    """

    candidate: Candidate
    score: float
    sureness: float
    digit: Prediction | None = None

    @property
    def text(self) -> str:
        """As it is written."""
        return self.candidate.sign if self.digit is None else self.digit.label


def _parts(ink: NumberInk, found: Sequence[Candidate], answers: Sequence[_Answer]) -> list[_Part]:
    """Each candidate as a digit, and as any sign it may be."""
    parts = []
    chances = sign_chances(ink.line, found, ink.points(found))
    points = _points(ink.line, found, chances)
    for candidate, (digit, sureness), signs in zip(found, answers, chances, strict=True):
        # A slash is as good a 1 as any, but what reads as another digit is no plus.
        signs["+"] *= 1 - sureness
        sureness *= 1 - sum(signs.values())
        score = math.log(max(sureness, _LEAST_SURENESS)) - candidate.penalty
        own = (
            points[candidate.first : candidate.last] if candidate.last > candidate.first + 1 else ()
        )
        score += sum(math.log(max(1 - chance, _LEAST_SURENESS)) for chance in own)
        parts.append(_Part(candidate, score, sureness, digit))
        for sign, chance in signs.items():
            if chance >= _LEAST_SURENESS:
                # A lone dot is low for a digit, not for a sign.
                penalty = candidate.penalty if candidate.last > candidate.first + 1 else 0.0
                as_sign = dataclasses.replace(candidate, sign=sign)
                parts.append(_Part(as_sign, math.log(chance) - penalty, chance))
    return parts


def _points(
    line: Line, found: Sequence[Candidate], chances: Sequence[Mapping[str, float]]
) -> list[float]:
    """How probable it is that each piece is a point or a comma, which no digit has beside it."""
    alone = {
        candidate.first: signs["."] + signs[","]
        for candidate, signs in zip(found, chances, strict=True)
        if candidate.last == candidate.first + 1
    }
    return [chance if is_beside(line, place) else 0.0 for place, chance in sorted(alone.items())]


def _separators(ink: NumberInk, row: Sequence[_Part]) -> list[Separator]:
    """The signs of a row, and the spaces between its digits."""
    boxes = [ink.box(part.candidate) for part in row]
    digits_before = list(itertools.accumulate(int(part.digit is not None) for part in row))
    signs = [
        Separator(part.candidate.sign, digits_before[k], boxes[k])
        for k, part in enumerate(row)
        if part.candidate.sign
    ]
    pairs = [
        k
        for k in range(1, len(row))
        if _may_be_apart(ink.line, row[k - 1].candidate, row[k].candidate)
    ]
    gaps = [row[k].candidate.box[0] - row[k - 1].candidate.box[2] for k in pairs]
    spaces = [
        Separator(" ", digits_before[k - 1], _between(boxes[k - 1], boxes[k]))
        for k, is_space in zip(pairs, are_spaces(gaps, ink.line.height), strict=True)
        if is_space
    ]
    return sorted(signs + spaces, key=lambda separator: separator.before)


def _may_be_apart(line: Line, left: Candidate, right: Candidate) -> bool:
    """Whether there may be a space: between two digits for which the pen was lifted."""
    if left.sign or right.sign:
        return False
    return line.pieces[left.last - 1].source != line.pieces[right.first].source


def _between(left: Box, right: Box) -> Box:
    """The gap between two boxes."""
    return left[2], min(left[1], right[1]), right[0], max(left[3], right[3])


def _with_separators(digits: Sequence[Prediction], separators: Sequence[Separator]) -> str:
    """A number as it is written."""
    signs = {separator.before: separator.sign for separator in separators}
    written = [signs.get(k + 1, "") for k in range(len(digits))]
    return signs.get(0, "") + "".join(
        digit.label + sign for digit, sign in zip(digits, written, strict=True)
    )


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


def _keys(pictures: Float32Array, drawings: Sequence[Drawing] | None) -> list[bytes]:
    """What the answer to each candidate is remembered by: all that it depends on."""
    seen = [picture.tobytes() for picture in pictures]
    if drawings is None:
        return seen
    points = (b"".join(np.array(stroke).tobytes() for stroke in one) for one in drawings)
    # Where the pen was lifted tells drawings through the same points apart.
    lifted = (np.array([len(stroke) for stroke in one]).tobytes() for one in drawings)
    return [b"".join(parts) for parts in zip(seen, points, lifted, strict=True)]


def _read(
    reader: Reader, preprocessed: Float32Array, drawings: Sequence[Drawing] | None
) -> list[_Answer]:
    """A reader's answers to pictures (N, 28, 28), and to the strokes they show where known."""
    if drawings is None:
        answers = reader.answer_many(preprocessed)
    else:
        answers = reader.answer_strokes(drawings, preprocessed)
    return [
        (reader.prediction(answers, k, picture), float(answers.sureness[k]))
        for k, picture in enumerate(preprocessed)
    ]
