"""The Train tab: settings and buttons at the left, the live chart and figures at the right.

Buttons follow the session's state, and the state follows the run's events.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from digitdesk.messages.model import TRAINING
from digitdesk.messages.run import (
    DiagnosisLifted,
    RunDiagnosis,
    RunEvent,
    RunFinished,
    RunNotKept,
    RunStarted,
    RunState,
    SettingChanged,
    TrainingConfig,
)
from digitdesk.ui.charts.loss_chart import LossChart, import_matplotlib
from digitdesk.ui.charts.tools import ChartTools
from digitdesk.ui.controls.offered_models import OfferedModels
from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.layout.two_parts import TwoParts
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.banner import Banner
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.tab import ClosingQuestion, Tab, TourStop
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.widgets import set_shown, try_all
from digitdesk.ui.train.announcements import announcement
from digitdesk.ui.train.dataset_field import DatasetField
from digitdesk.ui.train.draw_ahead import DrawAhead
from digitdesk.ui.train.form import WIDTH, TrainingForm
from digitdesk.ui.train.gradient_view import GradientView
from digitdesk.ui.train.live_settings import LiveSettingsPanel
from digitdesk.ui.train.offers import RunOffers
from digitdesk.ui.train.run_buttons import RunButtons
from digitdesk.ui.train.run_result import RunActions
from digitdesk.ui.train.run_view import EpochTable, RunProgress
from digitdesk.ui.train.setting_changes import SettingChanges

if TYPE_CHECKING:
    from digitdesk.session.session import Session

#: The least that can be worked with, in logical pixels: of the chart's height and the form's, and
#: of the tab's width with both beside each other and below each other.
_LEAST_CHART, _LEAST_FORM, _BESIDE, _STACKED = 168, 176, 784, 448


class TrainTab(Tab):
    """Starts runs and shows them.

    Args:
        parent: The notebook.
        services: What may be asked of the window.
    """

    key = "train"

    def __init__(self, parent: tk.Misc, services: PageServices) -> None:
        super().__init__(parent, services, padding=3 * GAP)
        status, background = services.status, services.background
        self._session: Session | None = None
        self._can_continue = False
        self._ahead = DrawAhead(services.background)
        self.changes = SettingChanges(status)
        self._seen_state: object = None
        left = self._left = theme.Frame(self)
        left.rowconfigure(0, weight=1, minsize=px(self, _LEAST_FORM))
        right = self._right = theme.Frame(self)
        right.columnconfigure(0, weight=1)
        right.rowconfigure(1, weight=3)
        right.rowconfigure(4, weight=1)
        self._parts = TwoParts(self, left, right, beside=_BESIDE)
        self.banner = Banner(right)
        self.offers = RunOffers(
            self.banner,
            status,
            change=self.changes.change_or_set,
            can_change=self.changes.can_change,
            restart_with=self._restart_with,
            when_resumed=self._on_resumed,
        )
        self._build_foot(left)
        self.gradients = GradientView(
            right,
            status,
            typed_model=lambda: self.form.values["model"].get().strip(),
            when_shown=self._show_gradients,
            background=background,
        )
        self.form = TrainingForm(
            left,
            self._show_state,
            self._make_dataset_field,
            check_gradients=self.gradients.check_network,
            background=background,
            remembered=services.settings.form,
        )
        self._offered = OfferedModels(services, self._offer_models)
        self.form.grid(row=0, column=0, sticky="nsew")
        self._build_right()
        self._show_state()

    # -- what the window asks and tells

    @property
    def title(self) -> Sentence:
        """What stands on the tab."""
        return _("Train")

    @property
    def tour_stops(self) -> tuple[TourStop, ...]:
        """The button that begins it all."""
        return (
            TourStop(
                self.buttons.start_button,
                _("Train your own"),
                _("Press Start: a network learns from 60,000 digits in seconds. Every "
                  "setting explains itself when the mouse rests on it, or with F1."),
            ),
        )  # fmt: skip

    @property
    def is_untouched(self) -> bool:
        """Whether no run goes on."""
        return not self.is_running

    @property
    def progress_in_title(self) -> float:
        """How far the run is, where the taskbar shows it, too."""
        return self.progress.share if self.is_running else 0.0

    @property
    def closing_question(self) -> ClosingQuestion | None:
        """Whether a run shall be broken off."""
        if not self.is_running:
            return None
        return ClosingQuestion(
            _("A network is training. Close, and go on from here the next time?"),
            stay=_("Keep training"),
            stayed=_("Training goes on."),
        )

    def attach(self, session: Session) -> None:
        """Offer what the session has, and let Start be pressed."""
        self._session = session
        for part in (self.form, self.buttons, self.gradients):
            part.attach(session)
        self.changes.attach(session, self.form)
        has_gpu = "gpu" in session.choices.device_choices()
        self._status.show_device(_("GPU") if has_gpu else _("CPU"))
        self._show_state()
        self.offers.attach(session)

    def shown(self) -> None:
        """Draw the digits that the first run will want where nothing else is there."""
        self.chart.come_to_light()
        self._draw_ahead()

    def _draw_ahead(self) -> None:
        if self._session is not None and not self.is_running and self.is_in_front:
            self._ahead.begin(self._session, self.form)

    def load_rest(self) -> None:
        """Load what the chart is drawn with; late, since it is not on the first tab."""
        if self._session is not None:
            self._offered.attach(self._session)
        cache = self._services.cache
        self._services.background(
            lambda _job: import_matplotlib(cache),
            lambda _nothing: self.chart.library_is_loaded(),
            self._status.show_error,
        )

    def handle(self, event: RunEvent) -> None:
        """Show an event of the run."""
        parts = (self.chart.handle, self.progress.handle, self.epochs.handle, self._follow)
        try_all(*(partial(handle, event) for handle in parts))

    def _follow(self, event: RunEvent) -> None:
        if (said := announcement(event)) is not None:
            self._status.say(said)
        match event:
            case RunStarted():
                self.gradients.close()
                self._status.show_device(event.device)
                if event.first_step:
                    self.form.show_settings(event.config)
            case RunDiagnosis():
                self.offers.show_diagnosis(event)
            case DiagnosisLifted():
                self.offers.lift(event.kind)
            case SettingChanged():
                self.offers.setting_changed(event.name)
            case RunNotKept():
                self.offers.warn(event)
            case RunFinished():
                self._can_continue = event.ending == "completed"
                self.offers.run_is_over()
                if event.problem is not None:
                    self.offers.show_failure(event.problem)
                    self._status.show_error(
                        event.problem, is_in_log=event.is_in_log, is_beside=True
                    )

    def after_events(self) -> None:
        """Look at the session's state again."""
        self._show_state()

    def prepare_run(self, name: str, value: float) -> None:
        """Put a setting into the form, and show it."""
        self._services.show_tab(self.key)
        self.changes.set_in_form(name, value)

    def set_up_run(self, config: TrainingConfig) -> None:
        """Put all settings into the form, and show it."""
        self._services.show_tab(self.key)
        if not self.is_running:
            self.form.show_settings(config)

    def data_changed(self) -> None:
        """Offer the data sets there are now."""
        self.form.data.refresh()

    def _offer_models(self) -> None:
        self.form.advanced.offer_models(self._offered.entries)

    def models_changed(self, key: str) -> None:
        """Offer the models there are now, and nothing to do with a network thrown away."""
        self._offered.look()
        session = self._session
        if session is None or self.is_running or not self.progress.has_offers:
            return
        if all(entry.key != TRAINING for entry in session.models()):
            self._can_continue = False
            self.progress.network_is_gone()
            self._show_state()

    @property
    def is_running(self) -> bool:
        """Whether a run is going on or waits."""
        return self._session is not None and self._session.state is not RunState.IDLE

    # -- how large it is

    def fit(self, width: int, height: int) -> None:
        """Put the chart below the form where both have no room beside each other."""
        super().fit(width, height)
        self._parts.fit(width)

    @property
    def least_size(self) -> tuple[int, int]:
        """Width and height below which something would be cut off, in screen pixels."""
        least = px(self, _STACKED if self._parts.is_stacked else _BESIDE)
        return least, self.winfo_reqheight()

    # -- building

    def _make_dataset_field(self, form: tk.Misc, on_change: Callable[[], None]) -> DatasetField:
        return DatasetField(
            form,
            on_change,
            status=self._status,
            ask_folder=self._services.dialogs.data_folder,
            background=self._services.background,
            width=px(self, WIDTH),
        )

    def _build_right(self) -> None:
        """Chart, banner, progress and epochs, one below the other."""
        gap, right = px(self, GAP), self._right
        self.chart = LossChart(right)
        # It asks for the least that can be read; what there is beyond is shared with the epochs.
        self.chart.configure(height=px(self, _LEAST_CHART))
        self.tools = ChartTools(right, self.chart, self._status, self._services.dialogs.export)
        self.tools.grid(row=0, column=0, sticky="ew")
        self.chart.grid(row=1, column=0, sticky="nsew")
        self.gradients.grid(row=0, column=0, rowspan=2, sticky="nsew")
        self.gradients.grid_remove()
        self.banner.grid(row=2, column=0, sticky="ew", pady=(gap, 0))
        self.banner.grid_remove()
        actions = RunActions.of(self._services, self._train_further)
        self.progress = RunProgress(right, actions)
        self.progress.grid(row=3, column=0, sticky="ew", pady=(gap, 2 * gap))
        self.epochs = EpochTable(right, rows=2)
        self.epochs.grid(row=4, column=0, sticky="nsew")

    def _build_foot(self, parent: tk.Misc) -> None:
        gap = px(self, GAP)
        # Room for the form's scrollbar, so that both columns end in line.
        right = px(self, 1.5 * GAP)
        self.live_settings = LiveSettingsPanel(parent, self.changes.change)
        self.live_settings.grid(row=1, column=0, sticky="ew", padx=(0, right), pady=(gap, 0))
        self.live_settings.grid_remove()
        self.problem = theme.Label(
            parent, style="Problem.TLabel", wraplength=px(self, WIDTH), justify="left"
        )
        self.problem.grid(row=2, column=0, sticky="w", pady=(gap, 0))
        self.problem.grid_remove()
        self.buttons = RunButtons(
            parent,
            px(self, WIDTH),
            self._status,
            start=self._on_start,
            when_pressed=self._show_state,
        )
        self.buttons.grid(row=3, column=0, sticky="ew", padx=(0, right), pady=(gap, 0))

    # -- reactions

    def _on_start(self) -> None:
        if self._session is None or self.form.problems:
            return
        with self._status.guarding():
            self._session.start_training(self.form.settings())
            self._say_loading()
        self._show_state()

    def _say_loading(self) -> None:
        self.offers.clear()
        self.progress.prepare(_("Loading the data …"))
        self.chart.say(_("Loading the data …"))
        self._status.say(_("Loading the data …"))

    def _restart_with(self, name: str, value: float) -> None:
        """Start anew with another value of a setting."""
        self.form.take(name, value)
        self._on_start()

    def _on_resumed(self) -> None:
        self._say_loading()
        self._show_state()

    # -- what came out of a run

    def _train_further(self, epochs: int) -> None:
        """Train more epochs, or go on with a run that was stopped where there are none to add."""
        session = self._session
        if session is None:
            return
        with self._status.guarding():
            if epochs:
                session.add_epochs(epochs)
            else:
                session.resume_training()
            self._say_loading()
            # The button that was pressed goes, and the keys stay with the run.
            self.buttons.pause_button.focus_set()
        self._show_state()

    def _show_gradients(self, shown: bool) -> None:
        """Show the gradient check in the chart's place, or the chart again."""
        for widget in (self.tools, self.chart, self.gradients):
            set_shown(widget, shown is (widget is self.gradients))

    def _show_state(self) -> None:
        session = self._session
        state = session.state if session is not None else None
        idle = state is RunState.IDLE
        if idle:
            self._services.settings.form = self.form.remembered
        # Asked after every batch of events, but seldom is there anything new to show.
        has_offers = self.progress.has_offers
        seen = (
            state, self._can_continue, has_offers, self.form.first_problem,
            bool(self.form.problems),
        )  # fmt: skip
        if seen == self._seen_state:
            self._show_live_settings()
            return
        self._seen_state = seen
        self.form.set_usable(idle)
        problem = self.form.first_problem if idle else ""
        if idle:
            wrong = _("Choose a data set and a network that fit.\nThen press Start.")
            self.chart.say(wrong if self.form.problems else None)
            self._draw_ahead()
        self.problem.configure(text=problem)
        set_shown(self.problem, bool(problem))
        self.buttons.show(
            state,
            can_start=not self.form.problems,
            can_continue=self._can_continue,
            is_next=not has_offers,
        )
        self._show_live_settings()

    def _show_live_settings(self) -> None:
        changeable = self.changes.present
        if changeable:
            self.live_settings.show(changeable)
        set_shown(self.live_settings, bool(changeable))
