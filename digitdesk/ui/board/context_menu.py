"""What can be done with a board, where the pointer is: the menu of the right button and its key."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from digitdesk.ui.board.drawing_board import DrawingBoard
from digitdesk.ui.i18n.text import Sentence
from digitdesk.ui.toolkit.tooltip import hide_tooltip


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu.

    Attributes:
        title: What it says.
        run: What it does.
        keys: Which keys do the same, as people write them.
        is_usable: Whether there is something to do.
    """

    title: Sentence
    run: Callable[[], None]
    keys: str = ""
    is_usable: Callable[[], bool] = lambda: True


class BoardMenu:
    """Opens on a board; it is written anew each time, in the language of then.

    Args:
        board: What it is about.
        groups: The lines, with a rule between two groups.

    Attributes:
        menu: The menu itself.
    """

    def __init__(self, board: DrawingBoard, groups: Sequence[Sequence[Entry]]) -> None:
        self._board = board
        self._groups = groups
        self.menu = tk.Menu(board, tearoff=False)
        buttons = ["<Button-3>"]
        if board.tk.call("tk", "windowingsystem") == "aqua":
            buttons = ["<Button-2>", "<Control-Button-1>"]
        for button in buttons:
            board.bind(button, self._on_button)

    def open(self) -> None:
        """Open in the board's middle, for whoever asks with a key."""
        board = self._board
        self._open(
            board.winfo_rootx() + board.winfo_width() // 2,
            board.winfo_rooty() + board.winfo_height() // 2,
        )

    def _on_button(self, event: tk.Event[tk.Misc]) -> str:
        # A pen that is down has the board to itself: its other button is pressed by chance.
        if not self._board.pen_is_down:
            self._board.focus_set()
            self._open(event.x_root, event.y_root)
        return "break"

    def _open(self, x: int, y: int) -> None:
        hide_tooltip(self._board)
        self.menu.delete(0, "end")
        for number, group in enumerate(self._groups):
            if number:
                self.menu.add_separator()
            for entry in group:
                self.menu.add_command(
                    label=entry.title.again(),
                    command=entry.run,
                    accelerator=entry.keys,
                    state="normal" if entry.is_usable() else "disabled",
                )
        self.menu.tk_popup(x, y)
