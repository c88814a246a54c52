"""However the app is ended, the run is kept, the log says why, and nothing is left behind."""

from __future__ import annotations

import itertools
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from tests.app_process import (
    EXIT_SECONDS,
    Plan,
    check_end,
    make_home,
    unfinished_of,
    use_and_check,
    use_app,
)
from tests.time_limits import quickest

pytestmark = [
    pytest.mark.window,
    pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals and process groups"),
]


def test_the_window_is_closed_while_it_loads_and_while_it_saves(tmp_path: Path) -> None:
    """The fast version of ``tests/torture/test_closing.py``."""
    home, left = make_home(tmp_path), None

    def close_at(moment: str) -> float:
        nonlocal left
        seconds, left = use_and_check(home, Plan(moment, str(home / "stripes")), left)
        return seconds

    for moment in ("save", "loading"):
        assert quickest(partial(close_at, moment), EXIT_SECONDS) <= EXIT_SECONDS
    assert left is not None


def test_a_signal_closes_the_window(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    plan = Plan("mid-epoch", str(home / "stripes"), waits=True)

    def close() -> float:
        end = use_app(home, plan, end_it=lambda process: process.send_signal(signal.SIGTERM))
        check_end(end)
        assert "Asked to end by SIGTERM" in end.log
        assert unfinished_of(home) is not None
        return end.seconds_to_exit

    assert quickest(close, EXIT_SECONDS) <= EXIT_SECONDS


@pytest.mark.skipif(sys.platform != "linux", reason="kills an X server of its own")
def test_a_lost_screen_ends_the_app_with_its_run_kept(tmp_path: Path) -> None:
    homes = (tmp_path / str(number) for number in itertools.count())
    assert quickest(lambda: lose_the_screen(next(homes)), EXIT_SECONDS) <= EXIT_SECONDS


def lose_the_screen(folder: Path) -> float:
    """Kill the X server of an app that trains; seconds to the app's end."""
    home = make_home(folder)
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert server.stdout is not None
        number = server.stdout.readline().strip()
        plan = Plan("first step", str(home / "stripes"), waits=True)
        end = use_app(home, plan, display=f":{number}", end_it=lambda _process: server.kill())
    finally:
        server.kill()
        server.wait()
    assert end.code == 1
    # Before the first epoch's end nothing had been kept: it was kept in the last moment.
    unfinished = unfinished_of(home)
    assert unfinished is not None
    assert unfinished.epoch == 0
    lines = [line for line in end.log.splitlines() if "digitdesk.ui.window.shutdown" in line]
    assert "The screen is gone" in lines[0]
    assert "Ended without a screen" in lines[-1]
    assert "Traceback" not in end.log + end.errors
    assert len(end.errors.splitlines()) <= 2
    return end.seconds_to_exit
