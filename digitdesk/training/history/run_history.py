"""What a run has told so far: its lines, its epochs, and what was changed on the way.

It follows the run's events and asks nobody, so whoever hears them can keep one: a chart, a table,
an experiment. Nothing here needs NumPy.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from digitdesk.messages.run import (
    EpochFinished,
    Progress,
    RunEvent,
    RunExtended,
    RunStarted,
    SettingChanged,
    TrainingConfig,
)
from digitdesk.training.history.series import DecimatedSeries, SmoothedMean

#: Lines by name: loss of single steps and smoothed, then loss and accuracy per epoch.
LINES = (
    "step_loss",
    "train_loss",
    "validation_loss",
    "test_loss",
    "train_accuracy",
    "validation_accuracy",
    "test_accuracy",
)
#: Steps after which a loss counts 1/e in the smoothed line, unless chosen otherwise.
USUAL_MEMORY = 25.0

_EPOCH_COLUMNS = ("epoch", "step", *LINES[1:], "seconds")


@dataclass(frozen=True, slots=True)
class Mark:
    """A setting changed at a place of the run, in epochs."""

    x: float
    name: str
    value: float


class RunHistory:
    """One run, from its first event on.

    Args:
        memory: Steps after which a loss counts 1/e in the smoothed line.

    Attributes:
        config: The settings it began with.
        epochs: How many it has in all, as now planned.
        series: Its lines by name; x is in epochs.
        marks: Where settings were changed.
        finished: Its epochs.
    """

    def __init__(self, memory: float = USUAL_MEMORY) -> None:
        self.config: TrainingConfig | None = None
        self.epochs = 3
        self.series = {name: DecimatedSeries() for name in LINES}
        self.marks: list[Mark] = []
        self.finished: list[EpochFinished] = []
        self._smoothed = SmoothedMean(memory)
        self._memory = memory
        self._steps_per_epoch = 1
        self._last_step = 0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw yet."""
        return not len(self.series["step_loss"]) and not self.finished

    def follow(self, event: RunEvent) -> bool:
        """Take what an event tells; whether it told something to keep."""
        match event:
            case RunStarted():
                self._begin(event)
            case Progress():
                self._add_progress(event)
            case EpochFinished():
                self._add_epoch(event)
            case SettingChanged():
                self._add_mark(event)
            case RunExtended():
                self.epochs = event.epochs
            case _:
                return False
        return True

    def _begin(self, event: RunStarted) -> None:
        """A run begins, or goes on with what it had before."""
        self.config, self.epochs = event.config, event.config.epochs
        self._steps_per_epoch = max(1, event.steps_per_epoch)
        for epoch in event.history:
            self._add_epoch(epoch)
        # A version that kept no single steps has only the epochs to stand for them.
        self._last_step = 0
        for step, loss in event.losses or [(past.step, past.train_loss) for past in event.history]:
            self._add_loss(step, loss)
        self._last_step = event.first_step
        for change in event.changes:
            self._add_mark(change)

    def _add_progress(self, event: Progress) -> None:
        for step, loss in event.losses or [(event.step, event.loss)]:
            self._add_loss(step, loss)

    def _add_loss(self, step: int, loss: float) -> None:
        """Take the mean loss of the steps since the last one told."""
        steps = max(1, step - self._last_step)
        self._last_step = step
        x = step / self._steps_per_epoch
        self.series["step_loss"].append(x, loss)
        self.series["train_loss"].append(x, self._smoothed.add(loss, steps))

    def _add_epoch(self, event: EpochFinished) -> None:
        self.finished.append(event)
        for name in LINES[2:]:
            value: float | None = getattr(event, name)
            if value is not None:
                self.series[name].append(event.epoch, value)

    def _add_mark(self, event: SettingChanged) -> None:
        self.marks.append(Mark(event.step / self._steps_per_epoch, event.name, event.value))

    def smooth(self, memory: float) -> None:
        """Have the line of the training loss smoothed with another memory, in steps."""
        self._memory = memory
        self._smoothed = SmoothedMean(memory)
        line = self.series["train_loss"]
        line.clear()
        before = 0.0
        for x, y in zip(*self.series["step_loss"].points(), strict=True):
            line.append(x, self._smoothed.add(y, max(1.0, (x - before) * self._steps_per_epoch)))
            before = x

    def value_at(self, name: str, x: float) -> float | None:
        """The last value of a line at or before ``x``; ``None`` where there is none."""
        xs, ys = self.series[name].points()
        before = [y for at, y in zip(xs, ys, strict=True) if at <= x + 1e-9]
        return before[-1] if before else None

    def table(self) -> str:
        """Epochs, steps and changes as comma-separated values with a title line."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(("kind", *_EPOCH_COLUMNS, "setting", "value"))
        for epoch in self.finished:
            cells = [getattr(epoch, name, None) for name in _EPOCH_COLUMNS]
            writer.writerow(("epoch", *("" if cell is None else cell for cell in cells), "", ""))
        for x, loss in zip(*self.series["step_loss"].points(), strict=True):
            step = round(x * self._steps_per_epoch)
            row = [""] * len(_EPOCH_COLUMNS)
            row[:3] = [f"{x:.6g}", str(step), f"{loss:.6g}"]
            writer.writerow(("step", *row, "", ""))
        for mark in self.marks:
            row = [""] * len(_EPOCH_COLUMNS)
            row[:2] = [f"{mark.x:.6g}", str(round(mark.x * self._steps_per_epoch))]
            writer.writerow(("change", *row, mark.name, mark.value))
        return text.getvalue()
