"""Data sets to look at: their pictures a page at a time, and what they are made of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from digitdesk.messages.picture import Picture

Part = Literal["train", "test"]
Order = Literal["file", "doubt"]

UNLABELLED = -1
"""The label of a picture that nobody has said the meaning of yet."""


@dataclass(frozen=True, slots=True)
class PartCount:
    """How many pictures a part of a set has.

    Attributes:
        part: ``train`` or ``test``.
        by_class: Of each class, and then of each kind of what is none.
        unlabelled: Of which nobody has said yet what they show.
    """

    part: Part
    by_class: tuple[int, ...]
    unlabelled: int = 0

    @property
    def count(self) -> int:
        """All of them."""
        return sum(self.by_class) + self.unlabelled


@dataclass(frozen=True, slots=True)
class SetCard:
    """Where a set that was brought or chosen comes from.

    Attributes:
        name: What it is called.
        source: Name of the file or folder, or of the set it was chosen from.
        source_sha256: Hash of what was read.
        kind: In words: ``CSV table``, ``part of another set``, ….
        made: When, in ISO form.
        done: What was done to the pictures and labels, as sentences.
        app_version: By which DigitDesk.
        class_names: One for each class.
        train_count: Pictures to learn from.
        test_count: Pictures to measure by.
    """

    name: str
    source: str
    source_sha256: str
    kind: str
    made: str
    done: tuple[str, ...] = ()
    app_version: str = ""
    class_names: tuple[str, ...] = ()
    train_count: int = 0
    test_count: int = 0


@dataclass(frozen=True, slots=True)
class OwnSet:
    """A data set that can be looked at.

    Attributes:
        name: As a run, an exam and ``Pictures.open`` take it.
        title: What the user calls it.
        detail: A sentence about it.
        is_own: Whether it was brought, chosen or written here, and can be removed.
        path: Its folder or file; ``None`` where it is made up.
    """

    name: str
    title: str
    detail: str
    is_own: bool = False
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class PictureSet:
    """A set that is open.

    Attributes:
        key: Names it as long as it is open.
        name: As a run takes it; empty where it is not written yet.
        parts: What there is, the training part first; a part that is missing is not among them.
        notes: What was done to the pictures, or seems wrong with them, as sentences.
        path: Where it lies, if anywhere.
        is_written: Whether it is more than the preview of an import.
        card: Of a set that was brought or chosen here.
    """

    key: str
    name: str
    title: str
    class_names: tuple[str, ...]
    reject_names: tuple[str, ...]
    parts: tuple[PartCount, ...]
    notes: tuple[str, ...] = ()
    path: Path | None = None
    is_written: bool = True
    card: SetCard | None = None

    @property
    def count(self) -> int:
        """Pictures of all parts."""
        return sum(part.count for part in self.parts)

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the classes, and then of what is none."""
        return (*self.class_names, *self.reject_names)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which pictures, and in which order.

    Attributes:
        part: One part; both, the training part first, where it is empty.
        label: Place of a class among ``PictureSet.labels``, or ``UNLABELLED``; all where ``None``.
        order: As they lie in the file, or those first whose label a model finds least likely.
    """

    part: Part | Literal[""] = ""
    label: int | None = None
    order: Order = "file"


EVERY_PICTURE = Selection()


@dataclass(frozen=True, slots=True)
class SeenPicture:
    """A picture of a set.

    Attributes:
        index: Its place in its part.
        part: The part it lies in.
        label: Name of what it shows; empty where that is not said yet.
        picture: 28×28, ink = 255.
        doubt: 1 minus the probability that a model gives its label, once one was asked.
    """

    index: int
    part: Part
    label: str
    picture: Picture
    doubt: float | None = None


@dataclass(frozen=True, slots=True)
class PicturePage:
    """Some pictures of those selected, of which the first lies at ``first`` of ``total``."""

    first: int
    total: int
    pictures: tuple[SeenPicture, ...]


@dataclass(frozen=True, slots=True)
class Suspicions:
    """What a model says of the labels of a set.

    Attributes:
        key: Of the open set.
        model_key: Who was asked.
        count: Pictures it has read.
        differing: How many of them it takes for something else than their label.
    """

    key: str
    model_key: str
    count: int
    differing: int
