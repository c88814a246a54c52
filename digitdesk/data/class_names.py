"""Names for the classes of an IDX set: from a file beside it, or the numbers its labels use."""

from __future__ import annotations

from pathlib import Path

from digitdesk.errors import DataError
from digitdesk.files.foreign_text import decoded

NAME_FILES = ("classes.txt", "labels.txt")
_MOST_BYTES = 100_000
_LONGEST = 40


def class_names(
    folder: Path, set_name: str, lowest: int, highest: int
) -> tuple[tuple[str, ...], int]:
    """Names of the classes, and the label of the first one.

    Args:
        folder: May hold ``classes.txt`` (or ``labels.txt``), one name a line, or EMNIST's
            ``…-mapping.txt``.
        set_name: Of the set, as its files' names begin: ``emnist-letters``.
        lowest: The lowest label there is.
        highest: The highest.

    Raises:
        DataError: The file cannot be read, does not fit the labels, or names two classes alike.
    """
    for name in NAME_FILES:
        if (folder / name).is_file():
            return _of_lines(folder / name, lowest, highest)
    mapping = folder / f"{set_name}-mapping.txt"
    if set_name and mapping.is_file():
        return _of_mapping(mapping, lowest, highest)
    return tuple(str(label) for label in range(lowest, highest + 1)), lowest


def names_in_file(path: Path) -> tuple[str, ...]:
    """The names in a file of the user's own, one a line.

    Raises:
        DataError: The file cannot be read, holds none, or names two classes alike.
    """
    names = _lines(path)
    if not names:
        raise DataError(f"{path.name} holds no names of classes", expected="one a line")
    _check_names(path, names)
    return names


def letters_of(path: Path) -> dict[int, str]:
    """EMNIST's own table: the letter of each label.

    Raises:
        DataError: The file cannot be read, or is no such table.
    """
    try:
        rows = [[int(word) for word in line.split()] for line in _text(path).splitlines()]
        return {label: chr(code) for label, code, *_ in filter(None, rows)}
    except (ValueError, OverflowError):
        raise DataError(
            f"{path.name} in {path.parent} is no table of letters",
            expected="lines of numbers, such as 1 65 97",
        ) from None


def _lines(path: Path) -> tuple[str, ...]:
    lines = [line.strip() for line in _text(path).splitlines()]
    return tuple(line[:_LONGEST].strip() for line in lines if line)


def _of_lines(path: Path, lowest: int, highest: int) -> tuple[tuple[str, ...], int]:
    """One name a line: of the labels that occur, or of all from 0 on."""
    names = _lines(path)
    occurring = highest - lowest + 1
    first = 0 if len(names) > occurring else lowest
    if len(names) < occurring or (len(names) > highest + 1 and lowest):
        raise DataError(
            f"{path.name} in {path.parent} does not fit the labels",
            expected=f"{occurring} names, one a line",
            received=str(len(names)),
        )
    _check_names(path, names)
    return names, first


def _of_mapping(path: Path, lowest: int, highest: int) -> tuple[tuple[str, ...], int]:
    """EMNIST's own file: each label and the letters it stands for, as their numbers in ASCII."""
    letters = letters_of(path)
    first = min(letters, default=0)
    names = tuple(letters.get(label, "") for label in range(first, max(letters, default=-1) + 1))
    if not first <= lowest <= highest < first + len(names):
        raise DataError(
            f"{path.name} in {path.parent} does not fit the labels",
            expected=f"labels from {first} to {first + len(names) - 1}",
            received=f"{lowest} to {highest}",
        )
    _check_names(path, names)
    return names, first


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise DataError(f"{path.name} is too large", expected=f"at most {_MOST_BYTES:,} bytes")
        return decoded(path.read_bytes())
    except UnicodeDecodeError:
        raise DataError(
            f"{path.name} in {path.parent} is no text",
            expected="UTF-8, UTF-16 or GBK",
            hint="Save it as UTF-8",
        ) from None
    except OSError as error:
        raise DataError(
            f"{path.name} cannot be read", received=error.strerror or str(error)
        ) from None


def _check_names(path: Path, names: tuple[str, ...]) -> None:
    """What a model's file would refuse only once the network is trained."""
    for number, name in enumerate(names):
        if not name or not name.isprintable():
            raise DataError(
                f"{path.name} in {path.parent} holds a name that cannot be shown",
                received=repr(name),
                hint="Save it as UTF-8 text, one name a line",
            )
        if name in names[:number]:
            raise DataError(
                f"{path.name} in {path.parent} gives two classes the same name",
                expected=f"names that differ in their first {_LONGEST} letters",
                received=f"{name} for classes {names.index(name) + 1} and {number + 1}",
            )
