"""A page of the Inside tab: a sentence on what is seen, one on what to try, and the thing."""

from __future__ import annotations

import tkinter as tk
from typing import ClassVar

from digitdesk.messages.run import RunEvent
from digitdesk.ui.controls.wrapped_label import WrappedLabel
from digitdesk.ui.i18n.text import Sentence, joined
from digitdesk.ui.inside.subject import Commands, Subject
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.theme import GAP, px


class InsidePage(theme.Frame):
    """Shows a network at work on a drawing while it is in front, and not otherwise.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
        commands: What may be done to what all pages look at.

    Attributes:
        seen: What is seen here, in a sentence.
        to_try: What to try, in another.
        body: What the page puts its own widgets into.
    """

    seen: ClassVar[Sentence]
    to_try: ClassVar[Sentence]

    def __init__(self, parent: tk.Misc, services: PageServices, commands: Commands) -> None:
        super().__init__(parent)
        self._services, self._commands = services, commands
        self._status = services.status
        self._subject: Subject | None = None
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        self.sentence = WrappedLabel(self, text=joined("  ", (self.seen, self.to_try)))
        self.sentence.grid(row=0, column=0, sticky="ew", pady=(0, px(self, GAP)))
        self.body = theme.Frame(self)
        self.body.grid(row=1, column=0, sticky="nsew")
        self._build()

    def _build(self) -> None:
        """Put widgets into ``body``."""
        raise NotImplementedError

    def _show(self, subject: Subject, before: Subject | None) -> None:
        """Show another drawing or network than before."""
        raise NotImplementedError

    def show(self, subject: Subject) -> None:
        """Look at a network at work on a drawing; the same once more changes nothing."""
        before = self._subject
        if before is None or before != subject:
            self._subject = subject
            self._show(subject, before)

    def leave(self) -> None:
        """Hear that something else is looked at: what is only for the eyes need not go on."""

    def handle(self, event: RunEvent) -> None:
        """Hear of a run while in front."""
