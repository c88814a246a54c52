"""Lets programs compete: each in a process of its own, taking turns, only one at work at a time.

Processes keep thread pools apart, and turns of a fraction of a second let all of them suffer the
same from whatever else the machine does.
"""

from __future__ import annotations

import functools
import importlib
import itertools
import multiprocessing
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any
from unittest import mock


@dataclass(frozen=True)
class Job:
    """What is measured.

    Attributes:
        kind: ``train`` (a step), ``evaluate`` (read ``images`` pictures) or ``single`` (read one).
        spec: The network, by name or as text.
        images: Pictures of one call: the batch of a step, or the set that is read.
    """

    kind: str
    spec: str
    images: int


@dataclass(frozen=True)
class Setting:
    """A program and how it is set up.

    Attributes:
        name: As the table shows it.
        module: Module with a class ``Worker``: ``prepare(job)`` gets ready and returns how many
            pictures a ``call()`` will take.
        options: What the worker is made with.
        environment: Variables that its process has besides.
        folder: A checkout to take the program and its worker from; empty for this one.
        clock: What of ``time`` measures its calls. ``thread_time`` counts only what its own thread
            computes, whatever else the machine does.
    """

    name: str
    module: str
    options: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    folder: str = ""
    clock: str = "perf_counter"


class Contender:
    """A worker in another process.

    Args:
        setting: The program and how it is set up.

    Attributes:
        problem: Why it cannot take part; empty where it can.
    """

    def __init__(self, setting: Setting) -> None:
        self.name = setting.name
        spawn = multiprocessing.get_context("spawn")
        self._pipe, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_serve, args=(theirs, setting), daemon=True)
        library = {"PYTHONPATH": setting.folder} if setting.folder else {}
        with mock.patch.dict(os.environ, setting.environment | library):
            self._process.start()
        theirs.close()
        self.problem: str = self._pipe.recv()

    def prepare(self, job: Job) -> None:
        """Build the network and the pictures, and warm up."""
        self._images_per_call = self._ask("prepare", job)

    def turn(self, seconds: float) -> tuple[float, list[float]]:
        """Call again and again for that long: images per second, and the seconds of each call."""
        durations: list[float] = self._ask("run", seconds)
        return len(durations) * self._images_per_call / sum(durations), durations

    def close(self) -> None:
        self._pipe.close()
        self._process.join(timeout=5)

    def _ask(self, verb: str, value: Any) -> Any:
        self._pipe.send((verb, value))
        answer = self._pipe.recv()
        if isinstance(answer, Exception):
            raise answer
        return answer


def _move_to(folder: str) -> None:
    """Import DigitDesk and the bench's workers from another checkout from now on."""
    for name in list(sys.modules):
        if name.partition(".")[0] in {"digitdesk", "ours", "pictures"}:
            del sys.modules[name]
    sys.path[:0] = [f"{folder}/tests/benchmarks", folder]


def _serve(pipe: Connection, setting: Setting) -> None:
    if setting.folder:
        _move_to(setting.folder)
    try:
        worker = importlib.import_module(setting.module).Worker(**setting.options)
    except ImportError as error:
        pipe.send(str(error))
        return
    pipe.send("")
    run = functools.partial(_run, worker, getattr(time, setting.clock))
    try:
        while True:
            verb, value = pipe.recv()
            try:
                pipe.send(worker.prepare(value) if verb == "prepare" else run(value))
            except Exception as error:
                pipe.send(error)
    except EOFError:
        pass  # the bench has what it wanted


def _run(worker: Any, clock: Callable[[], float], seconds: float) -> list[float]:
    durations = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or not durations:
        started = clock()
        worker.call()
        durations.append(clock() - started)
    return durations


@dataclass(frozen=True)
class Outcome:
    """How fast one contender did a job.

    Attributes:
        rates: Images per second in each turn.
        durations: Seconds of every call of all turns.
    """

    name: str
    rates: tuple[float, ...]
    durations: tuple[float, ...]

    @property
    def rate(self) -> float:
        """The median of the turns."""
        return statistics.median(self.rates)


_REST_SECONDS = 0.1
"""Before each turn: BLAS's and OpenMP's threads look out for more work for a while before they
sleep, on a core that the next one needs."""


def compete(
    contenders: Sequence[Contender], job: Job, *, rounds: int, turn_seconds: float
) -> list[Outcome]:
    """All contenders do a job in turns; who begins changes from round to round."""
    for contender in contenders:
        contender.prepare(job)
    rates: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    durations: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    for place in range(rounds):
        first = place % len(contenders)
        for contender in [*contenders[first:], *contenders[:first]]:
            time.sleep(_REST_SECONDS)
            rate, calls = contender.turn(turn_seconds)
            rates[contender.name].append(rate)
            durations[contender.name] += calls
    return [
        Outcome(name, tuple(rates[name]), tuple(durations[name]))
        for name in (contender.name for contender in contenders)
    ]


def together(sittings: Sequence[Sequence[Outcome]]) -> list[Outcome]:
    """The outcomes of several competitions among the same contenders as those of one."""
    return [
        Outcome(
            parts[0].name,
            tuple(itertools.chain.from_iterable(part.rates for part in parts)),
            tuple(itertools.chain.from_iterable(part.durations for part in parts)),
        )
        for parts in zip(*sittings, strict=True)
    ]


def lead(ours: Outcome, peers: Sequence[Outcome]) -> tuple[Outcome, float, tuple[float, float]]:
    """The fastest peer, how many times as fast we are, and the quartiles of that over the turns."""
    best = max(peers, key=lambda peer: peer.rate)
    ratios = [a / b for a, b in zip(ours.rates, best.rates, strict=True)]
    low, _, high = statistics.quantiles(ratios, n=4) if len(ratios) > 1 else ratios * 3
    return best, ours.rate / best.rate, (low, high)
