"""A data set that is open: its arrays, and the pages that are shown of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digitdesk.data.dataset import Dataset
from digitdesk.data.idx_files import Split
from digitdesk.data.importing.imported import Imported, ImportedPart
from digitdesk.errors import ConfigError, DataError
from digitdesk.ink.arrays import UInt8Array
from digitdesk.messages.own.pictures import (
    UNLABELLED,
    Part,
    PartCount,
    PicturePage,
    PictureSet,
    SeenPicture,
    Selection,
    SetCard,
)
from digitdesk.messages.picture import Picture

SAMPLES = 10


class OpenSet:
    """A set, or the preview of one.

    Args:
        facts: What is told of it; its parts are counted here.
        parts: By name, the training part first.

    Attributes:
        imported: What it was made of, where it is not written yet.
    """

    def __init__(
        self,
        facts: PictureSet,
        parts: Mapping[Split, ImportedPart],
        imported: Imported | None = None,
    ) -> None:
        self._facts = facts
        self.parts = dict(parts)
        self.imported = imported
        self._doubts: dict[Part, NDArray[np.float32]] = {}
        self._chosen: tuple[object, NDArray[np.intp]] | None = None

    @property
    def facts(self) -> PictureSet:
        """What is told of it."""
        counted = tuple(
            _count(part, content.labels, len(self._facts.labels))
            for part, content in self.parts.items()
        )
        return dataclasses.replace(self._facts, parts=counted)

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of its classes, and then of what is none."""
        return self._facts.labels

    def part(self, part: Part) -> ImportedPart:
        """One of its parts.

        Raises:
            ConfigError: It has no such part.
        """
        found = self.parts.get(part)
        if found is None:
            raise ConfigError(
                "The set has no such part", expected=" or ".join(self.parts), received=part
            )
        return found

    def chosen(self, part: Part | str) -> list[Part]:
        """The parts that are meant: one, or all where none is named."""
        return [name for name in self.parts if part in ("", name)]

    def page(self, first: int, count: int, selection: Selection) -> PicturePage:
        """Some of the pictures selected."""
        places = self._places(selection)
        first = max(0, first)
        some = places[first : first + max(0, count)].tolist()
        return PicturePage(first, len(places), tuple(self._at(place) for place in some))

    def _at(self, place: int) -> SeenPicture:
        """The picture at a place among those of all parts, one part behind the other."""
        for part, content in self.parts.items():
            if place < len(content.labels):
                return self.picture(part, place)
            place -= len(content.labels)
        raise DataError("There is no such picture in this set")

    def picture(self, part: Part, index: int) -> SeenPicture:
        """One picture.

        Raises:
            DataError: There is none at that place.
        """
        content = self.part(part)
        if not 0 <= index < len(content.labels):
            raise DataError(
                "There is no such picture in this set",
                expected=f"0 to {len(content.labels) - 1}",
                received=str(index),
            )
        label = int(content.labels[index])
        doubts = self._doubts.get(part)
        doubt = None if doubts is None or np.isnan(doubts[index]) else float(doubts[index])
        return SeenPicture(
            index,
            part,
            self.labels[label] if label != UNLABELLED else "",
            Picture.of(np.ascontiguousarray(content.pictures[index])),
            doubt,
        )

    def _places(self, selection: Selection) -> NDArray[np.intp]:
        """Places of the pictures selected among those of all parts, in their order."""
        kept = self._chosen
        if kept is not None and kept[0] == selection:
            return kept[1]
        wanted = self.chosen(selection.part)
        found, before = [], 0
        for part, content in self.parts.items():
            if part in wanted:
                is_in = (
                    np.ones(len(content.labels), dtype=bool)
                    if selection.label is None
                    else content.labels == selection.label
                )
                found.append(np.flatnonzero(is_in) + before)
            before += len(content.labels)
        places = np.concatenate(found) if found else np.zeros(0, dtype=np.intp)
        if selection.order == "doubt":
            doubts = np.concatenate(
                [
                    self._doubts.get(part, np.full(len(content.labels), np.nan, np.float32))
                    for part, content in self.parts.items()
                ]
            )[places]
            # What has not been read lies behind everything else.
            places = places[np.argsort(-np.nan_to_num(doubts, nan=-1.0), kind="stable")]
        self._chosen = (selection, places)
        return places

    def samples(self) -> tuple[SeenPicture, ...]:
        """Ten pictures, of as many classes as there are."""
        part = next(iter(self.parts))
        labels = self.parts[part].labels
        # The first of each class, then the second of each, and so on.
        order = np.argsort(labels, kind="stable")
        begins = np.flatnonzero(np.diff(labels[order], prepend=-2))
        turn = np.arange(len(labels)) - np.repeat(begins, np.diff([*begins, len(labels)]))
        ranked = order[np.lexsort((order, turn))][:SAMPLES]
        ranked = ranked[np.argsort(labels[ranked], kind="stable")]
        return tuple(self.picture(part, place) for place in ranked.tolist())

    def note_doubts(self, part: Part, doubts: NDArray[np.float32]) -> None:
        """Keep how unlikely a model holds each label of a part; NaN where it was not asked."""
        self._doubts[part] = doubts
        self._chosen = None

    def label(self, part: Part, index: int, class_name: str) -> None:
        """Say what a picture of a preview shows; an empty name takes its label away.

        Raises:
            ConfigError: The set is written already, or has too many classes.
            DataError: There is no such picture.
        """
        if self.imported is None:
            raise ConfigError(
                "Only pictures that are being imported can be labelled",
                hint="Import them again to change a label",
            )
        self.picture(part, index)
        label = UNLABELLED if not class_name else self._number(class_name)
        content = self.part(part)
        labels = content.labels.copy()
        labels[index] = label
        self.parts[part] = dataclasses.replace(content, labels=labels)
        self._chosen = None

    def _number(self, class_name: str) -> int:
        """The place of a class among the names; a new one is put behind them."""
        names = self._facts.class_names
        if class_name not in names:
            if len(class_name) > 40 or not class_name.isprintable() or len(names) >= 256:
                raise ConfigError(
                    "This cannot be the name of a class",
                    expected="a few letters, and at most 256 classes",
                    received=class_name[:40],
                )
            names = (*names, class_name)
            self._facts = dataclasses.replace(self._facts, class_names=names)
        return names.index(class_name)


def _count(part: Part, labels: NDArray[np.int16], classes: int) -> PartCount:
    known = labels[labels >= 0]
    counts = np.bincount(known.astype(np.intp), minlength=classes)
    return PartCount(part, tuple(counts.tolist()), len(labels) - len(known))


def of_dataset(
    dataset: Dataset, key: str, path: Path | None, card: SetCard | None, notes: tuple[str, ...]
) -> OpenSet:
    """A data set that can be trained on."""
    parts: dict[Split, ImportedPart] = {}
    if len(dataset.train_labels):
        parts["train"] = _part(dataset.train_images, dataset.train_labels)
    if len(dataset.test_labels):
        parts["test"] = _part(dataset.test_images, dataset.test_labels)
    facts = PictureSet(
        key,
        dataset.name,
        dataset.title,
        dataset.class_names,
        dataset.reject_names,
        (),
        (*dataset.notes, *notes),
        path,
        True,
        card,
    )
    return OpenSet(facts, parts)


def _part(images: UInt8Array, labels: UInt8Array) -> ImportedPart:
    return ImportedPart(images, labels.astype(np.int16))


def of_import(imported: Imported, key: str, name: str, path: Path) -> OpenSet:
    """What was read of a source, before it is written."""
    facts = PictureSet(
        key,
        "",
        name,
        imported.class_names,
        (),
        (),
        (*imported.done, *imported.doubts),
        path,
        False,
    )
    return OpenSet(facts, imported.parts, imported)
