"""The models at hand: the bundled reader, and every file that was opened or saved.

A model is known by a key: ``reader``, or the absolute path of its file.
"""

from __future__ import annotations

from pathlib import Path

from digitdesk.messages import ModelEntry
from digitdesk.nn.backend import Backend
from digitdesk.paths import assets_folder
from digitdesk.recognition.reader import Reader
from digitdesk.storage.model_file import StoredModel, load_model

READER = "reader"
READER_FILE = "reader.npz"


class ModelLibrary:
    """Opened models and the readers made of them.

    Args:
        backend: Where the readers' networks live.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._stored: dict[str, StoredModel] = {}
        self._readers: dict[str, Reader] = {}

    def entries(self) -> tuple[ModelEntry, ...]:
        """The bundled reader first, then files in the order they were opened."""
        self.stored(READER)
        keys = [READER, *(key for key in self._stored if key != READER)]
        return tuple(
            ModelEntry(key, self._stored[key].card, None if key == READER else Path(key))
            for key in keys
        )

    def open(self, path: Path) -> ModelEntry:
        """Read a model file afresh.

        Raises:
            ModelFileError: The file cannot be read or trusted.
        """
        key = str(path.expanduser().absolute())
        stored = load_model(Path(key))
        self._readers[key] = Reader.from_stored(stored, self._backend)
        self._stored[key] = stored
        return ModelEntry(key, stored.card, Path(key))

    def stored(self, key: str) -> StoredModel:
        """The content of a model; a file that was not opened yet is opened.

        Raises:
            ModelFileError: The file cannot be read or trusted.
        """
        if key == READER:
            if READER not in self._stored:
                self._stored[READER] = load_model(assets_folder() / READER_FILE)
            return self._stored[READER]
        if key not in self._stored:
            key = self.open(Path(key)).key
        return self._stored[key]

    def reader(self, key: str) -> Reader:
        """The model ready to read with.

        Raises:
            ModelFileError: The file cannot be read or trusted.
        """
        if key not in self._readers:
            stored = self.stored(key)
            self._readers[key] = Reader.from_stored(stored, self._backend)
        return self._readers[key]
