"""``digitdesk serve``: says the address, and answers until it is interrupted."""

from __future__ import annotations

import argparse
import logging
import sys
from typing import TYPE_CHECKING

from digitdesk.cli.streams import say

if TYPE_CHECKING:
    from digitdesk.session.session import Session


def serve(session: Session, key: str, arguments: argparse.Namespace) -> None:
    """Answer with a model until Ctrl-C.

    Raises:
        ConfigError: There can be no server there, or what it needs is not installed.
    """
    from digitdesk.web import start_server
    from digitdesk.web.browser import browse
    from digitdesk.web.qr_code import as_text

    session.load(key)
    _log_to_console()
    server = start_server(
        session,
        model=key,
        host=arguments.host,
        port=arguments.port,
        foreign_origin=arguments.allow_origin,
    )
    try:
        say(f"DigitDesk answers at {server.address} (Ctrl-C stops it)")
        if server.access.key and sys.stdout.isatty():
            say(as_text(server.address), end="")
        sys.stdout.flush()
        if arguments.open:
            browse(server.address)
        server.wait()
    except KeyboardInterrupt:
        say("Stopped.")
    finally:
        server.close()


def _log_to_console() -> None:
    """A line for each request: what was asked for and how it went, never what was drawn."""
    logger = logging.getLogger("digitdesk.web")
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
