"""Threads that work on parts of one step, or of many pictures, at the same time."""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import threading
from collections.abc import Callable
from typing import Any

import threadpoolctl

from digitdesk.nn.core.buffers import short_ufunc_buffers

_SWITCH_INTERVAL_SECONDS = 5e-6
"""How soon a thread that waits for the interpreter asks for it again.

As a rule it is free by then, and the thread has not been put to sleep, from which to wake takes far
longer. Gains: cnn-light is read 1.26, cnn-standard 1.18 and the reader's network 1.06 times as
fast by two threads as with Python's own 5 ms (``tests/benchmarks/tricks.py --only switching``).
"""


def usable_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class ThreadPool:
    """Threads that run one task each at a time; the caller's thread is one of them.

    Args:
        size: Number of threads, the caller's included.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._settings = contextlib.ExitStack()
        self._settings.enter_context(_settings)
        self._settings.enter_context(short_ufunc_buffers())
        self._tasks: list[queue.SimpleQueue[Callable[[int], Any] | None]] = []
        self._answers: list[queue.SimpleQueue[tuple[Any, BaseException | None]]] = []
        self._threads: list[threading.Thread] = []
        try:
            for place in range(1, size):
                self._add_thread(place)
        except BaseException:
            # The system gives no more threads, or no memory for one.
            self.close()
            raise

    def _add_thread(self, place: int) -> None:
        self._tasks.append(queue.SimpleQueue())
        self._answers.append(queue.SimpleQueue())
        thread = threading.Thread(
            target=self._serve, args=(place,), name=f"replica-{place}", daemon=True
        )
        thread.start()
        self._threads.append(thread)

    def run(self, task: Callable[[int], Any], count: int) -> list[Any]:
        """Call ``task(0)`` … ``task(count − 1)`` at the same time; results in order."""
        if count == 1:
            return [task(0)]
        for tasks in self._tasks[: count - 1]:
            tasks.put(task)
        mine: tuple[Any, BaseException | None] = _attempt(task, 0)
        outcomes = [mine, *(answers.get() for answers in self._answers[: count - 1])]
        for _, error in outcomes:
            if error is not None:
                raise error
        return [result for result, _ in outcomes]

    def _serve(self, place: int) -> None:
        tasks, answers = self._tasks[place - 1], self._answers[place - 1]
        with short_ufunc_buffers():
            while (task := tasks.get()) is not None:
                answers.put(_attempt(task, place))

    def close(self) -> None:
        """End the threads, and give BLAS and the interpreter back what was theirs."""
        for tasks in self._tasks:
            tasks.put(None)
        for thread in self._threads:
            thread.join(timeout=5.0)
        self._settings.close()


def _attempt(task: Callable[[int], Any], place: int) -> tuple[Any, BaseException | None]:
    """The task's result, or its error, to be raised in the caller's thread."""
    try:
        return task(place), None
    except BaseException as error:
        # All of them: a thread that ended here would leave the caller waiting for its answer.
        return None, error


class _Settings:
    """What pools want of the whole process: the first puts it into force, the last takes it back.

    Each for itself would take it from under the others, or bring back what another had set.
    """

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._users = 0
        self._in_force = contextlib.ExitStack()

    def __enter__(self) -> None:
        with self._changing:
            self._users += 1
            if self._users == 1:
                self._put_into_force()

    def __exit__(self, *_: object) -> None:
        with self._changing:
            self._users -= 1
            if self._users == 0:
                self._in_force.close()

    def _put_into_force(self) -> None:
        # One thread for each matrix product, but where ``blas.with_threads`` says otherwise: how a
        # product is rounded depends on their number.
        # Entered and left, not only set and reset: the limit belongs to the thread that sets it
        # until it is left, and another thread's would silently do nothing.
        self._in_force.enter_context(threadpoolctl.threadpool_limits(1, user_api="blas"))
        usual = sys.getswitchinterval()
        self._in_force.callback(sys.setswitchinterval, usual)
        sys.setswitchinterval(min(usual, _SWITCH_INTERVAL_SECONDS))


_settings = _Settings()
