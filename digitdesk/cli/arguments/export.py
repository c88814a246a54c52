"""What may follow ``digitdesk export``."""

from __future__ import annotations

from pathlib import Path

from digitdesk.cli.arguments.common import MODEL_HELP, Commands, add_json
from digitdesk.messages.model import READER


def add_to(commands: Commands) -> None:
    """Add the command ``export``."""
    export = commands.add_parser(
        "export",
        help="write a model for another program",
        description="Write a model as a web page that reads by itself, for onnxruntime or Triton, "
        "as a program in PyTorch, or as plain weights.",
    )
    export.add_argument("model", nargs="?", default=READER, metavar="MODEL", help=MODEL_HELP)
    export.add_argument(
        "--to",
        required=True,
        metavar="KIND",
        help="html (one page, no network needed), onnx, torch (a .py with its weights), npz or csv",
    )
    export.add_argument("--out", required=True, type=Path, metavar="FILE", help="where to")
    export.add_argument(
        "--precision",
        default="float16",
        metavar="TYPE",
        help="of the weights in a page: float16 (half as large) or float32",
    )
    add_json(export, "print one JSON object")
