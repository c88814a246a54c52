"""What is said of data sets, their parts and their pictures."""

from __future__ import annotations

from collections.abc import Sequence
from tkinter import font as tk_font

from digitdesk.messages.own.pictures import OwnSet, PartCount, PictureSet, SeenPicture
from digitdesk.ui.charts.probability_bars import shortened
from digitdesk.ui.i18n.text import (
    Sentence,
    _,
    core_phrase,
    joined,
    percent,
    plural,
    whole,
)

#: Of a name in a caption, in widths of a figure.
_NAME_FIGURES = 9
#: Above this, a label is more likely wrong than right.
DOUBTFUL = 0.5


def is_writing(one: OwnSet) -> bool:
    """Whether a set is what somebody has written here."""
    return one.is_own and one.name.lower().endswith((".json", ".json.gz"))


def set_title(one: OwnSet) -> Sentence:
    """What a set is called in a list."""
    if is_writing(one):
        return _("{name}: handwriting").format(name=one.title)
    return joined("", (one.title,)) if one.is_own else core_phrase(one.title)


def part_title(part: str) -> Sentence:
    """What a part is called."""
    return {"train": _("training part"), "test": _("test part")}.get(part, _("both parts"))


def size_of(parts: Sequence[PartCount]) -> Sentence:
    """How many pictures there are to learn from, and how many to measure by."""
    counts = {part.part: part.count for part in parts}
    said: list[Sentence] = []
    if "train" in counts:
        said.append(plural("{n} training picture", "{n} training pictures", counts["train"]))
    if "test" in counts:
        said.append(plural("{n} test picture", "{n} test pictures", counts["test"]))
    return joined(" + ", said)


def facts_of(shown: PictureSet) -> Sentence:
    """A set in a line."""
    said = [size_of(shown.parts), plural("{n} class", "{n} classes", len(shown.class_names))]
    unlabelled = sum(part.unlabelled for part in shown.parts)
    if unlabelled:
        said.append(plural("{n} without a label", "{n} without a label", unlabelled))
    return joined("  ·  ", said)


def count_of(shown: PictureSet, label: int, part: str = "") -> int:
    """How many pictures a class has, in one part or in both."""
    return sum(one.by_class[label] for one in shown.parts if part in ("", one.part))


class Captions:
    """What is said below the pictures of a set, however long the names of its classes are.

    Args:
        labels: All names that there are.
        font: What captions are written in.

    Attributes:
        widest: As wide as any of them, without and with how sure a model is of the label.
    """

    def __init__(self, labels: Sequence[str], font: tk_font.Font) -> None:
        room = _NAME_FIGURES * font.measure("0")
        self._short = {name: shortened(name, font, room) for name in labels}
        longest = max(self._short.values(), key=font.measure, default="0")
        self.widest = (longest, f"{longest}\n{percent(1.0)}")

    def short(self, name: str) -> str:
        """A name, its end left out where it is long."""
        return self._short.get(name, name)

    def of(self, seen: SeenPicture, *, with_doubt: bool) -> str:
        """``7``, or below it how probable a model finds that."""
        name = self.short(seen.label) or "?"
        if not with_doubt:
            return name
        return f"{name}\n{percent(None if seen.doubt is None else 1 - seen.doubt)}"


def number_of(seen: SeenPicture) -> Sentence:
    """Which picture it is."""
    said = _("Number {n}, {part}")
    return said.format(n=whole(seen.index + 1), part=part_title(seen.part))
