"""Labelled photos and scans: a folder or a zip file of pictures whose place or name says the label.

A picture's label is the folder it lies in, or else the first digit of its name.
"""

from __future__ import annotations

import functools
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from digitdesk.errors import DataError
from digitdesk.files.atomic import reason, shortened
from digitdesk.files.picture_file import MAX_FILE_BYTES, SUFFIXES
from digitdesk.files.zip_archive import read_end_record

MOST_PHOTOS = 100_000
_MOST_DIRECTORY_BYTES = 32 * 2**20


@dataclass(frozen=True, slots=True)
class Photos:
    """Pictures that are opened when they are wanted.

    Attributes:
        open: Gives a picture's file or its content.
        labels: What each shows, as a name.
    """

    open: tuple[Callable[[], Path | bytes], ...]
    labels: tuple[str, ...]


def find_photos(path: Path) -> Photos:
    """The pictures in a folder and its folders, or in a zip file, by name.

    Raises:
        DataError: It cannot be read, holds none or too many, or one has no label.
    """
    try:
        found = _in_folder(path) if path.is_dir() else _in_zip(path)
    except (OSError, zipfile.BadZipFile, NotImplementedError) as error:
        why = reason(error) if isinstance(error, OSError) else "no zip file"
        raise DataError(
            f"Cannot read the pictures in {shortened(str(path))}",
            expected="a folder or a zip file",
            received=why,
        ) from error
    if not 0 < len(found) <= MOST_PHOTOS:
        raise DataError(
            f"{shortened(str(path))} holds no pictures, or too many",
            expected=f"1 to {MOST_PHOTOS:,}",
            received=f"{len(found):,}",
        )
    names = sorted(found)
    return Photos(
        tuple(found[name] for name in names), tuple(_label(PurePosixPath(name)) for name in names)
    )


def _in_folder(folder: Path) -> dict[str, Callable[[], Path | bytes]]:
    inside = sorted(folder.iterdir())
    files = [*inside, *(path for one in inside if one.is_dir() for path in one.iterdir())]
    return {
        path.relative_to(folder).as_posix(): functools.partial(Path, path)
        for path in files
        if path.suffix.lower() in SUFFIXES
    }


def _in_zip(path: Path) -> dict[str, Callable[[], Path | bytes]]:
    with path.open("rb") as file:
        end = read_end_record(file)
    if end is None or not end.is_proper or end.directory_bytes > _MOST_DIRECTORY_BYTES:
        raise zipfile.BadZipFile
    with zipfile.ZipFile(path) as archive:
        names = [info.filename for info in archive.infolist()]
    wanted = (name for name in names if PurePosixPath(name).suffix.lower() in SUFFIXES)
    return {name: functools.partial(_member, path, name) for name in wanted}


def _member(path: Path, name: str) -> bytes:
    """One picture of a zip file.

    Raises:
        DataError: It is damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive, archive.open(name) as member:
            # One byte more than a picture may have: who opens it will say that it is too large.
            return member.read(MAX_FILE_BYTES + 1)
    except Exception as error:  # zipfile and zlib raise many kinds on damaged files
        raise DataError(
            f"{shortened(name)} in {path.name} is damaged", hint="Use another copy of it"
        ) from error


def _label(name: PurePosixPath) -> str:
    """See the module.

    Raises:
        DataError: The name says none.
    """
    digit = re.search(r"\d", name.name)
    label = name.parent.name or (digit.group() if digit else "")
    if not label:
        raise DataError(
            f"Nothing says which digit {shortened(name.name)} shows",
            expected="a folder for each digit, or names that begin with it, such as 7-001",
        )
    return label
