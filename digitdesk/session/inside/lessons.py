"""The last few lessons, with all their gradients, by key."""

from __future__ import annotations

import itertools
from collections import deque
from dataclasses import dataclass

from digitdesk.errors import DataError
from digitdesk.inspection.lesson import TaughtLesson
from digitdesk.messages.inside.lesson import Lesson

_MOST = 4


@dataclass(frozen=True, slots=True, eq=False)
class KeptLesson:
    """What is told of a lesson, and what happened in it."""

    lesson: Lesson
    taught: TaughtLesson


class KeptLessons:
    """Threads may put and ask at once."""

    def __init__(self) -> None:
        self._keys = itertools.count(1)
        # Only ever appended to, and copied whole to be searched.
        self._kept: deque[KeptLesson] = deque(maxlen=_MOST)

    def new_key(self) -> str:
        """A key that no lesson has."""
        return f"lesson-{next(self._keys)}"

    def keep(self, kept: KeptLesson) -> None:
        """Keep one more, and the one before the last few no longer."""
        self._kept.append(kept)

    def __getitem__(self, key: str) -> KeptLesson:
        """Raises a ``DataError`` where it is kept no more."""
        for kept in list(self._kept):
            if kept.lesson.key == key:
                return kept
        raise DataError("This lesson is no longer at hand", hint="Have it learn once more")
