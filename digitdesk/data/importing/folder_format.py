"""Folders of pictures, one for each class; with ``train`` and ``test`` above them, or without.

Pictures that lie in the folder itself have no labels yet.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from digitdesk.data.idx_files import Split
from digitdesk.data.importing.found import Found, FoundPart, Importer, Labels, Reading
from digitdesk.data.importing.labels import MOST_CLASSES
from digitdesk.data.picture_folder import MOST_PICTURES
from digitdesk.errors import DataError, DigitDeskError
from digitdesk.files.atomic import reason, shortened
from digitdesk.files.picture_file import MAX_FILE_BYTES, SUFFIXES
from digitdesk.ink.arrays import UInt8Array
from digitdesk.ink.picture.grey_picture import open_grey

_PARTS: dict[str, Split] = {
    "train": "train", "training": "train", "test": "test", "testing": "test", "t10k": "test",
    "valid": "test", "val": "test", "validation": "test",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FilePictures:
    """Pictures that are opened when they are wanted.

    Attributes:
        paths: Their files.
        size: Width and height of all; (0, 0) where the first ones differ.
    """

    paths: tuple[Path, ...]
    size: tuple[int, int]
    are_scans: bool = True

    def __len__(self) -> int:
        return len(self.paths)

    def __iter__(self) -> Iterator[UInt8Array]:
        for path in self.paths:
            try:
                yield open_grey(path)
            except DigitDeskError as error:
                raise DataError.about(f"{path.parent.name}/{path.name}", error) from None

    def name_of(self, index: int) -> str:
        """The folder and the file."""
        return f"{self.paths[index].parent.name}/{self.paths[index].name}"


def _takes(source: Path, start: bytes) -> bool:
    return source.is_dir()


def _read(source: Path, reading: Reading) -> Found:
    """The pictures of a folder; they are opened one by one later.

    Raises:
        DataError: It cannot be read, holds none or too many, or a folder for a class is empty.
    """
    try:
        by_part = _parts(source)
        parts = {part: _part(folder, source) for part, folder in by_part.items()}
        digest = hashlib.sha256()
        for found in parts.values():
            for path in found.pictures.paths:
                reading.stop_if_told()
                digest.update(str(path.relative_to(source)).encode(errors="replace"))
                digest.update(_content(path))
    except OSError as error:
        raise DataError(
            f"Cannot read the folder {shortened(str(source))}", received=reason(error)
        ) from error
    return Found(
        source.resolve().name,
        "a folder of pictures",
        {part: FoundPart(found.pictures, found.labels) for part, found in parts.items()},
        digest.hexdigest(),
        may_lie=False,
    )


def _parts(source: Path) -> dict[Split, Path]:
    """The folder itself, or those of its parts."""
    found: dict[Split, Path] = {}
    for path in sorted(source.iterdir()):
        part = _PARTS.get(path.name.lower())
        if part is not None and path.is_dir():
            found.setdefault(part, path)
    return (
        {part: found[part] for part in sorted(found, reverse=True)}
        if "train" in found
        else {"train": source}
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """The pictures of one part, and the folder that each lies in."""

    pictures: FilePictures
    labels: Labels | None


def _part(folder: Path, source: Path) -> _Part:
    folders = sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))
    by_class = {path.name: _pictures(path) for path in folders}
    if not any(by_class.values()):
        by_class = {"": _pictures(folder)}
    if len(by_class) > MOST_CLASSES:
        raise DataError(
            f"The folder {shortened(folder.name)} holds too many classes",
            expected=f"at most {MOST_CLASSES}",
            received=f"{len(by_class):,}",
        )
    empty = [name for name, found in by_class.items() if name and not found]
    if empty:
        raise DataError(
            f"The folder {shortened(empty[0])} in {shortened(folder.name)} holds no pictures",
            expected="pictures of every class",
            hint="Remove it, or put pictures of that class into it",
        )
    paths = tuple(path for found in by_class.values() for path in found)
    if not 0 < len(paths) <= MOST_PICTURES:
        raise DataError(
            f"The folder {shortened(str(source))} holds no pictures, or too many",
            expected=f"1 to {MOST_PICTURES:,}, in a folder for each class",
            received=f"{len(paths):,}",
        )
    names = np.array([name for name, found in by_class.items() for _ in found], dtype=np.str_)
    return _Part(FilePictures(paths, _size(paths)), None if "" in by_class else names)


def _pictures(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)


def _content(path: Path) -> bytes:
    """What is in a file, as far as a picture may be long."""
    with path.open("rb") as file:
        return file.read(MAX_FILE_BYTES)


def _size(paths: tuple[Path, ...]) -> tuple[int, int]:
    """The size that the first, the last and one between have in common."""
    sizes = set()
    for path in {paths[0], paths[len(paths) // 2], paths[-1]}:
        try:
            grey = open_grey(path)
        except DigitDeskError as error:
            raise DataError.about(f"{path.parent.name}/{path.name}", error) from None
        sizes.add((grey.shape[1], grey.shape[0]))
    return sizes.pop() if len(sizes) == 1 else (0, 0)


FOLDER = Importer(
    "folder",
    "Folder of pictures",
    "A folder for each class, with its pictures in it; or pictures without labels.",
    (),
    _takes,
    _read,
)
