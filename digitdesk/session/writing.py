"""Own writing: each writer's drawings in a stroke file of their own, in the user's data folder."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from digitdesk.errors import DigitDeskError, SaveError
from digitdesk.files.atomic import reason
from digitdesk.ink.stroke_file import read_entries
from digitdesk.ink.stroke_store import StrokeStore, entry_of
from digitdesk.ink.strokes import Points
from digitdesk.messages.problem import Problem
from digitdesk.messages.writing import ME, KeptDrawing, OwnWriting
from digitdesk.storage.model_names import safe_name

_SUFFIX = ".json"


class Writing:
    """Keeps drawings, with what they are; any thread may ask.

    A damaged file is never written over. The files are ordinary stroke files: they can be copied,
    and examined with ``digitdesk evaluate --strokes``.

    Args:
        folder: Where the files are.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stores: dict[str, StrokeStore] = {}
        self._turn = threading.Lock()

    def keep(self, class_name: str, strokes: Sequence[Points], writer: str = ME) -> KeptDrawing:
        """Keep a drawing.

        Args:
            class_name: What it is.
            strokes: Its points: x, y, and the milliseconds since the first where they are known.
            writer: Who wrote it.

        Raises:
            DataError: There is nothing to keep, or the writer's file is damaged or full.
            SaveError: The file cannot be written.
        """
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        entry = entry_of(class_name, writer, strokes, now)
        with self._turn:
            line, count = self._store(writer).add(entry)
        return KeptDrawing(writer, class_name, count, line)

    def take_back(self, kept: KeptDrawing) -> bool:
        """Remove a drawing that was kept; whether it was still there.

        Raises:
            DataError: The writer's file is damaged.
            SaveError: The file cannot be written.
        """
        with self._turn:
            return self._store(kept.writer).remove(kept.entry)

    def all(self) -> tuple[OwnWriting, ...]:
        """What there is, by writer; one whose file is damaged says so."""
        with self._turn:
            names = sorted(path.stem for path in self._folder.glob(f"*{_SUFFIX}"))
            return tuple(_summary(name, self._store(name)) for name in names)

    def of(self, writer: str) -> OwnWriting:
        """What there is of one writer; nothing of who has written nothing.

        Raises:
            DataError: The writer's file is damaged.
        """
        with self._turn:
            store = self._store(writer)
            return OwnWriting(writer, store.path, tuple(sorted(store.counts.items())))

    def bring(self, writer: str, add: Callable[[StrokeStore], int]) -> int:
        """Have drawings added to a writer's file by somebody, while nobody else does."""
        with self._turn:
            return add(self._store(writer))

    def rename(self, writer: str, name: str) -> None:
        """Have a writer's drawings go by another name, which nobody has.

        Raises:
            DataError: The writer's file is damaged.
            SaveError: The new file cannot be written, or the old one not removed.
        """
        with self._turn:
            old = self._store(writer).path
            if not old.is_file():
                return
            entries = [{**entry, "writer": name} for entry in read_entries(old)]
            # The old file goes when the new one is whole: a crash leaves both, and loses nothing.
            self._store(name).add_many(entries)
            self._remove(old)

    def remove(self, writer: str) -> None:
        """Remove all drawings of a writer for good.

        Raises:
            SaveError: The file cannot be removed.
        """
        with self._turn:
            self._remove(self._store(writer).path)

    def _remove(self, path: Path) -> None:
        self._stores.pop(path.name, None)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise SaveError(f"Cannot remove {path.name}: {reason(error)}") from error

    def path(self, writer: str = ME) -> Path:
        """The stroke file of a writer, which need not be there."""
        return self._folder / (safe_name(writer or ME) + _SUFFIX)

    def _store(self, writer: str) -> StrokeStore:
        path = self.path(writer)
        return self._stores.setdefault(path.name, StrokeStore(path))


def _summary(writer: str, store: StrokeStore) -> OwnWriting:
    try:
        counts = store.counts
    except DigitDeskError as error:
        return OwnWriting(writer, store.path, (), Problem.of(error))
    return OwnWriting(writer, store.path, tuple(sorted(counts.items())))
