"""The facade as the window and the command line use it, with real training on small data."""

from __future__ import annotations

import dataclasses
import itertools
import time
from pathlib import Path

import pytest

from digitdesk.errors import ConfigError, DigitDeskError, SpecError
from digitdesk.files.paths import UserPaths
from digitdesk.messages.exam import ExamData
from digitdesk.messages.model import READER, TRAINING
from digitdesk.messages.run import (
    EpochFinished,
    Progress,
    RunDiagnosis,
    RunEvent,
    RunExtended,
    RunFinished,
    RunPaused,
    RunPreparing,
    RunStarted,
    RunState,
    SettingChanged,
    Suggestion,
    TrainingConfig,
)
from digitdesk.session.checkpoint_store import CheckpointStore
from digitdesk.session.session import Session
from tests.time_limits import quickest
from tests.training.small_runs import write_idx_folder

ONE = (((140.0, 60.0), (140.0, 130.0), (138.0, 220.0)),)
LINEAR = "flatten dense(32) dense(32) dense(10)"
SMALL = TrainingConfig(model="mlp", data="handwriting", epochs=2, limit=300, seed=3, device="cpu")


@pytest.fixture
def session(user_paths: UserPaths) -> Session:
    return Session(user_paths, environ={})


@pytest.fixture
def quick(tmp_path: Path) -> TrainingConfig:
    """A run of five quick steps an epoch, on a small IDX set of its own."""
    folder = tmp_path / "stripes"
    write_idx_folder(folder, train_count=300, test_count=60)
    return dataclasses.replace(SMALL, data=str(folder), limit=None)


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
    assert prediction.preprocessed is not None
    assert len(prediction.preprocessed.pixels) == 28 * 28
    assert [entry.key for entry in session.models()] == [READER]


def test_a_glance_sees_about_the_same(session: Session) -> None:
    glance, look = session.read_strokes(ONE, at_a_glance=True), session.read_strokes(ONE)
    assert glance.label == look.label
    assert glance.preprocessed == look.preprocessed
    assert glance.probabilities != look.probabilities
    assert glance.probabilities == pytest.approx(look.probabilities, abs=0.05)


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


def test_pause_resume_stop(session: Session, quick: TrainingConfig) -> None:
    session.start_training(dataclasses.replace(quick, epochs=500))
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
    assert "nowhere" in last.problem.sentence


def test_bad_settings_are_refused_before_anything_starts(session: Session) -> None:
    with pytest.raises(ConfigError, match="learning rate"):
        session.start_training(dataclasses.replace(SMALL, learning_rate=-1))
    with pytest.raises(SpecError):
        session.start_training(dataclasses.replace(SMALL, model="flatten dens(10)"))
    assert session.state is RunState.IDLE


def test_a_closed_session_leaves_no_thread(session: Session, quick: TrainingConfig) -> None:
    session.start_training(dataclasses.replace(quick, epochs=500))
    assert session.close(timeout_seconds=30)


def test_closing_ends_a_run_within_a_second(tmp_path: Path, quick: TrainingConfig) -> None:
    homes = itertools.count()

    def close() -> float:
        session = Session(UserPaths.under(tmp_path / str(next(homes))), environ={})
        session.start_training(dataclasses.replace(quick, epochs=500))
        wait_for(session, EpochFinished)
        started = time.perf_counter()
        assert session.close(30)
        return time.perf_counter() - started

    assert quickest(close, 1) < 1


def test_an_unknown_model_is_a_sentence(session: Session, tmp_path: Path) -> None:
    with pytest.raises(DigitDeskError, match=r"absent\.npz"):
        session.read_strokes(ONE, str(tmp_path / "absent.npz"))


def wait_for(session: Session, kind: type[RunEvent], timeout_seconds: float = 60) -> RunEvent:
    deadline = time.monotonic() + timeout_seconds
    while time.monotonic() < deadline:
        for event in session.drain_events(limit=1):
            if isinstance(event, kind):
                return event
        time.sleep(0.002)
    raise AssertionError(f"no {kind.__name__} came")


def test_settings_change_while_a_run_goes_on(session: Session, quick: TrainingConfig) -> None:
    assert session.changeable_settings() == {}
    with pytest.raises(ConfigError, match="No run is going on"):
        session.change("learning_rate", 0.01)
    session.start_training(dataclasses.replace(quick, epochs=500))
    wait_for(session, EpochFinished)
    assert session.changeable_settings()["learning_rate"] == 0.001
    with pytest.raises(ConfigError, match="adam has no momentum"):
        session.change("momentum", 0.5)
    session.change("learning_rate", 0.0005)
    changed = wait_for(session, SettingChanged)
    assert isinstance(changed, SettingChanged)
    assert (changed.name, changed.value) == ("learning_rate", 0.0005)
    assert session.changeable_settings()["learning_rate"] == 0.0005
    session.add_epochs()
    extended = wait_for(session, RunExtended)
    assert isinstance(extended, RunExtended)
    assert extended.epochs == 501
    session.stop()
    drain_until_finished(session)
    config = session.card(TRAINING).config
    assert str(config["changes"]).startswith(f"learning_rate=0.0005@{changed.step} epochs=501@")


def test_single_steps_in_a_pause(session: Session, quick: TrainingConfig) -> None:
    session.start_training(dataclasses.replace(quick, epochs=500))
    session.pause()
    wait_for(session, RunPaused)
    for _ in range(2):
        session.single_step()
        event = wait_for(session, Progress)
        assert isinstance(event, Progress)
        assert session.state is RunState.PAUSED
    assert session.read_strokes(ONE, TRAINING).step == event.step
    assert session.close()


def test_a_completed_run_goes_on_by_an_epoch(session: Session, quick: TrainingConfig) -> None:
    with pytest.raises(ConfigError, match="no run to add an epoch to"):
        session.add_epochs()
    session.start_training(quick)
    drain_until_finished(session)
    assert session.unfinished_run() is None
    session.add_epochs()
    events = drain_until_finished(session)
    started = next(e for e in events if isinstance(e, RunStarted))
    assert [e.epoch for e in started.history] == [1, 2]
    assert [e.epoch for e in events if isinstance(e, EpochFinished)] == [3]
    assert session.card(TRAINING).epochs == 3


def test_a_closed_run_goes_on_in_another_session(
    user_paths: UserPaths, quick: TrainingConfig
) -> None:
    config = dataclasses.replace(quick, epochs=40, threads=2)
    whole = Session(user_paths, environ={})
    whole.train(config)
    wanted = whole._library.stored(TRAINING).arrays

    first = Session(user_paths, environ={})
    assert first.unfinished_run() is None
    with pytest.raises(ConfigError, match="no unfinished run"):
        first.resume_training()
    first.start_training(config)
    wait_for(first, EpochFinished)
    assert first.close(30)

    second = Session(user_paths, environ={})
    unfinished = second.unfinished_run()
    assert unfinished is not None
    assert (unfinished.title, unfinished.data) == ("mlp · stripes", quick.data)
    assert (unfinished.epochs, unfinished.total_steps) == (40, 200)
    assert unfinished.epoch * 5 <= unfinished.step < 200
    assert unfinished.config == config
    second.resume_training()
    events = drain_until_finished(second)
    resumed = next(e for e in events if isinstance(e, RunStarted))
    assert resumed.first_step == unfinished.step
    assert len(resumed.history) == unfinished.epoch
    arrays = second._library.stored(TRAINING).arrays
    assert all(arrays[name].tobytes() == wanted[name].tobytes() for name in wanted)
    assert second.unfinished_run() is None


def test_an_unfinished_run_may_take_another_learning_rate_or_be_forgotten(
    session: Session, quick: TrainingConfig
) -> None:
    session.start_training(dataclasses.replace(quick, epochs=500))
    wait_for(session, EpochFinished)
    session.stop()
    drain_until_finished(session)
    with pytest.raises(ConfigError, match="learning rate"):
        session.resume_training(learning_rate=-1)
    session.resume_training(learning_rate=0.0001)
    changed = wait_for(session, SettingChanged)
    assert isinstance(changed, SettingChanged)
    assert changed.value == 0.0001
    session.stop()
    drain_until_finished(session)
    session.discard_unfinished_run()
    assert session.unfinished_run() is None


def test_a_run_does_not_go_on_with_other_data(
    session: Session, user_paths: UserPaths, quick: TrainingConfig
) -> None:
    session.start_training(dataclasses.replace(quick, epochs=500))
    wait_for(session, EpochFinished)
    session.stop()
    drain_until_finished(session)
    assert session.close()  # It leaves the file to us, and we leave it to the session.
    file = CheckpointStore(user_paths.data)
    checkpoint = file.load()
    assert checkpoint is not None
    other = dataclasses.replace(checkpoint.facts, data_hash="0" * 64)
    file.keep(dataclasses.replace(checkpoint, facts=other))
    file.release()
    session.resume_training()
    last = drain_until_finished(session)[-1]
    assert isinstance(last, RunFinished)
    assert last.ending == "failed"
    assert "has changed since the run was interrupted" in last.problem.sentence


def test_a_diverged_run_leaves_weights_that_read(session: Session, quick: TrainingConfig) -> None:
    session.start_training(dataclasses.replace(quick, model=LINEAR, epochs=500, optimizer="sgd"))
    wait_for(session, EpochFinished)
    session.change("learning_rate", 100.0)
    events = drain_until_finished(session)
    last = events[-1]
    assert isinstance(last, RunFinished)
    assert (last.ending, session.state) == ("failed", RunState.IDLE)
    assert "no longer a number" in last.problem.sentence
    hint = next(e for e in events if isinstance(e, RunDiagnosis) and e.kind == "diverged")
    assert hint.suggestion == Suggestion("learning_rate", 0.1)
    assert sum(session.read_strokes(ONE, TRAINING).probabilities) == pytest.approx(1)


def test_the_library_renames_copies_deletes_and_restores(session: Session) -> None:
    copy = session.duplicate_model(READER)
    renamed = session.rename_model(copy.key, "My reader")
    assert renamed.path is not None
    assert renamed.path.name == "My reader.npz"
    assert [e.key for e in session.library()] == [renamed.key]
    assert [e.key for e in session.models()] == [READER, renamed.key]
    reading = session.read_strokes(ONE, renamed.key)
    assert reading.probabilities == session.read_strokes(ONE).probabilities
    ticket = session.delete_model(renamed.key)
    assert ticket.title == "My reader.npz"
    assert session.library() == ()
    assert [e.key for e in session.models()] == [READER]
    assert str(session.restore_model(ticket)) == renamed.key
    assert session.library()[0].card is not None
    for refused in (session.delete_model, lambda key: session.rename_model(key, "x")):
        with pytest.raises(ConfigError, match="no file"):
            refused(READER)


def test_samples_are_read_and_models_compared(session: Session, quick: TrainingConfig) -> None:
    sample = session.test_sample(3)
    prediction = session.read_picture(sample.picture)
    assert prediction.preprocessed == sample.picture
    key = session.duplicate_model(READER).key
    exams, data = session.exams, ExamData("dataset", quick.data)
    pair = exams.pair(exams.examine(READER, data).key, exams.examine(key, data).key)
    assert (pair.only_a, pair.only_b, pair.p_value) == (0, 0, 1.0)
    assert pair.agreed == pair.n > 0
    assert len(session.augmentation_preview("handwriting", 0.5, 3)) == 3


def test_models_are_compared_on_made_up_digits_where_mnist_is_not_here(session: Session) -> None:
    exams, (data, *_) = session.exams, session.exams.choices()
    assert data.name == "handwriting"
    session.train(SMALL)
    good, weak = exams.examine(READER, data), exams.examine(TRAINING, data)
    pair = exams.pair(good.key, weak.key)
    assert pair.both_right + pair.only_a == good.evaluation.correct > 0.95 * pair.n
    assert pair.both_right + pair.only_b == weak.evaluation.correct < good.evaluation.correct


def test_a_network_that_reads_in_views_is_judged_as_it_reads(session: Session) -> None:
    plain, averaged = (
        session.train(dataclasses.replace(SMALL, epochs=1, test_time_averaging=several))
        for several in (False, True)
    )
    card = session.card(TRAINING)
    assert card.test_time_averaging and card.test_accuracy == averaged.test_accuracy
    exam = session.exams.examine(TRAINING, ExamData("dataset", "handwriting"))
    assert averaged.test_accuracy == exam.evaluation.accuracy
    # The same weights: only the way of reading differs.
    assert averaged.test_accuracy != plain.test_accuracy
