"""What came out of a run: its accuracy, time and best epoch in words, and what to do with it."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from digitdesk.messages.model import TRAINING
from digitdesk.messages.run import EpochFinished, RunFinished
from digitdesk.ui.i18n.text import (
    Sentence,
    _,
    duration,
    interval,
    joined,
    percent,
    plural,
    rate,
    whole,
)
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import set_shown


@dataclass(frozen=True, slots=True)
class RunActions:
    """What can be done once a run is over.

    Attributes:
        draw: Shows the board, which then reads with the network.
        see_mistakes: Examines the network as it is now, and shows what it gets wrong.
        go_on: Trains so many more epochs; 0 goes on with a run that was stopped on its way.
        save: Asks where to save the network.
    """

    draw: Callable[[], None]
    see_mistakes: Callable[[], None]
    go_on: Callable[[int], None]
    save: Callable[[], None]

    @classmethod
    def of(cls, services: PageServices, go_on: Callable[[int], None]) -> RunActions:
        """What the window can do with the network of the run, and to go on."""
        return cls(
            draw=lambda: services.use_model(TRAINING),
            see_mistakes=lambda: services.examine(TRAINING, ""),
            go_on=go_on,
            save=lambda: services.save_model(TRAINING, ".npz"),
        )


class RunActionButtons(theme.Frame):
    """A button for each of ``RunActions``, the one to press next first.

    Args:
        parent: The widget to sit in.
        actions: What they do.
    """

    def __init__(self, parent: tk.Misc, actions: RunActions) -> None:
        super().__init__(parent)
        self._more, self._narrow = 0, False
        self._buttons: list[theme.Button] = []
        self.draw_button = self._button(
            0, _("Draw with it"), actions.draw,
            _("Goes to the board and reads with this network."),
        )  # fmt: skip
        theme.look(self.draw_button, theme.ACCENT)
        self.mistakes_button = self._button(
            1, _("See its mistakes"), actions.see_mistakes,
            _("Lets it read pictures it has not met, and shows those it reads wrong."),
        )  # fmt: skip
        self.more_button = self._button(2, _("Go on"), lambda: actions.go_on(self._more))
        self.save_button = self._button(
            3, _("Save …"), actions.save,
            _("Writes the network to a file. Until then it is kept in Models, as not saved."),
        )  # fmt: skip
        self.offer(0)

    @property
    def height(self) -> int:
        """How high they are in screen pixels, also while they are hidden."""
        return int(self.draw_button.winfo_reqheight())

    @property
    def width_in_a_row(self) -> int:
        """How wide all are beside each other, in screen pixels."""
        return sum(button.winfo_reqwidth() + px(self, GAP) for button in self._buttons)

    @property
    def width(self) -> int:
        """The same of those that are shown."""
        shown = [button for button in self._buttons if button.winfo_manager()]
        return sum(button.winfo_reqwidth() + px(self, GAP) for button in shown)

    def be_narrow(self, narrow: bool) -> None:
        """Leave out what is offered elsewhere as well, or show all.

        Below the form there is always *+1 epoch*; to go on with a run that was stopped, there is
        only this, and its mistakes are in the Evaluate tab, too.
        """
        self._narrow = narrow
        set_shown(self.mistakes_button, not narrow or bool(self._more))
        set_shown(self.more_button, not narrow or not self._more)

    def offer(self, more: int) -> None:
        """Offer so many more epochs, or 0: to go on where the run was stopped."""
        self._more = more
        if more:
            title = plural("Train {n} more epoch", "Train {n} more epochs", more)
            why = _("Goes on from these weights, with the settings of this run.")
        else:
            title = _("Go on")
            why = _("Goes on with this run where it was stopped.")
        self.more_button.configure(text=title)
        explain(self.more_button, why)
        self.be_narrow(self._narrow)

    def _button(
        self, column: int, title: Sentence, run: Callable[[], None], why: Sentence | None = None
    ) -> theme.Button:
        button = theme.Button(self, text=title, command=run)
        button.grid(row=0, column=column, padx=(px(self, GAP), 0))
        self._buttons.append(button)
        if why is not None:
            explain(button, why)
        return button


def result_titles(event: RunFinished) -> Sequence[Sentence]:
    """How a run ended, in a few words; then in fewer, for a narrow window."""
    if event.ending == "failed":
        return [_("Failed")]
    if not was_trained(event):
        return [_("Stopped before the first step.")]
    results = _results(event)
    if event.ending == "completed":
        return results
    return [_("Stopped. {result}").format(result=result) for result in results]


def result_details(
    event: RunFinished, history: Sequence[EpochFinished], epochs: int
) -> Sequence[Sentence]:
    """What it took, and which epoch was the best; then less and less of it.

    Args:
        event: The run's end.
        history: Its epochs.
        epochs: How many it was to have.
    """
    if event.ending == "failed":
        done = len(history)
        said = plural("{n} epoch was finished by then.", "{n} epochs were finished by then.", done)
        return [said if done else _("No epoch was finished by then.")]
    if not was_trained(event):
        return [_("Nothing was trained, and nothing is lost.")]
    parts: list[str] = [plural("{n} epoch", "{n} epochs", event.epochs)]
    if event.ending == "stopped":
        parts = [
            _("{done} of {total} epochs").format(done=whole(event.epochs), total=whole(epochs))
        ]
    taken = next((epoch for epoch in history if epoch.epoch == event.best_epoch), None)
    best = taken or _best(history)
    if best is not None and (taken or best.epoch != event.epochs):
        said = (
            _("weights of epoch {epoch} ({percent})")
            if taken
            else _("best: epoch {epoch} ({percent})")
        )
        shown = percent(best.validation_accuracy, 2)
        # In few words: a third line would move what stands below.
        parts += [
            duration(event.train_seconds),
            said.format(epoch=whole(best.epoch), percent=shown),
        ]
    else:
        parts.append(_("trained {time}").format(time=duration(event.train_seconds)))
        if event.images_per_second:
            parts.append(rate(event.images_per_second))
    return [joined(" · ", parts[:count]) for count in range(len(parts), 0, -1)]


def was_trained(event: RunFinished) -> bool:
    """Whether there is a network that has learned anything, and can be used."""
    return event.ending == "completed" or (event.ending == "stopped" and event.train_seconds > 0)


def _results(event: RunFinished) -> Sequence[Sentence]:
    if event.test_accuracy is None:
        return [plural("Done: {n} epoch", "Done: {n} epochs", event.epochs)]
    accuracy = percent(event.test_accuracy, 2)
    full = _("Test accuracy {percent} ({interval})")
    return [
        full.format(percent=accuracy, interval=interval(event.test_interval)),
        _("Test accuracy {percent}").format(percent=accuracy),
    ]


def _best(history: Sequence[EpochFinished]) -> EpochFinished | None:
    """The epoch with the best accuracy on images held out, of several the last one."""
    held_out = [epoch for epoch in history if epoch.validation_accuracy is not None]
    return max(
        held_out, key=lambda epoch: (epoch.validation_accuracy or 0.0, epoch.epoch), default=None
    )
