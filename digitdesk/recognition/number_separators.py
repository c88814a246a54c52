"""The signs and spaces between the digits of a number, and the number as it is written."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from digitdesk.ink.segmentation.candidates import Candidate, Line
from digitdesk.ink.segmentation.number_ink import NumberInk
from digitdesk.ink.segmentation.spaces import are_spaces
from digitdesk.messages.boxes import Box
from digitdesk.messages.prediction import Prediction, Separator
from digitdesk.recognition.number_parts import Part


def separators_of(ink: NumberInk, row: Sequence[Part]) -> list[Separator]:
    """The signs of a row, and the spaces between its digits."""
    boxes = [ink.box(part.candidate) for part in row]
    digits_before = list(itertools.accumulate(int(part.digit is not None) for part in row))
    signs = [
        Separator(part.candidate.sign, digits_before[k], boxes[k])
        for k, part in enumerate(row)
        if part.candidate.sign
    ]
    spaces = [
        Separator(" ", digits_before[k - 1], _between(boxes[k - 1], boxes[k]))
        for k in places_of_spaces(ink.line, row)
    ]
    return sorted(signs + spaces, key=lambda separator: separator.before)


def places_of_spaces(line: Line, row: Sequence[Part]) -> list[int]:
    """The parts of a row before which there is a space."""
    pairs = [
        k for k in range(1, len(row)) if _may_be_apart(line, row[k - 1].candidate, row[k].candidate)
    ]
    # From one middle of the pen's line to the next: what its width takes off a gap, it adds to a
    # digit's height.
    gaps = [row[k].candidate.box[0] - row[k - 1].candidate.box[2] + line.pen for k in pairs]
    return list(itertools.compress(pairs, are_spaces(gaps, line.height - line.pen)))


def with_spaces(letters: str, places: Sequence[int]) -> str:
    """A text with a space before each of these places."""
    edges = [0, *places, len(letters)]
    return " ".join(letters[start:stop] for start, stop in itertools.pairwise(edges))


def _may_be_apart(line: Line, left: Candidate, right: Candidate) -> bool:
    """Whether there may be a space: between two digits for which the pen was lifted."""
    if left.sign or right.sign:
        return False
    return line.pieces[left.last - 1].source != line.pieces[right.first].source


def _between(left: Box, right: Box) -> Box:
    """The gap between two boxes."""
    return left[2], min(left[1], right[1]), right[0], max(left[3], right[3])


def with_separators(digits: Sequence[Prediction], separators: Sequence[Separator]) -> str:
    """A number as it is written."""
    signs = {separator.before: separator.sign for separator in separators}
    written = [signs.get(k + 1, "") for k in range(len(digits))]
    return signs.get(0, "") + "".join(
        digit.label + sign for digit, sign in zip(digits, written, strict=True)
    )
