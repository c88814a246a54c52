"""A line that says what there is, how far work on it is, and why that came to nothing."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from digitdesk.errors import DigitDeskError
from digitdesk.ui.controls.latest_job import LatestJob
from digitdesk.ui.controls.wrapped_label import WrappedLabel
from digitdesk.ui.i18n.text import Sentence, _, core_problem
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import set_shown

if TYPE_CHECKING:
    from digitdesk.session.jobs import Job

T = TypeVar("T")

#: Width of the bar, in logical pixels.
_BAR = 120


class WorkLine(theme.Frame):
    """Has one piece of work done at a time; what is asked for next takes its place.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.

    Attributes:
        label: What is said.
        cancel_button: There while work goes on.
    """

    def __init__(self, parent: tk.Misc, services: PageServices) -> None:
        super().__init__(parent)
        self._status = services.status
        self._job = LatestJob(services.background, self._fail)
        self._facts: Sentence | str = ""
        self.columnconfigure(0, weight=1)
        self.label = WrappedLabel(self)
        self.label.grid(row=0, column=0, sticky="ew")
        gap = px(self, GAP)
        self.bar = theme.Progressbar(self, maximum=1.0, length=px(self, _BAR))
        self.bar.grid(row=0, column=1, padx=(gap, 0))
        self.cancel_button = theme.Button(self, text=_("Cancel"), command=self.cancel)
        theme.look(self.cancel_button, theme.TOOL)
        explain(self.cancel_button, _("Ends this; nothing is kept of it."))
        self.cancel_button.grid(row=0, column=2, padx=(gap, 0))
        # It is as high as with the button always, so that nothing moves when that comes.
        self.rowconfigure(0, minsize=self.cancel_button.winfo_reqheight())
        self._show_work(False)

    @property
    def is_busy(self) -> bool:
        """Whether work goes on."""
        return self._job.is_busy

    @property
    def text(self) -> str:
        """What it says."""
        return str(self.label.cget("text"))

    def tell(self, facts: Sentence | str) -> None:
        """Say what there is, in place of an error or what was said before."""
        self._facts = facts
        if not self.is_busy:
            self._say(facts)

    def say_wrong(self, sentence: Sentence) -> None:
        """Say what cannot be, in place of what there is."""
        if not self.is_busy:
            self._say(sentence, style="Problem.TLabel")

    def ask(
        self,
        said: Sentence,
        work: Callable[[Job[T]], T],
        when_done: Callable[[T], None],
        when_not: Callable[[], None] = lambda: None,
    ) -> None:
        """Have something done.

        Args:
            said: What is being done.
            work: Gets the job.
            when_done: Takes what the work returned.
            when_not: Called where it failed, after the reason has been said, or was cancelled.
        """
        self._when_not = when_not

        def done(result: T) -> None:
            self._show_work(False)
            self._say(self._facts)
            when_done(result)

        self._say(said)
        self._show_work(True)
        self.bar.configure(value=0.0)
        self._job.ask(work, done, self._move, when_not)

    def cancel(self) -> None:
        """End what is being done."""
        was_busy = self.is_busy
        self._job.cancel()
        self._show_work(False)
        self._say(self._facts)
        if was_busy:
            self._status.say(_("Cancelled."))
            self._when_not()

    # -- inside

    def _move(self, done: int, total: int) -> None:
        self.bar.configure(value=done / total if total else 0.0)

    def _fail(self, error: Exception) -> None:
        self._show_work(False)
        is_beside = isinstance(error, DigitDeskError)
        if isinstance(error, DigitDeskError):
            self._say(core_problem(error), style="Problem.TLabel")
        else:
            self._say(self._facts)
        self._status.show_error(error, is_beside=is_beside)

    def _say(self, words: Sentence | str, style: str = "Muted.TLabel") -> None:
        self.label.configure(text=words, style=style)

    def _show_work(self, is_busy: bool) -> None:
        set_shown(self.bar, is_busy)
        set_shown(self.cancel_button, is_busy)
