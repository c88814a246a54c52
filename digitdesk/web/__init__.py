"""The server: a page with a board, and answers for other programs, from this computer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from digitdesk.errors import ConfigError

if TYPE_CHECKING:
    from digitdesk.web.server import Server

SERVING_ARGUMENT = "serving-process"
"""What ``digitdesk`` is called with to be a process that serves; here, as this reads nothing
heavy."""


def start_server(session: Any, **settings: Any) -> Server:
    """A server that answers with a session's models; see ``Server`` for the settings.

    Raises:
        ConfigError: There can be no server there, or what it needs is not installed.
    """
    try:
        from digitdesk.web.server import Server
    except ImportError as error:
        raise ConfigError(
            "The server needs the packages flask and waitress, which are not installed here",
            received=f"no {error.name}",
            hint="Where DigitDesk runs with Python, pip install flask waitress adds them; the "
            "packaged program does without",
        ) from None
    return Server(session, **settings)
