"""Two pieces of work at once give what one after the other would, and end together."""

from __future__ import annotations

import threading

import pytest

from digitdesk.data.progress import StopIfTold
from digitdesk.data.side_by_side import side_by_side


class ToldError(Exception):
    """What the caller raises to stop."""


def never() -> None:
    pass


def until_stopped(stop: StopIfTold) -> None:
    while True:
        stop()


def test_both_are_done_at_the_same_time() -> None:
    met = threading.Barrier(2)
    here, beside = side_by_side(lambda: met.wait(20) >= 0, lambda _stop: met.wait(20) >= 0, never)
    assert here
    assert beside


def test_what_one_raises_stops_the_other() -> None:
    def fail() -> None:
        raise ToldError

    with pytest.raises(ToldError):
        side_by_side(fail, until_stopped, never)
    with pytest.raises(ZeroDivisionError):
        side_by_side(lambda: None, lambda _stop: 1 / 0, never)


def test_both_are_stopped_by_the_caller() -> None:
    def stop() -> None:
        raise ToldError

    with pytest.raises(ToldError):
        side_by_side(lambda: until_stopped(stop), until_stopped, stop)
