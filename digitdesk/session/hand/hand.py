"""The facade of a person's hand: what to write, exams of it, and models that are taught it.

It is the session's ``hand``; drawings are kept and taken back by the session's ``writing``.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from digitdesk.errors import ConfigError
from digitdesk.files.paths import expanded
from digitdesk.ink.strokes import Points
from digitdesk.messages.model import DIGITS, READER
from digitdesk.messages.own.hand import (
    DrawingPage,
    ExamScore,
    ExamSheet,
    KeptPicture,
    Taught,
    TeachPlan,
)
from digitdesk.messages.writing import ME, OwnWriting
from digitdesk.session.hand import taking_away
from digitdesk.session.hand.collecting import drawing_page, kept_picture, name_of
from digitdesk.session.hand.dictation import dictatable, next_word
from digitdesk.session.hand.exam_sheets import ExamSheets
from digitdesk.session.hand.scoring import drawn_exam, score
from digitdesk.session.hand.teacher import Teacher
from digitdesk.session.model_library import ModelLibrary
from digitdesk.session.progress import Cancelled, Progress, advance, never, told_to_nobody
from digitdesk.session.writing import Writing


class Hand:
    """Dictates, examines and teaches.

    Two threads may call any two methods at once. Any may raise a ``DigitDeskError`` with a
    sentence for the user.

    Args:
        writing: Drawings that somebody has said the meaning of.
        sheets: Exams.
        library: The models.
        teacher: Gives the lessons.
        user_data: The user's data folder.
    """

    def __init__(
        self,
        writing: Writing,
        sheets: ExamSheets,
        library: ModelLibrary,
        teacher: Teacher,
        user_data: Path,
    ) -> None:
        self._writing = writing
        self._sheets = sheets
        self._library = library
        self._teacher = teacher
        self._user_data = user_data
        self._rng: random.Random = random.SystemRandom()

    # --- collect ---------------------------------------------------------------------------

    def people(self) -> tuple[OwnWriting, ...]:
        """Who has written something here, and how much."""
        return self._writing.all()

    @staticmethod
    def person_named(typed: str) -> str:
        """The name that a person goes by who calls himself so.

        Raises:
            ConfigError: It cannot be a name.
        """
        return name_of(typed)

    def dictatable(self) -> tuple[tuple[str, ...], ...]:
        """Classes that can be dictated: digits, and those of models, own sets and people here."""
        cards = [entry.card for entry in self._library.entries()]
        cards += [entry.card for entry in self._library.files() if entry.card is not None]
        people = [tuple(name for name, _n in person.counts) for person in self.people()]
        folder = self._user_data / "sets"
        return dictatable([card.class_names for card in cards], folder, people)

    def next_word(
        self, person: str = ME, class_names: tuple[str, ...] = DIGITS, before: str = ""
    ) -> str:
        """What to dictate next: at random, and of each about as much."""
        if not class_names:
            raise ConfigError("There is nothing to dictate", expected="names of classes")
        counts = Counter(dict(self._writing.of(person).counts))
        return next_word(class_names, counts, before, self._rng)

    def drawings(
        self, person: str, first: int, count: int, label: str | None = None
    ) -> DrawingPage:
        """Some drawings of a person, the newest first."""
        return drawing_page(self._writing.path(person), person, first, count, label)

    def keep(self, class_name: str, strokes: Sequence[Points], person: str = ME) -> KeptPicture:
        """Keep a drawing at once, and show what a network will see of it."""
        kept = self._writing.keep(class_name, strokes, person)
        return kept_picture(kept, self._writing.path(person))

    def rename_person(self, person: str, typed: str) -> str:
        """Give a person's drawings and exams another name, which is returned.

        Raises:
            ConfigError: It cannot be a name, or somebody goes by it already.
        """
        name = name_of(typed)
        if name == person:
            return name
        if self._writing.path(name).exists() or self.exams(name):
            raise ConfigError(
                "Somebody goes by this name already", received=name, hint="Choose another name"
            )
        self._sheets.rename(person, name)
        self._writing.rename(person, name)
        return name

    def remove_person(self, person: str) -> None:
        """Remove all drawings and all exams of a person for good."""
        for sheet in self.exams(person):
            self._sheets.discard(sheet.key)
        self._writing.remove(person)

    def take_away(
        self,
        person: str,
        path: Path,
        form: taking_away.Form = "strokes",
        progress: Progress = told_to_nobody,
        cancelled: Cancelled = never,
    ) -> Path:
        """Write a person's drawings as strokes, an IDX folder or a folder of pictures."""
        source = self._writing.path(person)
        return taking_away.take_away(source, expanded(path), form, advance(progress, cancelled))

    def bring_back(self, path: Path, person: str = ME) -> int:
        """Add the drawings of a stroke file; those that are there already are left out."""
        return self._writing.bring(
            person, lambda store: taking_away.bring_back(expanded(path), store, person)
        )

    # --- exams -----------------------------------------------------------------------------

    def begin_exam(
        self, person: str = ME, count: int = 50, class_names: tuple[str, ...] = DIGITS
    ) -> ExamSheet:
        """Begin an exam; its drawings are never trained on."""
        return self._sheets.begin(person, count, class_names, self._rng)

    def exams(self, person: str | None = None) -> tuple[ExamSheet, ...]:
        """Exams of a person or of all, the newest first."""
        told = [sheet.told for sheet in self._sheets.all()]
        return tuple(sheet for sheet in told if person in (None, sheet.person))

    def hand_in(self, key: str, strokes: Sequence[Points]) -> ExamSheet:
        """Keep the drawing of what an exam has dictated; the last one seals it."""
        return self._sheets.hand_in(key, strokes)

    def take_back(self, key: str) -> ExamSheet:
        """Remove the last drawing of an exam that is not sealed yet."""
        return self._sheets.take_back(key)

    def discard_exam(self, key: str) -> None:
        """Remove an exam for good."""
        self._sheets.discard(key)

    def score(
        self,
        key: str,
        model_keys: Sequence[str],
        progress: Progress = told_to_nobody,
        cancelled: Cancelled = never,
    ) -> tuple[ExamScore, ...]:
        """How well models read a sealed exam, one beside the other."""
        labelled = drawn_exam(self._sheets.at(key))
        tell = advance(progress, cancelled)
        found = []
        for done, model_key in enumerate(model_keys):
            tell(done, len(model_keys))
            found.append(score(self._library.reader(model_key), labelled, model_key))
        return tuple(found)

    # --- teach -----------------------------------------------------------------------------

    def teachable(self, person: str = ME, base_key: str = READER) -> TeachPlan:
        """What teaching a model this hand would take, and whether it can be done."""
        return self._teacher.plan(person, base_key)

    def teach(
        self,
        person: str = ME,
        base_key: str = READER,
        *,
        title: str = "",
        progress: Progress = told_to_nobody,
        cancelled: Cancelled = never,
    ) -> Taught:
        """Teach a model a person's hand; a new model comes of it, and the old one stays."""
        return self._teacher.teach(person, base_key, title, advance(progress, cancelled))
