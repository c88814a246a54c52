"""The queue: who is made when, what becomes of those that fail, and what it tells; no training."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from digitdesk.experiments.folder import DrawnRow, ExperimentFolder, TrialRecord
from digitdesk.experiments.processes import Hear
from digitdesk.experiments.queue import ExperimentQueue
from digitdesk.experiments.samplers import ListedRows, RandomRows, Sampler, make_sampler
from digitdesk.experiments.trial import TrialTask
from digitdesk.messages.experiments.plan import Axis, Plan, Range, Search
from digitdesk.messages.experiments.progress import (
    ExperimentChanged,
    ExperimentEvent,
    ExperimentState,
    TrialState,
)
from digitdesk.messages.run import EpochFinished, TrainingConfig
from digitdesk.storage.plain_json import to_plain

NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
GRID = Plan("x", settings=(("epochs", 3),), grid=(Axis("batch_size", (8, 16, 32)),), seeds=(0, 1))


def epoch(number: int, accuracy: float) -> EpochFinished:
    return EpochFinished(0, number, number, 0.5, 0.5, 0.5, accuracy, 0.5, accuracy, 0.1)


class Hand:
    """A process whose every word is the test's."""

    def __init__(self, hear: Hear) -> None:
        self._hear = hear
        self.tasks: list[TrialTask] = []
        self.stops: list[tuple[int, str]] = []
        self.is_closed = False

    def train(self, task: TrialTask) -> None:
        self.tasks.append(task)

    def stop(self, number: int, why: str) -> None:
        self.stops.append((number, why))

    def close(self) -> None:
        self.is_closed = True

    def wait(self) -> None:
        pass

    @property
    def task(self) -> TrialTask:
        return self.tasks[-1]

    def say(self, kind: str, **more: Any) -> None:
        self._hear(self, {"kind": kind, "number": self.task.number, **to_plain(more)})

    def finish(self, *accuracies: float, state: str = "finished") -> None:
        task = self.task
        epochs = tuple(epoch(k, a) for k, a in enumerate(accuracies or (0.9,), start=1))
        record = TrialRecord(task.number, task.row, task.seed, state, epochs)
        ExperimentFolder(Path(task.folder)).write_record(record)
        self.say("over", outcome=state)

    def die(self) -> None:
        self._hear(self, None)


class Works:
    """A queue with its hands."""

    def __init__(self, path: Path, plan: Plan, sampler: Sampler | None = None, **more: Any) -> None:
        self.hands: list[Hand] = []
        self.events: list[ExperimentEvent] = []
        self.folder = ExperimentFolder(path / "e")
        if not self.folder.is_there:
            ExperimentFolder.make(self.folder.path, plan, NOW)
        options: dict[str, Any] = {"cores": 2, "is_large": lambda config: False} | more
        self.queue = ExperimentQueue(
            self.folder,
            sampler or make_sampler(plan, self.folder.path),
            self._hire,
            self.events.append,
            **options,
        )
        self.queue.start()

    def _hire(self, hear: Hear) -> Hand:
        self.hands.append(Hand(hear))
        return self.hands[-1]

    def until(self, condition: Callable[[], object]) -> None:
        end = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < end, self.events[-3:]
            time.sleep(0.002)

    def begun(self) -> list[int]:
        return [task.number for hand in self.hands for task in hand.tasks]

    def hand_of(self, number: int) -> Hand:
        self.until(lambda: number in self.begun())
        return next(hand for hand in self.hands if hand.tasks and hand.task.number == number)

    def finish_all(self) -> None:
        seen: set[int] = set()
        while not self.queue.join(0.001):
            for hand in self.hands:
                if hand.tasks and hand.task.number not in seen:
                    seen.add(hand.task.number)
                    hand.finish()

    def states(self) -> list[TrialState]:
        return [run.state for run in sorted(self.queue.view().runs, key=lambda run: run.number)]


def test_two_cores_make_two_runs_at_a_time_each_on_one(tmp_path: Path) -> None:
    works = Works(tmp_path, GRID)
    works.until(lambda: len(works.begun()) == 2)
    assert [hand.task.config.threads for hand in works.hands] == [1, 1]
    assert [(hand.task.row, hand.task.seed) for hand in works.hands] == [(1, 0), (1, 1)]
    works.finish_all()
    assert sorted(works.begun()) == [1, 2, 3, 4, 5, 6]
    assert len(works.hands) == 2 and all(hand.is_closed for hand in works.hands)
    assert works.states() == [TrialState.FINISHED] * 6
    last = works.events[-1]
    assert isinstance(last, ExperimentChanged)
    assert (last.state, last.done, last.runs) == (ExperimentState.FINISHED, 6, 6)


def test_the_last_run_gets_the_core_that_nobody_wants(tmp_path: Path) -> None:
    works = Works(tmp_path, Plan("x"))
    assert works.hand_of(1).task.config.threads == 2
    works.finish_all()


def test_large_ones_are_made_alone_on_all_cores(tmp_path: Path) -> None:
    def is_large(config: TrainingConfig) -> bool:
        return config.batch_size == 16

    works = Works(tmp_path, GRID, is_large=is_large)
    works.hand_of(1).finish()
    works.until(lambda: works.folder.record(1))
    time.sleep(0.05)
    assert works.begun() == [1, 2], "a large run has begun beside a small one"
    works.hand_of(2).finish()
    assert works.hand_of(3).task.config.threads == 2
    time.sleep(0.05)
    assert sorted(works.begun()) == [1, 2, 3]
    works.finish_all()


def test_a_network_that_cannot_be_is_a_row_with_a_reason(tmp_path: Path) -> None:
    plan = Plan("x", settings=(("model", "dense({a})"),), rows=((("epochs", 1),), (("a", 3),)))
    works = Works(tmp_path, plan)
    assert works.hand_of(2).task.config.model == "dense(3)"
    works.finish_all()
    run = works.queue.view().runs[0]
    assert run.state is TrialState.FAILED
    assert run.problem is not None and "Nothing is said for a" in run.problem.what


def test_a_process_that_is_lost_is_replaced_and_one_run_loses_two_at_most(tmp_path: Path) -> None:
    works = Works(tmp_path, Plan("x", seeds=(0, 1, 2)), cores=1)
    works.hand_of(1).die()
    works.until(lambda: len(works.hands) == 2 and works.hands[1].tasks)
    assert works.hands[1].task.number == 1
    works.hands[1].die()
    works.until(lambda: works.states()[0] is TrialState.FAILED)
    problem = works.queue.view().runs[0].problem
    assert problem is not None and "ended twice" in problem.what
    works.finish_all()
    assert works.states()[1:] == [TrialState.FINISHED] * 2


def test_runs_can_be_moved_cancelled_and_made_again(tmp_path: Path) -> None:
    works = Works(tmp_path, GRID, cores=1)
    first = works.hand_of(1)
    works.queue.move(5, 0)
    works.queue.cancel([2, 1])
    works.until(lambda: first.stops == [(1, "cancelled")])
    assert works.folder.queue().first[:3] == (5, 2, 3) or works.folder.queue().first[0] == 5
    first.finish(state="cancelled")
    works.hand_of(5)
    assert works.states()[:2] == [TrialState.CANCELLED] * 2
    works.queue.again([2])
    works.until(lambda: works.states()[1] is TrialState.WAITING)
    assert works.folder.record(2) is None
    works.finish_all()
    assert works.states() == [TrialState.CANCELLED, *[TrialState.FINISHED] * 5]


def test_a_pause_keeps_what_goes_on_and_another_queue_goes_on_there(tmp_path: Path) -> None:
    works = Works(tmp_path, GRID)
    works.hand_of(1).finish()
    third, second = works.hand_of(3), works.hand_of(2)
    works.queue.pause()
    works.until(lambda: second.stops and third.stops)
    for hand in (second, third):
        hand.say("over", outcome="pause")
    assert works.queue.join(20)
    assert works.queue.view().state is ExperimentState.PAUSED
    assert works.folder.queue().is_paused
    again = Works(tmp_path, GRID)
    again.until(lambda: len(again.begun()) == 2)
    assert again.begun() == [2, 3]
    again.finish_all()
    assert not again.folder.queue().is_paused


def test_a_run_far_behind_the_others_ends_early(tmp_path: Path) -> None:
    plan = Plan("x", settings=(("epochs", 9),), seeds=tuple(range(6)), early_end="median")
    works = Works(tmp_path, plan, cores=1)
    for number in range(1, 6):
        hand = works.hand_of(number)
        hand.say("epoch", epoch=epoch(1, 0.8))
        hand.finish(0.8, 0.9)
    last = works.hand_of(6)
    last.say("epoch", epoch=epoch(1, 0.1))
    works.until(lambda: works.queue.view().runs[5].epoch == 1)
    assert last.stops == [], "ended in its grace"
    last.say("epoch", epoch=epoch(2, 0.2))
    works.until(lambda: last.stops == [(6, "hopeless")])
    last.finish(state="hopeless")
    assert works.queue.join(20)
    assert works.states()[5] is TrialState.HOPELESS


def test_no_run_begins_when_the_time_is_over(tmp_path: Path) -> None:
    clock = [0.0]
    plan = Plan("x", seeds=(0, 1, 2), minutes=1)
    works = Works(tmp_path, plan, cores=1, clock=lambda: clock[0])
    first = works.hand_of(1)
    clock[0] = 61
    first.finish()
    assert works.queue.join(20)
    assert works.states() == [TrialState.FINISHED, *[TrialState.CANCELLED] * 2]
    assert works.folder.queue().worked_seconds >= 61


class Told:
    """A sampler that remembers what it heard."""

    def __init__(self) -> None:
        self.told: list[tuple[int, float | None]] = []

    def ask(self, number: int) -> DrawnRow | None:
        return DrawnRow((("batch_size", number),), token=10 * number) if number <= 3 else None

    def tell(self, row: DrawnRow, value: float | None) -> None:
        self.told.append((row.token, value))

    def close(self) -> None:
        self.told.append((-1, None))


def test_a_sampler_hears_what_each_row_is_worth_and_again_after_a_crash(tmp_path: Path) -> None:
    plan = Plan("x", search=Search("random", (Axis("batch_size", (1,)),), runs=3), seeds=(0, 1))
    works, sampler = Works(tmp_path, plan, told := Told(), cores=1), told
    works.hand_of(1).finish(0.5)
    works.hand_of(2).finish(0.7)
    works.until(lambda: sampler.told)
    assert sampler.told == [(10, pytest.approx(0.6))]
    works.finish_all()
    assert sampler.told[-1] == (-1, None)
    assert [row.token for row in works.folder.rows()] == [10, 20, 30]
    again = Works(tmp_path, plan, told_again := Told())
    assert again.queue.join(20)
    assert [token for token, _ in told_again.told] == [10, 20, 30, -1]


def test_random_rows_are_the_same_each_time_and_within_their_ranges() -> None:
    axes = (
        Range("units", 4, 64, is_log=True, is_whole=True),
        Range("rate", 1e-4, 0.1, is_log=True),
    )
    search = Search("random", axes, runs=200)
    rows = [RandomRows(search).ask(number) for number in range(1, 201)]
    assert rows == [RandomRows(search).ask(number) for number in range(1, 201)]
    assert RandomRows(search).ask(201) is None
    units, rates = zip(*(dict(row.values).values() for row in rows if row), strict=True)
    assert all(type(unit) is int for unit in units)
    assert (min(units), max(units)) == (4, 64)
    # Half of what is drawn lies below the geometric mean.
    assert 80 < sum(rate < 10**-2.5 for rate in rates) < 120


def test_a_listed_row_is_asked_for_once() -> None:
    rows = ListedRows(((("epochs", 1),), (("epochs", 2),)))
    assert rows.ask(2) == DrawnRow((("epochs", 2),))
    assert rows.ask(3) is None
