"""The page for a number: a wide board, boxes around its digits, and the whole number below it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from digitdesk.messages.prediction import NumberReading
from digitdesk.ui.board.digit_boxes import DigitBoxes
from digitdesk.ui.board.sheets import NUMBER_SHEET, SIDE
from digitdesk.ui.board.tools import ToolHelp
from digitdesk.ui.draw.model_choice import ModelChoice
from digitdesk.ui.draw.number_view import NumberView, in_a_line
from digitdesk.ui.draw.page import PANEL_WIDTH, BoardPage, ModelCommands
from digitdesk.ui.draw.printing import Said
from digitdesk.ui.i18n.text import _, joined, number_refusal, percent
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer
from digitdesk.ui.toolkit.tooltip import explain

if TYPE_CHECKING:
    from digitdesk.messages.dataset import TestSample
    from digitdesk.session.session import Session

#: Between two readings of a stroke under way, the pen has the window to itself for as long as the
#: last one took, but within these bounds, in milliseconds.
_LEAST_REST_MS, _MOST_REST_MS = 16, 250
_SAMPLE_DIGITS = 4
#: In logical pixels: the least room for the answer beside the models, and heights of the board
#: below which everything moves together, and which it always has.
_LEAST_VIEW, _LOW_BOARD, _LEAST_BOARD = 272, 140, 72


class NumberPage(BoardPage[NumberReading]):
    """Reads several digits beside each other."""

    sheet = NUMBER_SHEET
    key = "number"
    copy_title = _("Copy the number")
    pen_setting = "number_pen"
    board_help = _(
        "Write a number, digit beside digit: strokes find their digit by themselves. "
        "Escape clears, Ctrl+Z takes back, [ and ] change the pen, Ctrl+V pastes a picture."
    )
    tool_help = ToolHelp(
        _("Reads the number in a picture file: a scan, a photo, PNG or JPEG (Ctrl+O)."),
        _("Puts random pictures of the test set beside each other onto the board."),
    )

    def _lay_out(self, commands: ModelCommands) -> None:
        self._rest_ms = _LEAST_REST_MS
        self._read_later = Timer(self, None, self._read_under_way)
        gap = px(self, GAP)
        self.columnconfigure((0, 2), weight=1)
        self.boxes = DigitBoxes(self.board, self.board.to_screen)
        self.panel = theme.Frame(self)
        self.panel.columnconfigure(0, weight=1)
        head = self._head = theme.Frame(self.panel)
        head.grid(row=0, column=0, sticky="ew")
        theme.Label(head, text=_("What the network reads"), style="Muted.TLabel").grid(row=0)
        self.copy_button = theme.Button(head, text=_("Copy"), command=self.copy)
        theme.look(self.copy_button, theme.TOOL)
        theme.icon(self.copy_button, "copy", alone=True)
        self.copy_button.grid(row=0, column=1, padx=(gap, 0))
        explain(self.copy_button, _("Copies the number as text (Ctrl+C)."))
        self.view = NumberView(self.panel)
        self.view.grid(row=1, column=0, sticky="ew")
        # Where there is little room it stands by itself, below the tools.
        self.choice = ModelChoice(
            self,
            _("A second model beside the first: its answer is written below."),
            on_source=commands.read_with,
            on_other=commands.compare_with,
        )
        self._is_compact = False
        self._place()

    def _place(self) -> None:
        """One below the other: the board, its tools, the answer with the models beside it.

        Where there is little room, the answer comes before the tools, and the models last.
        """
        gap, compact = px(self, GAP), self._is_compact
        above = (gap if compact else 2 * gap, 0)
        self.board.grid(row=0, column=1, sticky="n")
        self.tools.grid(row=2 if compact else 1, column=1, sticky="ew", pady=above)
        self.panel.grid(row=1 if compact else 2, column=1, sticky="new", pady=above)
        self.panel.columnconfigure(1, minsize=0 if compact else px(self, PANEL_WIDTH))
        if compact:
            self.choice.grid(in_=self, row=3, column=1, rowspan=1, sticky="new", padx=0, pady=above)
        else:
            self.choice.grid(
                in_=self.panel, row=0, column=1, rowspan=2, sticky="new", padx=(2 * gap, 0), pady=0
            )

    def copy(self) -> None:
        """Copy the number as text."""
        number = self.answer.text if self.answer is not None else ""
        if not number:
            self._status.say(_("There is nothing to copy yet: write a number first."))
            return
        self.clipboard_clear()
        self.clipboard_append(number)
        self._status.say(_("Copied {name}.").format(name=", ".join(number.splitlines())))

    def read(self) -> None:
        """Read the board, and note how long that took."""
        self._read_later.cancel()
        began = time.perf_counter()
        super().read()
        took_ms = round(1000 * (time.perf_counter() - began))
        self._rest_ms = min(max(_LEAST_REST_MS, took_ms), _MOST_REST_MS)

    def _on_ink(self) -> None:
        if self.board.pen_is_down:
            # A long number takes longer to read than the pen to move on: the pen goes first.
            self._show_history()
            self._read_later.ask(self._rest_ms)
        else:
            self.read()

    def _read_under_way(self) -> None:
        # A pen lifted since then has the board painted and read anyway: once is enough.
        if self.board.pen_is_down:
            self.read()

    @property
    def said(self) -> Said:
        """The number, how sure it is, and a bar for each digit."""
        view, answer = self.view, self.answer
        lines = (view.hint, view.sureness, view.small_print)
        bars = () if answer is None else answer.digits
        digits = tuple((digit.label, digit.confidence) for digit in bars)
        return Said(self.choice.source_title, view.number, lines, digits)

    def _new_board(self, session: Session) -> None:
        self.board.attach(session.new_number_board)

    def _answer_of(self, session: Session, source: str) -> NumberReading:
        picture = self.board.shown
        if picture is not None:
            return session.read_number_picture(picture, source)
        return session.read_number(self.board.strokes, source, at_a_glance=self.board.pen_is_down)

    def _show(self, answer: NumberReading) -> None:
        self.boxes.show(answer)
        self.view.show(answer)
        self.choice.show_step(next((digit.step for digit in answer.digits), None))

    def _show_other(self, answer: NumberReading | None) -> None:
        self.choice.show_other("" if answer is None else _in_short(answer))

    def _samples(self, session: Session, seed: int) -> tuple[TestSample, ...]:
        return tuple(session.test_sample(seed + k) for k in range(_SAMPLE_DIGITS))

    def fit(self, width: int, height: int) -> None:
        """Give the board the largest field of its shape that is left."""
        beside = px(self, PANEL_WIDTH + _LEAST_VIEW)
        widest = width * SIDE // NUMBER_SHEET.width
        tools = self.tools.height_at(max(beside, width))
        answer = self._head.winfo_reqheight() + self.view.winfo_reqheight()
        others = tools + max(answer, self.choice.winfo_reqheight()) + px(self, 4 * GAP)
        is_low = height - others < min(widest, px(self, _LOW_BOARD))
        compact = width < beside or is_low
        if compact is not self._is_compact:
            self._is_compact = compact
            self._place()
        self.columnconfigure(1, minsize=min(width, beside))
        if compact:
            others = answer + px(self, GAP)
        self.board.resize(max(px(self, _LEAST_BOARD), min(widest, height - others)))

    @property
    def least_size(self) -> tuple[int, int]:
        """Width and height of all that is on the page, in screen pixels."""
        board = self.board.winfo_reqwidth()
        answer = self._head.winfo_reqheight() + self.view.winfo_reqheight()
        choice = self.choice.winfo_reqheight()
        width = max(board, self.tools.least_width, self.choice.winfo_reqwidth())
        if not self._is_compact:
            width = max(width, px(self, PANEL_WIDTH + _LEAST_VIEW))
        height = self.board.winfo_reqheight() + self.tools.height_at(max(width, self.winfo_width()))
        if self._is_compact:
            return width, height + answer + choice + 3 * px(self, GAP)
        return width, height + max(answer, choice) + 2 * px(self, 2 * GAP)


def _in_short(reading: NumberReading) -> str:
    """What a second model says, in a few words."""
    if reading.reason == "empty":
        return ""
    if reading.reason:
        return number_refusal(reading.reason)
    sure = _("{percent} sure").format(percent=percent(reading.confidence))
    return joined(" · ", (in_a_line(reading), sure))
