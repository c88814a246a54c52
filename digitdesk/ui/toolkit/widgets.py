"""Small parts the tabs share: a labelled field, a fold, a scrolling column and a table."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from digitdesk.ui.i18n.text import Sentence, joined
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.toolkit import held_keys, theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer

Side = Literal["w", "e"]

_BAR = "bar"
_LAYOUT_MS = 30
_MOST_LOOKS = 10


class AutoScrollbar(theme.Scrollbar):
    """A scrollbar at its parent's right or lower edge, there only while something is out of sight.

    It lies over the parent instead of beside its widgets, so that nothing moves when it comes.
    """

    def set(self, first: float | str, last: float | str) -> None:
        """Show which part is in view, as ratios."""
        if float(first) <= 0.0 and float(last) >= 1.0:
            self.place_forget()
        else:
            self._lie_over()
        super().set(first, last)

    def _lie_over(self) -> None:
        edge = px(self, 2)
        if str(self.cget("orient")) == "vertical":
            self.place(
                relx=1.0, x=-edge, rely=0.0, y=edge, relheight=1.0, height=-2 * edge, anchor="ne"
            )
        else:
            self.place(
                relx=0.0, x=edge, rely=1.0, y=-edge, relwidth=1.0, width=-2 * edge, anchor="sw"
            )


class Fold(theme.Frame):
    """A heading that shows or hides what is below it; closed at first.

    Attributes:
        body: Put the widgets to fold in here.
    """

    def __init__(self, parent: tk.Misc, title: str, on_change: Callable[[], None]) -> None:
        super().__init__(parent)
        self._on_change = on_change
        self._title = title
        self.columnconfigure(0, weight=1)
        self.button = theme.Button(self, command=self.toggle)
        theme.look(self.button, theme.TOOL)
        self.button.grid(row=0, column=0, sticky="w")
        self.body = theme.Frame(self)
        self._show()

    @property
    def is_open(self) -> bool:
        """Whether the body is shown."""
        return bool(self.body.grid_info())

    def toggle(self) -> None:
        """Open where closed, close where open."""
        if self.is_open:
            self.body.grid_remove()
        else:
            self.body.grid(row=1, column=0, sticky="ew", pady=(px(self, GAP), 0))
        self._show()
        self._on_change()

    def _show(self) -> None:
        arrow = "▾" if self.is_open else "▸"
        self.button.configure(text=joined("  ", (arrow, self._title)))


class ScrollColumn(theme.Frame):
    """A column of widgets that scrolls when the window is too low for it.

    Attributes:
        body: Put the widgets in here; it is as wide as the column.
    """

    def __init__(self, parent: tk.Misc, *, width: int) -> None:
        super().__init__(parent)
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=1)
        self._canvas = theme.Canvas(
            self, width=width, height=1, highlightthickness=0, borderwidth=0
        )
        self._canvas.grid(row=0, column=0, sticky="nsew")
        self._bar = AutoScrollbar(self, orient="vertical", command=self._canvas.yview)
        # Room for the bar, hidden or not.
        self.columnconfigure(1, minsize=px(self, 1.5 * GAP))
        self._canvas.configure(yscrollcommand=self._bar.set)
        self.body = theme.Frame(self._canvas)
        self._to_show: tk.Misc | None = None
        # Where a widget is that has just come is known once the layout is done, step by step.
        self._shown_later = Timer(self, _LAYOUT_MS, self._end_showing)
        self._looks = 0
        self._item = self._canvas.create_window(0, 0, anchor="nw", window=self.body, width=width)
        self.body.bind("<Configure>", lambda _event: self._fit())
        self._canvas.bind("<Configure>", lambda _event: self._fit())
        self.bind("<<ThemeChanged>>", lambda _event: self._recolor())
        self.bind("<Map>", lambda _event: self._bind_wheel())
        self._recolor()

    @property
    def scrolls(self) -> bool:
        """Whether a part of it is out of sight."""
        return bool(self._bar.winfo_ismapped())

    def show(self, widget: tk.Misc) -> None:
        """Scroll until a widget of the column is in view, its top first."""
        self._to_show = widget
        self._looks = _MOST_LOOKS
        self._fit()
        self._shown_later.restart()

    def _reveal(self, widget: object) -> None:
        """Scroll to a widget that has got the focus, where it is out of sight."""
        if not isinstance(widget, tk.Misc) or widget is self._canvas:
            return
        top = widget.winfo_rooty() - self._canvas.winfo_rooty()
        if top < 0 or top + widget.winfo_height() > self._canvas.winfo_height():
            self.show(widget)

    def _fit(self) -> None:
        needed = self.body.winfo_reqheight()
        width, height = self._canvas.winfo_width(), self._canvas.winfo_height()
        self._canvas.configure(scrollregion=(0, 0, width, needed))
        self._canvas.itemconfigure(self._item, width=width)
        if needed <= height:
            self._canvas.yview_moveto(0.0)
        elif self._to_show is not None and self._to_show.winfo_viewable():
            top = self._to_show.winfo_rooty() - self.body.winfo_rooty()
            bottom = min(needed, top + self._to_show.winfo_reqheight())
            self._canvas.yview_moveto(min(top, max(0, bottom - height)) / needed)

    def _end_showing(self) -> None:
        self._fit()
        self._looks -= 1
        if self._looks and self._to_show is not None and not self._to_show.winfo_viewable():
            self._shown_later.ask()
        else:
            self._to_show = None

    def _recolor(self) -> None:
        self._canvas.configure(background=theme.palette().background)

    def _bind_wheel(self) -> None:
        """Let the wheel scroll wherever in the column the pointer is."""
        tag = f"wheel{id(self)}"
        self.bind_class(tag, "<MouseWheel>", lambda event: self._scroll(-event.delta))
        self.bind_class(tag, "<Button-4>", lambda _event: self._scroll(-1))
        self.bind_class(tag, "<Button-5>", lambda _event: self._scroll(1))
        self.bind_class(tag, "<FocusIn>", lambda event: self._reveal(event.widget))
        waiting: list[tk.Misc] = [self._canvas]
        while waiting:
            widget = waiting.pop()
            if tag not in widget.bindtags():
                widget.bindtags((*widget.bindtags(), tag))
            waiting.extend(widget.winfo_children())

    def _scroll(self, direction: int) -> None:
        if self.scrolls:
            self._canvas.yview_scroll(1 if direction > 0 else -1, "units")


def try_all(*calls: Callable[[], None]) -> None:
    """Call one after the other, although one may fail; then raise the first error there was."""
    errors: list[Exception] = []
    for call in calls:
        try:
            call()
        except Exception as error:
            errors.append(error)
    if errors:
        raise errors[0]


def field(
    parent: tk.Misc, row: int, column: int, title: str, *, columns: int = 1
) -> tuple[theme.Frame, theme.Label]:
    """A cell of a form's grid with its title; the control goes into row 1 of the frame."""
    cell = theme.Frame(parent)
    left = px(parent, GAP / 2) if column else 0
    right = 0 if column or columns > 1 else px(parent, GAP / 2)
    cell.grid(
        row=row,
        column=column,
        columnspan=columns,
        sticky="new",
        padx=(left, right),
        pady=(0, px(parent, GAP)),
    )
    cell.columnconfigure(0, weight=1)
    label = theme.Label(cell, text=title, style="Muted.TLabel")
    label.grid(row=0, column=0, sticky="w", pady=(0, px(parent, GAP / 4)))
    return cell, label


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; widths are logical pixels.

    Attributes:
        title: Its heading.
        width: It grows with the window, in proportion to this.
        side: Where its cells stand: words at the left, numbers at the right.
        least: It never gets narrower.
    """

    title: Sentence
    width: int
    side: Side = "e"
    least: int = 20


class Table(theme.Frame):
    """Rows under headings, and a scrollbar that lies over them while there are too many.

    Args:
        parent: The widget to sit in.
        columns: By name, from left to right.
        rows: How many rows are in view at least.
        selects: Whether a row can be selected.
        bar_room: Width kept free for the scrollbar, where cells at the right must stay legible.

    Attributes:
        tree: The rows.
    """

    def __init__(
        self,
        parent: tk.Misc,
        columns: Mapping[str, Column],
        *,
        rows: int = 4,
        selects: bool = False,
        bar_room: int = 0,
    ) -> None:
        super().__init__(parent)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self.tree = theme.Treeview(
            self,
            show="headings",
            selectmode="browse" if selects else "none",
            height=rows,
        )
        self._bar_room = bar_room
        self.set_columns(columns)
        theme.follow_size(self, self._set_widths)
        follow_language(self.tree, self._say)
        self.tree.grid(row=0, column=0, sticky="nsew")
        bar = AutoScrollbar(self, orient="vertical", command=self.tree.yview)
        self.tree.configure(yscrollcommand=bar.set)

    def set_columns(self, columns: Mapping[str, Column]) -> None:
        """Have other columns than before, and no rows yet."""
        self.clear()
        self._columns = columns
        self.tree.configure(columns=(*columns, _BAR) if self._bar_room else tuple(columns))
        self._set_widths()
        self._say()

    def _set_widths(self) -> None:
        for name, column in self._columns.items():
            self.tree.column(
                name,
                anchor=column.side,
                width=px(self, column.width),
                minwidth=px(self, column.least),
            )
        if self._bar_room:
            self.tree.column(_BAR, width=px(self, self._bar_room), minwidth=0, stretch=False)

    def _say(self) -> None:
        for name, column in self._columns.items():
            self.tree.heading(name, text=str(column.title.again()), anchor=column.side)

    @property
    def cells(self) -> list[tuple[str, ...]]:
        """What the table shows, row by row."""
        tree = self.tree
        return [tuple(map(str, tree.item(item, "values"))) for item in tree.get_children()]

    def clear(self) -> None:
        """Take all rows away."""
        self.tree.delete(*self.tree.get_children())


def canvas_text(canvas: tk.Canvas, item: int) -> str:
    """What a text item of a canvas says."""
    get: Any = canvas.itemcget
    return str(get(item, "text"))


def enable(button: theme.Button, usable: bool) -> None:
    """Let a button be pressed, or not."""
    if button.instate(["disabled"]) is usable:
        button.state(["!disabled" if usable else "disabled"])


def open_on_click(box: theme.Combobox) -> None:
    """Drop a box's list down when its text is pressed, too; pressed again, the text is edited.

    Whoever types while the list is down writes into the box, in place of what is selected there.
    """

    def press(_event: object) -> str | None:
        if box.instate(["disabled"]) or box.focus_get() is box:
            return None
        box.focus_set()
        box.selection_range(0, "end")
        box.tk.call("ttk::combobox::Post", box)
        return "break"

    def type_in(text: str, key: str, state: str) -> bool:
        is_letter = text.isprintable() and text.strip() and not held_keys.is_command(state)
        if not is_letter and key not in ("BackSpace", "Delete"):
            return False
        box.tk.call("ttk::combobox::Unpost", box)
        box.focus_set()
        # Letters that follow quickly may come here, too: only the first finds something selected.
        if box.selection_present():
            box.delete("sel.first", "sel.last")
        box.insert("insert", text if is_letter else "")
        return True

    hear = f"if {{[{box.register(type_in)} %A %K %s]}} break"

    def listen() -> None:
        listed = f"{box.tk.call('ttk::combobox::PopdownWindow', box)}.f.l"
        box.tk.call("bind", listed, "<KeyPress>", hear)

    box.bind("<ButtonPress-1>", press)
    box.configure(postcommand=listen)


def set_shown(widget: tk.Widget, shown: bool) -> None:
    """Let a widget take its place in the grid, which it has had once, or leave it."""
    if shown:
        widget.grid()
    else:
        widget.grid_remove()
