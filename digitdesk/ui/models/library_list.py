"""The table of models: what is at hand, and every file in the models folder."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from digitdesk.messages.model import READER, LibraryEntry, ModelCard, ModelEntry
from digitdesk.ui.controls.name_field import NameField
from digitdesk.ui.i18n.text import NOTHING, _, accuracy, core_problem, percent, size
from digitdesk.ui.toolkit.model_names import model_title
from digitdesk.ui.toolkit.theme import px
from digitdesk.ui.toolkit.widgets import Column, Table


@dataclass(frozen=True, slots=True)
class Row:
    """A model as the table shows it; ``card`` is ``None`` where its file cannot be opened."""

    key: str
    title: str
    card: ModelCard | None
    path: Path | None = None
    size_bytes: int | None = None
    modified: str = ""
    problem: str = ""
    is_saved: bool = True
    is_learning: bool = False

    @classmethod
    def of_entry(cls, entry: ModelEntry) -> Row:
        """A model at hand."""
        return cls(
            entry.key, model_title(entry), entry.card, entry.path, is_saved=entry.is_saved,
            is_learning=entry.is_learning,
        )  # fmt: skip

    @classmethod
    def of_file(cls, entry: LibraryEntry) -> Row:
        """A file of the models folder."""
        return cls(
            entry.key, model_title(entry), entry.card, entry.path, entry.size_bytes,
            entry.modified, core_problem(entry.problem) if entry.problem else "", entry.is_saved,
        )  # fmt: skip

    @property
    def cells(self) -> tuple[str, ...]:
        """What the table shows."""
        card = self.card
        date = (self.modified or (card.created if card else ""))[:10]
        bytes_ = self.size_bytes
        if card is None:
            return (self.title, _("cannot be opened"), NOTHING, date, _size(bytes_), NOTHING)
        if card.test_interval is None or card.test_accuracy is None:
            shown = percent(card.test_accuracy, 2)
        else:
            shown = accuracy(card.test_accuracy, card.test_interval)
        return (
            self.title,
            shown,
            card.dataset or NOTHING,
            date or NOTHING,
            _size(bytes_),
            card.device or NOTHING,
        )


class LibraryList(Table):
    """One row per model.

    Args:
        parent: The widget to sit in.
        on_select: Called when another row is selected.
        on_rename: Called with a key and the new title.

    Attributes:
        name: Is typed into in place of the selected row's title.
    """

    def __init__(
        self,
        parent: tk.Misc,
        on_select: Callable[[], None],
        on_rename: Callable[[str, str], None],
    ) -> None:
        columns = {
            "title": Column(_("model"), 256, "w", least=128),
            "accuracy": Column(_("test accuracy"), 144, least=116),
            "dataset": Column(_("data set"), 176, "w", least=88),
            "date": Column(_("date"), 104, least=84),
            "size": Column(_("size"), 80, least=64),
            "device": Column(_("device"), 128, "w", least=64),
        }
        super().__init__(parent, columns, rows=4, selects=True)
        self._on_rename = on_rename
        self.rows: dict[str, Row] = {}
        self.tree.bind("<<TreeviewSelect>>", lambda _event: on_select())
        self.name = NameField(
            self, _("The model's new name. Enter keeps it, Escape does not."), self._end_renaming
        )

    @property
    def selected(self) -> str:
        """Key of the selected row; empty for none."""
        selection = self.tree.selection()
        return str(selection[0]) if selection else ""

    def show(self, rows: list[Row], wanted: str) -> None:
        """Show these rows, one of them selected."""
        self.rows = {row.key: row for row in rows}
        self.clear()
        for key, row in self.rows.items():
            self.tree.insert("", "end", iid=key, values=row.cells)
        if self.rows:
            chosen = wanted if wanted in self.rows else READER
            chosen = chosen if chosen in self.rows else next(iter(self.rows))
            self.tree.selection_set(chosen)
            self.tree.focus(chosen)
            self.tree.see(chosen)

    def start_renaming(self) -> None:
        """Let the selected row's name be typed where it stands."""
        key = self.selected
        place = self.tree.bbox(key, "title") if key else ""
        if not place:
            return
        x, y, width, height = place
        path = self.rows[key].path
        self.name.begin(
            path.stem if path else self.rows[key].title,
            x=x, y=y - px(self, 3), width=width, height=height + px(self, 6),
        )  # fmt: skip

    def _end_renaming(self, name: str) -> None:
        self.tree.focus_set()
        if name:
            self._on_rename(self.selected, name)


def _size(count: int | None) -> str:
    return NOTHING if count is None else size(count)
