"""A reader turns a network's numbers into answers, and refuses networks it cannot answer with."""

from __future__ import annotations

import dataclasses
import math
import tracemalloc
from typing import Any

import numpy as np
import pytest

from digitdesk.errors import ModelFileError
from digitdesk.ink.preprocessing import PREPROCESSING_VERSION
from digitdesk.messages.model import ModelCard
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.spec.build import build_network
from digitdesk.recognition.reader import Reader
from digitdesk.storage.model_file import StoredModel

STROKES = (((60.0, 60.0), (220.0, 60.0), (120.0, 230.0)),)


class Fixed:
    """Answers every picture with the same logits."""

    def __init__(self, logits: list[float]) -> None:
        self.logits = np.array(logits, np.float32)

    def predict_logits(self, images: Any, /) -> Any:
        return np.tile(self.logits, (len(images), 1))


def card(**changes: Any) -> ModelCard:
    names = ("a", "b", "c")
    return dataclasses.replace(ModelCard("Fixed", "none", class_names=names), **changes)


def picture() -> np.ndarray[Any, np.dtype[np.float32]]:
    preprocessed = np.zeros((28, 28), np.float32)
    preprocessed[5, 5:8] = 1, 0.5, 0.25
    return preprocessed


def test_probabilities_are_the_softmax_of_the_logits() -> None:
    logits = [1.0, 2.0, 0.0]
    prediction = Reader(Fixed(logits), card()).read_preprocessed(picture())
    total = sum(math.exp(z) for z in logits)
    assert prediction.probabilities == pytest.approx([math.exp(z) / total for z in logits])
    assert (prediction.label, prediction.ranking) == ("b", (1, 0, 2))
    assert (prediction.source, prediction.reason, prediction.step) == ("Fixed", "", None)


def test_the_temperature_softens_the_answer_and_keeps_its_order() -> None:
    logits = [1.0, 2.0, 0.0]
    sharp = Reader(Fixed(logits), card()).read_preprocessed(picture())
    soft = Reader(Fixed(logits), card(temperature=2.0)).read_preprocessed(picture())
    total = sum(math.exp(z / 2) for z in logits)
    assert soft.probabilities == pytest.approx([math.exp(z / 2) / total for z in logits])
    assert soft.ranking == sharp.ranking
    assert soft.confidence < sharp.confidence


def test_large_logits_neither_overflow_nor_lose_their_order() -> None:
    reader = Reader(Fixed([3e38, -3e38, 0.0]), card())
    assert reader.read_preprocessed(picture()).probabilities == (1.0, 0.0, 0.0)


def test_what_the_network_saw_comes_with_the_answer() -> None:
    seen = Reader(Fixed([0, 0, 0]), card()).read_preprocessed(picture()).preprocessed
    assert seen is not None and (seen.width, seen.height) == (28, 28)
    assert seen.pixels[5 * 28 + 5 : 5 * 28 + 9] == bytes([255, 128, 64, 0])


@pytest.mark.parametrize("preprocessed", [None, np.zeros((28, 28), np.float32)])
def test_an_empty_board_has_a_reason_instead_of_an_answer(preprocessed: Any) -> None:
    prediction = Reader(Fixed([0, 0, 0]), card()).read_preprocessed(preprocessed)
    assert prediction.reason == "empty"
    assert prediction.probabilities == ()
    assert prediction.label == ""
    assert prediction.class_names == ("a", "b", "c")


def test_strokes_are_read_as_prepared() -> None:
    backend = cpu_backend()
    network = build_network("flatten dense(3)", classes=3, backend=backend, seed=1)
    reader = Reader(network, card(), step=12)
    preprocessed = reader.preprocess(STROKES)
    assert preprocessed is not None
    prediction = reader.read_strokes(STROKES)
    assert prediction == reader.read_preprocessed(preprocessed)
    assert prediction.step == 12
    assert reader.read_strokes(()).reason == "empty"


def test_one_and_many_agree() -> None:
    network = build_network("cnn-light", backend=cpu_backend(), seed=1)
    reader = Reader(network, ModelCard("t", network.spec))
    pictures = np.random.default_rng(0).random((70, 28, 28), dtype=np.float32)
    many = reader.read_many(pictures)
    assert many.shape == (70, 10)
    np.testing.assert_allclose(many.sum(axis=1), 1, atol=1e-12)
    for k in (0, 69):
        one = reader.read_preprocessed(pictures[k]).probabilities
        np.testing.assert_allclose(one, many[k], rtol=1e-5)


def test_a_stored_model_answers_as_the_network_it_was(tmp_path: Any) -> None:
    backend = cpu_backend()
    network = build_network("cnn-light", backend=backend, seed=3)
    stored = StoredModel(ModelCard("t", network.spec), network.snapshot())
    pictures = np.random.default_rng(0).random((3, 28, 28), dtype=np.float32)
    read = Reader.from_stored(stored, backend).read_many(pictures)
    np.testing.assert_array_equal(read, Reader(network, stored.card).read_many(pictures))


def test_another_preparation_is_refused_with_both_versions() -> None:
    other = PREPROCESSING_VERSION + 1
    with pytest.raises(ModelFileError, match=f"version {PREPROCESSING_VERSION}.*version {other}"):
        Reader(Fixed([0, 0, 0]), card(preparation_version=other))


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        ("flatten dense(3", "cannot be used"),
        ("flatten dense(4)", "cannot be used"),
        ("__import__('os').abort()", "cannot be used"),
        ("flatten dense(5) dense(3)", r"lacks weights.*dense2\.bias"),
        ("maxpool(2) flatten dense(3)", r"dense1\.kernel have the wrong shape.*196"),
        ("dense(3)", "flat"),
        ("flatten dense(65536) dense(65536) dense(3)", "lacks weights|too many"),
        ("flatten dense(3) " + "residual(dense(65536) dense(3)) " * 150, "lacks weights|too many"),
    ],
)
def test_a_card_that_does_not_fit_its_weights_is_refused_before_it_is_built(
    spec: str, sentence: str
) -> None:
    """Among them networks of many gigabytes, in files of a few kilobytes."""
    backend = cpu_backend()
    arrays = build_network("flatten dense(3)", classes=3, backend=backend).snapshot()
    tracemalloc.start()
    with pytest.raises(ModelFileError, match=sentence):
        Reader.from_stored(StoredModel(card(spec=spec), arrays), backend)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 << 20


def test_weights_nobody_asked_for_are_refused_by_name() -> None:
    backend = cpu_backend()
    arrays = build_network("flatten dense(3)", classes=3, backend=backend).snapshot()
    arrays |= {f"extra{k}": np.zeros(3, np.float32) for k in range(9)}
    stored = StoredModel(card(spec="softmax"), arrays)
    with pytest.raises(ModelFileError, match="extra0, extra1, extra2 and 6 more"):
        Reader.from_stored(stored, backend)
    for k in range(9):
        del arrays[f"extra{k}"]
    assert Reader.from_stored(stored, backend).card is stored.card, "a name is as good as a text"


def test_weights_that_overflow_are_an_error_and_no_answer() -> None:
    with pytest.raises(ModelFileError, match="in numbers"):
        Reader(Fixed([math.inf, 0, 0]), card()).read_preprocessed(picture())
