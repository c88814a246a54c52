"""Every ending of a run gives exactly one last event, and the thread is gone afterwards."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable

import pytest

from digitdesk.errors import TrainingError
from digitdesk.messages.run import RunEvent, RunFinished, TrainingConfig
from digitdesk.training.run import Run
from digitdesk.training.worker import TrainingWorker


def run_to_the_end(job: Callable[[Run], RunFinished]) -> list[RunEvent]:
    events: queue.SimpleQueue[RunEvent] = queue.SimpleQueue()
    worker = TrainingWorker(Run(config=TrainingConfig(), run_id=7, emit=events.put), job)
    worker.start()
    assert worker.join(5)
    return [events.get_nowait() for _ in range(events.qsize())]


def until_stopped(run: Run) -> RunFinished:
    while not run.commands.is_stopping:
        time.sleep(0.001)
    return RunFinished(7, "stopped")


def test_a_job_that_returns_ends_with_its_own_event() -> None:
    assert run_to_the_end(lambda run: RunFinished(7, "completed")) == [RunFinished(7, "completed")]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (TrainingError("It diverged", hint="Lower the rate"), "It diverged. Lower the rate."),
        (MemoryError(), "ran out of memory"),
        (ZeroDivisionError("by zero"), "unexpected error (ZeroDivisionError: by zero)"),
        (SystemExit(3), "unexpected error"),
    ],
)
def test_every_error_becomes_one_sentence(error: BaseException, sentence: str) -> None:
    def job(run: Run) -> RunFinished:
        raise error

    (last,) = run_to_the_end(job)
    assert isinstance(last, RunFinished)
    assert last.ending == "failed"
    assert sentence in last.problem.sentence


def test_stop_ends_a_run() -> None:
    events: queue.SimpleQueue[RunEvent] = queue.SimpleQueue()
    worker = TrainingWorker(Run(config=TrainingConfig(), run_id=7, emit=events.put), until_stopped)
    worker.start()
    assert not worker.join(0.05)
    worker.run.commands.stop()
    assert worker.join(5)
    assert events.get(timeout=1) == RunFinished(7, "stopped")
    assert events.empty()


def test_a_worker_that_ends_leaves_no_thread() -> None:
    before = threading.active_count()
    run_to_the_end(lambda run: RunFinished(7, "completed"))
    assert threading.active_count() == before
