"""What a reader of a format finds: pictures and labels as they lie there.

Nothing is made of them yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from digitdesk.data.idx_files import Split
from digitdesk.data.progress import Progress, StopIfTold, never_told
from digitdesk.ink.arrays import UInt8Array

MOST_BYTES = 2**30
"""The largest array of pictures that is read."""

MOST_PICTURES = 2_000_000

Labels = NDArray[Any]
"""(N,) whole numbers, or texts."""


class Pictures(Protocol):
    """Pictures (H, W) of greys that are handed out one after another."""

    @property
    def size(self) -> tuple[int, int]:
        """Their width and height; (0, 0) where they differ."""

    @property
    def are_scans(self) -> bool:
        """Whether each is a photo or scan, with paper around the ink, and not only ink."""

    def __len__(self) -> int:
        """How many there are."""

    def __iter__(self) -> Iterator[UInt8Array]:
        """Each of them.

        Raises:
            DataError: One cannot be read; the sentence names it.
        """

    def name_of(self, index: int) -> str:
        """What to call one of them in a sentence."""


@dataclass(frozen=True, slots=True, eq=False)
class ArrayPictures:
    """Pictures of one size that lie in memory.

    Attributes:
        greys: (N, H, W).
        source: Name of the file they are from.
        first_row: Number of the first of them in it, as people count.
    """

    greys: UInt8Array
    source: str
    first_row: int = 1

    @property
    def size(self) -> tuple[int, int]:
        """Their width and height."""
        return self.greys.shape[2], self.greys.shape[1]

    @property
    def are_scans(self) -> bool:
        """A data set's pictures are ink and nothing else."""
        return False

    def __len__(self) -> int:
        return len(self.greys)

    def __iter__(self) -> Iterator[UInt8Array]:
        return iter(self.greys)

    def name_of(self, index: int) -> str:
        """The file and the row."""
        return f"{self.source}, row {index + self.first_row}"


@dataclass(frozen=True, slots=True, eq=False)
class FoundPart:
    """The training or the test part of a source.

    Attributes:
        pictures: Its pictures.
        labels: One for each; ``None`` where nothing says what they show.
    """

    pictures: Pictures
    labels: Labels | None


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What a source holds.

    Attributes:
        name: What it is called, for a set made of it.
        kind: The form it was found in, in words.
        parts: By name; one at least.
        sha256: Hash of the bytes that were read.
        label_names: Names that the source itself gives to labels.
        may_lie: Whether its pictures may be transposed: never those of picture files.
        is_emnist: Whether it says that it is EMNIST, whose pictures are.
        notes: What was done already, as sentences.
    """

    name: str
    kind: str
    parts: Mapping[Split, FoundPart]
    sha256: str
    label_names: Mapping[int, str] = field(default_factory=dict)
    may_lie: bool = True
    is_emnist: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """How a source is read.

    Attributes:
        progress: Told how much is read, and of how much.
        stop_if_told: Called often; raises to stop.
    """

    progress: Progress = lambda done, total: None
    stop_if_told: StopIfTold = never_told


@dataclass(frozen=True, slots=True)
class Importer:
    """A reader of one form of data.

    Attributes:
        name: Of the form.
        title: The same in words.
        sentence: What is expected of it.
        endings: By which its files are known; none for a folder.
        takes: From a source and the first bytes of it (none of a folder): whether it is of this
            form.
        read: Reads it; raises a ``DataError`` that names what does not fit.
    """

    name: str
    title: str
    sentence: str
    endings: tuple[str, ...]
    takes: Callable[[Path, bytes], bool]
    read: Callable[[Path, Reading], Found]


def is_emnist(name: str) -> bool:
    """Whether a name says that what it names is EMNIST."""
    return "emnist" in name.lower()


def texts_of(labels: Labels) -> list[str]:
    """Labels as texts, in their order."""
    return [str(label) for label in np.asarray(labels).tolist()]
