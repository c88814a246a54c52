"""Whatever breaks, the user reads why within a second, the log has it, and the app goes on."""

from __future__ import annotations

import random
import re
import sys
import threading
import time
import tkinter as tk
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hands import Dialogs, Pen, WaitUntil
from planted import IN_THE_WINDOW, IN_TRAINING, Fault, Plant
from three_tabs import Window

from digitdesk.files.logs import start_logging
from digitdesk.files.paths import UserPaths
from digitdesk.messages.run import RunState
from digitdesk.nn.network import Network
from digitdesk.session.session import Session
from digitdesk.ui.toolkit.background import Beside
from digitdesk.ui.toolkit.user_settings import Settings, write_settings
from tests.time_limits import quickest
from tests.training.small_runs import write_idx_folder

pytestmark = pytest.mark.window

HEARD_SECONDS = 1.0
SETTINGS = {
    "model": "conv(4, 3) relu maxpool(2) flatten dense(10)",
    "epochs": "2",
    "augmentation": "0.1",
    "threads": "2",
}


class Desk:
    """The app's window over a real session, with its log."""

    def __init__(self, root: tk.Tk, home: Path) -> None:
        paths = UserPaths.under(home)
        write_settings(Settings(language="en", theme="light", tour_seen=True), paths.config)
        write_idx_folder(home / "stripes", train_count=300, test_count=50)
        self.root = root
        self.log = start_logging(paths.logs)
        self.session = Session(paths, environ={})
        dialogs = Dialogs()
        # Work beside the window ends with this widget, as it does with the root in the app.
        self.clock = tk.Frame(root)
        self.window = Window(root, paths, dialogs=dialogs, background=Beside(self.clock))
        self.window.attach_session(self.session)
        self.window.train.chart.build()
        self.pen = Pen(self.window.draw.board)
        form = self.window.train.form
        for name, text in SETTINGS.items():
            form.values[name].set(text)
        form.data.value.set(str(home / "stripes"))

    @property
    def said(self) -> str:
        """All there is to read of what went wrong."""
        status = self.window.status
        message = str(status.message.cget("text")) if status.shows_error else ""
        return f"{message} {self.window.train.banner.text}"

    def can_start(self) -> bool:
        return bool(self.window.train.buttons.start_button.instate(["!disabled"]))


@pytest.fixture
def desk(
    root: tk.Tk, tmp_path: Path, wait_until: WaitUntil, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    for hooks in (sys, threading):
        monkeypatch.setattr(hooks, "excepthook", hooks.excepthook)
    desk = Desk(root, tmp_path)
    wait_until(desk.can_start, 30)
    yield desk
    assert desk.session.close(10)
    desk.clock.destroy()
    desk.window.destroy()
    root.update()


def meet(desk: Desk, fault: Fault, wait_until: WaitUntil) -> float:
    """Let the app meet a fault, and see that it says so and can be used again.

    Returns:
        Seconds from the fault to the sentence about it.
    """
    window, session = desk.window, desk.session
    window.status.say("")
    window.show(window.train if fault.act is None else window.draw)
    desk.root.update()
    logged = desk.log.stat().st_size
    with pytest.MonkeyPatch.context() as patch:
        plant = Plant(patch)
        fault.plant(plant)
        if fault.act is None:
            window.train.buttons.start_button.invoke()
        else:
            fault.act(desk)
        wait_until(lambda: fault.says in desk.said, 20)
        heard = time.monotonic()
        wait_until(lambda: session.state is RunState.IDLE, 20)
    assert plant.broke_at is not None
    if fault.act is None:
        ending = {"failed": "Failed", "completed": "Test accuracy"}[fault.ends]
        assert ending in window.train.progress.where.cget("text")
        live = session._training._network.live
        if live is not None:
            assert all(np.isfinite(array).all() for array in live.weights.values())
    if fault.in_log:
        assert fault.in_log in desk.log.read_bytes()[logged:].decode()
        assert str(desk.log) in desk.said
    use(desk, wait_until)
    return heard - plant.broke_at


def use(desk: Desk, wait_until: WaitUntil) -> None:
    """Read a digit as if nothing had been."""
    draw = desk.window.draw
    desk.window.show(draw)
    desk.root.update()
    draw.tools.clear_button.invoke()
    draw.digit.answer = None
    desk.pen.stroke((140, 40), (140, 90), (140, 160), (140, 240))
    wait_until(lambda: draw.digit.answer and draw.digit.answer.label == "1")
    assert draw.digit.panel.answer.label == "1"


def train(desk: Desk, wait_until: WaitUntil) -> None:
    """Train a network to the end as if nothing had been."""
    wait_until(desk.can_start)
    desk.window.train.buttons.start_button.invoke()
    # Not until it trains: so small a run may be over before anybody looks.
    assert desk.session.state is not RunState.IDLE
    assert "Test accuracy" not in desk.window.train.progress.where.cget("text")
    wait_until(lambda: desk.session.state is RunState.IDLE, 30)
    assert "Test accuracy" in desk.window.train.progress.where.cget("text")


def test_one_fault_after_the_other_is_said_and_lived_through(
    desk: Desk, wait_until: WaitUntil
) -> None:
    threads = threading.active_count()
    # The run that meets the next fault is the new run after the last one.
    for fault in (*IN_TRAINING, *IN_THE_WINDOW):
        seconds = quickest(partial(meet, desk, fault, wait_until), HEARD_SECONDS)
        assert seconds <= HEARD_SECONDS, fault.name
    train(desk, wait_until)
    assert threading.active_count() <= threads


def test_the_log_holds_no_drawings(desk: Desk, wait_until: WaitUntil) -> None:
    """Not even when reading fails with the ink at hand."""
    with pytest.MonkeyPatch.context() as patch:
        Plant(patch).breaks(Network, "forward", ValueError("planted while reading"))
        desk.pen.stroke((100, 60), (140, 140), (150, 200))
        wait_until(lambda: "planted while reading" in desk.said)
    use(desk, wait_until)
    text = desk.log.read_text(encoding="utf-8")
    assert "Traceback" in text
    assert desk.window.draw.board.strokes
    # No points, no pictures, no arrays of either.
    assert not re.search(r"\(-?\d+(\.\d+)?, -?\d+(\.\d+)?\)|\\x|array\(|strokes=", text)


def faults_in_any_order(desk: Desk, wait_until: WaitUntil, seed: int) -> None:
    """The heavy version, for ``tests/torture``: any order, and a whole run after each."""
    faults = [*IN_TRAINING, *IN_THE_WINDOW]
    random.Random(seed).shuffle(faults)
    for fault in faults:
        assert meet(desk, fault, wait_until) <= HEARD_SECONDS
        train(desk, wait_until)
