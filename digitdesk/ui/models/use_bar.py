"""The row of buttons below a model's card: save it, export it, serve it, or read with it."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from digitdesk.ui.controls.explained_button import explained_button
from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.models.export_menu import ExportButton
from digitdesk.ui.models.serve_button import ServeButton
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.widgets import enable

if TYPE_CHECKING:
    from digitdesk.session.session import Session


class UseBar(theme.Frame):
    """Ways to keep it at the left, and at the right what a model is for.

    Args:
        parent: The widget to sit in.
        save: Saves the selected model; takes the suffix of the format.
        use: Reads the board with the selected model.
        services: What may be asked of the window.
    """

    def __init__(
        self,
        parent: tk.Misc,
        *,
        save: Callable[[str], None],
        use: Callable[[], None],
        services: PageServices,
    ) -> None:
        super().__init__(parent)
        self.columnconfigure(4, weight=1)
        self.save_npz_button = self._button(
            0, _("Save as .npz …"), lambda: save(".npz"),
            _("Writes the model as plain NumPy arrays with a card."),
        )  # fmt: skip
        self.save_npz_button.grid(padx=(0, px(self, GAP)))
        self.save_pkl_button = self._button(
            1, _("Save as .pkl …"), lambda: save(".pkl"),
            _("Writes the same as a pickle of plain values."),
        )  # fmt: skip
        self.export_button = ExportButton(self, services)
        self.export_button.grid(row=0, column=2, padx=(px(self, GAP), 0))
        self.serve_button = ServeButton(self, services)
        self.serve_button.grid(row=0, column=3, padx=(px(self, GAP), 0))
        self.use_button = self._button(
            5, _("Read with this on the board"), use,
            _("Goes to the board and reads with this model."),
        )  # fmt: skip
        theme.look(self.use_button, theme.ACCENT)

    def offer(self, session: Session, key: str, title: str) -> None:
        """Export and serve this model from now on."""
        self.export_button.offer(session, key, title)
        self.serve_button.offer(session, key)

    def enable(self, usable: bool) -> None:
        """Let the model be saved and used, or not."""
        for button in (self.save_npz_button, self.save_pkl_button, self.use_button):
            enable(button, usable)
        self.serve_button.state(["!disabled" if usable or self.serve_button.server else "disabled"])
        self.export_button.state(["!disabled" if usable else "disabled"])

    def _button(
        self, column: int, title: Sentence, run: Callable[[], None], help_text: Sentence
    ) -> theme.Button:
        button = explained_button(self, title, run, help_text)
        button.grid(row=0, column=column)
        return button
