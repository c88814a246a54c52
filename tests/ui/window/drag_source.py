"""A second program that drags files to a place on the screen and lets them fall there.

``python drag_source.py X Y FILE…``; the pointer really moves, and the two windows talk XDND.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tkinterdnd2 import COPY, DND_FILES, TkinterDnD

_KIND = "text/uri-list"


def main(x: int, y: int, files: tuple[str, ...]) -> None:
    root = TkinterDnD.Tk()
    root.geometry("40x40+0+0")
    root.drag_source_register(1, DND_FILES)
    root.dnd_bind("<<DragInitCmd>>", lambda _event: (COPY, DND_FILES, files))
    root.update()

    def move(to_x: int, to_y: int) -> None:
        there = {"x": to_x - root.winfo_rootx(), "y": to_y - root.winfo_rooty()}
        root.event_generate("<Motion>", warp=True, **there)

    def hand_over(offset: str, most: str) -> str:
        return "".join(f"{Path(name).as_uri()}\r\n" for name in files)[int(offset) :][: int(most)]

    # The extension's own way to hand files over ends in a zero byte with some builds of Tk.
    root.after(40, lambda: root.selection_handle(hand_over, selection="XdndSelection", type=_KIND))
    for step in range(6):
        root.after(50 + 60 * step, move, x + step, y)
    root.after(600, lambda: root.tk.call("tkdnd::xdnd::_SendXdndDrop"))
    root.after(5000, root.destroy)  # whatever goes wrong, it ends
    root.tk.call("tkdnd::_init_drag", 1, root, 0, 5, 5, 5, 5)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), tuple(sys.argv[3:]))
