"""What is and was on the board, so that whatever changes it can be taken back.

On the board are strokes, or a picture in their place; a change replaces all of it by something new.
"""

from __future__ import annotations

from dataclasses import dataclass

from digitdesk.messages.picture import Picture
from digitdesk.messages.prediction import Stroke

_MOST_STEPS = 500
_MOST_PICTURE_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class BoardContent:
    """What is on the board.

    Attributes:
        drawn: Each stroke with the width of the pen it was drawn with, in board units.
        picture: Is there in place of strokes.
    """

    drawn: tuple[tuple[Stroke, float], ...] = ()
    picture: Picture | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing."""
        return not self.drawn and self.picture is None


class BoardHistory:
    """The present content, those before it, and those that were taken back.

    The oldest are forgotten when there are very many, or when their pictures take much memory.
    """

    def __init__(self) -> None:
        self.present = BoardContent()
        self._past: list[BoardContent] = []
        self._future: list[BoardContent] = []

    @property
    def can_undo(self) -> bool:
        """Whether there was something before."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether something was taken back."""
        return bool(self._future)

    def change(self, content: BoardContent) -> None:
        """Put something else onto the board."""
        self._past.append(self.present)
        self._future.clear()
        self.present = content
        while len(self._past) > _MOST_STEPS or _picture_bytes(self._past) > _MOST_PICTURE_BYTES:
            del self._past[0]

    def undo(self) -> None:
        """Take the last change back, if there was one."""
        if self._past:
            self._future.append(self.present)
            self.present = self._past.pop()

    def redo(self) -> None:
        """Make the change that was taken back again."""
        if self._future:
            self._past.append(self.present)
            self.present = self._future.pop()


def _picture_bytes(contents: list[BoardContent]) -> int:
    """Memory of all pictures; the same one counts each time, which errs on the safe side."""
    return sum(len(c.picture.pixels) for c in contents if c.picture is not None)
