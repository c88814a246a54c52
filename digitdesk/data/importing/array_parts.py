"""Which of a file's arrays are pictures and which labels, by their names, lengths and shapes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.data.idx_files import Split
from digitdesk.data.importing.found import ArrayPictures, FoundPart
from digitdesk.data.importing.greys import as_pictures
from digitdesk.data.importing.labels import as_labels
from digitdesk.errors import DataError

Arrays = Mapping[str, NDArray[Any]]

_TEST = re.compile(r"test|valid|(^|[._])val([._]|$)|t10k", re.IGNORECASE)
_LABELS = re.compile(r"label|target|class|(^|[._])y([._]|$)|^trainy$|^testy$|^y", re.IGNORECASE)
_NAMES = re.compile(r"class_names|label_names|mapping|writer|species", re.IGNORECASE)
_MOST_OUTPUTS = 1024


def parts_of(arrays: Arrays, source: str) -> tuple[dict[Split, FoundPart], tuple[str, ...]]:
    """The parts that arrays make up, and sentences about what was done to their pictures.

    Args:
        arrays: By name, such as ``x_train`` or ``images``.
        source: Name of the file, for a sentence.

    Raises:
        DataError: There are no pictures, or labels do not fit them.
    """
    of_part: dict[Split, dict[str, NDArray[Any]]] = {"train": {}, "test": {}}
    for name, array in arrays.items():
        if not _NAMES.search(name) or array.ndim > 2:
            of_part["test" if _TEST.search(name) else "train"][name] = array
    found: dict[Split, FoundPart] = {}
    notes: list[str] = []
    for part, own in of_part.items():
        pictures = _pictures(own)
        if pictures is None:
            continue
        labels = _labels(own, pictures)
        array = own[pictures]
        if labels is not None:
            array = _batch_first(array, own[labels])
        greys, done = as_pictures(array, f"{source}: '{pictures}'")
        notes += [note for note in done if note not in notes]
        of = None
        if labels is not None:
            of = as_labels(own[labels], f"{source}: '{labels}'", count=len(greys))
        found[part] = FoundPart(ArrayPictures(greys, source), of)
    if not found:
        raise DataError(
            f"{source} holds no pictures",
            expected="arrays such as x_train and y_train, or 'images' and 'labels'",
            received=", ".join(_shown(arrays)) or "no array",
        )
    if "train" not in found:
        found = {"train": found["test"]}
    return found, tuple(notes)


def _shown(arrays: Arrays) -> list[str]:
    shown = [f"{name[:30]} ({'×'.join(map(str, array.shape))})" for name, array in arrays.items()]
    return [*shown[:5], *["…"][: len(shown) > 5]]


def _pictures(arrays: Arrays) -> str | None:
    """The name of the largest array that may be pictures."""
    possible = [
        name
        for name, array in arrays.items()
        if array.dtype.kind in "buif"
        and (array.ndim in (3, 4) or (array.ndim == 2 and min(array.shape) > 0))
        and array.size
        and not (array.ndim == 2 and (_LABELS.search(name) or array.shape[1] < 16))
    ]
    return max(possible, key=lambda name: arrays[name].size, default=None)


def _labels(arrays: Arrays, pictures: str) -> str | None:
    """The name of the array that fits best as labels of the pictures."""
    lengths = {arrays[pictures].shape[0], arrays[pictures].shape[-1]}
    flat = {
        name: array
        for name, array in arrays.items()
        if name != pictures
        and (array.ndim == 1 or (array.ndim == 2 and min(array.shape) <= _MOST_OUTPUTS))
        and array.dtype.kind in "buifSU"
        and array.size
    }
    named = [name for name in flat if _LABELS.search(name)]
    fitting = [name for name in flat if lengths & set(flat[name].shape)]
    both = [name for name in named if name in fitting]
    return next(iter([*both, *named, *fitting]), None)


def _batch_first(array: NDArray[Any], labels: NDArray[Any]) -> NDArray[Any]:
    """Pictures with their number first; some programs have it last."""
    count = max(labels.shape) if min(labels.shape, default=0) == 1 else labels.shape[0]
    if array.ndim > 2 and array.shape[0] != count and array.shape[-1] == count:
        return np.moveaxis(array, -1, 0)
    return array
