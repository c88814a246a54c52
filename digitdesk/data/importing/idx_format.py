"""IDX sets of any size of picture and any kind of number: EMNIST, QMNIST, and whatever else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from digitdesk.data.class_names import letters_of
from digitdesk.data.idx_files import Content, Split
from digitdesk.data.importing.found import (
    ArrayPictures,
    Found,
    FoundPart,
    Importer,
    Labels,
    Reading,
    is_emnist,
)
from digitdesk.data.importing.greys import as_pictures
from digitdesk.data.importing.idx_numbers import KINDS, read_idx_numbers
from digitdesk.data.importing.labels import as_labels
from digitdesk.errors import DataError

_NAME = re.compile(r"(.*?)(train|t10k|test|valid)\d*[kK]?[-_.](images|labels)\b.*", re.IGNORECASE)

Files = dict[tuple[Split, Content], Path]


def _takes(source: Path, start: bytes) -> bool:
    if source.is_dir():
        return bool(_sets(source))
    return len(start) >= 4 and start[:2] == b"\0\0" and start[2] in KINDS


def _sets(folder: Path) -> dict[str, Files]:
    """The sets of a folder, or of its ``raw``, by how their files' names begin."""
    found: dict[str, Files] = {}
    for path in sorted(folder.iterdir(), key=lambda path: (len(path.name), path.name)):
        match = _NAME.fullmatch(path.name)
        if match is None or not path.is_file() or path.suffix.lower() in (".csv", ".npy", ".pt"):
            continue
        part: Split = "train" if match[2].lower() == "train" else "test"
        content: Content = "images" if match[3].lower() == "images" else "labels"
        found.setdefault(match[1].strip("-_. "), {}).setdefault((part, content), path)
    if not found and (folder / "raw").is_dir() and folder.name != "raw":
        return _sets(folder / "raw")
    return found


def _read(source: Path, reading: Reading) -> Found:
    """The one set of a folder, or the one that a file belongs to.

    Raises:
        DataError: A file is missing or damaged, or there are several sets.
    """
    name, files = _files(source)
    parts: dict[Split, FoundPart] = {}
    notes: list[str] = []
    hashes: list[str] = []
    splits: tuple[Split, ...] = ("train", "test")
    for split in splits:
        path = files.get((split, "images"))
        if path is None:
            continue
        array, sha256 = read_idx_numbers(path, reading)
        greys, done = as_pictures(array, path.name)
        notes += [note for note in done if note not in notes]
        labels = _labels(files.get((split, "labels")), len(greys), reading, hashes)
        hashes.append(sha256)
        parts[split] = FoundPart(ArrayPictures(greys, path.name), labels)
    if not parts:
        raise DataError(
            f"{source.name} has labels, but no pictures",
            expected="a file named like train-images-idx3-ubyte beside it",
        )
    if "train" not in parts:
        parts = {"train": parts["test"]}
    folder = next(iter(files.values())).parent
    return Found(
        name or folder.name,
        "an IDX set",
        parts,
        " ".join(hashes),
        _letters(folder, name),
        is_emnist=is_emnist(name),
        notes=tuple(notes),
    )


def _files(source: Path) -> tuple[str, Files]:
    """The files of the set that is meant, and its name.

    Raises:
        DataError: There are several, or the file's name says nothing.
    """
    if source.is_dir():
        sets = _sets(source)
        if len(sets) > 1:
            raise DataError(
                f"The folder {source.name} holds {len(sets)} data sets",
                expected="one of them: import one of its files",
                received=", ".join(name or "one without a name" for name in list(sets)[:6]),
            )
        return next(iter(sets.items()))
    match = _NAME.fullmatch(source.name)
    if match is None:
        raise DataError(
            f"The name of {source.name} does not say what it holds",
            expected="a name like train-images-idx3-ubyte, and its labels beside it",
            hint="Rename it and the file of its labels",
        )
    name = match[1].strip("-_. ")
    return name, _sets(source.parent)[name]


def _labels(path: Path | None, count: int, reading: Reading, hashes: list[str]) -> Labels | None:
    """The labels in a file; QMNIST's have several numbers for each picture, the label first."""
    if path is None:
        return None
    array, sha256 = read_idx_numbers(path, reading)
    hashes.append(sha256)
    if array.ndim == 2 and array.dtype == np.dtype(">i4") and array.shape[1] > 1:
        array = array[:, 0]
    return as_labels(array, path.name, count=count)


def _letters(folder: Path, name: str) -> Mapping[int, str]:
    """EMNIST's table of letters, where it lies beside the files."""
    mapping = folder / f"{name}-mapping.txt"
    return letters_of(mapping) if name and mapping.is_file() else {}


IDX = Importer(
    "idx",
    "IDX set",
    "Files named like train-images-idx3-ubyte and train-labels-idx1-ubyte, as of EMNIST.",
    ("ubyte", "ubyte.gz", ".idx"),
    _takes,
    _read,
)
