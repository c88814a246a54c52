"""The live chart of a run: loss at the left, accuracy at the right, over epochs.

Points are kept from the first event on; the drawing library is loaded later and beside the
window, and a redraw happens at most four times a second and only where somebody can see it.
"""

from __future__ import annotations

import contextlib
import os
import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from digitdesk.files.logs import take_in
from digitdesk.messages.run import (
    RunEvent,
    RunExtended,
    RunFinished,
    RunPreparing,
    RunStarted,
    SettingChanged,
)
from digitdesk.training.history.run_history import LINES, USUAL_MEMORY, RunHistory
from digitdesk.ui.charts.run_record import RunRecord
from digitdesk.ui.i18n.text import Sentence, _, setting, whole
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.timer import Timer

if TYPE_CHECKING:
    from digitdesk.training.history.series import DecimatedSeries
    from digitdesk.ui.charts.figure import ChartFigure

#: Shortest time between two redraws, in milliseconds: each costs the training about 1 %.
REDRAW_MS = 250
#: Earlier runs that are kept; the oldest is forgotten first.
_MOST_RECORDS = 5

__all__ = ["LINES", "REDRAW_MS", "LossChart", "import_matplotlib"]


def import_matplotlib(cache: Path) -> None:
    """Load the drawing library; takes half a second, so call it beside the main thread.

    Args:
        cache: Folder for the library's font list, which a packaged app would otherwise make anew
            at each start.
    """
    folder = cache / "matplotlib"
    # Where the folder cannot be made, the library takes a temporary one by itself.
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("MPLCONFIGDIR", str(folder))
    # A notebook sets it for all it starts, and the library refuses to load where it lacks that.
    os.environ.pop("MPLBACKEND", None)
    # It warns of fonts that are not as it wishes, and tells of its first start.
    take_in("matplotlib")
    from digitdesk.ui.charts.figure import warm_up

    warm_up()


class LossChart(theme.Frame):
    """Collects a run's points and shows them once the drawing library is there.

    Attributes:
        record: The present run, or an empty one before the first.
        earlier: Runs before it, the newest first.
        when_pointed: Called with the epoch below the mouse, or ``None``.
        when_records_change: Called when a run begins, or is renamed or forgotten.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=1)
        self.grid_propagate(False)
        self.record = RunRecord()
        self.earlier: list[RunRecord] = []
        self.when_pointed: Callable[[float | None], None] = lambda x: None
        self.when_records_change: Callable[[], None] = lambda: None
        self._run_count = 0
        self._memory = USUAL_MEMORY
        self._is_log = False
        self._figure: ChartFigure | None = None
        self._may_build = False
        self._is_dirty = False
        self._others_are_dirty = True
        self.redraw_count = 0
        self._redraw = Timer(self, REDRAW_MS, self._draw_if_seen)
        self.hint = theme.Label(self, style="Muted.TLabel", justify="center")
        self.say()
        self.hint.place(relx=0.5, rely=0.45, anchor="center")
        # A tab that comes to the front is mapped; what lies in it is told only the first time,
        # which may be a moment later.
        for widget in (parent, self):
            widget.bind("<Map>", lambda _event: self._mark(), add="+")
        self.bind("<<ThemeChanged>>", lambda _event: self._recolor())
        theme.follow_size(self, self._on_size)

    @property
    def series(self) -> dict[str, DecimatedSeries]:
        """The lines of the present run."""
        return self.record.history.series

    def library_is_loaded(self) -> None:
        """Hear that ``import_matplotlib`` has run; the figure is made when it is first seen."""
        self._may_build = True
        self._mark()

    def come_to_light(self) -> None:
        """Hear that it may be in sight again, and draw what came meanwhile."""
        self._mark()

    def say(self, sentence: Sentence | None = None) -> None:
        """Say something where the lines will be; by default, how they come there."""
        usual = _("Press Start to train a network.\nLoss and accuracy appear here as it learns.")
        self.hint.configure(text=sentence or usual)

    def build(self) -> None:
        """Make the figure; on the main thread, and at most once."""
        if self._figure is not None:
            return
        from digitdesk.ui.charts.figure import ChartFigure

        self._figure = ChartFigure(self)
        self._figure.set_epochs(self.record.history.epochs)
        self._figure.set_log(self._is_log)
        self._figure.when_pointed(self._on_pointed)
        if not self.hint.winfo_manager():
            self._show_figure()

    def handle(self, event: RunEvent) -> None:
        """Take the points of an event."""
        if isinstance(event, RunStarted):
            self._start(event)
        elif isinstance(event, RunPreparing):
            self.say(
                _("Drawing training images: {done} of {total}").format(
                    done=whole(event.done), total=whole(event.total)
                )
            )
        elif isinstance(event, RunFinished):
            self.say()
        elif not self.record.history.follow(event):
            return
        if isinstance(event, SettingChanged):
            self._others_are_dirty = True
        elif isinstance(event, RunExtended) and self._figure is not None:
            self._figure.set_epochs(event.epochs)
        self._mark()

    # -- what the tools above the chart ask for

    @property
    def records(self) -> list[RunRecord]:
        """All runs there are to see, the present one first."""
        return [self.record, *self.earlier] if self._run_count else []

    def smooth(self, memory: float) -> None:
        """Smooth the training loss over so many steps."""
        self._memory = memory
        self.record.history.smooth(memory)
        self._mark()

    def set_log(self, is_log: bool) -> None:
        """Draw the loss on a logarithmic scale, or not."""
        self._is_log = is_log
        if self._figure is not None:
            self._figure.set_log(is_log)
            self._mark()

    def records_changed(self) -> None:
        """Draw earlier runs anew: one was renamed, hidden or shown."""
        self._others_are_dirty = True
        self._mark()
        self.when_records_change()

    def forget_earlier(self) -> None:
        """Forget all runs but the present one."""
        self.earlier.clear()
        self.records_changed()

    def save(self, path: Path) -> None:
        """Write the chart to a picture file.

        Raises:
            SaveError: The file cannot be written; what was there before stays.
        """
        self.build()
        assert self._figure is not None
        self._draw()
        self._figure.save(path)

    # -- inside

    def _start(self, event: RunStarted) -> None:
        if event.first_step and not self.record.history.is_empty:
            # It goes on, with its name and its color.
            self.record.history = RunHistory(self._memory)
        else:
            self._begin(event)
        self.record.history.follow(event)
        self.hint.place_forget()
        if self._figure is not None:
            self._figure.set_epochs(self.record.history.epochs)
            self._show_figure()
        self.records_changed()

    def _begin(self, event: RunStarted) -> None:
        """Begin a record; the one before is an earlier run from now on."""
        if not self.record.history.is_empty:
            self.earlier.insert(0, self.record)
            del self.earlier[_MOST_RECORDS:]
        config = event.config
        rate = "" if config.learning_rate is None else f" {setting(config.learning_rate)}"
        model = config.model if len(config.model) <= _LONGEST_MODEL else config.model[:12] + "…"
        name = f"{self._run_count + 1}: {model} · {config.optimizer}{rate}"
        self.record = RunRecord(name, RunHistory(self._memory), color=self._run_count)
        self._run_count += 1

    def _show_figure(self) -> None:
        assert self._figure is not None
        self._figure.widget.grid(row=0, column=0, sticky="nsew")
        self._mark()

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
        self._is_dirty = False
        self.redraw_count += 1
        self._draw()

    def _draw(self) -> None:
        assert self._figure is not None
        if self._others_are_dirty:
            self._others_are_dirty = False
            shown = [record for record in self.earlier if record.is_shown]
            self._figure.show_others(shown, self.record.history.marks)
        self._figure.draw({name: series.points() for name, series in self.series.items()})

    def _on_pointed(self, x: float | None) -> None:
        if self._figure is not None and not self.record.history.is_empty:
            self._figure.point_at(x)
            self.when_pointed(x)

    def _recolor(self) -> None:
        if self._figure is not None:
            self._figure.recolor()
            self._others_are_dirty = True
            self._mark()

    def _on_size(self) -> None:
        if self._figure is not None:
            self._figure.resize()
            self._mark()


_LONGEST_MODEL = 24
