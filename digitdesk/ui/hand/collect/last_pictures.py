"""A strip of the drawings that were kept last, the newest first, as a network will see them."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import font as tk_font

from digitdesk.messages.own.hand import KeptPicture
from digitdesk.ui.charts.cells import Cell, Shape
from digitdesk.ui.charts.photos import zoom_for
from digitdesk.ui.i18n.text import Sentence, again
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer

_PICTURE = 56
_KEYS = {"Left": -1, "Right": 1}


class LastPictures(theme.Canvas):
    """As many as have room; one can be chosen by click or keys.

    Args:
        parent: The widget to sit in.
        when_empty: What is said where there are none.
        on_choose: Takes the drawing that is chosen.
    """

    def __init__(
        self, parent: tk.Misc, when_empty: Sentence, on_choose: Callable[[KeptPicture], None]
    ) -> None:
        super().__init__(
            parent, width=1, height=1, highlightthickness=0, borderwidth=0, takefocus=True
        )
        self._when_empty, self._on_choose = when_empty, on_choose
        self._drawings: Sequence[KeptPicture] = ()
        self._cells: list[Cell] = []
        self.chosen = -1
        self._empty = self.create_text(0, 0, anchor="nw", font=theme.font("small"))
        self._draw_later = Timer(self, None, self._draw)
        for change in ("<Configure>", "<<ThemeChanged>>", "<FocusIn>", "<FocusOut>"):
            self.bind(change, lambda _event: self._draw_later.ask())
        self.bind("<Button-1>", self._on_click)
        for key, step in _KEYS.items():
            self.bind(f"<{key}>", lambda _event, step=step: self._move(step))  # type: ignore[misc]
        for key in ("Return", "space", "Delete"):
            self.bind(f"<{key}>", lambda _event: self._choose(max(0, self.chosen)))
        theme.follow_size(self, self._draw_later.ask)
        follow_language(self, self._draw_later.ask)

    @property
    def labels(self) -> list[str]:
        """What those in view are, the newest first."""
        return [drawing.label for drawing in self._drawings[: self._room]]

    def show(self, drawings: Sequence[KeptPicture]) -> None:
        """Show other drawings."""
        if drawings != self._drawings:
            self._drawings, self.chosen = drawings, -1
            self._draw_later.ask()

    def middle_of(self, place: int) -> tuple[int, int]:
        """Where a drawing is on the canvas."""
        shape = self._shape
        return place * shape.width + (shape.width - shape.gap) // 2, shape.side // 2 + 3

    # -- inside

    @property
    def _shape(self) -> Shape:
        font = tk_font.nametofont(theme.font("small"), root=self)
        line = font.metrics("linespace") + px(self, 2)
        return Shape(zoom_for(self, _PICTURE), px(self, GAP), line)

    @property
    def _room(self) -> int:
        shape = self._shape
        return max(1, (self.winfo_width() - 2 + shape.gap) // shape.width)

    def _draw(self) -> None:
        colors, shape = theme.palette(), self._shape
        self.configure(background=colors.background, height=shape.height - shape.gap + px(self, 4))
        shown = self._drawings[: self._room]
        while len(self._cells) < len(shown):
            self._cells.append(Cell(self))
        has_focus = self.focus_get() is self
        for place, (cell, drawing) in enumerate(zip(self._cells, shown, strict=False)):
            cell.put(2 + place * shape.width, 3, shape)
            cell.show(drawing.picture, drawing.label, zoom=shape.zoom, is_wrong=False)
            color = colors.accent if has_focus else colors.text
            cell.ring(color if place == self.chosen else "")
        for cell in self._cells[len(shown) :]:
            cell.hide()
        words = "" if self._drawings else str(again(self._when_empty))
        self.itemconfigure(
            self._empty, text=words, fill=colors.muted, width=max(1, self.winfo_width())
        )

    def _on_click(self, event: tk.Event[tk.Misc]) -> None:
        self._choose(int(event.x) // self._shape.width)

    def _move(self, step: int) -> None:
        if self._drawings:
            most = min(self._room, len(self._drawings)) - 1
            self.chosen = min(max(self.chosen + step, 0), most)
            self._draw()

    def _choose(self, place: int) -> None:
        if place < min(self._room, len(self._drawings)):
            self.chosen = place
            self._draw()
            self._on_choose(self._drawings[place])
