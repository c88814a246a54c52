"""The facade of exams: how well models read, what they get wrong, and what breaks them.

It is the session's ``exams``. Whatever takes long says how far it is and can be cancelled.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import threading
import time
from pathlib import Path

import numpy as np

from digitdesk.errors import ConfigError, DataError
from digitdesk.evaluation.advice import advice
from digitdesk.evaluation.damages import DAMAGES, damage_named
from digitdesk.evaluation.evaluate import evaluate
from digitdesk.evaluation.items import EvaluatedSet
from digitdesk.evaluation.pairs import PairedSets
from digitdesk.evaluation.robustness import damage_curve, damage_point, damaged_item
from digitdesk.evaluation.scores import scores
from digitdesk.messages.evaluation import EVERY_ITEM, ItemPage, ItemSelection
from digitdesk.messages.exam import (
    Damage,
    DamageCurve,
    DamagePoint,
    Exam,
    ExamData,
    ExamHint,
    ExamPair,
    ItemDetail,
    PairPage,
)
from digitdesk.messages.model import ModelEntry
from digitdesk.messages.picture import Picture
from digitdesk.messages.point_map import PIXELS, MapMethod, PointMap
from digitdesk.report.words import Say
from digitdesk.session.exams.exam_data import ExamShelf
from digitdesk.session.exams.exam_file import ExamFile
from digitdesk.session.exams.kept_exams import KeptExam, KeptExams
from digitdesk.session.exams.maps import KeptMaps
from digitdesk.session.exams.reports import check_report_path, write_report
from digitdesk.session.exams.restoring import facts_of, restored
from digitdesk.session.model_library import ModelLibrary
from digitdesk.session.progress import Cancelled, Progress, advance, never, told_to_nobody


class Exams:
    """Examines models, and remembers what came out.

    Two threads may call any two methods at once. Any may raise a ``DigitDeskError`` with a
    sentence for the user.

    Args:
        library: The models.
        shelf: The sets to examine on.
        file: Has the last exam of an earlier session.
    """

    def __init__(self, library: ModelLibrary, shelf: ExamShelf, file: ExamFile) -> None:
        self._library = library
        self._shelf = shelf
        self._file = file
        self._restoring = threading.Lock()
        self._is_restored = False
        self._kept = KeptExams()
        self._maps = KeptMaps()

    def choices(self) -> tuple[ExamData, ...]:
        """What can be examined on: data sets at hand, and what this session was examined on."""
        trained_on = [entry.card.dataset for entry in self._library.entries()]
        at_hand = self._shelf.at_hand(trained_on)
        names = {data.name for data in at_hand}
        used = {kept.exam.data.name: kept.exam.data for kept in self._kept}
        return (*at_hand, *(data for name, data in used.items() if name not in names))

    def examine(
        self,
        model_key: str,
        data: ExamData,
        progress: Progress = told_to_nobody,
        cancelled: Cancelled = never,
        *,
        data_dir: str | None = None,
        is_remembered: bool = True,
    ) -> Exam:
        """Have a model read a set, count, and keep every answer.

        Args:
            model_key: The model, as it is now.
            data: What it reads.
            progress: Told how many pictures are read, and of how many.
            cancelled: Asked between a few hundred pictures.
            data_dir: Folder of data sets, in place of the session's.
            is_remembered: Whether it will be the last exam when the program is next opened.

        Raises:
            CancelledError: ``cancelled`` said so.
            DataError: The model does not know a class of the set, or there is nothing to read.
            ModelFileError: The network's numbers have overflowed.
        """
        reader = self._library.reader(model_key)
        labelled = self._shelf.load(data, data_dir)
        begun = time.perf_counter()
        evaluated = evaluate(reader, labelled, advance(progress, cancelled))
        seconds = time.perf_counter() - begun
        key = self._kept.new_key()
        exam = Exam(
            key,
            model_key,
            reader.card.title,
            reader.step,
            reader.card,
            dataclasses.replace(data, count=labelled.count),
            _hash_of(evaluated),
            datetime.datetime.now(datetime.UTC).astimezone().isoformat(timespec="seconds"),
            seconds,
            dataclasses.replace(scores(evaluated), key=key, notes=labelled.notes),
        )
        self._kept.keep(KeptExam(exam, evaluated, lambda: reader, labelled.strokes))
        if is_remembered:
            self._file.write(lambda: facts_of(exam, reader), evaluated, labelled.strokes)
        return exam

    def last(self) -> Exam | None:
        """The last exam, if there was one; that of an earlier session is read, a moment's work."""
        with self._restoring:
            if not self._is_restored:
                self._is_restored = True
                if not any(self._kept) and (found := self._file.read()) is not None:
                    self._kept.keep(restored(self._kept.new_key(), *found, self._library))
        return next((kept.exam for kept in self._kept), None)

    def items(
        self, exam_key: str, first: int, count: int, selection: ItemSelection = EVERY_ITEM
    ) -> ItemPage:
        """Some pictures of an exam with what was said of them."""
        return self._kept[exam_key].evaluated.page(first, count, selection)

    def detail(self, exam_key: str, index: int) -> ItemDetail:
        """One picture with all that was said of it, and its strokes where it was strokes."""
        kept = self._kept[exam_key]
        _check_index(kept.evaluated, index)
        return kept.evaluated.detail(index, kept.strokes[index] if kept.strokes else None)

    def pair(self, key_a: str, key_b: str) -> ExamPair:
        """Two exams on the same pictures: who is right how often, and whether that is chance."""
        return self._paired(key_a, key_b).counts()

    def pair_items(
        self,
        key_a: str,
        key_b: str,
        first: int,
        count: int,
        selection: ItemSelection = EVERY_ITEM,
    ) -> PairPage:
        """Some pictures of two exams with what both said of them."""
        return self._paired(key_a, key_b).page(first, count, selection)

    def damages(self) -> tuple[Damage, ...]:
        """The ways to spoil pictures, with their ranges."""
        return DAMAGES

    def damaged(self, exam_key: str, index: int, damage: str, strength: float) -> ItemDetail:
        """One picture of an exam as it is spoiled, and what the model says of it then."""
        kept = self._kept[exam_key]
        _check_index(kept.evaluated, index)
        return damaged_item(kept.reader, kept.evaluated, index, damage_named(damage), strength)

    def damage_accuracy(
        self,
        exam_key: str,
        damage: str,
        strength: float,
        progress: Progress = told_to_nobody,
        cancelled: Cancelled = never,
    ) -> DamagePoint:
        """How many of a thousand pictures are still read right when they are spoiled."""
        kept = self._kept[exam_key]
        advance(progress, cancelled)(0, 1)
        return damage_point(kept.reader, kept.evaluated, damage_named(damage), strength)

    def damage_curve(
        self,
        exam_key: str,
        damage: str,
        progress: Progress = told_to_nobody,
        cancelled: Cancelled = never,
    ) -> DamageCurve:
        """The same over a damage's whole range; remembered as long as the exam."""
        kept, wanted = self._kept[exam_key], damage_named(damage)
        if damage not in kept.curves:
            tell = advance(progress, cancelled)
            kept.curves[damage] = damage_curve(kept.reader, kept.evaluated, wanted, tell)
        return kept.curves[damage]

    def known_curves(self, exam_key: str) -> tuple[DamageCurve, ...]:
        """The curves of an exam that are made already, in the order of ``damages``."""
        return self._kept[exam_key].known_curves()

    def hints(self, exam_key: str) -> tuple[ExamHint, ...]:
        """What the exam gives to think about, with the damages that are known by now."""
        kept = self._kept[exam_key]
        return advice(kept.exam.card, kept.exam.evaluation, kept.known_curves())

    def map_choices(self, exam_key: str) -> tuple[str, ...]:
        """What a map can be made of: the pixels, or the outputs of a layer, by its name."""
        return self._maps.sources(self._kept[exam_key])

    def point_map(
        self,
        exam_key: str,
        method: MapMethod,
        source: str = PIXELS,
        progress: Progress = told_to_nobody,
        cancelled: Cancelled = never,
    ) -> PointMap:
        """A thousand pictures of an exam as points of a plane."""
        return self._maps.make(self._kept[exam_key], method, source, advance(progress, cancelled))

    def place(self, map_key: str, picture: Picture) -> tuple[float, float]:
        """Where a prepared picture, such as that of the board, would lie on a map."""
        return self._maps.place(map_key, picture)

    def keep_threshold(self, model_key: str, threshold: float | None) -> ModelEntry:
        """Write into a model's card below which sureness it refuses; ``None`` for never.

        Exams that were made before stay as they are.
        """
        if threshold is not None and not 0 <= threshold <= 1:
            raise ConfigError(
                "The refusal threshold is no probability",
                expected="0 to 1",
                received=f"{threshold:g}",
            )
        return self._library.change_card(
            model_key, lambda card: dataclasses.replace(card, refusal_threshold=threshold)
        )

    def check_report(self, path: Path) -> None:
        """Find out whether a report could be written there, before a set is read for it."""
        check_report_path(Path(path))

    def report(
        self,
        exam_key: str,
        path: Path,
        other_key: str | None = None,
        *,
        say: Say = str,
        language: str = "en",
    ) -> tuple[Path, ...]:
        """Write what is known of an exam: one page of HTML, or a folder with tables and figures.

        Args:
            exam_key: The exam; the damage curves that are made already are in it.
            path: Ends in ``.html`` for the page alone; without an ending it is a folder.
            other_key: A second exam on the same pictures.
            say: Translates a sentence of the report.
            language: Into which language, as HTML names it.

        Returns:
            The files, the page first.
        """
        other = None if other_key is None else self._kept[other_key]
        return write_report(self._kept[exam_key], other, Path(path), say, language)

    def _paired(self, key_a: str, key_b: str) -> PairedSets:
        return PairedSets(self._kept[key_a].evaluated, self._kept[key_b].evaluated)


def _check_index(evaluated: EvaluatedSet, index: int) -> None:
    if not 0 <= index < len(evaluated):
        raise DataError(
            "There is no such picture in this exam",
            expected=f"0 to {len(evaluated) - 1}",
            received=str(index),
        )


def _hash_of(evaluated: EvaluatedSet) -> str:
    digest = hashlib.sha256(evaluated.pictures.data)
    if evaluated.labels is not None:
        digest.update(evaluated.labels.astype(np.int64).data)
    return digest.hexdigest()
