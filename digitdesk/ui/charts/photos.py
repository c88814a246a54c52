"""Photos that show one small picture after the other, each pixel so many screen pixels wide."""

from __future__ import annotations

import tkinter as tk

from digitdesk.messages.picture import DIGIT_SIDE, Picture
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import px


class ZoomedPhoto:
    """A photo that is made once and given new pictures: making one anew costs more.

    Args:
        master: The widget it is shown on.

    Attributes:
        image: To be shown.
    """

    def __init__(self, master: tk.Misc) -> None:
        self._small = tk.PhotoImage(master=master)
        self.image = tk.PhotoImage(master=master)

    def show(self, picture: Picture, zoom: int) -> None:
        """Show a picture, each of its pixels ``zoom`` screen pixels wide."""
        self.show_bytes(picture.pgm, zoom)

    def show_bytes(self, file: bytes, zoom: int) -> None:
        """Show what is in a PGM or PPM file; see ``show``."""
        self._small.configure(data=file)
        image: object = self.image
        self.image.tk.call(image, "copy", self._small, "-zoom", zoom, zoom, "-shrink")


class LargePicture(tk.Label):
    """One picture large, in the theme's and the window's size of now.

    Args:
        parent: The widget to sit in.
        side: How wide a digit is to be, in logical pixels.
    """

    def __init__(self, parent: tk.Misc, side: float) -> None:
        self._photo = ZoomedPhoto(parent)
        super().__init__(parent, image=self._photo.image, borderwidth=0)
        self._side = side
        self._picture: Picture | None = None
        self.bind("<<ThemeChanged>>", lambda _event: self._paint())
        theme.follow_size(self, self._paint)
        self._paint()

    def show(self, picture: Picture) -> None:
        """Show another picture."""
        self._picture = picture
        self._paint()

    def _paint(self) -> None:
        self.configure(background=theme.palette().background)
        if self._picture is not None:
            self._photo.show(self._picture, zoom_for(self, self._side))


def zoom_for(widget: tk.Misc, side: float) -> int:
    """How large a pixel is to be, so that a digit is about as wide as ``side`` logical pixels."""
    return max(1, round(px(widget, side) / DIGIT_SIDE))
