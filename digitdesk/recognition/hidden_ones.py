"""Finds 1s that were drawn over another digit of a picture: no division of the ink has them.

A stem along the side of a 3 or a 7 leaves one region that still looks like a 3 or a 7. A network
for lines sees two digits there; the other one stays what its whole region looks like.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from digitdesk.ink.segmentation.picture_number import PictureInk
from digitdesk.messages.boxes import Box
from digitdesk.messages.prediction import Prediction
from digitdesk.recognition.line_network import LineReading
from digitdesk.recognition.line_opinion import Row
from digitdesk.recognition.number_parts import Part

ONE = "1"

_TEXTS = 8
"""So many of the texts that the network for lines finds likeliest are looked at."""

_WIDTH = 0.2
"""Of such a stem, beside the height of a digit."""


def rows_with_hidden(rows: Sequence[Row], line: LineReading) -> list[Row]:
    """Rows that may read as the line does but for a single 1, with that 1 put in.

    Args:
        rows: Ways to read a number; those of strokes, and what the line cut out, have none hidden.
        line: What is said of the line as a whole.
    """
    found = []
    for row in rows:
        if not isinstance(row.ink, PictureInk) or row.is_sliced:
            continue
        places: dict[int, str] = {}
        for text in line.likeliest(_TEXTS):
            for place in _places_of_one(text, row):
                places.setdefault(place, text)
        for place, text in places.items():
            hidden = _hidden_at(place, text, row, line)
            if hidden is not None:
                parts = (*row.parts[:place], hidden, *row.parts[place:])
                found.append(dataclasses.replace(row, parts=parts))
    return found


def _places_of_one(text: str, row: Row) -> list[int]:
    """Where a text has a 1 that a row lacks, if that is all.

    Two 1s beside each other are what a network for lines often makes of a single one.
    """
    ones = [
        place
        for place, name in enumerate(text)
        if name == ONE and 2 * ONE not in text[max(place - 1, 0) : place + 2]
    ]
    return [place for place in ones if row.may_read(text[:place] + text[place + 1 :])]


def _hidden_at(place: int, text: str, row: Row, line: LineReading) -> Part | None:
    """The 1 at a place of a text, where it lies in the ink of a digit beside it."""
    edges = line.edges(text)
    if edges is None:
        return None
    boxes = [part.candidate.box for part in row.parts]
    ends = [boxes[0][0], *edges, boxes[-1][2]]
    middle = (ends[place] + ends[place + 1]) / 2
    for beside in row.parts[max(place - 1, 0) : place + 1]:
        left, top, right, bottom = beside.candidate.box
        digit = beside.digit
        # A second line along a 1 is a part of it.
        if digit is None or digit.label == ONE or ONE not in digit.class_names:
            continue
        if left <= middle <= right:
            half = _WIDTH / 2 * (bottom - top)
            own: Box = (max(left, middle - half), top, min(right, middle + half), bottom)
            candidate = dataclasses.replace(beside.candidate, box=own)
            return Part(candidate, 0.0, beside.sureness, _as_one(digit), is_hidden=True)
    return None


def _as_one(beside: Prediction) -> Prediction:
    """A 1 for sure, among the classes that its neighbor is one of."""
    chances = tuple(float(name == ONE) for name in beside.class_names)
    return dataclasses.replace(beside, probabilities=chances, reason="")
