"""The last few looks into networks, with all their numbers, by key."""

from __future__ import annotations

import itertools
from collections import deque
from dataclasses import dataclass

from digitdesk.errors import DataError
from digitdesk.ink.arrays import Float32Array
from digitdesk.inspection.trace import Trace
from digitdesk.messages.inside.look import Look
from digitdesk.recognition.reader import Reader

_MOST = 16


@dataclass(frozen=True, slots=True, eq=False)
class KeptLook:
    """A look, and what it was made of.

    Attributes:
        look: What is told of it.
        reader: The model as it was.
        image: What the network saw: (28, 28), or (C, 28, 28) where it is shown more of strokes.
        trace: What every layer made of it.
    """

    look: Look
    reader: Reader
    image: Float32Array
    trace: Trace


class KeptLooks:
    """Threads may put and ask at once."""

    def __init__(self) -> None:
        self._keys = itertools.count(1)
        # Only ever appended to, and copied whole to be searched.
        self._kept: deque[KeptLook] = deque(maxlen=_MOST)

    def new_key(self) -> str:
        """A key that no look has."""
        return f"look-{next(self._keys)}"

    def keep(self, kept: KeptLook) -> None:
        """Keep one more, and the one before the last few no longer."""
        self._kept.append(kept)

    def __getitem__(self, key: str) -> KeptLook:
        """Raises a ``DataError`` where it is kept no more."""
        for kept in list(self._kept):
            if kept.look.key == key:
                return kept
        raise DataError("These numbers are no longer at hand", hint="Look at the picture again")
