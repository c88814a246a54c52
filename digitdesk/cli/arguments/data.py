"""What may follow ``digitdesk data``: list, import and get."""

from __future__ import annotations

import argparse
from pathlib import Path

from digitdesk.cli.arguments.common import Commands, add_data_dir, add_json


def add_to(commands: Commands) -> None:
    """Add the command ``data``."""
    data = commands.add_parser(
        "data",
        help="list, fetch or import data sets",
        description="What can be trained on, where it is, and whether it is verified.",
    )
    actions = data.add_subparsers(dest="action", metavar="ACTION")
    listing = actions.add_parser("list", help="show every data set (the default)")
    # Given twice: `digitdesk data --json` and `digitdesk data list --json` are the same.
    for parser, default in ((data, None), (listing, argparse.SUPPRESS)):
        add_data_dir(parser, default=default)
        add_json(parser, "print one JSON object", default=default)
    _add_data_import(actions)
    get = actions.add_parser("get", help="download a data set and verify it")
    get.add_argument("name", metavar="NAME", help="for example mnist")


def _add_data_import(actions: Commands) -> None:
    brings = actions.add_parser(
        "import",
        help="make a set of your own data that can be trained on",
        description="Makes an IDX folder of a table (CSV), a NumPy archive (.npz), a MATLAB file, "
        "an IDX set of any size, or a folder of pictures with one folder for each class.",
    )
    brings.add_argument("source", type=Path, metavar="SOURCE", help="the file or folder")
    brings.add_argument(
        "--out", type=Path, required=True, metavar="FOLDER", help="the new folder to write"
    )
    brings.add_argument("--name", default="", metavar="N", help="what the set is called")
    brings.add_argument(
        "--classes", type=Path, metavar="FILE", help="names of the classes, one a line"
    )
    brings.add_argument(
        "--plain",
        action="store_true",
        help="only scale pictures that are not 28×28, in place of preparing them as the board does",
    )
    add_json(brings, "print one JSON object")
