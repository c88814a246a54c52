"""An exam under way: word after word is dictated until the last one is written."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from digitdesk.messages.own.hand import ExamSheet
from digitdesk.ui.controls.wrapped_label import WrappedLabel
from digitdesk.ui.hand.desk import DeskCommands, WritingDesk
from digitdesk.ui.hand.in_turn import InTurn
from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.banner import Banner, Choice
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain

if TYPE_CHECKING:
    from digitdesk.session.session import Session


class ExamWriting(theme.Frame):
    """The desk, and how much is done.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
        session: Keeps the exam, drawing by drawing.
        on_left: Takes the exam when it is sealed, or left for later.

    Attributes:
        desk: Where the words are written.
        sheet: The exam; ``None`` where none is under way.
    """

    def __init__(
        self,
        parent: tk.Misc,
        services: PageServices,
        session: Session,
        on_left: Callable[[ExamSheet], None],
    ) -> None:
        super().__init__(parent)
        self._services, self._hand, self._on_left = services, session.hand, on_left
        self._turn = InTurn(services.background, self._failed)
        self.sheet: ExamSheet | None = None
        gap = px(self, GAP)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        self.problem = Banner(self)
        self.problem.grid(row=0, column=0, sticky="ew", pady=(0, gap))
        self.problem.grid_remove()
        self.desk = WritingDesk(
            self, services, session.new_board, DeskCommands(self._hand_in, self._take_back)
        )
        self.desk.grid(row=1, column=0, sticky="nsew")
        below = self.desk.below
        self.count = theme.Label(below, style="Heading.TLabel", anchor="w", width=1)
        self.count.grid(row=0, column=0, sticky="ew")
        self.progress = theme.Progressbar(below, maximum=1.0)
        self.progress.grid(row=1, column=0, sticky="ew", pady=(gap, 1.5 * gap))
        said = WrappedLabel(
            below,
            text=_("Write as you always do. Nothing is read before the end, and the last drawing "
                   "seals the exam."),
        )  # fmt: skip
        said.grid(row=2, column=0, sticky="ew")
        self.later_button = theme.Button(below, text=_("Later"), command=self.leave)
        explain(self.later_button, _("Leaves the exam as it is; you can go on any time."))
        self.later_button.grid(row=3, column=0, sticky="w", pady=(1.5 * gap, 0))

    @property
    def least_size(self) -> tuple[int, int]:
        """Width and height below which something would be cut off, in screen pixels."""
        width, height = self.desk.least_size
        return width, height + self._problem_height

    def fit(self, width: int, height: int) -> None:
        """Give the board the room that is left."""
        self.desk.fit(width, height - self._problem_height)

    @property
    def _problem_height(self) -> int:
        if not self.problem.winfo_manager():
            return 0
        return self.problem.winfo_reqheight() + px(self, GAP)

    def go_on(self, sheet: ExamSheet) -> None:
        """Dictate what comes next."""
        self.desk.board.begin_anew()
        self._take(sheet)
        self.desk.focus_set()

    def leave(self) -> None:
        """Leave it for later."""
        if self.sheet is not None:
            sheet, self.sheet = self.sheet, None
            self._on_left(sheet)

    # -- inside

    def _hand_in(self) -> None:
        assert self.sheet is not None
        key, strokes = self.sheet.key, self.desk.board.timed_strokes
        self.desk.board.begin_anew()
        # What comes next is known in a few milliseconds, when this one is kept.
        self.desk.show("", can_take_back=False)
        self._turn.ask(lambda: partial(self._hand.hand_in, key, strokes), self._take)

    def _take_back(self) -> None:
        assert self.sheet is not None
        self._turn.ask(partial(self._begin_taking_back, self.sheet.key), self._take)

    def _begin_taking_back(self, key: str) -> Callable[[], ExamSheet]:
        return partial(self._hand.take_back, key)

    def _take(self, sheet: ExamSheet) -> None:
        self.sheet = sheet
        self.problem.grid_remove()
        self.desk.show(sheet.wanted, can_take_back=sheet.done > 0)
        self.count.configure(text=_progress(sheet))
        self.progress.configure(value=sheet.done / max(1, sheet.count))
        if sheet.is_sealed:
            self._services.status.say(_("The exam is sealed."))
            self.leave()

    def _failed(self, error: Exception) -> None:
        self._services.status.show_error(error, is_beside=True)
        self.problem.show(
            _("The last drawing is not kept yet."),
            Choice(_("Try again"), self._turn.go_on),
            Choice(_("Throw it away"), self._give_up),
        )

    def _give_up(self) -> None:
        self._turn.give_up()
        if self.sheet is not None:
            self._take(self.sheet)


def _progress(sheet: ExamSheet) -> Sentence:
    return _("{done} of {count}").format(done=str(sheet.done), count=str(sheet.count))
