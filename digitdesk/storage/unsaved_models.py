"""Trained networks that were neither saved nor thrown away yet: a folder of plain model files.

A run's network is put here when the run ends, so that closing the window, the next run or a kill
takes nothing away.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

from digitdesk.errors import ModelFileError
from digitdesk.files.atomic import reason
from digitdesk.messages.model import LibraryEntry, ModelCard
from digitdesk.storage.model_file import StoredModel, save_model
from digitdesk.storage.models_folder import ModelsFolder

#: Of earlier sessions, so many stay, the newest first …
MOST_KEPT = 10
#: … and no more bytes than these.
MOST_BYTES = 512 * 2**20


class UnsavedModels:
    """Networks of this session, all of them, and the last ones of earlier sessions.

    Args:
        folder: Made when something is first put there.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = ModelsFolder(folder)
        self._listed: tuple[LibraryEntry, ...] = ()

    def entries(self) -> tuple[LibraryEntry, ...]:
        """All of them, the newest first; a file that is new here is read, which takes a moment."""
        found = self._folder.entries()
        self._listed = tuple(dataclasses.replace(entry, is_saved=False) for entry in found)
        return self._listed

    @property
    def listed(self) -> tuple[LibraryEntry, ...]:
        """Those that were found the last time and are still there; at once."""
        return tuple(entry for entry in self._listed if entry.path.is_file())

    def holds(self, path: Path) -> bool:
        """Whether a file lies here."""
        return path.parent == self._folder.folder

    def add(self, stored: StoredModel, replaces: Path | None = None) -> Path:
        """Keep a network, under its title and a number where that is taken.

        Args:
            stored: The network.
            replaces: The file of the same run, as it was before it went on.

        Raises:
            ModelFileError: The disk refuses.
        """
        if replaces is not None and replaces.is_file():
            card = dataclasses.replace(stored.card, title=replaces.stem)
            save_model(replaces, card, stored.arrays)
            path = replaces
        else:
            path = self._folder.add(stored, stored.card.title)
        self.entries()
        return path

    def of_same_run(self, name: str, card: ModelCard) -> Path | None:
        """The file of that name, where it holds what the run of ``card`` had come to before.

        The name comes from a file, so it is only looked for, and no path is made of it.
        """

        def is_same(other: ModelCard) -> bool:
            known = (other.spec, other.data_hash, other.seed)
            return known == (card.spec, card.data_hash, card.seed)

        named = (entry for entry in self.entries() if entry.path.name == name)
        return next((e.path for e in named if e.card is not None and is_same(e.card)), None)

    def discard(self, path: Path) -> None:
        """Remove a network that is saved elsewhere by now.

        Raises:
            ModelFileError: The disk refuses.
        """
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise ModelFileError(f"Cannot remove {path.name}", received=reason(error)) from error

    def forget_old(self) -> None:
        """Remove what earlier sessions left, but for the last ones.

        Nobody else may be training meanwhile: what another window has just kept would count as old.
        """
        room = MOST_BYTES
        for place, entry in enumerate(self.entries()):
            room -= entry.size_bytes
            # The newest always stays, however large it is.
            if place and (place >= MOST_KEPT or room < 0):
                self.discard(entry.path)
