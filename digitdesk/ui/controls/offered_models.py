"""The models one can read with: those at hand, and the files of the models folder."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from digitdesk.messages.model import LibraryEntry, ModelEntry
from digitdesk.ui.toolkit.page_services import PageServices

if TYPE_CHECKING:
    from digitdesk.session.session import Session


class OfferedModels:
    """Looks into the models folder beside the window, since every file in it is checked.

    Args:
        services: What may be asked of the window.
        when_found: Called when the folder has been looked through.
    """

    def __init__(self, services: PageServices, when_found: Callable[[], None]) -> None:
        self._services = services
        self._when_found = when_found
        self._session: Session | None = None
        self._files: tuple[LibraryEntry, ...] = ()

    def attach(self, session: Session) -> None:
        """Offer a session's models."""
        self._session = session
        self.look()

    @property
    def entries(self) -> tuple[ModelEntry, ...]:
        """The bundled reader, the network of the run, opened files, and then those not opened."""
        if self._session is None:
            return ()
        at_hand = self._session.models()
        known = {entry.key for entry in at_hand}
        files = (
            ModelEntry(file.key, file.card, file.path, is_saved=file.is_saved)
            for file in self._files
            # A file that was there a moment ago may have been renamed or thrown away.
            if file.key not in known and file.card is not None and file.path.is_file()
        )
        return (*at_hand, *files)

    def look(self) -> None:
        """Look again what files there are."""
        session = self._session
        if session is not None:
            self._services.background(
                lambda _job: session.library(), self._take, self._services.status.show_error
            )

    def _take(self, files: tuple[LibraryEntry, ...]) -> None:
        self._files = files
        self._when_found()
