"""Every control says what it does, to a mouse that rests and to F1."""

from __future__ import annotations

import pytest
from hands import WaitUntil
from three_tabs import Window

from digitdesk.ui.toolkit.tooltip import shown_tooltip

pytestmark = pytest.mark.window


def test_a_resting_mouse_and_f1_explain(live: Window, wait_until: WaitUntil) -> None:
    button = live.draw.tools.clear_button
    button.event_generate("<Enter>")
    wait_until(lambda: "Wipes the board" in shown_tooltip(live))
    button.event_generate("<Leave>")
    assert shown_tooltip(live) == ""
    live.root.focus_force()
    live.show(live.train)
    live.update()
    live.train.form.controls["epochs"].focus_force()
    live.update()
    live.train.form.controls["epochs"].event_generate("<F1>")
    assert "2 to 20 is usual" in shown_tooltip(live)
    live.train.form.controls["epochs"].event_generate("<F1>")
    assert shown_tooltip(live) == ""
