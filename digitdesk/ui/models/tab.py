"""The Models tab: the models one has, what each says about itself, and all one does with files.

Paths come from the dialogs of the window, so that nothing here depends on how they are chosen.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from digitdesk.messages.model import READER, TRAINING, LibraryEntry
from digitdesk.messages.run import EpochFinished, Progress, RunEvent, RunFinished, RunStarted
from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.models.card_view import CardView
from digitdesk.ui.models.file_bar import FileBar, FileCommands
from digitdesk.ui.models.library_list import LibraryList, Row
from digitdesk.ui.models.model_files import ModelFiles
from digitdesk.ui.models.use_bar import UseBar
from digitdesk.ui.toolkit.desktop import show_in_folder
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.tab import Shortcut, Tab, TourStop
from digitdesk.ui.toolkit.theme import GAP, px

if TYPE_CHECKING:
    from digitdesk.session.session import Session

#: Room for the table, in logical pixels.
_LEAST_WIDTH = 560


class ModelsTab(Tab):
    """List at the top, card below.

    Args:
        parent: The notebook.
        services: What may be asked of the window.
        reveal: Shows a file in its folder.
    """

    key = "models"

    def __init__(
        self,
        parent: tk.Misc,
        services: PageServices,
        *,
        reveal: Callable[[Path], None] = show_in_folder,
    ) -> None:
        super().__init__(parent, services, padding=3 * GAP)
        self._reveal = reveal
        self._session: Session | None = None
        self._model_files: ModelFiles | None = None
        self._entries: tuple[LibraryEntry, ...] = ()
        self.columnconfigure(0, weight=1)
        self.rowconfigure(2, weight=1)
        self._called = ""  # whom the list is to show once it is filled
        self._shown = ""  # what was selected by the list itself, or when somebody was called
        self.table = LibraryList(self, self._on_select, self._on_rename)
        self.table.grid(row=0, column=0, sticky="ew")
        self.list = self.table.tree
        commands = FileCommands(
            open=self._on_open,
            recent=self._recent,
            open_recent=self.open_file,
            rename=self.table.start_renaming,
            duplicate=lambda: self._with_selected(ModelFiles.duplicate),
            delete=self._delete,
            trash=lambda: self._session.trash() if self._session is not None else (),
            restore=lambda ticket: self._with_files(lambda files: files.restore(ticket)),
            empty_trash=lambda: self._with_files(ModelFiles.empty_trash),
            show_in_folder=self._on_show_in_folder,
            compare=self._on_compare,
        )
        self.bar = FileBar(self, commands)
        self.bar.grid(row=1, column=0, sticky="ew", pady=(px(self, GAP), 0))
        self.card = CardView(self)
        self.card.grid(row=2, column=0, sticky="nsew", pady=(px(self, 2 * GAP), 0))
        self.use_bar = UseBar(self, save=self._on_save, use=self._on_use, services=services)
        self.use_bar.grid(row=3, column=0, sticky="ew", pady=(px(self, GAP), 0))
        self._enable_actions()
        follow_language(self, self.refresh)

    @property
    def selected(self) -> str:
        """Key of the model whose card is shown; empty for none."""
        return self.table.selected

    # -- how large it is

    @property
    def least_size(self) -> tuple[int, int]:
        """Width and height below which something would be cut off, in screen pixels."""
        # The table asks for the width its columns are best at, and can do with less.
        left, _top, right, _bottom = self._edges
        needed = max(px(self, _LEAST_WIDTH), self.use_bar.winfo_reqwidth())
        return left + needed + right, self.winfo_reqheight()

    # -- what the window asks and tells

    @property
    def title(self) -> Sentence:
        """What stands on the tab."""
        return _("Models")

    @property
    def shortcuts(self) -> tuple[Shortcut, ...]:
        """What one does with the selected file, and to have a deleted one back."""
        return (
            Shortcut("Control-o", self._on_open, _("Opens a model file")),
            Shortcut("F2", self._rename, _("Gives the model another name")),
            Shortcut("Delete", self._delete, _("Moves the model to the trash")),
            Shortcut(
                "Control-z",
                lambda: self._with_files(ModelFiles.undo_delete),
                _("Brings back what was deleted last"),
            ),
        )

    @property
    def tour_stops(self) -> tuple[TourStop, ...]:
        """The list."""
        return (
            TourStop(
                self.list,
                _("Keep what you like"),
                _("Save networks, compare two of them, and read the board with any."),
            ),
        )

    @property
    def drop_invitation(self) -> Sentence:
        """What is said while files are dragged over the tab."""
        return _("Drop it to open the model.")

    def attach(self, session: Session) -> None:
        """Show the session's models."""
        self._session = session
        self._model_files = ModelFiles(session, self._services)
        self.bar.set_usable(True)
        self.refresh()
        self.refresh_files()

    def refresh(self, select: str = "") -> None:
        """Show the models there are now.

        Args:
            select: Key of the model to show; the one shown before, by default.
        """
        if self._session is None:
            return
        files = {entry.key: Row.of_file(entry) for entry in self._entries}
        rows = []
        for entry in self._session.models():
            file = files.pop(entry.key) if entry.key in files else None
            rows.append(file or Row.of_entry(entry))
        rows += files.values()
        before = self.selected
        self.table.show(rows, select or before)
        if self.selected != before:
            self._shown = self.selected
        self._offer_others()

    def refresh_files(self, select: str = "") -> None:
        """Look into the models folder again, beside the window."""
        session = self._session
        if session is None:
            return

        if select:
            self._called, self._shown = select, self.selected

        def take(files: tuple[LibraryEntry, ...]) -> None:
            self._entries = files
            # Whoever has gone to another model meanwhile is not called back, by none of several.
            self.refresh(self._called if self.selected == self._shown else "")

        self._services.background(lambda _job: session.library(), take, self._status.show_error)

    def handle(self, event: RunEvent) -> None:
        """Show a run's network, and keep its card up to date."""
        match event:
            case RunStarted() | RunFinished():
                self.refresh()
            case Progress():
                # A run's first weights come a moment after its first event.
                if not self._shows_learning_network():
                    self.refresh()
            case EpochFinished():
                if self.selected == TRAINING:
                    self._show_card()

    def models_changed(self, key: str) -> None:
        """Show the models there are now, and the one that it is about."""
        self.refresh(key)
        self.refresh_files(key)

    def take_files(self, paths: Sequence[Path]) -> None:
        """Open the files that were dropped."""
        for path in paths:
            self.open_file(path)

    def open_file(self, path: Path) -> None:
        """Open a model file, from wherever its path came."""
        self._services.open_model(path)

    def _shows_learning_network(self) -> bool:
        row = self.table.rows.get(TRAINING)
        return row is not None and row.is_learning

    # -- reactions

    def _with_files(self, do: Callable[[ModelFiles], None]) -> None:
        if self._model_files is not None:
            do(self._model_files)

    def _delete(self) -> None:
        if self.bar.delete_button.instate(["!disabled"]):
            self._with_selected(ModelFiles.delete)

    def _rename(self) -> None:
        if self.bar.rename_button.instate(["!disabled"]):
            self.table.start_renaming()

    def _with_selected(self, do: Callable[[ModelFiles, str], None]) -> None:
        """Do something with the selected model's file."""
        if self._model_files is not None and self.selected:
            do(self._model_files, self.selected)

    def _on_rename(self, key: str, title: str) -> None:
        if self._model_files is not None:
            self._model_files.rename(key, title)

    def _on_save(self, suffix: str) -> None:
        if self.selected:
            self._services.save_model(self.selected, suffix)

    def _on_select(self) -> None:
        if self.selected != self._shown:
            self._called = ""
        self._offer_others()
        self._show_card()
        self._enable_actions()

    def _enable_actions(self) -> None:
        row = self.table.rows.get(self.selected)
        usable = row is not None and row.card is not None
        is_file = row is not None and row.path is not None
        self.use_bar.enable(usable)
        if self._session is not None and row is not None:
            self.use_bar.offer(self._session, row.key, row.title)
        can_delete = is_file or (row is not None and not row.is_saved)
        self.bar.enable(is_usable=usable, is_file=is_file, can_delete=can_delete)

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
        path = self._services.dialogs.open_model()
        if path:
            self.open_file(Path(path))

    def _on_show_in_folder(self) -> None:
        row = self.table.rows.get(self.selected)
        if row is not None and row.path is not None:
            try:
                self._reveal(row.path)
            except OSError as error:
                self._status.show_error(error)

    def _on_use(self) -> None:
        if self.selected:
            self._services.use_model(self.selected)

    def _recent(self) -> list[Path]:
        """The files of late that are still there."""
        return [path for path in map(Path, self._services.settings.recent) if path.is_file()]

    # -- beside another one

    def _offer_others(self) -> None:
        rows = self.table.rows.items()
        self._others = [row for key, row in rows if row.card is not None and key != self.selected]
        self.bar.offer_others(row.title for row in self._others)
        self.bar.choose_no_other()

    def _on_compare(self, index: int) -> None:
        """Examine the selected model beside another one, on the tab that is for that."""
        self.bar.choose_no_other()
        if index >= 0 and self.selected:
            self._services.examine(self.selected, self._others[index].key)
