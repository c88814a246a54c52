"""How many threads BLAS may use, when other programs want the cores as well.

A product on several threads waits for the last of them. Where another program has taken its core,
that is a time slice of the system, for a product that takes a fiftieth of it: a dense network
then trains a hundred times slower, and with one thread as if nothing was. What is computed is the
same either way (``nn/kernels/shared_product.py``).
"""

from __future__ import annotations

import time
from collections.abc import Callable

from digitdesk.nn.kernels.blas import use_cores

_WINDOW_SECONDS = 0.1
"""Steps are judged together; one that was interrupted says nothing."""
_MOST_FORWARD_PASSES = 6
"""A step takes about three forward passes with one thread, and should take fewer with more."""
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 16.0


class Crowding:
    """Takes BLAS down to one thread while several get in each other's way.

    With one thread for a while, then all again to see: seconds of either are counted in steps, so
    a pause of the run does not matter.

    Args:
        threads: Threads of BLAS where nobody else wants the cores.
        set_threads: Puts a number of threads into force.
    """

    def __init__(self, threads: int, set_threads: Callable[[int], None] = use_cores) -> None:
        self._threads = threads
        self._set_threads = set_threads
        self._limit: float | None = None
        self._pause = _FIRST_PAUSE
        self.is_crowded = False
        self._begin(_WINDOW_SECONDS)

    @property
    def is_known(self) -> bool:
        """Whether ``learn`` was called."""
        return self._limit is not None

    def learn(self, forward: Callable[[], object]) -> None:
        """Find out how long a step may take from a forward pass with one thread."""
        self._set_threads(1)
        times = []
        for _ in range(3):
            started = time.perf_counter()
            forward()
            times.append(time.perf_counter() - started)
        self._limit = _MOST_FORWARD_PASSES * min(times)
        self._set_threads(self._threads)

    def step_took(self, seconds: float) -> None:
        """Count a step, and change the number of threads where it is time to."""
        self._seconds += seconds
        self._steps += 1
        if self._seconds < self._until:
            return
        if self.is_crowded:
            self.is_crowded = False
            self._set_threads(self._threads)
            self._begin(_WINDOW_SECONDS)
        elif self._limit is not None and self._seconds > self._limit * self._steps:
            self.is_crowded = True
            self._set_threads(1)
            self._begin(self._pause)
            self._pause = min(2 * self._pause, _LONGEST_PAUSE)
        else:
            self._pause = _FIRST_PAUSE
            self._begin(_WINDOW_SECONDS)

    def _begin(self, seconds: float) -> None:
        self._seconds, self._steps, self._until = 0.0, 0, seconds
