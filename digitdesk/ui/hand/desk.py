"""Where somebody writes: the word that is dictated, large, the board, and what to do with both."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from tkinter import font as tk_font
from typing import TYPE_CHECKING

from digitdesk.ui.board.sheets import DIGIT_SHEET
from digitdesk.ui.board.timed_board import TimedBoard
from digitdesk.ui.controls.explained_button import explained_button
from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.layout.wrapping_row import WrappingRow
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import enable

if TYPE_CHECKING:
    from digitdesk.ink.board import Board

_SHEET = replace(DIGIT_SHEET, hint=_("Write it here"))
#: The board is at least so large, and the word has so much room at least; in logical pixels.
_LEAST_SIDE, _MOST_SIDE, _WORD = 140, 480, 232
#: A word is written as large as it fits.
_FONTS = ("answer", "number", "headline", "title", "heading", "small")


@dataclass(frozen=True, slots=True)
class DeskCommands:
    """What is done on a desk.

    Attributes:
        take: Takes what is on the board.
        take_back: Takes the last drawing back that was taken.
    """

    take: Callable[[], None]
    take_back: Callable[[], None]


class WritingDesk(theme.Frame):
    """The board at the left, the word and the buttons at the right, and room below them.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
        new_board: Gives a board of the session.
        commands: What is done.

    Attributes:
        board: What is written on.
        word: What is dictated.
        below: Put what else there is to see in here.
    """

    def __init__(
        self,
        parent: tk.Misc,
        services: PageServices,
        new_board: Callable[[float], Board],
        commands: DeskCommands,
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._commands = commands
        self._wanted, self._can_take_back = "", False
        gap = px(self, GAP)
        self.rowconfigure(0, weight=1)
        self.columnconfigure(1, weight=1, minsize=px(self, _WORD))
        self.board = TimedBoard(self, self._show_state, new_board, _SHEET)
        self.board.grid(row=0, column=0, sticky="nw", padx=(0, 3 * gap))
        pen = services.settings.digit_pen
        if pen:
            self.board.pen_width = pen
        side = theme.Frame(self)
        side.grid(row=0, column=1, sticky="nsew")
        side.columnconfigure(0, weight=1)
        side.rowconfigure(3, weight=1)
        theme.Label(side, text=_("Please write"), style="Muted.TLabel").grid(
            row=0, column=0, sticky="w"
        )
        # As high as the largest letters: nothing moves when a longer word comes.
        room = self._room = theme.Frame(side, width=px(self, _WORD))
        room.grid(row=1, column=0, sticky="ew")
        room.grid_propagate(False)
        room.rowconfigure(0, weight=1)
        self.word = theme.Label(room, anchor="w", justify="left")
        self.word.grid(row=0, column=0, sticky="w")
        explain(self.word, _("What to write now. Space takes it and asks for the next."))
        self.buttons = self._build_buttons(side)
        self.buttons.grid(row=2, column=0, sticky="ew", pady=(gap, 2 * gap))
        self.below = theme.Frame(side)
        self.below.grid(row=3, column=0, sticky="nsew")
        self.below.columnconfigure(0, weight=1)
        theme.follow_size(self, self._show_word)
        follow_language(self, self._show_word)
        self.show("", can_take_back=False)

    def _build_buttons(self, parent: tk.Misc) -> WrappingRow:
        row = WrappingRow(parent, apart=GAP)

        def button(
            title: Sentence, command: Callable[[], None], why: Sentence, look: str = theme.QUIET
        ) -> theme.Button:
            return explained_button(row, title, partial(self._press, command), why, look)

        self.take_button = button(
            _("Take it"), self.take,
            _("Keeps what is on the board, and asks for the next (Space)."), theme.ACCENT,
        )  # fmt: skip
        self.undo_button = button(
            _("Undo"), self.undo,
            _("Takes back the last stroke; on an empty board, the drawing before (Ctrl+Z)."),
        )  # fmt: skip
        self.clear_button = button(_("Clear"), self.clear, _("Wipes the board (Delete)."))
        row.wrap(self.take_button, self.undo_button, self.clear_button)
        return row

    # -- what is asked of it

    def show(self, wanted: str, *, can_take_back: bool) -> None:
        """Dictate a word; nothing can be taken while there is none.

        Args:
            wanted: What to write.
            can_take_back: Whether there is a drawing before that can be taken back.
        """
        self._can_take_back = can_take_back
        if wanted != self._wanted:
            self._wanted = wanted
            self._show_word()
        self._show_state()

    @property
    def has_focus(self) -> bool:
        """Whether keys go to the board."""
        return self.focus_get() is self.board

    def focus_set(self) -> None:
        """Give the focus to the board."""
        self.board.focus_set()

    def fit(self, width: int, height: int) -> None:
        """Give the board the largest square that leaves room for the word."""
        side = min(height, width - px(self, _WORD) - px(self, 3 * GAP))
        self.board.resize(min(max(side, px(self, _LEAST_SIDE)), px(self, _MOST_SIDE)))

    @property
    def least_size(self) -> tuple[int, int]:
        """Width and height below which something would be cut off, in screen pixels."""
        beside = px(self, _WORD)
        line = self._room.winfo_reqheight() + px(self, 6 * GAP) + self.buttons.height_at(beside)
        high = line + self.below.winfo_reqheight()
        least = px(self, _LEAST_SIDE)
        return least + px(self, 3 * GAP) + beside, max(least, high)

    # -- commands

    def take(self) -> None:
        """Take what is on the board, where there is something, and begin anew."""
        if self._wanted and self.board.strokes:
            self._commands.take()

    def undo(self) -> None:
        """Take back the last change of the board; else the drawing before."""
        if self.board.can_undo:
            self.board.undo()
        elif self._can_take_back:
            self._commands.take_back()

    def clear(self) -> None:
        """Wipe the board; can be undone."""
        self.board.clear()

    def change_pen(self, step: float) -> None:
        """Make the pen wider or thinner, here and for one digit on the Draw tab."""
        self.board.pen_width += step
        self._services.settings.digit_pen = float(self.board.pen_width)

    def _press(self, command: Callable[[], None]) -> None:
        command()
        self.board.focus_set()

    # -- inside

    def _show_state(self) -> None:
        has_ink = bool(self.board.strokes)
        enable(self.take_button, bool(self._wanted) and has_ink)
        enable(self.undo_button, self.board.can_undo or self._can_take_back)
        enable(self.clear_button, has_ink)

    def _show_word(self) -> None:
        wide = px(self, _WORD)
        fitting = (name for name in _FONTS if self._measure(name) <= wide)
        font = next(fitting, _FONTS[-1])
        self.word.configure(text=self._wanted, font=theme.font(font), wraplength=wide)
        largest = tk_font.nametofont(theme.font(_FONTS[0]), root=self)
        self._room.configure(height=largest.metrics("linespace"))

    def _measure(self, font: str) -> int:
        return tk_font.nametofont(theme.font(font), root=self).measure(self._wanted)
