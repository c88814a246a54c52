"""A switch between pages: a row of buttons of which one is pressed."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping
from functools import partial

from digitdesk.ui.i18n.text import Sentence
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain


class ModeSwitch(theme.Frame):
    """A row of buttons of which one is pressed; arrow keys go from one to the next.

    Args:
        parent: The widget to sit in.
        modes: Title and explanation by the mode's name.
        on_mode: Called with the name of the mode that is chosen.
    """

    def __init__(
        self,
        parent: tk.Misc,
        modes: Mapping[str, tuple[Sentence, Sentence]],
        on_mode: Callable[[str], None],
    ) -> None:
        super().__init__(parent)
        self._mode = tk.StringVar(self)
        self.buttons: dict[str, theme.Radiobutton] = {}
        for column, (name, (title, help_text)) in enumerate(modes.items()):
            button = theme.Radiobutton(
                self,
                text=title,
                value=name,
                variable=self._mode,
                command=lambda: on_mode(self._mode.get()),
            )
            theme.look(button, theme.SWITCH)
            button.grid(row=0, column=column, padx=(px(self, GAP / 4) if column else 0, 0))
            explain(button, help_text)
            button.bind("<Left>", partial(self._go, column - 1))
            button.bind("<Right>", partial(self._go, column + 1))
            self.buttons[name] = button

    @property
    def mode(self) -> str:
        """Name of the chosen mode."""
        return self._mode.get()

    def show(self, mode: str) -> None:
        """Press another button, without calling back."""
        self._mode.set(mode)

    def _go(self, place: int, _event: object) -> None:
        """Choose the button at a place of the row, as a click on it would."""
        buttons = list(self.buttons.values())
        if 0 <= place < len(buttons):
            buttons[place].focus_set()
            buttons[place].invoke()
