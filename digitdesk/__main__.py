"""Runs ``python -m digitdesk`` exactly as the installed ``digitdesk`` command."""

import sys

from digitdesk.cli import main

if __name__ == "__main__":
    sys.exit(main())
