"""Work beside the window comes back on the main thread: once, in the window's own time."""

from __future__ import annotations

import threading
import time
import tkinter as tk
from typing import Any

import pytest
from hands import WaitUntil

from digitdesk.errors import DataError
from digitdesk.session.jobs import Job, JobPool
from digitdesk.ui.toolkit.background import AtOnce, Beside

pytestmark = pytest.mark.window


class Told:
    """Keeps what it is told, and on which thread."""

    def __init__(self) -> None:
        self.said: list[Any] = []
        self.threads: set[threading.Thread] = set()

    def __call__(self, *what: Any) -> None:
        self.said.append(what if len(what) > 1 else what[0])
        self.threads.add(threading.current_thread())


def steps(job: Job[str]) -> str:
    for done in range(4):
        job.report(done, 4)
        time.sleep(0.12)
    return "done"


def test_progress_and_the_result_come_to_the_main_thread(
    root: tk.Tk, wait_until: WaitUntil
) -> None:
    beside, done, failed, moved = Beside(root), Told(), Told(), Told()
    beside(steps, done, failed, moved)
    assert done.said == [] and beside.is_busy
    wait_until(lambda: not beside.is_busy)
    assert (done.said, failed.said) == (["done"], [])
    assert moved.said == sorted(set(moved.said)) and moved.said[-1] == (3, 4)
    assert done.threads | moved.threads == {threading.main_thread()}


def test_an_error_comes_with_its_parts(root: tk.Tk, wait_until: WaitUntil) -> None:
    error = DataError("No set", hint="Fetch it")

    def fail(_job: Job[None]) -> None:
        raise error

    beside, done, failed = Beside(root), Told(), Told()
    beside(fail, done, failed)
    wait_until(lambda: not beside.is_busy)
    assert (done.said, failed.said) == ([], [error])


def test_one_callback_that_fails_does_not_silence_the_next(
    root: tk.Tk, wait_until: WaitUntil, monkeypatch: pytest.MonkeyPatch
) -> None:
    raised: list[object] = []
    monkeypatch.setattr(root, "report_callback_exception", lambda *what: raised.append(what[1]))
    beside, done = Beside(root), Told()
    beside(lambda _job: 0, lambda zero: 1 // zero, Told())
    beside(lambda _job: 1, done, Told())
    wait_until(lambda: not beside.is_busy)
    assert done.said == [1]
    assert [type(error) for error in raised] == [ZeroDivisionError]


def test_the_window_ends_its_jobs(root: tk.Tk) -> None:
    window, pool, was_cancelled = tk.Toplevel(root), JobPool(), threading.Event()
    done = Told()

    def work(job: Job[None]) -> None:
        while not job.is_cancelled():
            time.sleep(0.002)
        was_cancelled.set()

    job = Beside(window, pool)(work, done, done)
    tk.Frame(window).destroy()
    assert not job.is_cancelled(), "a part of the window is not the window"
    window.destroy()
    root.update()
    assert was_cancelled.is_set()
    assert done.said == [], "nothing calls into a lost window"


def test_at_once_the_result_is_there_and_faults_are_not_hidden() -> None:
    done, failed = Told(), Told()
    assert AtOnce()(lambda _job: 7, done, failed).outcome() == 7
    assert done.said == [7]

    def fail(error: Exception) -> None:
        raise error

    AtOnce()(lambda _job: fail(DataError("No set")), done, failed)
    assert [str(error) for error in failed.said] == ["No set."]
    with pytest.raises(KeyError):
        AtOnce()(lambda _job: fail(KeyError("fault")), done, failed)
