"""One run of an experiment: its record, and that it is the same however often it was paused."""

from __future__ import annotations

import dataclasses
import datetime
import math
import sys
from pathlib import Path
from typing import Any

import pytest

from digitdesk.experiments.folder import ExperimentFolder, TrialRecord
from digitdesk.experiments.trial import PAUSE, Trial, TrialTask, _in_numbers
from digitdesk.messages.experiments.plan import Plan
from digitdesk.messages.experiments.progress import TrialState
from digitdesk.messages.run import EpochFinished, TrainingConfig
from digitdesk.session.dataset_cache import DatasetCache
from digitdesk.session.run_services import run_services
from digitdesk.storage.model_file import load_model
from tests.training.small_runs import MLP, write_idx_folder

NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("sets") / "stripes"
    write_idx_folder(folder, train_count=300, test_count=100)
    return str(folder)


class Place:
    """A folder for one run, made again and again."""

    def __init__(self, path: Path, config: TrainingConfig) -> None:
        self.folder = ExperimentFolder.make(path / "e", Plan("x"), NOW)
        self._task = TrialTask(str(self.folder.path), 1, 1, 0, config)
        self._services = run_services(DatasetCache(path, lambda chosen: None))

    def make(self, *, stop_at_epoch: int = 0, why: str = PAUSE) -> str:
        """Make the run, or as much of it; returns its outcome."""
        said: list[dict[str, Any]] = []

        def tell(message: dict[str, Any]) -> None:
            said.append(message)
            if message["kind"] == "epoch" and message["epoch"]["epoch"] == stop_at_epoch:
                trial.stop(why)

        trial = Trial(self._task, self._services, tell)
        trial.work()
        assert said[-1]["kind"] == "over"
        return str(said[-1]["outcome"])

    @property
    def record(self) -> TrialRecord:
        record = self.folder.record(1)
        assert record is not None
        return record


def config(data: str, **settings: Any) -> TrainingConfig:
    usual = TrainingConfig(model=MLP, data=data, epochs=4, batch_size=32, device="cpu", threads=1)
    return dataclasses.replace(usual, **settings)


def told(record: TrialRecord) -> TrialRecord:
    """What may not depend on pauses: all but how long it took."""
    epochs = tuple(dataclasses.replace(epoch, seconds=0.0) for epoch in record.epochs)
    return dataclasses.replace(record, epochs=epochs, seconds=0.0, images_per_second=0.0)


def test_a_run_leaves_a_record_and_a_network_and_no_state(data: str, tmp_path: Path) -> None:
    place = Place(tmp_path, config(data))
    assert place.make() == "finished"
    assert len(place.record.epochs) == 4 and place.record.parameter_count > 10_000
    card = load_model(place.folder.model(1)).card
    assert card.test_accuracy == place.record.test_accuracy
    assert not place.folder.state(1).exists()


@pytest.mark.parametrize("settings", [{}, {"keep_best": True, "average": 0.9}], ids=["", "best"])
@pytest.mark.parametrize("epoch", [1, 3, 4])
def test_a_pause_changes_nothing(
    data: str, tmp_path: Path, epoch: int, settings: dict[str, Any]
) -> None:
    (tmp_path / "a").mkdir(), (tmp_path / "b").mkdir()
    whole = Place(tmp_path / "a", config(data, **settings))
    whole.make()
    paused = Place(tmp_path / "b", config(data, **settings))
    assert paused.make(stop_at_epoch=epoch) == "pause"
    assert paused.folder.record(1) is None
    assert paused.make() == "finished"
    assert told(paused.record) == told(whole.record)


def test_a_state_of_other_settings_is_not_gone_on_with(data: str, tmp_path: Path) -> None:
    place = Place(tmp_path, config(data))
    place.make(stop_at_epoch=2)
    other = dataclasses.replace(place._task, config=config(data, learning_rate=0.5))
    place._task = other
    place.make()
    assert load_model(place.folder.model(1)).card.config["learning_rate"] == 0.5


def test_one_that_promises_little_keeps_its_epochs(data: str, tmp_path: Path) -> None:
    place = Place(tmp_path, config(data))
    assert place.make(stop_at_epoch=2, why=TrialState.HOPELESS.value) == "hopeless"
    assert place.record.ended is TrialState.HOPELESS
    assert len(place.record.epochs) == 2
    assert not place.folder.model(1).exists()


def test_refused_and_diverged_runs_have_a_reason(data: str, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir(), (tmp_path / "b").mkdir()
    refused = Place(tmp_path / "a", config(data, model="flatten dense(7)"))
    assert refused.make() == "failed"
    assert refused.record.problem is not None and "last layer" in refused.record.problem.what
    wild = config(data, optimizer="sgd", learning_rate=100.0, loss="squared-error", epochs=40)
    diverged = Place(tmp_path / "b", wild)
    assert diverged.make() == "failed"
    assert diverged.record.problem is not None and "diverged" in diverged.record.problem.what


def test_a_loss_that_is_no_number_can_be_written_down() -> None:
    wild = EpochFinished(1, 1, 9, math.inf, 0.1, math.nan, 0.1, None, None, 1.0)
    told = _in_numbers(wild)
    assert told.train_loss == told.validation_loss == sys.float_info.max
    assert told.test_loss is None
    calm = EpochFinished(1, 1, 9, 0.5, 0.1, 0.5, 0.1, None, None, 1.0)
    assert _in_numbers(calm) == calm


def test_a_record_cut_short_is_none(data: str, tmp_path: Path) -> None:
    place = Place(tmp_path, config(data))
    place.make()
    path = place.folder.run(1) / "record.json"
    path.write_bytes(path.read_bytes()[:40])
    assert ExperimentFolder(place.folder.path).record(1) is None
