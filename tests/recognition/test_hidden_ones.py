"""A 1 that was drawn over another digit is found, and none where there is no such 1."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from digitdesk.files.paths import assets_folder
from digitdesk.ink.segmentation.candidates import Candidate, Line, Piece
from digitdesk.ink.segmentation.picture_number import PictureInk
from digitdesk.messages.prediction import Prediction
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.recognition.hidden_ones import rows_with_hidden
from digitdesk.recognition.line_network import LineReading
from digitdesk.recognition.line_opinion import Row
from digitdesk.recognition.number_parts import Part
from digitdesk.recognition.number_reader import NumberReader
from digitdesk.recognition.reader import Reader
from digitdesk.storage.model_file import load_model

Point = tuple[float, float]

NAMES = tuple("0123456789")


def bow(middle: Point, radii: Point, first: float, last: float) -> list[Point]:
    angles = np.radians(np.linspace(first, last, 30))
    return [
        (middle[0] + radii[0] * math.cos(a), middle[1] + radii[1] * math.sin(a)) for a in angles
    ]


THREE = [bow((65, 65), (30, 25), -160, 90), bow((65, 115), (32, 27), -90, 150)]
STEM = [(100.0, 38.0), (92.0, 142.0)]


def picture_of(lines: Sequence[Sequence[Point]]) -> Any:
    picture = Image.new("L", (190, 180), 255)
    for line in lines:
        ImageDraw.Draw(picture).line(list(line), fill=0, width=5, joint="curve")
    return np.asarray(picture)


@pytest.fixture(scope="module")
def numbers() -> NumberReader:
    return NumberReader(
        Reader.from_stored(load_model(assets_folder() / "reader.npz"), cpu_backend())
    )


def test_a_stem_over_the_side_of_a_digit_is_a_1(numbers: NumberReader) -> None:
    found = numbers.read_picture(picture_of([*THREE, STEM]))
    assert found.text == "31" and not found.reason
    of_three, of_one = found.boxes
    assert of_three[0] < of_one[0] < of_one[2] <= of_three[2]
    assert of_one[2] - of_one[0] < 0.4 * (of_three[2] - of_three[0])
    assert [digit.label for digit in found.digits] == ["3", "1"]


def test_without_the_stem_there_is_none(numbers: NumberReader) -> None:
    assert numbers.read_picture(picture_of(THREE)).text == "3"


def said(*texts: str, edges: Sequence[float]) -> LineReading:
    """What a network for lines says: these texts, the first one likeliest, divided there."""
    told: Any = SimpleNamespace(likeliest=lambda count: list(texts), edges=lambda text: list(edges))
    return told


def row_of(text: str, *, regions: Sequence[int] = range(9)) -> Row:
    """Digits of a picture beside each other, in these regions: each in its own, if not told."""
    boxes = [(10.0 * k, 0.0, 10.0 * (k + 1), 20.0) for k in range(len(text))]
    ink = PictureInk.__new__(PictureInk)
    ink.line = Line(tuple(map(Piece, boxes, regions)), 20.0)
    parts = []
    for k, (name, box) in enumerate(zip(text, boxes, strict=True)):
        chances = tuple(0.91 if name == other else 0.01 for other in NAMES)
        parts.append(Part(Candidate(k, k + 1, box, 0), -0.1, 0.9, Prediction(chances, NAMES, None)))
    return Row(ink, tuple(parts), -1.0)


def test_the_1_lies_in_the_ink_of_the_digit_beside_it() -> None:
    (found,) = rows_with_hidden([row_of("37")], said("317", edges=[6, 10]))
    assert found.text == "317"
    assert [part.is_hidden for part in found.parts] == [False, True, False]
    assert found.parts[1].candidate.box == (6, 0, 10, 20)
    # The ink is divided as before: nothing was cut.
    assert not found.is_cut


def test_digits_that_were_one_region_stay_cut_with_a_1_between_them() -> None:
    (found,) = rows_with_hidden([row_of("37", regions=[0, 0])], said("317", edges=[6, 10]))
    assert found.cut_out == (True, False, True)


def test_a_row_may_read_otherwise_as_the_line_does() -> None:
    """Of what the line calls 917, a 3 and a 7 are 9 and 7 by another name."""
    (found,) = rows_with_hidden([row_of("37")], said("917", edges=[6, 10]))
    assert found.text == "317"


@pytest.mark.parametrize(
    ("text", "longer", "edges"),
    [
        ("317", "3117", [5, 9, 20]),  # a 1 that is seen twice
        ("14", "714", [4, 10]),  # what reads as a 1 has no other along it
        ("37", "3177", [6, 8, 10]),  # two digits more
        ("37", "347", [6, 10]),  # no 1
        ("37", "3/7", [6, 10]),  # a sign
    ],
)
def test_there_is_none(text: str, longer: str, edges: Sequence[float]) -> None:
    assert rows_with_hidden([row_of(text)], said(longer, edges=edges)) == []


def test_there_is_none_in_strokes_nor_in_what_the_line_cut_out() -> None:
    line, row = said("317", edges=[6, 10]), row_of("37")
    drawn: Any = SimpleNamespace(line=row.ink.line)
    assert rows_with_hidden([dataclasses.replace(row, ink=drawn)], line) == []
    assert rows_with_hidden([dataclasses.replace(row, is_sliced=True)], line) == []
