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


class NumberPage(BoardPage[NumberReading]):
    """Reads several digits beside each other."""

    sheet = NUMBER_SHEET
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
        self.rowconfigure(2, weight=1)
        self.board.grid(row=0, column=1, sticky="nw")
        self.boxes = DigitBoxes(self.board, self.board.to_screen)
        self.tools.grid(row=1, column=1, sticky="ew", pady=(2 * gap, 0))
        self.panel = theme.Frame(self)
        self.panel.grid(row=2, column=1, sticky="new", pady=(2 * gap, 0))
        self.panel.columnconfigure(0, weight=1)
        self.panel.columnconfigure(1, minsize=px(self, PANEL_WIDTH))
        head = theme.Frame(self.panel)
        head.grid(row=0, column=0, sticky="ew")
        theme.Label(head, text=_("What the network reads"), style="Muted.TLabel").grid(row=0)
        self.copy_button = theme.Button(head, text=_("Copy"), command=self.copy)
        theme.look(self.copy_button, theme.TOOL)
        theme.icon(self.copy_button, "copy", alone=True)
        self.copy_button.grid(row=0, column=1, padx=(gap, 0))
        explain(self.copy_button, _("Copies the number as text (Ctrl+C)."))
        self.view = NumberView(self.panel)
        self.view.grid(row=1, column=0, sticky="ew")
        self.choice = ModelChoice(
            self.panel,
            _("A second model beside the first: its answer is written below."),
            on_source=commands.read_with,
            on_other=commands.compare_with,
        )
        self.choice.grid(row=0, column=1, rowspan=2, sticky="new", padx=(2 * gap, 0))

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

    def _fit(self, width: int, height: int) -> None:
        """Give the board the largest field of its shape that is left."""
        others = self.tools.winfo_reqheight() + self.panel.winfo_reqheight() + px(self, 4 * GAP)
        high = min(width * SIDE // NUMBER_SHEET.width, height - others)
        self.board.resize(max(px(self, SIDE / 2), high))


def _in_short(reading: NumberReading) -> str:
    """What a second model says, in a few words."""
    if reading.reason == "empty":
        return ""
    if reading.reason:
        return number_refusal(reading.reason)
    sure = _("{percent} sure").format(percent=percent(reading.confidence))
    return joined(" · ", (in_a_line(reading), sure))
