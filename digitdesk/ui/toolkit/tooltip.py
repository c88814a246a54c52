"""What a control does, said when the pointer rests on it or F1 is pressed on it.

The tooltip lies inside the window, so it is never lost behind it and closes with it. It never opens
while a button of the mouse is held, nor soon after: whoever draws does not ask for help.
"""

from __future__ import annotations

import time
import tkinter as tk

from digitdesk.ui.i18n.text import Sentence, again
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer

_REST_MS = 600
#: After a button of the mouse was let go, no tooltip opens for so long.
_QUIET_MS = 1000
_BUTTONS = 0x1F00
_WIDTH = 304
_EXPLANATION = "_digitdesk_explanation"
_TOOLTIP = "_digitdesk_tooltip"
_MOUSE = "_digitdesk_mouse"
#: A widget that takes up more of the window's height than this has its tooltip inside.
_TALL = 1 / 3


def explain(widget: tk.Misc, sentence: Sentence) -> None:
    """Explain a control; a sensible range belongs into the sentence where there is one."""
    known = _EXPLANATION in widget.__dict__
    widget.__dict__[_EXPLANATION] = sentence
    if known:
        return
    mouse = _mouse(widget)

    def open_when_quiet() -> None:
        wait_ms = mouse.quiet_in_ms
        if mouse.is_pressed:
            return
        if wait_ms:
            rest.ask(wait_ms)
        else:
            show_tooltip(widget)

    rest = Timer(widget, _REST_MS, open_when_quiet)

    def enter(event: tk.Event[tk.Misc]) -> None:
        mouse.look(event)
        if not mouse.is_pressed:
            rest.restart()

    def leave(event: tk.Event[tk.Misc]) -> None:
        if event.keysym == "F1":
            return
        rest.cancel()
        hide_tooltip(widget)

    widget.bind("<Enter>", enter, add="+")
    for sequence in ("<Leave>", "<ButtonPress>", "<KeyPress>"):
        widget.bind(sequence, leave, add="+")


def explanation(widget: tk.Misc | None) -> str:
    """What is said of a control, or of what it lies in; empty where nothing is."""
    while widget is not None:
        sentence = widget.__dict__.get(_EXPLANATION)
        if sentence is not None:
            return str(again(sentence))
        widget = widget.master
    return ""


def show_tooltip(widget: tk.Misc) -> None:
    """Say what a control does, below it or above it."""
    sentence = explanation(widget)
    if sentence and widget.winfo_viewable():
        _tooltip(widget).show(sentence, widget)


def hide_tooltip(widget: tk.Misc) -> None:
    """Take the tooltip away."""
    _tooltip(widget).place_forget()


def help_on_focus(root: tk.Misc) -> None:
    """F1: help on the control that has the focus, or away with it."""
    tooltip = _tooltip(root)
    focused = root.focus_get()
    if tooltip.winfo_manager():
        tooltip.place_forget()
    elif focused is not None:
        show_tooltip(focused)


def shown_tooltip(root: tk.Misc) -> str:
    """What the tooltip says; empty while there is none."""
    tooltip = _tooltip(root)
    return str(tooltip.label.cget("text")) if tooltip.winfo_manager() else ""


class _Tooltip(tk.Frame):
    """A small card with a sentence."""

    def __init__(self, root: tk.Misc) -> None:
        super().__init__(root, borderwidth=0)
        self.label = tk.Label(
            self,
            justify="left",
            font=theme.font("small"),
        )
        self.label.pack(padx=1, pady=1)

    def show(self, sentence: str, widget: tk.Misc) -> None:
        colors = theme.palette()
        self.configure(background=colors.border)
        self.label.configure(
            text=sentence,
            background=colors.card,
            foreground=colors.text,
            wraplength=min(px(self, _WIDTH), self.master.winfo_width() - 3 * px(self, GAP)),
            padx=px(self, GAP),
            pady=px(self, GAP * 0.75),
        )
        width, height = self.label.winfo_reqwidth() + 2, self.label.winfo_reqheight() + 2
        gap = px(self, GAP / 2)
        room = self.master.winfo_width() - width - gap
        x = widget.winfo_rootx() - self.master.winfo_rootx()
        y = self._top(widget, height, gap)
        self.place(x=max(gap, min(x, room)), y=max(gap, y))
        self.lift()

    def _top(self, widget: tk.Misc, height: int, gap: int) -> int:
        """Where it lies: below what is above in the window, above what is below.

        A tall widget has it at its own lower edge, since beside it are its tools.
        """
        top = widget.winfo_rooty() - self.master.winfo_rooty()
        bottom, whole = top + widget.winfo_height(), self.master.winfo_height()
        if bottom - top > _TALL * whole:
            return min(bottom, whole) - height - gap
        above = top - height - gap
        is_low = top + bottom > whole or bottom + gap + height > whole
        return above if is_low and above >= gap else bottom + gap


class _Mouse:
    """Whether a button of the mouse is held, and since when none is."""

    def __init__(self, root: tk.Misc) -> None:
        self.is_pressed = False
        self._released_at = -_QUIET_MS / 1000
        root.bind_all("<ButtonPress>", lambda _event: self._press(), add="+")
        root.bind_all("<ButtonRelease>", lambda _event: self._release(), add="+")

    @property
    def quiet_in_ms(self) -> int:
        """How long it is until a button was let go long enough ago."""
        since_ms = round(1000 * (time.monotonic() - self._released_at))
        return max(0, _QUIET_MS - since_ms)

    def look(self, event: tk.Event[tk.Misc]) -> None:
        """Believe an event: a release over another program's dialog is never heard of."""
        self.is_pressed = bool(int(event.state) & _BUTTONS)

    def _press(self) -> None:
        self.is_pressed = True

    def _release(self) -> None:
        self.is_pressed = False
        self._released_at = time.monotonic()


def _mouse(widget: tk.Misc) -> _Mouse:
    root = widget.winfo_toplevel()
    kept: _Mouse | None = root.__dict__.get(_MOUSE)
    if kept is None:
        kept = root.__dict__[_MOUSE] = _Mouse(root)
    return kept


def _tooltip(widget: tk.Misc) -> _Tooltip:
    root = widget.winfo_toplevel()
    kept: _Tooltip | None = root.__dict__.get(_TOOLTIP)
    if kept is None or not kept.winfo_exists():
        kept = root.__dict__[_TOOLTIP] = _Tooltip(root)
    return kept
