"""Weighs two opinions of a number: of each digit by itself, and of the line as a whole.

A reader of single digits knows their forms better; a network for lines knows better where one ends
and the next begins. What both find likely is taken.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from digitdesk.ink.segmentation.number_ink import NumberInk
from digitdesk.messages.prediction import Prediction
from digitdesk.recognition.line_network import LineReading
from digitdesk.recognition.number_parts import Part

# Chosen by numbers of twenty writers that no network was trained on.
_OF_LINE = 0.6
"""What a nat of the line's opinion of a row counts, beside one of the digits'."""

_OF_LINE_FOR_DIGITS = 0.5
"""The same for which digit each is."""

_COMPARED = 4
"""So many of the rows are looked at closely."""

_LEAST = 1e-4
"""A digit may be another one however sure a reader is of it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One way to read a number.

    Attributes:
        ink: What its parts are candidates of.
        parts: Digits and signs from left to right.
        score: Logarithm of how probable it is, by the opinion of each part.
    """

    ink: NumberInk
    parts: tuple[Part, ...]
    score: float

    @property
    def text(self) -> str:
        """Digits and signs as they are written."""
        return "".join(part.text for part in self.parts)

    @property
    def signs(self) -> tuple[str, ...]:
        """The sign at each place, nothing for a digit: how the ink is divided."""
        return tuple(part.candidate.sign for part in self.parts)


def likeliest_row(rows: Sequence[Row], line: LineReading) -> tuple[Row, float]:
    """The row that both opinions find likeliest.

    Args:
        rows: One at least.
        line: What is said of the line as a whole.

    Returns:
        The row, its digits as both together see them, and how probable it is among the rows.
    """
    likelihoods = line.log_likelihoods([row.text for row in rows])
    first = [row.score + _OF_LINE * one for row, one in zip(rows, likelihoods, strict=True)]
    near = sorted(range(len(rows)), key=lambda k: -first[k])[:_COMPARED]
    seen = [_seen_by_both(rows[k], line) for k in near]
    scores = [
        row.score + _OF_LINE * one
        for row, one in zip(seen, line.log_likelihoods([row.text for row in seen]), strict=True)
    ]
    best = max(range(len(seen)), key=scores.__getitem__)
    chances = [math.exp(score - scores[best]) for score in scores]
    # Two divisions that read the same do not make each other less likely.
    same = sum(c for c, row in zip(chances, seen, strict=True) if row.text == seen[best].text)
    return seen[best], same / sum(chances)


def _seen_by_both(row: Row, line: LineReading) -> Row:
    """A row whose digits are what both opinions together say of each."""
    places = [k for k, part in enumerate(row.parts) if part.digit is not None]
    if not places:
        return row
    names = _digit(row.parts[places[0]]).class_names
    text = [part.text for part in row.parts]
    others = ["".join((*text[:k], name, *text[k + 1 :])) for k in places for name in names]
    by_line = line.log_likelihoods(others).reshape(len(places), len(names))
    parts, score = list(row.parts), row.score
    for k, own in zip(places, by_line, strict=True):
        digit = _digit(parts[k])
        by_itself = np.log(np.maximum(digit.probabilities, _LEAST))
        both = by_itself + _OF_LINE_FOR_DIGITS * (own - own.max())
        chances = np.exp(both - both.max())
        chances /= chances.sum()
        # The row counts with what its digits are now, by their own opinion.
        score += float(by_itself[chances.argmax()] - by_itself.max())
        seen = dataclasses.replace(digit, probabilities=tuple(chances.tolist()))
        parts[k] = dataclasses.replace(parts[k], digit=seen)
    return Row(row.ink, tuple(parts), score)


def _digit(part: Part) -> Prediction:
    assert part.digit is not None
    return part.digit
