"""A button that lets browsers and other programs ask a model, and stops that again."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from digitdesk.ui.controls.latest_job import LatestJob
from digitdesk.ui.i18n.text import _
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.banner import Choice
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.timer import Timer
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.web.browser import browse as browse_to

if TYPE_CHECKING:
    from digitdesk.session.session import Session
    from digitdesk.web.beside import ServerBeside

_LOOK_MS = 1000


def start_beside(session: Session, model: str) -> ServerBeside:
    """A server at the usual port, or at another where that is taken; loaded when first asked for.

    Raises:
        DigitDeskError: There can be none.
    """
    from digitdesk.web.beside import ServerBeside

    return ServerBeside(session, model)


class ServeButton(theme.Button):
    """Starts a server for this computer alone, as a process of its own, and stops it.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
        start: Makes the server.
        browse: Opens an address.

    Attributes:
        server: The server while there is one.
    """

    def __init__(
        self,
        parent: tk.Misc,
        services: PageServices,
        *,
        start: Callable[[Session, str], ServerBeside] = start_beside,
        browse: Callable[[str], None] = browse_to,
    ) -> None:
        super().__init__(parent, text=_("Serve"), command=self._on_press)
        explain(
            self,
            _("Lets browsers and programs on this computer read with the model, until it is "
              "stopped; nothing that is drawn is kept."),
        )  # fmt: skip
        self._status = services.status
        self._start, self._browse = start, browse
        self._job = LatestJob(services.background, services.status.show_error)
        self._session: Session | None = None
        self._key = ""
        self._look = Timer(self, _LOOK_MS, self._look_at_it)
        self.server: ServerBeside | None = None
        self.bind("<Destroy>", lambda _event: self._close())

    def offer(self, session: Session, key: str) -> None:
        """Serve this model the next time."""
        self._session, self._key = session, key

    def _on_press(self) -> None:
        if self.server is not None:
            self.stop()
        elif self._session is not None and not self._job.is_busy:
            session, key, start = self._session, self._key, self._start
            self._status.say(_("Starting the server …"))

            self._job.ask(lambda _job: start(session, key), self._started)

    def _started(self, server: ServerBeside) -> None:
        self.server = server
        self._look.ask()
        self.configure(text=_("Stop serving"))
        address = server.address
        self._status.say(
            _("Serving at {address}").format(address=address),
            Choice(_("Open"), lambda: self._browse(address)),
            Choice(_("Stop"), self.stop),
        )

    def stop(self) -> None:
        """Answer no more."""
        if self._close():
            self.configure(text=_("Serve"))
            self._status.say(_("The server is stopped."))

    def _look_at_it(self) -> None:
        if self.server is not None and self.server.has_ended:
            self._close()
            self.configure(text=_("Serve"))
            self._status.show_error(_("The server has ended by itself. Serve starts it anew."))
        elif self.server is not None:
            self._look.ask()

    def _close(self) -> bool:
        server, self.server = self.server, None
        if server is not None:
            server.close(timeout_seconds=1)
        return server is not None
