"""“It was a 4”: keeps what is on a board in the user's own writing, and says so beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from digitdesk.messages.writing import KeptDrawing
from digitdesk.ui.board.drawing_board import DrawingBoard
from digitdesk.ui.i18n.text import _, whole
from digitdesk.ui.toolkit.banner import Choice
from digitdesk.ui.toolkit.page_services import PageServices

if TYPE_CHECKING:
    from digitdesk.session.writing import Writing


class Correction:
    """Keeps drawings of one board.

    Args:
        board: What is drawn on.
        services: What may be asked of the window.
    """

    def __init__(self, board: DrawingBoard, services: PageServices) -> None:
        self._board = board
        self._services = services

    def keep(self, writing: Writing, class_name: str, classes: Sequence[str]) -> None:
        """Keep the drawing as one of these classes, beside the window."""
        status, strokes = self._services.status, self._board.strokes
        if self._board.shown is not None:
            status.say(_("Only what is drawn with the pen is kept: this is a picture."))
        elif strokes and class_name in classes:
            self._services.background(
                lambda _job: writing.keep(class_name, strokes),
                lambda kept: self._say(writing, kept),
                status.show_error,
            )

    def _say(self, writing: Writing, kept: KeptDrawing) -> None:
        said = _("Kept as {name} in your own writing, which has {count} now.")
        self._services.status.notice.offer(
            said.format(name=kept.class_name, count=whole(kept.count)),
            self._board,
            Choice(_("Undo"), lambda: self._take_back(writing, kept)),
        )

    def _take_back(self, writing: Writing, kept: KeptDrawing) -> None:
        status = self._services.status
        self._services.background(
            lambda _job: writing.take_back(kept),
            lambda _was_there: status.say(_("It is not kept any more.")),
            status.show_error,
        )
