"""Items are what they were told last, and Tk hears of it only when that is new."""

from __future__ import annotations

import tkinter as tk
from typing import Any

import pytest

from digitdesk.ui.charts.steady_items import SteadyItems
from digitdesk.ui.toolkit import theme

pytestmark = pytest.mark.window


@pytest.fixture
def canvas(host: theme.Frame) -> theme.Canvas:
    return theme.Canvas(host)


def test_an_item_is_what_it_was_told_last(canvas: theme.Canvas) -> None:
    items, word, bar = SteadyItems(canvas), canvas.create_text(0, 0), canvas.create_line(0, 0, 1, 1)
    for text, fill in (("7", "red"), ("7", "blue"), ("1", "blue"), ("7", "red")):
        items.change(word, text=text, fill=fill)
        assert (canvas.itemcget(word, "text"), canvas.itemcget(word, "fill")) == (text, fill)
    for place in ((0, 0, 5, 5), (0, 0, 9, 5), (0, 0, 5, 5)):
        items.move(bar, *place)
        assert tuple(canvas.coords(bar)) == place


def test_tk_is_told_what_is_new_only(canvas: theme.Canvas, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(canvas, "itemconfigure", lambda _item, **options: told.append(options))
    monkeypatch.setattr(canvas, "coords", lambda _item, *place: told.append({"place": place}))
    items = SteadyItems(canvas)
    for text, right in (("7", 5), ("7", 5), ("1", 5), ("1", 6)):
        items.change(1, text=text, fill="red")
        items.move(2, 0, 0, right, 5)
    assert told == [
        {"text": "7", "fill": "red"},
        {"place": (0, 0, 5, 5)},
        {"text": "1"},
        {"place": (0, 0, 6, 5)},
    ]


def test_what_tk_refuses_was_not_told(canvas: theme.Canvas) -> None:
    items, word = SteadyItems(canvas), canvas.create_text(0, 0, fill="red")
    for _attempt in range(2):
        with pytest.raises(tk.TclError):
            items.change(word, fill="no color at all")
    assert canvas.itemcget(word, "fill") == "red"


def test_what_is_taken_away_is_forgotten(canvas: theme.Canvas) -> None:
    items, word, bar = SteadyItems(canvas), canvas.create_text(0, 0), canvas.create_line(0, 0, 1, 1)
    items.change(word, text="7")
    items.move(bar, 0, 0, 5, 5)
    items.delete(word, bar)
    assert canvas.find_all() == ()
    assert not items._options
    assert not items._places
