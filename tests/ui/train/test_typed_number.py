"""How numbers may be typed, and that a form takes what the core takes, no more and no less."""

from __future__ import annotations

import dataclasses
import tkinter as tk
from typing import Any

import pytest
from fake_session import FakeSession
from three_tabs import Window

from digitdesk.errors import ConfigError
from digitdesk.messages.run import TrainingConfig
from digitdesk.messages.setting import Setting
from digitdesk.messages.setting_table import SETTINGS
from digitdesk.training.settings import check_config
from digitdesk.ui.controls.typed_number import parse
from tests.training.setting_probes import just_outside, lowest_and_highest

NUMBERS = [setting for setting in SETTINGS.values() if setting.is_number]
WHOLE = Setting("n", "N", "whole", "", "", low=1, high=10_000)
RATIO = Setting("r", "R", "number", "", "", low=0.0, high=1.0)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.001", 0.001),
        ("1e-3", 0.001),
        ("1/12", 1 / 12),
        ("10 %", 0.1),
        (" .5 ", 0.5),
        ("0,5", 0.5),
        ("０．５", 0.5),
        ("０，５", 0.5),
        ("１０％", 0.1),
        ("10\u00a0%", 0.1),
        ("１／１２", 1 / 12),
        ("½", 0.5),
    ],
)
def test_numbers_may_be_typed_in_many_ways(text: str, value: float) -> None:
    assert parse(RATIO, text) == pytest.approx(value, abs=0)


@pytest.mark.parametrize(
    "text", ["", "x", "nan", "inf", "-1", "1.01", "1/0", "1/", "1e400", "1e999999999", "--1"]
)
def test_other_texts_are_refused_with_the_range(text: str) -> None:
    with pytest.raises(ValueError, match="a number from 0 to 1"):
        parse(RATIO, text)


def test_an_open_range_leaves_its_end_out() -> None:
    with pytest.raises(ValueError, match="a number above 0, at most 1"):
        parse(dataclasses.replace(RATIO, low_is_open=True), "0")
    with pytest.raises(ValueError, match="a number from 0 to below 1"):
        parse(dataclasses.replace(RATIO, high_is_open=True), "1")


def test_whole_numbers() -> None:
    for text in ("6000", "6,000", "6 000", "6\u202f000", "6'000", "６，０００", " ６０００ "):
        assert parse(WHOLE, text) == 6000, text
    assert parse(dataclasses.replace(WHOLE, high=None), "1,234,567") == 1_234_567
    for text in ("2,5", "2，5", "1,00", "1 2", "1,2345", ",500", "60,00", "1,000,00", "1.5"):
        with pytest.raises(ValueError, match="a whole number from 1 to 10,000"):
            parse(WHOLE, text)
    for text in ("", "0", "10001", "ten", "9" * 5000):
        with pytest.raises(ValueError, match="a whole number from 1 to 10,000"):
            parse(WHOLE, text)
    assert parse(dataclasses.replace(WHOLE, none="all"), "  ") is None


def is_accepted(name: str, value: Any) -> bool:
    change: dict[str, Any] = {name: value}
    try:
        check_config(dataclasses.replace(TrainingConfig(), **change))
    except ConfigError:
        return False
    return True


@pytest.mark.window
@pytest.mark.parametrize("setting", NUMBERS, ids=lambda setting: setting.name)
def test_a_field_takes_what_the_core_takes(live: Window, setting: Setting) -> None:
    form = live.train.form
    for value in (None, *lowest_and_highest(setting), *just_outside(setting)):
        form.values[setting.name].set("" if value is None else repr(value))
        assert (setting.name not in form.problems) is is_accepted(setting.name, value), value
        if setting.name not in form.problems:
            assert getattr(form.settings(), setting.name) == value


@pytest.mark.window
def test_an_untouched_form_and_a_command_without_flags_want_the_same(
    live: Window, session: FakeSession
) -> None:
    form, usual = live.train.form.settings(), TrainingConfig()
    assert form.learning_rate == session.choices.default_learning_rate(usual.optimizer)
    assert dataclasses.replace(form, learning_rate=None) == usual


@pytest.mark.window
def test_every_setting_has_a_field(live: Window) -> None:
    assert {*live.train.form.controls, "data"} == set(SETTINGS)


@pytest.mark.window
def test_a_decimal_in_a_whole_number_is_refused_and_said(live: Window, root: tk.Tk) -> None:
    train = live.train
    live.show(train)
    entry = train.form.controls["epochs"]
    entry.focus_force()
    for text, is_right in (("2,5", False), ("２", True), ("1,000", True)):
        entry.delete(0, "end")
        root.update()
        for letter in text:
            entry.insert("end", letter)
        root.update()
        assert train.buttons.start_button.instate(["!disabled"]) is is_right, text
        assert ("a whole number" in train.problem.cget("text")) is not is_right
    assert train.form.settings().epochs == 1000
