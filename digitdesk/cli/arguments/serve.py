"""What may follow ``digitdesk serve``."""

from __future__ import annotations

import argparse

from digitdesk.cli.arguments.common import MODEL_HELP, Commands
from digitdesk.messages.model import READER


def add_to(commands: Commands) -> None:
    """Add the command ``serve``."""
    serve = commands.add_parser(
        "serve",
        help="answer other programs and browsers",
        description="A page with a drawing board, and answers for other programs over HTTP, until "
        "Ctrl-C. /openapi.json describes what may be asked.",
    )
    add = serve.add_argument
    add("--model", default=READER, metavar="MODEL", help=MODEL_HELP)
    add(
        "--host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="where to listen (127.0.0.1: this computer alone); 0.0.0.0 for the whole network, "
        "with a random key in the address",
    )
    add("--port", type=_port, default=8765, metavar="N", help="which port (8765); 0: any free one")
    add("--open", action="store_true", help="open the page in the browser")
    add("--allow-origin", default="", metavar="ORIGIN", help="let pages of this site ask, too")


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) < 65_536:
        return int(text)
    raise argparse.ArgumentTypeError(f"expected 0 to 65535; received {text!r}")
