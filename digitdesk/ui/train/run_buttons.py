"""The buttons of a run: start, pause, stop, one step and one more epoch."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from digitdesk.messages.run import RunState
from digitdesk.ui.controls.explained_button import explained_button
from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.status_bar import StatusBar
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.widgets import enable

if TYPE_CHECKING:
    from digitdesk.session.session import Session

_UNDER_WAY = (RunState.TRAINING, RunState.PAUSED)


class RunButtons(theme.Frame):
    """Two rows, of which the second is seldom needed.

    Args:
        parent: The widget to sit in.
        width: In screen pixels.
        status: Where it is said what happens.
        start: Starts a run; all else the buttons do themselves.
        when_pressed: Called after the run was told something.
    """

    def __init__(
        self,
        parent: tk.Misc,
        width: int,
        status: StatusBar,
        *,
        start: Callable[[], None],
        when_pressed: Callable[[], None],
    ) -> None:
        super().__init__(parent, width=width)
        self._status = status
        self._when_pressed = when_pressed
        self._session: Session | None = None
        self.columnconfigure((0, 1, 2), weight=1, uniform="button")
        button = self._button
        self.start_button = button(0, _("Start"), start, _("Trains a network with these settings."))
        self.pause_button = button(
            1, _("Pause"), self._on_pause, _("Waits after the present step, or goes on.")
        )
        self.stop_button = button(
            2, _("Stop"), self._on_stop, _("Ends the run after the present step; nothing is lost.")
        )
        self.step_button = button(
            3, _("One step"), self._on_step,
            _("While paused: trains one batch and waits again."),
        )  # fmt: skip
        self.epoch_button = button(
            4, _("+1 epoch"), self._on_add_epoch,
            _("Adds one epoch to the run, also after its end."),
        )  # fmt: skip

    def attach(self, session: Session) -> None:
        """Command the session's runs."""
        self._session = session

    def show(
        self, state: RunState | None, *, can_start: bool, can_continue: bool, is_next: bool = True
    ) -> None:
        """Let be pressed what can be done.

        Args:
            state: Where the run is; ``None`` before there is a session.
            can_start: Whether the settings are right.
            is_next: Whether to start is the one thing to press next.
            can_continue: Whether a run that has ended may get another epoch.
        """
        idle, paused = state is RunState.IDLE, state is RunState.PAUSED
        enable(self.start_button, idle and can_start)
        theme.look(self.start_button, theme.ACCENT if is_next else theme.QUIET)
        enable(self.pause_button, state in _UNDER_WAY)
        enable(self.stop_button, state in (RunState.PREPARING, *_UNDER_WAY))
        enable(self.step_button, paused)
        enable(self.epoch_button, state in _UNDER_WAY or (idle and can_continue))
        self.pause_button.configure(text=_("Resume") if paused else _("Pause"))
        theme.look(self.pause_button, theme.ACCENT if paused else theme.QUIET)

    def _on_pause(self) -> None:
        if self._session is not None:
            if self._session.state is RunState.PAUSED:
                self._session.resume()
            else:
                self._session.pause()
            self._when_pressed()

    def _on_stop(self) -> None:
        if self._session is not None:
            self._session.stop()
            self._status.say(_("Stopping after this step …"))
            self._when_pressed()

    def _on_step(self) -> None:
        if self._session is not None:
            with self._status.guarding():
                self._session.single_step()

    def _on_add_epoch(self) -> None:
        if self._session is not None:
            with self._status.guarding():
                self._session.add_epochs()
            self._when_pressed()

    def _button(
        self, place: int, title: Sentence, run: Callable[[], None], help_text: Sentence
    ) -> theme.Button:
        gap = px(self, GAP)
        row, column = divmod(place, 3)
        button = explained_button(self, title, run, help_text)
        left = gap if column else 0
        button.grid(row=row, column=column, sticky="ew", padx=(left, 0), pady=(row * gap, 0))
        return button
