"""The buttons of a run: start, pause, stop, one step and one more epoch."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass

from digitdesk.messages.run import RunState
from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import enable

_UNDER_WAY = (RunState.TRAINING, RunState.PAUSED)


@dataclass(frozen=True, slots=True)
class RunButtonCommands:
    """What the buttons do; ``pause`` also goes on after a pause."""

    start: Callable[[], None]
    pause: Callable[[], None]
    stop: Callable[[], None]
    single_step: Callable[[], None]
    add_epoch: Callable[[], None]


class RunButtons(theme.Frame):
    """Two rows, of which the second is seldom needed.

    Args:
        parent: The widget to sit in.
        width: In screen pixels.
        commands: What the buttons do.
    """

    def __init__(self, parent: tk.Misc, width: int, commands: RunButtonCommands) -> None:
        super().__init__(parent, width=width)
        self.columnconfigure((0, 1, 2), weight=1, uniform="button")
        button = self._button
        self.start_button = button(
            0, _("Start"), commands.start, _("Trains a network with these settings.")
        )
        self.pause_button = button(
            1, _("Pause"), commands.pause, _("Waits after the present step, or goes on.")
        )
        self.stop_button = button(
            2, _("Stop"), commands.stop, _("Ends the run after the present step; nothing is lost.")
        )
        self.step_button = button(
            3, _("One step"), commands.single_step,
            _("While paused: trains one batch and waits again."),
        )  # fmt: skip
        self.epoch_button = button(
            4, _("+1 epoch"), commands.add_epoch,
            _("Adds one epoch to the run, also after its end."),
        )  # fmt: skip
        theme.look(self.start_button, theme.ACCENT)
        for extra in (self.step_button, self.epoch_button):
            theme.look(extra, theme.TOOL)

    def show(self, state: RunState | None, *, can_start: bool, can_continue: bool) -> None:
        """Let be pressed what can be done.

        Args:
            state: Where the run is; ``None`` before there is a session.
            can_start: Whether the settings are right.
            can_continue: Whether a run that has ended may get another epoch.
        """
        idle, paused = state is RunState.IDLE, state is RunState.PAUSED
        enable(self.start_button, idle and can_start)
        enable(self.pause_button, state in _UNDER_WAY)
        enable(self.stop_button, state in (RunState.PREPARING, *_UNDER_WAY))
        enable(self.step_button, paused)
        enable(self.epoch_button, state in _UNDER_WAY or (idle and can_continue))
        self.pause_button.configure(text=_("Resume") if paused else _("Pause"))
        theme.look(self.pause_button, theme.ACCENT if paused else theme.QUIET)

    def _button(
        self, place: int, title: Sentence, run: Callable[[], None], help_text: Sentence
    ) -> theme.Button:
        gap = px(self, GAP)
        row, column = divmod(place, 3)
        button = theme.Button(self, text=title, command=run)
        left = gap if column else 0
        button.grid(row=row, column=column, sticky="ew", padx=(left, 0), pady=(row * gap, 0))
        explain(button, help_text)
        return button
