"""The Draw tab: the board, and what a network reads on it while the pen moves.

Of the session it knows a new board, the models, samples, and how to read strokes and pictures.
"""

from __future__ import annotations

import random
import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from digitdesk.errors import DigitDeskError
from digitdesk.messages import ModelEntry, Prediction
from digitdesk.ui import theme
from digitdesk.ui.answer_panel import AnswerPanel
from digitdesk.ui.board_tools import BoardTools, Commands
from digitdesk.ui.dataset_field import Background
from digitdesk.ui.drawing_board import SIDE, DrawingBoard
from digitdesk.ui.hover_help import explain
from digitdesk.ui.model_names import READER, TRAINING, is_learning, model_title
from digitdesk.ui.pictures import Picture, clipboard_content, copy_picture, png, read_picture
from digitdesk.ui.speaking import follow_language
from digitdesk.ui.status_bar import StatusBar
from digitdesk.ui.text import _
from digitdesk.ui.theme import GAP, px
from digitdesk.ui.widgets import Timer

if TYPE_CHECKING:
    from digitdesk.messages import TestSample
    from digitdesk.session import Session

__all__ = ["READER", "TRAINING", "DrawTab", "model_title"]

_PANEL_WIDTH = 352
_PREPARED_SIDE = 28
#: While a network learns, the same ink is read again at this pace, in milliseconds.
_REREAD_MS = 250
_MODEL_SUFFIXES = (".npz", ".pkl")


class DrawTab(theme.Frame):
    """Board and tools at the left, the answer at the right.

    Args:
        parent: The widget to sit in.
        status: Where messages and errors go.
        ask_picture: Asks for a picture file.
        open_model: Opens a pasted model file.
        copies: Folder for the file of a copied picture.
        background: Fetches samples beside the window.
    """

    def __init__(
        self,
        parent: tk.Misc,
        status: StatusBar,
        *,
        ask_picture: Callable[[str], str],
        open_model: Callable[[Path], None],
        copies: Path,
        background: Background | None = None,
    ) -> None:
        super().__init__(parent, padding=px(parent, 3 * GAP))
        self._status = status
        self._ask_picture = ask_picture
        self._open_model = open_model
        self._copies = copies
        self._background = background
        self._session: Session | None = None
        self._models: tuple[ModelEntry, ...] = ()
        self._source = READER
        self._other_source = ""
        self._prediction: Prediction | None = None
        self._seed = random.Random()
        self._reread_later = Timer(self, _REREAD_MS, self._read)
        self.rowconfigure(0, weight=1)
        self.columnconfigure((0, 3), weight=1)
        self.board = DrawingBoard(self, self._read)
        self.board.grid(row=0, column=1, sticky="nw")
        explain(
            self.board,
            _(
                "Draw a digit with the mouse, a pen or a finger. Escape clears, Ctrl+Z takes "
                "back, [ and ] change the pen, Ctrl+V pastes a picture."
            ),
        )
        commands = Commands(
            undo=self.undo,
            redo=self.redo,
            clear=self.clear,
            open_picture=self.open_picture,
            paste=self.paste,
            sample=self.show_sample,
        )
        self.tools = BoardTools(self, commands, self._on_pen)
        self.tools.grid(row=1, column=1, sticky="ew", pady=(px(self, 2 * GAP), 0))
        self.undo_button, self.redo_button = self.tools.undo_button, self.tools.redo_button
        self.clear_button, self.pen = self.tools.clear_button, self.tools.pen
        self.panel = AnswerPanel(
            self,
            _PANEL_WIDTH,
            on_source=self._on_source,
            on_other=self._on_other,
            copy=self.copy_prepared,
        )
        self.panel.grid(row=0, column=2, rowspan=2, sticky="ns", padx=(px(self, 4 * GAP), 0))
        self.network_view, self.answer = self.panel.network_view, self.panel.answer
        self.bars, self.read_with = self.panel.bars, self.panel.read_with
        self.step_note = self.panel.step_note
        self.bind("<Configure>", self._on_configure)
        follow_language(self, self.refresh_models)
        self._show_history()

    # -- what others ask of the tab

    @property
    def source(self) -> str:
        """Key of the model that reads the board."""
        return self._source

    @property
    def prediction(self) -> Prediction | None:
        """The answer on show."""
        return self._prediction

    def attach(self, session: Session) -> None:
        """Begin to read; ink drawn before is read at once."""
        self._session = session
        self.tools.set_usable(True)
        self.refresh_models()
        self.board.attach(session.new_board)

    def refresh_models(self) -> None:
        """Take the session's present models into the choices."""
        if self._session is None:
            return
        self._models = self._session.models()
        keys = [entry.key for entry in self._models]
        self._source = self._source if self._source in keys else READER
        self._other_source = self._other_source if self._other_source in keys else ""
        self.panel.offer([(entry.key, model_title(entry)) for entry in self._models])
        self._show_choice()

    def choose(self, key: str) -> None:
        """Read the board with another model."""
        changed = key != self._source
        self._source = key
        self._show_choice()
        if changed:
            self._read()

    def compare_with(self, key: str) -> None:
        """Read with a second model as well; with none for an empty key."""
        self._other_source = key
        self._show_choice()
        self._read()

    @property
    def offers_learning_network(self) -> bool:
        """Whether the network of a run that goes on can be chosen."""
        return any(entry.key == TRAINING and is_learning(entry) for entry in self._models)

    def weights_moved(self) -> None:
        """A network in training has learned on: read the board again, soon."""
        if TRAINING in (self._source, self._other_source) and not self.board.is_empty:
            self._reread_later.ask()

    # -- commands

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
        self.tools.change_pen(self.board.pen_width, steps)

    def open_picture(self) -> None:
        """Ask for a picture file and read the digit in it."""
        path = self._ask_picture("")
        if path and self._session is not None:
            self._take(Path(path))

    def paste(self) -> None:
        """Read the picture on the clipboard, or the file whose address is there."""
        if self._session is None:
            return
        with self._status.guarding():
            content = clipboard_content(self)
            if content is None:
                self._status.say(_("There is no picture on the clipboard."))
            else:
                self._take(content)

    def show_sample(self) -> None:
        """Put a random picture of a test set onto the board."""
        session = self._session
        if session is None:
            return
        seed = self._seed.randrange(2**31)
        if self._background is None:
            with self._status.guarding():
                self._show_sample(session.test_sample(seed))
        else:
            self._background(
                lambda: session.test_sample(seed), self._show_sample, self._status.show_error
            )

    def copy_prepared(self) -> None:
        """Copy the picture the network sees."""
        prepared = self.network_view.prepared
        if not prepared:
            self._status.say(_("There is nothing to copy yet: draw a digit first."))
            return
        with self._status.guarding():
            file = copy_picture(self, png(prepared, _PREPARED_SIDE), self._copies)
            self._status.say(_("Copied; the picture is also in {file}.").format(file=file))

    # -- reactions

    def _take(self, content: Picture | Path) -> None:
        with self._status.guarding():
            if isinstance(content, Path):
                if content.suffix.lower() in _MODEL_SUFFIXES:
                    self._open_model(content)
                    return
                content = read_picture(content)
            self.board.show_picture(content)
            self._status.say(_("Reading {name}.").format(name=content.title))

    def _show_sample(self, sample: TestSample) -> None:
        self.board.show_picture(
            Picture(sample.picture, _PREPARED_SIDE, _PREPARED_SIDE, sample.label)
        )
        self._status.say(
            _("A picture from {source}; it is meant as {label}.").format(
                source=sample.source, label=sample.label
            )
        )

    def _on_configure(self, event: tk.Event[tk.Misc]) -> None:
        """Give the board the largest square that is left."""
        edge = 2 * px(self, 3 * GAP)
        wide = event.width - edge - px(self, _PANEL_WIDTH + 4 * GAP)
        tools = self.tools.winfo_reqheight() + px(self, 2 * GAP)
        self.board.resize(max(px(self, SIDE), min(wide, event.height - edge - tools)))

    def _on_source(self, key: str) -> None:
        self.choose(key)

    def _on_other(self, key: str) -> None:
        self.compare_with(key)

    def _on_pen(self, width: float) -> None:
        self.board.pen_width = width

    def _show_choice(self) -> None:
        self.panel.choose(self._source, self._other_source)
        for entry in self._models:
            if entry.key == self._source:
                self._status.show_model(model_title(entry))

    def _read(self) -> None:
        """Read the board and show the answer."""
        self._show_history()
        if self._session is None:
            return
        with self._status.guarding():
            self._show(self._answer_of(self._source))
        self._read_other()

    def _answer_of(self, source: str) -> Prediction:
        assert self._session is not None
        picture = self.board.shown
        if picture is not None:
            return self._session.read_picture(picture.pixels, picture.width, picture.height, source)
        return self._session.read_strokes(self.board.strokes, source)

    def _read_other(self) -> None:
        other: Prediction | None = None
        if self._other_source:
            try:
                other = self._answer_of(self._other_source)
            except DigitDeskError as error:
                self._status.show_error(error)
        self.panel.show_other(other)

    def _show(self, prediction: Prediction) -> None:
        self._prediction = prediction
        self.panel.show(prediction)

    def _show_history(self) -> None:
        board = self.board
        self.tools.show_history(board.can_undo, board.can_redo, not board.is_empty)
