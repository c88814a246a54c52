"""The Models tab: the models one has, what each says about itself, and saving and opening.

Paths come from a dialog that is handed in, so that nothing here depends on how they are chosen.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from digitdesk.errors import DigitDeskError
from digitdesk.messages import ModelEntry, RunEvent
from digitdesk.ui import theme
from digitdesk.ui.card_view import CardView
from digitdesk.ui.draw_tab import TRAINING, model_title
from digitdesk.ui.status_bar import StatusBar
from digitdesk.ui.text import _, percent
from digitdesk.ui.theme import GAP, px

if TYPE_CHECKING:
    from digitdesk.session import Session

#: Asks for a path; the argument is the suffix (``.npz``) or empty for any; empty text for none.
AskPath = Callable[[str], str]


class ModelsTab(theme.Frame):
    """List at the left, card at the right.

    Args:
        parent: The widget to sit in.
        status: Where messages and errors go.
        ask_open_path: Asks which file to open.
        ask_save_path: Asks where to save.
        on_models_changed: Called when a model was opened or saved.
        on_use: Called with a model's key to read the board with it.
    """

    def __init__(
        self,
        parent: tk.Misc,
        status: StatusBar,
        *,
        ask_open_path: AskPath,
        ask_save_path: AskPath,
        on_models_changed: Callable[[], None],
        on_use: Callable[[str], None],
    ) -> None:
        super().__init__(parent, padding=px(parent, 3 * GAP))
        self._status = status
        self._ask_open_path = ask_open_path
        self._ask_save_path = ask_save_path
        self._on_models_changed = on_models_changed
        self._on_use = on_use
        self._session: Session | None = None
        self._entries: dict[str, ModelEntry] = {}
        self.columnconfigure(1, weight=1)
        self.rowconfigure(0, weight=1)
        self._build_list()
        self.card = CardView(self)
        self.card.grid(row=0, column=1, sticky="nsew")
        self._build_actions()

    @property
    def selected(self) -> str:
        """Key of the model whose card is shown; empty for none."""
        selection = self.list.selection()
        return str(selection[0]) if selection else ""

    def attach(self, session: Session) -> None:
        """Show the session's models."""
        self._session = session
        self.open_button.state(["!disabled"])
        self.refresh()

    def refresh(self, select: str = "") -> None:
        """Show the models there are now.

        Args:
            select: Key of the model to show; the one shown before, by default.
        """
        if self._session is None:
            return
        wanted = select or self.selected
        self._entries = {entry.key: entry for entry in self._session.models()}
        self.list.delete(*self.list.get_children())
        for key, entry in self._entries.items():
            accuracy = percent(entry.card.test_accuracy, 2)
            self.list.insert("", "end", iid=key, values=(model_title(entry), accuracy))
        if self._entries:
            chosen = wanted if wanted in self._entries else next(iter(self._entries))
            self.list.selection_set(chosen)
            self.list.see(chosen)

    def handle(self, event: RunEvent) -> None:
        """Keep the card of the network in training up to date."""
        if self.selected == TRAINING:
            self._show_card()

    # -- building

    def _build_list(self) -> None:
        left = theme.Frame(self)
        left.grid(row=0, column=0, rowspan=2, sticky="ns", padx=(0, px(self, 3 * GAP)))
        left.rowconfigure(0, weight=1)
        self.list = theme.Treeview(
            left, columns=("title", "accuracy"), show="headings", selectmode="browse"
        )
        self.list.heading("title", text=_("model"), anchor="w")
        self.list.heading("accuracy", text=_("test"), anchor="e")
        self.list.column("title", anchor="w", width=px(self, 216))
        self.list.column("accuracy", anchor="e", width=px(self, 88), stretch=False)
        self.list.grid(row=0, column=0, sticky="ns")
        self.list.bind("<<TreeviewSelect>>", lambda _event: self._show_card())
        self.open_button = theme.Button(left, text=_("Open …"), command=self._on_open)
        self.open_button.grid(row=1, column=0, sticky="ew", pady=(px(self, 2 * GAP), 0))
        self.open_button.state(["disabled"])

    def _build_actions(self) -> None:
        actions = theme.Frame(self)
        actions.grid(row=1, column=1, sticky="ew", pady=(px(self, 2 * GAP), 0))
        actions.columnconfigure(2, weight=1)
        gap = px(self, GAP)
        self.save_npz_button = theme.Button(
            actions,
            text=_("Save as .npz …"),
            command=lambda: self._on_save(".npz"),
        )
        self.save_npz_button.grid(row=0, column=0, padx=(0, gap))
        self.save_pkl_button = theme.Button(
            actions,
            text=_("Save as .pkl …"),
            command=lambda: self._on_save(".pkl"),
        )
        self.save_pkl_button.grid(row=0, column=1)
        self.use_button = theme.Button(
            actions,
            text=_("Read with this on the board"),
            command=self._on_use_selected,
        )
        theme.look(self.use_button, theme.ACCENT)
        self.use_button.grid(row=0, column=3)
        for button in (self.save_npz_button, self.save_pkl_button, self.use_button):
            button.state(["disabled"])

    # -- reactions

    def _show_card(self) -> None:
        key = self.selected
        if self._session is None or key not in self._entries:
            return
        with self._status.guarding():
            self.card.show(model_title(self._entries[key]), self._session.card(key))
            for button in (self.save_npz_button, self.save_pkl_button, self.use_button):
                button.state(["!disabled"])

    def _on_open(self) -> None:
        path = self._ask_open_path("")
        if path and self._session is not None:
            with self._status.guarding():
                entry = self._session.open_model(Path(path))
                self._status.say(_("Opened {name}.").format(name=Path(path).name))
                self._change(entry)

    def _on_save(self, suffix: str) -> None:
        path = self._ask_save_path(suffix)
        if path and self._session is not None and self.selected:
            target = Path(path)
            if target.suffix not in (".npz", ".pkl"):
                target = target.with_name(target.name + suffix)
            try:
                entry = self._session.save_model(self.selected, target)
            except DigitDeskError as error:
                self._status.show_error(error)
            else:
                self._status.say(_("Saved {name}.").format(name=target.name))
                self._change(entry)

    def _on_use_selected(self) -> None:
        if self.selected:
            self._on_use(self.selected)

    def _change(self, entry: ModelEntry) -> None:
        self.refresh(entry.key)
        self._on_models_changed()
