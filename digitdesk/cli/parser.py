"""The command line's words; what may follow each command is in ``arguments``."""

from __future__ import annotations

import argparse

from digitdesk import __version__
from digitdesk.cli.arguments import (
    check,
    data,
    evaluate,
    experiment,
    explain,
    export,
    hand,
    predict,
    serve,
    train,
)

COMMANDS = (train, evaluate, predict, explain, export, serve, data, hand, experiment, check)
"""In the order of ``digitdesk --help``."""


def build_parser() -> argparse.ArgumentParser:
    """The whole command line; without a command, DigitDesk opens its window."""
    parser = argparse.ArgumentParser(
        prog="digitdesk",
        description="Train a network on handwritten digits and read your own. "
        "Without a command, the window opens.",
    )
    parser.add_argument("--version", action="version", version=f"digitdesk {__version__}")
    parser.add_argument(
        "--self-test", action="store_true", help="try whether this installation works, and end"
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for command in COMMANDS:
        command.add_to(commands)
    return parser
