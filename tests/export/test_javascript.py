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
