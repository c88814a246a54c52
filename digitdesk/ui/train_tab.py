"""The Train tab: settings and buttons at the left, the live chart and figures at the right.

Buttons follow the session's state, and the state follows the run's events.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from digitdesk.messages import RunEvent, RunFinished, RunStarted, RunState
from digitdesk.ui import theme
from digitdesk.ui.dataset_field import Background, DatasetField
from digitdesk.ui.loss_chart import LossChart
from digitdesk.ui.run_view import EpochTable, RunProgress
from digitdesk.ui.status_bar import StatusBar
from digitdesk.ui.text import _, percent
from digitdesk.ui.theme import GAP, px
from digitdesk.ui.training_form import WIDTH, TrainingForm
from digitdesk.ui.widgets import enable

if TYPE_CHECKING:
    from digitdesk.session import Session


class TrainTab(theme.Frame):
    """Starts runs and shows them.

    Args:
        parent: The widget to sit in.
        status: Where messages and errors go.
        ask_folder: Lets the user choose a data folder.
        background: Runs a download beside the window.
    """

    def __init__(
        self,
        parent: tk.Misc,
        status: StatusBar,
        *,
        ask_folder: Callable[[], str],
        background: Background | None = None,
    ) -> None:
        super().__init__(parent, padding=px(parent, 3 * GAP))
        self._status = status
        self._session: Session | None = None
        self.columnconfigure(1, weight=1)
        self.rowconfigure(0, weight=1)
        left = theme.Frame(self)
        left.grid(row=0, column=0, rowspan=3, sticky="ns", padx=(0, px(self, 1.5 * GAP)))
        left.rowconfigure(0, weight=1)

        def make_dataset_field(form: tk.Misc, on_change: Callable[[], None]) -> DatasetField:
            return DatasetField(
                form,
                on_change,
                status=status,
                ask_folder=ask_folder,
                background=background,
                width=px(self, WIDTH),
            )

        self._build_buttons(left)
        self.form = TrainingForm(left, self._show_state, make_dataset_field)
        self.form.grid(row=0, column=0, sticky="ns")
        self.chart = LossChart(self)
        self.chart.grid(row=0, column=1, sticky="nsew")
        self.progress = RunProgress(self)
        self.progress.grid(row=1, column=1, sticky="ew", pady=(px(self, GAP), px(self, 2 * GAP)))
        self.epochs = EpochTable(self)
        self.epochs.grid(row=2, column=1, sticky="ew")
        self._show_state()

    def attach(self, session: Session) -> None:
        """Offer what the session has, and let Start be pressed."""
        self._session = session
        self.form.attach(session)
        self._status.show_device(_("GPU") if "gpu" in session.device_choices() else _("CPU"))
        self._show_state()

    def handle(self, event: RunEvent) -> None:
        """Show an event of the run."""
        self.chart.handle(event)
        self.progress.handle(event)
        self.epochs.handle(event)
        match event:
            case RunStarted():
                self._status.show_device(event.device)
                self._status.say(_("Training has begun."))
            case RunFinished():
                self._announce(event)

    def refresh_state(self) -> None:
        """Look at the session's state again."""
        self._show_state()

    # -- building

    def _build_buttons(self, parent: tk.Misc) -> None:
        self.problem = theme.Label(
            parent, style="Problem.TLabel", wraplength=px(self, WIDTH), justify="left"
        )
        self.problem.grid(row=1, column=0, sticky="w", pady=(px(self, GAP), 0))
        buttons = theme.Frame(parent, width=px(self, WIDTH))
        buttons.grid(
            row=2, column=0, sticky="ew", padx=(0, px(self, 1.5 * GAP)), pady=(px(self, GAP), 0)
        )
        buttons.columnconfigure((0, 1, 2), weight=1, uniform="button")
        self.start_button = theme.Button(buttons, text=_("Start"), command=self._on_start)
        self.pause_button = theme.Button(buttons, text=_("Pause"), command=self._on_pause)
        self.stop_button = theme.Button(buttons, text=_("Stop"), command=self._on_stop)
        theme.look(self.start_button, theme.ACCENT)
        for column, button in enumerate((self.start_button, self.pause_button, self.stop_button)):
            left = px(self, GAP) if column else 0
            button.grid(row=0, column=column, sticky="ew", padx=(left, 0))

    # -- reactions

    def _on_start(self) -> None:
        if self._session is None or self.form.problems:
            return
        with self._status.guarding():
            self._session.start_training(self.form.settings())
            self.progress.prepare(_("Loading the data …"))
            self._status.say(_("Loading the data …"))
        self._show_state()

    def _on_pause(self) -> None:
        if self._session is None:
            return
        if self._session.state is RunState.PAUSED:
            self._session.resume()
        else:
            self._session.pause()
        self._show_state()

    def _on_stop(self) -> None:
        if self._session is not None:
            self._session.stop()
            self._status.say(_("Stopping after this step …"))
            self._show_state()

    def _announce(self, event: RunFinished) -> None:
        if event.ending == "failed":
            self._status.show_error(event.message)
        elif event.test_accuracy is not None:
            self._status.say(
                _("Trained: {percent} of the test images read right. Save it in Models.").format(
                    percent=percent(event.test_accuracy, 2)
                )
            )
        elif event.ending == "stopped":
            self._status.say(_("Stopped."))
        else:
            self._status.say(_("Training is done."))

    def _show_state(self) -> None:
        if not hasattr(self, "epochs"):
            return
        state = self._session.state if self._session is not None else None
        idle = state is RunState.IDLE
        self.form.set_usable(idle)
        self.problem.configure(text=self.form.first_problem if idle else "")
        enable(self.start_button, idle and not self.form.problems)
        enable(self.pause_button, state in (RunState.TRAINING, RunState.PAUSED))
        enable(
            self.stop_button,
            state in (RunState.PREPARING, RunState.TRAINING, RunState.PAUSED),
        )
        paused = state is RunState.PAUSED
        self.pause_button.configure(text=_("Resume") if paused else _("Pause"))
        theme.look(self.pause_button, theme.ACCENT if paused else theme.QUIET)
