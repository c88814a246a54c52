"""A part of a set: some of its classes, so many or such a share of each, and some held out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from digitdesk.data.idx_files import Split
from digitdesk.data.importing.imported import ImportedPart
from digitdesk.errors import ConfigError
from digitdesk.messages.own.choice import Choice

_MOST_HELD_OUT = 0.9


def check_choice(choice: Choice, names: Sequence[str]) -> tuple[int, ...]:
    """Labels of the classes that are wanted, in their order.

    Raises:
        ConfigError: A class is unknown, or a number out of range.
    """
    unknown = [name for name in choice.classes if name not in names]
    if unknown:
        raise ConfigError(
            "The set has no such class", expected=", ".join(names[:12]), received=unknown[0]
        )
    if choice.per_class is not None and choice.per_class < 1:
        raise ConfigError(
            "The number of pictures of each class cannot be used",
            expected="a whole number from 1",
            received=str(choice.per_class),
        )
    if not 0 < choice.share <= 1:
        raise ConfigError(
            "The share cannot be used",
            expected="more than 0 % to 100 %",
            received=f"{choice.share:.0%}",
        )
    if not 0 <= choice.held_out <= _MOST_HELD_OUT:
        raise ConfigError(
            "The part to hold out cannot be used",
            expected=f"0 % to {_MOST_HELD_OUT:.0%}",
            received=f"{choice.held_out:.0%}",
        )
    return tuple(k for k, name in enumerate(names) if not choice.classes or name in choice.classes)


def chosen_parts(
    parts: Mapping[Split, ImportedPart], names: Sequence[str], choice: Choice
) -> tuple[dict[Split, ImportedPart], tuple[str, ...]]:
    """The parts of the new set, and the names of its classes.

    The test part keeps all pictures of the classes that are wanted, and gets those held out.

    Raises:
        ConfigError: The choice cannot be used, or leaves nothing.
    """
    wanted = check_choice(choice, names)
    number = np.full(len(names) + 1, -1, dtype=np.int16)
    number[list(wanted)] = np.arange(len(wanted))
    made: dict[Split, ImportedPart] = {}
    train, test = parts.get("train"), parts.get("test")
    tested = []
    if train is not None:
        kept, held_out = _dealt(train.labels, wanted, choice)
        made["train"] = _some(train, kept, number)
        tested.append(_some(train, held_out, number))
    if test is not None:
        tested.insert(0, _some(test, np.flatnonzero(np.isin(test.labels, wanted)), number))
    made["test"] = _joined(tested)
    made = {part: of for part, of in made.items() if len(of.labels)}
    if not made:
        raise ConfigError(
            "Nothing is left of the set",
            expected="one picture at least",
            hint="Take more classes or a larger share",
        )
    return made, tuple(names[label] for label in wanted)


def _dealt(
    labels: NDArray[np.int16], wanted: Sequence[int], choice: Choice
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Places of the training pictures that are kept, and of those held out, class by class."""
    rng = np.random.default_rng(choice.seed)
    kept, held_out = [], []
    for label in wanted:
        places = rng.permutation(np.flatnonzero(labels == label))
        count = round(len(places) * choice.share)
        if choice.per_class is not None:
            count = min(count, choice.per_class)
        out = round(count * choice.held_out)
        held_out.append(places[:out])
        kept.append(places[out:count])
    return np.sort(np.concatenate(kept)), np.sort(np.concatenate(held_out))


def _some(part: ImportedPart, places: NDArray[np.intp], number: NDArray[np.int16]) -> ImportedPart:
    return ImportedPart(part.pictures[places], number[part.labels[places]])


def _joined(parts: Sequence[ImportedPart]) -> ImportedPart:
    return ImportedPart(
        np.concatenate([part.pictures for part in parts]),
        np.concatenate([part.labels for part in parts]),
    )


def compacted(
    parts: Mapping[Split, ImportedPart], names: Sequence[str]
) -> tuple[dict[Split, ImportedPart], tuple[str, ...]]:
    """The same without classes that no picture shows; names that are numbers stand in their order.

    Where people label pictures one by one, classes come in the order of their first picture.
    """
    used = {int(label) for part in parts.values() for label in np.unique(part.labels)}
    order = [k for k in range(len(names)) if k in used]
    if all(names[k].isascii() and names[k].isdigit() for k in order):
        order.sort(key=lambda k: int(names[k]))
    number = np.full(len(names) + 1, -1, dtype=np.int16)
    number[order] = np.arange(len(order))
    return (
        {part: ImportedPart(of.pictures, number[of.labels]) for part, of in parts.items()},
        tuple(names[k] for k in order),
    )
