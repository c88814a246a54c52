"""Loading a data set can be stopped at any time, whatever it is doing."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from digitdesk.data.datasets import load_dataset
from digitdesk.data.synthetic import handwriting
from digitdesk.files.paths import UserPaths
from digitdesk.messages.run import RunFinished, RunState, TrainingConfig
from digitdesk.session.session import Session
from tests.time_limits import quickest
from tests.training.small_runs import write_idx_folder


class ToldError(Exception):
    """What the caller raises to stop."""


def asked_while_loading(name: str, data_dir: Path | None, *, limit: int, stop_at: int = 0) -> int:
    """How often a load asks whether to go on; the question ``stop_at`` is answered with no."""
    asked = 0

    def stop_if_told() -> None:
        nonlocal asked
        asked += 1
        if asked == stop_at:
            raise ToldError

    try:
        load_dataset(
            name,
            data_dir=data_dir,
            user_data=Path("none"),
            limit=limit,
            stop_if_told=stop_if_told,
        )
    except ToldError:
        assert stop_at
    return asked


def test_drawing_asks_every_few_images(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handwriting, "TEST_COUNT", 160)
    assert asked_while_loading("handwriting+not-digits", None, limit=100) >= 360 / 40


def test_files_are_left_after_a_megabyte(tmp_path: Path) -> None:
    write_idx_folder(tmp_path / "set", train_count=4_000)  # three megabytes
    name = str(tmp_path / "set")
    assert asked_while_loading(name, None, limit=1) >= 4
    assert asked_while_loading(name, None, limit=1, stop_at=2) == 2


@pytest.mark.parametrize("order", ["close", "stop"])
def test_a_run_ends_while_its_data_is_drawn(order: str, tmp_path: Path) -> None:
    """The pictures would take twenty seconds."""
    assert quickest(lambda: end_while_data_is_drawn(order, tmp_path), 2) < 2


def end_while_data_is_drawn(order: str, home: Path) -> float:
    """Stop or close a run that still draws its data; seconds until it is over."""
    before = set(threading.enumerate())
    session = Session(UserPaths.under(home), environ={})
    session.start_training(TrainingConfig(data="handwriting", device="cpu"))
    time.sleep(0.2)
    assert session.state is RunState.PREPARING
    began = time.perf_counter()
    if order == "stop":
        session.stop()
        while session.state is not RunState.IDLE:
            last = session.drain_events()[-1:]
            time.sleep(0.001)
            assert time.perf_counter() - began < 20
        assert isinstance(last[0], RunFinished)
        assert last[0].ending == "stopped"
    assert session.close()
    seconds = time.perf_counter() - began
    assert set(threading.enumerate()) <= before
    assert session.unfinished_run() is None
    return seconds
