"""The tools below the board: history, pictures and the pen."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass

from digitdesk.ui.board.sheets import Sheet
from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.layout.wrapping_row import WrappingRow
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import enable

_PEN_STEP = 2


@dataclass(frozen=True, slots=True)
class ToolCommands:
    """What the tools do."""

    undo: Callable[[], None]
    redo: Callable[[], None]
    clear: Callable[[], None]
    open_picture: Callable[[], None]
    paste: Callable[[], None]
    sample: Callable[[], None]


@dataclass(frozen=True, slots=True)
class ToolHelp:
    """What is said of the tools that do something else on each board."""

    open_picture: Sentence
    sample: Sentence


class BoardTools(WrappingRow):
    """A row of small buttons and the pen's slider.

    Args:
        parent: The widget to sit in.
        commands: What the buttons do.
        on_pen: Called with another width of the pen, in board units.
        sheet: Says which pens there are.
        tool_help: What is said of opening a picture and of samples.
    """

    def __init__(
        self,
        parent: tk.Misc,
        commands: ToolCommands,
        on_pen: Callable[[float], None],
        sheet: Sheet,
        tool_help: ToolHelp,
    ) -> None:
        super().__init__(parent, apart=GAP / 2)
        self._on_pen = on_pen
        place = self._tool
        self.undo_button = place(
            _("Undo"), "arrow-counterclockwise", commands.undo,
            _("Takes the last change of the board back (Ctrl+Z)."), alone=True,
        )  # fmt: skip
        self.redo_button = place(
            _("Redo"), "arrow-clockwise", commands.redo,
            _("Makes the change again that was taken back (Ctrl+Y)."), alone=True,
        )  # fmt: skip
        self.clear_button = place(
            _("Clear"), "trash", commands.clear, _("Wipes the board (Escape).")
        )
        self.open_button = place(
            _("Open"), "folder2-open", commands.open_picture, tool_help.open_picture
        )
        self.paste_button = place(
            _("Paste"), "clipboard", commands.paste,
            _("Reads the picture, or the copied file, on the clipboard (Ctrl+V)."),
        )  # fmt: skip
        self.sample_button = place(_("Sample"), "dice-5", commands.sample, tool_help.sample)
        pen = theme.Frame(self)
        theme.Label(pen, text=_("Pen"), style="Muted.TLabel").grid(
            row=0, column=0, padx=(0, px(self, GAP))
        )
        low, high = sheet.pens
        self.pen = theme.Scale(
            pen,
            from_=low,
            to=high,
            value=sheet.pen,
            length=px(self, 80),
            command=lambda value: on_pen(round(float(value))),
        )
        self.pen.grid(row=0, column=1)
        sentence = _("Width of the pen, {low} to {high}; [ and ] change it, too.")
        explain(self.pen, sentence.format(low=low, high=high))
        self.wrap(
            self.undo_button, self.redo_button, self.clear_button, self.open_button,
            self.paste_button, self.sample_button, pen, pushed=pen,
        )  # fmt: skip
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

    def _tool(
        self,
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
        explain(button, help_text)
        return button
