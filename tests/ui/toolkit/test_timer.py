"""Timers end with their widget, and go on when the clock is set back."""

from __future__ import annotations

import time
import tkinter as tk

import pytest

from digitdesk.ui.toolkit.timer import Timer, follow_clock


def test_a_timer_of_a_widget_that_is_gone_never_fires(root: tk.Tk, wait_until) -> None:
    fired: list[str] = []
    frame = tk.Frame(root)
    early, late = (Timer(frame, 1, lambda name=name: fired.append(name)) for name in "ab")
    alive = Timer(root, 5, lambda: fired.append("root"))
    early.ask()
    frame.destroy()
    late.ask()
    late.restart()
    assert not early.is_pending
    assert not late.is_pending
    alive.ask()
    wait_until(lambda: fired)
    assert fired == ["root"]


def test_the_next_event_after_the_clock_was_set_back_counts_delays_anew(
    root: tk.Tk, wait_until, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = time.time
    follow_clock(root)
    frame = tk.Frame(root)
    frame.pack()
    root.update()
    fired: list[str] = []
    timer, still = (Timer(frame, 20, lambda name=name: fired.append(name)) for name in "ts")
    idle = Timer(frame, None, lambda: fired.append("i"))
    timer.ask()
    idle.ask()
    first = timer._pending
    frame.event_generate("<Enter>")
    assert timer._pending == first, "the clock stands where it should"
    monkeypatch.setattr(time, "time", lambda: clock() - 3600)
    frame.event_generate("<Enter>")
    second = timer._pending
    assert second not in (None, first)
    frame.event_generate("<Enter>")
    assert timer._pending == second, "once is enough"
    assert not still.is_pending
    wait_until(lambda: "t" in fired)
    assert sorted(fired) == ["i", "t"]
    frame.destroy()
