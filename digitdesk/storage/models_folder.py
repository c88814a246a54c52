"""The user's folder of saved models: listed, renamed, copied, deleted and brought back.

Nothing is ever overwritten or lost: taken names get a number, deleted files wait in a trash.
"""

from __future__ import annotations

import dataclasses
import datetime
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from digitdesk.errors import DigitDeskError, ModelFileError
from digitdesk.files.atomic import reason, sweep_temporaries
from digitdesk.messages.model import LibraryEntry, TrashTicket
from digitdesk.messages.problem import Problem
from digitdesk.storage.model_file import StoredModel, load_model, save_model

SUFFIXES = (".npz", ".pkl")
TRASH = "trash"
_TRASH_DAYS = 30
_MAX_NAME = 80
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.IGNORECASE)


class ModelsFolder:
    """Model files in one folder.

    Args:
        folder: Made when something is first put there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._trash = folder / TRASH
        # Reading a file checks all of it, so what has not changed is not read again.
        self._known: dict[Path, tuple[tuple[int, int], LibraryEntry]] = {}
        sweep_temporaries(folder)
        self._empty_old_trash()

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

    def add(self, stored: StoredModel, title: str) -> Path:
        """Save a model under a new title and a file name made of it.

        Raises:
            ModelFileError: The disk refuses.
        """
        path = self._free(self.folder, title, SUFFIXES[0])
        self._make(self.folder)
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
        target = path if wanted == path else self._free(path.parent, title, path.suffix)
        save_model(target, dataclasses.replace(stored.card, title=title), stored.arrays)
        if target != path:
            # Only now: until the new file is complete, the old one is the model.
            self._attempt(f"Cannot remove {path.name}", path.unlink)
        return target

    def delete(self, path: Path, title: str) -> TrashTicket:
        """Move a file into the trash.

        Raises:
            ModelFileError: There is no such file, or the disk refuses.
        """
        if path.suffix.lower() not in SUFFIXES or not path.is_file():
            raise ModelFileError(f"There is no model file {path.name} to delete")
        self._make(self._trash)
        trashed = self._free(self._trash, path.stem, path.suffix)
        self._attempt(f"Cannot delete {path.name}", lambda: shutil.move(path, trashed))
        # Its age in the trash counts from now, not from when the model was saved.
        self._attempt(f"Cannot delete {path.name}", trashed.touch)
        return TrashTicket(str(path), title, trashed)

    def restore(self, ticket: TrashTicket) -> Path:
        """Move a file back to where it was, or beside what took its name meanwhile.

        Raises:
            ModelFileError: It is no longer in the trash, or the disk refuses.
        """
        path = Path(ticket.key)
        if ticket.trashed.parent != self._trash or not ticket.trashed.is_file():
            raise ModelFileError(f"{path.name} is no longer in the trash")
        if path.exists():
            path = self._free(path.parent, path.stem, path.suffix)
        self._make(path.parent)
        self._attempt(f"Cannot restore {path.name}", lambda: shutil.move(ticket.trashed, path))
        return path

    def _empty_old_trash(self) -> None:
        oldest = time.time() - _TRASH_DAYS * 86_400
        for path in self._trash.glob("*") if self._trash.is_dir() else ():
            try:
                if path.suffix.lower() in SUFFIXES and path.stat().st_mtime < oldest:
                    path.unlink()
            except OSError:  # housekeeping: what cannot be removed waits for the next time
                continue

    def _make(self, folder: Path) -> None:
        self._attempt(
            f"Cannot make the folder {folder}", lambda: folder.mkdir(parents=True, exist_ok=True)
        )

    @staticmethod
    def _attempt(what: str, action: Callable[[], object]) -> None:
        """Do something to a file; a refusal becomes a sentence."""
        try:
            action()
        except OSError as error:
            raise ModelFileError(what, received=reason(error)) from error

    @staticmethod
    def _free(folder: Path, title: str, suffix: str) -> Path:
        """A file name made of a title, with a number where it is taken."""
        name = safe_name(title)
        path, number = folder / f"{name}{suffix}", 2
        while path.exists():
            path, number = folder / f"{name} {number}{suffix}", number + 1
        return path


def safe_name(title: str) -> str:
    """A title as a file name that every system accepts."""
    words = " ".join(_NOT_IN_NAMES.sub(" ", title).split())
    name = words.strip(" .")[:_MAX_NAME].strip(" .")
    return f"{name or 'model'}_" if _RESERVED.match(name) else name or "model"
