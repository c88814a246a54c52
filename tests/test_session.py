"""The facade as the window and the command line use it, with real training on small data."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path

import pytest

from digitdesk.errors import ConfigError, DigitDeskError, SpecError
from digitdesk.messages import (
    EpochFinished,
    RunEvent,
    RunFinished,
    RunPreparing,
    RunStarted,
    RunState,
    TrainingConfig,
)
from digitdesk.paths import UserPaths
from digitdesk.session import READER, TRAINING, Session

ONE = (((140.0, 60.0), (140.0, 130.0), (138.0, 220.0)),)
SMALL = TrainingConfig(model="mlp", data="handwriting", epochs=2, limit=300, seed=3, device="cpu")


@pytest.fixture
def session(user_paths: UserPaths) -> Session:
    return Session(user_paths, environ={})


def drain_until_finished(session: Session, timeout_seconds: float = 60) -> list[RunEvent]:
    events: list[RunEvent] = []
    deadline = time.monotonic() + timeout_seconds
    while time.monotonic() < deadline:
        events += session.drain_events()
        if events and isinstance(events[-1], RunFinished):
            return events
        time.sleep(0.01)
    raise AssertionError(f"no last event; received {events[-3:]}")


def test_the_bundled_reader_reads_from_the_first_minute(session: Session) -> None:
    prediction = session.read_strokes(ONE)
    assert prediction.label == "1"
    assert sum(prediction.probabilities) == pytest.approx(1, abs=1e-5)
    assert len(prediction.prepared) == 28 * 28
    assert [entry.key for entry in session.models()] == [READER]


def test_an_empty_board_has_no_answer(session: Session) -> None:
    prediction = session.read_strokes(())
    assert (prediction.label, prediction.reason) == ("", "empty")


def test_a_run_in_the_background_saves_opens_and_reads_the_same(
    session: Session, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match="No network has been trained yet"):
        session.read_strokes(ONE, TRAINING)
    run_id = session.start_training(SMALL)
    assert session.state is RunState.PREPARING
    with pytest.raises(ConfigError, match="already going on"):
        session.start_training(SMALL)
    events = drain_until_finished(session)
    assert events[0] == RunPreparing(run_id, 300, 300)
    assert isinstance(events[1], RunStarted)
    last = events[-1]
    assert isinstance(last, RunFinished)
    assert (last.ending, last.run_id, session.state) == ("completed", run_id, RunState.IDLE)
    assert [e.epoch for e in events if isinstance(e, EpochFinished)] == [1, 2]

    live = session.read_strokes(ONE, TRAINING)
    assert live.step is not None
    for suffix in (".npz", ".pkl"):
        entry = session.save_model(TRAINING, tmp_path / f"model{suffix}")
        assert entry.card.epochs == 2
        assert entry.card.config["data_dir"] is None
        again = session.read_strokes(ONE, entry.key)
        assert again.probabilities == live.probabilities
    assert [e.key for e in session.models()][:2] == [READER, TRAINING]
    assert len(session.models()) == 4


def test_pause_resume_stop(session: Session) -> None:
    session.start_training(dataclasses.replace(SMALL, epochs=500))
    session.pause()
    seen: set[RunState] = set()
    deadline = time.monotonic() + 60
    while RunState.PAUSED not in seen and time.monotonic() < deadline:
        session.drain_events()
        seen.add(session.state)
        time.sleep(0.005)
    assert RunState.PAUSED in seen
    session.resume()
    time.sleep(0.1)
    session.stop()
    assert session.state is RunState.STOPPING
    last = drain_until_finished(session)[-1]
    assert isinstance(last, RunFinished)
    assert last.ending == "stopped"
    assert session.close()


def test_errors_of_a_run_arrive_as_a_sentence(session: Session, tmp_path: Path) -> None:
    missing = dataclasses.replace(SMALL, data=str(tmp_path / "nowhere"))
    session.start_training(missing)
    last = drain_until_finished(session)[-1]
    assert isinstance(last, RunFinished)
    assert last.ending == "failed"
    assert "nowhere" in last.message


def test_bad_settings_are_refused_before_anything_starts(session: Session) -> None:
    with pytest.raises(ConfigError, match="learning rate"):
        session.start_training(dataclasses.replace(SMALL, learning_rate=-1))
    with pytest.raises(SpecError):
        session.start_training(dataclasses.replace(SMALL, model="flatten dens(10)"))
    assert session.state is RunState.IDLE


def test_a_closed_session_leaves_no_thread(session: Session) -> None:
    session.start_training(dataclasses.replace(SMALL, epochs=500))
    assert session.close(timeout_seconds=30)


def test_an_unknown_model_is_a_sentence(session: Session, tmp_path: Path) -> None:
    with pytest.raises(DigitDeskError, match=r"absent\.npz"):
        session.read_strokes(ONE, str(tmp_path / "absent.npz"))
