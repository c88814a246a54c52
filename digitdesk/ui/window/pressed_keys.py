"""Which key was pressed, whatever Caps Lock and the keyboard's layout make of it.

A shortcut means a key: Ctrl+Z is undo with Caps Lock on, when Tk tells of a large Z, and on a
Russian keyboard, where the key bears another letter. Then the key's place on the keyboard counts.
"""

from __future__ import annotations

import sys
import tkinter as tk

from digitdesk.ui.toolkit.held_keys import CONTROL, MOD1, SHIFT, alt

#: Other names of keys: of Tab with Shift on X11, and of the menu's key on Windows.
_SAME = {"ISO_Left_Tab": "Tab", "App": "Menu"}
_BRACKETS = {"[": "bracketleft", "]": "bracketright"}


def _by_place() -> dict[int, str]:
    """The key an American keyboard has at a place, by the key codes of the system."""
    if sys.platform == "win32":
        letters = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
        return letters | {0xDB: "bracketleft", 0xDD: "bracketright"}
    if sys.platform == "darwin":
        # With Command held, a Mac's keys bear Latin letters in every layout.
        return {}
    rows = ((24, "qwertyuiop[]"), (38, "asdfghjkl"), (52, "zxcvbnm"))
    return {
        first + place: _BRACKETS.get(key, key)
        for first, keys in rows
        for place, key in enumerate(keys)
    }


_KEY_AT = _by_place()


def pressed(event: tk.Event[tk.Misc], *, on_mac: bool = False) -> str:
    """The keys of an event, as ``normalized`` writes a shortcut's; empty for none that counts."""
    # Key events always have a state; those made up by a test may have it as a word.
    state = int(event.state)
    command = MOD1 if on_mac else CONTROL
    if not on_mac and state & alt():
        return ""
    key = _key(event)
    parts = ["Control"] if state & command else []
    # Shift makes another letter of a letter, but whoever types a bracket may need it.
    # Or a digit: French keyboards have them with Shift only.
    is_letter = len(key) == 1 and not key.isdigit()
    if state & SHIFT and (is_letter or key in ("Tab", "F10")):
        parts.append("Shift")
    return "-".join((*parts, key))


def normalized(keys: str) -> str:
    """A shortcut as ``pressed`` tells of it: ``Control-Z`` becomes ``Control-Shift-z``."""
    *modifiers, key = keys.split("-")
    if len(key) == 1 and key.isupper():
        modifiers.append("Shift")
        key = key.lower()
    return "-".join((*modifiers, key))


def _key(event: tk.Event[tk.Misc]) -> str:
    name = event.keysym
    if name.startswith("KP_") and name[3:].isdigit():
        return name[3:]
    if name in _SAME:
        return _SAME[name]
    if len(name) == 1 and name.isascii():
        return name.lower()
    is_letter = len(event.char) == 1 and not event.char.isascii()
    if is_letter or "_" in name or name in ("", "??"):
        return _KEY_AT.get(event.keycode, name)
    return name
