"""The file of the interrupted run: after a kill it is there, whole, and the run goes on from it."""

from __future__ import annotations

import contextlib
import errno
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from digitdesk.errors import ModelFileError
from digitdesk.files.paths import UserPaths
from digitdesk.messages.run import RunFinished, RunStarted
from digitdesk.session.checkpoint_store import FILE_NAME, CheckpointStore
from digitdesk.session.session import Session
from tests.kept_files import kept_files
from tests.training.small_runs import MLP, config, differences, run, small_data, write_idx_folder

TRAINS_FOREVER = """
import sys
from pathlib import Path
from digitdesk.messages.run import TrainingConfig
from digitdesk.files.paths import UserPaths
from digitdesk.session.session import Session
from digitdesk.training import trainer
trainer.KEEP_SECONDS = 0.0  # as often as it can, so that the kill comes while it writes
session = Session(UserPaths.under(Path(sys.argv[1])), environ={})
session.start_training(TrainingConfig(
    model="softmax", data=sys.argv[2], epochs=10_000, validation_fraction=0, device="cpu",
    threads=1))
while True:
    session.drain_events()
"""


@contextlib.contextmanager
def training_elsewhere(home: Path) -> Iterator[None]:
    """Train in another process, from its first save on, and end that without a warning."""
    data = home / "stripes"
    write_idx_folder(data, train_count=64)
    process = subprocess.Popen([sys.executable, "-c", TRAINS_FOREVER, str(home), str(data)])
    try:
        deadline = time.monotonic() + 120
        while not (home / "data" / FILE_NAME).exists():
            assert time.monotonic() < deadline
            assert process.poll() is None
            time.sleep(0.01)
        yield
    finally:
        process.kill()
        process.wait(10)


def killed_while_training(home: Path, after_seconds: float) -> None:
    """Train in another process, and kill that soon after it first saved."""
    with training_elsewhere(home):
        time.sleep(after_seconds)


def test_a_killed_run_is_offered_and_goes_on(tmp_path: Path) -> None:
    killed_while_training(tmp_path, 0.3)
    session = Session(UserPaths.under(tmp_path), environ={})
    assert kept_files(tmp_path / "data") == [FILE_NAME]
    unfinished = session.unfinished_run()
    assert unfinished is not None
    assert unfinished.step == unfinished.epoch > 0
    session.resume_training()
    deadline = time.monotonic() + 60
    started = None
    while started is None and time.monotonic() < deadline:
        for event in session.drain_events():
            assert not isinstance(event, RunFinished), event.problem
            started = event if isinstance(event, RunStarted) else started
        time.sleep(0.01)
    assert started is not None
    assert started.first_step == unfinished.step
    assert session.close()


def test_a_run_that_goes_on_elsewhere_is_neither_offered_nor_lost(tmp_path: Path) -> None:
    data = tmp_path / "data"
    stopped = run(config(MLP, "sgd"), small_data(), close_at=10).last
    with training_elsewhere(tmp_path):
        here = CheckpointStore(data)
        assert here.facts() is None
        here.discard()
        assert FILE_NAME in kept_files(data)
        here.keep(stopped)
        mine = here.load()
        assert mine is not None
        assert mine.facts == stopped.facts
    assert here.load() is not None, "nobody's end changes what is ours"
    here.discard()
    here.release()
    left = here.facts()
    assert left is not None, "the other run is offered once its process is gone"
    assert left.data.endswith("stripes")


def test_of_two_interrupted_runs_each_window_is_offered_one(tmp_path: Path) -> None:
    first, second = CheckpointStore(tmp_path), CheckpointStore(tmp_path)
    stopped = run(config(MLP, "sgd"), small_data(), close_at=10).last
    first.keep(stopped)
    second.keep(stopped)
    first.release()
    second.release()
    assert kept_files(tmp_path) == ["unfinished-2.npz", "unfinished.npz"]
    assert first.load() is not None
    assert second.load() is not None
    first.discard()
    assert second.load() is not None
    second.discard()
    assert kept_files(tmp_path) == []


def test_a_command_that_ends_leaves_its_file_to_the_next(tmp_path: Path) -> None:
    for _command in range(3):
        session = Session(UserPaths.under(tmp_path), environ={})
        assert session.unfinished_run() is None
        assert session.close()
    assert [path.name for path in (tmp_path / "data").iterdir()] == [f".{FILE_NAME}.lock"]


def test_without_locks_a_run_is_kept_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_handle: int, _operation: int) -> None:
        raise OSError(errno.ENOLCK, "this file system has no locks")

    monkeypatch.setattr("fcntl.flock", refuse)
    stopped = run(config(MLP, "sgd"), small_data(), close_at=10).last
    CheckpointStore(tmp_path).keep(stopped)
    assert CheckpointStore(tmp_path).load() is not None


def test_facts_and_arrays_come_back_as_they_were(tmp_path: Path) -> None:
    file = CheckpointStore(tmp_path / "new folder")
    assert file.load() is None
    assert file.facts() is None
    stopped = run(config(MLP, "adam"), small_data(), close_at=10).last
    file.keep(stopped)
    loaded = file.load()
    assert loaded is not None
    assert loaded.facts == stopped.facts
    assert differences(loaded, stopped) == []
    facts = file.facts()
    assert facts is not None
    assert (facts.epoch, facts.epochs, facts.step, facts.total_steps) == (1, 3, 10, 21)
    assert facts.validation_accuracy == stopped.history[0].validation_accuracy
    file.discard()
    file.discard()
    assert file.load() is None


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    stopped = run(config(MLP, "sgd"), small_data(), close_at=1).last
    with pytest.raises(ModelFileError, match="Cannot make the folder"):
        CheckpointStore(tmp_path / "taken").keep(stopped)
