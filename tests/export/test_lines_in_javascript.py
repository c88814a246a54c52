"""The page's network for lines says what DigitDesk's says, step by step; run by Node."""

from __future__ import annotations

import shutil
from typing import Any

import numpy as np
import pytest

from digitdesk.export.javascript import model_object
from digitdesk.ink.line_picture import WIDTHS
from digitdesk.ink.segmentation.stroke_number import StrokeInk
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.recognition.line_network import LineReading
from digitdesk.recognition.reader import Reader
from tests.export.networks import content, model_of_three
from tests.export.node import answers_of
from tests.export.written import numbers

TEXTS = ("3", "41", "224", "1.5", "2-7+0", "1" * 20, "x1")
RUN = """
const { model, drawings, texts, edges } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const network = model.networks.find(({ name }) => name === "lines");
const readLine = makeLineReader(model.card.lines, network.layers.map(withNumbers));

function sliced(ink) {
  const slices = slicedInk(ink, edges);
  return slices && slices.found.map((one) => [one.box, strokesOf(slices.ink, one)]);
}

function toldOf(drawing) {
  const ink = numberInk(drawing);
  const picture = linePicture(ink.strokes, ink.height);
  if (!picture) return null;
  const line = readLine(picture);
  const { greys, width } = picture;
  return {
    greys: Array.from(greys), width, logs: line.logs, slices: sliced(ink),
    likelihoods: textLikelihoods(line, texts), likeliest: likeliestTexts(line, 4),
    edges: likeliestTexts(line, 4).map((text) => text && edgesOf(line, text)),
  };
}
console.log(JSON.stringify(drawings.map(toldOf)));
"""
EDGES = (40.0, 130.0)

Told = tuple[StrokeInk, LineReading | None, dict[str, Any] | None]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[Told]:
    """Of each number: its ink, what is said of it here, and what is said there."""
    if shutil.which("node") is None:
        pytest.skip("Node is not installed here")
    stored = model_of_three()
    network = Reader.from_stored(stored, cpu_backend()).lines
    assert network is not None
    # As wide as the widest picture, and wider.
    wide = tuple(((95.0 * k, 20.0 * (k % 2)), (90.0 * k, 60.0 - k)) for k in range(8))
    far = tuple(((200.0 * k, 0.0), (200.0 * k, 60.0)) for k in range(9))
    # Of a lone dot or bar columns look alike to a network, and rounding decides between them.
    written = [*numbers()[:-3], wide, far]
    inks = [StrokeInk(one) for one in written]
    pictures = [ink.line_picture() for ink in inks]
    lines = [None if picture is None else network.read(picture) for picture in pictures]
    given = {
        "model": model_object(content(stored), "float32"),
        "drawings": written, "texts": TEXTS, "edges": EDGES,
    }  # fmt: skip
    answers = answers_of(RUN, given, tmp_path_factory.mktemp("node"))
    return list(zip(inks, lines, answers, strict=True))


def both(told: list[Told]) -> list[tuple[LineReading, dict[str, Any]]]:
    return [(line, theirs) for _, line, theirs in told if line is not None and theirs is not None]


def test_lines_look_the_same(told: list[Told]) -> None:
    assert [line is None for _, line, _ in told] == [theirs is None for _, _, theirs in told]
    assert told[-1][1] is None, "one line is too long"
    for line, theirs in both(told):
        grey = line.picture.grey
        np.testing.assert_allclose(theirs["greys"], grey.ravel(), atol=1e-3)
        assert theirs["width"] == grey.shape[1]
    assert {line.picture.grey.shape[1] for line, _ in both(told)} >= {WIDTHS[0], WIDTHS[-1]}


def test_the_network_says_the_same_of_each_column(told: list[Told]) -> None:
    for line, theirs in both(told):
        np.testing.assert_allclose(theirs["logs"], line.logs, atol=1e-3)


def test_texts_are_as_likely(told: list[Told]) -> None:
    found = {text for line, _ in both(told) for text in line.likeliest(4)}
    assert len(found) > 20
    for line, theirs in both(told):
        assert theirs["likeliest"] == line.likeliest(4)
        likelihoods = line.log_likelihoods(TEXTS)
        np.testing.assert_allclose(theirs["likelihoods"], likelihoods, rtol=1e-6, atol=1e-3)
        assert likelihoods[-1] < -1e20, "a sign that is unknown"


def test_digits_stand_at_the_same_places(told: list[Told]) -> None:
    for line, theirs in both(told):
        for text, edges in zip(line.likeliest(4), theirs["edges"], strict=True):
            if text:
                np.testing.assert_allclose(edges, line.edges(text), atol=1e-6)


def test_ink_is_cut_at_the_same_places(told: list[Told]) -> None:
    cuts = 0
    for ink, line, theirs in told:
        slices = ink.sliced(EDGES)
        if line is None or theirs is None:
            continue
        assert (theirs["slices"] is None) == (slices is None)
        if slices is None:
            continue
        cuts += 1
        cut, found = slices
        for (box, strokes), candidate in zip(theirs["slices"], found, strict=True):
            np.testing.assert_allclose(box, candidate.box, atol=1e-9)
            expected = cut.strokes(candidate)
            assert [len(stroke) for stroke in strokes] == [len(stroke) for stroke in expected]
            np.testing.assert_allclose(np.concatenate(strokes), np.concatenate(expected))
    assert cuts > 5
