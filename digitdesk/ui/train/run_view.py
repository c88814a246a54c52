"""How far a run is: progress bar, epoch, step, speed and time left, and a table of its epochs.

Everything shown here came with an event; nothing is asked of the worker.
"""

from __future__ import annotations

import tkinter as tk

from digitdesk.messages.run import (
    EpochFinished,
    Progress,
    RunEvent,
    RunExtended,
    RunFinished,
    RunPaused,
    RunPreparing,
    RunResumed,
    RunStarted,
)
from digitdesk.ui.i18n.text import _, decimal, duration, interval, percent, plural, rate, whole
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.widgets import Column, Table


class RunProgress(theme.Frame):
    """One line of figures over a progress bar."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self.columnconfigure(0, weight=1)
        self.where = theme.Label(self, style="Figures.TLabel", anchor="w")
        self.where.grid(row=0, column=0, sticky="w")
        self.speed = theme.Label(self, style="Figures.TLabel", anchor="e")
        self.speed.grid(row=0, column=1, sticky="e", padx=(px(self, 2 * GAP), 0))
        self.left = theme.Label(self, style="Figures.TLabel", anchor="e")
        self.left.grid(row=0, column=2, sticky="e", padx=(px(self, 2 * GAP), 0))
        self.bar = theme.Progressbar(self, maximum=1.0)
        theme.look(self.bar, theme.ACCENT)
        self.bar.grid(row=1, column=0, columnspan=3, sticky="ew", pady=(px(self, GAP / 2), 0))
        self._epochs = 0
        self._is_paused = False
        self.prepare(_("No run yet"))

    def prepare(self, sentence: str) -> None:
        """Show an empty bar with a sentence."""
        self.where.configure(text=sentence)
        self.speed.configure(text="")
        self.left.configure(text="")
        self.bar.configure(value=0.0)

    def handle(self, event: RunEvent) -> None:
        """Show an event."""
        if isinstance(event, RunStarted | RunPaused | RunResumed):
            self._is_paused = isinstance(event, RunPaused)
        match event:
            case RunPreparing():
                self.where.configure(
                    text=_("Drawing training images: {done} of {total}").format(
                        done=whole(event.done), total=whole(event.total)
                    )
                )
                self.bar.configure(value=event.done / max(1, event.total))
            case RunExtended():
                self._epochs = event.epochs
            case RunStarted():
                self._epochs = event.config.epochs
                self.prepare(
                    _("{count} images, {parameters} parameters").format(
                        count=whole(event.train_count), parameters=whole(event.parameter_count)
                    )
                )
            case Progress():
                self._show(event)
            case RunPaused():
                self._show_left(0.0)
            case RunResumed():
                self.left.configure(text="")
            case RunFinished():
                self._finish(event)

    @property
    def share(self) -> float:
        """How far the run is, 0 … 1."""
        return float(self.bar.cget("value"))

    def _show(self, event: Progress) -> None:
        self.where.configure(
            text=_("Epoch {epoch} of {epochs} · step {step} of {steps}").format(
                epoch=whole(event.epoch),
                epochs=whole(self._epochs),
                step=whole(event.step),
                steps=whole(event.total_steps),
            )
        )
        self.speed.configure(text=rate(event.images_per_second))
        self._show_left(event.seconds_left)
        self.bar.configure(value=event.step / max(1, event.total_steps))

    def _show_left(self, seconds: float) -> None:
        """How long it takes; that does not count in a pause, also after a single step."""
        left = _("{time} left").format(time=duration(seconds))
        self.left.configure(text=_("paused") if self._is_paused else left)

    def _finish(self, event: RunFinished) -> None:
        self.left.configure(
            text=_("trained {time}").format(time=duration(event.train_seconds))
            if event.train_seconds
            else ""
        )
        if event.images_per_second:
            self.speed.configure(text=rate(event.images_per_second))
        if event.ending == "completed":
            self.bar.configure(value=1.0)
            self.where.configure(text=_result(event))
        elif event.ending == "stopped":
            self.where.configure(text=_("Stopped. {result}").format(result=_result(event)))
        else:
            self.where.configure(text=_("Failed"))


class EpochTable(Table):
    """A row per finished epoch, the newest in view."""

    def __init__(self, parent: tk.Misc, rows: int = 4) -> None:
        titles = {
            "epoch": _("epoch"),
            "train_loss": _("train loss"),
            "train_accuracy": _("train"),
            "validation_accuracy": _("validation"),
            "test_loss": _("test loss"),
            "test_accuracy": _("test"),
            "seconds": _("time"),
        }
        # No wider than they must be: a table grows with its window, but does not shrink.
        columns = {name: Column(title, 56, least=56) for name, title in titles.items()}
        super().__init__(parent, columns, rows=rows, bar_room=8)

    def handle(self, event: RunEvent) -> None:
        """Start anew with a run, add a row with an epoch."""
        match event:
            case RunStarted():
                self.clear()
                for epoch in event.history:
                    self._add(epoch)
            case EpochFinished():
                self._add(event)

    def _add(self, event: EpochFinished) -> None:
        item = self.tree.insert(
            "",
            "end",
            values=(
                event.epoch,
                decimal(event.train_loss),
                percent(event.train_accuracy, 2),
                percent(event.validation_accuracy, 2),
                decimal(event.test_loss),
                percent(event.test_accuracy, 2),
                duration(event.seconds),
            ),
        )
        self.tree.see(item)


def _result(event: RunFinished) -> str:
    if event.test_accuracy is None:
        return plural("Done: {n} epoch", "Done: {n} epochs", event.epochs)
    return _("Test accuracy {percent} ({interval})").format(
        percent=percent(event.test_accuracy, 2), interval=interval(event.test_interval)
    )
