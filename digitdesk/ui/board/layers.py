"""What the board shows, layer over layer: the ink's picture, a picture from a file, the hint.

The items are made once and changed; only lines drawn before the core was loaded come and go.
"""

from __future__ import annotations

import math
import tkinter as tk
from typing import Literal

from digitdesk.messages.boxes import PixelBox
from digitdesk.messages.picture import Picture
from digitdesk.messages.prediction import Point
from digitdesk.ui.board.pictures import fitted, resized
from digitdesk.ui.i18n.text import Sentence
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px

#: Width of the ring that shows the focus, in logical pixels.
_RING = 2
_EARLY = "early"


class BoardLayers:
    """The items of a board's canvas.

    Args:
        canvas: The board.
        hint: What is written on it while it is empty.

    Attributes:
        ink: The ink's picture.
        photo: The picture from a file, as large as the board.
    """

    def __init__(self, canvas: tk.Canvas, hint: Sentence) -> None:
        colors = theme.palette()
        self._canvas = canvas
        self._size = (1, 1)
        self.ink: tk.PhotoImage | None = None
        self._ink_item = canvas.create_image(0, 0, anchor="nw")
        self._picture: Picture | None = None
        self.photo: tk.PhotoImage | None = None
        self._photo_item = canvas.create_image(0, 0, anchor="nw", state="hidden")
        self._hint = canvas.create_text(
            0, 0, fill=colors.ink_hint, font=theme.font("title"), justify="center"
        )
        self._ring = canvas.create_rectangle(
            0, 0, 0, 0, width=px(canvas, _RING), outline=colors.accent, state="hidden"
        )
        follow_language(canvas, lambda: self._say(hint.again()))
        theme.follow_size(canvas, self._on_size)

    def resize(self, width: int, height: int) -> None:
        """Fill so many screen pixels; the ink's picture stays until there is a new one."""
        self._size = (width, height)
        self._canvas.coords(self._hint, width / 2, height / 2)
        self._canvas.itemconfigure(self._hint, width=max(1, width - px(self._canvas, 2 * GAP)))
        edge = px(self._canvas, _RING) / 2
        self._canvas.coords(self._ring, edge, edge, width - edge, height - edge)
        self._draw_picture()

    def _on_size(self) -> None:
        self._canvas.itemconfigure(self._ring, width=px(self._canvas, _RING))
        self.resize(*self._size)

    def new_ink(self, width: int, height: int) -> None:
        """Begin another picture of the ink, of so many pixels."""
        self.ink = tk.PhotoImage(master=self._canvas, width=width, height=height)
        self._canvas.itemconfigure(self._ink_item, image=self.ink)
        self.forget_early()

    def paint_ink(self, box: PixelBox, greys: bytes) -> None:
        """Paint a part of the ink's picture, one byte a pixel."""
        left, top, right, bottom = box
        if self.ink is not None and right > left and bottom > top:
            # A grey map goes into the image as it is: 0.1 ms for the part under the pen,
            # where handing over the whole picture would take more than a millisecond.
            part = Picture(right - left, bottom - top, greys)
            self.ink.put(part.pgm, to=(left, top))

    def show_picture(self, picture: Picture | None) -> None:
        """Draw a picture from a file as large as the board, or take it away."""
        if picture is not self._picture:
            self._picture = picture
            self._draw_picture()

    def _draw_picture(self) -> None:
        picture = self._picture
        if picture is None:
            self._canvas.itemconfigure(self._photo_item, image="", state="hidden")
            self.photo = None
            return
        width, height = self._size
        photo = tk.PhotoImage(master=self._canvas, width=width, height=height)
        photo.put(resized(picture, width, height).pgm)
        self._canvas.itemconfigure(self._photo_item, image=photo, state="normal")
        # The picture before goes only now: an item must never show one that is gone.
        self.photo = photo
        self._canvas.tag_raise(self._photo_item)
        self._canvas.tag_raise(self._ring)

    def picture_place(self) -> tuple[float, float, float]:
        """Where the picture from a file begins, and how many screen pixels its pixels are wide."""
        if self._picture is None:
            return 0.0, 0.0, 1.0
        (width, height), scale = fitted(self._picture, *self._size)
        return (self._size[0] - width) // 2, (self._size[1] - height) // 2, scale

    def show_hint(self, visible: bool) -> None:
        """Say what to do, or no longer."""
        self._canvas.itemconfigure(self._hint, state="normal" if visible else "hidden")

    def _say(self, hint: str) -> None:
        self._canvas.itemconfigure(self._hint, text=hint)

    def show_ring(self, state: Literal["normal", "hidden"]) -> None:
        """Show that keys go to the board, or no longer do."""
        self._canvas.itemconfigure(self._ring, state=state)
        self._canvas.tag_raise(self._ring)

    def recolor(self) -> None:
        """Take the colors of the theme in use."""
        self._canvas.itemconfigure(self._ring, outline=theme.palette().accent)

    def draw_early(self, start: Point, end: Point, width_px: float) -> None:
        """Draw a plain line, between screen positions, while there is no ink's picture yet."""
        self._canvas.create_line(
            *start,
            *end,
            fill=theme.palette().ink,
            width=math.ceil(width_px),
            capstyle="round",
            tags=_EARLY,
        )
        self.show_hint(False)

    def forget_early(self) -> None:
        """Take the plain lines away."""
        self._canvas.delete(_EARLY)
