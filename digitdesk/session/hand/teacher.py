"""Teaching a model a person's hand: what it would take, and what came of it."""

from __future__ import annotations

import dataclasses
import time
from collections import Counter
from pathlib import Path

from digitdesk import __version__
from digitdesk.data.catalog import TITLES, find_folder
from digitdesk.data.own_hand.replay import Source
from digitdesk.errors import DataError, DigitDeskError
from digitdesk.evaluation.labelled_sets import LabelledSet, labelled_dataset
from digitdesk.ink.stroke_file import StrokeSample, read_stroke_file
from digitdesk.messages.model import DIGITS, ModelCard
from digitdesk.messages.own.hand import BeforeAfter, Taught, TeachPlan
from digitdesk.messages.problem import Problem
from digitdesk.messages.writing import ME
from digitdesk.nn.core.backend import Backend
from digitdesk.recognition.reader import Reader
from digitdesk.session.dataset_cache import Folder
from digitdesk.session.hand.exam_sheets import ExamSheets
from digitdesk.session.hand.scoring import drawn_exam, score
from digitdesk.session.hand.sealed import UNSEEN, Seal, unseen
from digitdesk.session.hand.teaching import Hand, Lesson, estimated_seconds
from digitdesk.session.model_library import ModelLibrary
from digitdesk.session.progress import Progress
from digitdesk.session.samples import Samples
from digitdesk.session.writing import Writing
from digitdesk.storage.model_file import StoredModel, check_model

FEWEST = 20
"""Drawings from which a hand can be learned at all."""
MNIST = "MNIST"
"""What its test images are called among the scores."""


class Teacher:
    """Gives lessons, and examines before and after them.

    Args:
        writing: Drawings that somebody has said the meaning of.
        sheets: Exams, which are never learned.
        library: Where models come from, and where taught ones go.
        samples: Loads MNIST's test part.
        data_folder: The folder of data sets for who names none.
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

    def plan(self, person: str, base_key: str) -> TeachPlan:
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

    def teach(self, person: str, base_key: str, title: str, tell: Progress) -> Taught:
        """Give a lesson, and keep what comes of it as a new model."""
        begun = time.perf_counter()
        base = self._library.stored(base_key)
        samples = self._drawings(person)
        self._check(samples, base.card)
        check_model(base.card, base.arrays)
        source = self._source(base.card)
        hand = Hand.of(samples, base.card.class_names)
        made = Lesson(base, hand, source, self._backend, tell).run()
        exams = tuple(sheet.key for sheet in self._sheets.all() if sheet.told.is_sealed)
        card = _card(made.card, person, len(hand.labels), exams, title)
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
        return Taught(model, base_key, len(hand.labels), seconds, scores, exams)

    def _before_and_after(
        self, person: str, base_key: str, taught: Reader
    ) -> tuple[BeforeAfter, ...]:
        """What both models read of the person's sealed exams and of MNIST's test images."""
        before = self._library.reader(base_key)
        sets: list[tuple[str, LabelledSet]] = [
            (sheet.key, drawn_exam(sheet))
            for sheet in self._sheets.all()
            if sheet.facts.person == person
            and sheet.told.is_sealed
            and set(sheet.facts.class_names) <= set(before.card.class_names)
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


def _card(
    card: ModelCard, person: str, count: int, exams: tuple[str, ...], title: str
) -> ModelCard:
    """What the taught model says of itself."""
    # What its base had not seen, it may have seen now; and there may be new exams.
    kept = [line for line in card.notes.splitlines() if not line.startswith(UNSEEN)]
    notes = [*kept, f"Taught {count} drawings of {person}.", unseen(exams)]
    return dataclasses.replace(
        card,
        # The hand first: a file's name is cut where it is too long.
        title=title or f"{'My hand' if person == ME else f'Hand of {person}'}, {card.title}",
        notes="\n".join(note for note in notes if note),
        app_version=__version__,
    )
