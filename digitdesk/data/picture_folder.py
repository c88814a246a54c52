"""Labelled pictures as many tools keep them: a folder for each class, with its pictures in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from digitdesk.errors import DataError
from digitdesk.files.atomic import reason, shortened
from digitdesk.files.picture_file import SUFFIXES

MOST_PICTURES = 100_000


@dataclass(frozen=True, slots=True)
class PictureFolder:
    """What a folder holds.

    Attributes:
        paths: The pictures, class by class.
        labels: Places of their classes among the names; none where no class is said.
        class_names: Names of the folders with pictures, sorted.
    """

    paths: tuple[Path, ...]
    labels: tuple[int, ...]
    class_names: tuple[str, ...]


def find_pictures(folder: Path) -> PictureFolder:
    """The pictures in a folder's folders; where there are none, those in it, which say no class.

    Raises:
        DataError: The folder cannot be read, or holds no pictures, or too many.
    """
    try:
        folders = sorted(path for path in folder.iterdir() if path.is_dir())
        by_class = {path.name: found for path in folders if (found := _pictures(path))}
        inside = _pictures(folder) if not by_class else []
    except OSError as error:
        raise DataError(
            f"Cannot read the folder {shortened(str(folder))}", received=reason(error)
        ) from error
    paths = tuple(path for found in by_class.values() for path in found) or tuple(inside)
    if not paths:
        raise DataError(
            f"The folder {shortened(str(folder))} holds no pictures",
            expected="a folder for each class, with its pictures in it",
        )
    if len(paths) > MOST_PICTURES:
        raise DataError(
            f"The folder {shortened(str(folder))} holds too many pictures",
            expected=f"at most {MOST_PICTURES:,}",
            received=f"{len(paths):,}",
        )
    labels = tuple(k for k, found in enumerate(by_class.values()) for _ in found)
    return PictureFolder(paths, labels, tuple(by_class))


def _pictures(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
