"""What may follow ``digitdesk predict``."""

from __future__ import annotations

from digitdesk.cli.arguments.common import MODEL_HELP, Commands, add_json
from digitdesk.messages.model import READER


def add_to(commands: Commands) -> None:
    """Add the command ``predict``."""
    predict = commands.add_parser(
        "predict",
        help="read digits or numbers from pictures",
        description="Read one digit per picture, or one number.",
    )
    predict.add_argument(
        "images",
        nargs="+",
        metavar="IMAGE",
        help="PNG, JPEG, …; a folder for all pictures in it, - for standard input",
    )
    predict.add_argument(
        "--number", action="store_true", help="read all digits of each picture, from left to right"
    )
    predict.add_argument("--model", default=READER, metavar="MODEL", help=MODEL_HELP)
    form = predict.add_mutually_exclusive_group()
    form.add_argument(
        "--csv", action="store_true", help="print a table ImageId,Label of the best guesses"
    )
    add_json(form, "print one JSON object")
