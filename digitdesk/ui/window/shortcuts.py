"""The window's keys: F1, F11 and Ctrl+Tab everywhere, and those of each tab while it is shown."""

from __future__ import annotations

import tkinter as tk
from collections import defaultdict
from collections.abc import Callable
from functools import partial

from digitdesk.ui.toolkit.tab import Shortcut, Tab
from digitdesk.ui.toolkit.tooltip import help_on_focus
from digitdesk.ui.window.full_screen import FullScreen
from digitdesk.ui.window.pressed_keys import normalized, pressed
from digitdesk.ui.window.tab_group import TabGroup

_FIELDS = ("TEntry", "TCombobox", "TSpinbox")
#: What Tk does in a field at these keys, if only it knew their letters.
_IN_FIELDS = {
    "Control-c": "ttk::entry::Copy",
    "Control-v": "ttk::entry::Paste",
    "Control-x": "ttk::entry::Cut",
}


class Shortcuts:
    """Runs what keys are for; the same key may do something else on each tab.

    Args:
        root: The window.
        tabs: Whose keys they are.
        full_screen: Whence Escape leads back before it does anything else.
    """

    def __init__(self, root: tk.Tk, tabs: TabGroup, full_screen: FullScreen) -> None:
        self._full_screen = full_screen
        self._on_mac = root.tk.call("tk", "windowingsystem") == "aqua"
        self._everywhere: dict[str, Callable[[], None]] = {
            "F1": lambda: help_on_focus(root),
            "Control-Tab": partial(tabs.show_neighbor, 1),
            "Control-Shift-Tab": partial(tabs.show_neighbor, -1),
            "Control-Next": partial(tabs.show_neighbor, 1),
            "Control-Prior": partial(tabs.show_neighbor, -1),
            "F11": full_screen.toggle,
            "Control-plus": partial(full_screen.step_zoom, 1),
            "Control-equal": partial(full_screen.step_zoom, 1),
            "Control-minus": partial(full_screen.step_zoom, -1),
            "Control-0": partial(full_screen.choose_zoom, 1.0),
        }
        self._of_tabs: dict[str, list[tuple[Tab, Shortcut]]] = defaultdict(list)
        for tab in tabs:
            for shortcut in tab.shortcuts:
                self._of_tabs[normalized(shortcut.keys)].append((tab, shortcut))
        root.bind("<KeyPress>", self._on_key)

    def _on_key(self, event: tk.Event[tk.Misc]) -> None:
        keys = pressed(event, on_mac=self._on_mac)
        if keys in self._everywhere:
            self._everywhere[keys]()
        elif _is_field(event.widget):
            # What is typed is the field's own affair, and so is Ctrl+Z in it.
            if keys in _IN_FIELDS and len(event.keysym) > 1:
                event.widget.tk.call(_IN_FIELDS[keys], event.widget)
        elif keys == "Escape" and self._full_screen.leave():
            # The next one wipes the board.
            pass
        else:
            for tab, shortcut in self._of_tabs.get(keys, ()):
                if tab.is_in_front:
                    shortcut.run()


def _is_field(widget: object) -> bool:
    """Whether keys are typed into a widget."""
    if not isinstance(widget, tk.Misc) or widget.winfo_class() not in _FIELDS:
        return False
    return str(widget.cget("state")) not in ("readonly", "disabled")
