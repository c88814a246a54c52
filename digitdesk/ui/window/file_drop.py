"""Files dropped onto the window from the desktop's file manager.

Tk itself cannot be dropped on; the extension tkdnd, which comes with a Python package, adds it.
Where it cannot be loaded, nothing is dropped and everything else works as before.
"""

from __future__ import annotations

import logging
import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from typing import Any

_log = logging.getLogger(__name__)


def accept_files(
    widget: tk.Misc, take: Callable[[tuple[Path, ...]], None], invite: Callable[[], None]
) -> bool:
    """Let files be dropped onto a widget and whatever lies in it.

    Args:
        widget: Where they may be dropped.
        take: Called with what was dropped, after the drop has ended.
        invite: Called when files are dragged over the widget.

    Returns:
        Whether they can be dropped.
    """
    try:
        from tkinterdnd2 import DND_FILES, TkinterDnD

        TkinterDnD.require(widget.winfo_toplevel())
    except (ImportError, RuntimeError, OSError) as error:
        _log.info("Files cannot be dropped here: %s", error)
        return False

    def enter(event: Any) -> str:
        invite()
        return str(event.action)

    def drop(event: Any) -> str:
        paths = tuple(Path(name) for name in widget.tk.splitlist(event.data))
        # The other program waits for our answer: it is given before any work is done.
        if paths:
            widget.after_idle(take, paths)
        return str(event.action)

    # Importing the package has given every widget these two methods.
    target: Any = widget
    target.drop_target_register(DND_FILES)
    target.dnd_bind("<<DropEnter>>", enter)
    target.dnd_bind("<<Drop>>", drop)
    return True
