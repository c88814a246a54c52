"""A gallery of any length: only what is in view is asked for and drawn.

What it shows are items of a page that the session gives; it knows neither exams nor models.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from tkinter import font as tk_font
from typing import Generic, Protocol, TypeVar

from digitdesk.messages.picture import Picture
from digitdesk.ui.charts.cells import Cell, Shape
from digitdesk.ui.charts.photos import zoom_for
from digitdesk.ui.i18n.text import Sentence, again
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer

#: What is asked for, and how wide a picture is to be, in logical pixels.
_LEAST, _PICTURE = (280, 240), 56
_BAR = 12
_KEYS = {"Left": -1, "Right": 1}


class HasPicture(Protocol):
    """What can be in a gallery."""

    @property
    def picture(self) -> Picture:
        """What is seen of it."""


T = TypeVar("T", bound=HasPicture)


@dataclass(frozen=True, slots=True)
class GalleryPage(Generic[T]):
    """Some items that follow each other, and how many there are in all."""

    items: Sequence[T]
    total: int


@dataclass(frozen=True, slots=True)
class Caption:
    """What is said below a picture, and whether that is wrong."""

    words: str
    is_wrong: bool = False


class Gallery(theme.Frame, Generic[T]):
    """Pictures in rows that scroll by wheel, bar and keys; one of them can be chosen.

    Args:
        parent: The widget to sit in.
        ask: Gives so many items from a place on.
        caption: What is said below one.
        on_choose: Takes the item chosen.
        on_count: Takes how many items there are, whenever they have been asked for.
        side: How wide a picture is to be, in logical pixels.

    Attributes:
        total: How many items there are.
        chosen: Place of the one that is chosen, from 0; -1 for none.
    """

    def __init__(
        self,
        parent: tk.Misc,
        ask: Callable[[int, int], GalleryPage[T]],
        caption: Callable[[T], Caption],
        on_choose: Callable[[T], None],
        on_count: Callable[[int], None] = lambda count: None,
        *,
        side: float = _PICTURE,
    ) -> None:
        super().__init__(parent)
        self._side = side
        self._ask, self._caption, self._on_choose = ask, caption, on_choose
        self._on_count = on_count
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=1)
        self.canvas = theme.Canvas(
            self, width=px(self, _LEAST[0]), height=px(self, _LEAST[1]),
            highlightthickness=0, borderwidth=0, takefocus=True,
        )  # fmt: skip
        self.canvas.grid(row=0, column=0, sticky="nsew")
        self._bar = theme.Scrollbar(self, orient="vertical", command=self._on_bar)
        self._bar.grid(row=0, column=1, sticky="ns")
        self._bar.grid_remove()
        self.columnconfigure(1, minsize=px(self, _BAR))
        self.total, self.chosen = 0, -1
        self._first_row = 0
        self._items: Sequence[T] = ()
        self._cells: list[Cell] = []
        self._empty_words: Sentence | str = ""
        self._widest_words = "0 → 0  100.0 %"
        self._empty = self.canvas.create_text(
            0, 0, anchor="nw", font=theme.font("small"), justify="left"
        )
        self._draw_later = Timer(self, None, self._draw)
        self._listen()
        follow_language(self, self._draw_later.ask)
        theme.follow_size(self, self._draw_later.ask)

    def _listen(self) -> None:
        canvas = self.canvas
        canvas.bind("<Configure>", lambda _event: self._draw_later.ask())
        self.bind("<<ThemeChanged>>", lambda _event: self._draw_later.ask())
        canvas.bind("<Button-1>", self._on_click)
        for turn, rows in (("Button-4", -1), ("Button-5", 1), ("MouseWheel", 0)):
            canvas.bind(f"<{turn}>", lambda event, rows=rows: self._on_wheel(event, rows))  # type: ignore[misc]
        for key in ("Left", "Right", "Up", "Down", "Prior", "Next", "Home", "End"):
            canvas.bind(f"<{key}>", lambda _event, key=key: self._on_key(key))  # type: ignore[misc]
        for key in ("Return", "KP_Enter", "space"):
            canvas.bind(f"<{key}>", lambda _event: self.choose(max(0, self.chosen)))
        canvas.bind("<FocusIn>", lambda _event: self._ring())
        canvas.bind("<FocusOut>", lambda _event: self._ring())

    # -- what is asked of it

    def reload(self, when_empty: Sentence | str = "", widest: str = "") -> None:
        """Show other items from their beginning.

        Args:
            when_empty: What is said where there are none.
            widest: The longest caption there may be; it says how wide a cell is to be.
        """
        self._empty_words, self._widest_words = when_empty, widest or self._widest_words
        self.chosen, self._first_row = -1, 0
        self._draw_later.cancel()
        self._draw()

    def choose(self, place: int) -> None:
        """Choose the item at a place, bring it into view, and tell of it."""
        if not self.total:
            return
        self.chosen = min(max(place, 0), self.total - 1)
        self._reveal(self.chosen)
        self._draw()
        self._on_choose(self._items[self.chosen - self._first_row * self._columns])

    def look_again(self) -> None:
        """Show what the items in view are like by now."""
        self._draw_later.ask()

    def place_of(self, place: int) -> tuple[int, int]:
        """Middle of an item in view, on the canvas."""
        row, column = divmod(place - self._first_row * self._columns, self._columns)
        shape = self._shape
        top = row * shape.height + px(self, 3)
        return column * shape.width + shape.width // 2, top + shape.side // 2

    @property
    def shown(self) -> Sequence[T]:
        """The items in view, the first of them at the left above."""
        return self._items

    @property
    def captions(self) -> list[str]:
        """What is said below those in view."""
        return [self._caption(item).words for item in self._items]

    # -- how much is in view

    @property
    def _shape(self) -> Shape:
        font = tk_font.nametofont(theme.font("small"), root=self)
        lines = self._widest_words.splitlines()
        words, high = max(map(font.measure, lines)), len(lines) * font.metrics("linespace")
        return Shape(zoom_for(self, self._side), px(self, GAP), high + px(self, 2), words)

    @property
    def _columns(self) -> int:
        shape = self._shape
        return max(1, (self.canvas.winfo_width() + shape.gap) // shape.width)

    @property
    def _rows_in_view(self) -> int:
        """Rows that are whole; a part of one more is drawn below them."""
        return max(1, (self.canvas.winfo_height() + self._shape.gap) // self._shape.height)

    @property
    def _row_count(self) -> int:
        return -(-self.total // self._columns)

    def _scroll_to(self, row: int) -> None:
        row = min(max(row, 0), max(0, self._row_count - self._rows_in_view))
        if row != self._first_row:
            self._first_row = row
            self._draw_later.ask()

    def _reveal(self, place: int) -> None:
        row = place // self._columns
        low, high = row - self._rows_in_view + 1, row
        self._first_row = min(max(self._first_row, low, 0), high)

    # -- drawing

    def _draw(self) -> None:
        width = self.canvas.winfo_width()
        if width <= 1:
            return
        colors, shape, columns = theme.palette(), self._shape, self._columns
        self.canvas.configure(background=colors.background)
        count = columns * (self._rows_in_view + 1)
        page = self._ask(self._first_row * columns, count)
        self.total = page.total
        if self._first_row and not page.items:
            # There is more room, or there are fewer items, than when it was scrolled there.
            self._first_row = max(0, self._row_count - self._rows_in_view)
            page = self._ask(self._first_row * columns, count)
        self._items = page.items
        self._on_count(self.total)
        self._make_cells(len(self._items))
        for place, (cell, item) in enumerate(zip(self._cells, self._items, strict=False)):
            row, column = divmod(place, columns)
            cell.put(column * shape.width, row * shape.height + px(self, 3), shape)
            said = self._caption(item)
            cell.show(item.picture, said.words, zoom=shape.zoom, is_wrong=said.is_wrong)
        for cell in self._cells[len(self._items) :]:
            cell.hide()
        self._ring()
        self._show_bar()
        words = str(again(self._empty_words)) if not self.total else ""
        self.canvas.itemconfigure(self._empty, text=words, fill=colors.muted, width=width)

    def _make_cells(self, count: int) -> None:
        while len(self._cells) < count:
            self._cells.append(Cell(self.canvas))

    def _ring(self) -> None:
        colors = theme.palette()
        first = self._first_row * self._columns
        has_focus = self.focus_get() is self.canvas
        for place, cell in enumerate(self._cells[: len(self._items)]):
            is_chosen = place + first == self.chosen
            cell.ring((colors.accent if has_focus else colors.text) if is_chosen else "")

    def _show_bar(self) -> None:
        rows, seen = max(1, self._row_count), self._rows_in_view
        if rows <= seen:
            self._bar.grid_remove()
            return
        self._bar.grid()
        self._bar.set(self._first_row / rows, min(1.0, (self._first_row + seen) / rows))

    # -- reactions

    def _on_bar(self, *wish: str) -> None:
        """What the bar asks for: ``moveto 0.3``, or ``scroll 1 units``."""
        if wish[0] == "moveto":
            self._scroll_to(round(float(wish[1]) * self._row_count))
        else:
            step = 1 if wish[2] == "units" else self._rows_in_view
            self._scroll_to(self._first_row + int(wish[1]) * step)

    def _on_wheel(self, event: tk.Event[tk.Misc], rows: int) -> str | None:
        if self._row_count <= self._rows_in_view:
            return None  # the window may scroll instead
        self._scroll_to(self._first_row + (rows or (-1 if event.delta > 0 else 1)))
        return "break"

    def _on_click(self, event: tk.Event[tk.Misc]) -> None:
        self.canvas.focus_set()
        shape = self._shape
        row, column = event.y // shape.height, event.x // shape.width
        place = row * self._columns + column
        if column < self._columns and place < len(self._items):
            self.choose(self._first_row * self._columns + place)

    def _on_key(self, key: str) -> str:
        columns = self._columns
        if key in ("Home", "End"):
            self.choose(0 if key == "Home" else self.total - 1)
        else:
            page = self._rows_in_view * columns
            step = {"Up": -columns, "Down": columns, "Prior": -page, "Next": page}
            self.choose(max(0, self.chosen + _KEYS.get(key, step.get(key, 0))))
        return "break"
