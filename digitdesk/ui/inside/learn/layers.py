"""How much of the gradient arrives at each layer, and how many of its units pass none on."""

from __future__ import annotations

import tkinter as tk

from digitdesk.messages.inside.lesson import Lesson
from digitdesk.ui.i18n.text import NOTHING, _, percent
from digitdesk.ui.inside.widgets.pad import Pad
from digitdesk.ui.inside.widgets.table import write_table
from digitdesk.ui.inside.words import number
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP


class LearnLayers(theme.Frame):
    """A table with a row for each layer.

    Args:
        parent: The widget to sit in.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self._lesson: Lesson | None = None
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self.pad = Pad(self, self._write)
        self.pad.grid(row=0, column=0, sticky="nsew")

    def show(self, lesson: Lesson) -> None:
        """Show the gradients of a lesson's first step."""
        self._lesson = lesson
        self._write()

    def _write(self) -> None:
        pad, lesson = self.pad, self._lesson
        pad.begin()
        if lesson is not None:
            rows = [
                (
                    layer.layer,
                    number(layer.norm),
                    NOTHING if layer.parameter_norm is None else number(layer.parameter_norm),
                    percent(layer.silent_share, 0),
                )
                for layer in lesson.layers
            ]
            heads = (_("layer"), _("gradient"), _("of its weights"), _("dead units"))
            write_table(pad, heads, rows, bars=[layer.norm for layer in lesson.layers])
            pad.gap(GAP)
            pad.line(
                _("Each gradient by its length. A dead unit gives 0 for this drawing, so that no "
                  "gradient comes through it."), "muted",
            )  # fmt: skip
        pad.end()
