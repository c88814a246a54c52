"""The window's keys: F1 everywhere, and those of each tab while it is shown."""

from __future__ import annotations

import tkinter as tk
from collections import defaultdict
from collections.abc import Iterable
from functools import partial

from digitdesk.ui.toolkit.tab import Shortcut, Tab
from digitdesk.ui.toolkit.tooltip import help_on_focus


def bind_shortcuts(root: tk.Tk, tabs: Iterable[Tab]) -> None:
    """Bind the keys of the tabs; the same key may do something else on each."""
    on_mac = root.tk.call("tk", "windowingsystem") == "aqua"
    wanted: dict[str, list[tuple[Tab, Shortcut]]] = defaultdict(list)
    for tab in tabs:
        for shortcut in tab.shortcuts:
            keys = shortcut.keys.replace("Control", "Command") if on_mac else shortcut.keys
            wanted[f"<{keys}>"].append((tab, shortcut))
    for sequence, shortcuts in wanted.items():
        root.bind(sequence, partial(_run, shortcuts))
    root.bind("<F1>", lambda _event: help_on_focus(root))


def _run(shortcuts: Iterable[tuple[Tab, Shortcut]], _event: object) -> None:
    for tab, shortcut in shortcuts:
        if tab.winfo_viewable():
            shortcut.run()
