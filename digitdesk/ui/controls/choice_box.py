"""A list to choose one of, by keys that are no words: the words may change their language."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping

from digitdesk.ui.i18n.text import Sentence
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain


class ChoiceBox:
    """A box with a list, and a title before it where it needs one.

    Args:
        parent: The widget to sit in.
        help_text: What is chosen.
        on_choice: Called when something was chosen by hand.
        title: Stands before the box.
        width: Of the box, in letters.

    Attributes:
        widget: For its parent to place.
        box: What is pressed.
    """

    def __init__(
        self,
        parent: tk.Misc,
        help_text: Sentence,
        on_choice: Callable[[], None],
        *,
        title: Sentence | None = None,
        width: int = 20,
    ) -> None:
        self._choices: Mapping[str, Sentence | str] = {}
        self._chosen = ""
        self._on_choice = on_choice
        self.widget = theme.Frame(parent)
        if title is not None:
            label = theme.Label(self.widget, text=title, style="Muted.TLabel")
            label.grid(row=0, column=0, padx=(0, px(parent, GAP)))
        self.box = theme.Combobox(self.widget, state="readonly", width=width)
        self.box.grid(row=0, column=1)
        self.box.bind("<<ComboboxSelected>>", lambda _event: self._on_selected())
        explain(self.box, help_text)
        follow_language(self.box, self._show)

    def stretch(self) -> None:
        """Let the box be as wide as there is room."""
        self.widget.columnconfigure(1, weight=1)
        self.box.grid(sticky="ew")

    @property
    def chosen(self) -> str:
        """Key of what is chosen; empty for nothing."""
        return self._chosen

    @property
    def keys(self) -> tuple[str, ...]:
        """What is offered."""
        return tuple(self._choices)

    def offer(self, choices: Mapping[str, Sentence | str]) -> None:
        """Offer titles by their keys; what is chosen stays so where it is offered still."""
        self._choices = dict(choices)
        if self._chosen not in self._choices:
            self._chosen = next(iter(self._choices), "")
        self._show()

    def choose(self, key: str) -> None:
        """Show another choice, or none for an empty key, without calling back."""
        if key in self._choices or not key:
            self._chosen = key
        self._show()

    def _show(self) -> None:
        titles = [str(t.again() if isinstance(t, Sentence) else t) for t in self._choices.values()]
        self.box.configure(values=titles)
        if self._chosen in self._choices:
            self.box.current(list(self._choices).index(self._chosen))
        else:
            self.box.set("")
        self.box.selection_clear()

    def _on_selected(self) -> None:
        place = self.box.current()
        if 0 <= place < len(self._choices):
            self._chosen = list(self._choices)[place]
        self.box.selection_clear()
        self._on_choice()
