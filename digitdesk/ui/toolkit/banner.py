"""A line with something to decide: a hint and its suggestion, an offer, a last question.

It takes the place of a dialog: it waits without being in the way, and can be dismissed.
"""

from __future__ import annotations

import itertools
import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from digitdesk.ui.i18n.text import Sentence, _, joined
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain


@dataclass(frozen=True, slots=True)
class Choice:
    """Something the user can do about it."""

    title: Sentence
    run: Callable[[], None]


class Banner(theme.Frame):
    """Hidden until it has something to say.

    Args:
        parent: The widget to sit in, which grids it.
        on_change: Called after it came or went.
    """

    def __init__(self, parent: tk.Misc, on_change: Callable[[], None] = lambda: None) -> None:
        super().__init__(parent, style="Banner.TFrame", padding=px(parent, GAP))
        self._on_change = on_change
        self._after: Callable[[], None] = lambda: None
        self.columnconfigure(0, weight=1)
        self.label = theme.Label(self, style="Banner.TLabel", justify="left")
        self.label.grid(row=0, column=0, sticky="w")
        self._buttons = theme.Frame(self, style="Banner.TFrame")
        self._buttons.grid(row=0, column=1, sticky="e", padx=(px(self, GAP), 0))
        self.choices: list[theme.Button] = []
        self.why_button: theme.Button | None = None
        self.dismiss_button = theme.Button(self, command=self.dismiss)
        theme.look(self.dismiss_button, theme.TOOL)
        theme.icon(self.dismiss_button, "x", alone=True)
        explain(self.dismiss_button, _("Puts this line away."))
        self.dismiss_button.grid(row=0, column=2, sticky="e", padx=(px(self, GAP / 2), 0))
        self.bind("<Configure>", lambda event: self._wrap(event.width))
        theme.follow_size(self, lambda: self._wrap(self.winfo_width()))

    @property
    def text(self) -> str:
        """What it says; empty while it is hidden."""
        return str(self.label.cget("text")) if self.winfo_manager() else ""

    def show(
        self,
        sentence: str,
        *choices: Choice,
        why: str = "",
        when_dismissed: Callable[[], None] = lambda: None,
    ) -> None:
        """Say something, with what can be done about it.

        Args:
            sentence: What it says.
            choices: The buttons; the first is what is advised.
            why: What it says more to who asks.
            when_dismissed: Called when it is put away by hand.
        """
        self._after = when_dismissed
        self.label.configure(text=sentence)
        self.offer_nothing()
        self._take_reason_away()
        for column, choice in enumerate(choices):
            button = theme.Button(
                self._buttons, text=choice.title, command=partial(self._take, choice.run)
            )
            theme.look(button, theme.QUIET if column else theme.ACCENT)
            button.grid(row=0, column=column, padx=(px(self, GAP), 0))
            explain(button, choice.title)
            self.choices.append(button)
        if why:
            self._offer_reason(sentence, why, column=len(choices))
        self.grid()
        self._on_change()

    def offer_nothing(self) -> None:
        """Take the choices away; what is said stays."""
        for button in self.choices:
            # It may be the one that has just been pressed, and is not yet done with that.
            button.grid_remove()
            button.after_idle(button.destroy)
        self.choices = []

    def _offer_reason(self, sentence: str, why: str, column: int) -> None:
        """A button that says more, and less again."""
        texts = itertools.cycle((joined("\n", (sentence, why)), sentence))

        def tell() -> None:
            self.label.configure(text=next(texts))
            self._on_change()

        button = self.why_button = theme.Button(self._buttons, text=_("Why?"), command=tell)
        theme.look(button, theme.QUIET)
        button.grid(row=0, column=column, padx=(px(self, GAP), 0))
        explain(button, _("Says why that is so, or leaves it out again."))

    def _take_reason_away(self) -> None:
        if self.why_button is not None:
            self.why_button.destroy()
            self.why_button = None

    def dismiss(self) -> None:
        """Put it away without doing anything."""
        self._hide()
        self._after()

    def _take(self, run: Callable[[], None]) -> None:
        self._hide()
        run()

    def _hide(self) -> None:
        self.grid_remove()
        self._on_change()

    def _wrap(self, width: int) -> None:
        room = width - self._buttons.winfo_reqwidth() - px(self, 7 * GAP)
        self.label.configure(wraplength=max(px(self, 120), room))
