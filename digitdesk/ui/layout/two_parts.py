"""Two parts of a tab: beside each other where both have room, else one below the other."""

from __future__ import annotations

import tkinter as tk

from digitdesk.ui.toolkit.theme import GAP, px


class TwoParts:
    """Places a column of controls, and what they are about.

    Args:
        parent: What both lie in.
        first: As wide as it asks for, where both are beside each other.
        second: Takes the rest.
        beside: The least width for both beside each other, in logical pixels.

    Attributes:
        is_stacked: Whether the second is below the first.
    """

    def __init__(
        self, parent: tk.Misc, first: tk.Widget, second: tk.Widget, *, beside: float
    ) -> None:
        self._parent, self._first, self._second = parent, first, second
        self._beside = beside
        self.is_stacked = False
        self._place()

    def fit(self, width: int) -> None:
        """Place both for so many screen pixels."""
        is_stacked = width < px(self._parent, self._beside)
        if is_stacked is not self.is_stacked:
            self.is_stacked = is_stacked
            self._place()

    def _place(self) -> None:
        stacked, apart = self.is_stacked, px(self._parent, 1.5 * GAP)
        self._first.grid(row=0, column=0, sticky="nsew", padx=(0, 0 if stacked else apart))
        row, column = (1, 0) if stacked else (0, 1)
        self._second.grid(row=row, column=column, sticky="nsew", pady=(apart if stacked else 0, 0))
        for place in (0, 1):
            self._parent.rowconfigure(place, weight=int(place == row))
            self._parent.columnconfigure(place, weight=int(place == column))
        self._first.columnconfigure(0, weight=int(stacked))
