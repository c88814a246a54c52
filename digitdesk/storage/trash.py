"""Where deleted model files wait for a while, so that nothing is lost by a slip of the hand."""

from __future__ import annotations

import datetime
import shutil
import time
from pathlib import Path

from digitdesk.errors import ModelFileError
from digitdesk.messages.model import TrashTicket
from digitdesk.storage.model_names import SUFFIXES, attempt, free_path, make_folder

_MOST_DAYS = 30
_MOST_BYTES = 512 * 2**20


class Trash:
    """A folder that forgets: what is older than thirty days, and the oldest of what is too much.

    Args:
        folder: Made when something is first put there.
        home: Where files go back to whose place is no longer known.
    """

    def __init__(self, folder: Path, home: Path) -> None:
        self._folder = folder
        self._home = home
        self._came_from: dict[Path, Path] = {}
        self._forget_old()

    def tickets(self) -> tuple[TrashTicket, ...]:
        """All that can be had back, what was deleted last first."""
        found = []
        for path in self._files():
            try:
                status = path.stat()
            except OSError:  # gone since the folder was listed
                continue
            when = datetime.datetime.fromtimestamp(status.st_mtime, datetime.UTC)
            place = self._came_from.get(path, self._home / path.name)
            ticket = TrashTicket(
                str(place), path.name, path, status.st_size, when.isoformat(timespec="seconds")
            )
            found.append((status.st_mtime_ns, ticket))
        return tuple(ticket for _, ticket in sorted(found, key=lambda pair: pair[0], reverse=True))

    def put(self, path: Path, title: str) -> TrashTicket:
        """Move a file here.

        Args:
            path: The file.
            title: What it is called when it is told of.

        Raises:
            ModelFileError: There is no such file, or the disk refuses.
        """
        if path.suffix.lower() not in SUFFIXES or not path.is_file():
            raise ModelFileError(f"There is no model file {path.name} to delete")
        make_folder(self._folder)
        trashed = free_path(self._folder, path.stem, path.suffix)
        attempt(f"Cannot delete {path.name}", lambda: shutil.move(path, trashed))
        # Its age in the trash counts from now, not from when the model was saved.
        attempt(f"Cannot delete {path.name}", trashed.touch)
        self._came_from[trashed] = path
        self._forget_old(but=trashed)
        return TrashTicket(str(path), title, trashed)

    def restore(self, ticket: TrashTicket) -> Path:
        """Move a file back to where it was, or beside what took its name meanwhile.

        Raises:
            ModelFileError: It is no longer in the trash, or the disk refuses.
        """
        path = Path(ticket.key)
        if ticket.trashed.parent != self._folder or not ticket.trashed.is_file():
            raise ModelFileError(f"{path.name} is no longer in the trash")
        if path.exists():
            path = free_path(path.parent, path.stem, path.suffix)
        make_folder(path.parent)
        attempt(f"Cannot restore {path.name}", lambda: shutil.move(ticket.trashed, path))
        return path

    def empty(self) -> None:
        """Delete all of it for good.

        Raises:
            ModelFileError: The disk refuses; the rest is gone.
        """
        refused: ModelFileError | None = None
        for path in self._files():
            try:
                attempt(f"Cannot delete {path.name}", path.unlink)
            except ModelFileError as error:
                refused = error
        if refused is not None:
            raise refused

    def _files(self) -> list[Path]:
        try:
            return [path for path in self._folder.iterdir() if path.suffix.lower() in SUFFIXES]
        except OSError:
            return []

    def _forget_old(self, but: Path | None = None) -> None:
        """Delete what is too old or too much, the oldest first, but never what has just come."""
        oldest, room = time.time() - _MOST_DAYS * 86_400, _MOST_BYTES
        for ticket in self.tickets():
            room -= ticket.size_bytes
            try:
                too_old = ticket.trashed.stat().st_mtime < oldest
                if (too_old or room < 0) and ticket.trashed != but:
                    ticket.trashed.unlink()
            except OSError:  # housekeeping: what cannot be removed waits for the next time
                continue
