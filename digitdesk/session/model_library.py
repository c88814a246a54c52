"""The models at hand: the bundled reader, the network that learns, and every opened file.

A model is known by a key: ``reader``, ``training``, or the absolute path of its file.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from digitdesk.errors import ConfigError
from digitdesk.files.paths import assets_folder, expanded
from digitdesk.messages.model import (
    READER,
    TRAINING,
    LibraryEntry,
    ModelCard,
    ModelEntry,
    TrashTicket,
)
from digitdesk.nn.core.backend import Backend
from digitdesk.recognition.number_reader import NumberReader
from digitdesk.recognition.reader import Reader
from digitdesk.storage.model_file import StoredModel, load_model, save_model
from digitdesk.storage.models_folder import ModelsFolder
from digitdesk.storage.unsaved_models import UnsavedModels

READER_FILE = "reader.npz"


class Learning(Protocol):
    """A network that is learning or has just learned."""

    @property
    def card(self) -> ModelCard:
        """What is known of it so far."""

    @property
    def weights(self) -> dict[str, NDArray[np.float32]]:
        """Its weights at the end of ``step``."""

    @property
    def step(self) -> int:
        """Training steps done."""


class Runs(Protocol):
    """Where networks come from."""

    @property
    def live(self) -> Learning | None:
        """The network of the current or last run, with the newest weights."""

    @property
    def kept(self) -> Path | None:
        """Its file, where its run is over and it is neither saved nor thrown away."""

    @property
    def is_learning(self) -> bool:
        """Whether its run still goes on."""

    def forget(self) -> None:
        """Have it no more."""

    def change_card(self, card: ModelCard) -> None:
        """Say something else of it, in its file, too."""


class ModelLibrary:
    """Opened models and the readers made of them.

    Several threads may ask at once. What is kept is looked up and put in its place in one go, so
    that two who open a file at the same moment both have it; files are changed one after another.

    Args:
        backend: Where the readers' networks live.
        folder: The user's models.
        runs: Where networks come from.
        unsaved: Networks that came from there and are not saved.
    """

    def __init__(self, backend: Backend, folder: Path, runs: Runs, unsaved: UnsavedModels) -> None:
        self._backend = backend
        self._runs = runs
        self._unsaved = unsaved
        self._live_reader: tuple[Learning, Reader] | None = None
        self._stored: dict[str, StoredModel] = {}
        self._readers: dict[str, Reader] = {}
        self._number_readers: dict[str, NumberReader] = {}
        self._changing_files = threading.RLock()
        self.folder = ModelsFolder(folder)

    def entries(self) -> tuple[ModelEntry, ...]:
        """The bundled reader, networks that are not saved, then files as they were opened.

        The network that learns or has just learned is the first of those that are not saved.
        """
        live, kept = self._runs.live, self._runs.kept
        learns = self._runs.is_learning
        training = (
            [ModelEntry(TRAINING, live.card, is_saved=kept is None, is_learning=learns)]
            if live is not None
            else []
        )
        unsaved = [
            ModelEntry(entry.key, entry.card, entry.path, is_saved=False)
            for entry in self._unsaved.listed
            if entry.card is not None and entry.path != kept
        ]
        files = [
            ModelEntry(key, stored.card, Path(key))
            for key, stored in list(self._stored.items())
            if key != READER and not self._unsaved.holds(Path(key))
        ]
        return (ModelEntry(READER, self.stored(READER).card), *training, *unsaved, *files)

    def files(self) -> tuple[LibraryEntry, ...]:
        """Networks that are not saved, and the files of the models folder, each newest first.

        The network of the last run is left out: it is at hand.
        """
        kept = self._runs.kept
        unsaved = (entry for entry in self._unsaved.entries() if entry.path != kept)
        return (*unsaved, *self.folder.entries())

    def open(self, path: Path) -> ModelEntry:
        """Read a model file afresh.

        Raises:
            ModelFileError: The file cannot be read or trusted.
        """
        key = _key(path)
        return ModelEntry(key, self._open(key).card, Path(key))

    def _open(self, key: str) -> StoredModel:
        stored = load_model(Path(key))
        self._readers[key] = Reader.from_stored(stored, self._backend)
        self._stored[key] = stored
        return stored

    def save(self, key: str, path: Path) -> ModelEntry:
        """Write a model to a ``.npz`` or ``.pkl`` file and open that.

        Raises:
            ModelFileError: The file cannot be written; what was there before stays.
        """
        path = Path(_key(path))
        stored = self.stored(key)
        with self._changing_files:
            save_model(path, stored.card, stored.arrays)
            saved = self.open(path)
            before = self._runs.kept if key == TRAINING else Path(key)
            if before is not None and before != path and self._unsaved.holds(before):
                self._unsaved.discard(before)
                self._forget(str(before))
        return saved

    def rename(self, key: str, title: str) -> ModelEntry:
        """Give a file's model another title, and the file the name made of it.

        Raises:
            ConfigError: It is no file.
            ModelFileError: See ``ModelsFolder.rename``.
        """
        with self._changing_files:
            path = self.folder.rename(_file(key, "renamed"), title)
            self._forget(key)
            return self.open(path)

    def change_card(self, key: str, change: Callable[[ModelCard], ModelCard]) -> ModelEntry:
        """Have a model say something else about itself, from now on and in its file.

        Raises:
            ConfigError: It is the bundled reader, or still learns.
            ModelFileError: The file cannot be read or written; then it stays as it was.
        """
        with self._changing_files:
            if key != TRAINING:
                path = _file(key, "changed", hint="Duplicate it in Models, and change the copy")
                stored = load_model(path)
                save_model(path, change(stored.card), stored.arrays)
                self._forget(key)
                return self.open(path)
            if self._runs.is_learning:
                raise ConfigError(
                    "The network is still learning", hint="Stop the run or wait for its end"
                )
            self._runs.change_card(change(self._learning().card))
        return next(entry for entry in self.entries() if entry.key == TRAINING)

    def duplicate(self, key: str) -> ModelEntry:
        """Copy any model into the models folder, a file in its format, under a title of its own.

        Raises:
            ModelFileError: It cannot be read or written.
        """
        stored = self.stored(key)
        with self._changing_files:
            is_file = key not in (READER, TRAINING)
            title = Path(key).stem if is_file else stored.card.title
            suffix = ".pkl" if Path(key).suffix.lower() == ".pkl" else ".npz"
            return self.open(self.folder.add(stored, f"{title} (copy)", suffix))

    def delete(self, key: str) -> TrashTicket:
        """Move a model's file into the trash; also that of the last run's network.

        Raises:
            ConfigError: It is no file.
            ModelFileError: See ``Trash.put``.
        """
        kept = self._runs.kept if key == TRAINING else None
        path = kept or _file(key, "deleted")
        # Of a network that was never saved, the file's suffix is nobody's business.
        title = path.stem if self._unsaved.holds(path) else path.name
        with self._changing_files:
            ticket = self.folder.trash.put(path, title)
            if kept is not None:
                self._runs.forget()
            self._forget(key)
        return ticket

    def restore(self, ticket: TrashTicket) -> Path:
        """Move a deleted file back; returns where it is now.

        Raises:
            ModelFileError: See ``Trash.restore``.
        """
        with self._changing_files:
            return self.folder.trash.restore(ticket)

    def trash(self) -> tuple[TrashTicket, ...]:
        """Deleted files that can be had back, what was deleted last first."""
        return self.folder.trash.tickets()

    def empty_trash(self) -> None:
        """Delete them for good.

        Raises:
            ModelFileError: The disk refuses.
        """
        with self._changing_files:
            self.folder.trash.empty()

    def _forget(self, key: str) -> None:
        self._stored.pop(key, None)
        self._readers.pop(key, None)
        self._number_readers.pop(key, None)

    def stored(self, key: str) -> StoredModel:
        """The content of a model; a file that was not opened yet is opened.

        Raises:
            ConfigError: No network has been trained yet.
            ModelFileError: The file cannot be read or trusted.
        """
        if key == TRAINING:
            live = self._learning()
            return StoredModel(live.card, live.weights)
        stored = self._stored.get(key)
        if stored is not None:
            return stored
        if key == READER:
            stored = self._stored[READER] = load_model(assets_folder() / READER_FILE)
            return stored
        return self._open(_key(Path(key)))

    def reader(self, key: str) -> Reader:
        """The model ready to read with.

        Raises:
            ConfigError: No network has been trained yet.
            ModelFileError: The file cannot be read or trusted.
        """
        if key == TRAINING:
            return self._training_reader()
        reader = self._readers.get(key)
        if reader is None:
            reader = Reader.from_stored(self.stored(key), self._backend)
            self._readers[key] = reader
        return reader

    def number_reader(self, key: str) -> NumberReader:
        """The model ready to read numbers with, remembering what it has read lately.

        Raises:
            ConfigError: As for ``reader``.
            ModelFileError: As for ``reader``.
        """
        reader, known = self.reader(key), self._number_readers.get(key)
        if known is None or known.reader is not reader:
            known = self._number_readers[key] = NumberReader(reader)
        return known

    def _training_reader(self) -> Reader:
        """A reader with the newest weights that were handed over."""
        live, kept = self._learning(), self._live_reader
        if kept is not None and kept[0] is live:
            return kept[1]
        stored = StoredModel(live.card, live.weights)
        reader = Reader.from_stored(stored, self._backend, step=live.step)
        self._live_reader = (live, reader)
        return reader

    def _learning(self) -> Learning:
        live = self._runs.live
        if live is None:
            raise ConfigError(
                "No network has been trained yet", hint="Start a run on the Train tab first"
            )
        return live


def _key(path: Path) -> str:
    return str(expanded(path).absolute())


def _file(key: str, what: str, hint: str = "Save it first") -> Path:
    """The file of a model.

    Raises:
        ConfigError: The model is the bundled or the learning one.
    """
    if key in (READER, TRAINING):
        raise ConfigError(f"This model is no file that could be {what}", hint=hint)
    return Path(key)
