"""The file of the interrupted run: after a kill it is there, whole, and the run goes on from it."""

from __future__ import annotations

import subprocess
import sys
import time
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


def killed_while_training(home: Path, after_seconds: float) -> None:
    """Train in another process, and end that without a warning soon after it first saved."""
    data = home / "stripes"
    write_idx_folder(data, train_count=64)
    process = subprocess.Popen([sys.executable, "-c", TRAINS_FOREVER, str(home), str(data)])
    try:
        deadline = time.monotonic() + 120
        while not (home / "data" / FILE_NAME).exists():
            assert time.monotonic() < deadline
            assert process.poll() is None
            time.sleep(0.01)
        time.sleep(after_seconds)
    finally:
        process.kill()
        process.wait(10)


def test_a_killed_run_is_offered_and_goes_on(tmp_path: Path) -> None:
    killed_while_training(tmp_path, 0.3)
    session = Session(UserPaths.under(tmp_path), environ={})
    assert [path.name for path in (tmp_path / "data").iterdir()] == [FILE_NAME]
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
