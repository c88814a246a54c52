"""What the command line shows of a run while it trains, and how Ctrl-C and ``kill`` stop it."""

from __future__ import annotations

import signal
import sys
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any

from digitdesk.cli.text_output import epoch_line, hint
from digitdesk.messages.percent import percent
from digitdesk.messages.run import (
    EpochFinished,
    Progress,
    RunDiagnosis,
    RunEvent,
    RunNotKept,
    RunStarted,
)

if TYPE_CHECKING:
    from digitdesk.session.session import RunCommands

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
_EXIT_BY_SIGNAL = 128


class StopOnSignal:
    """While it is entered, a first signal lets the run end after its step; a second one ends all.

    Attributes:
        commands: To be given to the run.
    """

    def __init__(self) -> None:
        from digitdesk.session.session import RunCommands

        self.commands: RunCommands = RunCommands()
        self._number = int(signal.SIGINT)
        self._before: dict[int, Any] = {}

    @property
    def exit_code(self) -> int:
        """As a shell gives it for the signal that came."""
        return _EXIT_BY_SIGNAL + self._number

    def __enter__(self) -> StopOnSignal:
        for name in _SIGNALS:
            number = getattr(signal, name, None)
            # Whoever starts a command with nohup wants it to ignore the end of the terminal.
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self._number = number
        if self.commands.is_stopping:
            raise KeyboardInterrupt
        self.commands.stop(closing=True)


class TrainingReport:
    """Shows a run's events on standard error: a bar while it runs, a line per epoch.

    Attributes:
        is_kept: The run has begun and its state is kept from now on.
        seed: Of the run.
    """

    def __init__(self) -> None:
        from tqdm import tqdm

        self.is_kept = False
        self.seed = 0
        self._epochs = 0
        # `disable=None`: no bar where standard error is a file, only the lines.
        self._bar: Any = tqdm(
            unit="step", desc="Loading", disable=None, dynamic_ncols=True, leave=False
        )

    def __enter__(self) -> TrainingReport:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def __call__(self, event: RunEvent) -> None:
        """Show one event."""
        bar = self._bar
        if isinstance(event, RunStarted):
            self.is_kept, self.seed, self._epochs = True, event.config.seed, event.config.epochs
            bar.reset(total=event.steps_per_epoch * self._epochs)
            bar.set_description(f"Epoch {len(event.history) + 1}/{self._epochs}")
            bar.update(event.first_step)
        elif isinstance(event, Progress):
            bar.set_description(f"Epoch {event.epoch}/{self._epochs}", refresh=False)
            bar.set_postfix_str(
                f"loss {event.loss:.3f}, {percent(event.accuracy, 1)}, "
                f"{event.images_per_second:,.0f} images/s",
                refresh=False,
            )
            bar.update(event.step - bar.n)
        elif isinstance(event, EpochFinished):
            bar.update(event.step - bar.n)
            bar.write(epoch_line(event, self._epochs), file=sys.stderr)
        elif isinstance(event, RunDiagnosis):
            bar.write(f"digitdesk: {hint(event)}", file=sys.stderr)
        elif isinstance(event, RunNotKept):
            self.is_kept = False
            bar.write(f"digitdesk: {event.problem.sentence}", file=sys.stderr)
