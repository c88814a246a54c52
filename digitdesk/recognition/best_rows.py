"""The most probable rows of candidates that take up every piece of a line once."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from digitdesk.ink.segmentation.candidates import Candidate, Line, division_penalty

MAY_BEGIN = "-+"
"""The signs that may stand before the first digit; none stands after the last."""

_COMPARED = 12
"""So many rows are compared as a whole: the best ones, each candidate by itself."""


@dataclass(frozen=True, slots=True)
class _Way:
    """One way from the left end of the line through a candidate.

    Attributes:
        score: Logarithm of how probable it is.
        candidate: Position of its last candidate.
        before: The way to there.
    """

    score: float
    candidate: int
    before: _Way | None

    @property
    def row(self) -> list[int]:
        """Its candidates from left to right."""
        way: _Way | None = self
        found = []
        while way is not None:
            found.append(way.candidate)
            way = way.before
        return found[::-1]


@dataclass(frozen=True, slots=True)
class RatedRow:
    """A row of candidates.

    Attributes:
        places: Positions of its candidates, from left to right.
        score: Logarithm of how probable it is, as good as the scores of its candidates are.
        probability: Of this row among all rows.
    """

    places: list[int]
    score: float
    probability: float


def best_rows(
    line: Line,
    found: Sequence[Candidate],
    scores: Sequence[float],
    penalty: Callable[[Sequence[int]], float] = lambda row: 0.0,
) -> list[RatedRow]:
    """The best rows of candidates that take up every piece once.

    Args:
        line: The pieces.
        found: Candidates, ordered by their first piece, among them each piece alone as a digit. No
            sign stands beside another, and none is last.
        scores: Logarithms of how probable each candidate is.
        penalty: What speaks against a row as a whole, in nats.

    Returns:
        A dozen at most, the best one first.

    Source:
        Viterbi, "Error bounds for convolutional codes and an asymptotically optimum decoding
        algorithm" (1967), with a list of the best ways; the sum over all rows is the forward
        algorithm.
    """
    ways: list[list[_Way]] = []
    sums: list[float] = []
    ending: list[list[int]] = [[] for _ in range(len(line.pieces) + 1)]
    for k, candidate in enumerate(found):
        # Candidates come by their first piece, so all ways that end there are known.
        before = [j for j in ending[candidate.first] if not (candidate.sign and found[j].sign)]
        steps = [
            scores[k] - division_penalty(line, candidate.first, candidate.sign or found[j].sign)
            for j in before
        ]
        if candidate.first == 0 and (not candidate.sign or candidate.sign in MAY_BEGIN):
            ways.append([_Way(scores[k], k, None)])
            sums.append(scores[k])
        else:
            through = (
                _Way(way.score + step, k, way)
                for j, step in zip(before, steps, strict=True)
                for way in ways[j]
            )
            ways.append(_best(through))
            sums.append(_log_sum([sums[j] + s for j, s in zip(before, steps, strict=True)]))
        is_last_sign = candidate.sign and candidate.last == len(line.pieces)
        if ways[k] and not is_last_sign:
            ending[candidate.last].append(k)
    whole = _best(way for k in ending[-1] for way in ways[k])
    rows = [way.row for way in whole]
    penalized = [way.score - penalty(row) for way, row in zip(whole, rows, strict=True)]
    # All other rows count as they are: they are many, and none of them is probable.
    everything = _log_sum([sums[k] for k in ending[-1]])
    others = max(0.0, 1 - sum(math.exp(way.score - everything) for way in whole))
    compared = sum(math.exp(score - everything) for score in penalized)
    rated = [
        RatedRow(row, score, min(math.exp(score - everything) / (compared + others), 1.0))
        for row, score in zip(rows, penalized, strict=True)
    ]
    # The first of equals stays the first.
    return sorted(rated, key=lambda row: -row.score)


def _best(ways: Iterable[_Way]) -> list[_Way]:
    return heapq.nlargest(_COMPARED, ways, key=lambda way: way.score)


def _log_sum(values: Sequence[float]) -> float:
    """``log Σ exp(v)`` without overflow; of nothing, minus infinity."""
    if not values:
        return -math.inf
    largest = max(values)
    return largest + math.log(sum(math.exp(value - largest) for value in values))
