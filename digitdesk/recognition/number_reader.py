"""Reads numbers: of all ways to divide the ink into digits, the one that is most probable.

Each candidate digit is read once; dynamic programming then finds the best row of candidates.
"""

from __future__ import annotations

import dataclasses
import math
from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.ink.arrays import Float32Array
from digitdesk.ink.picture.faintness import is_too_faint
from digitdesk.ink.segmentation.candidates import Candidate, Line, candidates, division_penalty
from digitdesk.ink.segmentation.number_ink import Drawing, NumberInk
from digitdesk.ink.segmentation.picture_number import PictureInk
from digitdesk.ink.segmentation.rows import rows_of
from digitdesk.ink.segmentation.stroke_number import StrokeInk
from digitdesk.messages.prediction import NumberReading, Prediction, Stroke
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
        whole = self.read_ink(StrokeInk(strokes), at_a_glance=at_a_glance)
        rows = rows_of(strokes)
        if len(rows) == 1:
            return whole
        # An 8 of two circles lies as two rows do: what the reader makes of either decides.
        readings = [self.read_ink(StrokeInk(row), at_a_glance=at_a_glance) for row in rows]
        by_row = _below_each_other([reading for reading in readings if reading.text])
        return by_row if by_row.confidence > whole.confidence else whole

    def read_picture(self, picture: NDArray[Any]) -> NumberReading:
        """Read a number in a picture.

        Args:
            picture: (H, W) greys, integers of the full range of their type or floats 0 … 1.
        """
        reading = self.read_ink(PictureInk(picture))
        if reading.reason and is_too_faint(picture, was_found=bool(reading.text)):
            return dataclasses.replace(reading, reason="faint")
        return reading

    def read_ink(self, ink: NumberInk, *, at_a_glance: bool = False) -> NumberReading:
        """Read ink that has been divided into pieces.

        Args:
            ink: The pieces, in reading order.
            at_a_glance: As for ``read_strokes``.

        Raises:
            ModelFileError: The network's numbers have overflowed.
        """
        title = self.reader.card.title
        found = candidates(ink.line)
        if not found:
            return NumberReading("", reason="empty", source=title)
        answers = self._read_all(ink, found, at_a_glance)
        scores = [
            math.log(max(sureness, _LEAST_SURENESS)) - candidate.penalty
            for candidate, (_, sureness) in zip(found, answers, strict=True)
        ]
        row, certainty = best_row(ink.line, found, scores)
        for k in row:
            certainty *= answers[k][1]
        digits = tuple(answers[k][0] for k in row)
        return NumberReading(
            "".join(digit.label for digit in digits),
            digits,
            tuple(ink.box(found[k]) for k in row),
            certainty,
            reason=self._reason(digits, certainty),
            source=title,
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


def _below_each_other(readings: Sequence[NumberReading]) -> NumberReading:
    """Numbers in rows as one reading, which is right where all of them are."""
    if not readings:
        return NumberReading("", reason="empty")
    return NumberReading(
        "\n".join(reading.text for reading in readings),
        tuple(digit for reading in readings for digit in reading.digits),
        tuple(box for reading in readings for box in reading.boxes),
        math.prod(reading.confidence for reading in readings),
        next((reading.reason for reading in readings if reading.reason), ""),
        readings[0].source,
        tuple(len(reading.digits) for reading in readings),
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


@dataclass(slots=True)
class _Way:
    """The best way from the left end of the line through one candidate, and the sum of all."""

    score: float
    log_sum: float
    before: int


def best_row(
    line: Line, found: Sequence[Candidate], scores: Sequence[float]
) -> tuple[list[int], float]:
    """The best row of candidates that takes up every piece once.

    Args:
        line: The pieces.
        found: Candidates, ordered by their first piece, among them each piece alone.
        scores: Logarithms of how probable each candidate is.

    Returns:
        Positions in ``found`` from left to right, and the probability of this row among all rows.

    Source:
        Viterbi, "Error bounds for convolutional codes and an asymptotically optimum decoding
        algorithm" (1967); the sum over all rows is the forward algorithm.
    """
    ways: list[_Way] = []
    ending: list[list[int]] = [[] for _ in range(len(line.pieces) + 1)]
    for k, candidate in enumerate(found):
        if candidate.first == 0:
            ways.append(_Way(scores[k], scores[k], -1))
        else:
            # Candidates come by their first piece, so all ways that end there are known.
            before = ending[candidate.first]
            best = max(before, key=lambda j: ways[j].score)
            step = scores[k] - division_penalty(line, candidate.first)
            log_sum = _log_sum([ways[j].log_sum for j in before])
            ways.append(_Way(ways[best].score + step, log_sum + step, best))
        ending[candidate.last].append(k)
    k = max(ending[-1], key=lambda j: ways[j].score)
    certainty = math.exp(ways[k].score - _log_sum([ways[j].log_sum for j in ending[-1]]))
    row = []
    while k >= 0:
        row.append(k)
        k = ways[k].before
    return row[::-1], min(certainty, 1.0)


def _log_sum(values: Sequence[float]) -> float:
    """``log Σ exp(v)`` without overflow."""
    largest = max(values)
    return largest + math.log(sum(math.exp(value - largest) for value in values))
