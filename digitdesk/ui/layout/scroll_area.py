"""An area that shows a widget whole where there is room for it, and else scrolls over it."""

from __future__ import annotations

import tkinter as tk
from functools import partial
from typing import Literal, Protocol

from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import px
from digitdesk.ui.toolkit.timer import Timer
from digitdesk.ui.toolkit.widgets import ScrollColumn

_AREAS = "_digitdesk_areas"
#: Room for a bar, and what one notch of the wheel scrolls, in logical pixels.
_BAR, _NOTCH = 12, 48
#: Lists that scroll by themselves while they have more than they show.
_SCROLL_THEMSELVES = ("Treeview", "Listbox", "Text")

Axis = Literal["x", "y"]


class Reflowing(Protocol):
    """What an area holds: it fits itself to what is seen of it, and says what it needs at least."""

    def fit(self, width: int, height: int) -> None:
        """Lay everything out for so many screen pixels that are seen of it."""

    @property
    def least_size(self) -> tuple[int, int]:
        """Width and height below which something would be cut off, in screen pixels."""


class ScrollArea(theme.Frame):
    """Holds one widget, which is made with this as its parent.

    Its bars are there only while they are needed, and take their room from the widget.

    Args:
        parent: The widget to sit in.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, width=1, height=1)
        self._content: tk.Widget | None = None
        self._at = {"x": 0, "y": 0}
        self._whole = {"x": 1, "y": 1}
        self._seen = {"x": 1, "y": 1}
        self._bars: dict[Axis, theme.Scrollbar] = {
            "x": theme.Scrollbar(self, orient="horizontal", command=partial(self._on_bar, "x")),
            "y": theme.Scrollbar(self, orient="vertical", command=partial(self._on_bar, "y")),
        }
        self._fit_later = Timer(self, None, self._fit)
        _areas(self).append(self)

    def hold(self, content: tk.Widget, reflowing: Reflowing) -> None:
        """Show a widget, which lays itself out as ``reflowing`` says; mostly that is itself."""
        self._content, self._reflowing = content, reflowing
        for bar in self._bars.values():
            bar.lift()
        self._fit_later.ask()

    def look_again(self) -> None:
        """Hear that something in it may need more or less room now."""
        self._fit_later.ask()

    @property
    def scrolls(self) -> bool:
        """Whether a part is out of sight."""
        return any(self._whole[axis] > self._seen[axis] for axis in self._bars)

    def reveal(self, widget: tk.Misc) -> None:
        """Scroll until a widget in it is in view, its beginning first."""
        for axis, at, size in (
            ("x", widget.winfo_rootx() - self.winfo_rootx(), widget.winfo_width()),
            ("y", widget.winfo_rooty() - self.winfo_rooty(), widget.winfo_height()),
        ):
            if at + size > self._seen[axis]:
                self._scroll_to(axis, self._at[axis] + at + size - self._seen[axis])
                at -= at + size - self._seen[axis]
            if at < 0:
                self._scroll_to(axis, self._at[axis] + at)

    def scroll(self, axis: Axis, notches: int) -> None:
        """Scroll on by so many notches of the wheel."""
        self._scroll_to(axis, self._at[axis] + notches * px(self, _NOTCH))

    # -- inside

    def _fit(self) -> None:
        """Lay the content out for what is seen of it, and have bars for what is not."""
        if self._content is None:
            return
        whole = {"x": self.winfo_width(), "y": self.winfo_height()}
        if whole["x"] <= 1:
            return
        bar = px(self, _BAR)
        # Begin with the bars there are: between two layouts it would go to and fro for ever.
        begun = {
            "x": whole["x"] - bar * bool(self._bars["y"].winfo_manager()),
            "y": whole["y"] - bar * bool(self._bars["x"].winfo_manager()),
        }
        self._reflowing.fit(begun["x"], begun["y"])
        seen = dict(whole)
        least = dict(zip("xy", self._reflowing.least_size, strict=True))
        # One bar takes room from the other axis, which may need one for that.
        for axis, other in (("y", "x"), ("x", "y"), ("y", "x")):
            if least[axis] > seen[axis] and seen[other] == whole[other]:
                seen[other] -= bar
        if seen != begun:
            self._reflowing.fit(seen["x"], seen["y"])
            least = dict(zip("xy", self._reflowing.least_size, strict=True))
        self._seen = seen
        self._whole = {axis: max(seen[axis], least[axis]) for axis in seen}
        for axis in self._bars:
            self._at[axis] = self._bounded(axis, self._at[axis])
        self._place()

    def _place(self) -> None:
        assert self._content is not None
        self._content.place(
            x=-self._at["x"], y=-self._at["y"], width=self._whole["x"], height=self._whole["y"]
        )
        wide, high, thick = self._seen["x"], self._seen["y"], px(self, _BAR)
        for axis, bar in self._bars.items():
            if self._whole[axis] <= self._seen[axis]:
                bar.place_forget()
                continue
            if axis == "x":
                bar.place(x=0, y=high, width=wide, height=thick)
            else:
                bar.place(x=wide, y=0, width=thick, relheight=1)
            first = self._at[axis] / self._whole[axis]
            bar.set(first, first + self._seen[axis] / self._whole[axis])

    def _bounded(self, axis: str, at: int) -> int:
        return max(0, min(int(at), self._whole[axis] - self._seen[axis]))

    def _scroll_to(self, axis: str, at: int) -> None:
        at = self._bounded(axis, at)
        if at != self._at[axis]:
            self._at[axis] = at
            self._place()

    def _on_bar(self, axis: Axis, *wish: str) -> None:
        """What a bar asks for: ``moveto 0.3``, or ``scroll 1 units``."""
        if wish[0] == "moveto":
            self._scroll_to(axis, round(float(wish[1]) * self._whole[axis]))
        elif wish[2] == "units":
            self.scroll(axis, int(wish[1]))
        else:
            self._scroll_to(axis, self._at[axis] + int(wish[1]) * self._seen[axis])


def _areas(widget: tk.Misc) -> list[ScrollArea]:
    """The areas of a window; with the first of them, the window begins to tell of what happens."""
    root = widget.winfo_toplevel()
    kept: list[ScrollArea] | None = root.__dict__.get(_AREAS)
    if kept is None:
        kept = root.__dict__[_AREAS] = []
        _listen(root, kept)
    kept[:] = [area for area in kept if area.winfo_exists()]
    return kept


def _listen(root: tk.Misc, areas: list[ScrollArea]) -> None:
    """Tell each area when something in it changes its size, gets the focus, or is scrolled over."""

    def around(widget: object) -> ScrollArea | None:
        name = str(widget)
        inside = (area for area in areas if f"{name}.".startswith(f"{area}."))
        return max(inside, key=lambda area: len(str(area)), default=None)

    def on_size(event: tk.Event[tk.Misc]) -> None:
        area = around(event.widget)
        if area is not None and area.winfo_exists():
            area.look_again()

    def on_focus(event: tk.Event[tk.Misc]) -> None:
        area = around(event.widget)
        if area is not None and area.scrolls and isinstance(event.widget, tk.Misc):
            area.reveal(event.widget)

    def on_wheel(event: tk.Event[tk.Misc], notches: int = 0) -> None:
        area = around(event.widget)
        if area is not None and area.scrolls and not _scrolls_itself(event.widget, area):
            sideways = bool(int(event.state) & 1)
            area.scroll("x" if sideways else "y", notches or (-1 if event.delta > 0 else 1))

    root.bind("<Configure>", on_size, add="+")
    root.bind("<Map>", on_size, add="+")
    root.bind("<Unmap>", on_size, add="+")
    root.bind("<<TraverseIn>>", on_focus, add="+")
    for turn, notches in (("Button-4", -1), ("Button-5", 1), ("MouseWheel", 0)):
        for shift in ("", "Shift-"):
            root.bind(f"<{shift}{turn}>", partial(on_wheel, notches=notches), add="+")


def _scrolls_itself(widget: object, area: ScrollArea) -> bool:
    """Whether the wheel belongs to something inside that has more than it shows."""
    while isinstance(widget, tk.Misc) and widget is not area:
        if isinstance(widget, ScrollColumn) and widget.scrolls:
            return True
        if widget.winfo_class() in _SCROLL_THEMSELVES:
            return tuple(widget.tk.call(widget, "yview")) != (0.0, 1.0)
        widget = widget.master
    return False
