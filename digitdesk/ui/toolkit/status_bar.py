"""The thin line at the bottom: the last message, the device and the model on the board.

Errors arrive here as one sentence, which is said beside what was pressed, too. Nothing in DigitDesk
interrupts with a box.
"""

from __future__ import annotations

import contextlib
import logging
import time
import tkinter as tk
from collections.abc import Callable, Iterator
from functools import partial

from digitdesk.errors import DigitDeskError
from digitdesk.messages.problem import Problem
from digitdesk.ui.i18n.text import _, core_problem, joined
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.banner import Choice
from digitdesk.ui.toolkit.notice import SHOWN_MS, Notice
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer
from digitdesk.ui.toolkit.tooltip import explain

_log = logging.getLogger(__name__)

#: An error belongs to what was pressed so lately.
_JUST_NOW_SECONDS = 5.0


class StatusBar(theme.Frame):
    """Messages at the left, standing facts at the right.

    A message goes after some seconds; an error, and what offers a choice, with the next action
    after that.

    Args:
        parent: The widget to sit in.
        log_path: Where details of errors are, as it is shown.

    Attributes:
        notice: Says errors beside what was pressed, and asks questions.
    """

    def __init__(self, parent: tk.Misc, log_path: str = "digitdesk.log") -> None:
        super().__init__(parent, style="Bar.TFrame", padding=(px(parent, 2 * GAP), px(parent, 5)))
        self.log_path = log_path
        self.columnconfigure(0, weight=1)
        self.message = theme.Label(self, style="Bar.TLabel", anchor="w", width=1)
        self.message.grid(row=0, column=0, sticky="ew")
        self._actions = theme.Frame(self, style="Bar.TFrame")
        self.actions: list[theme.Button] = []
        self.device = theme.Label(self, style="Bar.TLabel")
        self.device.grid(row=0, column=2, padx=(px(self, 2 * GAP), 0))
        self.model = theme.Label(self, style="Bar.TLabel")
        self.model.grid(row=0, column=3, padx=(px(self, 2 * GAP), 0))
        self.notice = Notice(parent)
        self._clear_later = Timer(self, SHOWN_MS, self._clear)
        self._shown_at = 0.0
        self._pressed: tuple[float, tk.Misc] | None = None
        for sequence in ("<ButtonPress>", "<KeyPress>"):
            self.winfo_toplevel().bind(sequence, self._on_action, add="+")

    @property
    def shows_error(self) -> bool:
        """Whether the last message was an error."""
        return str(self.message.cget("style")) == "Error.Bar.TLabel"

    def say(self, sentence: str, *actions: Choice) -> None:
        """Show what has just happened, and what can be done about it."""
        self._show(sentence, "Bar.TLabel", actions)

    def _show(self, sentence: str, style: str, actions: tuple[Choice, ...] = ()) -> None:
        self.message.configure(text=sentence, style=style)
        self._shown_at = time.monotonic()
        self._clear_later.restart()
        for button in self.actions:
            button.destroy()
        self.actions = []
        for column, action in enumerate(actions):
            button = theme.Button(
                self._actions, text=action.title, command=partial(self._take, action.run)
            )
            theme.look(button, theme.ACCENT if not column else theme.QUIET)
            button.grid(row=0, column=column, padx=(px(self, GAP), 0))
            explain(button, action.title)
            self.actions.append(button)
        if actions:
            self._actions.grid(row=0, column=1)
        else:
            self._actions.grid_remove()

    def _on_action(self, event: tk.Event[tk.Misc]) -> None:
        """Whoever does the next thing has read what was said."""
        if not self.winfo_exists():
            return
        now = time.monotonic()
        if isinstance(event.widget, tk.Misc):
            self._pressed = (now, event.widget)
        self.notice.action_is_taken(event.widget)
        is_old = now - self._shown_at > SHOWN_MS / 1000
        if is_old and not str(event.widget).startswith(str(self)):
            self.say("")

    def _clear(self) -> None:
        if not self.shows_error and not self.actions:
            self.say("")
            self._clear_later.cancel()

    def _show_error(self, sentence: str, *, is_beside: bool = False) -> None:
        self._show(sentence, "Error.Bar.TLabel")
        if is_beside:
            return
        if self._pressed is not None and time.monotonic() - self._pressed[0] < _JUST_NOW_SECONDS:
            self.notice.tell(sentence, self._pressed[1])

    def _take(self, run: Callable[[], None]) -> None:
        self.say("")
        run()

    def show_error(
        self,
        error: BaseException | Problem | str,
        *,
        is_in_log: bool = False,
        is_beside: bool = False,
    ) -> None:
        """Show an error's sentence; errors without one go to the log in full.

        Args:
            error: What happened.
            is_in_log: Say also where the log is.
            is_beside: It is said already where it happened.
        """
        if isinstance(error, BaseException) and not isinstance(error, DigitDeskError):
            _log.error("Unexpected error", exc_info=error)
            self.show_unexpected(error)
            return
        sentence = error if isinstance(error, str) else core_problem(error)
        if is_in_log:
            details = _("Details: {log}").format(log=self.log_path)
            sentence = joined(" ", (sentence, details))
        self._show_error(sentence, is_beside=is_beside)

    def show_unexpected(self, error: BaseException) -> None:
        """Say in words what nobody reckoned with, and where the log tells more."""
        what = str(error) or type(error).__name__
        if isinstance(error, MemoryError):
            what = _("the computer ran out of memory")
        said = _("Something went wrong: {error}. Details: {log}")
        self._show_error(said.format(error=what, log=self.log_path))

    @contextlib.contextmanager
    def guarding(self) -> Iterator[None]:
        """Run a block that may raise a ``DigitDeskError``; show it instead of letting it out."""
        try:
            yield
        except DigitDeskError as error:
            self.show_error(error)

    def show_device(self, device: str) -> None:
        """Name the device that trains."""
        self.device.configure(text=_("Device: {device}").format(device=device) if device else "")

    def show_model(self, title: str) -> None:
        """Name the model that reads the board."""
        self.model.configure(text=_("Reads with: {title}").format(title=title) if title else "")
