"""Arguments that several commands take, written once."""

from __future__ import annotations

import argparse
from typing import TypeAlias

from digitdesk.messages.model import READER

# argparse has no public name for what `add_subparsers` returns.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

MODEL_HELP = f"a model file, or the word '{READER}' for the one that came with DigitDesk"


def add_data_dir(parser: argparse.ArgumentParser, default: str | None = None) -> None:
    """Where data sets are looked for first."""
    parser.add_argument(
        "--data-dir",
        metavar="DIR",
        default=default,
        help="folder of data sets, before DIGITDESK_DATA and the user's own",
    )


def add_json(
    parser: argparse._ActionsContainer, text: str, default: str | bool | None = False
) -> None:
    """A result for machines; the text says what it is in place of."""
    parser.add_argument("--json", action="store_true", default=default, help=text)
