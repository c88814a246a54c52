"""What a run has told: its lines, epochs and changes, taken from its events alone."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import pytest

from digitdesk.messages.run import EpochFinished, RunExtended, RunPaused, SettingChanged
from digitdesk.training.history.run_history import LINES, RunHistory
from tests.training.small_runs import MLP, config, run, small_data

DATA = small_data()


@pytest.fixture(scope="module")
def told() -> RunHistory:
    history = RunHistory()
    commands = {9: [("change", "learning_rate", 0.002)], 14: [("extend",)]}
    for event in run(config(MLP, "sgd"), DATA, commands=commands).events:
        history.follow(event)
    return history


def test_it_follows_a_run_from_its_first_event_on(told: RunHistory) -> None:
    assert told.config == config(MLP, "sgd")
    assert told.epochs == 4
    assert [epoch.epoch for epoch in told.finished] == [1, 2, 3, 4]
    for name in LINES[2:]:
        xs, ys = told.series[name].points()
        assert xs == [1, 2, 3, 4]
        assert ys == [getattr(epoch, name) for epoch in told.finished]
    steps, losses = told.series["step_loss"].points()
    assert steps[-1] == 4.0
    assert len(losses) == len(told.series["train_loss"])
    assert [(mark.x, mark.name, mark.value) for mark in told.marks] == [
        (pytest.approx(9 / 7), "learning_rate", 0.002)
    ]


def test_it_says_whether_there_was_something_to_keep() -> None:
    history = RunHistory()
    assert history.is_empty
    assert not history.follow(RunPaused(1))
    assert history.follow(RunExtended(1, 5, 35))
    assert history.epochs == 5
    assert history.is_empty


def test_a_run_that_goes_on_has_what_it_told_before() -> None:
    stopped = run(config(MLP, "sgd"), DATA, close_at=16)
    resumed = run(config(MLP, "sgd"), DATA, resume_from=stopped.last)
    history, whole = RunHistory(), RunHistory()
    for event in resumed.events:
        history.follow(event)
    for event in run(config(MLP, "sgd"), DATA).events:
        whole.follow(event)
    for name in LINES[2:]:
        assert history.series[name].points() == whole.series[name].points()
    steps, losses = history.series["step_loss"].points()
    wanted_steps, wanted = whole.series["step_loss"].points()
    assert steps == wanted_steps
    assert losses == pytest.approx(wanted)
    assert history.series["train_loss"].points()[1] == pytest.approx(
        whole.series["train_loss"].points()[1]
    )


def test_a_run_of_a_version_that_kept_no_losses_has_its_epochs() -> None:
    stopped = run(config(MLP, "sgd"), DATA, close_at=16).last
    arrays = {name: array for name, array in stopped.arrays.items() if name != "losses"}
    history = RunHistory()
    old = dataclasses.replace(stopped, arrays=arrays)
    for event in run(config(MLP, "sgd"), DATA, resume_from=old).events:
        history.follow(event)
    assert history.series["step_loss"].points()[0][:2] == [1.0, 2.0]


def test_the_table_has_a_row_for_each_epoch_step_and_change(told: RunHistory) -> None:
    title, *rows = told.table().splitlines()
    assert title.startswith("kind,epoch,step,train_loss")
    assert all(row.count(",") == title.count(",") for row in rows)
    kinds = [row.split(",")[0] for row in rows]
    assert kinds.count("epoch") == 4
    assert kinds.count("change") == 1
    assert kinds.count("step") == len(told.series["step_loss"])


def test_another_smoothing_changes_the_smoothed_line_only(told: RunHistory) -> None:
    before = told.series["step_loss"].points()
    told.smooth(1e-9)
    assert told.series["train_loss"].points() == before
    told.smooth(25.0)
    assert told.series["train_loss"].points() != before
    assert told.series["step_loss"].points() == before


def test_a_value_is_the_last_one_before() -> None:
    history = RunHistory()
    epoch = EpochFinished(0, 1, 7, 0.5, 0.8, None, None, 0.6, 0.75, 1.0)
    history.follow(epoch)
    history.follow(dataclasses.replace(epoch, epoch=2, test_accuracy=0.85))
    history.follow(SettingChanged(0, 7, "momentum", 0.8))
    assert history.value_at("test_accuracy", 0.5) is None
    assert history.value_at("test_accuracy", 1.9) == 0.75
    assert history.value_at("test_accuracy", 2.0) == 0.85
    assert history.value_at("validation_loss", 2.0) is None


def test_it_needs_no_numpy() -> None:
    code = "import sys, digitdesk.training.history.run_history; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0
