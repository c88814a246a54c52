from __future__ import annotations

import pytest

from digitdesk.messages.run import TrainingConfig
from digitdesk.ui.train.form_rules import RULES, Number, WholeNumber


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.001", 0.001),
        ("1e-3", 0.001),
        ("1/12", 1 / 12),
        ("10 %", 0.1),
        (" .5 ", 0.5),
        ("0,5", 0.5),
    ],
)
def test_numbers_may_be_typed_in_many_ways(text: str, value: float) -> None:
    assert Number(0.0, 1.0).parse(text) == pytest.approx(value, abs=0)


@pytest.mark.parametrize("text", ["", "x", "nan", "inf", "-1", "1.01", "1/0", "1e400", "--1"])
def test_other_texts_are_refused_with_the_range(text: str) -> None:
    with pytest.raises(ValueError, match="a number from 0 to 1"):
        Number(0.0, 1.0).parse(text)


def test_an_open_range_leaves_its_low_end_out() -> None:
    with pytest.raises(ValueError, match="above 0"):
        Number(0.0, 10.0, open_low=True).parse("0")


def test_whole_numbers() -> None:
    rule = WholeNumber(1, 10_000)
    assert rule.parse("6,000") == 6000
    for text in ("", "0", "10001", "1.5", "ten"):
        with pytest.raises(ValueError, match="a whole number from 1 to 10,000"):
            rule.parse(text)
    assert WholeNumber(1, 5, optional=True).parse("  ") is None


def test_every_default_of_a_config_keeps_its_rule() -> None:
    config = TrainingConfig(learning_rate=0.001)
    for name, rule in RULES.items():
        value = getattr(config, name)
        assert rule.parse("" if value is None else repr(value)) == value
