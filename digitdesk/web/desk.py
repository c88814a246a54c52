"""One queue of work, and a few threads that take from it; whoever finds it full is told so at once.

Drawings that wait together are read together: for the network that is half the work.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol, TypeVar

from digitdesk.errors import DigitDeskError
from digitdesk.messages.prediction import Prediction, Stroke

MOST_WAITING = 40
MOST_TOGETHER = 8
_LONGEST_SECONDS = 30.0

Drawing = tuple[Stroke, ...]
T = TypeVar("T")


class ReadsDrawings(Protocol):
    """A session, as far as the desk needs one."""

    def read_drawings(self, drawings: Sequence[Drawing], source: str) -> tuple[Prediction, ...]:
        """What a model says of each drawing."""


class BusyError(DigitDeskError):
    """There is more to do than can be done soon."""


@dataclass(slots=True, eq=False)
class _Task:
    """Something to do, or one drawing to be read by a model with others."""

    work: Callable[[], Any] | None = None
    is_large: bool = False
    drawing: Drawing = ()
    source: str = ""
    answer: Future[Any] = field(default_factory=Future)


class Desk:
    """Does what is asked of it on its own threads; any thread may ask, and waits for its answer.

    Args:
        session: Reads; each thread that reads has networks of its own.
        workers: Threads at work.
        most_waiting: So many tasks may wait; the next is refused.
    """

    def __init__(
        self, session: ReadsDrawings, workers: int, most_waiting: int = MOST_WAITING
    ) -> None:
        self._session = session
        self._most_waiting = most_waiting
        self._waiting: deque[_Task] = deque()
        self._changed = threading.Condition()
        self._has_large = False
        self._is_closed = False
        self._threads = [
            threading.Thread(target=self._serve, name=f"desk {k}", daemon=True)
            for k in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def waiting(self) -> int:
        """How many tasks nobody has begun."""
        return len(self._waiting)

    def read(self, drawing: Drawing, source: str) -> Prediction:
        """What a model says of a drawing.

        Raises:
            BusyError: Too many wait already.
            DigitDeskError: The model cannot read it.
        """
        prediction: Prediction = self._ask(_Task(drawing=drawing, source=source))
        return prediction

    def do(self, work: Callable[[], T], *, is_large: bool = False) -> T:
        """Have anything else done, when its turn comes.

        Args:
            work: What to do.
            is_large: It may take much memory and time; nothing else that may is done at the same
                time, so that drawings go on being read.

        Raises:
            BusyError: Too many wait already.
        """
        result: T = self._ask(_Task(work, is_large))
        return result

    def close(self) -> None:
        """Refuse everything from now on; what waits is refused, too."""
        with self._changed:
            self._is_closed = True
            refused = list(self._waiting)
            self._waiting.clear()
            self._changed.notify_all()
        for task in refused:
            task.answer.set_exception(_busy("The server is being stopped"))

    def _ask(self, task: _Task) -> Any:
        with self._changed:
            if self._is_closed:
                raise _busy("The server is being stopped")
            if len(self._waiting) >= self._most_waiting:
                raise _busy("Too many drawings wait to be read")
            self._waiting.append(task)
            self._changed.notify()
        try:
            return task.answer.result(_LONGEST_SECONDS)
        except TimeoutError:
            with self._changed, contextlib.suppress(ValueError):
                self._waiting.remove(task)  # nobody wants it any more
            raise _busy("Reading takes too long") from None

    def _serve(self) -> None:
        while tasks := self._take():
            if tasks[0].work is None:
                self._read_together(tasks)
                continue
            _fulfil(tasks[0], tasks[0].work)
            if tasks[0].is_large:
                self._end_large()

    def _end_large(self) -> None:
        with self._changed:
            self._has_large = False
            self._changed.notify()

    def _take(self) -> list[_Task]:
        """The next task, and with a drawing others for the same model; nothing at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_closed or self._next() is not None)
            first = self._next()
            if first is None:
                return []
            self._waiting.remove(first)
            if first.work is not None:
                self._has_large |= first.is_large
                return [first]
            alike = [t for t in self._waiting if t.work is None and t.source == first.source]
            together = alike[: MOST_TOGETHER - 1]
            for task in together:
                self._waiting.remove(task)
            return [first, *together]

    def _next(self) -> _Task | None:
        """The first that may be begun."""
        return next((t for t in self._waiting if not (t.is_large and self._has_large)), None)

    def _read_together(self, tasks: Sequence[_Task]) -> None:
        try:
            drawings, source = [task.drawing for task in tasks], tasks[0].source
            predictions = self._session.read_drawings(drawings, source)
        except Exception:
            # One of them may have spoiled it for all.
            for task in tasks:
                _fulfil(task, partial(self._read_alone, task))
            return
        for task, prediction in zip(tasks, predictions, strict=True):
            task.answer.set_result(prediction)

    def _read_alone(self, task: _Task) -> Prediction:
        (prediction,) = self._session.read_drawings([task.drawing], task.source)
        return prediction


def _fulfil(task: _Task, work: Callable[[], Any]) -> None:
    try:
        result = work()
    except Exception as error:
        task.answer.set_exception(error)
    else:
        task.answer.set_result(result)


def _busy(what: str) -> BusyError:
    return BusyError(what, hint="Ask again in a moment")
