"""The facade of a person's hand: what to write, exams of it, and models that are taught it.

It is the session's ``hand``; drawings are kept and taken back by the session's ``writing``.
"""

from __future__ import annotations

import dataclasses
import random
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from digitdesk import __version__
from digitdesk.data.catalog import TITLES, find_folder
from digitdesk.data.own_hand.replay import Source
from digitdesk.errors import ConfigError, DataError, DigitDeskError
from digitdesk.evaluation.labelled_sets import LabelledSet, labelled_dataset
from digitdesk.files.paths import expanded
from digitdesk.ink.stroke_file import StrokeSample, read_stroke_file
from digitdesk.ink.strokes import Points
from digitdesk.messages.model import DIGITS, READER, ModelCard
from digitdesk.messages.own.hand import (
    BeforeAfter,
    DrawingPage,
    ExamScore,
    ExamSheet,
    KeptPicture,
    Taught,
    TeachPlan,
)
from digitdesk.messages.problem import Problem
from digitdesk.messages.writing import ME, OwnWriting
from digitdesk.nn.core.backend import Backend
from digitdesk.recognition.reader import Reader
from digitdesk.session.dataset_cache import Folder
from digitdesk.session.hand import taking_away
from digitdesk.session.hand.collecting import drawing_page, kept_picture, name_of
from digitdesk.session.hand.dictation import dictatable, next_word
from digitdesk.session.hand.exam_sheets import ExamSheets
from digitdesk.session.hand.scoring import drawn, score
from digitdesk.session.hand.sealed import UNSEEN, Seal
from digitdesk.session.hand.sealed import unseen as unseen_sentence
from digitdesk.session.hand.teaching import Hand as Drawn
from digitdesk.session.hand.teaching import Lesson, estimated_seconds
from digitdesk.session.model_library import ModelLibrary
from digitdesk.session.progress import Cancelled, Progress, advance, never, told_to_nobody
from digitdesk.session.samples import Samples
from digitdesk.session.writing import Writing
from digitdesk.storage.model_file import StoredModel, check_model

FEWEST = 20
"""Drawings from which a hand can be learned at all."""


class Hand:
    """Dictates, examines and teaches.

    Two threads may call any two methods at once. Any may raise a ``DigitDeskError`` with a
    sentence for the user.

    Args:
        writing: Drawings that somebody has said the meaning of.
        sheets: Exams.
        library: The models.
        samples: Loads MNIST's test part.
        data_folder: The folder of data sets for who names this one or none.
        user_data: The user's data folder.
        backend: Where networks live that are taught.
    """

    def __init__(
        self,
        writing: Writing,
        sheets: ExamSheets,
        library: ModelLibrary,
        samples: Samples,
        data_folder: Folder,
        user_data: Path,
        backend: Backend,
    ) -> None:
        self._writing = writing
        self._sheets = sheets
        self._seal = Seal(sheets.sealed_drawings)
        self._library = library
        self._samples = samples
        self._data_folder = data_folder
        self._user_data = user_data
        self._backend = backend
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
        labelled = self._labelled(key)
        tell = advance(progress, cancelled)
        found = []
        for done, model_key in enumerate(model_keys):
            tell(done, len(model_keys))
            found.append(score(self._library.reader(model_key), labelled, model_key))
        return tuple(found)

    def _labelled(self, key: str) -> LabelledSet:
        sheet = self._sheets.at(key)
        if not sheet.told.is_sealed:
            raise DataError(
                "The exam is not complete yet",
                expected=f"{sheet.told.count} drawings",
                received=str(sheet.told.done),
            )
        return drawn(sheet.samples, sheet.facts.class_names)

    # --- teach -----------------------------------------------------------------------------

    def teachable(self, person: str = ME, base_key: str = READER) -> TeachPlan:
        """What teaching a model this hand would take, and whether it can be done."""
        card = self._library.stored(base_key).card
        source = self._source(card)
        samples: list[StrokeSample] = []
        problem = None
        try:
            samples = self._drawings(person)
            self._check(samples, card)
        except DigitDeskError as error:
            problem = Problem.of(error)
        counts = Counter(sample.class_name for sample in samples)
        return TeachPlan(
            len(samples),
            tuple(counts[name] for name in card.class_names),
            tuple(TITLES.get(name, name) for name in source.names),
            estimated_seconds(card, source),
            problem,
        )

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
        begun = time.perf_counter()
        base = self._library.stored(base_key)
        samples = self._drawings(person)
        self._check(samples, base.card)
        check_model(base.card, base.arrays)
        tell = advance(progress, cancelled)
        source = self._source(base.card)
        hand = Drawn.of(samples, base.card.class_names)
        made = Lesson(base, hand, source, self._backend, tell).run()
        unseen = tuple(sheet.key for sheet in self.exams() if sheet.is_sealed)
        card = _card(made.card, person, len(hand.labels), unseen, title)
        reader = Reader.from_stored(StoredModel(card, made.arrays), self._backend)
        scores = self._before_and_after(person, base_key, reader)
        mnist = next((pair.after for pair in scores if pair.data == MNIST), None)
        card = dataclasses.replace(
            card,
            test_accuracy=None if mnist is None else mnist.accuracy,
            test_interval=None if mnist is None else mnist.interval,
            test_count=0 if mnist is None else mnist.count,
        )
        tell(1000, 1000)
        path = self._library.folder.add(StoredModel(card, made.arrays), card.title, ".npz")
        seconds = time.perf_counter() - begun
        model = self._library.open(path)
        return Taught(model, base_key, len(hand.labels), seconds, scores, unseen)

    def _before_and_after(
        self, person: str, base_key: str, taught: Reader
    ) -> tuple[BeforeAfter, ...]:
        """What both models read of the person's sealed exams and of MNIST's test images."""
        before = self._library.reader(base_key)
        sets: list[tuple[str, LabelledSet]] = [
            (sheet.key, self._labelled(sheet.key))
            for sheet in self.exams(person)
            if sheet.is_sealed and set(sheet.class_names) <= set(before.card.class_names)
        ]
        folder = self._data_folder(None)
        is_at_hand = find_folder("mnist", folder, self._user_data) is not None
        if is_at_hand and before.card.class_names == DIGITS and before.reads_pictures:
            sets.append((MNIST, labelled_dataset(self._samples.test_part("mnist", folder))))
        return tuple(
            BeforeAfter(name, score(before, labelled, base_key), score(taught, labelled, ""))
            for name, labelled in sets
        )

    def _drawings(self, person: str) -> list[StrokeSample]:
        path = self._writing.path(person)
        return read_stroke_file(path) if path.is_file() else []

    def _check(self, samples: list[StrokeSample], card: ModelCard) -> None:
        """Refuse what cannot be taught, or must not.

        Raises:
            DataError: There are too few drawings, or some of an exam.
        """
        known = [sample for sample in samples if sample.class_name in card.class_names]
        if len(known) < FEWEST:
            raise DataError(
                "There are too few drawings to learn a hand from",
                expected=f"{FEWEST} or more of the model's classes; 200 are good",
                received=str(len(known)),
                hint="Collect some more",
            )
        self._seal.check_drawings(sample.strokes for sample in samples)

    def _source(self, card: ModelCard) -> Source:
        return Source(
            card.dataset,
            card.class_names,
            card.reject_names,
            self._data_folder(None),
            self._user_data,
        )


MNIST = "MNIST"
"""What its test images are called among the scores."""


def _card(
    card: ModelCard, person: str, count: int, unseen: tuple[str, ...], title: str
) -> ModelCard:
    """What the taught model says of itself."""
    # What its base had not seen, it may have seen now; and there may be new exams.
    kept = [line for line in card.notes.splitlines() if not line.startswith(UNSEEN)]
    notes = [*kept, f"Taught {count} drawings of {person}.", unseen_sentence(unseen)]
    return dataclasses.replace(
        card,
        # The hand first: a file's name is cut where it is too long.
        title=title or f"{'My hand' if person == ME else f'Hand of {person}'}, {card.title}",
        notes="\n".join(note for note in notes if note),
        app_version=__version__,
    )
