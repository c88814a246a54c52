"""Widgets that hear of a change as long as they live, and are not kept afterwards."""

from __future__ import annotations

import gc
import tkinter as tk
import weakref

import pytest

from digitdesk.ui.followers import _FEWEST, Followers
from digitdesk.ui.toolkit import theme

pytestmark = pytest.mark.window


def test_those_that_live_are_told_in_the_order_in_which_they_came(host: theme.Frame) -> None:
    followers, told = Followers(), list[str]()
    labels = {name: tk.Label(host) for name in "abc"}
    for name, label in labels.items():
        followers.add(label, lambda name=name: told.append(name))  # type: ignore[misc]
    followers.tell()
    labels["b"].destroy()
    followers.tell()
    assert told == ["a", "b", "c", "a", "c"]


def test_what_is_gone_is_not_kept_until_the_next_change(host: theme.Frame) -> None:
    followers = Followers()
    stays = tk.Label(host)
    lost = tk.Label(host)
    followers.add(lost, lost.winfo_name)
    remembered = weakref.ref(lost)
    lost.destroy()
    del lost
    for _ in range(_FEWEST):
        followers.add(stays, stays.winfo_name)
    gc.collect()
    assert remembered() is None


def test_many_that_live_are_all_kept(host: theme.Frame) -> None:
    followers, told = Followers(), list[int]()
    label = tk.Label(host)
    for number in range(3 * _FEWEST):
        followers.add(label, lambda number=number: told.append(number))  # type: ignore[misc]
    followers.tell()
    assert told == list(range(3 * _FEWEST))


def test_an_application_that_is_gone_is_not_asked(
    host: theme.Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> bool:
        raise tk.TclError("application has been destroyed")

    followers, told = Followers(), list[str]()
    lost = tk.Label(host)
    monkeypatch.setattr(lost, "winfo_exists", gone)
    followers.add(lost, lambda: told.append("gone"))
    followers.add(host, lambda: told.append("here"))
    followers.tell()
    assert told == ["here"]
