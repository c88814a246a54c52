"""The classes of a set: which are taken, how many pictures there are, and how many are chosen."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence

from digitdesk.messages.own.pictures import PartCount, PictureSet
from digitdesk.ui.i18n.text import NOTHING, _, whole
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import Column, Table

_TAKEN, _LEFT = "✓", ""
_BAR_ROOM = 12


class ClassTable(Table):
    """A click on a class, or Space, takes it or leaves it out.

    Args:
        parent: The widget to sit in.
        on_change: Called when other classes are taken.
    """

    def __init__(self, parent: tk.Misc, on_change: Callable[[], None]) -> None:
        columns = {
            "taken": Column(_("taken"), 56, "w", least=48),
            "class": Column(_("class"), 120, "w", least=80),
            "train": Column(_("training"), 88, least=64),
            "test": Column(_("test"), 88, least=64),
            "train of it": Column(_("chosen to train"), 120, least=96),
            "test of it": Column(_("chosen to test"), 120, least=96),
        }
        super().__init__(parent, columns, rows=8, selects=True, bar_room=_BAR_ROOM)
        self._on_change = on_change
        self._shown: PictureSet | None = None
        self._left: set[str] = set()
        self._chosen: dict[str, tuple[int, int]] = {}
        self.tree.bind("<Button-1>", self._on_click, add="+")
        for key in ("<space>", "<Return>"):
            self.tree.bind(key, lambda _event: self._toggle(str(self.tree.focus())))
        explain(self.tree, _("A click on a class, or Space, takes it or leaves it out."))

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes that are taken, in the order of the set."""
        names = self._shown.labels if self._shown is not None else ()
        return tuple(name for name in names if name not in self._left)

    def show(self, shown: PictureSet) -> None:
        """Show the classes of another set, all of them taken."""
        self._shown, self._left, self._chosen = shown, set(), {}
        self.clear()
        for place in range(len(shown.labels)):
            self.tree.insert("", "end", iid=str(place))
        self._write()

    def take_all(self, taken: bool) -> None:
        """Take every class, or none."""
        names = self._shown.labels if self._shown is not None else ()
        self._left = set() if taken else set(names)
        self._write()
        self._on_change()

    def toggle(self, name: str) -> None:
        """Take a class, or leave it out."""
        self._left ^= {name}
        self._write()
        self._on_change()

    def show_chosen(self, parts: Sequence[PartCount], classes: Sequence[str]) -> None:
        """Show how many pictures of each class taken are chosen; of none where there are no parts.

        Args:
            parts: What was chosen.
            classes: The classes of which it was chosen.
        """
        counts = {part.part: part.by_class for part in parts}
        nothing = (0,) * len(classes)
        train, test = (counts.get(part, nothing) for part in ("train", "test"))
        self._chosen = dict(zip(classes, zip(train, test, strict=False), strict=False))
        if not parts:
            self._chosen = {}
        self._write()

    # -- inside

    def _write(self) -> None:
        shown = self._shown
        if shown is None:
            return
        have = {part.part: part.by_class for part in shown.parts}
        for place, name in enumerate(shown.labels):
            train, test = (
                whole(have[part][place]) if part in have else NOTHING for part in ("train", "test")
            )
            chosen = self._chosen.get(name)
            said = (NOTHING, NOTHING) if chosen is None else tuple(map(whole, chosen))
            taken = _LEFT if name in self._left else _TAKEN
            self.tree.item(str(place), values=(taken, name, train, test, *said))

    def _on_click(self, event: tk.Event[tk.Misc]) -> None:
        self._toggle(str(self.tree.identify_row(event.y)))

    def _toggle(self, item: str) -> str:
        if item and self._shown is not None:
            self.toggle(self._shown.labels[int(item)])
        return "break"
