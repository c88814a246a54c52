"""Shows an address of this computer in the user's browser."""

from __future__ import annotations

import webbrowser


def browse(address: str) -> None:
    """Open an address; where there is no browser, nothing happens."""
    webbrowser.open(address)
