"""A second network, for strokes: it is asked beside the first where strokes are there."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from digitdesk.errors import ModelFileError
from digitdesk.evaluation.evaluate import evaluate
from digitdesk.evaluation.labelled_sets import LabelledSet
from digitdesk.ink.preprocessing import preprocess_strokes
from digitdesk.ink.stroke_planes import PLANES, stroke_planes
from digitdesk.messages.model import STROKES, ModelCard, StrokePart
from digitdesk.messages.prediction import Stroke
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.spec.build import build_network
from digitdesk.recognition.reader import Reader
from digitdesk.recognition.stroke_network import StrokeNetwork
from digitdesk.storage.model_file import StoredModel, load_model, save_model
from tests.recognition.fixed_logits import Fixed, softmax

NAMES = ("a", "b", "c")
DOWN: tuple[Stroke, ...] = (((100.0, 40.0), (110.0, 140.0), (100.0, 240.0)),)
UP = (DOWN[0][::-1],)


def pair(**changes: Any) -> tuple[Reader, Fixed, Fixed]:
    first, second = Fixed(2, 0, 0), Fixed(0, 4, 0)
    card = dataclasses.replace(ModelCard("Two", "none", class_names=NAMES), **changes)
    return Reader(first, card, strokes=StrokeNetwork(second, temperature=2.0)), first, second


def test_strokes_are_answered_by_the_mean_of_both() -> None:
    reader, _, second = pair(temperature=0.5)
    assert reader.read_strokes(DOWN).probabilities == softmax(0.5, 1, 0)
    np.testing.assert_array_equal(second.seen[0][0], stroke_planes(DOWN))


def test_a_share_may_count_more() -> None:
    card = ModelCard("Two", "none", class_names=NAMES)
    beside = StrokeNetwork(Fixed(0, 4, 0), temperature=2.0, weight=0.75)
    reader = Reader(Fixed(2, 0, 0), card, strokes=beside)
    assert reader.read_strokes(DOWN).probabilities == softmax(0.25, 1.5, 0)


def test_pictures_are_answered_by_the_first_alone() -> None:
    reader, _, second = pair(temperature=0.5)
    picture = preprocess_strokes(DOWN)
    assert reader.read_preprocessed(picture).probabilities == softmax(4, 0, 0)
    assert not second.seen


def test_it_is_shown_which_way_the_pen_went() -> None:
    reader, first, second = pair()
    reader.read_strokes(DOWN)
    reader.read_strokes(UP)
    np.testing.assert_allclose(first.seen[0], first.seen[1], atol=1e-5)
    assert np.abs(second.seen[0] - second.seen[1]).max() > 0.5


def test_no_ink_asks_nobody() -> None:
    reader, first, second = pair()
    assert reader.read_strokes(()).reason == "empty"
    assert not first.seen and not second.seen


def test_an_exam_of_strokes_asks_both() -> None:
    reader, _, second = pair()
    picture = preprocess_strokes(DOWN)
    assert picture is not None
    pictures = np.stack([picture, np.zeros_like(picture)])
    labelled = dataclasses.replace(
        LabelledSet.of(pictures, np.array([0, 1])), strokes=(DOWN, ()), class_names=NAMES
    )
    read = evaluate(reader, labelled)
    assert read.answers.probabilities[0] == softmax(0.5, 1, 0)
    assert read.reasons[1] == "empty"
    assert second.seen[0].shape == (2, PLANES, 28, 28)


def stored() -> StoredModel:
    """A model of two small networks."""
    backend, spec = cpu_backend(), "flatten dense(3)"
    first = build_network(spec, classes=3, backend=backend, seed=1)
    second = build_network(spec, input_shape=(10, 28, 28), classes=3, backend=backend, seed=2)
    card = ModelCard("Two", first.spec, class_names=NAMES, strokes=StrokePart(second.spec, 0.7))
    of_strokes = {STROKES + name: array for name, array in second.snapshot().items()}
    return StoredModel(card, first.snapshot() | of_strokes)


@pytest.mark.parametrize("suffix", [".npz", ".pkl"])
def test_both_are_in_one_file(tmp_path: Any, suffix: str) -> None:
    model = stored()
    save_model(tmp_path / f"two{suffix}", model.card, model.arrays)
    again = load_model(tmp_path / f"two{suffix}")
    assert again.card == model.card
    said = [Reader.from_stored(one, cpu_backend()).read_strokes(DOWN) for one in (model, again)]
    assert said[0] == said[1]


@pytest.mark.parametrize("suffix", [".npz", ".pkl"])
def test_weights_of_half_precision_are_read(tmp_path: Any, suffix: str) -> None:
    model = stored()
    halves = {name: array.astype(np.float16) for name, array in model.arrays.items()}
    save_model(tmp_path / f"half{suffix}", model.card, halves)
    again = load_model(tmp_path / f"half{suffix}")
    assert all(array.dtype == np.float16 for array in again.arrays.values())
    whole, half = (Reader.from_stored(one, cpu_backend()) for one in (model, again))
    assert half.read_strokes(DOWN).probabilities == pytest.approx(
        whole.read_strokes(DOWN).probabilities, abs=0.01
    )


def test_a_second_network_without_weights_or_without_a_card_is_refused() -> None:
    model = stored()
    own = {k: v for k, v in model.arrays.items() if not k.startswith(STROKES)}
    with pytest.raises(ModelFileError, match="lacks weights"):
        Reader.from_stored(StoredModel(model.card, own), cpu_backend())
    alone = dataclasses.replace(model.card, strokes=None)
    with pytest.raises(ModelFileError, match="knows nothing"):
        Reader.from_stored(StoredModel(alone, model.arrays), cpu_backend())


def test_one_that_learned_from_strokes_alone_reads_nothing_else() -> None:
    backend = cpu_backend()
    network = build_network(
        "flatten dense(3)", input_shape=(10, 28, 28), classes=3, backend=backend
    )
    card = ModelCard("Strokes", network.spec, class_names=NAMES, input_planes=10)
    reader = Reader.from_stored(StoredModel(card, network.snapshot()), backend)
    down, up = (reader.read_strokes(drawing).probabilities for drawing in (DOWN, UP))
    assert sum(down) == pytest.approx(1) and down != pytest.approx(up)
    with pytest.raises(ModelFileError, match="reads strokes, not pictures"):
        reader.read_many(np.zeros((1, 28, 28), np.float32))
