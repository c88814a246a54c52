"""The Draw tab: a page to draw one digit on and a page to write a number on.

Both read while the pen moves; the tab keeps with which models.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digitdesk.messages.model import READER, TRAINING, ModelEntry
from digitdesk.messages.picture import Picture
from digitdesk.messages.prediction import Stroke
from digitdesk.messages.run import Progress, RunEvent, RunFinished, RunStarted
from digitdesk.ui.board.drawing_board import DrawingBoard
from digitdesk.ui.board.tools import BoardTools
from digitdesk.ui.controls.mode_switch import ModeSwitch
from digitdesk.ui.controls.offered_models import OfferedModels
from digitdesk.ui.draw.digit_page import DigitPage
from digitdesk.ui.draw.number_page import NumberPage
from digitdesk.ui.draw.page import BoardPage, ModelCommands
from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.toolkit.model_names import model_title
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.tab import Shortcut, Tab, TourStop
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer

if TYPE_CHECKING:
    from digitdesk.session.session import Session

_DIGIT, _NUMBER = "digit", "number"
#: While a network learns, the same ink is read again at this pace, in milliseconds.
_REREAD_MS = 250


class DrawTab(Tab):
    """A switch between two pages, of which one is shown.

    Args:
        parent: The notebook.
        services: What may be asked of the window.

    Attributes:
        switch: Chooses the page.
        digit: The page for one digit.
        number: The page for a number.
        page: The one that is shown.
    """

    key = "draw"

    def __init__(self, parent: tk.Misc, services: PageServices) -> None:
        super().__init__(parent, services, padding=(3 * GAP, 1.5 * GAP, 3 * GAP, 3 * GAP))
        gap = px(self, 1.5 * GAP)
        self._session: Session | None = None
        self._offered = OfferedModels(services, self.refresh_models)
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
        commands = ModelCommands(
            self.choose, self.compare_with, self._open_model, self.read_as_number
        )
        self.digit = DigitPage(self, services, commands)
        self.number = NumberPage(self, services, commands)
        self.page: BoardPage[Any] = self.digit
        self.show_mode(services.settings.board)
        follow_language(self, self.refresh_models)

    # -- what the window asks and tells

    @property
    def title(self) -> Sentence:
        """What stands on the tab."""
        return _("Draw")

    @property
    def shortcuts(self) -> tuple[Shortcut, ...]:
        """History, pen, clipboard and files."""
        return (
            Shortcut("Control-z", self.undo, _("Takes the last change of the board back")),
            Shortcut("Control-y", self.redo, _("Makes it again")),
            Shortcut("Control-Z", self.redo, _("Makes it again")),
            Shortcut("Escape", self.clear, _("Wipes the board")),
            Shortcut("Control-o", self.open_picture, _("Opens a picture")),
            Shortcut("Control-v", self.paste, _("Pastes a picture or a copied file")),
            Shortcut("Control-c", self.copy, _("Copies what the network sees, or the number")),
            Shortcut("Control-p", self.print_page, _("Prints what is on the board")),
            *self._keeping_keys(),
            Shortcut("bracketleft", lambda: self.change_pen(-1), _("A thinner pen")),
            Shortcut("bracketright", lambda: self.change_pen(1), _("A wider pen")),
            Shortcut("Shift-F10", self.open_menu, _("Shows what can be done with the board")),
            Shortcut("Menu", self.open_menu, _("Shows what can be done with the board")),
        )

    @property
    def tour_stops(self) -> tuple[TourStop, ...]:
        """The board, and what the network sees; with one digit, not with a number."""
        return (
            TourStop(
                self.digit.board,
                _("Draw a digit"),
                _("Draw with mouse, pen or finger. It is read while you draw, by a network that "
                  "came with DigitDesk."),
                self._show_digit,
            ),
            TourStop(
                self.digit.panel.network_view,
                _("What the network sees"),
                _("Your ink, made as small as its training images: 28×28 pixels. Below: how "
                  "probable it finds each digit."),
                self._show_digit,
            ),
        )  # fmt: skip

    @property
    def is_untouched(self) -> bool:
        """Whether nothing is drawn."""
        return self.board.is_empty

    @property
    def drop_invitation(self) -> Sentence:
        """What is said while files are dragged over the tab."""
        return _("Drop it to read it.")

    def attach(self, session: Session) -> None:
        """Begin to read; ink drawn before is read at once."""
        self._session = session
        self._offered.attach(session)
        self.refresh_models()
        for page in (self.digit, self.number):
            page.attach(session)

    def handle(self, event: RunEvent) -> None:
        """Offer a run's network, and read with it as it learns."""
        match event:
            case RunStarted() | RunFinished():
                self.refresh_models()
            case Progress():
                # A run's first weights come a moment after its first event.
                if not self._offers_learning_network():
                    self.refresh_models()
                self._weights_moved()

    def models_changed(self, key: str) -> None:
        """Offer the models there are now; one that has another key goes on reading."""
        self.refresh_models(instead=key)
        self._offered.look()

    def use_model(self, key: str) -> None:
        """Read the board with a model, and show the board."""
        self.choose(key)
        self._services.show_tab(self.key)

    def put_on_board(self, content: Picture | Sequence[Stroke], key: str) -> None:
        """Put a picture or strokes on the board for a digit, and read it with a model."""
        self.show_mode(_DIGIT)
        if any(entry.key == key for entry in self._models):
            self.choose(key)
        self.digit.put(content)
        self._services.show_tab(self.key)

    @property
    def drawing(self) -> Picture | Sequence[Stroke]:
        """What is on the board for a digit."""
        return self.digit.board.shown or self.digit.board.strokes

    def take_files(self, paths: Sequence[Path]) -> None:
        """Read the first of the files that were dropped."""
        self.page.open_file(paths[0])

    def focus_set(self) -> None:
        """Give the focus to the board."""
        self.board.focus_set()

    # -- how large it is

    @property
    def _around_page(self) -> tuple[int, int]:
        """What the edges take of width and height, and the switch."""
        left, top, right, bottom = self._edges
        return left + right, top + bottom + self.switch.winfo_reqheight() + px(self, 1.5 * GAP)

    def fit(self, width: int, height: int) -> None:
        """Lay itself out for so many screen pixels that are seen of it."""
        super().fit(width, height)
        wide, high = self._around_page
        self.page.fit(width - wide, height - high)

    @property
    def least_size(self) -> tuple[int, int]:
        """Width and height below which something would be cut off, in screen pixels."""
        wide, high = self._around_page
        width, height = self.page.least_size
        return width + wide, height + high

    # -- pages and models

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
        before, self.page = self.page, self.number if mode == _NUMBER else self.digit
        # A page that is in sight already stays there: taken away for a moment, its board would
        # miss a pen that comes down in it.
        if before is not self.page:
            before.grid_forget()
        self.page.grid(row=1, column=0, sticky="nsew")
        self.switch.show(mode)
        self._services.settings.board = mode
        self._show_choice()

    def read_as_number(self) -> None:
        """Carry what is on the board for a digit over to the one for a number."""
        self.show_mode(_NUMBER)
        self.number.board.take_over(self.digit.board)
        self.number.board.focus_set()

    def refresh_models(self, instead: str = "") -> None:
        """Take the session's present models into the choices.

        Args:
            instead: Key of the model to read with where the one that did is gone.
        """
        if self._session is None:
            return
        self._models = self._offered.entries
        keys = [entry.key for entry in self._models]
        instead = instead if instead in keys else READER
        self._source = self._source if self._source in keys else instead
        self._other_source = self._other_source if self._other_source in keys else ""
        choices = [(entry.key, model_title(entry)) for entry in self._models]
        for page in (self.digit, self.number):
            page.choice.offer(choices)
        self._show_choice()

    def choose(self, key: str) -> None:
        """Read the board with another model; where it cannot be read with, the one before stays."""
        if self._is_usable(key):
            self._source = key
        self.refresh_models()

    def compare_with(self, key: str) -> None:
        """Read with a second model as well; with none for an empty key."""
        if not key or self._is_usable(key):
            self._other_source = key
        self.refresh_models()

    def _is_usable(self, key: str) -> bool:
        """Whether a model is ready to read with; says why where it is not."""
        if self._session is None:
            return False
        with self._status.guarding():
            self._session.load(key)
            return True
        return False

    def _offers_learning_network(self) -> bool:
        """Whether the network of a run that goes on can be chosen."""
        return any(entry.is_learning for entry in self._models)

    def _weights_moved(self) -> None:
        """A network in training has learned on: read the board again, soon."""
        if TRAINING in (self._source, self._other_source) and not self.board.is_empty:
            self._reread_later.ask()

    def _open_model(self, path: Path) -> None:
        """Open a model file that came onto the board, and read with it."""
        key = self._services.open_model(path)
        if key:
            self.choose(key)

    def _show_digit(self) -> None:
        self.show_mode(_DIGIT)

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

    def paste(self) -> None:
        """Read the picture on the clipboard, or the file whose address is there."""
        self.page.paste()

    def copy(self) -> None:
        """Copy the picture the network sees, or the number."""
        self.page.copy()

    def print_page(self) -> None:
        """Print what is on the board, and what was read."""
        self.page.print_page()

    def _keeping_keys(self) -> Iterator[Shortcut]:
        says = _("Keeps the drawing as this digit")
        for digit in "0123456789":
            yield Shortcut(digit, partial(self._keep_as, digit), says)

    def _keep_as(self, class_name: str) -> None:
        self.page.keep_as(class_name)

    def open_menu(self) -> None:
        """Show what can be done with the board."""
        self.page.menu.open()

    def _show_choice(self) -> None:
        for entry in self._models:
            if entry.key == self._source:
                self._status.show_model(model_title(entry))
        self.page.choose(self._source, self._other_source)
