"""Matches the classes of a set with those of a model by name: numbers mean nothing by themselves.

A set of the digits 1 to 9 numbers its classes from 0, too; its first class is still the model's 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.errors import DataError

_SHOWN_NAMES = 8


def matched_labels(
    labels: NDArray[Any], set_names: Sequence[str], model_names: Sequence[str]
) -> NDArray[np.intp]:
    """Labels of a set as classes of a model.

    Args:
        labels: Places among ``set_names``.
        set_names: One for each class of the set; classes of which there is no item do not matter.
        model_names: One for each class of the model.

    Shapes:
        (N,) → (N,).

    Raises:
        DataError: There are no labels, a label has no name, or the model knows no such class.
    """
    if len(labels) == 0:
        raise DataError("There is nothing to evaluate on", received="an empty set")
    lowest, highest = int(labels.min()), int(labels.max())
    if lowest < 0 or highest >= len(set_names):
        raise DataError(
            "The labels are not the model's classes",
            expected=f"0 to {len(set_names) - 1}",
            received=f"{lowest} to {highest}",
        )
    occurring = [set_names[k] for k in np.unique(labels).tolist()]
    unknown = [name for name in occurring if name not in model_names]
    if unknown:
        raise DataError(
            "The set's classes are not the model's",
            expected=shown_names(model_names),
            received=shown_names(unknown),
            hint="Name the set's classes as the model does, one a line in its classes.txt, or use "
            "a model that was trained on such data",
        )
    places = [model_names.index(name) if name in model_names else -1 for name in set_names]
    matched: NDArray[np.intp] = np.array(places, dtype=np.intp)[labels]
    return matched


def numbers_as_names(labels: NDArray[Any] | None) -> tuple[str, ...]:
    """Names for the labels of a set that has none: the numbers themselves."""
    highest = -1 if labels is None or not len(labels) else int(labels.max())
    return tuple(str(number) for number in range(highest + 1))


def shown_names(names: Sequence[str]) -> str:
    """Names of classes in a sentence; of many, the first few."""
    some = ", ".join(names[:_SHOWN_NAMES])
    return some if len(names) <= _SHOWN_NAMES else f"{some} … ({len(names)} in all)"
