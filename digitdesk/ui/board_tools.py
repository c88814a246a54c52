"""The tools below the board: history, pictures and the pen."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass

from digitdesk.ui import theme
from digitdesk.ui.drawing_board import DEFAULT_PEN_WIDTH, PEN_WIDTHS
from digitdesk.ui.hover_help import explain
from digitdesk.ui.text import Sentence, _
from digitdesk.ui.theme import GAP, px
from digitdesk.ui.widgets import enable

_PEN_STEP = 2


@dataclass(frozen=True, slots=True)
class Commands:
    """What the tools do."""

    undo: Callable[[], None]
    redo: Callable[[], None]
    clear: Callable[[], None]
    open_picture: Callable[[], None]
    paste: Callable[[], None]
    sample: Callable[[], None]


class BoardTools(theme.Frame):
    """A row of small buttons and the pen's slider."""

    def __init__(
        self, parent: tk.Misc, commands: Commands, on_pen: Callable[[float], None]
    ) -> None:
        super().__init__(parent)
        self._on_pen = on_pen
        self.columnconfigure(6, weight=1)
        place = self._place
        self.undo_button = place(
            0, _("Undo"), "arrow-counterclockwise", commands.undo,
            _("Takes the last stroke back (Ctrl+Z)."), alone=True,
        )  # fmt: skip
        self.redo_button = place(
            1, _("Redo"), "arrow-clockwise", commands.redo,
            _("Draws again what was taken back (Ctrl+Y)."), alone=True,
        )  # fmt: skip
        self.clear_button = place(
            2, _("Clear"), "trash", commands.clear, _("Wipes the board (Escape).")
        )
        self.open_button = place(
            3, _("Open"), "folder2-open", commands.open_picture,
            _("Reads the digit in a picture file: a scan, a photo, PNG or JPEG (Ctrl+O)."),
        )  # fmt: skip
        self.paste_button = place(
            4, _("Paste"), "clipboard", commands.paste,
            _("Reads the picture, or the copied file, on the clipboard (Ctrl+V)."),
        )  # fmt: skip
        self.sample_button = place(
            5, _("Sample"), "dice-5", commands.sample,
            _("Puts a random picture of the test set onto the board."),
        )  # fmt: skip
        theme.Label(self, text=_("Pen"), style="Muted.TLabel").grid(
            row=0, column=7, padx=(0, px(self, GAP))
        )
        low, high = PEN_WIDTHS
        self.pen = theme.Scale(
            self,
            from_=low,
            to=high,
            value=DEFAULT_PEN_WIDTH,
            length=px(self, 80),
            command=lambda value: on_pen(round(float(value))),
        )
        self.pen.grid(row=0, column=8)
        explain(self.pen, _("Width of the pen, 8 to 40; [ and ] change it, too."))
        self.set_usable(False)

    def set_usable(self, usable: bool) -> None:
        """Let pictures be read, or not yet."""
        for button in (self.open_button, self.paste_button, self.sample_button):
            enable(button, usable)

    def show_history(self, can_undo: bool, can_redo: bool, can_clear: bool) -> None:
        """Let be pressed what would do something."""
        enable(self.undo_button, can_undo)
        enable(self.redo_button, can_redo)
        enable(self.clear_button, can_clear)

    def change_pen(self, width: float, steps: int) -> None:
        """Make the pen wider or thinner by so many steps."""
        self.pen.set(width + steps * _PEN_STEP)

    def _place(
        self,
        column: int,
        text: Sentence,
        icon: str,
        command: Callable[[], None],
        help_text: Sentence,
        *,
        alone: bool = False,
    ) -> theme.Button:
        button = theme.Button(self, text=text, command=command)
        theme.look(button, theme.TOOL)
        theme.icon(button, icon, alone=alone)
        button.grid(row=0, column=column, padx=(0, px(self, GAP / 2)))
        explain(button, help_text)
        return button
