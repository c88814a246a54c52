"""How models read the chosen exam: three columns beside each other."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from digitdesk.messages.model import TRAINING, ModelEntry
from digitdesk.messages.own.hand import ExamError, ExamScore, ExamSheet
from digitdesk.ui.controls.latest_job import LatestJob
from digitdesk.ui.controls.wrapped_label import WrappedLabel
from digitdesk.ui.hand.exam.score_column import ScoreColumn
from digitdesk.ui.hand.words import day_of, exam_title
from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.model_names import model_title
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import set_shown

if TYPE_CHECKING:
    from digitdesk.session.hand.hand import Hand

_COLUMNS = 3


class Scores(theme.Frame):
    """Lets the chosen models read an exam, and remembers what they have reached.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
        hand: Scores.

    Attributes:
        columns: One for each model.
    """

    def __init__(self, parent: tk.Misc, services: PageServices, hand: Hand) -> None:
        super().__init__(parent)
        self._services, self._hand = services, hand
        self._job = LatestJob(services.background, services.status.show_error)
        self._sheet: ExamSheet | None = None
        self._entries: Sequence[ModelEntry] = ()
        self._known: dict[tuple[str, str], ExamScore] = {}
        self._is_chosen = False
        gap = px(self, GAP)
        self.rowconfigure(2, weight=1)
        self.title = theme.Label(self, style="Heading.TLabel", width=1, anchor="w")
        self.title.grid(row=0, column=0, columnspan=_COLUMNS - 1, sticky="ew")
        self.cancel_button = theme.Button(self, text=_("Cancel"), command=self._cancel)
        theme.look(self.cancel_button, theme.TOOL)
        explain(self.cancel_button, _("Lets no more models read the exam."))
        self.cancel_button.grid(row=0, column=_COLUMNS - 1, sticky="e")
        self.cancel_button.grid_remove()
        self.hint = WrappedLabel(self)
        self.hint.grid(row=1, column=0, columnspan=_COLUMNS, sticky="ew", pady=(0, gap))
        self.columns: list[ScoreColumn] = []
        for place in range(_COLUMNS):
            self.columnconfigure(place, weight=1, uniform="score")
            column = ScoreColumn(self, self._on_choice, self._on_error)
            # The gaps are shared, so that all columns are as wide.
            left, right = 2 * gap * place, 2 * gap * (_COLUMNS - 1 - place)
            column.grid(
                row=2, column=place, sticky="nsew", padx=(left // _COLUMNS, right // _COLUMNS)
            )
            self.columns.append(column)
        self.show(None)

    def offer(self, entries: Sequence[ModelEntry]) -> None:
        """Offer the models there are now; what they reached before may be out of date."""
        self._entries = entries
        self._known = {at: score for at, score in self._known.items() if at[1] != TRAINING}
        self._offer()
        self._read()

    def show(self, sheet: ExamSheet | None) -> None:
        """Show how models read an exam, where it is sealed."""
        self._sheet = sheet
        self.title.configure(text=exam_title(sheet) if sheet is not None else "")
        self.hint.configure(text=_hint(sheet))
        is_sealed = sheet is not None and sheet.is_sealed
        for column in self.columns:
            set_shown(column, is_sealed)
        self._offer()
        self._read()

    # -- inside

    def _offer(self) -> None:
        """Offer the models that know all classes of the exam."""
        names = set(self._sheet.class_names) if self._sheet is not None else set()
        able = [entry for entry in self._entries if names <= set(entry.card.class_names)]
        titles: dict[str, Sentence | str] = {entry.key: model_title(entry) for entry in able}
        for place, column in enumerate(self.columns):
            column.offer(titles if not place else {"": _("no other"), **titles})
        if not self._is_chosen and len(able) > 1:
            self.columns[1].model.choose(able[1].key)

    def _on_choice(self) -> None:
        self._is_chosen = True
        self._read()

    def _read(self) -> None:
        """Let the chosen models read it that have not yet."""
        self._job.cancel()
        sheet = self._sheet
        missing: list[str] = []
        if sheet is not None and sheet.is_sealed:
            chosen = dict.fromkeys(c.model.chosen for c in self.columns if c.model.chosen)
            missing = [key for key in chosen if (sheet.key, key) not in self._known]
            if missing:
                self._ask(sheet.key, missing[0])
        self._show(missing)

    def _ask(self, exam: str, model: str) -> None:
        """Let one model read; the next one reads when it has."""
        self._job.ask(
            lambda job: self._hand.score(exam, [model], job.report, job.is_cancelled),
            partial(self._take, exam, model),
            when_failed=lambda: self._show([]),
        )

    def _take(self, exam: str, model: str, scores: tuple[ExamScore, ...]) -> None:
        (self._known[exam, model],) = scores
        self._read()

    def _cancel(self) -> None:
        self._job.cancel()
        self._show([])

    def _show(self, missing: Sequence[str]) -> None:
        exam = self._sheet.key if self._sheet is not None else ""
        for column in self.columns:
            key = column.model.chosen
            score = self._known.get((exam, key)) if key else None
            if column.score is None or score is not column.score:
                column.show(score, is_wanted=key in missing)
        set_shown(self.cancel_button, bool(missing))

    def _on_error(self, error: ExamError, model: str) -> None:
        self._services.put_on_board(error.picture, model)


def _hint(sheet: ExamSheet | None) -> Sentence:
    if sheet is None:
        return _("No exam yet. Begin one: you write fifty words, and then see here how well each "
                 "model reads you, side by side.")  # fmt: skip
    if not sheet.is_sealed:
        left = str(sheet.count - sheet.done)
        return _("{n} drawings are missing. Go on, and the last one seals it.").format(n=left)
    said = _("Sealed {day}. No model learns from these drawings.")
    return said.format(day=day_of(sheet.sealed))
