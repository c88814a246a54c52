"""Teach: what it would take, a button, and what it has brought."""

from __future__ import annotations

import time
import tkinter as tk
from typing import TYPE_CHECKING

from digitdesk.messages.model import READER
from digitdesk.messages.own.hand import ExamSheet, Taught, TeachPlan
from digitdesk.messages.writing import ME
from digitdesk.ui.controls.choice_box import ChoiceBox
from digitdesk.ui.controls.latest_job import LatestJob
from digitdesk.ui.controls.wrapped_label import WrappedLabel
from digitdesk.ui.hand.count_bars import CountBars
from digitdesk.ui.hand.page import Around, HandPage
from digitdesk.ui.hand.teach.result import TaughtView
from digitdesk.ui.hand.words import person_title
from digitdesk.ui.i18n.text import Sentence, _, core_phrase, core_problem, duration, joined, plural
from digitdesk.ui.layout.wrapping_row import WrappingRow
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.model_names import model_title
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import enable, set_shown

if TYPE_CHECKING:
    from digitdesk.session.jobs import Job
    from digitdesk.session.session import Session

Lesson = tuple[Taught, tuple[ExamSheet, ...]]

#: So many drawings of a class are few, and of all, good.
_FEW, _GOOD = 5, 200
#: Width of the page at least, without and with the table of what teaching has brought.
_LEAST, _WITH_TABLE = 448, 680


class TeachPage(HandPage):
    """Teaches a model the hand of who writes now.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
        session: Teaches.
        around: What may be asked of the tab.

    Attributes:
        base: The model it goes on from.
        result: What the last lesson has brought.
        share: How far a lesson is, 0 … 1; 0 while none goes on.
    """

    def __init__(
        self, parent: tk.Misc, services: PageServices, session: Session, around: Around
    ) -> None:
        super().__init__(parent, services, session, around)
        self._hand = session.hand
        self._planning = LatestJob(services.background, self._cannot_plan)
        self._teaching = LatestJob(services.background, services.status.show_error)
        self._plan: TeachPlan | None = None
        self._begun, self.share = 0.0, 0.0
        gap = px(self, GAP)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(6, weight=1)
        self._head = WrappingRow(self, apart=2 * GAP)
        self._head.grid(row=0, column=0, sticky="ew")
        self.base = ChoiceBox(
            self._head, _("The model that is taught: a new one comes of it, and it stays."),
            self._ask_plan, title=_("Teach"), width=28,
        )  # fmt: skip
        self.button = theme.Button(
            self._head, text=_("Teach it my hand"), command=self.teach_or_cancel
        )
        explain(
            self.button,
            _("Trains the model on your drawings, mixed with what it was trained on."),
        )
        self.collect_button = theme.Button(
            self._head, text=_("Collect"), command=lambda: around.show_page("collect")
        )
        explain(self.collect_button, _("Words are dictated, and what you write is kept at once."))
        self._head.wrap(self.base.widget, self.button)
        self.count = theme.Label(self, style="Heading.TLabel", width=1, anchor="w")
        self.count.grid(row=1, column=0, sticky="ew", pady=(2 * gap, gap))
        self.bars = CountBars(self)
        self.bars.grid(row=2, column=0, sticky="ew")
        self.said = WrappedLabel(self)
        self.said.grid(row=3, column=0, sticky="ew", pady=(gap, 0))
        self.problem = WrappedLabel(self, "Problem.TLabel")
        self.problem.grid(row=4, column=0, sticky="ew", pady=(gap // 2, 0))
        self.problem.grid_remove()
        self.progress = theme.Progressbar(self, maximum=1.0)
        self.progress.grid(row=5, column=0, sticky="ew", pady=(1.5 * gap, 0))
        self.progress.grid_remove()
        self.result = TaughtView(self, services.use_model, lambda: services.show_tab("models"))
        self.result.grid(row=6, column=0, sticky="nsew", pady=(2 * gap, 0))
        self.result.grid_remove()
        self.models_changed()

    # -- what the tab asks and tells

    @property
    def is_teaching(self) -> bool:
        """Whether a lesson goes on."""
        return self._teaching.is_busy

    def show(self) -> None:
        """Show what teaching would take."""
        self._ask_plan()

    def models_changed(self) -> None:
        """Offer the models there are now."""
        able = [entry for entry in self._around.models.entries if not entry.is_learning]
        self.base.offer({entry.key: model_title(entry) for entry in able})
        if self.winfo_viewable():
            self._ask_plan()

    @property
    def least_size(self) -> tuple[int, int]:
        """Width and height below which something would be cut off, in screen pixels."""
        least = _WITH_TABLE if self.result.winfo_manager() else _LEAST
        return px(self, least), self.winfo_reqheight()

    # -- the plan

    def _ask_plan(self) -> None:
        if self.is_teaching:
            return
        person, key = self._around.person(), self.base.chosen or READER

        def look(_job: object) -> tuple[TeachPlan, tuple[str, ...]]:
            return self._hand.teachable(person, key), self._session.card(key).class_names

        self._planning.ask(look, lambda found: self._show_plan(*found))

    def _cannot_plan(self, error: Exception) -> None:
        self._plan = None
        self._show_state()
        self._status.show_error(error)

    def _show_plan(self, plan: TeachPlan, names: tuple[str, ...]) -> None:
        self._plan = plan
        person = person_title(self._around.person())
        drawings = plural("{n} drawing", "{n} drawings", plan.samples)
        self.count.configure(text=joined("  ·  ", (person, drawings)))
        counts = dict(zip(names, plan.by_class, strict=True))
        self.bars.show(counts)
        mixed = _("Mixed with {sets}, so that it does not forget. It takes about {time}.")
        sets = joined(", ", map(core_phrase, plan.replay))
        said = mixed.format(sets=sets, time=duration(plan.seconds))
        self.said.configure(text=joined(" ", (said, *_lacking(plan, counts))))
        self.problem.configure(text=core_problem(plan.problem) if plan.problem else "")
        set_shown(self.problem, bool(plan.problem))
        self._show_state()

    # -- the lesson

    def teach_or_cancel(self) -> None:
        """Begin a lesson, or end the one that goes on."""
        if self.is_teaching:
            self._teaching.cancel()
            self._ended()
            self._status.say(_("Teaching was cancelled; nothing has changed."))
            return
        person, key = self._around.person(), self.base.chosen or READER
        title = self._title(person, key)
        self._begun = time.monotonic()

        def teach(job: Job[Lesson]) -> Lesson:
            found = self._hand.teach(
                person, key, title=title, progress=job.report, cancelled=job.is_cancelled
            )
            return found, self._hand.exams()

        self._teaching.ask(teach, lambda found: self._taught(*found), self._moved, self._ended)
        self._show_state()

    def _title(self, person: str, key: str) -> str:
        """What the new model is called, and its file."""
        entries = (entry for entry in self._around.models.entries if entry.key == key)
        model = next(map(model_title, entries), "")
        for suffix in (".npz", ".pkl"):
            model = model.removesuffix(suffix)
        if person == ME:
            return str(_("{model}, my hand").format(model=model))
        return str(_("{model}, hand of {person}").format(model=model, person=person))

    def _moved(self, done: int, total: int) -> None:
        self.share = done / max(1, total)
        self._show_state()

    def _taught(self, found: Taught, sheets: tuple[ExamSheet, ...]) -> None:
        self.result.show(found, {sheet.key: sheet for sheet in sheets})
        set_shown(self.result, True)
        self._ended()
        self._services.models_changed(found.model.key)
        self._status.say(_("It knows your hand now."))

    def _ended(self) -> None:
        self.share = 0.0
        self._show_state()

    @property
    def _seconds_left(self) -> float:
        planned = self._plan.seconds if self._plan is not None else 0.0
        gone = time.monotonic() - self._begun
        if self.share < 0.1:
            return max(0.0, planned - gone)
        return gone * (1 - self.share) / self.share

    def _show_state(self) -> None:
        is_busy = self.is_teaching
        can_begin = self._plan is not None and not self._plan.problem
        self.button.configure(text=_("Cancel") if is_busy else _("Teach it my hand"))
        # After a lesson, the next thing to do is to use what has come of it.
        is_next = not is_busy and not self.result.winfo_manager()
        theme.look(self.button, theme.ACCENT if is_next else theme.QUIET)
        enable(self.button, is_busy or can_begin)
        lacks = not is_busy and self._plan is not None and self._plan.problem is not None
        parts = (self.base.widget, self.button, *([self.collect_button] if lacks else []))
        self._head.wrap(*parts)
        self.base.box.state(["disabled" if is_busy else "!disabled"])
        set_shown(self.progress, is_busy)
        self.progress.configure(value=self.share)
        if is_busy:
            left = _("Learning: about {time} left.").format(time=duration(self._seconds_left))
            self.said.configure(text=left)


def _lacking(plan: TeachPlan, counts: dict[str, int]) -> tuple[Sentence, ...]:
    """What would help: more of a class, or more in all."""
    few = [name for name, count in counts.items() if count < _FEW]
    if plan.problem or not counts:
        return ()
    if few:
        return (_("There are few of {names}: collect some more.").format(names=", ".join(few)),)
    if plan.samples < _GOOD:
        return (_("It works with these; {n} are better.").format(n=str(_GOOD)),)
    return ()
