"""What can be done with a board, where the pointer is: the menu of the right button and its key."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from digitdesk.ui.board.drawing_board import DrawingBoard
from digitdesk.ui.i18n.text import Sentence
from digitdesk.ui.toolkit.tooltip import hide_tooltip

#: More choices stand beside each other, so that a menu of many classes fits onto the screen.
_LONGEST_COLUMN = 16


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu.

    Attributes:
        title: What it says.
        run: What it does.
        keys: Which keys do the same, as people write them.
        is_usable: Whether there is something to do.
        choices: What there is to choose from, in a menu of its own; by name, with what each does.
    """

    title: Sentence
    run: Callable[[], None] = lambda: None
    keys: str = ""
    is_usable: Callable[[], bool] = lambda: True
    choices: Callable[[], Sequence[tuple[str, Callable[[], None]]]] | None = None


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
        self._submenus: list[tk.Menu] = []
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
        while self._submenus:
            self._submenus.pop().destroy()
        for number, group in enumerate(self._groups):
            if number:
                self.menu.add_separator()
            for entry in group:
                self._add(entry)
        self.menu.tk_popup(x, y)

    def _add(self, entry: Entry) -> None:
        title = entry.title.again()
        state: Literal["normal", "disabled"] = "normal" if entry.is_usable() else "disabled"
        if entry.choices is None:
            self.menu.add_command(
                label=title, command=entry.run, accelerator=entry.keys, state=state
            )
            return
        submenu = tk.Menu(self.menu, tearoff=False)
        self._submenus.append(submenu)
        for number, (name, run) in enumerate(entry.choices() if state == "normal" else ()):
            is_next_column = bool(number) and number % _LONGEST_COLUMN == 0
            submenu.add_command(label=name, command=run, columnbreak=is_next_column)
        self.menu.add_cascade(label=title, menu=submenu, accelerator=entry.keys, state=state)
