"""Widgets beside each other that go on in the next line where the row is too narrow for them."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence

from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import px
from digitdesk.ui.toolkit.timer import Timer

#: Between two lines, in logical pixels.
_BETWEEN = 4


class WrappingRow(theme.Frame):
    """A row of parts; what does not fit stands in further lines below.

    Make the parts as its children and hand them to ``wrap``; between them is the space they ask
    for at their right.

    Args:
        parent: The widget to sit in.
        apart: Between two parts, in logical pixels.
    """

    def __init__(self, parent: tk.Misc, *, apart: float) -> None:
        super().__init__(parent)
        self._apart = apart
        self._parts: Sequence[tk.Widget] = ()
        self._followed: list[tk.Widget] = []
        self._pushed: tk.Widget | None = None
        self._arranged: object = None
        self._arrange_later = Timer(self, None, self._arrange)
        self.bind("<Configure>", lambda _event: self._arrange_later.ask())

    def wrap(self, *parts: tk.Widget, pushed: tk.Widget | None = None) -> None:
        """Show parts from left to right, in the place of those before.

        Args:
            parts: Children of this.
            pushed: Of them, the one from which on all stand at the right, while all fit one line.
        """
        for part in self._parts:
            if part not in parts:
                part.place_forget()
        self._parts, self._pushed = parts, pushed
        if not self._followed:
            theme.follow_size(self, self._arrange_later.ask)
        for part in parts:
            if part not in self._followed:
                part.bind("<Configure>", lambda _event: self._arrange_later.ask(), add="+")
                self._followed.append(part)
        self._arrange()

    @property
    def least_width(self) -> int:
        """Width of the widest part."""
        return max(part.winfo_reqwidth() for part in self._parts)

    def height_at(self, width: int) -> int:
        """How high it is when it is so wide."""
        lines = self._lines(width)
        heights = (max(self._parts[k].winfo_reqheight() for k in line) for line in lines)
        return sum(heights) + (len(lines) - 1) * px(self, _BETWEEN)

    def _lines(self, width: int) -> list[list[int]]:
        """The places of the parts in the row, line by line."""
        apart = px(self, self._apart)
        lines: list[list[int]] = [[]]
        end = 0
        for place, part in enumerate(self._parts):
            needed = part.winfo_reqwidth()
            if lines[-1] and end + apart + needed > width:
                lines.append([])
            end = needed if not lines[-1] else end + apart + needed
            lines[-1].append(place)
        return lines

    def _arrange(self) -> None:
        """Put every part into its line."""
        width = self.winfo_width()
        one_line = self.winfo_ismapped() == 0 and width <= 1
        lines = [list(range(len(self._parts)))] if one_line else self._lines(width)
        sizes = [(p.winfo_reqwidth(), p.winfo_reqheight()) for p in self._parts]
        now = (self._parts, lines, sizes, width)
        if now == self._arranged:
            return
        self._arranged = now
        apart, between = px(self, self._apart), px(self, _BETWEEN)
        y = 0
        for line in lines:
            high = max(sizes[k][1] for k in line)
            x = 0
            for k in line:
                if len(lines) == 1 and self._parts[k] is self._pushed:
                    rest = sum(sizes[j][0] + apart for j in line if j >= k) - apart
                    x = max(x, width - rest)
                wide, own = sizes[k]
                self._parts[k].place(x=x, y=y + (high - own) // 2, width=wide, height=own)
                x += wide + apart
            y += high + between
        self.configure(height=max(1, y - between))
