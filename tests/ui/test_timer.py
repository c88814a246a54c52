"""A timer ends with its widget, whoever still asks it."""

from __future__ import annotations

import tkinter as tk

from digitdesk.ui.widgets import Timer


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
