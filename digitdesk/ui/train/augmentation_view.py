"""What augmentation does to real samples: each before, and below it after."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from digitdesk.messages.picture import DIGIT_SIDE, Picture
from digitdesk.ui.i18n.text import _
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.background import Background
from digitdesk.ui.toolkit.theme import px

if TYPE_CHECKING:
    from digitdesk.session.session import Session

COUNT = 8
_APART = 4

Pairs = tuple[tuple[Picture, Picture], ...]


class AugmentationView(theme.Frame):
    """Eight pairs of pictures in two rows, hidden until there are some.

    Args:
        parent: The widget to sit in, which grids it.
        background: Draws the samples beside the window.
        when_new: Called when it has come into sight.
    """

    def __init__(
        self, parent: tk.Misc, background: Background, when_new: Callable[[], None]
    ) -> None:
        super().__init__(parent)
        self._background = background
        self._when_new = when_new
        self.pairs: Pairs = ()
        self.canvas = theme.Canvas(self, highlightthickness=0, borderwidth=0)
        self.canvas.grid(row=0, column=0, sticky="w")
        self.note = theme.Label(
            self,
            text=_("Above as they are, below as the network sees them."),
            style="Muted.TLabel",
            justify="left",
        )
        self.note.grid(row=1, column=0, sticky="w")
        self._items = [self.canvas.create_image(0, 0, anchor="nw") for _image in range(2 * COUNT)]
        self._images: list[tk.PhotoImage] = []
        self._place()
        theme.follow_size(self, self._place)
        self.bind("<<ThemeChanged>>", lambda _event: self._recolor())
        self._recolor()

    def ask(self, session: Session, data: str, strength: float) -> None:
        """Have samples drawn as the network would see them; without strength, show none."""
        if not strength:
            self.grid_remove()
            return
        self._background(
            lambda _job: session.augmentation_preview(data, strength, COUNT),
            self._take,
            lambda _error: self.grid_remove(),
        )

    def _take(self, pairs: Pairs) -> None:
        is_new = not self.winfo_manager()
        self.show(pairs)
        self.grid()
        if is_new:
            self._when_new()

    def _place(self) -> None:
        """Take pictures as large as they are to be shown, and put them into their two rows."""
        self._zoom = max(1, round(px(self, 100) / 100))
        side = DIGIT_SIDE * self._zoom
        cell = side + int(px(self, _APART))
        self.canvas.configure(width=COUNT * cell, height=2 * cell)
        self.note.configure(wraplength=COUNT * cell)
        images = [tk.PhotoImage(master=self, width=side, height=side) for _ in self._items]
        for number, item in enumerate(self._items):
            column, row = divmod(number, 2)
            self.canvas.coords(item, column * cell, row * cell)
            self.canvas.itemconfigure(item, image=images[number])
        # The pictures before go only now: an item must never show one that is gone.
        self._images = images
        self.show(self.pairs)

    def show(self, pairs: Pairs) -> None:
        """Show pairs of 28×28 pictures."""
        self.pairs = pairs[:COUNT]
        for column, pair in enumerate(self.pairs):
            for row, picture in enumerate(pair):
                self._put(self._images[2 * column + row], picture)

    def _put(self, target: tk.PhotoImage, picture: Picture) -> None:
        small = tk.PhotoImage(master=self, data=picture.pgm)
        call: Callable[..., Any] = self.tk.call
        call(str(target), "copy", str(small), "-zoom", self._zoom)

    def _recolor(self) -> None:
        self.canvas.configure(background=theme.palette().background)
