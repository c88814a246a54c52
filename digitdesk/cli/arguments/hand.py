"""What may follow ``digitdesk hand``: list, exam, teach and take-away."""

from __future__ import annotations

from pathlib import Path

from digitdesk.cli.arguments.common import Commands, add_json
from digitdesk.messages.model import READER
from digitdesk.messages.writing import ME


def add_to(commands: Commands) -> None:
    """Add the command ``hand``."""
    hand = commands.add_parser(
        "hand",
        help="score, teach and take away your own handwriting",
        description="What was written on the tab My hand: its exams, models that are taught it, "
        "and its drawings as files.",
    )
    actions = hand.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="show who has written what, and every exam")
    exam = actions.add_parser("exam", help="let models read a sealed exam, side by side")
    exam.add_argument(
        "exam", nargs="?", metavar="EXAM", help="its name; the person's newest where left out"
    )
    exam.add_argument(
        "--model", action="append", metavar="MODEL",
        help="a model file, or reader (the default); may be given several times",
    )  # fmt: skip
    teach = actions.add_parser(
        "teach",
        help="teach a model your hand, and measure it before and after",
        description="A new model comes of it, in the models folder; the old one stays.",
    )
    teach.add_argument(
        "--model", default=READER, metavar="MODEL", help="a model file, or reader (the default)"
    )
    teach.add_argument("--title", default="", metavar="T", help="what the new model is called")
    away = actions.add_parser("take-away", help="write a person's drawings to files")
    away.add_argument("out", type=Path, metavar="OUT", help="a file for strokes, else a new folder")
    away.add_argument(
        "--form", choices=("strokes", "idx", "png"), default="strokes",
        help="strokes as JSON (the default), an IDX set, or a folder of pictures",
    )  # fmt: skip
    back = actions.add_parser("bring-back", help="add the drawings of a stroke file")
    back.add_argument("file", type=Path, metavar="FILE", help="as take-away writes it")
    for parser in (exam, teach, away, back):
        parser.add_argument("--person", default=ME, metavar="NAME", help=f"who has written ({ME})")
    for parser in (listing, exam, teach):
        add_json(parser, "print one JSON object")
