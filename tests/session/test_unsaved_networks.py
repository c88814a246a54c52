"""No network of a run that is over gets lost: by the next run, on closing, or by a kill."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import time
from pathlib import Path

import pytest

from digitdesk.files.paths import UserPaths
from digitdesk.messages.model import READER, TRAINING
from digitdesk.messages.run import (
    EpochFinished,
    RunEvent,
    RunExtended,
    RunFinished,
    RunNotKept,
    TrainingConfig,
)
from digitdesk.session.session import Session
from digitdesk.training.checkpoint import Checkpoint
from tests.training.small_runs import write_idx_folder


@pytest.fixture
def home(tmp_path: Path) -> UserPaths:
    write_idx_folder(tmp_path / "stripes", train_count=200, test_count=40)
    return UserPaths.under(tmp_path / "home")


@pytest.fixture
def quick(tmp_path: Path) -> TrainingConfig:
    return TrainingConfig(
        model="flatten dense(10)", data=str(tmp_path / "stripes"), epochs=1, device="cpu", threads=1
    )


def opened(home: UserPaths) -> Session:
    return Session(home, environ={})


def until(session: Session, kind: type[RunEvent]) -> list[RunEvent]:
    """Drain events up to the first of a kind."""
    events: list[RunEvent] = []
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        events += session.drain_events(limit=1)
        if events and isinstance(events[-1], kind):
            return events
        time.sleep(0.001)
    raise AssertionError(f"no {kind.__name__} came")


def run(session: Session, config: TrainingConfig) -> dict[str, bytes]:
    """Train to the end; returns the weights."""
    session.start_training(config)
    until(session, RunFinished)
    return weights(session, TRAINING)


def weights(session: Session, key: str) -> dict[str, bytes]:
    return {name: a.tobytes() for name, a in session._library.stored(key).arrays.items()}


def unsaved_keys(session: Session) -> list[str]:
    return [entry.key for entry in session.models() if not entry.is_saved]


def test_the_next_run_takes_nothing_away(home: UserPaths, quick: TrainingConfig) -> None:
    session = opened(home)
    first = run(session, quick)
    assert unsaved_keys(session) == [TRAINING]
    assert session.library() == ()
    second = run(session, dataclasses.replace(quick, seed=1))
    live, kept = unsaved_keys(session)
    assert (live, weights(session, kept)) == (TRAINING, first)
    assert second != first
    assert session.models()[0].is_saved
    assert [entry.key for entry in session.library()] == [kept]


def test_closing_and_starting_again_loses_none(home: UserPaths, quick: TrainingConfig) -> None:
    session = opened(home)
    trained = [run(session, dataclasses.replace(quick, seed=seed)) for seed in range(3)]
    assert session.close()
    again = opened(home)
    assert again.unfinished_run() is None
    entries = again.library()
    assert [entry.is_saved for entry in entries] == [False] * 3
    assert unsaved_keys(again) == [entry.key for entry in entries]
    assert [weights(again, entry.key) for entry in reversed(entries)] == trained


def test_a_kill_just_after_the_last_epoch_loses_nothing(
    home: UserPaths, quick: TrainingConfig
) -> None:
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from digitdesk.files.paths import UserPaths\n"
        "from digitdesk.messages.run import TrainingConfig\n"
        "from digitdesk.session import run_services\n"
        "from digitdesk.session.session import Session\n"
        # The last moment in which the network is nowhere but in the run's state.
        "run_services.calibrate = lambda *_: os._exit(9)\n"
        "session = Session(UserPaths.under(Path(sys.argv[1])), environ={})\n"
        "session.start_training(TrainingConfig(model='flatten dense(10)', data=sys.argv[2],\n"
        "    epochs=1, device='cpu', threads=1))\n"
        "session._training._worker.join(60)\n"
    )
    arguments = [sys.executable, "-c", code, str(home.data.parent), quick.data]
    assert subprocess.run(arguments, check=False, timeout=120).returncode == 9
    session = opened(home)
    unfinished = session.unfinished_run()
    assert unfinished is not None
    assert unfinished.epoch == unfinished.epochs == 1
    session.resume_training()
    until(session, RunFinished)
    wanted = opened(UserPaths.under(home.data / "other"))
    assert weights(session, TRAINING) == run(wanted, quick)
    assert unsaved_keys(session) == [TRAINING]
    assert session.unfinished_run() is None


def test_a_stopped_run_is_kept_and_replaced_when_it_goes_on(
    home: UserPaths, quick: TrainingConfig
) -> None:
    session = opened(home)
    session.start_training(dataclasses.replace(quick, epochs=2_000))
    until(session, EpochFinished)
    session.stop()
    until(session, RunFinished)
    assert unsaved_keys(session) == [TRAINING]
    session.resume_training()
    until(session, EpochFinished)
    session.stop()
    until(session, RunFinished)
    assert session.close()
    assert len(opened(home).library()) == 1, "it is one run"


def test_a_stopped_run_that_goes_on_in_a_later_session_is_one_run(
    home: UserPaths, quick: TrainingConfig
) -> None:
    session = opened(home)
    session.start_training(dataclasses.replace(quick, epochs=2_000))
    until(session, EpochFinished)
    session.stop()
    until(session, RunFinished)
    assert session.close()
    for _later in range(2):
        session = opened(home)
        assert len(session.library()) == 1
        session.resume_training()
        until(session, EpochFinished)
        session.stop()
        until(session, RunFinished)
        steps = session.card(TRAINING).epochs
        assert session.close()
    (kept,) = opened(home).library()
    assert kept.card is not None
    assert kept.card.epochs == steps


def test_a_run_goes_on_beside_a_network_that_is_not_its_own(
    home: UserPaths, quick: TrainingConfig
) -> None:
    """What stands in a file decides nothing: another run may have taken the name meanwhile."""
    session = opened(home)
    run(session, dataclasses.replace(quick, seed=7))
    other = weights(session, TRAINING)
    assert session.close()
    (kept,) = opened(home).library()
    session = opened(home)
    session.start_training(dataclasses.replace(quick, epochs=2_000))
    until(session, EpochFinished)
    session.stop()
    until(session, RunFinished)
    assert session.close()
    for name in (kept.path.name, f"../unsaved/{kept.path.name}", str(kept.path)):
        session = opened(home)
        store = session._training._unfinished
        state = store.load()
        assert state is not None
        facts = dataclasses.replace(state.facts, network=name)
        store.keep(Checkpoint(facts, state.arrays))
        session.resume_training()
        until(session, EpochFinished)
        session.stop()
        until(session, RunFinished)
        assert weights(session, kept.key) == other
        assert session.close()


@pytest.mark.parametrize("test_count", [0, 40])
def test_a_network_learns_only_as_long_as_its_run(
    home: UserPaths, quick: TrainingConfig, tmp_path: Path, test_count: int
) -> None:
    folder = tmp_path / "few"
    write_idx_folder(folder, train_count=200, test_count=test_count)
    session = opened(home)
    session.start_training(dataclasses.replace(quick, data=str(folder), epochs=2_000))
    until(session, EpochFinished)
    assert session.models()[1].is_learning
    session.stop()
    until(session, RunFinished)
    assert not session.models()[1].is_learning


def test_another_epoch_is_the_same_run(home: UserPaths, quick: TrainingConfig) -> None:
    session = opened(home)
    run(session, quick)
    session.add_epochs()
    until(session, RunFinished)
    two_epochs = weights(session, TRAINING)
    assert session.close()
    (kept,) = opened(home).library()
    assert kept.card is not None
    assert kept.card.epochs == 2
    assert weights(opened(home), kept.key) == two_epochs


def test_several_epochs_are_added_at_once(home: UserPaths, quick: TrainingConfig) -> None:
    session = opened(home)
    run(session, quick)
    session.add_epochs(3)
    events = until(session, RunFinished)
    extended = [event.epochs for event in events if isinstance(event, RunExtended)]
    assert extended == [4]
    assert [event.epoch for event in events if isinstance(event, EpochFinished)] == [2, 3, 4]


def test_what_is_saved_is_no_longer_not_saved(
    home: UserPaths, quick: TrainingConfig, tmp_path: Path
) -> None:
    session = opened(home)
    run(session, quick)
    first = session.save_model(TRAINING, tmp_path / "first.npz")
    assert unsaved_keys(session) == []
    run(session, dataclasses.replace(quick, seed=1))
    assert unsaved_keys(session) == [TRAINING]
    session.start_training(quick)
    until(session, RunFinished)
    live, kept = unsaved_keys(session)
    session.save_model(kept, tmp_path / "second.pkl")
    assert unsaved_keys(session) == [live]
    assert {entry.path for entry in session.models()} >= {first.path, tmp_path / "second.pkl"}
    session.save_model(live, tmp_path / "third.npz")
    assert session.library() == ()


def test_what_is_thrown_away_can_be_had_back(home: UserPaths, quick: TrainingConfig) -> None:
    session = opened(home)
    trained = run(session, quick)
    ticket = session.delete_model(TRAINING)
    assert [entry.key for entry in session.models()] == [READER]
    path = session.restore_model(ticket)
    (entry,) = session.library()
    assert (entry.path, entry.is_saved) == (path, False)
    assert weights(session, entry.key) == trained


def test_a_run_that_never_began_keeps_nothing(
    home: UserPaths, quick: TrainingConfig, tmp_path: Path
) -> None:
    session = opened(home)
    run(session, quick)
    session.start_training(dataclasses.replace(quick, data=str(tmp_path / "nowhere")))
    until(session, RunFinished)
    assert unsaved_keys(session) == [TRAINING]
    assert session.library() == ()


def test_a_full_disk_is_said_and_the_state_stays(home: UserPaths, quick: TrainingConfig) -> None:
    session = opened(home)
    (home.data).mkdir(parents=True)
    (home.data / "unsaved").write_text("in the way")
    session.start_training(quick)
    events = until(session, RunFinished)
    assert any(isinstance(event, RunNotKept) for event in events)
    assert session.unfinished_run() is not None
    assert [entry.key for entry in session.models()] == [READER, TRAINING]


def test_another_open_window_loses_none_to_this_one(
    home: UserPaths, quick: TrainingConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digitdesk.storage.unsaved_models.MOST_KEPT", 1)
    first = opened(home)
    for seed in range(3):
        run(first, dataclasses.replace(quick, seed=seed))
    second = opened(home)
    assert len(second.library()) == 3
    assert first.close()
    assert second.close()
    assert len(opened(home).library()) == 1
