"""Pictures and labels that were brought, ready to be looked at and written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitdesk.data.idx_files import Split
from digitdesk.ink.arrays import UInt8Array


@dataclass(frozen=True, slots=True, eq=False)
class ImportedPart:
    """A part of a set.

    Attributes:
        pictures: (N, 28, 28), ink = 255.
        labels: (N,) class numbers, -1 for what is not labelled.
    """

    pictures: UInt8Array
    labels: NDArray[np.int16]


@dataclass(frozen=True, slots=True, eq=False)
class Imported:
    """A source, made ready to be written.

    Attributes:
        name: What it is called.
        kind: The form it was found in, in words.
        found_size: Width and height of its pictures; (0, 0) where they differ.
        parts: By name, the training part first.
        class_names: One for each class; none where nothing is labelled yet.
        source_sha256: Hash of what was read.
        done: What was done, as sentences.
        doubts: What seems wrong all the same.
    """

    name: str
    kind: str
    found_size: tuple[int, int]
    parts: Mapping[Split, ImportedPart]
    class_names: tuple[str, ...]
    source_sha256: str
    done: tuple[str, ...]
    doubts: tuple[str, ...] = ()
