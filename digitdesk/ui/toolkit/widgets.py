"""Small parts the tabs share: a labelled field, a fold and a scrolling column."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping
from typing import Any, Literal

from digitdesk.ui.i18n.text import again, joined
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px

Side = Literal["w", "e"]


class AutoScrollbar(theme.Scrollbar):
    """A scrollbar at its parent's right edge, there only while there is something to scroll.

    It lies over the parent instead of beside its widgets, so that nothing moves when it comes.
    """

    def set(self, first: float | str, last: float | str) -> None:
        """Show which part is in view, as ratios."""
        if float(first) <= 0.0 and float(last) >= 1.0:
            self.place_forget()
        else:
            edge = px(self, 2)
            self.place(
                relx=1.0, x=-edge, rely=0.0, y=edge, relheight=1.0, height=-2 * edge, anchor="ne"
            )
        super().set(first, last)


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
        self._canvas = tk.Canvas(self, width=width, height=1, highlightthickness=0, borderwidth=0)
        self._canvas.grid(row=0, column=0, sticky="nsew")
        self._bar = AutoScrollbar(self, orient="vertical", command=self._canvas.yview)
        # Room for the bar, hidden or not.
        self.columnconfigure(1, minsize=px(self, 1.5 * GAP))
        self._canvas.configure(yscrollcommand=self._bar.set)
        self.body = theme.Frame(self._canvas)
        self._to_show: tk.Misc | None = None
        self._item = self._canvas.create_window(0, 0, anchor="nw", window=self.body, width=width)
        self.body.bind("<Configure>", lambda _event: self._fit())
        self._canvas.bind("<Configure>", lambda _event: self._fit())
        self.bind("<<ThemeChanged>>", lambda _event: self._recolor())
        self.bind("<Map>", lambda _event: self._bind_wheel())
        self._recolor()

    def show(self, widget: tk.Misc) -> None:
        """Scroll until a widget of the column is in view, its top first."""
        self._to_show = widget
        self._fit()

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
            self._to_show = None

    def _recolor(self) -> None:
        self._canvas.configure(background=theme.palette().background)

    def _bind_wheel(self) -> None:
        """Let the wheel scroll wherever in the column the pointer is."""
        tag = f"wheel{id(self)}"
        self.bind_class(tag, "<MouseWheel>", lambda event: self._scroll(-event.delta))
        self.bind_class(tag, "<Button-4>", lambda _event: self._scroll(-1))
        self.bind_class(tag, "<Button-5>", lambda _event: self._scroll(1))
        waiting: list[tk.Misc] = [self._canvas]
        while waiting:
            widget = waiting.pop()
            if tag not in widget.bindtags():
                widget.bindtags((*widget.bindtags(), tag))
            waiting.extend(widget.winfo_children())

    def _scroll(self, direction: int) -> None:
        if self._bar.winfo_ismapped():
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


def headings(tree: theme.Treeview, titles: Mapping[str, str], anchors: Mapping[str, Side]) -> None:
    """Title a table's columns, in whatever language there is."""

    def show() -> None:
        for name, title in titles.items():
            tree.heading(name, text=str(again(title)), anchor=anchors[name])

    follow_language(tree, show)


def canvas_text(canvas: tk.Canvas, item: int) -> str:
    """What a text item of a canvas says."""
    get: Any = canvas.itemcget
    return str(get(item, "text"))


def enable(button: theme.Button, usable: bool) -> None:
    """Let a button be pressed, or not."""
    if button.instate(["disabled"]) is usable:
        button.state(["!disabled" if usable else "disabled"])
