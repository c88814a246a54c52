"""What a control does, said when the pointer rests on it or F1 is pressed on it.

The tooltip lies inside the window, so it is never lost behind it and closes with it.
"""

from __future__ import annotations

import tkinter as tk

from digitdesk.ui.i18n.text import Sentence, again
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer

_REST_MS = 600
_WIDTH = 304
_EXPLANATION = "_digitdesk_explanation"
_TOOLTIP = "_digitdesk_tooltip"


def explain(widget: tk.Misc, sentence: Sentence) -> None:
    """Explain a control; a sensible range belongs into the sentence where there is one."""
    known = _EXPLANATION in widget.__dict__
    widget.__dict__[_EXPLANATION] = sentence
    if known:
        return
    rest = Timer(widget, _REST_MS, lambda: show_tooltip(widget))

    def leave(event: tk.Event[tk.Misc]) -> None:
        if event.keysym == "F1":
            return
        rest.cancel()
        hide_tooltip(widget)

    widget.bind("<Enter>", lambda _event: rest.restart(), add="+")
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
            wraplength=px(root, _WIDTH),
            font=theme.font("small"),
            padx=px(root, GAP),
            pady=px(root, GAP * 0.75),
        )
        self.label.pack(padx=1, pady=1)

    def show(self, sentence: str, widget: tk.Misc) -> None:
        colors = theme.palette()
        self.configure(background=colors.border)
        self.label.configure(text=sentence, background=colors.card, foreground=colors.text)
        root = self.master
        gap = px(self, GAP / 2)
        x = widget.winfo_rootx() - root.winfo_rootx()
        y = widget.winfo_rooty() - root.winfo_rooty() + widget.winfo_height() + gap
        width, height = self.label.winfo_reqwidth() + 2, self.label.winfo_reqheight() + 2
        if y + height > root.winfo_height():
            y -= widget.winfo_height() + height + 2 * gap
        room = root.winfo_width() - width - gap
        self.place(x=max(gap, min(x, room)), y=max(gap, y))
        self.lift()


def _tooltip(widget: tk.Misc) -> _Tooltip:
    root = widget.winfo_toplevel()
    kept: _Tooltip | None = root.__dict__.get(_TOOLTIP)
    if kept is None or not kept.winfo_exists():
        kept = root.__dict__[_TOOLTIP] = _Tooltip(root)
    return kept
