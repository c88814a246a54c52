"""A ring around the control that the Tab key has gone to, where the control has none of its own.

It lies over the window, so that nothing moves when it comes; the mouse takes it away.
"""

from __future__ import annotations

import tkinter as tk
from typing import Any

from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import px

#: Kinds of controls that look the same with and without the focus.
_BLIND = ("TScale", "TCheckbutton", "TRadiobutton", "Toolbutton", "Treeview", "TLabel")
_WIDTH = 2


class FocusRing:
    """Four thin lines that stand around a widget.

    Args:
        root: The window.
    """

    def __init__(self, root: tk.Tk) -> None:
        self._lines = tuple(tk.Frame(root, borderwidth=0) for _edge in range(4))
        root.bind_all("<<TraverseIn>>", lambda event: self._show(event.widget), add="+")
        self._around: object = None
        root.bind_all("<FocusOut>", self._on_focus_out, add="+")
        root.bind_all("<ButtonPress>", lambda _event: self.hide(), add="+")
        theme.follow_size(root, self.hide)

    @property
    def is_shown(self) -> bool:
        """Whether there is a ring around something."""
        return bool(self._lines[0].winfo_manager())

    def hide(self) -> None:
        """Take it away."""
        for line in self._lines:
            line.place_forget()

    def _on_focus_out(self, event: tk.Event[tk.Misc]) -> None:
        # That the control before has lost the focus is told only after the next one has it.
        if event.widget is self._around:
            self.hide()

    def _show(self, widget: object) -> None:
        self.hide()
        if not isinstance(widget, tk.Misc) or widget.winfo_class() not in _BLIND:
            return
        self._around = widget
        width = px(widget, _WIDTH)
        color = theme.palette().accent
        along: dict[str, Any] = {"relwidth": 1, "width": 2 * width, "height": width, "x": -width}
        across: dict[str, Any] = {"relheight": 1, "height": 2 * width, "width": width, "y": -width}
        places = (
            {**along, "y": -width},
            {**along, "rely": 1},
            {**across, "x": -width},
            {**across, "relx": 1},
        )
        for line, place in zip(self._lines, places, strict=True):
            line.configure(background=color)
            line.place(in_=widget, bordermode="outside", **place)
            line.lift()
