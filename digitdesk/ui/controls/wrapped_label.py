"""Words in as many lines as they need."""

from __future__ import annotations

import tkinter as tk
from typing import Literal

from digitdesk.ui.i18n.text import Sentence
from digitdesk.ui.toolkit import theme


class WrappedLabel(theme.Label):
    """Takes the width there is and asks for none: what is around it never moves because of it.

    It is to be laid out over a whole width: ``sticky="ew"``.

    Args:
        parent: The widget to sit in.
        style: How it is written.
        text: What is said.
        anchor: Where words stand in a room that is larger than they are.
    """

    def __init__(
        self,
        parent: tk.Misc,
        style: str = "Muted.TLabel",
        text: Sentence | str = "",
        anchor: Literal["w", "nw"] = "w",
    ) -> None:
        super().__init__(parent, style=style, text=text, width=1, justify="left", anchor=anchor)
        self.bind("<Configure>", lambda event: self.configure(wraplength=max(1, event.width)))
