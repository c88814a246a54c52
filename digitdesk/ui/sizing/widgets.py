"""Widgets that change their size while they are on the screen.

A widget keeps the lengths it was given: those of its own, of its place among others, and of the
rows and columns in it. ``size_again`` walks the window and gives them anew.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping
from typing import Any

from digitdesk.ui.followers import Followers
from digitdesk.ui.sizing.lengths import again, has_length

_followers = Followers()
"""What else to do when the size changes."""

_OWN, _GRID, _PLACE, _ROWS, _COLUMNS = "own", "grid", "place", "rows", "columns"


class Sized:
    """Mixed into every widget class of the theme: remembers each option that is a length."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._remember_lengths(_OWN, options)

    def configure(self, cnf: Any = None, **options: Any) -> Any:
        """Set options as every widget does."""
        given = options if not isinstance(cnf, dict) else cnf | options
        self._remember_lengths(_OWN, given)
        return super().configure(cnf, **options)  # type: ignore[misc]

    config = configure

    def grid_configure(self, cnf: Any = {}, **options: Any) -> None:  # noqa: B006
        """Take a place in a grid as every widget does."""
        self._remember_lengths(_GRID, options)
        super().grid_configure(cnf, **options)  # type: ignore[misc]

    grid = grid_configure

    def place_configure(self, cnf: Any = {}, **options: Any) -> None:  # noqa: B006
        """Take a place over others as every widget does."""
        self._remember_lengths(_PLACE, options)
        super().place_configure(cnf, **options)  # type: ignore[misc]

    place = place_configure

    def rowconfigure(self, index: Any, cnf: Any = {}, **options: Any) -> Any:  # noqa: B006
        """Set options of a row as every widget does."""
        if "minsize" in options:
            self._remember_lengths(_ROWS, {index: options["minsize"]})
        return super().rowconfigure(index, cnf, **options)  # type: ignore[misc]

    def columnconfigure(self, index: Any, cnf: Any = {}, **options: Any) -> Any:  # noqa: B006
        """Set options of a column as every widget does."""
        if "minsize" in options:
            self._remember_lengths(_COLUMNS, {index: options["minsize"]})
        return super().columnconfigure(index, cnf, **options)  # type: ignore[misc]

    def size_again(self) -> None:
        """Give every kept length with the size of now."""
        kept = {
            kind: {option: again(value) for option, value in options.items()}
            for kind, options in self._lengths.items()
            if options
        }
        if _OWN in kept:
            self.configure(**kept[_OWN])
        if _GRID in kept:
            self._grid_again(kept[_GRID])
        if _PLACE in kept and self.winfo_manager() == "place":  # type: ignore[attr-defined]
            self.place_configure(**kept[_PLACE])
        for index, minsize in kept.get(_ROWS, {}).items():
            self.rowconfigure(index, minsize=minsize)
        for index, minsize in kept.get(_COLUMNS, {}).items():
            self.columnconfigure(index, minsize=minsize)

    def _grid_again(self, options: Mapping[str, Any]) -> None:
        manager = self.winfo_manager()  # type: ignore[attr-defined]
        if manager in ("", "grid"):
            self.grid_configure(**options)
        if not manager:
            # Taken out of its place for now: it comes back there with these lengths.
            self.grid_remove()  # type: ignore[attr-defined]

    @property
    def _lengths(self) -> dict[str, dict[Any, Any]]:
        # The library's constructors configure before ours has run: the dictionary is made late.
        kept: dict[str, dict[Any, Any]] = self.__dict__.setdefault("_digitdesk_lengths", {})
        return kept

    def _remember_lengths(self, kind: str, options: Mapping[Any, Any]) -> None:
        kept = self._lengths.setdefault(kind, {})
        for option, value in options.items():
            if has_length(value):
                kept[option] = value
            else:
                kept.pop(option, None)


def follow_size(widget: tk.Misc, callback: Callable[[], None]) -> None:
    """Call back after each change of size for as long as the widget lives.

    For what is no option of a widget: what is drawn, and what was computed from lengths.
    """
    _followers.add(widget, callback)


def size_again(root: tk.Misc) -> None:
    """Show everything below ``root`` with the size of now."""
    waiting = [root]
    while waiting:
        widget = waiting.pop()
        if isinstance(widget, Sized):
            widget.size_again()
        waiting.extend(widget.winfo_children())
    _followers.tell()
