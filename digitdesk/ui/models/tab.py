"""The Models tab: the models one has, what each says about itself, and all one does with files.

Paths come from the dialogs of the window, so that nothing here depends on how they are chosen.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from digitdesk.errors import CancelledError, DigitDeskError
from digitdesk.messages.evaluation import Comparison
from digitdesk.messages.model import READER, TRAINING, LibraryEntry, TrashTicket
from digitdesk.messages.run import EpochFinished, Progress, RunEvent, RunFinished, RunStarted
from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.models.card_view import CardView
from digitdesk.ui.models.comparison_view import ComparisonView
from digitdesk.ui.models.file_bar import FileBar, FileCommands
from digitdesk.ui.models.library_list import LibraryList, Row
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.banner import Choice
from digitdesk.ui.toolkit.desktop import show_in_folder
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.tab import Tab, TourStop
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import enable

if TYPE_CHECKING:
    from digitdesk.session.jobs import Job
    from digitdesk.session.session import Session


class ModelsTab(Tab):
    """List at the top, card or comparison below.

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
        super().__init__(parent, services, padding=px(parent, 3 * GAP))
        self._reveal = reveal
        self._session: Session | None = None
        self._files: tuple[LibraryEntry, ...] = ()
        self.columnconfigure(0, weight=1)
        self.rowconfigure(2, weight=1)
        self.table = LibraryList(self, self._on_select, self.rename)
        self.table.grid(row=0, column=0, sticky="ew")
        self.list = self.table.tree
        commands = FileCommands(
            open=self._on_open,
            open_recent=self.open_file,
            rename=self.table.start_renaming,
            duplicate=self.duplicate,
            delete=self.delete,
            show_in_folder=self._on_show_in_folder,
            compare=self._on_compare,
        )
        self._pair = ("", "")
        self._comparing: Job[Comparison] | None = None
        self.bar = FileBar(self, commands)
        self.bar.grid(row=1, column=0, sticky="ew", pady=(px(self, GAP), 0))
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

    # -- what the window asks and tells

    @property
    def title(self) -> Sentence:
        """What stands on the tab."""
        return _("Models")

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
        enable(self.bar.open_button, True)
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
        """Look into the models folder again, beside the window."""
        session = self._session
        if session is None:
            return

        def take(files: tuple[LibraryEntry, ...]) -> None:
            self._files = files
            self.refresh(select)

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
        self._show_recent()
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

    # -- building

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
            actions, text=_("Read with this on the board"), command=self._on_use
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
                self._services.models_changed(entry.key)

    def duplicate(self) -> None:
        """Copy the selected model into the models folder."""
        if self._session is not None and self.selected:
            with self._status.guarding():
                entry = self._session.duplicate_model(self.selected)
                name = entry.path.name if entry.path else entry.card.title
                self._status.say(_("Copied to {name}.").format(name=name))
                self._services.models_changed(entry.key)

    def delete(self) -> None:
        """Move the selected file to the trash, and offer to have it back."""
        if self._session is not None and self.selected:
            with self._status.guarding():
                ticket = self._session.delete_model(self.selected)
                self._services.models_changed("")
                self._status.say(
                    _("Deleted {name}.").format(name=ticket.title),
                    Choice(_("Undo"), lambda: self._restore(ticket)),
                )

    def _restore(self, ticket: TrashTicket) -> None:
        if self._session is not None:
            with self._status.guarding():
                path = self._session.restore_model(ticket)
                self._status.say(_("{name} is back.").format(name=path.name))
                self._services.models_changed(str(path))

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
        self.bar.enable(is_usable=usable, is_file=is_file)

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

    def _on_save(self, suffix: str) -> None:
        path = self._services.dialogs.save_model(suffix)
        if path and self._session is not None and self.selected:
            target = Path(path)
            if target.suffix not in (".npz", ".pkl"):
                target = target.with_name(target.name + suffix)
            try:
                entry = self._session.save_model(self.selected, target)
            except DigitDeskError as error:
                self._status.show_error(error)
            else:
                self._services.settings.add_recent(target)
                self._status.say(_("Saved {name}.").format(name=target.name))
                self._services.models_changed(entry.key)

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

    def _show_recent(self) -> None:
        usable = self._session is not None
        self.bar.offer_recent(self._services.settings.recent if usable else ())

    # -- comparing

    def _offer_comparison(self) -> None:
        rows = self.table.rows.items()
        self._others = [row for key, row in rows if row.card is not None and key != self.selected]
        self.bar.offer_others(row.title for row in self._others)
        if self.comparison.winfo_manager() == "":
            self.bar.choose_no_other()

    def _on_compare(self, index: int) -> None:
        if index < 0:
            self._end_comparison()
        elif self._session is not None and self.selected:
            self._compare(self.table.rows[self.selected], self._others[index])

    def _compare(self, first: Row, second: Row) -> None:
        session = self._session
        assert session is not None
        self._cancel_comparison()
        self._pair = pair = (first.key, second.key)
        self.card.grid_remove()
        self.comparison.grid()
        self.comparison.wait(first.title, second.title)

        def show(comparison: Comparison) -> None:
            if self._pair == pair:
                self.comparison.show(comparison)

        self._comparing = self._services.background(
            lambda job: session.compare(*pair, progress=job.report, cancelled=job.is_cancelled),
            show,
            self._fail_comparison,
        )

    def _fail_comparison(self, error: Exception) -> None:
        if not isinstance(error, CancelledError):
            self._end_comparison()
            self._status.show_error(error)

    def _cancel_comparison(self) -> None:
        self._pair = ("", "")
        if self._comparing is not None:
            self._comparing.cancel()

    def _end_comparison(self) -> None:
        self._cancel_comparison()
        self.comparison.grid_remove()
        self.card.grid()
        self.bar.choose_no_other()
