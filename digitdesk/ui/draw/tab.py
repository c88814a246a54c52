"""The Draw tab: a page to draw one digit on and a page to write a number on.

Both read while the pen moves; the tab keeps with which models.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digitdesk.messages.model import ModelEntry
from digitdesk.ui.board.drawing_board import DrawingBoard
from digitdesk.ui.board.tools import BoardTools
from digitdesk.ui.draw.digit_page import DigitPage
from digitdesk.ui.draw.mode_switch import ModeSwitch
from digitdesk.ui.draw.number_page import NumberPage
from digitdesk.ui.draw.page import BoardPage, PageServices
from digitdesk.ui.i18n.text import _
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.background import Background
from digitdesk.ui.toolkit.model_names import READER, TRAINING, is_learning, model_title
from digitdesk.ui.toolkit.status_bar import StatusBar
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer
from digitdesk.ui.toolkit.user_settings import Settings

if TYPE_CHECKING:
    from digitdesk.session.session import Session

__all__ = ["READER", "TRAINING", "DrawTab", "model_title"]

_DIGIT, _NUMBER = "digit", "number"
#: While a network learns, the same ink is read again at this pace, in milliseconds.
_REREAD_MS = 250


class DrawTab(theme.Frame):
    """A switch between two pages, of which one is shown.

    Args:
        parent: The widget to sit in.
        status: Where messages and errors go.
        settings: Remembers which page is shown.
        ask_picture: Asks for a picture file.
        open_model: Opens a pasted model file.
        copies: Folder for the file of a copied picture.
        background: Fetches samples beside the window.

    Attributes:
        switch: Chooses the page.
        digit: The page for one digit.
        number: The page for a number.
        page: The one that is shown.
    """

    def __init__(
        self,
        parent: tk.Misc,
        status: StatusBar,
        *,
        settings: Settings,
        ask_picture: Callable[[str], str],
        open_model: Callable[[Path], None],
        copies: Path,
        background: Background | None = None,
    ) -> None:
        edge, gap = px(parent, 3 * GAP), px(parent, 1.5 * GAP)
        super().__init__(parent, padding=(edge, gap, edge, edge))
        self._status = status
        self._settings = settings
        self._session: Session | None = None
        self._models: tuple[ModelEntry, ...] = ()
        self._source = READER
        self._other_source = ""
        self._reread_later = Timer(self, _REREAD_MS, lambda: self.page.read())
        self.rowconfigure(1, weight=1)
        self.columnconfigure(0, weight=1)
        modes = {
            _DIGIT: (_("Digit"), _("Reads one digit, and shows what the network sees of it.")),
            _NUMBER: (_("Number"), _("Reads several digits beside each other on a wide board.")),
        }
        self.switch = ModeSwitch(self, modes, self.show_mode)
        self.switch.grid(row=0, column=0, pady=(0, gap))
        around = PageServices(
            status, ask_picture, open_model, copies, background, self.choose, self.compare_with
        )
        self.digit = DigitPage(self, around)
        self.number = NumberPage(self, around)
        self.page: BoardPage[Any] = self.digit
        self.show_mode(settings.board)
        follow_language(self, self.refresh_models)

    # -- what others ask of the tab

    @property
    def board(self) -> DrawingBoard:
        """The board that is shown."""
        return self.page.board

    @property
    def tools(self) -> BoardTools:
        """The tools that are shown."""
        return self.page.tools

    @property
    def source(self) -> str:
        """Key of the model that reads the board."""
        return self._source

    def show_mode(self, mode: str) -> None:
        """Show the page for a ``digit`` or for a ``number``; the ink on each stays."""
        self.page.grid_forget()
        self.page = self.number if mode == _NUMBER else self.digit
        self.page.grid(row=1, column=0, sticky="nsew")
        self.switch.show(mode)
        self._settings.board = mode
        self._show_choice()

    def attach(self, session: Session) -> None:
        """Begin to read; ink drawn before is read at once."""
        self._session = session
        self.refresh_models()
        for page in (self.digit, self.number):
            page.attach(session)

    def refresh_models(self) -> None:
        """Take the session's present models into the choices."""
        if self._session is None:
            return
        self._models = self._session.models()
        keys = [entry.key for entry in self._models]
        self._source = self._source if self._source in keys else READER
        self._other_source = self._other_source if self._other_source in keys else ""
        choices = [(entry.key, model_title(entry)) for entry in self._models]
        for page in (self.digit, self.number):
            page.choice.offer(choices)
        self._show_choice()

    def choose(self, key: str) -> None:
        """Read the board with another model."""
        self._source = key
        self._show_choice()

    def compare_with(self, key: str) -> None:
        """Read with a second model as well; with none for an empty key."""
        self._other_source = key
        self._show_choice()

    @property
    def offers_learning_network(self) -> bool:
        """Whether the network of a run that goes on can be chosen."""
        return any(entry.key == TRAINING and is_learning(entry) for entry in self._models)

    def weights_moved(self) -> None:
        """A network in training has learned on: read the board again, soon."""
        if TRAINING in (self._source, self._other_source) and not self.board.is_empty:
            self._reread_later.ask()

    # -- commands of the keys

    def undo(self) -> None:
        """Take the last change of the board back."""
        self.board.undo()

    def redo(self) -> None:
        """Make it again."""
        self.board.redo()

    def clear(self) -> None:
        """Wipe the board."""
        self.board.clear()

    def change_pen(self, steps: int) -> None:
        """Make the pen wider (1) or thinner (-1)."""
        self.page.change_pen(steps)

    def open_picture(self) -> None:
        """Ask for a picture file and read what is in it."""
        self.page.open_picture()

    def open_file(self, path: Path) -> None:
        """Read what is in a picture file, or read with the model in a model file."""
        self.page.open_file(path)

    def paste(self) -> None:
        """Read the picture on the clipboard, or the file whose address is there."""
        self.page.paste()

    def copy(self) -> None:
        """Copy the picture the network sees, or the number."""
        self.page.copy()

    def _show_choice(self) -> None:
        self.page.choose(self._source, self._other_source)
        for entry in self._models:
            if entry.key == self._source:
                self._status.show_model(model_title(entry))
