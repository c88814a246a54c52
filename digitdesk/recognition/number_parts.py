"""What each candidate of a number may be: a digit, as a reader sees it, or a sign."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from digitdesk.ink.segmentation.candidates import Candidate, Line, is_beside
from digitdesk.ink.segmentation.number_ink import NumberInk
from digitdesk.ink.segmentation.signs import sign_chances
from digitdesk.messages.prediction import Prediction

LEAST_SURENESS = 1e-4
"""A reader may be wrong however sure it is: no candidate is ruled out by it alone."""

Answer = tuple[Prediction, float]
"""What a reader says of one picture, and how sure it is that this is right."""


@dataclass(frozen=True, slots=True)
class Part:
    """A candidate as one digit, or as a sign between digits.

    Attributes:
        score: Logarithm of how probable it is, with what speaks against its pieces being one.
        sureness: How probable it is that the answer is right, as for any ink.
        digit: The answer; ``None`` for a sign.
        is_hidden: Whether it lies within the ink of the part beside it.
    """

    candidate: Candidate
    score: float
    sureness: float
    digit: Prediction | None = None
    is_hidden: bool = False

    @property
    def text(self) -> str:
        """As it is written."""
        return self.candidate.sign if self.digit is None else self.digit.label


def parts_of(ink: NumberInk, found: Sequence[Candidate], answers: Sequence[Answer]) -> list[Part]:
    """Each candidate as a digit, and as any sign it may be."""
    parts = []
    chances = sign_chances(ink.line, found, ink.points(found))
    points = _points(ink.line, found, chances)
    for candidate, (digit, sureness), signs in zip(found, answers, chances, strict=True):
        # A slash is as good a 1 as any, but what reads as another digit is no plus.
        signs["+"] *= 1 - sureness
        sureness *= 1 - sum(signs.values())
        score = math.log(max(sureness, LEAST_SURENESS)) - candidate.penalty
        own = (
            points[candidate.first : candidate.last] if candidate.last > candidate.first + 1 else ()
        )
        score += sum(math.log(max(1 - chance, LEAST_SURENESS)) for chance in own)
        parts.append(Part(candidate, score, sureness, digit))
        for sign, chance in signs.items():
            if chance >= LEAST_SURENESS:
                # A lone dot is low for a digit, not for a sign.
                penalty = candidate.penalty if candidate.last > candidate.first + 1 else 0.0
                as_sign = dataclasses.replace(candidate, sign=sign)
                parts.append(Part(as_sign, math.log(chance) - penalty, chance))
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
