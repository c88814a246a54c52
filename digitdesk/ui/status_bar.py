"""The thin line at the bottom: the last message, the device and the model on the board.

Errors arrive here as one sentence; nothing in DigitDesk interrupts with a box.
"""

from __future__ import annotations

import contextlib
import logging
import tkinter as tk
from collections.abc import Iterator

from digitdesk.errors import DigitDeskError
from digitdesk.ui import theme
from digitdesk.ui.text import _
from digitdesk.ui.theme import GAP, px

_log = logging.getLogger(__name__)


class StatusBar(theme.Frame):
    """Messages at the left, standing facts at the right."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, style="Bar.TFrame", padding=(px(parent, 2 * GAP), px(parent, 5)))
        self.columnconfigure(0, weight=1)
        self.message = theme.Label(self, style="Bar.TLabel", anchor="w", width=1)
        self.message.grid(row=0, column=0, sticky="ew")
        self.device = theme.Label(self, style="Bar.TLabel")
        self.device.grid(row=0, column=1, padx=(px(self, 2 * GAP), 0))
        self.model = theme.Label(self, style="Bar.TLabel")
        self.model.grid(row=0, column=2, padx=(px(self, 2 * GAP), 0))

    @property
    def shows_error(self) -> bool:
        """Whether the last message was an error."""
        return str(self.message.cget("style")) == "Error.Bar.TLabel"

    def say(self, sentence: str) -> None:
        """Show what has just happened."""
        self.message.configure(text=sentence, style="Bar.TLabel")

    def show_error(self, error: BaseException | str) -> None:
        """Show an error's sentence; errors without one go to the log in full."""
        if isinstance(error, DigitDeskError):
            sentence = error.sentence
        elif isinstance(error, BaseException):
            _log.error("Unexpected error", exc_info=error)
            sentence = _("Something went wrong: {error}. The log file has the details.").format(
                error=error or type(error).__name__
            )
        else:
            sentence = error
        self.message.configure(text=sentence, style="Error.Bar.TLabel")

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
