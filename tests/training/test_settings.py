"""The table of settings: the core accepts what it says, and nothing else."""

from __future__ import annotations

import dataclasses
import math
from fractions import Fraction
from typing import Any

import pytest

from digitdesk.errors import ConfigError
from digitdesk.messages.run import SettingChanged, TrainingConfig
from digitdesk.messages.setting import Setting
from digitdesk.messages.setting_table import LIVE_SETTINGS, SETTINGS
from digitdesk.nn.optim.optimizers import DEFAULT_LEARNING_RATES
from digitdesk.nn.optim.schedules import SCHEDULES, make_schedule
from digitdesk.training.checkpoint import change_table
from digitdesk.training.settings import changeable, check_change, check_config, setting_table
from tests.training.setting_probes import just_outside, lowest_and_highest

NUMBERS = [setting for setting in SETTINGS.values() if setting.is_number]


def accepts(name: str, value: Any) -> bool:
    change: dict[str, Any] = {name: value}
    try:
        check_config(dataclasses.replace(TrainingConfig(), **change))
    except ConfigError as error:
        assert SETTINGS[name].title.lower() in error.what
        assert error.expected == SETTINGS[name].expected
        return False
    return True


def test_the_table_names_every_setting_but_the_place_of_the_data() -> None:
    names = [field.name for field in dataclasses.fields(TrainingConfig)]
    assert sorted([*SETTINGS, "data_dir"]) == sorted(names)
    assert all(setting.accepts(setting.default) for setting in SETTINGS.values())


@pytest.mark.parametrize("setting", NUMBERS, ids=lambda setting: setting.name)
def test_the_core_accepts_the_whole_range_and_nothing_outside(setting: Setting) -> None:
    for value in lowest_and_highest(setting):
        assert accepts(setting.name, value), value
    for value in (*just_outside(setting), "1", True):
        assert not accepts(setting.name, value), value
    assert accepts(setting.name, None) is bool(setting.none)
    if setting.kind == "number":
        assert not accepts(setting.name, math.nan)
        assert not accepts(setting.name, math.inf)
    else:
        assert not accepts(setting.name, 1.5)


@pytest.mark.parametrize("setting", NUMBERS, ids=lambda setting: setting.name)
def test_what_is_usual_is_inside_the_range(setting: Setting) -> None:
    if setting.usual is not None:
        low, high = setting.usual.low, setting.usual.high
        assert low < high
        assert accepts(setting.name, type(setting.low)(low))
        assert accepts(setting.name, type(setting.low)(high))
        assert low > 0 or not setting.usual.is_log


def test_names_are_those_the_makers_know() -> None:
    choices = {setting.name: setting.choices for setting in setting_table()}
    assert choices["optimizer"] == tuple(DEFAULT_LEARNING_RATES)
    assert choices["schedule"] == SCHEDULES
    for name in choices["schedule"]:
        make_schedule(name, peak=0.1, total_steps=10)
    for name in ("optimizer", "schedule", "device"):
        with pytest.raises(ConfigError, match=f"The {name} cannot be used; expected one of"):
            check_config(dataclasses.replace(TrainingConfig(), **{name: "fastest"}))


def test_what_is_live_can_be_changed_and_kept() -> None:
    config = TrainingConfig(model="flatten dense(8) dropout(0.5) dense(10)", optimizer="momentum")
    assert set(changeable(config)) == set(LIVE_SETTINGS)
    for name, setting in LIVE_SETTINGS.items():
        for value in lowest_and_highest(setting):
            check_change(config, name, value)
        for value in just_outside(setting):
            with pytest.raises(ConfigError, match="cannot be used"):
                check_change(config, name, value)
    changes = [SettingChanged(0, 1, name, 0.5) for name in LIVE_SETTINGS]
    assert len(change_table(changes)) == len(LIVE_SETTINGS)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (64, "64"),
        (4294967295, "4294967295"),
        (0.001, "0.001"),
        (1 / 12, "1/12"),
        (0.1 + 0.2, repr(0.1 + 0.2)),
        (None, ""),
        ("adam", "adam"),
        (True, "on"),
        (False, "off"),
        (1.0, "1"),
    ],
)
def test_a_value_is_written_so_that_it_can_be_read_back(value: Any, text: str) -> None:
    assert SETTINGS["momentum"].written(value) == text
    if isinstance(value, float):
        assert float(Fraction(text)) == value
