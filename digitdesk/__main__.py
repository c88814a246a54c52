"""Runs ``python -m digitdesk`` exactly as the installed ``digitdesk`` command.

Training, experiments and the window's server start this program once more, as a process that works
for them; that needs neither window nor commands.
"""

from digitdesk.cli.interrupt import end_quietly, ignore_it

# ruff: noqa: E402
# First of all: whatever is read next takes time, in which Ctrl-C may come.
_listens = end_quietly()

import sys

from digitdesk.experiments import PROCESS_ARGUMENT
from digitdesk.training import WORKER_ARGUMENT
from digitdesk.web import SERVING_ARGUMENT


def main() -> int:
    """Run a command, or open the window.

    Returns:
        The exit code, as ``cli.main.main`` gives it.
    """
    from digitdesk.cli.main import main as run
    from digitdesk.cli.streams import repair_streams

    repair_streams()
    try:
        return run()
    finally:
        if _listens:
            ignore_it()


if __name__ == "__main__":
    if sys.argv[1:] == [WORKER_ARGUMENT]:
        from digitdesk.training.parallel.worker_process import main as work

        work(sys.stdin.buffer, sys.stdout.buffer)
    elif sys.argv[1:] == [PROCESS_ARGUMENT]:
        from digitdesk.session.experiments.process import main as make_runs

        make_runs(sys.stdin.buffer, sys.stdout.buffer)
    elif sys.argv[1:] == [SERVING_ARGUMENT]:
        from digitdesk.web.serving_process import main as serve

        serve(sys.stdin.buffer, sys.stdout.buffer)
    else:
        sys.exit(main())
