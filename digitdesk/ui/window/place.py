"""Where the window stands on the screen, and how large it is."""

from __future__ import annotations

import re
import tkinter as tk

from digitdesk.ui.toolkit.theme import px

# The window's first and smallest size in logical pixels.
_FIRST_SIZE = (1120, 760)
_LEAST_SIZE = (960, 640)
# What a desktop needs of the screen for itself: the window's title and edges, and a bar.
_DESKTOP = (16, 72)


def place_on_screen(root: tk.Tk, geometry: str, zoom: float = 1.0) -> None:
    """Take the place and size of the last time, if the screen still has room for it.

    Args:
        root: The window.
        geometry: Place and size as Tk writes them, ``1120x760+40+40``; empty at the first start.
        zoom: How large everything is now. It does not make the least window larger: what has no
            room in it can be scrolled to.
    """
    least = (_LEAST_SIZE[0] / zoom, _LEAST_SIZE[1] / zoom)
    root.minsize(*_at_most_the_screen(root, least, zoom))
    width, height = _at_most_the_screen(root, _FIRST_SIZE, zoom)
    first = f"{width}x{height}"
    if (width, height) != tuple(px(root, side) for side in _FIRST_SIZE):
        # It fills the screen: wherever else it stood, its lower edge would be out of sight.
        first += "+0+0"
    root.geometry(geometry if fits_screen(root, geometry) else first)


def fits_screen(root: tk.Tk, geometry: str) -> bool:
    """Whether a place and size, as Tk writes them, lie on the screen."""
    found = re.fullmatch(r"(\d+)x(\d+)\+(\d+)\+(\d+)", geometry)
    if found is None:
        return False
    width, height, x, y = map(int, found.groups())
    wide, high = root.winfo_screenwidth(), root.winfo_screenheight()
    # Tk tells the place with the title, but the size without.
    bars = px(root, _DESKTOP[1]) // 2
    return width > 0 and height > 0 and x + width <= wide and y + height + bars <= high


def _at_most_the_screen(root: tk.Tk, logical: tuple[float, float], zoom: float) -> tuple[int, int]:
    """A size in logical pixels as one in screen pixels that the screen has, less the desktop's."""
    width, height = (px(root, side) for side in logical)
    edges, bars = (px(root, side / zoom) for side in _DESKTOP)
    wide, high = root.winfo_screenwidth() - edges, root.winfo_screenheight() - bars
    return min(width, wide), min(height, high)
