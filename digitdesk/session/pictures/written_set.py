"""What is written of a set: the pictures that have a label, and a card."""

from __future__ import annotations

import datetime

from digitdesk import __version__
from digitdesk.data.idx_files import Split
from digitdesk.data.importing.imported import ImportedPart
from digitdesk.errors import DataError
from digitdesk.messages.own.pictures import SetCard


def labelled(
    parts: dict[Split, ImportedPart], done: tuple[str, ...]
) -> tuple[dict[Split, ImportedPart], tuple[str, ...]]:
    """The pictures that have a label, and what is said of those that have none.

    Raises:
        DataError: None has one.
    """
    kept: dict[Split, ImportedPart] = {}
    left = 0
    for part, content in parts.items():
        has_label = content.labels >= 0
        left += int((~has_label).sum())
        if has_label.any():
            kept[part] = ImportedPart(content.pictures[has_label], content.labels[has_label])
    if "train" not in kept:
        raise DataError(
            "Nothing says what the pictures show",
            expected="a label for each, or a folder for each class",
            hint="Label them in the preview first",
        )
    return kept, (*done, *((f"Pictures without a label were left out: {left:,}.",) if left else ()))


def card_of(
    name: str,
    source: str,
    source_sha256: str,
    kind: str,
    done: tuple[str, ...],
    class_names: tuple[str, ...],
    parts: dict[Split, ImportedPart],
) -> SetCard:
    """A set's card, as of now.

    Args:
        name: What it is called.
        source: What it was made of.
        source_sha256: Of that, where it is a file.
        kind: In which form that was.
        done: What was done on the way, sentence by sentence.
        class_names: By label.
        parts: What is written.
    """
    return SetCard(
        name,
        source,
        source_sha256,
        kind,
        datetime.datetime.now(datetime.UTC).astimezone().isoformat(timespec="seconds"),
        done,
        __version__,
        class_names,
        len(parts["train"].labels),
        len(parts["test"].labels) if "test" in parts else 0,
    )
