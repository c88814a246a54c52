"""The folder of saved models: nothing is overwritten, nothing is lost, damaged files are shown."""

from __future__ import annotations

import dataclasses
import os
import time
from pathlib import Path

import numpy as np
import pytest

from digitdesk.errors import ModelFileError
from digitdesk.messages.model import ModelCard
from digitdesk.storage.model_file import StoredModel, load_model, save_model
from digitdesk.storage.models_folder import ModelsFolder, safe_name

CARD = ModelCard(title="First", spec="flatten dense(10)")
ARRAYS = {"dense1.kernel": np.ones((10, 784), dtype=np.float32)}


@pytest.fixture
def folder(tmp_path: Path) -> ModelsFolder:
    return ModelsFolder(tmp_path / "models")


def put(folder: ModelsFolder, title: str) -> Path:
    return folder.add(StoredModel(CARD, ARRAYS), title)


def test_an_absent_folder_is_an_empty_library(folder: ModelsFolder) -> None:
    assert folder.entries() == ()


def test_entries_are_listed_newest_first_with_their_cards(folder: ModelsFolder) -> None:
    old, new = put(folder, "Old"), put(folder, "New")
    os.utime(old, (1_700_000_000, 1_700_000_000))
    (folder.folder / "notes.txt").write_text("not a model")
    entries = folder.entries()
    assert [e.path for e in entries] == [new, old]
    assert entries[1].card is not None
    assert entries[1].card.title == "Old"
    assert entries[1].modified == "2023-11-14T22:13:20+00:00"
    assert entries[1].size_bytes == old.stat().st_size
    assert entries[1].key == str(old)


def test_a_damaged_file_is_listed_with_the_sentence_and_can_be_deleted(
    folder: ModelsFolder,
) -> None:
    path = put(folder, "Good")
    content = bytearray(path.read_bytes())
    content[-200] ^= 1
    path.write_bytes(content)
    (entry,) = folder.entries()
    assert entry.card is None
    assert entry.problem is not None
    assert entry.problem.what.startswith("Cannot open Good.npz")
    ticket = folder.trash.put(path, path.name)
    assert folder.entries() == ()
    assert folder.trash.restore(ticket) == path


def test_an_unchanged_file_is_read_once(
    folder: ModelsFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(folder, "Model")
    read: list[Path] = []

    def counting(which: Path) -> StoredModel:
        read.append(which)
        return load_model(which)

    monkeypatch.setattr("digitdesk.storage.models_folder.load_model", counting)
    folder.entries()
    folder.entries()
    assert read == [path]
    save_model(path, dataclasses.replace(CARD, title="Longer than before"), ARRAYS)
    assert folder.entries()[0].card is not None
    assert len(read) == 2


def test_renaming_changes_title_and_file_and_keeps_the_weights(folder: ModelsFolder) -> None:
    path = put(folder, "First")
    renamed = folder.rename(path, "  Zweites Netz: 99,1 %  ")
    assert renamed.name == "Zweites Netz 99,1 %.npz"
    assert not path.exists()
    stored = load_model(renamed)
    assert stored.card.title == "Zweites Netz: 99,1 %"
    np.testing.assert_array_equal(stored.arrays["dense1.kernel"], ARRAYS["dense1.kernel"])
    assert folder.rename(renamed, "Zweites Netz? 99,1 %") == renamed


def test_taken_names_get_a_number(folder: ModelsFolder) -> None:
    assert [put(folder, "A").name for _ in range(3)] == ["A.npz", "A 2.npz", "A 3.npz"]
    assert folder.rename(put(folder, "B"), "A").name == "A 4.npz"


def test_a_rename_that_fails_leaves_the_model_as_it_was(
    folder: ModelsFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(folder, "First")
    before = path.read_bytes()

    def full(*_arguments: object) -> None:
        raise ModelFileError("Cannot write: the disk is full")

    monkeypatch.setattr("digitdesk.storage.models_folder.save_model", full)
    with pytest.raises(ModelFileError, match="disk is full"):
        folder.rename(path, "Second")
    assert path.read_bytes() == before
    with pytest.raises(ModelFileError, match="needs a title"):
        folder.rename(path, "   ")


def test_deleted_files_come_back_even_beside_what_took_their_name(folder: ModelsFolder) -> None:
    path = put(folder, "Model")
    ticket = folder.trash.put(path, "Model")
    assert not path.exists()
    assert ticket.trashed.is_file()
    put(folder, "Model")
    assert folder.trash.restore(ticket).name == "Model 2.npz"
    with pytest.raises(ModelFileError, match="no longer in the trash"):
        folder.trash.restore(ticket)


def test_only_model_files_are_deleted_and_only_trash_is_restored(
    folder: ModelsFolder, tmp_path: Path
) -> None:
    precious = tmp_path / "thesis.txt"
    precious.write_text("words")
    with pytest.raises(ModelFileError):
        folder.trash.put(precious, "thesis")
    ticket = dataclasses.replace(folder.trash.put(put(folder, "A"), "A"), trashed=precious)
    with pytest.raises(ModelFileError):
        folder.trash.restore(ticket)
    assert precious.exists()


def test_trash_is_emptied_after_a_month(folder: ModelsFolder) -> None:
    fresh = folder.trash.put(put(folder, "Fresh"), "Fresh")
    old = folder.trash.put(put(folder, "Old"), "Old")
    long_ago = time.time() - 40 * 86_400
    os.utime(old.trashed, (long_ago, long_ago))
    ModelsFolder(folder.folder)
    assert fresh.trashed.exists()
    assert not old.trashed.exists()


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("mlp · MNIST", "mlp · MNIST"),
        ("../../etc/passwd", "etc passwd"),
        ("a\0b\nc", "a b c"),
        ("con", "con_"),
        ("LPT1.model", "LPT1.model_"),
        ("...", "model"),
        ("", "model"),
        ("手写数字", "手写数字"),
        ("x" * 300, "x" * 80),
    ],
)
def test_titles_become_names_every_system_accepts(title: str, name: str) -> None:
    assert safe_name(title) == name


def test_the_trash_tells_what_is_in_it_and_where_it_goes_back_to(
    folder: ModelsFolder, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    path = put(folder, "Model").rename(elsewhere / "mine.npz")
    size = path.stat().st_size
    folder.trash.put(path, "mine.npz")
    (ticket,) = folder.trash.tickets()
    assert (ticket.key, ticket.title, ticket.size_bytes) == (str(path), "mine.npz", size)
    assert ticket.deleted[:4] >= "2024"
    # After another start its place is not known any more: it goes to the other models.
    (ticket,) = ModelsFolder(folder.folder).trash.tickets()
    assert ModelsFolder(folder.folder).trash.restore(ticket) == folder.folder / "mine.npz"


def test_of_too_much_trash_the_oldest_goes_first(
    folder: ModelsFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [put(folder, name) for name in "ABC"]
    size = paths[0].stat().st_size
    monkeypatch.setattr("digitdesk.storage.trash._MOST_BYTES", 2 * size + 10)
    tickets = [folder.trash.put(path, path.name) for path in paths[:2]]
    for days, ticket in zip((3, 2), tickets, strict=True):
        long_ago = time.time() - days * 86_400
        os.utime(ticket.trashed, (long_ago, long_ago))
    folder.trash.put(paths[2], "C.npz")
    assert [ticket.title for ticket in folder.trash.tickets()] == ["C.npz", "B.npz"]
    monkeypatch.setattr("digitdesk.storage.trash._MOST_BYTES", 10)
    folder.trash.put(put(folder, "D"), "D.npz")
    assert [ticket.title for ticket in folder.trash.tickets()] == ["D.npz"]
    folder.trash.empty()
    assert folder.trash.tickets() == ()
