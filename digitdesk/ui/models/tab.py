"""The Models tab: the models one has, what each says about itself, and all one does with files.

Paths come from a dialog that is handed in, so that nothing here depends on how they are chosen.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from digitdesk.errors import DigitDeskError
from digitdesk.messages.evaluation import Comparison
from digitdesk.messages.model import LibraryEntry, TrashTicket
from digitdesk.messages.run import RunEvent
from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.models.card_view import CardView
from digitdesk.ui.models.comparison_view import ComparisonView
from digitdesk.ui.models.library_list import LibraryList, Row
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.background import Background
from digitdesk.ui.toolkit.banner import Choice
from digitdesk.ui.toolkit.desktop import show_in_folder
from digitdesk.ui.toolkit.model_names import READER, TRAINING
from digitdesk.ui.toolkit.status_bar import StatusBar
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.user_settings import Settings
from digitdesk.ui.toolkit.widgets import enable

if TYPE_CHECKING:
    from digitdesk.session.session import Session

#: Asks for a path; the argument is the suffix (``.npz``) or empty for any; empty text for none.
AskPath = Callable[[str], str]


class ModelsTab(theme.Frame):
    """List at the top, card or comparison below.

    Args:
        parent: The widget to sit in.
        status: Where messages and errors go.
        ask_open_path: Asks which file to open.
        ask_save_path: Asks where to save.
        on_models_changed: Called when a model was opened or saved.
        on_use: Called with a model's key to read the board with it.
        settings: Remembers the recent files.
        background: Reads files and compares beside the window.
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
        settings: Settings,
        background: Background | None = None,
        reveal: Callable[[Path], None] = show_in_folder,
    ) -> None:
        super().__init__(parent, padding=px(parent, 3 * GAP))
        self._status = status
        self._ask_open_path = ask_open_path
        self._ask_save_path = ask_save_path
        self._on_models_changed = on_models_changed
        self._on_use = on_use
        self._settings = settings
        self._background = background
        self._reveal = reveal
        self._session: Session | None = None
        self._files: tuple[LibraryEntry, ...] = ()
        self.columnconfigure(0, weight=1)
        self.rowconfigure(2, weight=1)
        self.table = LibraryList(self, self._on_select, self.rename)
        self.table.grid(row=0, column=0, sticky="ew")
        self.list = self.table.tree
        self._build_file_actions()
        self.card = CardView(self)
        self.card.grid(row=2, column=0, sticky="nsew", pady=(px(self, 3 * GAP), 0))
        self.comparison = ComparisonView(self)
        self.comparison.grid(row=2, column=0, sticky="nsew", pady=(px(self, 3 * GAP), 0))
        self.comparison.grid_remove()
        self._build_actions()
        self._enable_actions()
        follow_language(self, self.refresh)

    @property
    def selected(self) -> str:
        """Key of the model whose card is shown; empty for none."""
        return self.table.selected

    def attach(self, session: Session) -> None:
        """Show the session's models."""
        self._session = session
        self.open_button.state(["!disabled"])
        self._show_recent()
        self.refresh()
        self.refresh_files()

    def refresh(self, select: str = "") -> None:
        """Show the models there are now.

        Args:
            select: Key of the model to show; the one shown before, by default.
        """
        if self._session is None:
            return
        files = {entry.key: Row.of_file(entry) for entry in self._files}
        rows = []
        for entry in self._session.models():
            file = files.pop(entry.key) if entry.key in files else None
            rows.append(file or Row.of_entry(entry))
        rows += files.values()
        self.table.show(rows, select or self.selected)
        self._offer_comparison()

    def refresh_files(self, select: str = "") -> None:
        """Look into the models folder again, beside the window where that is possible."""
        session, background = self._session, self._background
        if session is None:
            return

        def take(files: tuple[LibraryEntry, ...]) -> None:
            self._files = files
            self.refresh(select)

        if background is None:
            take(session.library())
        else:
            background(session.library, take, self._status.show_error)

    def handle(self, event: RunEvent) -> None:
        """Keep the card of the network in training up to date."""
        if self.selected == TRAINING:
            self._show_card()

    def open_file(self, path: Path) -> None:
        """Open a model file, from wherever its path came."""
        if self._session is None:
            return
        with self._status.guarding():
            entry = self._session.open_model(path)
            self._remember(path)
            self._status.say(_("Opened {name}.").format(name=path.name))
            self._change(entry.key)

    # -- building

    def _build_file_actions(self) -> None:
        row = theme.Frame(self)
        row.grid(row=1, column=0, sticky="ew", pady=(px(self, GAP), 0))
        row.columnconfigure(6, weight=1)
        self._tool_row = row

        def tool(
            column: int, title: Sentence, icon: str, run: Callable[[], None], help_text: Sentence
        ) -> theme.Button:
            button = theme.Button(row, text=title, command=run)
            theme.look(button, theme.TOOL)
            theme.icon(button, icon)
            button.grid(row=0, column=column, padx=(0, px(self, GAP / 2)))
            explain(button, help_text)
            return button

        self.open_button = tool(
            0, _("Open …"), "folder2-open", self._on_open, _("Opens a model file, .npz or .pkl.")
        )
        self.recent_button = theme.Menubutton(row, text=_("Recent"))
        theme.look(self.recent_button, theme.TOOL)
        self.recent_button.grid(row=0, column=1, padx=(0, px(self, GAP / 2)))
        explain(self.recent_button, _("Files that were opened or saved lately."))
        self.recent_menu = tk.Menu(self.recent_button, tearoff=False)
        self.recent_button.configure(menu=self.recent_menu)
        self.rename_button = tool(
            2, _("Rename"), "pencil", self.table.start_renaming,
            _("Gives the model and its file another name. Enter keeps it."),
        )  # fmt: skip
        self.duplicate_button = tool(
            3, _("Duplicate"), "copy", self.duplicate,
            _("Puts a copy into the models folder; also of the network that is learning."),
        )  # fmt: skip
        self.delete_button = tool(
            4, _("Delete"), "trash", self.delete,
            _("Moves the file to DigitDesk's trash; it can be undone."),
        )  # fmt: skip
        self.folder_button = tool(
            5, _("Show in folder"), "folder", self._on_show_in_folder,
            _("Opens the folder the file lies in."),
        )  # fmt: skip
        theme.Label(row, text=_("Compare with"), style="Muted.TLabel").grid(
            row=0, column=7, padx=(px(self, GAP), px(self, GAP))
        )
        self.compare_box = theme.Combobox(row, state="readonly", width=18)
        self.compare_box.grid(row=0, column=8)
        self.compare_box.bind("<<ComboboxSelected>>", lambda _event: self._on_compare())
        explain(
            self.compare_box,
            _("Lets both models read the same 2,000 test pictures and shows where they differ."),
        )
        self.open_button.state(["disabled"])

    def _build_actions(self) -> None:
        actions = theme.Frame(self)
        actions.grid(row=3, column=0, sticky="ew", pady=(px(self, 2 * GAP), 0))
        actions.columnconfigure(2, weight=1)
        gap = px(self, GAP)
        self.save_npz_button = theme.Button(
            actions, text=_("Save as .npz …"), command=lambda: self._on_save(".npz")
        )
        self.save_npz_button.grid(row=0, column=0, padx=(0, gap))
        explain(self.save_npz_button, _("Writes the model as plain NumPy arrays with a card."))
        self.save_pkl_button = theme.Button(
            actions, text=_("Save as .pkl …"), command=lambda: self._on_save(".pkl")
        )
        self.save_pkl_button.grid(row=0, column=1)
        explain(self.save_pkl_button, _("Writes the same as a pickle of plain values."))
        self.use_button = theme.Button(
            actions, text=_("Read with this on the board"), command=self._on_use_selected
        )
        theme.look(self.use_button, theme.ACCENT)
        self.use_button.grid(row=0, column=3)
        explain(self.use_button, _("Goes to the board and reads with this model."))

    # -- files

    def rename(self, key: str, title: str) -> None:
        """Give a file's model another name."""
        if self._session is not None:
            with self._status.guarding():
                entry = self._session.rename_model(key, title)
                self._status.say(_("Renamed to {name}.").format(name=title))
                self._change(entry.key)

    def duplicate(self) -> None:
        """Copy the selected model into the models folder."""
        if self._session is not None and self.selected:
            with self._status.guarding():
                entry = self._session.duplicate_model(self.selected)
                name = entry.path.name if entry.path else entry.card.title
                self._status.say(_("Copied to {name}.").format(name=name))
                self._change(entry.key)

    def delete(self) -> None:
        """Move the selected file to the trash, and offer to have it back."""
        if self._session is not None and self.selected:
            with self._status.guarding():
                ticket = self._session.delete_model(self.selected)
                self._change("")
                self._status.say(
                    _("Deleted {name}.").format(name=ticket.title),
                    Choice(_("Undo"), lambda: self._restore(ticket)),
                )

    def _restore(self, ticket: TrashTicket) -> None:
        if self._session is not None:
            with self._status.guarding():
                path = self._session.restore_model(ticket)
                self._status.say(_("{name} is back.").format(name=path.name))
                self._change(str(path))

    # -- reactions

    def _on_select(self) -> None:
        self._end_comparison()
        self._offer_comparison()
        self._show_card()
        self._enable_actions()

    def _enable_actions(self) -> None:
        row = self.table.rows.get(self.selected)
        usable = row is not None and row.card is not None
        is_file = row is not None and row.path is not None
        for button in (self.save_npz_button, self.save_pkl_button, self.use_button):
            enable(button, usable)
        enable(self.duplicate_button, usable)
        enable(self.rename_button, usable and is_file)
        enable(self.delete_button, is_file)
        enable(self.folder_button, is_file)
        self.compare_box.state(["!disabled" if usable else "disabled"])

    def _show_card(self) -> None:
        row = self.table.rows.get(self.selected)
        if self._session is None or row is None:
            return
        if row.card is None:
            self.card.show_problem(row.title, row.problem)
            return
        with self._status.guarding():
            at_hand = row.key in (READER, TRAINING)
            card = self._session.card(row.key) if at_hand else row.card
            self.card.show(row.title, card)

    def _on_open(self) -> None:
        path = self._ask_open_path("")
        if path:
            self.open_file(Path(path))

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
                self._remember(target)
                self._status.say(_("Saved {name}.").format(name=target.name))
                self._change(entry.key)

    def _on_show_in_folder(self) -> None:
        row = self.table.rows.get(self.selected)
        if row is not None and row.path is not None:
            try:
                self._reveal(row.path)
            except OSError as error:
                self._status.show_error(error)

    def _on_use_selected(self) -> None:
        if self.selected:
            self._on_use(self.selected)

    def _change(self, key: str) -> None:
        self.refresh(key)
        self.refresh_files(key)
        self._on_models_changed()

    def _remember(self, path: Path) -> None:
        self._settings.add_recent(path)
        self._show_recent()

    def _show_recent(self) -> None:
        self.recent_menu.delete(0, "end")
        for name in self._settings.recent:
            path = Path(name)
            self.recent_menu.add_command(label=path.name, command=partial(self.open_file, path))
        usable = bool(self._settings.recent) and self._session is not None
        self.recent_button.state(["!disabled" if usable else "disabled"])

    # -- comparing

    def _offer_comparison(self) -> None:
        rows = self.table.rows.items()
        self._others = [row for key, row in rows if row.card is not None and key != self.selected]
        self.compare_box.configure(values=[_("no other"), *(row.title for row in self._others)])
        if self.comparison.winfo_manager() == "":
            self.compare_box.current(0)

    def _on_compare(self) -> None:
        self.compare_box.selection_clear()
        index = self.compare_box.current() - 1
        if index < 0:
            self._end_comparison()
        elif self._session is not None and self.selected:
            self._compare(self.table.rows[self.selected], self._others[index])

    def _compare(self, first: Row, second: Row) -> None:
        session, background = self._session, self._background
        assert session is not None
        self.card.grid_remove()
        self.comparison.grid()
        self.comparison.wait(first.title, second.title)

        def work() -> Comparison:
            return session.compare(first.key, second.key)

        if background is not None:
            background(work, self.comparison.show, self._fail_comparison)
            return
        try:
            self.comparison.show(work())
        except DigitDeskError as error:
            self._fail_comparison(error)

    def _fail_comparison(self, error: Exception) -> None:
        self._end_comparison()
        self._status.show_error(error)

    def _end_comparison(self) -> None:
        self.comparison.grid_remove()
        self.card.grid()
        if str(self.compare_box.cget("values")):
            self.compare_box.current(0)
