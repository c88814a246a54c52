"""Pictures that are fine enough are traced, and the network for strokes is asked of them, too."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from digitdesk.errors import ModelFileError
from digitdesk.ink.preprocessing import SeenDigit, preprocess_strokes, see_digit, see_ink
from digitdesk.ink.stroke_planes import PLANES, stroke_planes
from digitdesk.messages.model import TRACED, ModelCard, StrokePart
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.spec.build import build_network
from digitdesk.recognition.reader import Reader
from digitdesk.recognition.stroke_network import StrokeNetwork
from digitdesk.storage.model_file import StoredModel, load_model, save_model
from tests.number_support import picture, written
from tests.recognition.fixed_logits import Fixed, softmax

NAMES = ("a", "b", "c")
PAPER = picture(written("7", gap=0.0).strokes)


def pair() -> tuple[Reader, Fixed]:
    second = Fixed(0, 8, 0)
    card = ModelCard("Two", "none", class_names=NAMES, temperature=0.5)
    beside = StrokeNetwork(second, temperature=2.0, weight=0.25)
    return Reader(Fixed(4, 0, 0), card, traced=beside), second


BY_BOTH = softmax(1.5, 1.0, 0)
BY_FIRST = softmax(8, 0, 0)


def test_a_picture_is_answered_by_the_mean_of_both() -> None:
    reader, second = pair()
    assert reader.read_picture(PAPER).probabilities == BY_BOTH
    (planes,) = second.seen
    assert planes.shape == (1, PLANES, 28, 28)
    # The same 7 as a pen would have drawn it: its picture, and which way it went.
    drawn = stroke_planes(written("7", gap=0.0).strokes)
    assert drawn is not None
    for plane in (0, 1, 2, 3):
        assert np.corrcoef(planes[0, plane].ravel(), drawn[plane].ravel())[0, 1] > 0.6, plane


def test_a_network_for_strokes_that_were_drawn_is_not_asked() -> None:
    second = Fixed(0, 8, 0)
    card = ModelCard("Two", "none", class_names=NAMES, temperature=0.5)
    reader = Reader(Fixed(4, 0, 0), card, strokes=StrokeNetwork(second))
    assert reader.read_picture(PAPER).probabilities == BY_FIRST
    assert not second.seen


def test_what_is_drawn_is_not_traced() -> None:
    reader, second = pair()
    assert reader.read_strokes(written("7", gap=0.0).strokes).probabilities == BY_FIRST
    assert not second.seen


def test_whoever_reads_in_another_way_traces_as_well() -> None:
    reader, _ = pair()
    for other in (reader.at_a_glance(), reader.without_lines()):
        assert other.read_picture(PAPER).probabilities == BY_BOTH


def test_a_picture_of_a_data_set_and_a_small_one_are_left_to_the_first() -> None:
    reader, second = pair()
    framed = preprocess_strokes(written("7", gap=0.0).strokes)
    assert framed is not None
    assert reader.read_picture(framed).probabilities == BY_FIRST
    assert reader.read_picture(PAPER[::8, ::8]).probabilities == BY_FIRST
    assert not second.seen


def test_several_pictures_are_each_read_in_their_way() -> None:
    reader, second = pair()
    fine, small = see_digit(PAPER), see_digit(PAPER[::8, ::8])
    assert fine is not None and small is not None
    blank = SeenDigit(fine.preprocessed, np.zeros((160, 160), dtype=np.float32))
    answers = reader.answer_seen([small, fine, blank, fine])
    ways = [BY_FIRST, BY_BOTH, BY_FIRST, BY_BOTH]
    assert all(row == way for row, way in zip(answers.probabilities, ways, strict=True))
    assert len(second.seen[0]) == 2


def test_without_ink_nobody_is_asked() -> None:
    reader, second = pair()
    assert reader.read_picture(np.full((90, 90), 255, dtype=np.uint8)).reason == "empty"
    assert not second.seen


@pytest.mark.parametrize(("side", "is_fine"), [(31, False), (32, True), (300, True)])
def test_ink_counts_as_fine_from_its_own_size_on(side: int, is_fine: bool) -> None:
    ink = np.zeros((400, 400), dtype=np.float32)
    ink[20 : 20 + side, 50 : 50 + side // 4] = 1
    seen = see_ink(ink)
    assert seen is not None
    assert (seen.fine is not None) == is_fine
    assert seen.fine is None or seen.fine.shape == (160, 160)


def test_whether_it_is_a_digit_the_picture_tells() -> None:
    """Of half a digit, a line that was traced may look as good as any."""
    card = ModelCard("Two", "none", class_names=NAMES, reject_names=("scribble",))
    beside = StrokeNetwork(Fixed(0, 8, 0, -9), temperature=2.0, weight=0.25)
    reader = Reader(Fixed(1, 0, 0, 2), card, traced=beside)
    fine = see_digit(PAPER)
    assert fine is not None
    said = reader.answer_seen([fine])
    alone = reader.answer_many(fine.preprocessed[None])
    np.testing.assert_array_equal(said.rejects, alone.rejects)
    assert said.probabilities[0] == softmax(0.375, 1.0, 0)
    is_digit = 1 - alone.rejects[0, 0]
    assert said.sureness[0] == pytest.approx(is_digit * said.probabilities[0].max())


# In a model's file


def stored() -> StoredModel:
    """A model with a small network for traced strokes beside its first."""
    backend, spec = cpu_backend(), "flatten dense(3)"
    first = build_network(spec, classes=3, backend=backend, seed=1)
    beside = build_network(spec, input_shape=(10, 28, 28), classes=3, backend=backend, seed=2)
    part = StrokePart(beside.spec, temperature=0.7, weight=0.6)
    card = ModelCard("Two", first.spec, class_names=NAMES, traced=part)
    of_traced = {TRACED + name: array for name, array in beside.snapshot().items()}
    return StoredModel(card, first.snapshot() | of_traced)


@pytest.mark.parametrize("suffix", [".npz", ".pkl"])
def test_both_are_in_one_file(tmp_path: Path, suffix: str) -> None:
    model = stored()
    save_model(tmp_path / f"two{suffix}", model.card, model.arrays)
    again = load_model(tmp_path / f"two{suffix}")
    assert again.card == model.card
    alone = StoredModel(dataclasses.replace(model.card, traced=None), model_arrays(model))
    one, other, third = (
        Reader.from_stored(each, cpu_backend()).read_picture(PAPER).probabilities
        for each in (model, again, alone)
    )
    assert one == other != third


def model_arrays(model: StoredModel) -> dict[str, Any]:
    """Those of the first network."""
    return {name: a for name, a in model.arrays.items() if not name.startswith(TRACED)}


def test_weights_without_a_card_a_card_without_weights_and_nonsense_are_refused(
    tmp_path: Path,
) -> None:
    model = stored()
    with pytest.raises(ModelFileError, match="lacks weights"):
        Reader.from_stored(StoredModel(model.card, model_arrays(model)), cpu_backend())
    unknown = dataclasses.replace(model.card, traced=None)
    with pytest.raises(ModelFileError, match="traced strokes that its card knows nothing of"):
        Reader.from_stored(StoredModel(unknown, model.arrays), cpu_backend())
    wrong = dataclasses.replace(model.card, traced=StrokePart("flatten dense(3)", weight=1.5))
    with pytest.raises(ModelFileError, match="traced is out of range"):
        save_model(tmp_path / "wrong.npz", wrong, model.arrays)
