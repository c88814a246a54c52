"""Runs ``python -m digitdesk`` exactly as the installed ``digitdesk`` command.

Training starts this program once more, as a worker process; that needs neither window nor commands.
"""

import sys

from digitdesk.training import WORKER_ARGUMENT

if __name__ == "__main__":
    if sys.argv[1:] == [WORKER_ARGUMENT]:
        from digitdesk.training.parallel.worker_process import main as work

        work(sys.stdin.buffer, sys.stdout.buffer)
    else:
        from digitdesk.cli.main import main

        sys.exit(main())
