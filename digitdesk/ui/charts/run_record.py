"""What the window keeps of a run: its lines, its epochs, and what was changed on the way.

Everything came with an event; from it the chart is drawn and the table for export is written.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field

from digitdesk.messages.run import (
    EpochFinished,
    Progress,
    RunExtended,
    RunStarted,
    SettingChanged,
    TrainingConfig,
)
from digitdesk.ui.charts.chart_series import DecimatedSeries, SmoothedMean

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


@dataclass(slots=True)
class RunRecord:
    """One run, from its first event on.

    Attributes:
        name: What the user calls it.
        is_shown: Whether it is drawn below later runs.
    """

    name: str
    epochs: int = 3
    config: TrainingConfig | None = None
    is_shown: bool = True
    series: dict[str, DecimatedSeries] = field(
        default_factory=lambda: {name: DecimatedSeries() for name in LINES}
    )
    marks: list[Mark] = field(default_factory=list)
    finished: list[EpochFinished] = field(default_factory=list)
    memory: float = USUAL_MEMORY
    _smooth: SmoothedMean = field(default_factory=SmoothedMean)
    _steps_per_epoch: int = 1
    _last_step: int = 0

    @classmethod
    def started(cls, event: RunStarted, name: str, memory: float) -> RunRecord:
        """A run that begins, or one that goes on with what it had before."""
        record = cls(name, event.config.epochs, event.config, memory=memory)
        record._smooth = SmoothedMean(memory)
        record._steps_per_epoch = max(1, event.steps_per_epoch)
        record._last_step = event.first_step
        for epoch in event.history:
            record.add_epoch(epoch)
            # A run taken up again has no single steps of before: its epochs stand for them.
            x = float(epoch.epoch)
            record.series["step_loss"].append(x, epoch.train_loss)
            record.series["train_loss"].append(x, record._smooth.add(epoch.train_loss, memory))
        for change in event.changes:
            record.add_mark(change)
        return record

    @property
    def is_empty(self) -> bool:
        """Whether nothing was drawn yet."""
        return not len(self.series["step_loss"]) and not self.finished

    def add_progress(self, event: Progress) -> None:
        """Take the loss of the newest steps."""
        steps = max(1, event.step - self._last_step)
        self._last_step = event.step
        x = event.step / self._steps_per_epoch
        self.series["step_loss"].append(x, event.loss)
        self.series["train_loss"].append(x, self._smooth.add(event.loss, steps))

    def add_epoch(self, event: EpochFinished) -> None:
        """Take the figures of an epoch."""
        self.finished.append(event)
        for name in LINES[2:]:
            value: float | None = getattr(event, name)
            if value is not None:
                self.series[name].append(event.epoch, value)

    def add_mark(self, event: SettingChanged) -> None:
        """Remember where a setting was changed."""
        self.marks.append(Mark(event.step / self._steps_per_epoch, event.name, event.value))

    def extend(self, event: RunExtended) -> None:
        """Take note of one more epoch."""
        self.epochs = event.epochs

    def smooth(self, memory: float) -> None:
        """Draw the line of the training loss with another memory, in steps."""
        self.memory = memory
        self._smooth = SmoothedMean(memory)
        line = self.series["train_loss"]
        line.clear()
        before = 0.0
        for x, y in zip(*self.series["step_loss"].points(), strict=True):
            line.append(x, self._smooth.add(y, max(1.0, (x - before) * self._steps_per_epoch)))
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
