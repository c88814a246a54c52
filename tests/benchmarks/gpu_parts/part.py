"""What all parts of the trial share: the time they have, how they tell, and clocks for a card."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digitdesk.data.idx_folder import IdxSet
from digitdesk.data.mnist import read_mnist
from digitdesk.errors import DataError
from digitdesk.nn.core.backend import Backend

TURNS = 3
_CALLS_AT_ONCE = 50


@dataclass(frozen=True)
class PartOptions:
    """What was asked for.

    Attributes:
        data: Folder that holds MNIST, if any.
        is_tiny: Whether sizes are to be as small as they can be.
    """

    data: Path | None
    is_tiny: bool


@dataclass(frozen=True)
class Row:
    """A line of the table.

    Attributes:
        value: In words or as a number with its unit.
        ok: Whether it is as it should be; ``None`` where it is only told.
    """

    name: str
    value: str
    ok: bool | None
    number: float | None

    def plain(self) -> dict[str, Any]:
        return {"name": self.name, "value": self.value, "ok": self.ok, "number": self.number}


class Part:
    """A part at work.

    Args:
        backend: The graphics card.
        options: What was asked for.
        seconds: That it should take at most.
        say: Takes lines for the reader.

    Attributes:
        rows: What was found so far.
    """

    def __init__(
        self, backend: Backend, options: PartOptions, seconds: float, say: Callable[[str], None]
    ) -> None:
        self.backend = backend
        self.options = options
        self.rows: list[Row] = []
        self._say = say
        self._end = time.perf_counter() + seconds

    @property
    def seconds_left(self) -> float:
        """Of its time."""
        return self._end - time.perf_counter()

    @property
    def is_over(self) -> bool:
        """Whether its time is used up."""
        return self.seconds_left < 0

    def row(
        self, name: str, value: str, *, ok: bool | None = None, number: float | None = None
    ) -> None:
        """Tell one thing that was found."""
        self.rows.append(Row(name, value, ok, number))
        verdict = {True: "ok", False: "WRONG", None: ""}[ok]
        self._say(f"  {name:58} {value:>24} {verdict}")

    def attempt(self, name: str, check: Callable[[], tuple[bool, str]]) -> None:
        """Tell what a check says; that it fails is told too, and holds up no other."""
        if self.is_over:
            self.row(name, "left out: no time")
            return
        try:
            ok, value = check()
        except Exception as error:
            ok, value = False, f"{type(error).__name__}: {error}"
        self.row(name, value, ok=ok)

    def mnist(self) -> IdxSet | None:
        """MNIST, where it is to be found."""
        for folder in (self.options.data, self.options.data and self.options.data / "mnist"):
            if folder:
                try:
                    return read_mnist(folder)
                except DataError:
                    continue
        self.row("MNIST", "not found")
        return None


def rate(
    call: Callable[[], object], wait: Callable[[], object], images: int, seconds: float
) -> float:
    """Images per second: the median of some turns, each waited for at its end.

    With 0 seconds it is called a few times only.
    """
    at_once = _CALLS_AT_ONCE if seconds else 1
    for _ in range(4):
        call()
    wait()
    rates = []
    for _ in range(TURNS):
        started, done = time.perf_counter(), 0
        while True:
            for _ in range(at_once):
                call()
            done += at_once
            # Now and then, or the host would run ahead by more than the turn.
            wait()
            if time.perf_counter() - started > seconds / TURNS:
                break
        rates.append(done * images / (time.perf_counter() - started))
    return statistics.median(rates)
