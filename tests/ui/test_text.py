from __future__ import annotations

import gettext
import math

import pytest

from digitdesk.ui import text


@pytest.mark.parametrize(
    ("ratio", "shown"),
    [(0.5, "50.0 %"), (1.0, "100.0 %"), (0.99999, "99.9 %"), (0.0, "0.0 %"), (None, "–")],
)
def test_percent_is_never_surer_than_the_ratio(ratio: float | None, shown: str) -> None:
    assert text.percent(ratio) == shown


def test_numbers_that_are_none_are_dashes() -> None:
    assert text.decimal(math.nan) == text.duration(math.inf) == text.percent(math.nan) == "–"


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.2, "0:00"), (42, "0:42"), (725, "12:05"), (3723, "1:02:03")]
)
def test_duration(seconds: float, shown: str) -> None:
    assert text.duration(seconds) == shown


def test_sentences_come_from_the_catalogue_in_use() -> None:
    class Shouting(gettext.NullTranslations):
        def gettext(self, message: str) -> str:
            return message.upper()

    text.use_catalogue(Shouting())
    try:
        assert text._("Draw") == "DRAW"
    finally:
        text.use_catalogue(gettext.NullTranslations())
    assert text._("Draw") == "Draw"


def test_an_unknown_refusal_is_shown_as_it_is() -> None:
    assert text.refusal("something new") == "something new"
    assert "Draw" in text.refusal("empty")
