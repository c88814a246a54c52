"""The line below a network's text: all its layers and its size, or what is wrong with it."""

from __future__ import annotations

import tkinter as tk

from digitdesk.ui.i18n.text import Sentence, core_phrase
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.tooltip import explain

#: So much of a network's text as two lines hold.
_LONGEST_SPEC = 64


class SpecNote(theme.Label):
    """Small print; where a network's text is too long for it, the whole is in its help.

    Args:
        parent: The widget to sit in.
        width: In screen pixels.
    """

    def __init__(self, parent: tk.Misc, width: int) -> None:
        super().__init__(parent, style="Muted.TLabel", wraplength=width, justify="left")

    def show(self, summary: str) -> None:
        """Show a network, as ``FormChoices.check_spec`` writes it."""
        self.configure(text=core_phrase(_shortened(summary)), style="Muted.TLabel")
        explain(self, core_phrase(summary))

    def show_problem(self, sentence: Sentence) -> None:
        """Say why there is no network."""
        self.configure(text=sentence, style="Problem.TLabel")


def _shortened(summary: str) -> str:
    """A network's text and size, of which only the text may be cut, between two layers."""
    spec, size = summary.rsplit(" (", 1)
    if len(spec) <= _LONGEST_SPEC:
        return summary
    return f"{spec[:_LONGEST_SPEC].rsplit(' ', 1)[0]} … ({size}"
