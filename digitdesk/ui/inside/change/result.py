"""What came of changes: the answer at once, the accuracy a moment later; kept or taken back."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from digitdesk.messages.inside.edits import CheckedAccuracy
from digitdesk.messages.inside.look import Look
from digitdesk.ui.charts.probability_bars import ProbabilityBars
from digitdesk.ui.controls.latest_job import LatestJob
from digitdesk.ui.controls.wrapped_label import WrappedLabel
from digitdesk.ui.i18n.text import Sentence, _, joined, percent, plural, whole
from digitdesk.ui.inside.subject import Subject
from digitdesk.ui.inside.words import output_name
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import enable

if TYPE_CHECKING:
    from digitdesk.session.jobs import Job

#: Now, and before the changes.
_Accuracies = tuple[CheckedAccuracy, CheckedAccuracy]
#: The accuracy is counted when nothing was changed for so long.
_PAUSE_MS = 300


class ChangeResult(theme.Frame):
    """Bars, a line of figures, and two buttons.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
        on_reset: Takes all changes back.
        on_save: Saves the network as it is now.

    Attributes:
        bars: The answer of the changed network; thin lines are the one before.
        accuracy: Of the network as it is, and as it was, where they are counted.
    """

    def __init__(
        self,
        parent: tk.Misc,
        services: PageServices,
        on_reset: Callable[[], None],
        on_save: Callable[[], None],
    ) -> None:
        super().__init__(parent)
        gap = px(self, GAP)
        self._job = LatestJob(services.background, services.status.show_error)
        self._count_later = Timer(self, _PAUSE_MS, self._count)
        self._subject: Subject | None = None
        self._counted: tuple[object, ...] = ()
        self._data = ""
        self.accuracy: tuple[CheckedAccuracy | None, CheckedAccuracy | None] = (None, None)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self.bars = ProbabilityBars(self)
        self.bars.grid(row=0, column=0, sticky="nsew")
        self.figures = WrappedLabel(self, "Figures.TLabel")
        self.figures.grid(row=1, column=0, sticky="ew", pady=(gap, gap))
        foot = theme.Frame(self)
        foot.grid(row=2, column=0, sticky="w")
        self.reset_button = theme.Button(foot, text=_("Reset"), command=on_reset)
        theme.look(self.reset_button, theme.QUIET)
        explain(self.reset_button, _("Takes all changes back."))
        self.reset_button.grid(row=0, column=0)
        self.save_button = theme.Button(foot, text=_("Save as a model"), command=on_save)
        theme.look(self.save_button, theme.ACCENT)
        explain(self.save_button, _("Saves the changed network as a new model, and looks into it."))
        self.save_button.grid(row=0, column=1, padx=(gap, 0))

    def show(self, subject: Subject, base: Look) -> None:
        """Show the answer of the changed network, and that of the network as it was."""
        self._subject = subject
        look = subject.look
        probabilities = () if look.is_empty else look.probabilities
        names = [output_name(name) for name in look.outputs]
        self.bars.show(names, probabilities)
        self.bars.show_other(names, () if base.is_empty else base.probabilities)
        is_changed = bool(subject.edits)
        enable(self.reset_button, is_changed)
        enable(self.save_button, is_changed)
        if subject.data != self._data:
            self.forget()
            self._data = subject.data
        if subject.data and self._wanted(subject) != self._counted:
            self.accuracy = (None, self.accuracy[1])
            self._count_later.restart()
        self._say()

    def forget(self) -> None:
        """Hear that there is another model."""
        self._counted = ()
        self.accuracy = (None, None)

    def leave(self) -> None:
        """Count no further; it is begun anew when it is seen again."""
        self._job.cancel()
        self._count_later.cancel()

    # -- accuracy

    def _wanted(self, subject: Subject) -> tuple[object, ...]:
        """What an accuracy is of."""
        return (subject.model_key, subject.edits, subject.look.step, subject.data)

    def _count(self) -> None:
        subject, before = self._subject, self.accuracy[1]
        if subject is None:
            return
        inside, key, edits = subject.inside, subject.model_key, subject.edits
        data, wanted = subject.data, self._wanted(subject)

        def take(counted: _Accuracies) -> None:
            self._counted, self.accuracy = wanted, counted
            self._say()

        def count(job: Job[_Accuracies]) -> _Accuracies:
            stop = job.is_cancelled
            base = before or inside.accuracy(key, (), data, cancelled=stop)
            return inside.accuracy(key, edits, data, cancelled=stop) if edits else base, base

        self._job.ask(count, take)

    def _say(self) -> None:
        subject = self._subject
        if subject is None:
            return
        parts: list[Sentence | str] = []
        if subject.edits:
            parts.append(plural("{n} change", "{n} changes", len(subject.edits)))
        now, base = self.accuracy
        if now is not None and base is not None:
            said = _("{before} of {n} test pictures are read right, {now} with the changes")
            if not subject.edits:
                said = _("{before} of {n} test pictures are read right")
            parts.append(
                said.format(
                    before=percent(base.accuracy), now=percent(now.accuracy), n=whole(now.count)
                )
            )
        elif subject.data:
            parts.append(_("counting how many test pictures are read right …"))
        self.figures.configure(text=joined(" · ", parts))
