"""The plan as the text of its file, for what no form can hold and for who would rather type."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer
from digitdesk.ui.toolkit.widgets import AutoScrollbar

_PAUSE_MS = 400


class TextPane(theme.Frame):
    """A page of text that can be written on.

    Args:
        parent: The widget to sit in.
        on_change: Called when typing pauses.
    """

    def __init__(self, parent: tk.Misc, on_change: Callable[[], None]) -> None:
        super().__init__(parent)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self._later = Timer(self, _PAUSE_MS, on_change)
        self.pane = tk.Text(
            self, width=1, height=1, wrap="word", undo=True, borderwidth=0, highlightthickness=1,
            font="TkFixedFont", tabs="4c",
        )  # fmt: skip
        self.pane.grid(row=0, column=0, sticky="nsew")
        bar = AutoScrollbar(self, orient="vertical", command=self.pane.yview)
        self.pane.configure(yscrollcommand=bar.set)
        # Typing a Tab is no way out of the pane; in a file of settings nobody needs one.
        for key, target in (("<Tab>", "tk_focusNext"), ("<Shift-Tab>", "tk_focusPrev")):
            self.pane.bind(key, lambda _event, target=target: self._leave(target))  # type: ignore[misc]
        self.pane.bind("<<Modified>>", lambda _event: self._on_modified())
        self.bind("<<ThemeChanged>>", lambda _event: self._paint())
        theme.follow_size(self, self._paint)
        self._paint()

    @property
    def text(self) -> str:
        """What is written."""
        return self.pane.get("1.0", "end-1c")

    def show(self, text: str) -> None:
        """Show another text; nobody has typed it."""
        self.pane.delete("1.0", "end")
        self.pane.insert("1.0", text)
        self.pane.edit_reset()
        self.pane.edit_modified(False)
        self._later.cancel()

    def _on_modified(self) -> None:
        if self.pane.edit_modified():
            self.pane.edit_modified(False)
            self._later.restart()

    def _leave(self, target: str) -> str:
        following = getattr(self.pane, target)()
        if following is not None:
            following.focus_set()
        return "break"

    def _paint(self) -> None:
        colors = theme.palette()
        self.pane.configure(
            background=colors.background, foreground=colors.text, insertbackground=colors.text,
            selectbackground=colors.selected, selectforeground=colors.text,
            highlightbackground=colors.border, highlightcolor=colors.accent,
            padx=px(self, GAP), pady=px(self, GAP),
        )  # fmt: skip
