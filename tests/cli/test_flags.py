"""Every setting has a flag, and a flag says what the core accepts, no more and no less."""

from __future__ import annotations

import pytest

from digitdesk.cli.arguments.train import training_config
from digitdesk.cli.parser import build_parser
from digitdesk.errors import ConfigError
from digitdesk.messages.run import TrainingConfig
from digitdesk.messages.setting import Setting
from digitdesk.messages.setting_table import SETTINGS
from digitdesk.training.settings import check_config
from tests.training.setting_probes import just_outside, lowest_and_highest

NUMBERS = [setting for setting in SETTINGS.values() if setting.is_number]


def config_of(*words: str) -> TrainingConfig:
    return training_config(build_parser().parse_args(["train", *words]), TrainingConfig())


@pytest.mark.parametrize("setting", NUMBERS, ids=lambda setting: setting.name)
def test_a_flag_takes_the_whole_range_and_nothing_outside(setting: Setting) -> None:
    flag = f"--{setting.name.replace('_', '-')}"
    for value in lowest_and_highest(setting):
        config = config_of(f"{flag}={value!r}")
        assert getattr(config, setting.name) == value
        check_config(config)
    for value in just_outside(setting):
        with pytest.raises(ConfigError, match=f"The {setting.title.lower()} cannot be used"):
            check_config(config_of(f"{flag}={value!r}"))


def test_without_flags_every_setting_has_its_default() -> None:
    config = config_of()
    assert {name: getattr(config, name) for name in SETTINGS} == {
        name: setting.default for name, setting in SETTINGS.items()
    }


def test_names_that_are_always_the_same_are_refused_at_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        config_of("--device", "tpu")
    assert "auto" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("flag", "typed", "value"),
    [
        ("--epochs", "1,000", 1000),
        ("--epochs", "１２", 12),
        ("--batch-size", "60 000", 60_000),
        ("--learning-rate", "0,05", 0.05),
        ("--learning-rate", "０．０５", 0.05),
        ("--learning-rate", "1e-3", 0.001),
        ("--validation-fraction", "1/12", 1 / 12),
        ("--validation-fraction", "１０％", 0.1),
    ],
)
def test_numbers_may_be_typed_as_in_the_window(flag: str, typed: str, value: float) -> None:
    name = flag.removeprefix("--").replace("-", "_")
    assert getattr(config_of(flag, typed), name) == value


@pytest.mark.parametrize("typed", ["2,5", "2.5", "2，5", "many", "", "1/0"])
def test_what_is_no_whole_number_is_none(typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        config_of("--epochs", typed)
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.endswith(f"expected a whole number from 1 to 10,000; received {typed!r}")
