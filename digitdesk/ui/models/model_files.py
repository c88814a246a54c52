"""What one does with the file of a model: save, rename, copy, delete and bring back.

Each says in the status bar what became of it, and tells every tab that there are other models.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from digitdesk.messages.model import TrashTicket
from digitdesk.ui.i18n.text import _
from digitdesk.ui.toolkit.banner import Choice
from digitdesk.ui.toolkit.page_services import PageServices

if TYPE_CHECKING:
    from digitdesk.session.session import Session

_SUFFIXES = (".npz", ".pkl")


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

    def save(self, key: str, suffix: str) -> None:
        """Ask where to save a model, and save it; the name decides the format, else ``suffix``."""
        path = self._services.dialogs.save_model(suffix)
        if not path:
            return
        target = Path(path)
        if target.suffix not in _SUFFIXES:
            target = target.with_name(target.name + suffix)
        with self._status.guarding():
            entry = self._session.save_model(key, target)
            self._services.settings.add_recent(target)
            self._status.say(_("Saved {name}.").format(name=target.name))
            self._services.models_changed(entry.key)

    def rename(self, key: str, title: str) -> None:
        """Give a model, and its file, another name."""
        with self._status.guarding():
            entry = self._session.rename_model(key, title)
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
            self._services.models_changed("")
            self._status.say(
                _("Deleted {name}.").format(name=ticket.title),
                Choice(_("Undo"), lambda: self._restore(ticket)),
            )

    def _restore(self, ticket: TrashTicket) -> None:
        with self._status.guarding():
            path = self._session.restore_model(ticket)
            self._status.say(_("{name} is back.").format(name=path.name))
            self._services.models_changed(str(path))
