"""What steps came to, noted on the device and fetched many at a time.

Asking a device for a number waits for all work before it, so nobody does until somebody wants to
know: then one fetch brings all that is waiting.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.nn.core.backend import Backend

_PLACES = 4096


class StepLog:
    """The outcomes of the last steps.

    Args:
        backend: Of the device.
        dtype: Number type of the sums.
        places: Steps between two fetches, at most.

    Attributes:
        on_device: Sums of losses and of right answers, (places, 2), used in turn.
        fetches: How often the host has waited for the device.
    """

    def __init__(self, backend: Backend, dtype: str, places: int = _PLACES) -> None:
        self._backend = backend
        self._places = places
        self.on_device = backend.xp.zeros((places, 2), dtype=dtype)
        self._waiting: list[_Outcome] = []
        self.fetches = 0

    def begin(self, count: int) -> tuple[int, LateNumber, LateNumber]:
        """The place of the next outcome, its mean loss over ``count`` samples, right answers."""
        if len(self._waiting) == self._places:
            self.fetch()
        outcome = _Outcome(self, count)
        self._waiting.append(outcome)
        return len(self._waiting) - 1, LateNumber(outcome, 0), LateNumber(outcome, 1)

    def fetch(self) -> None:
        """Bring all outcomes that are waiting; waits for the device."""
        self.fetches += 1
        sums: NDArray[Any] = self._backend.to_host(self.on_device)
        for place, outcome in enumerate(self._waiting):
            outcome.sums = sums[place].astype(np.float64)
        self._waiting.clear()


class _Outcome:
    """Of one step: sums of losses and right answers over its samples, once fetched."""

    def __init__(self, log: StepLog, count: int) -> None:
        self._log = log
        self._count = count
        self.sums: NDArray[np.float64] | None = None

    def numbers(self) -> tuple[float, int]:
        """Mean loss and right answers."""
        if self.sums is None:
            self._log.fetch()
        assert self.sums is not None
        return float(self.sums[0]) / self._count, int(self.sums[1])


class LateNumber:
    """A number that is still on the device; ``float`` and ``int`` fetch it."""

    def __init__(self, outcome: _Outcome, which: int) -> None:
        self._outcome = outcome
        self._which = which

    def __float__(self) -> float:
        return float(self._outcome.numbers()[self._which])

    def __int__(self) -> int:
        return int(self._outcome.numbers()[self._which])
