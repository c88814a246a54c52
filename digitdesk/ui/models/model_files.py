"""What one does with the file of a model: rename, copy, delete and bring back.

Each says in the status bar what became of it, and tells every tab that there are other models.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from digitdesk.messages.model import TrashTicket
from digitdesk.ui.i18n.text import _, plural
from digitdesk.ui.toolkit.banner import Choice
from digitdesk.ui.toolkit.page_services import PageServices

if TYPE_CHECKING:
    from digitdesk.session.session import Session


class ModelFiles:
    """Files of models, each meant by its model's key.

    Args:
        session: Whose models they are.
        services: What may be asked of the window.
    """

    def __init__(self, session: Session, services: PageServices) -> None:
        self._session = session
        self._services = services
        self._status = services.status
        self._deleted: list[TrashTicket] = []

    def rename(self, key: str, title: str) -> None:
        """Give a model, and its file, another name."""
        with self._status.guarding():
            entry = self._session.rename_model(key, title)
            if entry.path is not None:
                self._services.settings.rename_recent(Path(key), entry.path)
            self._status.say(_("Renamed to {name}.").format(name=title))
            self._services.models_changed(entry.key)

    def duplicate(self, key: str) -> None:
        """Copy a model into the models folder."""
        with self._status.guarding():
            entry = self._session.duplicate_model(key)
            name = entry.path.name if entry.path else entry.card.title
            self._status.say(_("Copied to {name}.").format(name=name))
            self._services.models_changed(entry.key)

    def delete(self, key: str) -> None:
        """Move a file to the trash, and offer to have it back."""
        with self._status.guarding():
            ticket = self._session.delete_model(key)
            self._deleted.append(ticket)
            self._services.models_changed("")
            self._status.say(
                _("Deleted {name}.").format(name=ticket.title),
                Choice(_("Undo"), lambda: self.restore(ticket)),
            )

    def undo_delete(self) -> None:
        """Bring back what was deleted last and is still in the trash."""
        kept = {ticket.trashed for ticket in self._session.trash()}
        while self._deleted:
            ticket = self._deleted.pop()
            if ticket.trashed in kept:
                self.restore(ticket)
                return
        self._status.say(_("No deletion is left to be undone; look into the trash."))

    def restore(self, ticket: TrashTicket) -> None:
        """Bring a deleted file back."""
        with self._status.guarding():
            path = self._session.restore_model(ticket)
            self._status.say(_("{name} is back.").format(name=path.name))
            self._services.models_changed(str(path))

    def empty_trash(self) -> None:
        """Ask in a line, and delete what is in the trash for good."""
        self._status.say(
            plural("Delete {n} model for good?", "Delete {n} models for good?",
                   len(self._session.trash())),
            Choice(_("Keep them"), lambda: None),
            Choice(_("Delete"), self._empty_trash),
        )  # fmt: skip

    def _empty_trash(self) -> None:
        with self._status.guarding():
            self._session.empty_trash()
            self._status.say(_("The trash is empty."))
