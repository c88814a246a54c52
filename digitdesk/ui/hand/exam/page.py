"""Exam: the list of exams beside their scores; or, while one is written, the desk."""

from __future__ import annotations

import tkinter as tk
from typing import TYPE_CHECKING

from digitdesk.messages.own.hand import ExamSheet
from digitdesk.ui.hand.desk import WritingDesk
from digitdesk.ui.hand.exam.scores import Scores
from digitdesk.ui.hand.exam.sheet_list import SheetCommands, SheetList
from digitdesk.ui.hand.exam.writing import ExamWriting
from digitdesk.ui.hand.page import Around, HandPage
from digitdesk.ui.i18n.text import _
from digitdesk.ui.layout.two_parts import TwoParts
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.banner import Choice
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.theme import px
from digitdesk.ui.toolkit.widgets import set_shown

if TYPE_CHECKING:
    from digitdesk.session.session import Session

_BESIDE, _LEAST = 800, 448


class ExamPage(HandPage):
    """Shows the exams of who writes now.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
        session: Keeps the exams, and scores them.
        around: What may be asked of the tab.

    Attributes:
        sheets: The exams.
        scores: How models read the chosen one.
        writing: The exam under way.
    """

    def __init__(
        self, parent: tk.Misc, services: PageServices, session: Session, around: Around
    ) -> None:
        super().__init__(parent, services, session, around)
        self._hand = session.hand
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self._overview = theme.Frame(self)
        self._overview.grid(row=0, column=0, sticky="nsew")
        commands = SheetCommands(self.begin, self._go_on, self._ask_to_discard, self._choose)
        self.sheets = SheetList(self._overview, services, commands)
        self.scores = Scores(self._overview, services, session.hand)
        self._parts = TwoParts(self._overview, self.sheets, self.scores, beside=_BESIDE)
        self.writing = ExamWriting(self, services, session, self._on_left)
        self.writing.grid(row=0, column=0, sticky="nsew")
        self.writing.grid_remove()
        self.scores.offer(around.models.entries)

    # -- what the tab asks and tells

    @property
    def desk(self) -> WritingDesk | None:
        """Where an exam is written, while one is."""
        return self.writing.desk if self.writing.sheet is not None else None

    @property
    def unkept(self) -> int:
        """Whether the last drawing of the exam under way cannot be kept."""
        return int(bool(self.writing.problem.text))

    def show(self) -> None:
        """Show the exams of who writes now, or go on with the one under way."""
        sheet = self.writing.sheet
        if sheet is not None and sheet.person == self._around.person():
            self.writing.desk.focus_set()
            return
        self.writing.leave()
        self.sheets.field.look_again()
        self._look()
        self._services.background(
            lambda _job: self._hand.dictatable(), self.sheets.field.offer, self._status.show_error
        )

    def models_changed(self) -> None:
        """Offer the models there are now."""
        self.scores.offer(self._around.models.entries)

    def fit(self, width: int, height: int) -> None:
        """Put the list above the scores where both have no room beside each other."""
        self._parts.fit(width)
        self.writing.fit(width, height)

    @property
    def least_size(self) -> tuple[int, int]:
        """Width and height below which something would be cut off, in screen pixels."""
        if self.writing.sheet is not None:
            return self.writing.least_size
        wide = self.sheets.winfo_reqwidth()
        if not self._parts.is_stacked:
            wide = px(self, _BESIDE)
        return max(wide, px(self, _LEAST)), self._overview.winfo_reqheight()

    # -- what is done

    def begin(self, count: int) -> None:
        """Begin an exam of so many drawings."""
        with self._status.guarding():
            sheet = self._hand.begin_exam(self._around.person(), count, self.sheets.field.names)
            self._write(sheet)
            self._around.people_changed()

    def _go_on(self) -> None:
        if self.sheets.chosen is not None:
            self._write(self.sheets.chosen)

    def _write(self, sheet: ExamSheet) -> None:
        set_shown(self._overview, False)
        set_shown(self.writing, True)
        self.writing.go_on(sheet)

    def _on_left(self, sheet: ExamSheet) -> None:
        set_shown(self.writing, False)
        set_shown(self._overview, True)
        self._look(sheet.key)

    def _ask_to_discard(self) -> None:
        sheet = self.sheets.chosen
        if sheet is None or sheet.is_sealed:
            return
        self._status.notice.ask(
            _("Throw this exam away, with the {n} drawings in it?").format(n=str(sheet.done)),
            Choice(_("Discard"), lambda: self._discard(sheet.key)),
            Choice(_("Keep"), lambda: self._status.say(_("It is kept."))),
        )

    def _discard(self, key: str) -> None:
        with self._status.guarding():
            self._hand.discard_exam(key)
            self._status.say(_("Discarded."))
        self._look()

    # -- what is shown

    def _look(self, wanted: str = "") -> None:
        """Look again which exams there are."""
        person = self._around.person()

        def take(sheets: tuple[ExamSheet, ...]) -> None:
            if person == self._around.person():
                self.sheets.show(sheets, wanted)
                self._choose()

        self._services.background(
            lambda _job: self._hand.exams(person), take, self._status.show_error
        )

    def _choose(self) -> None:
        self.scores.show(self.sheets.chosen)
