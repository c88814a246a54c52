"""What may follow ``digitdesk evaluate``."""

from __future__ import annotations

from pathlib import Path

from digitdesk.cli.arguments.common import MODEL_HELP, Commands, add_data_dir, add_json
from digitdesk.cli.evaluation import ALL
from digitdesk.messages.model import READER


def add_to(commands: Commands) -> None:
    """Add the command ``evaluate``."""
    evaluate = commands.add_parser(
        "evaluate",
        help="measure how often a model is right",
        description="Accuracy with its 95 % interval, per class, and what is confused with what.",
    )
    evaluate.add_argument("model", nargs="?", default=READER, metavar="MODEL", help=MODEL_HELP)
    source = evaluate.add_mutually_exclusive_group()
    source.add_argument(
        "--data", default="mnist", metavar="NAME", help="test part of a data set (mnist)"
    )
    source.add_argument(
        "--strokes",
        type=Path,
        metavar="FILE",
        help="pen strokes (.json or .json.gz), replayed on the board",
    )
    source.add_argument(
        "--images",
        type=Path,
        metavar="FILE",
        help="pictures of any size: a folder for each class in a folder, or an .npz of images "
        "(ink = 255) and labels, or of no digits and no labels",
    )
    source.add_argument(
        "--photos",
        type=Path,
        metavar="PATH",
        help="photos or scans of one digit each, in a folder or a .zip; the label is the folder "
        "within, or the first digit of the name",
    )
    evaluate.add_argument(
        "--report",
        type=Path,
        metavar="FILE.html",
        help="also write a page with all figures and the worst errors, or, without an ending, a "
        "folder of it with tables (.csv) and figures (.svg)",
    )
    evaluate.add_argument(
        "--damage",
        nargs="?",
        const=ALL,
        metavar="NAMES",
        help="also spoil a thousand of the pictures, more and more, and see how many are still "
        f"read right: noise,blur … or {ALL} ({ALL})",
    )
    add_data_dir(evaluate)
    add_json(evaluate, "print one JSON object")
