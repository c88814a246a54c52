"""The page for one digit: the board at the left, everything a network says of it at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digitdesk.messages.prediction import Prediction
from digitdesk.ui.board.pictures import copy_picture, png
from digitdesk.ui.board.sheets import DIGIT_SHEET
from digitdesk.ui.board.tools import ToolHelp
from digitdesk.ui.draw.answer_panel import AnswerPanel
from digitdesk.ui.draw.correction import Correction
from digitdesk.ui.draw.page import PANEL_WIDTH, BoardPage, ModelCommands
from digitdesk.ui.draw.printing import Said
from digitdesk.ui.i18n.text import _
from digitdesk.ui.toolkit.theme import GAP, px

if TYPE_CHECKING:
    from digitdesk.messages.dataset import TestSample
    from digitdesk.session.session import Session


#: A page that is lower than this has no room for small print below the lists of models.
_LOW = 480
#: The board is at least so large; beside a wide panel it has at least that much room.
_LEAST_SIDE, _LEAST_BESIDE = 140, 240
_NARROW_PANEL = 248
#: Of more classes, the likeliest are printed.
_MOST_BARS = 10


class DigitPage(BoardPage[Prediction]):
    """Reads one digit."""

    sheet = DIGIT_SHEET
    key = "digit"
    copy_title = _("Copy what the network sees")
    pen_setting = "digit_pen"
    keeps_drawings = True
    board_help = _(
        "Draw a digit with the mouse, a pen or a finger. Escape clears, Ctrl+Z takes back, "
        "[ and ] change the pen, Ctrl+V pastes a picture."
    )
    tool_help = ToolHelp(
        _("Reads the digit in a picture file: a scan, a photo, PNG or JPEG (Ctrl+O)."),
        _("Puts a random picture of the test set onto the board."),
    )

    def _lay_out(self, commands: ModelCommands) -> None:
        self._correction = Correction(self.board, self._services)
        self.rowconfigure(1, weight=1)
        self.columnconfigure((0, 3), weight=1)
        self.board.grid(row=0, column=1, sticky="nw")
        self.tools.grid(row=1, column=1, sticky="new", pady=(px(self, 2 * GAP), 0))
        self.panel = AnswerPanel(
            self,
            on_source=commands.read_with,
            on_other=commands.compare_with,
            on_number=commands.read_as_number,
            copy=self.copy,
        )
        self.panel.grid(row=0, column=2, rowspan=2, sticky="nsew", padx=(px(self, 4 * GAP), 0))
        self.choice = self.panel.choice

    def copy(self) -> None:
        """Copy the picture the network sees."""
        preprocessed = self.panel.network_view.preprocessed
        if preprocessed is None:
            self._status.say(_("There is nothing to copy yet: draw a digit first."))
            return
        with self._status.guarding():
            file = copy_picture(self, png(preprocessed), self._services.cache)
            self._status.say(_("Copied; the picture is also in {file}.").format(file=file))

    @property
    def said(self) -> Said:
        """The answer, how sure it is, and a bar for each of the likeliest classes."""
        view, answer = self.panel.answer, self.answer
        if answer is None or not answer.probabilities:
            return Said(self.choice.source_title, "", (view.hint,))
        guesses = answer.guesses[:_MOST_BARS]
        if len(guesses) == len(answer.class_names):
            # All of them stand in their own order, as beside the board.
            guesses = tuple(zip(answer.class_names, answer.probabilities, strict=True))
        lines = (view.hint, view.confidence, view.second_guess)
        return Said(self.choice.source_title, view.label, lines, guesses)

    def keep_as(self, class_name: str) -> None:
        """Keep the drawing as an example of a class."""
        if self._session is not None:
            self._correction.keep(self._session.writing, class_name, self.can_be_kept_as)

    @property
    def can_be_kept_as(self) -> tuple[str, ...]:
        """The model's classes, where something is drawn with the pen."""
        if self.answer is None or self.board.shown is not None or not self.board.strokes:
            return ()
        return self.answer.class_names

    def _new_board(self, session: Session) -> None:
        self.board.attach(session.new_board)

    def _answer_of(self, session: Session, source: str) -> Prediction:
        picture = self.board.shown
        if picture is not None:
            return session.read_picture(picture, source)
        return session.read_strokes(self.board.strokes, source, at_a_glance=self.board.pen_is_down)

    def _show(self, answer: Prediction) -> None:
        self.panel.show(answer)

    def _show_other(self, answer: Prediction | None) -> None:
        self.panel.show_other(answer)

    def _samples(self, session: Session, seed: int) -> tuple[TestSample, ...]:
        return (session.test_sample(seed),)

    def fit(self, width: int, height: int) -> None:
        """Give the board the largest square that is left, and a low page a low panel."""
        is_narrow = width < px(self, PANEL_WIDTH + 4 * GAP + _LEAST_BESIDE)
        self.panel.be_narrow(is_narrow)
        self.panel.be_low(height < px(self, _LOW) and not is_narrow)
        apart = px(self, 2 * GAP if is_narrow else 4 * GAP)
        panel = px(self, _NARROW_PANEL if is_narrow else PANEL_WIDTH)
        self.panel.grid_configure(padx=(apart, 0))
        self.columnconfigure(2, minsize=panel + apart)
        side = wide = width - panel - apart
        least = px(self, _LEAST_SIDE)
        for _line in range(3):
            # Below a smaller board the tools may need one line more, but on a narrow page.
            tools = self.tools.height_at(wide if is_narrow else side)
            side = max(least, min(wide, height - tools - px(self, 2 * GAP)))
        self.columnconfigure(1, minsize=wide if is_narrow else 0)
        self.board.resize(side)

    @property
    def least_size(self) -> tuple[int, int]:
        """Width and height of all that is on the page, in screen pixels."""
        side = self.board.winfo_reqwidth()
        left = max(side, self.tools.least_width)
        below = px(self, 2 * GAP) + self.tools.height_at(max(left, self.tools.winfo_width()))
        apart = px(self, 2 * GAP if self.panel.is_narrow else 4 * GAP)
        panel = px(self, _NARROW_PANEL if self.panel.is_narrow else PANEL_WIDTH)
        return left + apart + panel, max(side + below, self.panel.winfo_reqheight())
