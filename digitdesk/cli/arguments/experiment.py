"""What may follow ``digitdesk experiment``: run, estimate, show and plans."""

from __future__ import annotations

from pathlib import Path

from digitdesk.cli.arguments.common import Commands, add_json
from digitdesk.messages.experiments.results import MEASURES


def add_to(commands: Commands) -> None:
    """Add the command ``experiment``."""
    experiment = commands.add_parser(
        "experiment",
        help="try many settings, and tell which are better",
        description="Work off a plan of runs, several side by side, and compare what came out.",
    )
    actions = experiment.add_subparsers(dest="action", metavar="ACTION", required=True)
    run = actions.add_parser("run", help="work off a plan")
    run.add_argument(
        "plan", metavar="PLAN", help="a file (.toml), or the name of a plan that came along"
    )
    run.add_argument(
        "--out", type=Path, metavar="FOLDER", help="where to keep it (the user's own folder)"
    )
    run.add_argument(
        "--resume",
        action="store_true",
        help="go on with it after Ctrl-C, a kill or a power cut; begin it where there is nothing",
    )
    estimate = actions.add_parser(
        "estimate", help="measure how long a plan will take, by a few steps of each kind of run"
    )
    estimate.add_argument("plan", metavar="PLAN", help="as for run")
    add_json(estimate, "print one JSON object")
    show = actions.add_parser("show", help="show what came out of an experiment")
    show.add_argument("folder", type=Path, metavar="FOLDER", help="where it is kept")
    show.add_argument(
        "--export", type=Path, metavar="FILE", help="write it to a file: .csv, .md or .tex"
    )
    for parser in (run, show):
        parser.add_argument(
            "--measure",
            choices=tuple(MEASURES),
            default="test_accuracy",
            help="what rows are compared by (test_accuracy)",
        )
        parser.add_argument(
            "--base", type=int, metavar="ROW", help="row that others are compared with (the plan's)"
        )
        add_json(parser, "end with one JSON object instead of a table")
    plans = actions.add_parser("plans", help="list the plans that came along, or print one")
    plans.add_argument("name", nargs="?", metavar="NAME", help="the one to print")
