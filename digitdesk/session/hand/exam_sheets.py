"""Exams of people's hands: each in a file of its own, whole after every drawing.

A sheet holds what is dictated, what was written, and when it was sealed.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import random
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from digitdesk.errors import ConfigError, DataError, DigitDeskError
from digitdesk.files.atomic import make_folder, write_atomically
from digitdesk.files.readable_file import size_of
from digitdesk.ink.stroke_file import StrokeSample, check_entry, is_class_name
from digitdesk.ink.stroke_store import entry_of
from digitdesk.ink.strokes import Points
from digitdesk.messages.own.hand import ExamSheet
from digitdesk.session.hand.dictation import words_of_exam
from digitdesk.session.hand.sealed import hash_of
from digitdesk.session.pictures.drawings import picture_of
from digitdesk.storage.model_names import free_path
from digitdesk.storage.plain_json import PlainValueError, from_plain, parse_json, to_plain

MOST = 500
_MOST_BYTES = 32 * 2**20
_SUFFIX = ".json"


@dataclass(frozen=True, slots=True)
class _Facts:
    """What stands at the head of a sheet."""

    person: str
    class_names: tuple[str, ...]
    words: tuple[str, ...]
    begun: str
    sealed: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """An exam as its file has it.

    Attributes:
        key: Name of the file.
        facts: What is dictated to whom, and since when.
        entries: Drawings in the stroke form, in the order of the words.
        samples: The same, read.
    """

    key: str
    facts: _Facts
    entries: tuple[dict[str, Any], ...]
    samples: tuple[StrokeSample, ...]

    @property
    def told(self) -> ExamSheet:
        """What is told of it."""
        facts, done = self.facts, len(self.samples)
        wanted = facts.words[done] if done < len(facts.words) and not facts.sealed else ""
        return ExamSheet(
            self.key,
            facts.person,
            facts.class_names,
            len(facts.words),
            done,
            facts.begun,
            facts.sealed,
            wanted,
        )


class ExamSheets:
    """All exams in a folder; any thread may ask.

    Args:
        folder: Where the files are; it need not be there.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._turn = threading.RLock()
        self._read: dict[str, tuple[tuple[int, int], Sheet, frozenset[bytes]]] = {}

    @classmethod
    def of_user(cls, user_data: Path) -> ExamSheets:
        """Those of a user, in the user's data folder."""
        return cls(user_data / "writing" / "exams")

    def begin(
        self, person: str, count: int, class_names: tuple[str, ...], rng: random.Random
    ) -> ExamSheet:
        """Begin an exam.

        Raises:
            ConfigError: Too few or too many drawings, or a name that cannot be one of a class.
            SaveError: The file cannot be written.
        """
        if not len(class_names) <= count <= MOST:
            raise ConfigError(
                "An exam of so many drawings cannot be taken",
                expected=f"{len(class_names)} to {MOST}: one of each class at least",
                received=str(count),
            )
        wrong = next((name for name in class_names if not is_class_name(name)), None)
        if wrong is not None or len(set(class_names)) < 2:
            raise ConfigError(
                "This cannot be dictated",
                expected="names of two classes or more",
                received=wrong or "",
            )
        words = tuple(words_of_exam(class_names, count, rng))
        facts = _Facts(person, class_names, words, _now())
        with self._turn:
            make_folder(self._folder)
            day = facts.begun[:10]
            path = free_path(self._folder, f"{person} {day}", _SUFFIX)
            return self._write(Sheet(path.stem, facts, (), ())).told

    def all(self) -> tuple[Sheet, ...]:
        """Those that can be read, the newest first."""
        with self._turn:
            found = []
            for path in self._paths():
                # A damaged file stays as it is, for whoever can mend it.
                with contextlib.suppress(DigitDeskError):
                    found.append(self._at(path.stem))
        return tuple(sorted(found, key=lambda sheet: (sheet.facts.begun, sheet.key), reverse=True))

    def at(self, key: str) -> Sheet:
        """One of them.

        Raises:
            DataError: There is none of that name, or its file is damaged.
        """
        with self._turn:
            return self._at(key)

    def hand_in(self, key: str, strokes: Sequence[Points]) -> ExamSheet:
        """Keep the drawing of the word that is wanted; the last one seals the exam.

        Raises:
            DataError: There is no drawing, or the exam is sealed.
            SaveError: The file cannot be written.
        """
        with self._turn:
            sheet = self._open(key)
            word = sheet.told.wanted
            entry = entry_of(word, sheet.facts.person, strokes, _now())
            sample = check_entry(entry, self._path(key), len(sheet.entries))
            facts = sheet.facts
            if len(sheet.entries) + 1 == len(facts.words):
                facts = replace(facts, sealed=_now())
            written = Sheet(key, facts, (*sheet.entries, entry), (*sheet.samples, sample))
            return self._write(written).told

    def take_back(self, key: str) -> ExamSheet:
        """Remove the last drawing of an exam that is not sealed.

        Raises:
            DataError: It is sealed, or empty.
        """
        with self._turn:
            sheet = self._open(key)
            if not sheet.entries:
                raise DataError("Nothing was written yet that could be taken back")
            shorter = replace(sheet, entries=sheet.entries[:-1], samples=sheet.samples[:-1])
            return self._write(shorter).told

    def discard(self, key: str) -> None:
        """Remove an exam for good; its drawings are sealed no more.

        Raises:
            DataError: There is none of that name.
        """
        with self._turn:
            path = self._path(key)
            if path not in self._paths():
                raise DataError("There is no such exam", received=key[:60])
            path.unlink()
            self._read.pop(key, None)

    def rename(self, person: str, name: str) -> None:
        """Have a person's exams be those of another name; what they are called stays.

        Raises:
            SaveError: A file cannot be written.
        """
        with self._turn:
            for sheet in self.all():
                if sheet.facts.person == person:
                    self._write(replace(sheet, facts=replace(sheet.facts, person=name)))

    def sealed_drawings(self) -> Iterator[tuple[str, frozenset[str], frozenset[bytes]]]:
        """What each exam is called, hashes of its drawings, and their pictures."""
        for sheet in self.all():
            if sheet.samples:
                hashes = frozenset(hash_of(sample.strokes) for sample in sheet.samples)
                yield sheet.key, hashes, self._pictures(sheet)

    def _pictures(self, sheet: Sheet) -> frozenset[bytes]:
        """The drawings as a network sees them, drawn once."""
        with self._turn:
            state, known, pictures = self._read[sheet.key]
            if not pictures:
                pictures = frozenset(picture_of(sample).tobytes() for sample in sheet.samples)
                self._read[sheet.key] = (state, known, pictures)
        return pictures

    def _open(self, key: str) -> Sheet:
        sheet = self._at(key)
        if sheet.facts.sealed:
            raise DataError(
                "The exam is sealed", expected="an exam that is not complete", hint="Begin another"
            )
        return sheet

    def _at(self, key: str) -> Sheet:
        path = self._path(key)
        if path not in self._paths():
            raise DataError("There is no such exam", received=key[:60])
        state = _state(path)
        kept = self._read.get(key)
        if kept is None or kept[0] != state:
            kept = self._read[key] = (state, _read(path), frozenset())
        return kept[1]

    def _write(self, sheet: Sheet) -> Sheet:
        content = {**to_plain(sheet.facts), "drawings": list(sheet.entries)}
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        path = self._path(sheet.key)
        write_atomically(path, lambda stream: stream.write(text))
        self._read[sheet.key] = (_state(path), sheet, frozenset())
        return sheet

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}{_SUFFIX}"

    def _paths(self) -> list[Path]:
        with contextlib.suppress(OSError):
            return sorted(self._folder.glob(f"*{_SUFFIX}"))
        return []


def _read(path: Path) -> Sheet:
    """A sheet from its file.

    Raises:
        DataError: It is damaged.
    """
    try:
        if size_of(path) > _MOST_BYTES:
            raise DataError("It is too large")
        content = parse_json(path.read_bytes())
        facts = from_plain(_Facts, content)
        entries = content.get("drawings")
        if not isinstance(entries, list) or len(entries) > len(facts.words):
            raise PlainValueError("It holds more drawings than were dictated")
        samples = tuple(check_entry(entry, path, k) for k, entry in enumerate(entries))
    except (DigitDeskError, OSError) as error:
        raise DataError(
            f"The exam {path.stem} cannot be read",
            received=error.sentence if isinstance(error, DigitDeskError) else str(error),
            hint="Its file is left as it is",
        ) from None
    return Sheet(path.stem, facts, tuple(entries), samples)


def _state(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).astimezone().isoformat(timespec="seconds")
