"""The mouse wheel scrolls; it never changes what is chosen."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

import pytest
from fake_session import FakeSession
from three_tabs import Window
from window_checks import below

pytestmark = pytest.mark.window


def turn(widget: tk.Misc) -> None:
    """Turn the wheel over a widget, down and up again by more."""
    for button in (5, 5, 5, 4):
        widget.event_generate(f"<Button-{button}>", x=5, y=5)
        widget.event_generate(f"<ButtonRelease-{button}>", x=5, y=5)
    widget.event_generate("<MouseWheel>", x=5, y=5, delta=-120)
    widget.update()


def test_no_box_of_the_window_follows_the_wheel(live: Window, session: FakeSession) -> None:
    seen = 0
    for tab in live.tabs:
        live.show(tab)
        live.update()
        for box in below(tab):
            if isinstance(box, ttk.Combobox):
                before = box.get()
                turn(box)
                assert box.get() == before
                seen += 1
    assert seen >= 9
    assert session.started == []


def test_the_form_scrolls_under_the_wheel_and_stays_as_it_is(live: Window) -> None:
    live.show(live.train)
    live.train.form.advanced.toggle()
    live.root.geometry("1120x640")
    live.update()
    form = live.train.form
    before = form.settings()
    form._canvas.yview_moveto(0.0)
    live.update()
    for name in ("optimizer", "device", "schedule"):
        turn(form.controls[name])
    assert form.settings() == before
    assert form._canvas.yview()[0] > 0
    live.root.geometry("1120x760")
    live.update()
