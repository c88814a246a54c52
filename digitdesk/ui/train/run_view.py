"""How far a run is and what came out of it, in the same place; and a table of its epochs.

Everything shown here came with an event; nothing is asked of the worker.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from tkinter import font as tk_font

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
from digitdesk.ui.i18n.text import Sentence, _, decimal, duration, percent, rate, whole
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import Column, Table, set_shown
from digitdesk.ui.train.run_result import (
    RunActionButtons,
    RunActions,
    result_details,
    result_titles,
    was_trained,
)

#: From this width on there is a button beside the figures; a result has this room at least.
_WIDE, _LEAST_RESULT = 560, 380


class RunProgress(theme.Frame):
    """One line of figures over a progress bar; once the run is over, its result and what next.

    Args:
        parent: The widget to sit in.
        actions: What can be done with what came out.
    """

    def __init__(self, parent: tk.Misc, actions: RunActions) -> None:
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
        self.details = theme.Label(self, style="Muted.TLabel", anchor="w", justify="left")
        self.details.grid(row=1, column=0, sticky="w")
        explain(
            self.details,
            _("The best epoch is the one that read most of the validation images right, which are "
              "held out of training. The network is that of the last epoch."),
        )  # fmt: skip
        self.next = RunActionButtons(self, actions)
        self.next.grid(row=0, column=1, columnspan=2, rowspan=2, sticky="e")
        # While it learns, the same is to be had of the network as it is at that moment.
        self.mistakes_button = theme.Button(
            self, text=_("See its mistakes"), command=actions.see_mistakes
        )
        theme.look(self.mistakes_button, theme.TOOL)
        self.mistakes_button.grid(row=0, column=3, rowspan=2, padx=(px(self, GAP), 0))
        explain(
            self.mistakes_button,
            _("Examines the network as it is at this step, and shows what it reads wrong."),
        )
        self._is_learning = False
        self._epochs = 0
        self._begun_with = 0
        self._history: list[EpochFinished] = []
        self._result: Sequence[tuple[theme.Label, str, Sequence[Sentence]]] = ()
        self._is_paused = False
        self.prepare(_("No run yet"))
        self.bind("<Configure>", lambda _event: self._fit())

    def prepare(self, sentence: str) -> None:
        """Show an empty bar with a sentence."""
        self._show_result(False)
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
                self._history = list(event.history)
                self._begun_with = len(event.history)
                self.prepare(
                    _("{count} images, {parameters} parameters").format(
                        count=whole(event.train_count), parameters=whole(event.parameter_count)
                    )
                )
            case Progress():
                self._show(event)
                self._show_learning(True)
            case RunPaused():
                self._show_left(0.0)
            case RunResumed():
                self.left.configure(text="")
            case EpochFinished():
                self._history.append(event)
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
        if event.ending == "completed":
            self.bar.configure(value=1.0)
        self._result = (
            (self.where, "figures", result_titles(event)),
            (self.details, "small", result_details(event, self._history, self._epochs)),
        )
        for label, _font, sentences in self._result:
            label.configure(text=sentences[0])
        # As many again as were trained this time.
        again = max(1, event.epochs - self._begun_with)
        self.next.offer(again if event.ending == "completed" else 0)
        self._show_result(True, has_network=was_trained(event))

    def network_is_gone(self) -> None:
        """Offer nothing to do with a network that was thrown away."""
        self.next.grid_remove()

    @property
    def has_offers(self) -> bool:
        """Whether there is something to do with what came out of a run."""
        return bool(self.next.winfo_manager())

    def _show_learning(self, is_learning: bool) -> None:
        """Offer the mistakes of a network that learns, where there is room for it."""
        self._is_learning = is_learning
        set_shown(self.mistakes_button, is_learning and self.winfo_width() >= px(self, _WIDE))

    def _show_result(self, shown: bool, *, has_network: bool = False) -> None:
        """Show what came out in the place of the bar, or the bar: both take the same room."""
        self._show_learning(False)
        for part in (self.speed, self.left, self.bar):
            set_shown(part, not shown)
        set_shown(self.details, shown)
        set_shown(self.next, shown and has_network)
        self._fit()

    def _reserve_room(self) -> None:
        """Take the same room with the bar as with a result of two lines beside buttons."""
        first, second = self.where.winfo_reqheight(), self.details.winfo_reqheight()
        self.rowconfigure(0, minsize=first)
        self.rowconfigure(1, minsize=max(second, self.next.height - first))

    def _fit(self) -> None:
        """Say of a result what there is room for: each part has one line."""
        self._show_learning(self._is_learning)
        wide = self.next.width_in_a_row + px(self, _LEAST_RESULT)
        self.next.be_narrow(self.winfo_width() < wide)
        self._reserve_room()
        if not self.has_offers:
            return
        room = self.winfo_width() - self.next.width - px(self, GAP)
        for label, name, sentences in self._result:
            font = tk_font.nametofont(theme.font(name), root=self)
            said = [sentence.again() for sentence in sentences]
            label.configure(text=next((one for one in said if font.measure(one) <= room), said[-1]))


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
