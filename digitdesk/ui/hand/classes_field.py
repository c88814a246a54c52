"""What is dictated: digits, or any names that are typed, or those of a model or a data set."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence

from digitdesk.messages.model import DIGITS
from digitdesk.ui.hand.words import class_names_of, text_of
from digitdesk.ui.i18n.text import _
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import open_on_click


class ClassesField(theme.Frame):
    """A box of lists of names; others can be typed.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window; what was dictated last is remembered.
        on_change: Called when other names are to be dictated.
        fewest: So many names at least.

    Attributes:
        names: What is dictated.
        text: What is typed.
    """

    def __init__(
        self,
        parent: tk.Misc,
        services: PageServices,
        on_change: Callable[[], None],
        fewest: int = 1,
    ) -> None:
        super().__init__(parent)
        self._settings, self._on_change, self._fewest = services.settings, on_change, fewest
        self.names = self._remembered
        label = theme.Label(self, text=_("Dictate"), style="Muted.TLabel")
        label.grid(row=0, column=0, padx=(0, px(self, GAP)))
        self.columnconfigure(1, weight=1)
        self.text = tk.StringVar(self, text_of(self.names))
        self.box = theme.Combobox(self, textvariable=self.text, width=28)
        self.box.grid(row=0, column=1, sticky="ew")
        open_on_click(self.box)
        explain(
            self.box,
            _("What you are asked to write: choose from the list, or type names with spaces or "
              "commas between them. Enter takes them."),
        )  # fmt: skip
        self.box.bind("<<ComboboxSelected>>", lambda _event: self._take(), add="+")
        self.box.bind("<Return>", lambda _event: self._take(), add="+")
        self.box.bind("<FocusOut>", lambda _event: self._take(is_left=True), add="+")

    def offer(self, lists: Sequence[Sequence[str]]) -> None:
        """Offer lists of names to choose from."""
        self.box.configure(values=[text_of(names) for names in lists])

    def look_again(self) -> None:
        """Dictate what was chosen elsewhere."""
        self._show(self._remembered)

    @property
    def _remembered(self) -> tuple[str, ...]:
        names = class_names_of(self._settings.dictated)
        return names if len(names) >= self._fewest else DIGITS

    def _take(self, *, is_left: bool = False) -> None:
        """Take what is typed; where that is too little, what was there before comes back."""
        names = class_names_of(self.text.get())
        is_other = len(names) >= self._fewest and names != self.names
        self._show(names if is_other else self.names)
        self.box.selection_clear()
        if is_other:
            self._settings.dictated = text_of(names)
        if is_other or not is_left:
            self._on_change()

    def _show(self, names: tuple[str, ...]) -> None:
        self.names = names
        self.text.set(text_of(names))
