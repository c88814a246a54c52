"""What may follow ``digitdesk explain``."""

from __future__ import annotations

from digitdesk.cli.arguments.common import MODEL_HELP, Commands, add_json
from digitdesk.messages.model import READER


def add_to(commands: Commands) -> None:
    """Add the command ``explain``."""
    explain = commands.add_parser(
        "explain",
        help="show how a network reads a picture, number by number",
        description="What every layer makes of the digit in a picture, or how one number of a "
        "layer comes about, with the lines of DigitDesk that compute it.",
    )
    explain.add_argument(
        "picture", metavar="PICTURE", help="PNG, JPEG, … of one digit; - for standard input"
    )
    explain.add_argument("--model", default=READER, metavar="MODEL", help=MODEL_HELP)
    explain.add_argument("--layer", metavar="NAME", help="explain a number of this layer: conv1")
    explain.add_argument(
        "--at",
        metavar="C,H,W",
        help="which number, each counted from 0: channel,row,column, or one unit (the largest)",
    )
    add_json(explain, "print one JSON object")
