"""What is in the Experiments tab: a switch between its pages, and which experiment they show."""

from __future__ import annotations

import tkinter as tk
from typing import TYPE_CHECKING

from digitdesk.ui.controls.choice_box import ChoiceBox
from digitdesk.ui.controls.late_tab import LateView
from digitdesk.ui.controls.mode_switch import ModeSwitch
from digitdesk.ui.experiments.page import Commands, StudyPage
from digitdesk.ui.experiments.plan.page import PlanPage
from digitdesk.ui.experiments.results.page import ResultsPage
from digitdesk.ui.experiments.run.page import RunPage
from digitdesk.ui.experiments.study import Study
from digitdesk.ui.experiments.words import state_title
from digitdesk.ui.i18n.text import Sentence, _, core_phrase, joined
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.layout.wrapping_row import WrappingRow
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer
from digitdesk.ui.toolkit.widgets import set_shown

if TYPE_CHECKING:
    from digitdesk.session.session import Session

PLAN, RUN, RESULTS = "plan", "run", "results"
#: Between two looks at what has happened, and between two at the results, in milliseconds.
_LOOK_MS, _SHOW_MS = 250, 1000
#: The least that can be worked with, in logical pixels.
_LEAST = (664, 416)


class ExperimentsView(LateView):
    """Follows the experiments and shows the page in front.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
        session: Where experiments come from.

    Attributes:
        study: What is known of them.
        switch: Chooses the page.
        plan: What is tried.
        run: The queue.
        results: The table and the charts.
    """

    def __init__(self, parent: tk.Misc, services: PageServices, session: Session) -> None:
        super().__init__(parent)
        self._services = services
        self.study = Study(session.experiments)
        gap = px(self, GAP)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1, minsize=px(self, _LEAST[1]))
        head = WrappingRow(self, apart=2 * GAP)
        head.grid(row=0, column=0, sticky="ew", pady=(0, gap))
        self.switch = ModeSwitch(head, _page_titles(), self.show_page)
        self.chosen = ChoiceBox(
            head, _("The experiment that is shown."), self._on_chosen, title=_("Experiment"),
            width=44,
        )  # fmt: skip
        self._head = head
        commands = Commands(self.show_page, self.refresh)
        self.plan = PlanPage(self, services, session, self._on_started)
        self.run = RunPage(self, services, self.study, commands)
        self.results = ResultsPage(self, services, self.study, commands)
        self.empty = theme.Label(self, style="Muted.TLabel", justify="center", anchor="center",
                                 text=_("No experiment yet.\nChoose a plan on the Plan page and "
                                        "press Start."))  # fmt: skip
        for page in (self.plan, self.run, self.results, self.empty):
            page.grid(row=1, column=0, sticky="nsew")
        self._look = Timer(self, _LOOK_MS, self._follow)
        self._show_later = Timer(self, _SHOW_MS, self._show_front)
        follow_language(self, self._offer)
        with services.status.guarding():
            self.study.refresh()
        self.switch.show(RUN if self.study.running else PLAN)
        self._look.ask()

    # -- what the tab asks and tells

    @property
    def least_size(self) -> tuple[int, int]:
        """Width and height below which something would be cut off, in screen pixels."""
        front: tk.Misc = self.plan if self.switch.mode == PLAN else self._front or self.empty
        high = max(front.winfo_reqheight(), px(self, _LEAST[1]))
        return px(self, _LEAST[0]), self._head.winfo_reqheight() + px(self, GAP) + high

    @property
    def is_running(self) -> bool:
        """Whether the machine is at work."""
        return self.study.running is not None

    @property
    def share(self) -> float:
        """How far the running experiment is, 0 … 1."""
        entry = self.study.running
        return entry.done / entry.runs if entry is not None and entry.runs else 0.0

    def fit(self, width: int) -> None:
        """Lay itself out for a width in screen pixels."""
        self.results.fit(width)

    def come_to_front(self) -> None:
        """Look what has happened meanwhile."""
        self.refresh()

    # -- which experiment

    def refresh(self) -> None:
        """Look again at everything."""
        with self._services.status.guarding():
            self.study.refresh()
        self._offer()
        self._show_front()

    def _on_started(self, key: str) -> None:
        """Show how what was begun goes."""
        with self._services.status.guarding():
            self.study.refresh()
            self.study.choose(key)
        self._offer()
        self.show_page(RUN)
        self._services.status.say(_("The experiment has begun."))

    def _on_chosen(self) -> None:
        with self._services.status.guarding():
            self.study.choose(self.chosen.chosen)
        self._show_front()

    def _offer(self) -> None:
        titles: dict[str, Sentence | str] = {
            entry.key: joined(
                "  ·  ",
                (core_phrase(entry.title), f"{entry.done}/{entry.runs}", state_title(entry.state)),
            )
            for entry in self.study.entries
        }
        self.chosen.offer(titles)
        self.chosen.choose(self.study.key)

    # -- pages

    @property
    def _front(self) -> StudyPage | None:
        """The page about the chosen experiment that is in front, if one is."""
        if self.study.shown is None:
            return None
        return {RUN: self.run, RESULTS: self.results}.get(self.switch.mode)

    def show_page(self, name: str) -> None:
        """Show another page."""
        self.switch.show(name)
        self._show_front()

    def _show_front(self) -> None:
        mode, front = self.switch.mode, self._front
        set_shown(self.plan, mode == PLAN)
        for page in (self.run, self.results):
            set_shown(page, page is front)
        set_shown(self.empty, mode != PLAN and front is None)
        has_choice = mode != PLAN and bool(self.study.entries)
        self._head.wrap(
            self.switch, *([self.chosen.widget] if has_choice else []),
            pushed=self.chosen.widget if has_choice else None,
        )  # fmt: skip
        if front is not None:
            front.show()

    def _follow(self) -> None:
        """Take what has happened, and show it where somebody sees it."""
        self._look.ask()
        with self._services.status.guarding():
            if self.study.follow() and self.winfo_viewable():
                self._offer()
                if self._front is self.run:
                    self.run.show()
                else:
                    self._show_later.ask()


def _page_titles() -> dict[str, tuple[Sentence, Sentence]]:
    """Titles and explanations of the pages, by their names."""
    return {
        PLAN: (_("Plan"), _("What is tried, and how long that takes.")),
        RUN: (_("Run"), _("The queue, and how each run goes.")),
        RESULTS: (
            _("Results"),
            _("Which setting is better, and how sure that is."),
        ),
    }
