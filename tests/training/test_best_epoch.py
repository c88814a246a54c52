"""Early stopping and the best epoch: by what is held out, the same after an interruption."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from digitdesk.errors import ConfigError
from digitdesk.messages.run import EpochFinished, RunExtended, SettingChanged, TrainingConfig
from digitdesk.training.best_epoch import BestEpoch, best_of
from digitdesk.training.settings import check_config
from tests.training.small_runs import MLP, config, differences, run, small_data, through_a_file

_CLEAN = small_data()
#: Half of what is judged by has wrong labels: certainty does harm, and the last epoch is not best.
_WRONG = np.where(np.arange(40) % 2, _CLEAN.validation_labels, 9 - _CLEAN.validation_labels)
DATA = dataclasses.replace(_CLEAN, validation_labels=_WRONG.astype(np.uint8))
#: Learns in an epoch or two, and jumps about after that.
WILD = dataclasses.replace(
    config(MLP, "sgd"), epochs=12, learning_rate=0.9, schedule="constant", keep_best=True
)


def epoch(number: int, accuracy: float | None, loss: float | None = 0.5) -> EpochFinished:
    return EpochFinished(0, number, 7 * number, 0.1, 1.0, loss, accuracy, 0.4, 1.0 - number, 1.0)


def test_the_best_is_told_by_what_is_held_out_and_never_by_the_test_set() -> None:
    history = [epoch(1, 0.8), epoch(2, 0.9, 0.4), epoch(3, 0.9, 0.3), epoch(4, 0.9, 0.3)]
    assert best_of(history) == 3
    assert best_of([epoch(1, None, None)]) == 0
    assert best_of([]) == 0


def test_the_finished_network_is_that_of_the_best_epoch() -> None:
    outcome = run(WILD, DATA)
    history = outcome.last.history
    best = best_of(history)
    assert outcome.finished.best_epoch == best < len(history), "the last was the best: no test"
    assert outcome.finished.test_accuracy == history[best - 1].test_accuracy
    as_long = dataclasses.replace(WILD, keep_best=False, epochs=best)
    shorter = run(as_long, DATA)
    kept = outcome.last.part("best")
    for name, array in shorter.last.part("weights").items():
        assert np.array_equal(kept[name], array), name


def test_it_ends_when_patience_is_over() -> None:
    patient = dataclasses.replace(WILD, keep_best=False, patience=2, epochs=40)
    outcome = run(patient, DATA)
    history, finished = outcome.last.history, outcome.finished
    assert finished.ending == "completed"
    assert finished.epochs == best_of(history) + 2 < 40
    assert finished.best_epoch == best_of(history)
    told = [event.epochs for event in outcome.events if isinstance(event, RunExtended)]
    assert told == [finished.epochs]


@pytest.mark.parametrize("close_at", [3, 14, 22])
def test_an_interrupted_run_ends_the_same(close_at: int, tmp_path: Path) -> None:
    patient = dataclasses.replace(WILD, patience=2, epochs=40)
    whole = run(patient, DATA)
    first = run(patient, DATA, close_at=close_at)
    rest = run(patient, DATA, resume_from=through_a_file(first.last, tmp_path))
    assert differences(whole.last, rest.last) == []
    assert whole.finished.test_accuracy == rest.finished.test_accuracy


def test_epochs_that_are_asked_for_are_trained() -> None:
    best = BestEpoch(TrainingConfig(patience=2))
    history = [epoch(1, 0.9), epoch(2, 0.8), epoch(3, 0.8)]
    assert best.is_too_long_ago(history)
    asked = (SettingChanged(0, 21, "epochs", 4),)
    assert not best.is_too_long_ago(history, asked, steps_per_epoch=7)
    longer = [*history, epoch(4, 0.7), epoch(5, 0.7)]
    assert best.is_too_long_ago(longer, asked, steps_per_epoch=7)


def test_without_images_held_out_nobody_can_tell() -> None:
    for wish in ({"keep_best": True}, {"patience": 3}):
        with pytest.raises(ConfigError, match="images held out"):
            check_config(dataclasses.replace(TrainingConfig(validation_fraction=0), **wish))
