"""Starts the whole app in a process, lets it be used and closed, and looks at what is left."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from digitdesk.files.paths import UserPaths
from digitdesk.messages.run import UnfinishedRun
from digitdesk.session.session import Session
from digitdesk.ui.toolkit.user_settings import Settings, write_settings
from tests.training.small_runs import write_idx_folder

MOMENTS = ("loading", "first step", "mid-epoch", "evaluation", "save", "pause", "preview")
EXIT_SECONDS = 3.0
_SCRIPT = Path(__file__).with_name("app_script.py")


@dataclass(frozen=True)
class Plan:
    """What is done with the app, once.

    Attributes:
        moment: When the window is closed, one of ``MOMENTS``.
        data: The folder to train on.
        resumes: Go on with the run that is offered instead of starting one.
        restarts: Stop after a while and start anew before the moment is waited for.
        waits: Leave the closing to somebody else.
        variant: Decides the random times.
    """

    moment: str
    data: str
    resumes: bool = False
    restarts: bool = False
    waits: bool = False
    variant: int = 0


@dataclass(frozen=True)
class End:
    """How the process ended."""

    code: int
    seconds_to_exit: float
    offered: str
    state: str
    errors: str
    log: str


def make_home(folder: Path) -> Path:
    """A home with a data set whose test part takes as long as its training part."""
    write_idx_folder(folder / "stripes", train_count=2_000, test_count=4_000)
    write_settings(Settings(language="en", tour_seen=True), UserPaths.under(folder).config)
    return folder


def use_app(
    home: Path,
    plan: Plan,
    *,
    display: str | None = None,
    end_it: Callable[[subprocess.Popen[str]], None] = lambda process: None,
    most_seconds: float = 280,
) -> End:
    """Start the app in a process group of its own and wait until all of it is gone.

    Args:
        home: As ``make_home`` gave it.
        plan: What to do.
        display: A screen other than that of the tests.
        end_it: Called at the plan's moment.
        most_seconds: Until the moment.
    """
    log = home / "logs" / "digitdesk.log"
    before = log.stat().st_size if log.exists() else 0
    environment = os.environ | {"DIGITDESK_HOME": str(home)}
    environment.pop("DIGITDESK_DATA", None)
    if display is not None:
        environment["DISPLAY"] = display
    process = subprocess.Popen(
        [sys.executable, str(_SCRIPT), json.dumps(dataclasses.asdict(plan))],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment | {"PYTHONPATH": str(_SCRIPT.parents[1])},
        start_new_session=True,
    )
    assert process.stdout is not None
    watch = threading.Timer(most_seconds, process.kill)
    watch.start()
    told: dict[str, str] = {}
    for line in process.stdout:
        name, _, rest = line.partition(" ")
        told[name] = rest.strip()
        if name == "CLOSING":
            end_it(process)
            break
    _, errors = process.communicate()
    watch.cancel()
    gone = _when_all_are_gone(process.pid)
    assert "CLOSING" in told, f"{plan} did not come to its moment: {told} {errors}"
    closing, state = told["CLOSING"].split()
    return End(
        process.returncode,
        gone - float(closing),
        told["OFFERED"],
        state,
        errors,
        log.read_bytes()[before:].decode(),
    )


def _when_all_are_gone(group: int) -> float:
    """The time at which no process of a group is left, small helpers of libraries included."""
    deadline = time.monotonic() + 2 * EXIT_SECONDS
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            break
        time.sleep(0.005)
    return time.monotonic()


def unfinished_of(home: Path) -> UnfinishedRun | None:
    """The run that another start would offer; its whole state is read for that."""
    with contextlib.closing(Session(UserPaths.under(home), environ={})) as session:
        return session.unfinished_run()


def check_end(end: End) -> None:
    """The app ended by itself, without a complaint, and with its training done."""
    assert end.code == 0, end
    assert end.errors == ""
    assert "ERROR" not in end.log
    assert "CRITICAL" not in end.log
    assert "did not end in time" not in end.log
    left = [line for line in end.log.splitlines() if "Leaving while at work" in line]
    assert not any("training" in line or "replica" in line for line in left), left


def use_and_check(
    home: Path, plan: Plan, before: UnfinishedRun | None
) -> tuple[float, UnfinishedRun | None]:
    """One use of the app.

    Args:
        home: As ``make_home`` gave it.
        plan: What to do.
        before: What the last use left to go on with, which must be offered.

    Returns:
        Seconds that its end took, and what it left to go on with.
    """
    end = use_app(home, plan)
    check_end(end)
    assert end.offered.startswith("Unfinished: ") is (before is not None)
    after = unfinished_of(home)
    if plan.moment == "loading" and not plan.resumes:
        assert after == before
        return end.seconds_to_exit, after
    assert after is not None
    if plan.resumes and not plan.restarts:
        assert before is not None
        assert after.step >= before.step
    return end.seconds_to_exit, after
