"""Names of model files, made of titles, and what is done to files that the disk may refuse."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from digitdesk.errors import ModelFileError
from digitdesk.files.atomic import reason

SUFFIXES = (".npz", ".pkl")
_MAX_NAME = 80
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.IGNORECASE)


def safe_name(title: str) -> str:
    """A title as a file name that every system accepts."""
    words = " ".join(_NOT_IN_NAMES.sub(" ", title).split())
    name = words.strip(" .")[:_MAX_NAME].strip(" .")
    return f"{name or 'model'}_" if _RESERVED.match(name) else name or "model"


def free_path(folder: Path, title: str, suffix: str) -> Path:
    """A file name made of a title, with a number where it is taken."""
    name = safe_name(title)
    path, number = folder / f"{name}{suffix}", 2
    while path.exists():
        path, number = folder / f"{name} {number}{suffix}", number + 1
    return path


def make_folder(folder: Path) -> None:
    """Make a folder where there is none.

    Raises:
        ModelFileError: The disk refuses.
    """
    attempt(f"Cannot make the folder {folder}", lambda: folder.mkdir(parents=True, exist_ok=True))


def attempt(what: str, action: Callable[[], object]) -> None:
    """Do something to a file; a refusal becomes a sentence.

    Raises:
        ModelFileError: The disk refuses.
    """
    try:
        action()
    except OSError as error:
        raise ModelFileError(what, received=reason(error)) from error
