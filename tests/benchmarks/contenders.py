"""Lets programs compete: each in a process of its own, taking turns, only one at work at a time.

Processes keep thread pools apart, and turns of a fraction of a second let all of them suffer the
same from whatever else the machine does.
"""

from __future__ import annotations

import collections
import functools
import importlib
import itertools
import math
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
            pictures a ``call()`` will take; a call that trains returns its loss.
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


class ContenderError(Exception):
    """A contender cannot go on; the message says why, in a line."""


_ENDED = "its process ended"


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
        self._prepared: Job | None = None
        with mock.patch.dict(os.environ, setting.environment | library):
            self._process.start()
        theirs.close()
        try:
            self.problem: str = self._pipe.recv()
        except EOFError:
            self.problem = _ENDED

    def prepare(self, job: Job) -> None:
        """Build the network and the pictures, and warm up, unless that is done already.

        Raises:
            ContenderError: It cannot do this job; the message says why.
        """
        if job != self._prepared:
            self._images_per_call = self._ask("prepare", job)
            self._prepared = job

    def turn(self, seconds: float) -> tuple[float, list[float]]:
        """Call again and again for that long: images per second, and the seconds of each call."""
        durations: list[float] = self._ask("run", seconds)
        return len(durations) * self._images_per_call / sum(durations), durations

    def close(self) -> None:
        self._pipe.close()
        self._process.join(timeout=5)

    def _ask(self, verb: str, value: Any) -> Any:
        try:
            self._pipe.send((verb, value))
            answer = self._pipe.recv()
        except (EOFError, OSError):
            answer = ContenderError(_ENDED)
        if isinstance(answer, ContenderError):
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
    except Exception as error:
        pipe.send(_in_a_line(error))
        return
    pipe.send("")
    run = functools.partial(_run, worker, getattr(time, setting.clock))
    try:
        while True:
            verb, value = pipe.recv()
            try:
                pipe.send(_prepare(worker, value) if verb == "prepare" else run(value))
            except Exception as error:
                pipe.send(ContenderError(_in_a_line(error)))
    except EOFError:
        pass  # the bench has what it wanted


def _in_a_line(error: Exception) -> str:
    """What an error says in its first line."""
    first, *_ = str(error).strip().splitlines() or [""]
    return f"{type(error).__name__}: {first}"


_GUESSING = math.log(10)
"""The loss of who knows nothing of ten classes."""
_MOST_STEPS = 300


def _prepare(worker: Any, job: Job) -> int:
    """Get ready and warm up, and see that a training step teaches; the pictures of one call."""
    images: int = worker.prepare(job)
    answers = collections.deque([worker.call(), worker.call()], maxlen=8)
    if not isinstance(answers[0], float):  # nothing is trained here, or its loss is not told
        return images
    for _ in range(_MOST_STEPS):
        if statistics.fmean(answers) < 0.9 * _GUESSING:
            return images
        answers.append(worker.call())
    raise ValueError(f"after {_MOST_STEPS} steps its loss is {answers[-1]:.2f}: it does not learn")


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
    """The outcomes of several competitions as those of one, of whoever was in all of them."""
    by_name = [{outcome.name: outcome for outcome in sitting} for sitting in sittings]
    return [
        Outcome(
            name,
            tuple(itertools.chain.from_iterable(sitting[name].rates for sitting in by_name)),
            tuple(itertools.chain.from_iterable(sitting[name].durations for sitting in by_name)),
        )
        for name in by_name[0]
        if all(name in sitting for sitting in by_name)
    ]


def lead(ours: Outcome, peers: Sequence[Outcome]) -> tuple[Outcome, float, tuple[float, float]]:
    """The fastest peer, how many times as fast we are, and the quartiles of that over the turns."""
    best = max(peers, key=lambda peer: peer.rate)
    ratios = [a / b for a, b in zip(ours.rates, best.rates, strict=True)]
    low, _, high = statistics.quantiles(ratios, n=4) if len(ratios) > 1 else ratios * 3
    return best, ours.rate / best.rate, (low, high)
