"""The window's shortcuts."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from digitdesk.ui.draw.tab import DrawTab
from digitdesk.ui.toolkit.tooltip import help_on_focus


def bind_keys(root: tk.Tk, draw: DrawTab) -> None:
    """Bind the shortcuts; those of the board act only while its tab is shown."""
    control = "Command" if root.tk.call("tk", "windowingsystem") == "aqua" else "Control"

    def on_draw_tab(command: Callable[[], None]) -> Callable[[object], None]:
        def run(_event: object) -> None:
            if draw.winfo_viewable():
                command()

        return run

    for sequence, command in (
        (f"<{control}-z>", draw.undo),
        (f"<{control}-y>", draw.redo),
        (f"<{control}-Z>", draw.redo),
        (f"<{control}-c>", draw.copy),
        (f"<{control}-v>", draw.paste),
        (f"<{control}-o>", draw.open_picture),
        ("<Escape>", draw.clear),
        ("<bracketleft>", lambda: draw.change_pen(-1)),
        ("<bracketright>", lambda: draw.change_pen(1)),
    ):
        root.bind(sequence, on_draw_tab(command))
    root.bind("<F1>", lambda _event: help_on_focus(root))
