"""Networks that are not saved are kept: all of a session, and the last ones of those before."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from digitdesk.messages.model import ModelCard
from digitdesk.storage import unsaved_models
from digitdesk.storage.model_file import StoredModel, load_model
from digitdesk.storage.unsaved_models import MOST_KEPT, UnsavedModels


def network(title: str = "mlp · MNIST", size: int = 8) -> StoredModel:
    return StoredModel(
        ModelCard(title, "flatten dense(10)"),
        {"dense1.kernel": np.random.default_rng(0).random(size, dtype=np.float32)},
    )


def keep(unsaved: UnsavedModels, count: int, size: int = 8) -> list[Path]:
    """Keep some, each a second younger than the one before."""
    paths = []
    for age in range(count, 0, -1):
        path = unsaved.add(network(size=size))
        os.utime(path, (1e9 - age, 1e9 - age))
        paths.append(path)
    return paths


def test_what_is_kept_is_listed_as_not_saved_and_has_a_name_of_its_own(tmp_path: Path) -> None:
    unsaved = UnsavedModels(tmp_path / "unsaved")
    assert unsaved.entries() == ()
    first, second = unsaved.add(network()), unsaved.add(network())
    assert [path.name for path in (first, second)] == ["mlp · MNIST.npz", "mlp · MNIST 2.npz"]
    assert not any(entry.is_saved for entry in unsaved.entries())
    assert {entry.path for entry in unsaved.listed} == {first, second}
    assert unsaved.holds(first)
    assert not unsaved.holds(tmp_path / "mine.npz")
    unsaved.discard(second)
    unsaved.discard(second)
    assert [entry.path for entry in unsaved.listed] == [first]


def test_a_run_that_went_on_replaces_what_it_was(tmp_path: Path) -> None:
    unsaved = UnsavedModels(tmp_path)
    before = unsaved.add(network())
    assert unsaved.add(network("mlp · MNIST", size=9), replaces=before) == before
    assert load_model(before).arrays["dense1.kernel"].size == 9
    unsaved.discard(before)
    assert unsaved.add(network(), replaces=before).is_file()


def test_of_earlier_sessions_the_last_ones_stay(tmp_path: Path) -> None:
    paths = keep(UnsavedModels(tmp_path), MOST_KEPT + 3)
    later = UnsavedModels(tmp_path)
    assert later.listed == ()
    later.forget_old()
    assert [entry.path for entry in later.entries()] == paths[:2:-1]


def test_they_take_no_more_room_than_they_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = keep(UnsavedModels(tmp_path), 4, size=1000)
    monkeypatch.setattr(unsaved_models, "MOST_BYTES", 2.5 * paths[0].stat().st_size)
    UnsavedModels(tmp_path).forget_old()
    assert [path.exists() for path in paths] == [False, False, True, True]
    monkeypatch.setattr(unsaved_models, "MOST_BYTES", 1)
    UnsavedModels(tmp_path).forget_old()
    assert [path.exists() for path in paths] == [False, False, False, True]
