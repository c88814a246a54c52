"""Obeys the commands for a run, between two steps: pauses, changes, more epochs, the end.

Every change is noted with the step it was made at, so that the run can be repeated.
"""

from __future__ import annotations

from collections.abc import Callable

from digitdesk.messages.run import RunExtended, RunPaused, RunResumed, SettingChanged
from digitdesk.messages.setting_table import SETTINGS
from digitdesk.training.commands import Change, Command, Extend, Request
from digitdesk.training.run import Run
from digitdesk.training.state import TrainingState


class CommandHandler:
    """Turns commands into changes of a run's state.

    Args:
        run: Gives the commands, and is told of each that was obeyed.
        state: Of the run.
        on_change: Called when settings have changed.
        on_pause: Called when the run begins to wait.

    Attributes:
        is_paused: The run waits; it may still be asked for single steps.
    """

    def __init__(
        self,
        run: Run,
        state: TrainingState,
        *,
        on_change: Callable[[], None],
        on_pause: Callable[[], None],
    ) -> None:
        self._run = run
        self._state = state
        self._on_change = on_change
        self._on_pause = on_pause
        self.is_paused = False

    def may_step(self) -> bool:
        """Obey what was given since the last step, waiting in a pause.

        Returns:
            False when no step is to follow: the run is done or told to stop.
        """
        while not self._run.commands.is_stopping:
            waiting = self.is_paused and not self._state.is_complete
            command = self._run.commands.next_command(wait=waiting)
            if command is None or (command is Request.STEP and self.is_paused):
                return not self._state.is_complete
            self._obey(command)
        return False

    def end_after(self, epochs: int) -> None:
        """Plan no more than these epochs."""
        self._change("epochs", epochs)

    def _obey(self, command: Command) -> None:
        if isinstance(command, Change):
            self._change(command.name, command.value)
        elif isinstance(command, Extend):
            more = self._state.settings.epochs + command.epochs
            if SETTINGS["epochs"].accepts(more):
                self._change("epochs", more)
        elif command is Request.PAUSE and not self.is_paused:
            self.is_paused = True
            self._on_pause()
            self._run.emit(RunPaused(self._run.run_id))
        elif command is Request.RESUME and self.is_paused:
            self.is_paused = False
            self._run.emit(RunResumed(self._run.run_id))

    def _change(self, name: str, value: float) -> None:
        state = self._state
        state.settings = state.settings.changed(name, value)
        change = SettingChanged(self._run.run_id, state.step, name, value)
        state.changes.append(change)
        self._on_change()
        if name == "epochs":
            epochs, total = state.settings.epochs, state.total_steps
            self._run.emit(RunExtended(self._run.run_id, epochs, total, state.step))
        else:
            self._run.emit(change)
