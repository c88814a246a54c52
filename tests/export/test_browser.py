"""The exported page in a real browser, opened as a file: it reads what Python reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from digitdesk.data.mnist import read_mnist
from digitdesk.data.synthetic.numbers import NumberStyle, compose_numbers
from digitdesk.export.targets import export_model
from digitdesk.files.paths import assets_folder
from digitdesk.ink.stroke_file import read_stroke_file
from digitdesk.ink.strokes import fit_to_board
from digitdesk.messages.prediction import Prediction
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.recognition.number_reader import NumberReader
from digitdesk.recognition.reader import Reader
from digitdesk.storage.model_file import StoredModel, load_model
from tests.export.browser import FIVE, chromium, complaints, draw, text_of
from tests.export.networks import content

COUNT = 1000
NUMBERS = 60
_AT_ONCE = 50
READ_ALL = """
const [method, inputs, done] = arguments;
(async () => {
  const answers = [];
  for (const input of inputs) answers.push(await READER[method](input));
  done(answers.map(({ probabilities, reason }) => [probabilities, reason]));
})();
"""
READ_NUMBERS = """
const [drawings, done] = arguments;
(async () => {
  const answers = [];
  for (const drawing of drawings) answers.push(await READER.readNumber(drawing));
  done(answers.map(({ number, confidence, reason }) => [number, confidence, reason]));
})();
"""
TIME_ALL = """
const [drawings, done] = arguments;
(async () => {
  const times = [];
  for (let round = 0; round < 3; round += 1) {
    for (const drawing of drawings) {
      const start = performance.now();
      await READER.readStrokes(drawing);
      times.push(performance.now() - start);
    }
  }
  done(times.slice(drawings.length));
})();
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    yield from chromium()


@pytest.fixture(scope="module")
def bundled() -> StoredModel:
    return load_model(assets_folder() / "reader.npz")


@pytest.fixture(scope="module")
def page(bundled: StoredModel, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("page") / "page.html"
    export_model(content(bundled), "html", path)
    return path.as_uri()


def drawings(data_dir: Path) -> list[Any]:
    (file,) = data_dir.rglob("crohme_dev.json.gz")
    kept = [fit_to_board(one.strokes) for one in read_stroke_file(file)[:COUNT]]
    return [[[[float(x), float(y)] for x, y, *_ in stroke] for stroke in one] for one in kept]


def read(browser: Any, method: str, inputs: Sequence[Any]) -> list[Any]:
    answers = []
    for first in range(0, len(inputs), _AT_ONCE):
        part = inputs[first : first + _AT_ONCE]
        answers += browser.execute_async_script(READ_ALL, method, part)
    return answers


def check(answers: list[Any], expected: list[Prediction]) -> None:
    ours = np.array([one.probabilities for one in expected])
    theirs = np.array([probabilities for probabilities, _ in answers])
    assert theirs.shape == ours.shape == (COUNT, 10)
    assert (theirs.argmax(axis=1) == ours.argmax(axis=1)).mean() >= 0.999
    assert np.abs(theirs - ours).max() <= 1e-4
    same = [reason == one.reason for (_, reason), one in zip(answers, expected, strict=True)]
    assert np.mean(same) >= 0.999


def test_drawings_are_read_as_python_reads_them(
    browser: Any, page: str, bundled: StoredModel, data_dir: Path
) -> None:
    browser.get(page)
    drawn = drawings(data_dir)
    reader = Reader.from_stored(bundled, cpu_backend())
    expected = [
        reader.read_strokes(tuple(tuple((x, y) for x, y in stroke) for stroke in drawing))
        for drawing in drawn
    ]
    check(read(browser, "readStrokes", drawn), expected)


def test_numbers_are_read_as_python_reads_them(
    browser: Any, page: str, bundled: StoredModel, data_dir: Path
) -> None:
    browser.get(page)
    (file,) = data_dir.rglob("crohme_dev.json.gz")
    digits = [sample for sample in read_stroke_file(file) if 0 <= sample.label <= 9]
    numbers = compose_numbers(digits, NUMBERS, seed=3, style=NumberStyle(joined=0.3))
    written = [number.strokes for number in numbers]
    reader = Reader.from_stored(bundled, cpu_backend())
    expected = [NumberReader(reader).read_strokes(strokes) for strokes in written]
    answers: list[Any] = []
    for first in range(0, NUMBERS, 5):
        answers += browser.execute_async_script(READ_NUMBERS, written[first : first + 5])
    assert [number for number, _, _ in answers] == [one.text for one in expected]
    assert [reason for _, _, reason in answers] == [one.reason for one in expected]
    ours = [one.confidence for one in expected]
    np.testing.assert_allclose([confidence for _, confidence, _ in answers], ours, atol=1e-3)


def test_pictures_are_read_as_python_reads_them(
    browser: Any, page: str, bundled: StoredModel, mnist_dir: Path
) -> None:
    browser.get(page)
    pictures = read_mnist(mnist_dir).test_images[:COUNT] / np.float32(255)
    reader = Reader.from_stored(bundled, cpu_backend())
    expected = [reader.read_preprocessed(picture) for picture in pictures]
    flat = [[round(float(grey), 9) for grey in picture.ravel()] for picture in pictures]
    check(read(browser, "readPicture", flat), expected)


def test_a_five_is_drawn_and_read_off_the_page(browser: Any, page: str) -> None:
    browser.get(page)
    assert page.startswith("file://")
    draw(browser, FIVE)
    assert text_of(browser, "answer", once="5") == "5"
    assert "sure" in browser.find_element("id", "sentence").text
    best = browser.find_element("css selector", "#bars .best .name").text
    assert best == "5"
    browser.find_element("id", "language").click()
    assert text_of(browser, "undo", once="撤销") == "撤销"
    assert "把握" in text_of(browser, "sentence", once="", seconds=0.5)
    browser.find_element("id", "clear").click()
    assert text_of(browser, "answer", once="") == ""
    assert not complaints(browser)


def test_a_number_is_written_and_read_off_the_page(browser: Any, page: str) -> None:
    browser.get(page)
    browser.find_element("id", "number").click()
    draw(browser, [[((x + shift) / 3, y / 3) for x, y in stroke] for shift in (0.3, 1.6)
                   for stroke in FIVE])  # fmt: skip
    assert text_of(browser, "answer", once="55") == "55"
    assert "sure" in browser.find_element("id", "sentence").text
    assert not complaints(browser)


def test_it_answers_while_the_pen_moves(browser: Any, data_dir: Path, tmp_path: Path) -> None:
    from digitdesk.messages.model import ModelCard
    from digitdesk.nn.spec.build import build_network

    network = build_network("cnn-standard", backend=cpu_backend(), seed=1)
    stored = StoredModel(ModelCard("cnn-standard", network.spec), network.snapshot())
    export_model(content(stored), "html", tmp_path / "page.html")
    browser.get((tmp_path / "page.html").as_uri())
    times = browser.execute_async_script(TIME_ALL, drawings(data_dir)[:100])
    assert np.median(times) <= 16, "a frame of the screen takes 16 ms"
