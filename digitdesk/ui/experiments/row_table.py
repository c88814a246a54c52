"""A table whose columns depend on what is tried; its headings sort, and wide ones scroll."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from digitdesk.messages.setting import Value
from digitdesk.messages.setting_table import SETTINGS
from digitdesk.ui.experiments.words import column_title, shown_value
from digitdesk.ui.i18n.text import Sentence
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP
from digitdesk.ui.toolkit.widgets import AutoScrollbar, Column, Side, Table

#: Width of a column with networks' texts, in logical pixels.
_NETWORK = 176
#: Width of a letter of a bold cell, and a little more.
_LETTER = 9
#: Width kept free for the scrollbar, in logical pixels.
_BAR_ROOM = 12


def column(title: Sentence, *, side: Side = "e", least: int = 40) -> Column:
    """A column that is wide enough for its title."""
    wide = round(sum(12.5 if ord(letter) > 0x2E80 else 6.2 for letter in title)) + 2 * GAP
    return Column(title, max(wide, least), side, least=max(wide, least))


def setting_column(name: str, values: Iterable[Value] = ()) -> Column:
    """A column for the values of a setting, wide enough for these."""
    known = SETTINGS.get(name)
    if known is not None and known.kind == "network":
        return column(column_title(name), side="w", least=_NETWORK)
    longest = max((len(shown_value(name, value)) for value in values), default=0)
    return column(column_title(name), least=min(_LETTER * longest + 2 * GAP, _NETWORK))


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row.

    Attributes:
        key: Names it.
        cells: One for each column.
        look: ``best``, ``muted``, ``failed`` or nothing of it.
    """

    key: int
    cells: tuple[str, ...]
    look: str = ""


class RowTable(Table):
    """Shows rows, of which one or several can be selected.

    Args:
        parent: The widget to sit in.
        on_select: Called when other rows are selected.
        on_heading: Takes the name of a column whose heading was pressed.
        on_open: Called when a row is pressed twice.
        rows: How many are in view at least.
    """

    def __init__(
        self,
        parent: tk.Misc,
        on_select: Callable[[], None],
        *,
        on_heading: Callable[[str], None] | None = None,
        on_open: Callable[[], None] = lambda: None,
        rows: int = 4,
    ) -> None:
        self._on_heading = on_heading
        self._shown: dict[int, TableRow] = {}
        self._arrow = ("", "")
        super().__init__(parent, {}, rows=rows, selects=True, bar_room=_BAR_ROOM)
        self.tree.configure(selectmode="extended")
        self.tree.bind("<<TreeviewSelect>>", lambda _event: on_select())
        self.tree.bind("<Double-1>", lambda event: self._on_double(event, on_open))
        self.tree.bind("<Return>", lambda _event: on_open())
        self._across = AutoScrollbar(self, orient="horizontal", command=self.tree.xview)
        self.tree.configure(xscrollcommand=self._across.set)
        self.bind("<<ThemeChanged>>", lambda _event: self._paint())
        self._paint()

    def set_columns(self, columns: Mapping[str, Column]) -> None:
        """Have other columns than before, and no rows yet."""
        self._shown = {}
        super().set_columns(columns)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(self._columns)

    @property
    def selected(self) -> tuple[int, ...]:
        """Keys of the selected rows, from the top."""
        return tuple(map(int, self.tree.selection()))

    @property
    def row_keys(self) -> tuple[int, ...]:
        """Keys of all rows, from the top."""
        return tuple(self._shown)

    def select(self, key: int) -> None:
        """Select a row, and have it in view."""
        if key in self._shown:
            self.tree.selection_set(str(key))
            self.tree.focus(str(key))
            self.tree.see(str(key))

    def show(self, rows: Sequence[TableRow]) -> None:
        """Show these rows; what was selected and is still there stays so."""
        wanted = {row.key: row for row in rows}
        gone = [str(key) for key in self._shown if key not in wanted]
        self.tree.delete(*gone)
        for place, row in enumerate(rows):
            item = str(row.key)
            if row.key not in self._shown:
                self.tree.insert("", place, iid=item, values=row.cells, tags=row.look)
                continue
            if self._shown[row.key] != row:
                self.tree.item(item, values=row.cells, tags=row.look)
            if self.tree.index(item) != place:
                self.tree.move(item, "", place)
        self._shown = wanted

    def show_order(self, name: str, *, is_rising: bool) -> None:
        """Say in a heading by what the rows are sorted."""
        self._arrow = (name, "▴" if is_rising else "▾")
        self._say()

    # -- inside

    def _say(self) -> None:
        super()._say()
        name, arrow = self._arrow
        for column in self._columns:
            if self._on_heading is not None:
                self.tree.heading(column, command=partial(self._on_heading, column))
            if column == name:
                title = self._columns[column].title.again()
                self.tree.heading(column, text=f"{title} {arrow}")

    def _paint(self) -> None:
        colors = theme.palette()
        self.tree.tag_configure("best", font=theme.font("heading"))
        self.tree.tag_configure("muted", foreground=colors.muted)
        self.tree.tag_configure("failed", foreground=colors.danger)

    def _on_double(self, event: tk.Event[tk.Misc], on_open: Callable[[], None]) -> None:
        if self.tree.identify_row(event.y):
            on_open()
