"""A second program that drags files to a place on the screen and lets them fall there.

``python drag_source.py X Y FILE…``; the pointer really moves, and the two windows talk XDND. As a
hand does, it waits over the place until what lies there says that it takes them. Ends with 0 when
they were taken, with a sentence when not.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from tkinterdnd2 import COPY, DND_FILES, TkinterDnD

_KIND = "text/uri-list"
_PATIENCE_SECONDS = 20.0
_DRAG = "::tkdnd::xdnd::_dodragdrop_drop_target"


def main(x: int, y: int, files: tuple[str, ...]) -> str:
    """Drag files to a place; what went wrong, if anything."""
    root = TkinterDnD.Tk()
    root.geometry("40x40+0+0")
    root.drag_source_register(1, DND_FILES)
    root.dnd_bind("<<DragInitCmd>>", lambda _event: (COPY, DND_FILES, files))
    ended: list[str] = []
    root.dnd_bind("<<DragEndCmd>>", lambda event: ended.append(event.action))
    root.update()
    end = time.monotonic() + _PATIENCE_SECONDS
    trouble = ""

    def hand_over(offset: str, most: str) -> str:
        return "".join(f"{Path(name).as_uri()}\r\n" for name in files)[int(offset) :][: int(most)]

    def move(step: int) -> None:
        nonlocal trouble
        if int(root.tk.eval(f"set {_DRAG}_accepts_drop")):
            root.tk.call("tkdnd::xdnd::_SendXdndDrop")
        elif time.monotonic() < end:
            # A pointer that stands still tells nobody where it is.
            there = {"x": x + step % 6 - root.winfo_rootx(), "y": y - root.winfo_rooty()}
            root.event_generate("<Motion>", warp=True, **there)
            root.after(60, move, step + 1)
        else:
            below = root.tk.eval(f"set {_DRAG}")
            trouble = (
                f"Nothing at {x}, {y} takes files: the pointer is at {root.winfo_pointerxy()}, "
                f"over window {below} (0 for none that talks XDND), which has not said it does."
            )
            root.tk.eval("set ::tkdnd::xdnd::_dragging 0")

    # The extension's own way to hand files over ends in a zero byte with some builds of Tk.
    root.after(40, lambda: root.selection_handle(hand_over, selection="XdndSelection", type=_KIND))
    root.after(50, move, 0)
    root.tk.call("tkdnd::_init_drag", 1, root, 0, 5, 5, 5, 5)
    return trouble or ("" if ended == [COPY] else f"The files were not taken: {ended}.")


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), tuple(sys.argv[3:])) or None)
