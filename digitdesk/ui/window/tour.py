"""A short tour of the window: one card after the other, beside what it talks about."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence

from digitdesk.ui.i18n.text import _
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.tab import TourStop
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain

_WIDTH = 320


class Tour(theme.Frame):
    """Hidden until it is started; Escape or "Skip" ends it at any time.

    Args:
        parent: The window it lies over.
        stops: The cards, in order, each with the key of its tab.
        show_tab: Brings a tab to the front, by its key.
        when_ended: Called once it has ended.
    """

    def __init__(
        self,
        parent: tk.Misc,
        stops: Sequence[tuple[str, TourStop]],
        show_tab: Callable[[str], None],
        when_ended: Callable[[], None],
    ) -> None:
        super().__init__(parent, style="Card.TFrame", padding=px(parent, 2 * GAP))
        self._stops = stops
        self._show_tab = show_tab
        self._when_ended = when_ended
        self.index = -1
        gap = px(self, GAP)
        self.columnconfigure(0, weight=1)
        self.title = theme.Label(self, style="Card.Heading.TLabel")
        self.title.grid(row=0, column=0, columnspan=3, sticky="w")
        self.text = theme.Label(
            self, style="Card.TLabel", wraplength=px(self, _WIDTH), justify="left"
        )
        self.text.grid(row=1, column=0, columnspan=3, sticky="w", pady=(gap // 2, 1.5 * gap))
        self.place_label = theme.Label(self, style="Card.Muted.TLabel")
        self.place_label.grid(row=2, column=0, sticky="w")
        self.skip_button = theme.Button(self, text=_("Skip"), command=self.end)
        theme.look(self.skip_button, theme.TOOL)
        self.skip_button.grid(row=2, column=1, padx=(px(self, _WIDTH / 3), gap))
        explain(self.skip_button, _("Ends the tour. It is in the help menu whenever you want it."))
        self.next_button = theme.Button(self, command=self.advance)
        theme.look(self.next_button, theme.ACCENT)
        self.next_button.grid(row=2, column=2)
        explain(self.next_button, _("Goes on to the next card."))
        for widget in (self, self.next_button, self.skip_button):
            widget.bind("<Escape>", lambda _event: self._escape())

    @property
    def is_shown(self) -> bool:
        """Whether a card is on the screen."""
        return self.index >= 0

    def start(self) -> None:
        """Show the first card."""
        self.index = -1
        self.advance()

    def advance(self) -> None:
        """Show the next card, or end after the last."""
        self.index += 1
        if self.index >= len(self._stops):
            self.end()
            return
        key, stop = self._stops[self.index]
        stop.prepare()
        self._show_tab(key)
        self.title.configure(text=stop.title)
        self.text.configure(text=stop.text)
        self.place_label.configure(text=f"{self.index + 1} / {len(self._stops)}")
        last = self.index == len(self._stops) - 1
        self.next_button.configure(text=_("Done") if last else _("Next"))
        self.after_idle(self._place_beside, stop.beside)
        self.next_button.focus_set()

    def end(self) -> None:
        """Put the tour away."""
        if self.is_shown:
            self.index = -1
            self.place_forget()
            self._when_ended()

    def _escape(self) -> str:
        self.end()
        return "break"

    def _place_beside(self, widget: tk.Misc) -> None:
        """Stand beside a widget where there is room, else where least of it is covered."""
        if not self.is_shown:
            return
        # A tab that has just come to the front is laid out only when there is nothing else to do.
        self.update_idletasks()
        root, gap = self.master, px(self, 2 * GAP)
        width, height = self.winfo_reqwidth(), self.winfo_reqheight()
        left, top = (
            widget.winfo_rootx() - root.winfo_rootx(),
            widget.winfo_rooty() - root.winfo_rooty(),
        )
        right, bottom = left + widget.winfo_width(), top + widget.winfo_height()
        most_x = max(gap, root.winfo_width() - width - gap)
        most_y = max(gap, root.winfo_height() - height - 3 * gap)
        places = [
            (min(max(gap, x), most_x), min(max(gap, y), most_y))
            for x, y in (
                (right + gap, top + gap),
                (left - gap - width, top + gap),
                (left + gap, bottom + gap),
                (left + gap, top - gap - height),
            )
        ]

        def covered(place: tuple[int, int]) -> int:
            wide = min(place[0] + width, right) - max(place[0], left)
            high = min(place[1] + height, bottom) - max(place[1], top)
            return max(0, wide) * max(0, high)

        x, y = min(places, key=covered)
        self.place(x=x, y=y)
        self.lift()
