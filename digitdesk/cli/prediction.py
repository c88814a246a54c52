"""``digitdesk predict``: pictures from files, from a whole folder, or from standard input."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from digitdesk.errors import DigitDeskError, ImageError

T = TypeVar("T")

STANDARD_INPUT = "-"


def pictures(words: Sequence[str]) -> list[str]:
    """The pictures that the words name; a folder stands for those in it, in their order.

    Raises:
        ImageError: A folder holds none, or cannot be read.
    """
    found: list[str] = []
    for word in words:
        path = Path(word)
        found += _in_folder(path) if word != STANDARD_INPUT and _is_folder(path) else [word]
    return found


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # said of it when it is opened
        return False


def _in_folder(folder: Path) -> list[str]:
    from digitdesk.files.picture_file import SUFFIXES  # reads Pillow, which --help does without

    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError as error:
        raise ImageError(f"Cannot read the folder {folder}", received=str(error.strerror)) from None
    found = [str(folder / name) for name in names if Path(name).suffix.lower() in SUFFIXES]
    if not found:
        raise ImageError(
            f"The folder {folder} holds no pictures",
            expected=f"files ending in {', '.join(SUFFIXES)}",
        )
    return found


def source(word: str) -> Path | bytes:
    """What to read for a word: a file, or the content of standard input."""
    if word != STANDARD_INPUT:
        return Path(word)
    from digitdesk.files.picture_file import MAX_FILE_BYTES

    # One byte more than is allowed is enough to be refused.
    return sys.stdin.buffer.read(MAX_FILE_BYTES + 1)


def read_each(
    words: Sequence[str], read: Callable[[Path | bytes], T]
) -> list[tuple[str, T | DigitDeskError]]:
    """Read pictures one by one; a bad one does not cost the others their answer.

    Returns:
        Each picture with what was read, or why it was not.
    """
    answers: list[tuple[str, T | DigitDeskError]] = []
    for word in words:
        try:
            answers.append((word, read(source(word))))
        except DigitDeskError as error:
            answers.append((word, error))
    return answers
