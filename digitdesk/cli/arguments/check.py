"""What may follow ``digitdesk check``: gradients and torch."""

from __future__ import annotations

from pathlib import Path

from digitdesk.cli.arguments.common import Commands, add_json


def add_to(commands: Commands) -> None:
    """Add the command ``check``."""
    check = commands.add_parser(
        "check", help="prove the mathematics", description="Checks DigitDesk runs on itself."
    )
    actions = check.add_subparsers(dest="action", metavar="WHAT", required=True)
    gradients = actions.add_parser(
        "gradients", help="compare every hand-derived gradient with a measured one"
    )
    gradients.add_argument(
        "--model", metavar="SPEC", help="a whole network instead of every layer by itself"
    )
    add_json(gradients, "print one JSON object")
    torch = actions.add_parser(
        "torch", help="train a network here and in PyTorch, and compare every step"
    )
    torch.add_argument("--model", default="cnn-light", metavar="SPEC", help="network (cnn-light)")
    torch.add_argument("--data", default="mnist", metavar="NAME", help="data set (mnist)")
    torch.add_argument("--optimizer", default="momentum", metavar="NAME", help="(momentum)")
    torch.add_argument("--steps", type=int, default=200, metavar="N", help="of each (200)")
    torch.add_argument("--precise", action="store_true", help="64-bit numbers: more digits agree")
    torch.add_argument("--chart", type=Path, metavar="FILE.svg", help="draw the losses of both")
    add_json(torch, "print one JSON object")
