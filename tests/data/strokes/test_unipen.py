"""UNIPEN's stroke files by name: where they are looked for, and what is made of them."""

from __future__ import annotations

import gzip
import json

import numpy as np
import pytest

from digitdesk.data.catalog import list_datasets
from digitdesk.data.datasets import load_dataset
from digitdesk.data.strokes import pen_strokes, unipen
from digitdesk.errors import ConfigError, DataError
from digitdesk.ink.stroke_file import StrokeSample

STROKES = [[[0, 0], [3, 10], [6, 40]], [[9, 2], [0, 30]]]


def write(folder, **content):
    """The three files, in a folder of the usual name."""
    folder.mkdir()
    for name in unipen.FILE_NAMES:
        labels = content[name.split("_")[1]]
        entries = [{"label": one, "writer": "w", "strokes": STROKES} for one in labels]
        (folder / name).write_bytes(gzip.compress(json.dumps(entries).encode()))


@pytest.mark.parametrize("name", ["unipen", "strokes"])
def test_digits_are_drawn_several_times(tmp_path, name):
    write(tmp_path / name, digits=[3, 7], letters=["a"], symbols=["+"])
    found = load_dataset("unipen", data_dir=tmp_path, user_data=tmp_path / "none")
    assert found.train_labels.tolist() == [3, 7] * unipen.DIGIT_RENDERINGS
    assert found.train_images.shape == (2 * unipen.DIGIT_RENDERINGS, 28, 28)
    assert not found.reject_names


def test_letters_that_are_no_digits_are_rejects(tmp_path):
    write(tmp_path / "unipen", digits=[3], letters=["a", "O", "l", "M"], symbols=["|", "%"])
    joined = load_dataset("unipen+unipen-letters", data_dir=tmp_path, user_data=tmp_path / "none")
    assert joined.reject_names == ("letter", "scribble", "two-digits")
    letters = joined.train_labels == 10
    assert letters.sum() == 3 * unipen.LETTER_RENDERINGS, "O, l and | could be 0 and 1"
    with pytest.raises(ConfigError, match="no digits"):
        load_dataset("unipen-letters", data_dir=tmp_path, user_data=tmp_path / "none")


def test_where_it_is_missing(tmp_path):
    infos = {info.name: info for info in list_datasets(data_dir=tmp_path, user_data=tmp_path)}
    assert infos["unipen"].status == infos["unipen-letters"].status == "missing"
    with pytest.raises(DataError, match="unipen_digits_train"):
        load_dataset("unipen", data_dir=tmp_path, user_data=tmp_path / "none")


def test_strokes_are_drawn_with_their_directions():
    digits = [StrokeSample(4, "w", (((0.0, 0.0), (0.0, 60.0), (50.0, 60.0)),))]
    letters = [StrokeSample(-1, "w", (((0.0, 0.0), (40.0, 90.0)),), "y")]
    told = []
    images, labels = pen_strokes.generate(
        digits, letters, seed=0, limit=40, progress=lambda *done: told.append(done)
    )
    counts = np.bincount(labels, minlength=13)
    assert len(images) == 80 + pen_strokes.DIGIT_RENDERINGS + pen_strokes.LETTER_RENDERINGS
    assert images.shape[1:] == (10, 28, 28) and images.dtype == np.uint8
    assert counts[4] >= pen_strokes.DIGIT_RENDERINGS and counts[10:].sum() == 43
    assert told[-1] == (len(images), len(images))
    again, _ = pen_strokes.generate(digits, letters, seed=0, limit=40)
    np.testing.assert_array_equal(images, again)


def test_planes_and_pictures_are_not_joined(tmp_path, monkeypatch):
    write(tmp_path / "unipen", digits=[3], letters=["a"], symbols=["+"])
    small = StrokeSample(4, "w", (((0.0, 0.0), (0.0, 60.0)),))
    monkeypatch.setattr("digitdesk.data.strokes.pendigits.read_pendigits", lambda folder: [small])
    monkeypatch.setattr(
        "digitdesk.data.catalog._IS_THERE",
        dict.fromkeys(
            ("pendigits", "unipen", "unipen-letters"), lambda folder: (folder / "x").parent.exists()
        ),
    )
    with pytest.raises(DataError, match="direction of the pen"):
        load_dataset(
            "unipen+pen-strokes", data_dir=tmp_path / "unipen", user_data=tmp_path, limit=5
        )
