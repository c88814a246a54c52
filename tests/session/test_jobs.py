"""Jobs beside the window: one outcome each, however they end, on few threads that leave nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from digitdesk.errors import CancelledError, DataError
from digitdesk.session.jobs import Job, JobPool
from tests.time_limits import quickest

SOON = 20.0


@pytest.fixture
def pool() -> Iterator[JobPool]:
    pool = JobPool(workers=2)
    yield pool
    assert pool.close(SOON)


class Gate:
    """Work that goes on until it is let go or cancelled."""

    def __init__(self) -> None:
        self.is_open = threading.Event()
        self.entered = threading.Event()
        self.threads: set[str] = set()

    def __call__(self, job: Job[str]) -> str:
        self.threads.add(threading.current_thread().name)
        self.entered.set()
        while not self.is_open.wait(0.002):
            if job.is_cancelled():
                return "cancelled on the way"
        return "let go"


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + SOON
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.002)


def threads_of_jobs() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name.startswith("beside")}


def test_a_job_reports_and_returns(pool: JobPool) -> None:
    def work(job: Job[int]) -> int:
        job.report(2, 3)
        return 42

    job = pool.start(work)
    assert job.outcome() == 42
    assert (job.progress, job.is_over, job.is_cancelled()) == ((2, 3), True, False)


def test_an_error_keeps_its_parts(pool: JobPool) -> None:
    def work(_job: Job[None]) -> None:
        raise DataError("No set", expected="one", received="none", hint="Fetch it")

    job = pool.start(work)
    for _ in range(2):
        with pytest.raises(DataError) as caught:
            job.outcome()
    assert (caught.value.expected, caught.value.hint) == ("one", "Fetch it")


def test_whatever_ends_the_work_ends_the_job(pool: JobPool) -> None:
    def work(_job: Job[None]) -> None:
        raise SystemExit(3)

    with pytest.raises(RuntimeError, match="SystemExit"):
        pool.start(work).outcome()


def test_no_more_threads_than_workers_and_none_when_all_is_done(pool: JobPool) -> None:
    # On a busy machine a thread of another pool may take a while to go, its work done.
    others = threads_of_jobs()
    gate = Gate()
    jobs = [pool.start(gate) for _ in range(6)]
    wait_for(lambda: len(gate.threads) == 2)
    assert len(threads_of_jobs() - others) == 2
    gate.is_open.set()
    assert [job.outcome() for job in jobs] == ["let go"] * 6
    assert len(gate.threads) == 2, "a free thread takes the next job"
    wait_for(lambda: not threads_of_jobs() - others)


def test_a_cancelled_job_ends_as_it_likes(pool: JobPool) -> None:
    gate = Gate()
    job = pool.start(gate)
    assert gate.entered.wait(SOON)
    job.cancel()
    assert job.outcome() == "cancelled on the way"


def test_a_job_that_waits_ends_when_it_is_cancelled_and_never_begins(pool: JobPool) -> None:
    gate, late = Gate(), Gate()
    busy = [pool.start(gate) for _ in range(2)]
    waiting = pool.start(late)
    waiting.cancel()
    assert waiting.is_over
    with pytest.raises(CancelledError):
        waiting.outcome()
    gate.is_open.set()
    assert [job.outcome() for job in busy] == ["let go"] * 2
    assert not late.entered.is_set()


def test_a_pool_that_closes_cancels_all_and_waits_no_longer_than_told() -> None:
    assert quickest(close_a_pool_at_work, 1) < 1


def close_a_pool_at_work() -> float:
    """Close a pool with a job that hears of it, a deaf one and a waiting one; seconds it took."""
    pool, gate, deaf = JobPool(workers=2), Gate(), Gate()
    listening = pool.start(gate)
    pool.start(lambda _job: deaf(Job(lambda _other: "")))  # told of the end of another job
    waiting = pool.start(gate)
    assert gate.entered.wait(SOON) and deaf.entered.wait(SOON)
    started = time.monotonic()
    assert not pool.close(0.1)
    seconds = time.monotonic() - started
    assert listening.outcome() == "cancelled on the way"
    assert waiting.is_over
    with pytest.raises(CancelledError):
        pool.start(gate).outcome()
    deaf.is_open.set()
    assert pool.close(SOON)
    return seconds


def test_a_job_is_brought_to_an_end_once_by_whoever_comes_first() -> None:
    for _ in range(200):
        ran: list[int] = []
        job: Job[None] = Job(lambda _job, ran=ran: ran.append(1))  # type: ignore[misc]
        start = threading.Barrier(2)

        def run(job: Job[None] = job, start: threading.Barrier = start) -> None:
            start.wait()
            job.run()

        thread = threading.Thread(target=run)
        thread.start()
        start.wait()
        job.cancel()
        thread.join(SOON)
        if ran:
            job.outcome()
        else:
            with pytest.raises(CancelledError):
                job.outcome()


def test_without_threads_a_job_is_refused(monkeypatch: pytest.MonkeyPatch, pool: JobPool) -> None:
    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        with pytest.raises(RuntimeError, match="new thread"):
            pool.start(lambda _job: None)
    assert pool.start(lambda _job: 1).outcome() == 1
