"""The Evaluate tab: a model is examined on pictures, and pages show what came out of it."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from digitdesk.messages.exam import Exam, ExamData
from digitdesk.messages.model import TRAINING
from digitdesk.messages.run import Progress, RunEvent, RunFinished, RunStarted
from digitdesk.ui.controls.latest_job import LatestJob
from digitdesk.ui.controls.mode_switch import ModeSwitch
from digitdesk.ui.controls.offered_models import OfferedModels
from digitdesk.ui.evaluate.class_page import ClassPage
from digitdesk.ui.evaluate.damage_page import DamagePage
from digitdesk.ui.evaluate.exam_bar import ExamBar, ExamChoice
from digitdesk.ui.evaluate.headline import Headline
from digitdesk.ui.evaluate.hint_line import HintLine
from digitdesk.ui.evaluate.map_page import MapPage
from digitdesk.ui.evaluate.mistakes_page import MistakesPage
from digitdesk.ui.evaluate.page import ExamPage, Shown
from digitdesk.ui.evaluate.pair_page import PairPage
from digitdesk.ui.evaluate.trust_page import TrustPage
from digitdesk.ui.i18n.text import Sentence, _, whole
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.tab import Tab, TourStop
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.widgets import set_shown

if TYPE_CHECKING:
    from digitdesk.session.exams.exams import Exams
    from digitdesk.session.jobs import Job
    from digitdesk.session.session import Session

#: The least that can be worked with, in logical pixels: of the width, and of a page's height.
_LEAST_WIDTH, _LEAST_PAGE = 640, 320
_MISTAKES, _PAIR = "mistakes", "pair"
_PAGES: dict[str, type[ExamPage]] = {
    _MISTAKES: MistakesPage,
    "classes": ClassPage,
    "trust": TrustPage,
    "damage": DamagePage,
    "map": MapPage,
    _PAIR: PairPage,
}


class EvaluateTab(Tab):
    """What is examined above, its figures below, and under a switch the pages about it.

    Args:
        parent: The notebook.
        services: What may be asked of the window.

    Attributes:
        bar: Chooses what is examined.
        headline: The figures.
        switch: Chooses the page.
        pages: By name.
    """

    key = "evaluate"

    def __init__(self, parent: tk.Misc, services: PageServices) -> None:
        super().__init__(parent, services, padding=(3 * GAP, 2 * GAP, 3 * GAP, 2 * GAP))
        gap = px(self, GAP)
        self._session: Session | None = None
        self._shown: Shown | None = None
        self._made_of: ExamChoice | None = None
        self._offered = OfferedModels(services, self._offer_models)
        self._exam_job = LatestJob(services.background, services.status.show_error)
        self._last_job = LatestJob(services.background, services.status.show_error)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(5, weight=1, minsize=px(self, _LEAST_PAGE))
        self.bar = ExamBar(self, services.dialogs, self._on_examine, self._show_state)
        self.bar.grid(row=0, column=0, sticky="ew")
        # It has its room always, so that nothing moves when it comes.
        line = theme.Frame(self, height=gap)
        line.grid(row=1, column=0, sticky="ew", pady=(gap // 2, 0))
        self.progress = theme.Progressbar(line, maximum=1.0)
        self.headline = Headline(self, services)
        self.headline.grid(row=2, column=0, sticky="ew")
        self.hints = HintLine(self, services)
        self.hints.grid(row=3, column=0, sticky="ew", pady=(gap, 0))
        self.hints.grid_remove()
        self.pages = {name: kind(self, services) for name, kind in _PAGES.items()}
        self.switch = ModeSwitch(self, _page_titles(), self.show_page)
        self.switch.grid(row=4, column=0, sticky="w", pady=(gap, gap))
        for page in self.pages.values():
            page.grid(row=5, column=0, sticky="nsew")
            page.grid_remove()
        self.hint = theme.Label(self, style="Muted.TLabel", justify="center")
        self.hint.grid(row=2, column=0, rowspan=4)
        self.page = self.pages[_MISTAKES]
        self.show_page(_MISTAKES)
        follow_language(self, self._offer_models)
        self._show_exam(None)

    # -- what the window asks and tells

    @property
    def title(self) -> Sentence:
        """What stands on the tab."""
        return _("Evaluate")

    @property
    def tour_stops(self) -> Sequence[TourStop]:
        """The button that begins it."""
        return (
            TourStop(
                self.bar.button,
                _("Where is it wrong?"),
                _("Let a network read pictures it has never met: how good it is, what it takes "
                  "for what, how sure it is, and what breaks it."),
            ),
        )  # fmt: skip

    @property
    def drop_invitation(self) -> Sentence:
        """What is said while files are dragged over the tab."""
        return _("Drop it to examine on it.")

    def attach(self, session: Session) -> None:
        """Offer the session's models."""
        self._session = session
        self._offered.attach(session)
        self._offer_models()

    def load_rest(self) -> None:
        """Look for the last exam, and for what there is to examine on."""
        exams = self._exams
        if exams is None:
            return
        self._last_job.ask(
            lambda _job: (exams.choices(), exams.last()),
            lambda found: self._take_last(*found),
        )

    def shown(self) -> None:
        """Offer what has come meanwhile, and give the page what was drawn."""
        self._offer_models()
        if self._shown is not None:
            self.page.show(self._shown)

    def handle(self, event: RunEvent) -> None:
        """Offer a run's network."""
        match event:
            case RunStarted() | RunFinished():
                self._offer_models()
            case Progress():
                # A run's first weights come a moment after its first event.
                if TRAINING not in self.bar.model.keys:
                    self._offer_models()

    def models_changed(self, key: str) -> None:
        """Offer the models there are now."""
        self._offered.look()
        self._offer_models()

    def data_changed(self) -> None:
        """Offer the data sets there are now."""
        self._refresh_data()

    def examine_model(self, key: str, other: str = "") -> None:
        """Examine a model, beside another one where its key is given, and show its mistakes."""
        exams = self._exams
        if exams is None:
            return
        self._offer_models()
        with self._status.guarding():
            known = exams.choices()
            self.bar.offer_data(known)
            # Pictures of the kind it was trained on, where they are here.
            cards = (entry.card for entry in self._offered.entries if entry.key == key)
            trained_on = next((card.dataset.casefold() for card in cards), "")
            names = [part.strip() for part in trained_on.split("+")]
            of_its_kind = (data for data in known if data.name.casefold() in names)
            self.bar.choose(ExamChoice(key, next(of_its_kind, None), other))
        self._services.show_tab(self.key)
        self.show_page(_PAIR if other else _MISTAKES)
        self.examine()

    def take_files(self, paths: Sequence[Path]) -> None:
        """Examine on the first of the files that were dropped."""
        self.bar.take_path(paths[0])
        self.examine()

    # -- how large it is

    @property
    def least_size(self) -> tuple[int, int]:
        """Width and height below which something would be cut off, in screen pixels."""
        left, _top, right, _bottom = self._edges
        widest = max(px(self, _LEAST_WIDTH), self.page.winfo_reqwidth())
        return left + widest + right, self.winfo_reqheight()

    # -- examining

    @property
    def _exams(self) -> Exams | None:
        return self._session.exams if self._session is not None else None

    def _on_examine(self) -> None:
        if self._exam_job.is_busy:
            self._exam_job.cancel()
            self._end_work(_("The exam was cancelled."))
        else:
            self.examine()

    def examine(self) -> None:
        """Examine what is chosen, beside the window."""
        exams, choice = self._exams, self.bar.choice
        data = choice.data
        if exams is None or not choice.model or data is None:
            return
        keys = [choice.model, *([choice.other] if choice.other else [])]

        def work(job: Job[list[Exam]]) -> list[Exam]:
            made: list[Exam] = []
            for place, key in enumerate(keys):

                def report(done: int, total: int, place: int = place) -> None:
                    job.report(place * total + done, len(keys) * total)

                made.append(exams.examine(key, data, report, job.is_cancelled))
            return made

        self._last_job.cancel()
        self._exam_job.ask(work, self._take_exams, self._show_progress, self._end_work)
        if self._exam_job.is_busy:
            self.progress.place(relwidth=1.0, relheight=1.0)
            self.progress.configure(value=0.0)
            self._services.status.say(_("Reading the pictures …"))
        self._show_state()

    def _show_progress(self, done: int, total: int) -> None:
        self.progress.configure(value=done / max(1, total))
        said = _("{done} of {total} pictures are read …")
        self._status.say(said.format(done=whole(done), total=whole(total)))

    def _take_exams(self, exams: Sequence[Exam]) -> None:
        self._end_work(_("Examined."))
        self._show_exam(exams[0], exams[1] if len(exams) > 1 else None)
        self._refresh_data()

    def _end_work(self, said: Sentence | None = None) -> None:
        self.progress.place_forget()
        if said is not None:
            self._status.say(said)
        self._show_state()

    def _take_last(self, known: Sequence[ExamData], last: Exam | None) -> None:
        self.bar.offer_data(known)
        if last is not None and self._shown is None:
            self.bar.choose(ExamChoice(last.model_key, last.data))
            self._show_exam(last)
        self._show_state()

    def _refresh_data(self) -> None:
        exams = self._exams
        if exams is not None:
            self._last_job.ask(lambda _job: exams.choices(), self.bar.offer_data)

    # -- what is shown

    def show_page(self, name: str) -> None:
        """Show another page about the exam."""
        self.switch.show(name)
        before, self.page = self.page, self.pages[name]
        if before is not self.page:
            before.leave()
        for page in self.pages.values():
            set_shown(page, page is self.page and self._shown is not None)
        if self._shown is not None:
            self.page.show(self._shown)
            self.hints.look(self._shown)

    def _show_exam(self, exam: Exam | None, other: Exam | None = None) -> None:
        session = self._session
        self._shown = (
            Shown(session, exam, other) if session is not None and exam is not None else None
        )
        for widget in (self.headline, self.switch):
            set_shown(widget, self._shown is not None)
        set_shown(self.hint, self._shown is None)
        if self._shown is not None:
            self._made_of = self.bar.choice
            self.headline.show(self._shown)
        self.show_page(self.switch.mode)
        self._show_state()

    def _offer_models(self) -> None:
        entries = self._offered.entries
        self.bar.offer_models(entries)
        self._show_state()

    def _show_state(self) -> None:
        choice, is_busy = self.bar.choice, self._exam_job.is_busy
        is_ready = self._session is not None and bool(choice.model) and choice.data is not None
        is_new = self._made_of is None or replace(choice) != self._made_of
        self.bar.show_state(is_busy=is_busy, is_ready=is_ready, is_next=is_new)
        self.hint.configure(
            text=_("Reading the pictures …")
            if is_busy
            else _("Choose a model and pictures above, then press Examine.\nWhat it gets wrong, "
                   "how sure it is and what breaks it appears here.")
        )  # fmt: skip


def _page_titles() -> dict[str, tuple[Sentence, Sentence]]:
    """Titles and explanations of the pages, by their names."""
    return {
        _MISTAKES: (
            _("Mistakes"), _("The confusion matrix, and the pictures that were read wrong.")
        ),
        "classes": (
            _("By class"), _("How many of each class are read right, and how many answers are.")
        ),
        "trust": (
            _("Trust"), _("Whether it knows how sure it may be, and what refusing to answer buys.")
        ),
        "damage": (
            _("Damage"), _("How it bears noise, blur, rotation and other ways to spoil a picture.")
        ),
        "map": (
            _("Map"), _("Pictures as points: what the network takes for alike lies together.")
        ),
        _PAIR: (_("Two models"), _("The pictures on which only one of two models is right.")),
    }  # fmt: skip
