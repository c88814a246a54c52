"""Labels of any kind as numbers from 0, and a name for each class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.data.class_names import names_in_file
from digitdesk.data.idx_files import Split
from digitdesk.data.importing.found import Labels, texts_of
from digitdesk.errors import DataError

MOST_CLASSES = 256
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Numbered:
    """Labels as numbers.

    Attributes:
        parts: (N,) class numbers of each part, -1 for what is not labelled.
        names: One for each class.
        notes: What was done, as sentences.
    """

    parts: Mapping[Split, NDArray[np.int16]]
    names: tuple[str, ...]
    notes: tuple[str, ...] = ()


def as_labels(array: NDArray[Any], source: str, *, count: int | None = None) -> Labels:
    """Labels of an array: whole numbers, or texts.

    Args:
        array: (N,), (N, 1), or (N, K) with a single 1 in each row.
        source: Name of the file, for a sentence.
        count: How many pictures there are.

    Raises:
        DataError: They are no labels, or not as many as pictures.
    """
    labels = array
    if array.ndim == 2 and array.shape[1] > 1 and array.shape[0] != 1:
        labels = _of_one_hot(array, source)
    labels = labels.reshape(-1)
    if count is not None and len(labels) != count:
        raise DataError(
            f"{source} does not hold as many labels as pictures",
            expected=f"{count:,} labels",
            received=f"{len(labels):,}",
        )
    if labels.dtype.kind in "SU":
        return labels.astype(np.str_)
    if labels.dtype.kind not in "buif":
        raise DataError(
            f"The labels in {source} are neither numbers nor texts", received=str(labels.dtype)
        )
    whole = np.rint(labels.astype(np.float64))
    if not (np.isfinite(whole).all() and (whole == labels).all() and (np.abs(whole) < 1e9).all()):
        wrong = int(np.flatnonzero(~((whole == labels) & (np.abs(whole) < 1e9)))[0])
        raise DataError(
            f"The label in row {wrong + 1} of {source} is no whole number",
            expected="a whole number or a text",
            received=str(labels[wrong])[:40],
        )
    return whole.astype(np.int64)


def _of_one_hot(array: NDArray[Any], source: str) -> NDArray[Any]:
    """The place of the 1 in each row.

    Raises:
        DataError: A row holds anything else.
    """
    is_one = array == 1
    is_right = (is_one.sum(axis=1) == 1) & ~(~is_one & (array != 0)).any(axis=1)
    if array.dtype.kind not in "buif" or not is_right.all():
        raise DataError(
            f"The labels in {source} are no labels",
            expected="one for each picture, or a row with a single 1",
            received="×".join(map(str, array.shape)),
        )
    places: NDArray[np.intp] = is_one.argmax(axis=1)
    return places


def numbered(
    parts: Mapping[Split, Labels | None],
    counts: Mapping[Split, int],
    label_names: Mapping[int, str],
    names_file: Path | None,
) -> Numbered:
    """Number the classes of all parts alike.

    Args:
        parts: Labels of each part, as ``as_labels`` gives them.
        counts: Pictures of each part.
        label_names: Names that the source gives to labels that are numbers.
        names_file: Names of the user's own: one a line, in the order of the classes.

    Raises:
        DataError: There are too many classes, names do not fit, or a class has no picture.
    """
    known = {part: labels for part, labels in parts.items() if labels is not None}
    if not known:
        names = names_in_file(names_file) if names_file is not None else ()
        empty = {part: np.full(count, -1, dtype=np.int16) for part, count in counts.items()}
        return Numbered(empty, names)
    if len({labels.dtype.kind for labels in known.values()}) > 1:
        known = {part: np.array(texts_of(labels)) for part, labels in known.items()}
    found = _sorted(np.unique(np.concatenate([np.unique(labels) for labels in known.values()])))
    if len(found) > MOST_CLASSES:
        raise DataError(
            "There are too many classes",
            expected=f"at most {MOST_CLASSES}",
            received=f"{len(found):,}, such as {found[0]}, {found[1]}, {found[2]}",
            hint="The labels may be in another column or array",
        )
    names, notes = _names(found, label_names, names_file)
    place = {value: k for k, value in enumerate(found)}
    made: dict[Split, NDArray[np.int16]] = {}
    for part, count in counts.items():
        labels = known.get(part)
        if labels is None:
            made[part] = np.full(count, -1, dtype=np.int16)
            continue
        values, where = np.unique(labels, return_inverse=True)
        made[part] = np.array([place[v] for v in values.tolist()], dtype=np.int16)[where]
    _check_training_part(made, names)
    return Numbered(made, names, notes)


def _sorted(values: NDArray[Any]) -> list[Any]:
    """Labels in the order of their numbers, where they are numbers that are written as texts."""
    listed: list[Any] = values.tolist()
    if all(isinstance(value, str) and value.isascii() and value.isdigit() for value in listed):
        return sorted(listed, key=lambda text: (int(text[:18]), text))
    return listed


def _names(
    found: Sequence[Any], label_names: Mapping[int, str], names_file: Path | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A name for each label found, and what to say of it."""
    if names_file is not None:
        names = names_in_file(names_file)
        if len(names) != len(found):
            raise DataError(
                f"{names_file.name} does not fit the labels",
                expected=f"{len(found)} names, one a line: a class without a picture cannot be",
                received=str(len(names)),
            )
        return names, ()
    if label_names:
        missing = [value for value in found if value not in label_names]
        if missing:
            raise DataError(
                "A label has no name",
                expected=f"one of {_some([str(label) for label in label_names])}",
                received=str(missing[0])[:40],
            )
        return _distinct(tuple(label_names[value] for value in found)), ()
    names = tuple(str(value)[:_LONGEST].strip() for value in found)
    return _distinct(names), _about_numbers(found)


def _about_numbers(found: Sequence[Any]) -> tuple[str, ...]:
    """What is unusual about labels that are numbers."""
    if isinstance(found[0], str):
        return ()
    first, last = found[0], found[-1]
    if last - first + 1 != len(found):
        return (f"The labels {first} to {last} have gaps; their names were kept.",)
    if first != 0:
        return (f"The labels begin at {first}; their names were kept.",)
    return ()


def _distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    for number, name in enumerate(names):
        if not name or not name.isprintable() or name in names[:number]:
            raise DataError(
                "A class has no name that can be shown, or that of another",
                expected="names that differ in their first 40 letters",
                received=repr(name)[:60],
            )
    return names


def _check_training_part(made: Mapping[Split, NDArray[np.int16]], names: tuple[str, ...]) -> None:
    """A class that only the test part has would never be learned."""
    learned = made.get("train")
    if learned is None or (learned < 0).any():
        return
    counts = np.bincount(learned, minlength=len(names))
    missing = [name for name, count in zip(names, counts.tolist(), strict=True) if not count]
    if missing:
        raise DataError(
            "Classes have no picture to learn from",
            expected="training pictures of every class",
            received=f"none of {_some(missing)}",
        )


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:6]) + " …" * (len(names) > 6)
