"""The user's folder of saved models: listed, renamed, copied, deleted and brought back.

Nothing is ever overwritten or lost: taken names get a number, deleted files wait in a trash.
"""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path

from digitdesk.errors import DigitDeskError, ModelFileError
from digitdesk.files.atomic import sweep_temporaries
from digitdesk.messages.model import LibraryEntry
from digitdesk.messages.problem import Problem
from digitdesk.storage.model_file import StoredModel, load_model, save_model
from digitdesk.storage.model_names import SUFFIXES, attempt, free_path, make_folder, safe_name
from digitdesk.storage.trash import Trash


class ModelsFolder:
    """Model files in one folder.

    Args:
        folder: Made when something is first put there.

    Attributes:
        trash: Where deleted ones wait.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.trash = Trash(folder / "trash", folder)
        # Reading a file checks all of it, so what has not changed is not read again.
        self._known: dict[Path, tuple[tuple[int, int], LibraryEntry]] = {}
        sweep_temporaries(folder)

    def entries(self) -> tuple[LibraryEntry, ...]:
        """Every model file, the newest first; damaged ones with the sentence that says why."""
        try:
            paths = [p for p in self.folder.iterdir() if p.suffix.lower() in SUFFIXES]
        except OSError:
            return ()
        found = [entry for path in paths if (entry := self._entry(path)) is not None]
        return tuple(sorted(found, key=self._age, reverse=True))

    def _age(self, entry: LibraryEntry) -> tuple[int, str]:
        """What entries are sorted by: several may be written within a second."""
        return self._known[entry.path][0][0], entry.key

    def _entry(self, path: Path) -> LibraryEntry | None:
        try:
            status = path.stat()
        except OSError:  # gone since the folder was listed
            return None
        stamp = (status.st_mtime_ns, status.st_size)
        if path not in self._known or self._known[path][0] != stamp:
            when = datetime.datetime.fromtimestamp(status.st_mtime, datetime.UTC)
            entry = LibraryEntry(
                str(path), path, status.st_size, when.isoformat(timespec="seconds"), None
            )
            try:
                entry = dataclasses.replace(entry, card=load_model(path).card)
            except DigitDeskError as error:
                entry = dataclasses.replace(entry, problem=Problem.of(error))
            self._known[path] = (stamp, entry)
        return self._known[path][1]

    def add(self, stored: StoredModel, title: str, suffix: str = SUFFIXES[0]) -> Path:
        """Save a model under a new title and a file name made of it.

        Args:
            stored: The model.
            title: Its new title.
            suffix: Says the format.

        Raises:
            ModelFileError: The disk refuses.
        """
        path = free_path(self.folder, title, suffix)
        make_folder(self.folder)
        save_model(path, dataclasses.replace(stored.card, title=title), stored.arrays)
        return path

    def rename(self, path: Path, title: str) -> Path:
        """Give a model another title, and its file the name made of it.

        Raises:
            ModelFileError: The title is empty, the file cannot be read, or the disk refuses;
                then the model is as it was.
        """
        title = title.strip()
        if not title:
            raise ModelFileError("A model needs a title", expected="at least one character")
        stored = load_model(path)
        wanted = path.with_name(safe_name(title) + path.suffix)
        target = path if wanted == path else free_path(path.parent, title, path.suffix)
        save_model(target, dataclasses.replace(stored.card, title=title), stored.arrays)
        if target != path:
            # Only now: until the new file is complete, the old one is the model.
            attempt(f"Cannot remove {path.name}", path.unlink)
        return target
