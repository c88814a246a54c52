"""Room for the titles of all tabs: where the menus would lie on them, they come closer together.

Where that is not enough, they are written smaller.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from tkinter import font as tk_font

from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer

#: The room beside each title, in logical pixels, and the font: the first for which there is room.
_LOOKS = (
    *((side, "body") for side in (16, 12, 8, 4, 2)),
    *((side, "small") for side in (4, 2)),
    *((side, "tiny") for side in (4, 2, 1, 0)),
)
#: Around each title, too: the ring that shows where the keys are, in screen pixels.
_RING = 1
#: Left of the first title and around the menus, in logical pixels.
_EDGES = 3 * GAP + 2


class TabRoom:
    """Watches how wide the window is, and how wide the titles are.

    Args:
        window: What both lie in.
        notebook: Has the titles.
        menus: Lie at the right of them.
    """

    def __init__(self, window: tk.Misc, notebook: theme.Notebook, menus: tk.Misc) -> None:
        self._window, self._notebook, self._menus = window, notebook, menus
        self._later = Timer(window, None, self._fit)
        for widget in (window, menus):
            widget.bind("<Configure>", lambda _event: self._later.ask(), add="+")
        theme.follow_size(window, self._later.ask)
        follow_language(window, self._later.ask)

    def _fit(self) -> None:
        if self._window.winfo_width() <= 1:
            # Not laid out yet: titles would be written small, and the page would move when they
            # become large again.
            return
        call = self._notebook.tk.call
        tabs = self._notebook.tk.splitlist(call(self._notebook, "tabs"))
        titles = [str(call(self._notebook, "tab", tab, "-text")) for tab in tabs]
        room = self._window.winfo_width() - self._menus.winfo_reqwidth() - px(self._window, _EDGES)
        fitting = (look for look in _LOOKS if self._width(titles, *look) <= room)
        theme.fit_tabs(self._window, *next(fitting, _LOOKS[-1]))

    def _width(self, titles: Sequence[str], side: int, font_name: str) -> int:
        """How wide the titles are with so much room beside each."""
        font = tk_font.nametofont(theme.font(font_name), root=self._window)
        sides = 2 * len(titles) * (px(self._window, side) + _RING)
        return sum(map(font.measure, titles)) + sides
