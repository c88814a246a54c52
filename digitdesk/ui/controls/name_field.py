"""A name is typed where the thing stands that it names."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import Any

from digitdesk.ui.i18n.text import Sentence
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.tooltip import explain


class NameField(theme.Entry):
    """Return keeps what is typed; Escape, and going elsewhere, does not.

    Args:
        parent: The widget to sit in.
        help_text: Whose name it is.
        on_end: Takes the name, without spaces around it; an empty one where none is wanted.

    Attributes:
        text: What is typed.
    """

    def __init__(self, parent: tk.Misc, help_text: Sentence, on_end: Callable[[str], None]) -> None:
        self.text = tk.StringVar(parent)
        super().__init__(parent, textvariable=self.text, width=1)
        self._on_end = on_end
        explain(self, help_text)
        for keeping in ("<Return>", "<KP_Enter>"):
            self.bind(keeping, lambda _event: self.keep())
        for leaving in ("<Escape>", "<FocusOut>"):
            self.bind(leaving, lambda _event: self._end(""))

    def begin(self, name: str, **place: Any) -> None:
        """Let a name be typed in place of this one.

        Args:
            name: What it is called until now; all of it is selected.
            place: Where the field lies and how large it is, as Tk's ``place`` takes it.
        """
        self.text.set(name)
        self.place(**place)
        self.lift()
        self.focus_set()
        self.selection_range(0, "end")

    def keep(self) -> None:
        """End with what is typed."""
        self._end(self.text.get().strip())

    def _end(self, name: str) -> None:
        # It loses the focus, too, when it goes away.
        if self.winfo_manager():
            self.place_forget()
            self._on_end(name)
