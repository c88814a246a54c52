"""Work beside the window, as the tabs see it; ``app`` gives it to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol


class Background(Protocol):
    """Runs work beside the window and brings its outcome back to the main thread."""

    def __call__(
        self,
        work: Callable[[], Any],
        when_done: Callable[[Any], None],
        when_failed: Callable[[Exception], None],
    ) -> None:
        """Start ``work`` elsewhere; exactly one of the two others is called when it ends."""
        ...
