"""Garbage is collected by the window's clock, and not while a hand is at work."""

from __future__ import annotations

import gc
import tkinter as tk
from collections.abc import Iterator

import pytest

from digitdesk.ui.window import garbage
from digitdesk.ui.window.garbage import GarbageCollection

pytestmark = pytest.mark.window

YOUNG, ALL = 1, 2


@pytest.fixture
def collected(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int | str]]:
    """The generations that were collected, in turn, and when the rest was frozen."""
    told: list[int | str] = []
    monkeypatch.setattr(gc, "collect", lambda generation=ALL: told.append(generation))
    monkeypatch.setattr(gc, "freeze", lambda: told.append("frozen"))
    yield told
    gc.enable()


@pytest.fixture
def field(root: tk.Tk) -> Iterator[tk.Frame]:
    """Something to press the mouse on; what the clock was to call ends with it."""
    frame = tk.Frame(root, width=50, height=50)
    frame.place(x=0, y=0)
    root.update()
    yield frame
    frame.destroy()


def test_everything_is_collected_now_and_then_and_what_stays_is_frozen_once(
    field: tk.Frame, collected: list[int | str]
) -> None:
    collection = GarbageCollection(field)
    assert not gc.isenabled()
    for _ in range(2 * garbage._FULL_ROUNDS):
        collection.look()
    young = [YOUNG] * (garbage._FULL_ROUNDS - 1)
    assert collected == [*young, ALL, "frozen", *young, ALL]


def test_nothing_is_collected_while_a_button_is_held_nor_just_after(
    field: tk.Frame, collected: list[int | str]
) -> None:
    collection = GarbageCollection(field)
    field.event_generate("<Button-1>", x=5, y=5)
    for _ in range(garbage._FULL_ROUNDS + 3):
        collection.look()
    field.event_generate("<ButtonRelease-1>", x=9, y=9)
    collection.look()
    assert collected == []
    collection.look()
    assert collected == [ALL, "frozen"]


def test_no_stroke_is_waited_for_without_end(field: tk.Frame, collected: list[int | str]) -> None:
    collection = GarbageCollection(field)
    field.event_generate("<Button-1>", x=5, y=5)
    for _ in range(garbage._MOST_ROUNDS):
        collection.look()
    assert collected == [ALL, "frozen"]
    field.event_generate("<ButtonRelease-1>", x=5, y=5)


def test_the_clock_calls_it(field: tk.Frame, collected: list[int | str], wait_until) -> None:
    GarbageCollection(field)
    wait_until(lambda: collected)
    assert collected[0] == YOUNG
