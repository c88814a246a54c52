"""Everything the engine can is a setting of a run: nothing stands in it that nobody can choose."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable
from typing import Any

import pytest

from digitdesk.errors import ConfigError
from digitdesk.messages.run import TrainingConfig
from digitdesk.messages.setting_table import SETTINGS
from digitdesk.nn.losses import LOSSES, make_loss
from digitdesk.nn.optim.ema import ExponentialMovingAverage
from digitdesk.nn.optim.optimizers import DEFAULT_LEARNING_RATES, make_optimizer
from digitdesk.nn.optim.schedules import SCHEDULES, make_schedule
from digitdesk.nn.spec.registry import WORDS
from digitdesk.training.settings import check_config, loss_of, optimizer_of, setting_table
from digitdesk.training.validation import validate
from tests.training.small_runs import MLP, config, run, small_data

#: What makes something of a run, and what its arguments are called among the settings.
MAKERS: dict[Callable[..., Any], dict[str, str]] = {
    make_optimizer: {"name": "optimizer"},
    make_schedule: {"name": "schedule", "peak": "learning_rate", "total_steps": "epochs"},
    make_loss: {"name": "loss"},
    ExponentialMovingAverage: {
        "decay": "average",
        "buffer": "",
    },
}


@pytest.mark.parametrize("maker", MAKERS, ids=lambda maker: maker.__name__)
def test_every_argument_is_a_setting(maker: Callable[..., Any]) -> None:
    for argument in inspect.signature(maker).parameters:
        name = MAKERS[maker].get(argument, argument)
        assert not name or name in SETTINGS, f"nobody can choose {argument}"


def test_every_name_the_engine_knows_can_be_chosen() -> None:
    table = {setting.name: setting for setting in setting_table()}
    assert set(table["optimizer"].choices) == set(DEFAULT_LEARNING_RATES)
    assert set(table["schedule"].choices) == set(SCHEDULES)
    assert set(table["loss"].choices) == set(LOSSES)


@pytest.mark.parametrize("word", WORDS)
def test_every_argument_of_a_layer_can_be_written(word: str) -> None:
    known = {argument.name for argument in WORDS[word].arguments}
    assert set(inspect.signature(WORDS[word].layer).parameters) == known


@pytest.mark.parametrize("name", ["l1", "l2", "weight_decay", "clip_norm", "momentum"])
def test_a_setting_reaches_the_optimizer(name: str) -> None:
    wanted = dataclasses.replace(TrainingConfig(optimizer="momentum"), **{name: 0.25})
    check_config(wanted)
    assert getattr(optimizer_of(wanted), name) == 0.25


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_is_taken_for_steps_and_for_validation(name: str) -> None:
    assert type(loss_of(TrainingConfig(loss=name))) is type(make_loss(name))
    assert "loss" in inspect.signature(validate).parameters


def test_squared_error_smooths_no_labels_and_needs_no_card() -> None:
    wanted = TrainingConfig(loss="squared-error", device="cpu")
    check_config(wanted)
    with pytest.raises(ConfigError, match="smooths no labels"):
        check_config(dataclasses.replace(wanted, label_smoothing=0.1))
    with pytest.raises(ConfigError, match="cross-entropy only"):
        check_config(dataclasses.replace(wanted, device="gpu"))


def test_squared_error_teaches_as_well() -> None:
    wanted = dataclasses.replace(config(MLP, "adam"), loss="squared-error", epochs=150)
    outcome = run(wanted, small_data())
    assert (outcome.finished.test_accuracy or 0) > 0.9
    told = [epoch.test_loss for epoch in outcome.last.history]
    assert 0 < (told[-1] or 0) < (told[0] or 0) / 3 < 0.1
