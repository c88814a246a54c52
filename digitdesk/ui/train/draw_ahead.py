"""Draws the built-in digits that a first run will want, while somebody looks at its form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digitdesk.ui.toolkit.background import Background

if TYPE_CHECKING:
    from digitdesk.session.session import Session
    from digitdesk.ui.train.form import TrainingForm


class DrawAhead:
    """Does so once.

    Args:
        background: Draws beside the window.
    """

    def __init__(self, background: Background) -> None:
        self._background = background
        self._has_begun = False

    def begin(self, session: Session, form: TrainingForm) -> None:
        """Begin, if the digits stand in for a set that is not on this computer."""
        if self._has_begun or not form.data.stands_in or form.problems:
            return
        self._has_begun = True
        config = form.settings()
        self._background(
            lambda job: session.load_ahead(config, job.report, job.is_cancelled),
            lambda _nothing: None,
            # A run that wants them says what is wrong.
            lambda _error: None,
        )
