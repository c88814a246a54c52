"""Models that one process lends to another: what is told of each is its file."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from digitdesk.errors import DigitDeskError
from digitdesk.messages.model import READER, ModelEntry

_LOGGER = logging.getLogger(__name__)

Lent = Mapping[str, int]
"""The models' files (``reader`` for the bundled one), each with a number that is another one
wherever the file is."""


class Lender:
    """Tells of a session's models, and writes those that are in no file.

    Args:
        session: Whose models they are.
        folder: For what is written.
    """

    def __init__(self, session: Any, folder: Path) -> None:
        self._session = session
        self._folder = folder
        self._written: dict[str, ModelEntry] = {}

    def file_of(self, key: str) -> str:
        """By which file a model is known to whoever borrows it."""
        has_file = key == READER or Path(key).is_absolute()
        return key if has_file else str(self._folder / f"{key}.npz")

    def lent(self) -> Lent:
        """All models at hand now; a network that learns, with the weights it has by now.

        Raises:
            DigitDeskError: One cannot be written.
        """
        lent = {}
        for entry in self._session.models():
            file = self.file_of(entry.key)
            if file != entry.key:
                self._write(entry, Path(file))
            lent[file] = _version_of(file)
        return lent

    def _write(self, entry: ModelEntry, path: Path) -> None:
        if entry.is_learning or self._written.get(entry.key) != entry:
            self._session.export.copy_model(entry.key, path)
            self._written[entry.key] = entry


def _version_of(file: str) -> int:
    try:
        return Path(file).stat().st_mtime_ns if file != READER else 0
    except OSError:
        return 0


class BorrowedModels:
    """The models of another process's session, opened by one of this process.

    Args:
        session: Opens their files, and reads with them by these.
    """

    def __init__(self, session: Any) -> None:
        self._session = session
        self._versions: Lent = {}
        self._entries: dict[str, ModelEntry] = {}

    def take(self, lent: Lent) -> None:
        """Offer these from now on; one that cannot be opened is left out, or stays as it was."""
        entries = {}
        for file, version in lent.items():
            entry = self._entries.get(file)
            if entry is None or self._versions.get(file) != version:
                entry = self._opened(file) or entry
            if entry is not None:
                entries[file] = entry
        self._versions, self._entries = lent, entries

    def models(self) -> tuple[ModelEntry, ...]:
        """The models that are offered."""
        return tuple(self._entries.values())

    def _opened(self, file: str) -> ModelEntry | None:
        try:
            if file == READER:
                return ModelEntry(READER, self._session.card(READER))
            opened: ModelEntry = self._session.open_model(Path(file))
        except DigitDeskError as error:
            _LOGGER.warning("A model cannot be served: %s", error)
            return None
        return opened
