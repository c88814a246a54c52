"""The file of the interrupted run: after a kill it is there, whole, and the run goes on from it."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from digitdesk.errors import ModelFileError
from digitdesk.messages import RunFinished, RunStarted
from digitdesk.paths import UserPaths
from digitdesk.session import Session
from digitdesk.unfinished import FILE_NAME, UnfinishedFile
from tests.training.small_runs import MLP, config, differences, run, small_data, write_idx_folder

TRAINS_FOREVER = """
import sys
from pathlib import Path
from digitdesk.messages import TrainingConfig
from digitdesk.paths import UserPaths
from digitdesk.session import Session
from digitdesk.training import trainer
trainer.KEEP_SECONDS = 0.0  # as often as it can, so that the kill comes while it writes
session = Session(UserPaths.under(Path(sys.argv[1])), environ={})
session.start_training(TrainingConfig(
    model="softmax", data=sys.argv[2], epochs=10_000, validation_fraction=0, device="cpu",
    threads=1))
while True:
    session.drain_events()
"""


def kept_files(home: Path) -> list[str]:
    """What is in the data folder of a home, but for the empty files that are only locked."""
    return sorted(p.name for p in (home / "data").iterdir() if p.suffix != ".lock")


@contextlib.contextmanager
def training_elsewhere(home: Path, file: str = FILE_NAME) -> Iterator[None]:
    """Train in another process, from its first save on, and end that without a warning."""
    data = home / "stripes"
    write_idx_folder(data, train_count=64)
    process = subprocess.Popen([sys.executable, "-c", TRAINS_FOREVER, str(home), str(data)])
    try:
        deadline = time.monotonic() + 120
        while not (home / "data" / file).exists():
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
    assert kept_files(tmp_path) == [FILE_NAME]
    unfinished = session.unfinished_run()
    assert unfinished is not None
    assert unfinished.step == unfinished.epoch > 0
    session.resume_training()
    deadline = time.monotonic() + 60
    started = None
    while started is None and time.monotonic() < deadline:
        for event in session.drain_events():
            assert not isinstance(event, RunFinished), event.message
            started = event if isinstance(event, RunStarted) else started
        time.sleep(0.01)
    assert started is not None
    assert started.first_step == unfinished.step
    assert session.close()


def test_a_run_that_goes_on_is_nobody_elses(tmp_path: Path) -> None:
    stopped = run(config(MLP, "sgd"), small_data(), close_at=10).last
    with training_elsewhere(tmp_path):
        here = UnfinishedFile(tmp_path / "data")
        assert here.facts() is None, "it is not offered while it goes on"
        here.discard()
        here.keep(stopped)
        kept = {name for name in kept_files(tmp_path) if not name.startswith(".")}
        assert kept == {FILE_NAME, FILE_NAME.replace(".", "-2.")}
        mine = here.load()
        assert mine is not None
        assert mine.facts == stopped.facts
    assert here.load() is not None, "nobody's end changes what is ours"
    here.discard()
    here.release()
    left = here.facts()
    assert left is not None
    assert left.data.endswith("stripes"), "the other run is offered once its process is gone"


def test_of_two_interrupted_runs_each_window_is_offered_one(tmp_path: Path) -> None:
    first, second = (UnfinishedFile(tmp_path / "data") for _window in range(2))
    stopped = run(config(MLP, "sgd"), small_data(), close_at=10).last
    first.keep(stopped)
    second.keep(stopped)
    first.release()
    second.release()
    assert len(kept_files(tmp_path)) == 2
    offered = first.load()
    assert offered is not None
    first.keep(offered)  # it goes on: from now on it is not offered to others
    second.discard()
    assert len(kept_files(tmp_path)) == 1
    assert second.load() is None
    assert first.load() is not None


def test_a_folder_without_locks_keeps_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_words: object) -> None:
        raise NotImplementedError("this file system has no locks")

    monkeypatch.setattr("filelock.BaseFileLock.acquire", refuse)
    file = UnfinishedFile(tmp_path)
    file.keep(run(config(MLP, "sgd"), small_data(), close_at=10).last)
    assert UnfinishedFile(tmp_path).load() is not None
    file.release()


def test_facts_and_arrays_come_back_as_they_were(tmp_path: Path) -> None:
    file = UnfinishedFile(tmp_path / "new folder")
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
        UnfinishedFile(tmp_path / "taken").keep(stopped)
