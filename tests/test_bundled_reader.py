"""The scripts that put the bundled reader together, tried with its own networks."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from digitdesk.data.synthetic.handwriting import generate_strokes
from digitdesk.files.paths import assets_folder
from digitdesk.ink.stroke_planes import PLANES
from digitdesk.messages.model import by_network
from digitdesk.storage.model_file import StoredModel, load_model


@pytest.fixture(scope="module")
def bundled() -> StoredModel:
    return load_model(assets_folder() / "reader.npz")


def network_for_strokes(stored: StoredModel) -> StoredModel:
    """As it came from its training: a model of its own."""
    assert stored.card.strokes is not None
    of_strokes = by_network(stored.arrays).strokes
    card = dataclasses.replace(
        stored.card,
        spec=stored.card.strokes.spec,
        input_planes=PLANES,
        dataset="pen-strokes",
        strokes=None,
        lines=None,
        traced=None,
    )
    return StoredModel(card, of_strokes)


def test_what_was_taken_apart_is_joined_again(recipe, bundled: StoredModel) -> None:
    joined = recipe("join_readers").join(bundled, network_for_strokes(bundled), weight=0.75)
    assert set(joined.arrays) == set(bundled.arrays)
    for name, array in bundled.arrays.items():
        assert np.array_equal(joined.arrays[name], array), name
    assert joined.card.lines == bundled.card.lines


def test_the_card_names_every_training_of_what_it_holds(recipe, bundled: StoredModel) -> None:
    known = dataclasses.replace(bundled.card, notes="strokes: once; lines: 14000 steps")
    pictures = StoredModel(known, bundled.arrays)
    strokes = network_for_strokes(bundled)
    join = recipe("join_readers").join
    notes = join(pictures, strokes, 0.75).card.notes.split("; ")
    assert notes[:-1] == ["lines: 14000 steps"] and notes[-1].startswith("strokes: pen-strokes, ")
    card = dataclasses.replace(strokes.card, config={"start_from": "reader"})
    notes = join(pictures, StoredModel(card, strokes.arrays), 0.75).card.notes.split("; ")
    assert notes[:-1] == ["strokes: once", "lines: 14000 steps"]


def test_a_reader_gets_its_network_for_pictures_trained_on(recipe, bundled: StoredModel) -> None:
    own, *_ = by_network(bundled.arrays)
    after = {name: array + array.dtype.type(1) for name, array in own.items()}
    card = dataclasses.replace(
        bundled.card, notes="", epochs=3, temperature=0.7, strokes=None, lines=None
    )
    renewed = recipe("join_readers").renewed(bundled, StoredModel(card, after), 0.75)
    for name, array in bundled.arrays.items():
        assert np.array_equal(renewed.arrays[name], after.get(name, array)), name
    assert (renewed.card.strokes, renewed.card.lines) == (bundled.card.strokes, bundled.card.lines)
    of_strokes = recipe("join_readers").renewed(bundled, StoredModel(card, after), 0.6).card.strokes
    assert of_strokes is not None and of_strokes.weight == 0.6
    assert renewed.card.temperature == 0.7 and renewed.card.epochs == bundled.card.epochs
    *before, last = renewed.card.notes.split("; ")
    assert "; ".join(before) == bundled.card.notes
    assert last.startswith("pictures: ") and last.endswith(", 3 epochs")
    other = dataclasses.replace(card, spec="flatten dense(13)")
    with pytest.raises(SystemExit, match="spec"):
        recipe("join_readers").renewed(bundled, StoredModel(other, after), 0.75)


def test_it_gets_a_network_for_traced_strokes(recipe, bundled: StoredModel) -> None:
    with_traced = recipe("add_traced").with_traced
    once = with_traced(bundled, network_for_strokes(bundled), 0.5)
    again = with_traced(once, network_for_strokes(bundled), 0.4)
    for name, array in by_network(bundled.arrays).strokes.items():
        assert np.array_equal(by_network(again.arrays).traced[name], array), name
    assert set(again.arrays) >= set(bundled.arrays)
    assert again.card.traced is not None and again.card.traced.weight == 0.4
    notes = again.card.notes.split("; ")
    assert [note.startswith("traced: ") for note in notes].count(True) == 1
    assert again.card.strokes == bundled.card.strokes


def test_its_temperature_is_fitted_to_drawings(
    recipe, bundled: StoredModel, tmp_path: Path
) -> None:
    rng = np.random.default_rng(3)
    drawings = [{"label": d, "strokes": generate_strokes(d, rng)} for d in 12 * list(range(10))]
    right, wrong = tmp_path / "right.json", tmp_path / "wrong.json"
    right.write_text(json.dumps(drawings), encoding="utf-8")
    mislabelled = [{**one, "label": (one["label"] + k % 3) % 10} for k, one in enumerate(drawings)]
    wrong.write_text(json.dumps(mislabelled), encoding="utf-8")
    join = recipe("join_readers")
    joined = join.join(bundled, network_for_strokes(bundled), weight=0.75)
    # Two labels of three are wrong in the second file: nothing may be told surely any more.
    assert join.fitted_temperature(joined, right) < 1 < join.fitted_temperature(joined, wrong)
    add = recipe("add_traced")
    traced = add.with_traced(bundled, network_for_strokes(bundled), 0.5)
    assert add.fitted_temperature(traced, right) < 1 < add.fitted_temperature(traced, wrong)
