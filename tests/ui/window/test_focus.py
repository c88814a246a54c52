"""Whoever uses the keyboard sees where it is: a control looks different with the focus."""

from __future__ import annotations

import os
import time
import tkinter as tk

import pytest
from fake_session import FakeSession, run_events
from hands import WaitUntil, click
from PIL import Image, ImageChops, ImageGrab
from three_tabs import Window

from digitdesk.ui.toolkit.user_settings import Settings

pytestmark = pytest.mark.window


@pytest.fixture(params=["light", "dark"])
def settings(request: pytest.FixtureRequest) -> Settings:
    return Settings(language="en", theme=request.param, tour_seen=True)


def picture(root: tk.Tk, widget: tk.Misc) -> Image.Image:
    root.update()
    time.sleep(0.01)
    root.update()
    x, y = widget.winfo_rootx() - 2, widget.winfo_rooty() - 2
    box = (x, y, x + widget.winfo_width() + 4, y + widget.winfo_height() + 4)
    return ImageGrab.grab(bbox=box, xdisplay=os.environ.get("DISPLAY")).convert("RGB")


def test_each_control_shows_that_it_has_the_focus(
    live: Window, session: FakeSession, root: tk.Tk, wait_until: WaitUntil
) -> None:
    if root.tk.call("tk", "windowingsystem") != "x11":
        pytest.skip("pictures of the screen are taken on X11")
    live.train.chart.build()
    session.play(*run_events(2))
    wait_until(lambda: not session.events)
    live.train.form.advanced.toggle()
    root.focus_force()
    blind, seen = [], 0
    for tab in (live.draw, live.train, live.models):
        live.show(tab)
        live.tabs.notebook.focus_force()
        root.update()
        reached: set[tk.Misc] = set()
        while True:
            before = root.focus_get()
            assert before is not None
            before.event_generate("<Tab>")
            root.update()
            widget = root.focus_get()
            if widget is None or widget in reached:
                break
            reached.add(widget)
            with_focus = picture(root, widget)
            root.focus_set()
            without = picture(root, widget)
            widget.focus_set()
            root.update()
            if ImageChops.difference(without, with_focus).getbbox() is None:
                blind.append(f"{tab.key}: {widget.winfo_class()} {widget}")
        seen += len(reached)
    assert seen > 50
    assert not blind, "\n".join(blind)


def test_the_mouse_takes_the_ring_away(live: Window, root: tk.Tk) -> None:
    root.focus_force()
    scale = live.draw.tools.pen
    scale.tk_focusPrev().focus_force()  # type: ignore[union-attr]
    root.update()
    root.focus_get().event_generate("<Tab>")  # type: ignore[union-attr]
    root.update()
    assert root.focus_get() is scale
    around = picture(root, scale)
    click(live.draw.tools.clear_button)
    assert ImageChops.difference(around, picture(root, scale)).getbbox() is not None
