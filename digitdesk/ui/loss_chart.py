"""The live chart of a run: loss at the left, accuracy at the right, over epochs.

Points are kept from the first event on; the drawing library is loaded later and beside the
window, and a redraw happens at most four times a second and only where somebody can see it.
"""

from __future__ import annotations

import os
import tkinter as tk
from pathlib import Path
from typing import TYPE_CHECKING

from digitdesk.messages import EpochFinished, Progress, RunEvent, RunStarted
from digitdesk.ui import theme
from digitdesk.ui.chart_series import DecimatedSeries, SmoothedMean
from digitdesk.ui.text import _
from digitdesk.ui.theme import px
from digitdesk.ui.widgets import Timer

if TYPE_CHECKING:
    from digitdesk.ui.chart_figure import ChartFigure

#: Shortest time between two redraws, in milliseconds: each costs the training about 1 %.
REDRAW_MS = 250

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


def import_matplotlib(cache: Path) -> None:
    """Load the drawing library; takes half a second, so call it beside the main thread.

    Args:
        cache: Folder for the library's font list, which a packaged app would otherwise make anew
            at each start.
    """
    folder = cache / "matplotlib"
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("MPLCONFIGDIR", str(folder))
    from digitdesk.ui.chart_figure import warm_up

    warm_up()


class LossChart(theme.Frame):
    """Collects a run's points and shows them once the drawing library is there."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=1)
        self.grid_propagate(False)
        self.series = {name: DecimatedSeries() for name in LINES}
        self._smooth = SmoothedMean()
        self._steps_per_epoch = 1
        self._last_step = 0
        self._epochs = 3
        self._figure: ChartFigure | None = None
        self._may_build = False
        self._is_dirty = False
        self.redraw_count = 0
        self._redraw = Timer(self, REDRAW_MS, self._draw_if_seen)
        self.hint = theme.Label(
            self,
            text=_("Press Start to train a network.\nLoss and accuracy appear here as it learns."),
            style="Muted.TLabel",
            justify="center",
        )
        self.hint.place(relx=0.5, rely=0.45, anchor="center")
        # A tab that comes to the front is mapped; what lies in it is told nothing.
        parent.bind("<Map>", lambda _event: self._mark(), add="+")
        self.bind("<<ThemeChanged>>", lambda _event: self._recolor())

    def library_is_loaded(self) -> None:
        """Hear that ``import_matplotlib`` has run; the figure is made when it is first seen."""
        self._may_build = True
        self._mark()

    @property
    def is_built(self) -> bool:
        """Whether the figure is there."""
        return self._figure is not None

    def build(self) -> None:
        """Make the figure; on the main thread, and at most once."""
        if self._figure is not None:
            return
        from digitdesk.ui.chart_figure import ChartFigure

        self._figure = ChartFigure(self, px(self, 100) / 100)
        self._figure.set_epochs(self._epochs)
        if not self.hint.winfo_manager():
            self._show_figure()

    def handle(self, event: RunEvent) -> None:
        """Take the points of an event."""
        match event:
            case RunStarted():
                self._start(event)
            case Progress():
                self._add_progress(event)
            case EpochFinished():
                self._add_epoch(event)
            case _:
                return
        self._mark()

    def _start(self, event: RunStarted) -> None:
        for series in self.series.values():
            series.clear()
        self._smooth = SmoothedMean()
        self._steps_per_epoch = max(1, event.steps_per_epoch)
        self._last_step = 0
        self._epochs = event.config.epochs
        self.hint.place_forget()
        if self._figure is not None:
            self._figure.set_epochs(self._epochs)
            self._show_figure()

    def _show_figure(self) -> None:
        assert self._figure is not None
        self._figure.widget.grid(row=0, column=0, sticky="nsew")
        self._mark()

    def _add_progress(self, event: Progress) -> None:
        steps = max(1, event.step - self._last_step)
        self._last_step = event.step
        x = event.step / self._steps_per_epoch
        self.series["step_loss"].append(x, event.loss)
        self.series["train_loss"].append(x, self._smooth.add(event.loss, steps))

    def _add_epoch(self, event: EpochFinished) -> None:
        for name in LINES[2:]:
            value: float | None = getattr(event, name)
            if value is not None:
                self.series[name].append(event.epoch, value)

    def _mark(self) -> None:
        """Have the chart redrawn soon, if there is something new to see."""
        self._is_dirty = True
        self._redraw.ask()

    def _draw_if_seen(self) -> None:
        if not self._is_dirty or not self.winfo_viewable():
            return
        if self._figure is None:
            if not self._may_build:
                return
            self.build()
            assert self._figure is not None
        self._is_dirty = False
        self.redraw_count += 1
        self._figure.draw({name: series.points() for name, series in self.series.items()})

    def _recolor(self) -> None:
        if self._figure is not None:
            self._figure.recolor()
            self._mark()
