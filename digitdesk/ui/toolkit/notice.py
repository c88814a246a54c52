"""A card over the window: an error beside what was pressed, or a question where the eyes are.

It lies over the window's content, so that nothing moves when it comes, and takes as many lines as
it needs.
"""

from __future__ import annotations

import tkinter as tk
from functools import partial

from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.banner import Choice
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer
from digitdesk.ui.toolkit.tooltip import explain

#: What offers no choice goes by itself after this time, or with the next action.
SHOWN_MS = 8000
_WIDTH = 360


class Notice(theme.Frame):
    """Hidden until there is something to say.

    Args:
        window: What it lies over.

    Attributes:
        choices: The buttons of a question.
    """

    def __init__(self, window: tk.Misc) -> None:
        super().__init__(window, style="Card.TFrame", padding=px(window, 1.5 * GAP))
        self._window = window
        self.label = theme.Label(
            self, style="Card.TLabel", wraplength=px(self, _WIDTH), justify="left"
        )
        self.label.grid(row=0, column=0, sticky="w")
        self._buttons = theme.Frame(self, style="Bar.TFrame")
        self._buttons.grid(row=1, column=0, sticky="e", pady=(px(self, 1.5 * GAP), 0))
        self.choices: list[theme.Button] = []
        self._stays = False
        self._hide_later = Timer(self, SHOWN_MS, self.hide)

    @property
    def text(self) -> str:
        """What it says; empty while it is hidden."""
        return str(self.label.cget("text")) if self.winfo_manager() else ""

    def tell(self, sentence: str, beside: tk.Misc) -> None:
        """Say what went wrong, beside the widget that was pressed for it."""
        self._fill(sentence, (), "Card.Error.TLabel")
        self.after_idle(self._place_beside, beside)
        self._hide_later.restart()

    def ask(self, question: str, *choices: Choice) -> None:
        """Ask something; it stays until one of the choices is taken."""
        self._fill(question, choices, "Card.TLabel")
        self._hide_later.cancel()
        self.place(relx=0.5, rely=0.3, anchor="center")
        self.lift()
        self.choices[0].focus_set()

    def offer(self, sentence: str, over: tk.Misc, *choices: Choice) -> None:
        """Say what was done, in the lower left corner of a widget, and what can be done about it.

        It goes by itself, or with the next action elsewhere.
        """
        gap = px(self, GAP)
        self._fill(sentence, choices, "Card.TLabel")
        self._stays = False
        room = over.winfo_width() - 2 * gap - 2 * px(self, 1.5 * GAP)
        self.label.configure(wraplength=max(1, min(px(self, _WIDTH), room)))
        self.place(in_=over, x=gap, rely=1.0, y=-gap, anchor="sw")
        self.lift()
        self._hide_later.restart()

    def hide(self) -> None:
        """Put it away."""
        self._hide_later.cancel()
        self.place_forget()
        self._offer(())

    def action_is_taken(self, widget: object) -> None:
        """Hear that something was pressed: what is only said has been read, or is not wanted."""
        if not self._stays and not str(widget).startswith(str(self)):
            self.hide()

    def _fill(self, sentence: str, choices: tuple[Choice, ...], style: str) -> None:
        # Where it was before must not stay in force.
        self.place_forget()
        self.label.configure(text=sentence, style=style, wraplength=px(self, _WIDTH))
        self._stays = bool(choices)
        self._offer(choices)

    def _offer(self, choices: tuple[Choice, ...]) -> None:
        for button in self.choices:
            button.destroy()
        self.choices = []
        for column, choice in enumerate(choices):
            button = theme.Button(
                self._buttons, text=choice.title, command=partial(self._take, choice)
            )
            theme.look(button, theme.QUIET if column else theme.ACCENT)
            button.grid(row=0, column=column, padx=(px(self, GAP) if column else 0, 0))
            explain(button, choice.title)
            self.choices.append(button)
        if choices:
            self._buttons.grid()
        else:
            self._buttons.grid_remove()

    def _take(self, choice: Choice) -> None:
        self.hide()
        choice.run()

    def _place_beside(self, widget: tk.Misc) -> None:
        """Below the widget where there is room, else above it; always whole."""
        if not widget.winfo_exists():
            return
        window, gap = self._window, px(self, GAP / 2)
        width, height = self.winfo_reqwidth(), self.winfo_reqheight()
        x = widget.winfo_rootx() - window.winfo_rootx()
        above = widget.winfo_rooty() - window.winfo_rooty()
        below = above + widget.winfo_height() + gap
        y = below if below + height <= window.winfo_height() else above - height - gap
        x = max(gap, min(x, window.winfo_width() - width - gap))
        self.place(x=x, y=max(gap, y))
        self.lift()
