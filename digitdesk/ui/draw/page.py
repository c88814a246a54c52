"""A board with its tools, and the way from ink or a picture on it to an answer beside it.

What there is to read, one digit or a number, and how the answer is shown, subclasses say.
"""

from __future__ import annotations

import random
import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from digitdesk.errors import DigitDeskError
from digitdesk.files.atomic import write_atomically
from digitdesk.messages.picture import Picture
from digitdesk.messages.prediction import Stroke
from digitdesk.ui.board.context_menu import BoardMenu
from digitdesk.ui.board.drawing_board import DrawingBoard
from digitdesk.ui.board.pictures import ask_clipboard, png, read_picture
from digitdesk.ui.board.sheets import Sheet
from digitdesk.ui.board.tools import BoardTools, ToolCommands, ToolHelp
from digitdesk.ui.draw.model_choice import ModelChoice
from digitdesk.ui.draw.page_menu import page_menu
from digitdesk.ui.draw.printing import Printing, Said
from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.tooltip import explain

if TYPE_CHECKING:
    from digitdesk.messages.dataset import TestSample
    from digitdesk.session.session import Session

Answer = TypeVar("Answer")

PANEL_WIDTH = 352
"""Of an answer, and of where the models are chosen."""

_PNG = ".png"
_MODEL_SUFFIXES = (".npz", ".pkl")


@dataclass(frozen=True, slots=True)
class ModelCommands:
    """What is done when a model is chosen on a page.

    Attributes:
        read_with: Takes the key of the model to read with.
        compare_with: Takes the key of the second model; empty for none.
        open_file: Opens a model file that came onto the board, and reads with it.
        read_as_number: Carries what is on the board for a digit over to the one for a number.
    """

    read_with: Callable[[str], None]
    compare_with: Callable[[str], None]
    open_file: Callable[[Path], None]
    read_as_number: Callable[[], None]


class BoardPage(theme.Frame, Generic[Answer]):
    """Reads its board with one model or two whenever the ink changes.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
        commands: What is done when a model is chosen.

    Attributes:
        sheet: What there is to draw on.
        pen_setting: Where the width of its pen is remembered.
        key: Its name, never on the screen.
        copy_title: What is copied, in words.
        board_help: What can be done on the board.
        tool_help: What the tools do that differ from page to page.
        choice: Where the models are chosen.
        keeps_drawings: Whether a drawing can be kept as an example of what it was meant as.
        menu: What can be done with the board, beside the pointer.
    """

    sheet: Sheet
    key: str
    copy_title: Sentence
    pen_setting: str
    board_help: Sentence
    tool_help: ToolHelp
    choice: ModelChoice
    keeps_drawings = False

    def __init__(self, parent: tk.Misc, services: PageServices, commands: ModelCommands) -> None:
        super().__init__(parent)
        self._services = services
        self._status = services.status
        self._open_model = commands.open_file
        self._session: Session | None = None
        self._source = self._other_source = ""
        self._seed = random.Random()
        self.answer: Answer | None = None
        self.board = DrawingBoard(self, self._on_ink, self.sheet)
        explain(self.board, self.board_help)
        tools = ToolCommands(
            undo=self.board.undo,
            redo=self.board.redo,
            clear=self.board.clear,
            open_picture=self.open_picture,
            paste=self.paste,
            sample=self.show_sample,
        )
        self._printing = Printing(self, services, self.key)
        self.tools = BoardTools(self, tools, self._on_pen, self.sheet, self.tool_help)
        pen = getattr(services.settings, self.pen_setting)
        if self.sheet.pens[0] <= pen <= self.sheet.pens[1]:
            self.tools.pen.set(pen)
        self.menu = BoardMenu(self.board, page_menu(self, tools))
        self._show_history()
        self._lay_out(commands)

    # -- what a kind of page says

    def _lay_out(self, commands: ModelCommands) -> None:
        """Put board and tools onto the page, and beside them the answer and ``choice``."""
        raise NotImplementedError

    def _new_board(self, session: Session) -> None:
        """Give the board a board of the session."""
        raise NotImplementedError

    def _answer_of(self, session: Session, source: str) -> Answer:
        """What a model says of the board."""
        raise NotImplementedError

    def _show(self, answer: Answer) -> None:
        """Show an answer."""
        raise NotImplementedError

    def _show_other(self, answer: Answer | None) -> None:
        """Show what the second model says; nothing where there is none."""
        raise NotImplementedError

    def _samples(self, session: Session, seed: int) -> Sequence[TestSample]:
        """Pictures of a test set to put onto the board beside each other."""
        raise NotImplementedError

    def fit(self, width: int, height: int) -> None:
        """Give the board the room that is left where so many screen pixels are seen of the page.

        Board and answer are seen whole wherever that can be; what else there is may be scrolled to.
        """
        raise NotImplementedError

    @property
    def least_size(self) -> tuple[int, int]:
        """Width and height of all that is on the page, in screen pixels."""
        raise NotImplementedError

    def copy(self) -> None:
        """Copy what is there to be copied."""
        raise NotImplementedError

    @property
    def said(self) -> Said:
        """What the answer says, in words and bars."""
        raise NotImplementedError

    def keep_as(self, class_name: str) -> None:
        """Keep the drawing as an example of a class, where drawings of this page can be."""

    @property
    def can_be_kept_as(self) -> tuple[str, ...]:
        """The classes the drawing can be an example of; none where it cannot be kept."""
        return ()

    # -- what the tab asks

    @property
    def is_attached(self) -> bool:
        """Whether there is a session, so that something can be read."""
        return self._session is not None

    def attach(self, session: Session) -> None:
        """Begin to read; ink drawn before is read at once."""
        self._session = session
        self.tools.set_usable(True)
        self._new_board(session)

    def choose(self, source: str, other: str) -> None:
        """Read with other models; the second one's key is empty for none."""
        changed = (source, other) != (self._source, self._other_source)
        self._source, self._other_source = source, other
        self.choice.choose(source, other)
        if changed:
            self.read()

    def read(self) -> None:
        """Read the board and show the answer."""
        self._show_history()
        if self._session is None or not self._source:
            return
        with self._status.guarding():
            self.answer = self._answer_of(self._session, self._source)
            self._show(self.answer)
        other: Answer | None = None
        if self._other_source:
            try:
                other = self._answer_of(self._session, self._other_source)
            except DigitDeskError as error:
                self._status.show_error(error)
        self._show_other(other)

    # -- commands

    def change_pen(self, steps: int) -> None:
        """Make the pen wider (1) or thinner (-1)."""
        self.tools.change_pen(self.board.pen_width, steps)

    def open_picture(self) -> None:
        """Ask for a picture file and read what is in it."""
        path = self._services.dialogs.open_picture()
        if path:
            self.open_file(Path(path))

    def open_file(self, path: Path) -> None:
        """Read what is in a picture file, or read with the model in a model file."""
        if self._session is not None:
            self._take(path)

    def paste(self) -> None:
        """Read the picture on the clipboard, or the file whose address is there."""
        if self._session is None:
            return
        look = ask_clipboard(self)
        self._services.background(lambda _job: look(), self._take_pasted, self._status.show_error)

    def put(self, content: Picture | Sequence[Stroke]) -> None:
        """Put a picture or strokes on the board in place of what is there."""
        if isinstance(content, Picture):
            self.board.show_picture(content)
        else:
            self.board.show_strokes(content)

    def show_sample(self) -> None:
        """Put random pictures of a test set onto the board."""
        session = self._session
        if session is None:
            return
        seed = self._seed.randrange(2**31)
        self._services.background(
            lambda _job: self._samples(session, seed), self._show_samples, self._status.show_error
        )

    def save_picture(self) -> None:
        """Ask for a path, and write what is on the board there as a picture."""
        content = self.board.content
        chosen = self._services.dialogs.export(_PNG, self.key) if content is not None else ""
        if content is None or not chosen:
            return
        path = Path(chosen)
        if path.suffix.lower() != _PNG:
            path = path.with_name(path.name + _PNG)
        with self._status.guarding():
            file = png(content)
            write_atomically(path, lambda stream: stream.write(file))
            self._status.say(_("Saved {name}.").format(name=path.name))

    def print_page(self) -> None:
        """Print what is on the board, and what was read."""
        self._printing.begin(self.board.fine_content, self.said)

    # -- reactions

    def _on_ink(self) -> None:
        self.read()

    def _on_pen(self, width: float) -> None:
        self.board.pen_width = width
        setattr(self._services.settings, self.pen_setting, float(width))

    def _take_pasted(self, content: Picture | Path | None) -> None:
        if content is None:
            self._status.say(_("There is no picture on the clipboard."))
        else:
            self._take(content)

    def _take(self, content: Picture | Path) -> None:
        with self._status.guarding():
            if isinstance(content, Path):
                if content.suffix.lower() in _MODEL_SUFFIXES:
                    self._open_model(content)
                    return
                content = read_picture(content)
            self.board.show_picture(content)
            self._status.say(
                _("Reading {name}.").format(name=content.title)
                if content.title
                else _("Reading the picture on the clipboard.")
            )

    def _show_samples(self, samples: Sequence[TestSample]) -> None:
        label = "".join(sample.label for sample in samples)
        self.board.show_picture(Picture.beside([sample.picture for sample in samples], label))
        self._status.say(
            _("A picture from {source}; it is meant as {label}.").format(
                source=samples[0].source, label=label
            )
        )

    def _show_history(self) -> None:
        board = self.board
        self.tools.show_history(board.can_undo, board.can_redo, not board.is_empty)
