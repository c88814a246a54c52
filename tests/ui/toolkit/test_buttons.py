"""Buttons are pressed by the keys that press them everywhere, and menus have the theme's colors."""

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


@pytest.mark.parametrize("name", [theme.DARK, theme.LIGHT])
def test_a_menu_opens_in_the_colors_of_the_theme(root: tk.Tk, host: theme.Frame, name: str) -> None:
    theme.use_theme(name)
    menu = tk.Menu(host, tearoff=False)
    menu.add_command(label="Export")
    menu.post(host.winfo_rootx(), host.winfo_rooty())
    root.update()
    colors = theme.palette()
    shown = tuple(str(menu.cget(option)) for option in ("background", "foreground"))
    menu.unpost()
    theme.use_theme(theme.LIGHT)
    assert shown == (colors.card, colors.text)
