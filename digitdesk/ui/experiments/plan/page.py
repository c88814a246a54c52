"""Plan: which settings are tried, with how many seeds, and how long that will take.

The form and the text say the same; whatever is typed in one is found in the other.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from digitdesk.errors import DataError, DigitDeskError
from digitdesk.files.atomic import write_atomically
from digitdesk.messages.experiments.plan import OfferedPlan, Plan
from digitdesk.ui.controls.choice_box import ChoiceBox
from digitdesk.ui.controls.explained_button import explained_button
from digitdesk.ui.controls.latest_job import LatestJob
from digitdesk.ui.controls.mode_switch import ModeSwitch
from digitdesk.ui.experiments.plan.draft import DraftError, draft_of
from digitdesk.ui.experiments.plan.plan_form import WIDTH, PlanForm
from digitdesk.ui.experiments.plan.preview import Preview
from digitdesk.ui.experiments.plan.text_pane import TextPane
from digitdesk.ui.i18n.text import Sentence, _, core_phrase, core_problem
from digitdesk.ui.layout.wrapping_row import WrappingRow
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer
from digitdesk.ui.toolkit.widgets import set_shown

if TYPE_CHECKING:
    from digitdesk.session.session import Session

_SUFFIX = ".toml"
_OWN = "own"
#: A plan is looked at when typing pauses, and measured when it has rested for longer.
_LOOK_MS, _MEASURE_MS = 150, 900
_LARGEST_FILE = 1_000_000


class PlanPage(theme.Frame):
    """Plans to begin with above, the form or the text at the left, what it comes to at the right.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
        session: What knows plans.
        on_started: Takes the key of what has begun.
    """

    def __init__(
        self,
        parent: tk.Misc,
        services: PageServices,
        session: Session,
        on_started: Callable[[str], None],
    ) -> None:
        super().__init__(parent)
        self._services, self._experiments = services, session.experiments
        self._plans = session.experiments.plans
        self._on_started = on_started
        self._offered: dict[str, OfferedPlan] = {}
        self._measure_job = LatestJob(services.background, lambda _error: self._cannot_measure())
        self._look_later = Timer(self, _LOOK_MS, self._look)
        self._measure_later = Timer(self, _MEASURE_MS, self._measure)
        self.plan: Plan | None = None
        gap = px(self, GAP)
        self.columnconfigure(0, minsize=px(self, WIDTH + 3 * GAP))
        self.columnconfigure(1, weight=1)
        self.rowconfigure(1, weight=1)
        bar = self._build_bar()
        bar.grid(row=0, column=0, columnspan=2, sticky="ew", pady=(0, gap))
        self.form = PlanForm(self, services, session, self._look_later.restart)
        self.form.grid(row=1, column=0, sticky="nsew", padx=(0, gap))
        self.text = TextPane(self, self._look_later.restart)
        self.text.grid(row=1, column=0, sticky="nsew", padx=(0, 2 * gap))
        self.preview = Preview(self, self.start)
        self.preview.grid(row=1, column=1, sticky="nsew")
        self._show_mode("form")
        self.form.search.say_gain(self._plans.search_gain)
        self._offer()

    # -- building

    def _build_bar(self) -> WrappingRow:
        bar = WrappingRow(self, apart=GAP)
        self.offered = ChoiceBox(
            bar, _("Plans that come with the program, to begin with; change what you like."),
            self._on_offered, title=_("Plan"), width=34,
        )  # fmt: skip
        self.open_button = explained_button(
            bar, _("Open …"), self.open, _("Opens a plan from a file (TOML).")
        )
        self.save_button = explained_button(
            bar, _("Save …"), self.save,
            _("Writes the plan to a file: the command line runs it, too: digitdesk experiment run "
              "PLAN.toml"),
        )  # fmt: skip
        self.switch = ModeSwitch(
            bar,
            {
                "form": (_("Form"), _("The plan as fields to fill in.")),
                "text": (_("Text"), _("The plan as the text of its file.")),
            },
            self.show_mode,
        )
        bar.wrap(
            self.offered.widget, self.open_button, self.save_button, self.switch,
            pushed=self.switch,
        )  # fmt: skip
        return bar

    def _offer(self) -> None:
        self._offered = {plan.name: plan for plan in self._plans.offered()}
        titles: dict[str, Sentence | str] = {
            name: core_phrase(plan.title) for name, plan in self._offered.items()
        }
        self.offered.offer({**titles, _OWN: _("your own")})
        self._on_offered()

    # -- which plan

    def take(self, plan: Plan) -> None:
        """Show another plan, in the form where that can hold it."""
        self.text.show(self._plans.written(plan))
        draft = draft_of(plan, self.form.fixed.config_of)
        if draft is not None:
            self.form.fill_in(draft)
        self._show_mode("form" if draft is not None else "text")
        self._look_later.cancel()
        self._look()

    def _on_offered(self) -> None:
        chosen = self._offered.get(self.offered.chosen)
        with self._services.status.guarding():
            if chosen is not None:
                self.take(self._plans.read(chosen.text, chosen.title))
            elif self.plan is None:
                self.take(Plan(str(_("Experiment"))))

    def open(self) -> None:
        """Ask for a file, and show its plan."""
        chosen = self._services.dialogs.open_plan()
        if chosen:
            with self._services.status.guarding():
                path = Path(chosen)
                text = _read(path)
                self.take(self._plans.read(text, path.name))
                self.offered.choose(_OWN)

    def save(self) -> None:
        """Ask for a file, and write the plan there."""
        plan = self.plan
        if plan is None:
            return
        chosen = self._services.dialogs.export(_SUFFIX, plan.title)
        if chosen:
            path = Path(chosen)
            path = path if path.suffix == _SUFFIX else path.with_name(path.name + _SUFFIX)
            written = self._plans.written(plan).encode("utf-8")
            with self._services.status.guarding():
                write_atomically(path, lambda stream: stream.write(written))
                self._services.status.say(_("Saved {name}.").format(name=path.name))

    def start(self) -> None:
        """Begin the plan that is shown."""
        self._look()
        if self.plan is not None and not self.preview.problem.cget("text"):
            with self._services.status.guarding():
                self._on_started(self._experiments.start(self.plan))

    # -- form and text

    def show_mode(self, mode: str) -> None:
        """Show the form, or the text; the plan stays the same."""
        self._look_later.cancel()
        if mode == "text":
            if self.text.winfo_manager() and self.switch.mode == "text" and self._is_text:
                return
            self._look()
            if self.plan is not None:
                self.text.show(self._plans.written(self.plan))
            self._show_mode("text")
            return
        self._look()
        draft = draft_of(self.plan, self.form.fixed.config_of) if self.plan is not None else None
        if draft is None:
            self._show_mode("text")
            self._services.status.say(
                _("The form cannot hold this plan: its rows name different settings, or it is "
                  "not right yet.")
            )  # fmt: skip
            return
        self._show_mode("form")
        self.form.fill_in(draft)

    def _show_mode(self, mode: str) -> None:
        self.switch.show(mode)
        self._is_text = mode == "text"
        set_shown(self.text, self._is_text)
        set_shown(self.form, not self._is_text)

    # -- what it comes to

    def _look(self) -> None:
        """Read what is typed, and say what it comes to."""
        self._measure_job.cancel()
        self._measure_later.cancel()
        self.form.mark({})
        try:
            plan = (
                self._plans.read(self.text.text, str(_("The plan")))
                if self._is_text
                else self.form.plan
            )
            self.preview.show(plan, self._plans.check(plan))
            self.plan = plan
        except DraftError as problems:
            self.form.mark(problems.sentences)
            self._cannot_start(next(iter(problems.sentences.values())))
        except DigitDeskError as error:
            self._cannot_start(core_problem(error))
        else:
            self.preview.say_time(_("The time is measured …"))
            self._measure_later.ask()

    def _cannot_start(self, sentence: Sentence) -> None:
        self.plan = None
        self.preview.say_time("")
        self.preview.say_problem(sentence)

    def _measure(self) -> None:
        """Measure how long it will take, where somebody sees it."""
        plan, plans = self.plan, self._plans
        if plan is None or self.preview.problem.cget("text"):
            return
        if not self.winfo_viewable():
            self._measure_later.ask()
            return
        self._measure_job.ask(
            lambda job: plans.estimate(plan, job.report, job.is_cancelled),
            self.preview.say_time,
        )

    def _cannot_measure(self) -> None:
        self.preview.say_time(_("How long it takes cannot be measured."))


def _read(path: Path) -> str:
    """The text of a plan's file.

    Raises:
        DataError: It cannot be read, or is no text.
    """
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise DataError(f"{path.name} is too large for a plan", expected="at most 1 MB")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(
            f"{path.name} cannot be read as a plan", expected="a text file (TOML)"
        ) from error
