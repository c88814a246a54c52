"""A button that says what it does."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from digitdesk.ui.i18n.text import Sentence
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.tooltip import explain


def explained_button(
    parent: tk.Misc,
    title: Sentence,
    command: Callable[[], object],
    why: Sentence,
    look: str = theme.QUIET,
) -> theme.Button:
    """Make a button, to be laid out by who asks for it.

    Args:
        parent: The widget to sit in.
        title: What stands on it.
        command: What it does.
        why: What the mouse and F1 tell of it.
        look: What it means: ``theme.ACCENT``, ``theme.QUIET`` or ``theme.TOOL``.
    """
    button = theme.Button(parent, text=title, command=command)
    if look != theme.QUIET:
        theme.look(button, look)
    explain(button, why)
    return button
