"""Chooses the model that reads the board, and a second one to compare with."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence

from digitdesk.ui.i18n.text import Sentence, _, whole
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain

Choices = Sequence[tuple[str, str]]

#: Of a list, in letters; it is as wide as there is room.
_LEAST_BOX = 8
#: Of a line of small print in a narrow column, in logical pixels.
_NARROW_NOTE = 168


class ModelChoice(theme.Frame):
    """Two lists of models, each with a line of small print below it.

    Args:
        parent: The widget to sit in.
        other_help: What the second model is good for.
        on_source: Called with the key of the model chosen to read.
        on_other: Called with the key of the second model; empty for none.
    """

    def __init__(
        self,
        parent: tk.Misc,
        other_help: Sentence,
        *,
        on_source: Callable[[str], None],
        on_other: Callable[[str], None],
    ) -> None:
        super().__init__(parent)
        self._on_source = on_source
        self._on_other = on_other
        self._keys: list[str] = []
        self.columnconfigure(1, weight=1)
        self.read_with = self._box(
            0, _("Read with"), _("The model that reads the board."), self._on_read_with
        )
        self.step_note = theme.Label(self, style="Muted.TLabel")
        self.and_with = self._box(2, _("and with"), other_help, self._on_and_with)
        self.other_note = theme.Label(self, style="Other.TLabel")
        self.read_with.set(_("loading …"))
        self.be_low(False)

    @property
    def source_title(self) -> str:
        """What the model that reads is called."""
        return self.read_with.get()

    def be_low(self, low: bool) -> None:
        """Put the small print at the right of the lists instead of below them, or back."""
        gap = px(self, GAP)
        for row, note in ((1, self.step_note), (3, self.other_note)):
            if low:
                note.grid(row=row - 1, column=2, sticky="w", padx=(gap, 0), pady=0)
            else:
                below = gap // 2 if row == 1 else 0
                note.grid(row=row, column=1, sticky="w", padx=0, pady=(gap // 2, below))
        self.rowconfigure(1, minsize=gap if low else 0)

    def be_narrow(self, narrow: bool) -> None:
        """Break the small print into lines, or no longer."""
        for note in (self.step_note, self.other_note):
            note.configure(wraplength=px(self, _NARROW_NOTE) if narrow else 0)

    def offer(self, choices: Choices) -> None:
        """Offer models by key and title."""
        self._keys = [key for key, _title in choices]
        titles = [title for _key, title in choices]
        self.read_with.configure(values=titles)
        self.and_with.configure(values=[_("no other"), *titles])

    def choose(self, key: str, other: str) -> None:
        """Show which models read."""
        if key in self._keys:
            self.read_with.current(self._keys.index(key))
            self.and_with.current(self._keys.index(other) + 1 if other in self._keys else 0)
        for box in (self.read_with, self.and_with):
            box.selection_clear()

    def show_step(self, step: int | None) -> None:
        """Say which step of its training a network that learns has reached."""
        self.step_note.configure(
            text="" if step is None else _("as it was at step {step}").format(step=whole(step))
        )

    def show_other(self, answer: str) -> None:
        """Show what the second model says, in a few words."""
        self.other_note.configure(text=answer)

    def _box(
        self, row: int, title: Sentence, help_text: Sentence, on_choice: Callable[[], None]
    ) -> theme.Combobox:
        theme.Label(self, text=title, style="Muted.TLabel").grid(
            row=row, column=0, sticky="w", padx=(0, px(self, GAP))
        )
        box = theme.Combobox(self, state="readonly", takefocus=True, width=_LEAST_BOX)
        box.grid(row=row, column=1, sticky="ew")
        box.bind("<<ComboboxSelected>>", lambda _event: on_choice())
        explain(box, help_text)
        return box

    def _on_read_with(self) -> None:
        index = self.read_with.current()
        if 0 <= index < len(self._keys):
            self._on_source(self._keys[index])

    def _on_and_with(self) -> None:
        index = self.and_with.current()
        self._on_other(self._keys[index - 1] if 0 < index <= len(self._keys) else "")
