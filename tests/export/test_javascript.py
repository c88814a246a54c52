"""The page's JavaScript reads as DigitDesk does; run by Node where that is installed."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from digitdesk.export.javascript import model_object
from digitdesk.files.paths import assets_folder
from digitdesk.ink.segmentation.candidates import candidates
from digitdesk.ink.segmentation.rows import rows_of
from digitdesk.ink.segmentation.signs import SIGNS, sign_chances
from digitdesk.ink.segmentation.stroke_number import StrokeInk
from digitdesk.messages.prediction import Prediction, Stroke
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.recognition.number_reader import NumberReader
from digitdesk.recognition.reader import Reader
from digitdesk.storage.model_file import StoredModel, load_model
from tests.export.networks import (
    content,
    model,
    model_of_strokes,
    model_of_three,
    model_of_two,
)
from tests.export.node import answers_of
from tests.export.written import numbers

RUN_NUMBERS = """
const { model, drawings } = JSON.parse(require("fs").readFileSync(0, "utf8"));
(async () => {
  const answers = [];
  for (const drawing of drawings) answers.push(await makeReader(model).readNumber(drawing));
  console.log(JSON.stringify(answers));
})();
"""
RUN_ROWS = """
const { drawings } = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(drawings.map((drawing) => rowsOf(drawing).map((row) => row.length))));
"""
RUN_SIGNS = """
const { drawings } = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(drawings.map(numberInk).map((ink) =>
  candidatesOf(ink).map((found) => signChances(ink, found)))));
"""
RUN = """
const { model, drawings, pictures } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const reader = makeReader(model);
(async () => {
  const answers = [];
  for (const drawing of drawings) answers.push(await reader.readStrokes(drawing));
  for (const picture of pictures) answers.push(await reader.readPicture(picture));
  console.log(JSON.stringify(answers.map(({ probabilities, reason }) => [probabilities, reason])));
})();
"""


def drawings() -> list[tuple[Stroke, ...]]:
    """Spirals, a cross whose bar was broken off, dots, a tap beside a line, and nothing."""
    found: list[tuple[Stroke, ...]] = []
    for k in range(1, 9):
        angles = [k * 0.9 * step / 30 for step in range(31)]
        spiral = tuple((140 + (30 + 9 * a) * math.cos(a), 150 - 80 * math.sin(a)) for a in angles)
        found.append((spiral,))
    found.append((((50.0, 40.0), (52.0, 230.0)), ((10.0, 90.0), (20.0, 92.0), (260.0, 100.0))))
    found.append((((70.0, 70.0),),))
    found.append((((70.0, 70.0), (70.5, 71.0)), ((200.0, 20.0), (190.0, 220.0))))
    found.append((((0.1, 0.2), (0.2, 4.9)),))
    return [*found, ()]


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed here")
@pytest.mark.parametrize("stored", [model(), model_of_two(), model_of_three(), model_of_strokes()])
def test_javascript_reads_as_python_does(stored: StoredModel, tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    pictures = rng.random((3, 28, 28)).astype(np.float32) if stored.card.input_planes == 1 else []
    reader = Reader.from_stored(stored, cpu_backend())
    expected = [reader.read_strokes(drawing) for drawing in drawings()]
    expected += [reader.read_preprocessed(picture) for picture in pictures]
    given = {
        "model": model_object(content(stored), "float32"),
        "drawings": drawings(),
        "pictures": [picture.ravel().tolist() for picture in pictures],
    }
    answers = answers_of(RUN, given, tmp_path)
    assert [reason for _, reason in answers] == [one.reason for one in expected]
    for (probabilities, _), one in zip(answers, expected, strict=True):
        np.testing.assert_allclose(probabilities, one.probabilities, atol=1e-4)
    assert len({one.label for one in expected}) > 1, "answers that are all the same compare little"


def rows_of_boxes() -> list[tuple[Stroke, ...]]:
    """Rows of digits, below them commas, points and digits of all sizes and at all places."""
    rng = np.random.default_rng(8)
    found = []
    for _ in range(400):
        boxes = [(80.0 * k, 0.0, 80.0 * k + 60, 100.0) for k in range(4)]
        for _ in range(rng.integers(1, 4)):
            left, top = rng.uniform(-20, 300), rng.uniform(70, 130)
            width, height = rng.uniform(4, 30, 2) * rng.choice([1, 4])
            boxes.append((left, top, left + width, top + height))
        found.append(tuple(((a, b), (c, d)) for a, b, c, d in boxes))
    return found


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed here")
def test_javascript_divides_rows_as_python_does(tmp_path: Path) -> None:
    written = rows_of_boxes()
    expected = [[len(row) for row in rows_of(drawing)] for drawing in written]
    answers = answers_of(RUN_ROWS, {"drawings": written}, tmp_path)
    assert answers == expected
    assert 100 < sum(len(rows) == 1 for rows in expected) < 300


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed here")
def test_javascript_tells_signs_as_python_does(tmp_path: Path) -> None:
    written = [number for number in numbers() if number]
    hook = ((58.0, 92.0), (60.0, 112.0), (48.0, 130.0), (20.0, 135.0), (0.0, 133.0))
    written.append(behind(behind(written[0], hook), *written[0]))
    inks = [StrokeInk(number) for number in written]
    found = [candidates(ink.line) for ink in inks]
    expected = [sign_chances(i.line, f, i.points(f)) for i, f in zip(inks, found, strict=True)]
    answers = answers_of(RUN_SIGNS, {"drawings": written}, tmp_path)
    for answer, own in zip(answers, expected, strict=True):
        assert len(answer) == len(own)
        for one, other in zip(answer, own, strict=True):
            assert one == pytest.approx(other, abs=1e-6)
    likeliest = {sign for own in expected for one in own for sign in SIGNS if one[sign] > 0.5}
    assert likeliest == set("-.,/")
    assert max(one[","] for one in expected[-1]) > 0.5


def behind(number: tuple[Stroke, ...], *strokes: Stroke) -> tuple[Stroke, ...]:
    """A number and further strokes at its right."""
    right = max(x for stroke in number for x, _ in stroke) + 10
    return (*number, *(tuple((x + right, y) for x, y in stroke) for stroke in strokes))


def bundled() -> StoredModel:
    return load_model(assets_folder() / "reader.npz")


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed here")
@pytest.mark.parametrize(
    ("make", "which", "signs"),
    [
        (model_of_two, slice(None), " -/"),
        # Along a bar all columns look alike to a network, and rounding decides between them; in the
        # seventh number, two texts are 0.007 nats apart.
        (model_of_three, slice(6), "."),
        (model_of_three, slice(7, 12), "/"),
        (bundled, slice(9, 11), " \n"),
    ],
)
def test_javascript_reads_numbers_as_python_does(
    make: Callable[[], StoredModel], which: slice, signs: str, tmp_path: Path
) -> None:
    stored, written = make(), numbers()[which]
    reader = Reader.from_stored(stored, cpu_backend())
    expected = [NumberReader(reader).read_strokes(number) for number in written]
    given = {"model": model_object(content(stored), "float32"), "drawings": written}
    answers = answers_of(RUN_NUMBERS, given, tmp_path)
    assert [one["number"] for one in answers] == [one.text for one in expected]
    assert [one["reason"] for one in answers] == [one.reason for one in expected]
    for answer, one in zip(answers, expected, strict=True):
        assert answer["confidence"] == pytest.approx(one.confidence, rel=5e-3)
        boxes = [digit["box"] for digit in answer["digits"]]
        np.testing.assert_allclose(boxes, one.boxes, atol=1e-6)
        chances = [digit["probabilities"] for digit in answer["digits"]]
        np.testing.assert_allclose(chances, [d.probabilities for d in one.digits], atol=1e-3)
    text = "".join(one.text for one in expected)
    assert set(signs) <= set(text) and len(set(text) & set("0123456789")) > 2


def test_answers_of_the_check_are_no_constant() -> None:
    stored = model()
    reader = Reader.from_stored(stored, cpu_backend())
    read: list[Prediction] = [reader.read_strokes(drawing) for drawing in drawings()[:-1]]
    assert np.std([one.probabilities for one in read], axis=0).max() > 1e-3
