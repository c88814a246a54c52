"""Reads many pictures a slice at a time, so that it can be followed and stopped on the way.

Beside a window, whoever draws gets the processor between two slices at the latest.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from digitdesk.errors import CancelledError
from digitdesk.ink.arrays import Float32Array
from digitdesk.recognition.reader import Answers, Reader

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]

SLICE = 512
"""Pictures read between two looks at whether anybody still wants to know."""


def read_in_slices(
    reader: Reader, preprocessed: Float32Array, progress: Progress, cancelled: Cancelled
) -> Answers:
    """What a reader says of pictures, one or more.

    Args:
        reader: The model.
        preprocessed: (N, 28, 28) greys, ink 1 and paper 0.
        progress: Called with how many pictures are read, and of how many.
        cancelled: Asked before each slice.

    Raises:
        CancelledError: ``cancelled`` said so.
        ModelFileError: The network's numbers have overflowed.
    """
    parts: list[Answers] = []
    for first in range(0, len(preprocessed), SLICE):
        if cancelled():
            raise CancelledError("The work was cancelled")
        parts.append(reader.answer_many(preprocessed[first : first + SLICE]))
        progress(min(first + SLICE, len(preprocessed)), len(preprocessed))
    return Answers(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("probabilities", "sureness", "rejects")
        )
    )
