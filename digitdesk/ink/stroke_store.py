"""A stroke file that grows by one drawing at a time, and is whole after each.

It is written anew each time: a crash or a power cut leaves it as it was before the last drawing.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from digitdesk.errors import DataError
from digitdesk.files.atomic import make_folder, write_atomically
from digitdesk.files.file_lock import held
from digitdesk.ink.stroke_file import (
    MAX_FILE_BYTES,
    check_entry,
    is_class_name,
    read_entries,
)
from digitdesk.ink.strokes import Points

_DIGITS = 2


class StrokeStore:
    """The drawings of one file, which other programs may add to as well.

    Args:
        path: The file, which need not be there yet.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lines: list[str] = []
        self._names: list[str] = []
        self._seen: tuple[int, int, int] | None = None

    @property
    def counts(self) -> Counter[str]:
        """How many drawings there are of each class.

        Raises:
            DataError: The file is damaged.
        """
        self._look()
        return Counter(self._names)

    def add(self, entry: dict[str, Any]) -> tuple[str, int]:
        """Put a drawing at the end.

        Args:
            entry: As in the stroke form, and whatever else is to be known of it.

        Returns:
            The entry as it is written, and how many there are now.

        Raises:
            DataError: The file is damaged, which is left as it is, or it would be too large.
            SaveError: The file cannot be written.
        """
        (line,) = self.add_many([entry])
        return line, len(self._lines)

    def add_many(self, entries: Sequence[dict[str, Any]]) -> list[str]:
        """As ``add``, of several drawings: all of them or none.

        Returns:
            The entries as they are written.
        """
        names = [check_entry(entry, self.path, k).class_name for k, entry in enumerate(entries)]
        lines = list(map(line_of, entries))
        make_folder(self.path.parent)
        with held(self.path):
            self._look()
            self._write([*self._lines, *lines], [*self._names, *names])
        return lines

    def remove(self, line: str) -> bool:
        """Take the last drawing away that is written like this; whether there was one.

        Raises:
            DataError: The file is damaged.
            SaveError: The file cannot be written.
        """
        with held(self.path):
            self._look()
            places = [place for place, known in enumerate(self._lines) if known == line]
            if not places:
                return False
            at = places[-1]
            without = [[*row[:at], *row[at + 1 :]] for row in (self._lines, self._names)]
            self._write(*without)
        return True

    def _look(self) -> None:
        """Read the file where it is not as it was left."""
        now = self._state()
        if now == self._seen:
            return
        entries = read_entries(self.path) if now is not None else []
        self._names = [
            check_entry(entry, self.path, index).class_name for index, entry in enumerate(entries)
        ]
        self._lines = list(map(line_of, entries))
        self._seen = now

    def _write(self, lines: list[str], names: list[str]) -> None:
        content = ("[\n" + ",\n".join(lines) + "\n]\n").encode()
        if len(content) > MAX_FILE_BYTES:
            raise DataError(
                f"{self.path.name} is full",
                expected=f"at most {MAX_FILE_BYTES // 2**20} MB",
                hint="Rename the file, and a new one is begun",
            )
        write_atomically(self.path, lambda stream: stream.write(content))
        self._lines, self._names = lines, names
        self._seen = self._state()

    def _state(self) -> tuple[int, int, int] | None:
        """What changes when somebody writes the file; ``None`` where there is none."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino


def line_of(entry: dict[str, Any]) -> str:
    """A drawing as it stands in the file."""
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":"))


def entry_of(class_name: str, writer: str, strokes: Sequence[Points], when: str) -> dict[str, Any]:
    """A drawing as it stands in a stroke file.

    Args:
        class_name: What it is; a number, or another name.
        writer: Who wrote it.
        strokes: Its points: x, y, and a third number where their time is known, in milliseconds.
        when: When that was, as ISO time.

    Raises:
        DataError: The name cannot be one of a class, or there are no points.
    """
    is_number = class_name.isascii() and class_name.isdigit() and str(int(class_name)) == class_name
    if is_number and int(class_name) <= 255:
        label: int | str = int(class_name)
    elif is_class_name(class_name):
        label = class_name
    else:
        raise DataError(
            "This cannot be the name of a class", expected="a few letters", received=class_name[:40]
        )
    points = [[[round(v, _DIGITS) for v in point] for point in stroke] for stroke in strokes]
    if not any(points):
        raise DataError("There is no drawing to keep", hint="Draw with the pen first")
    return {"label": label, "writer": writer, "written": when, "strokes": points}
