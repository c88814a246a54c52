"""Buttons are pressed by the keys that press them everywhere."""

from __future__ import annotations

import tkinter as tk

import pytest

from digitdesk.ui.toolkit import theme

pytestmark = pytest.mark.window


@pytest.mark.parametrize("key", ["<space>", "<Return>", "<KP_Enter>"])
@pytest.mark.parametrize("state", ["normal", "disabled"])
def test_a_button_is_pressed_by_its_key(
    root: tk.Tk, host: theme.Frame, key: str, state: str
) -> None:
    pressed: list[str] = []
    button = theme.Button(host, text="Press", command=lambda: pressed.append(key), state=state)
    button.pack()
    root.update()
    button.focus_force()
    root.update()
    button.event_generate(key)
    root.update()
    assert pressed == ([key] if state == "normal" else [])
