"""How work on data that takes its time says how far it is, and is told to stop."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called with what is done and what there is to do; may raise to stop."""

StopIfTold = Callable[[], None]
"""Called often; raises to stop."""


def never_told() -> None:
    """Stop at nothing."""
