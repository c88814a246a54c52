"""Numbers as the window writes them, and that no word of it goes past the catalogue."""

from __future__ import annotations

import ast
import gettext
import math
from pathlib import Path

import pytest

from digitdesk.ui.i18n import text

UI = Path(text.__file__).parents[1]


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


@pytest.mark.parametrize("path", sorted(UI.rglob("*.py")), ids=lambda path: path.name)
def test_every_visible_sentence_can_be_translated(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.keyword) and node.arg in ("text", "title", "label"):
            written = node.value
            bare = isinstance(written, ast.Constant) and isinstance(written.value, str)
            assert not (bare and any(map(str.isalpha, written.value))), ast.unparse(written)


def test_an_unknown_refusal_is_shown_as_it_is() -> None:
    assert text.refusal("something new") == "something new"
    assert "Draw" in text.refusal("empty")
