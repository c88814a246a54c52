"""Gives the screen's keyboard another layout, as a person with such a keyboard has it."""

from __future__ import annotations

import contextlib
import ctypes
import tkinter as tk
from collections.abc import Iterator

import pytest

#: Key codes of z, y, c, v, o and [ on X11, with the Cyrillic letters that Russian keys bear.
RUSSIAN = {52: 0x6D1, 29: 0x6CE, 54: 0x6D3, 55: 0x6CD, 32: 0x6DD, 34: 0x6C8}


@contextlib.contextmanager
def layout(root: tk.Misc, letters: dict[int, int]) -> Iterator[None]:
    """The keyboard with other letters on some keys, as X11 key codes and key symbols."""
    if root.tk.call("tk", "windowingsystem") != "x11":
        pytest.skip("keyboards are set so on X11 only")
    xlib = ctypes.CDLL("libX11.so.6")
    xlib.XOpenDisplay.restype = ctypes.c_void_p
    xlib.XGetKeyboardMapping.restype = ctypes.POINTER(ctypes.c_ulong)
    display = ctypes.c_void_p(xlib.XOpenDisplay(None))
    before: dict[int, list[int]] = {}
    for code in letters:
        count = ctypes.c_int()
        found = xlib.XGetKeyboardMapping(display, ctypes.c_ubyte(code), 1, ctypes.byref(count))
        before[code] = list(found[: count.value])
        xlib.XFree(found)

    def change(code: int, symbols: list[int]) -> None:
        array = (ctypes.c_ulong * len(symbols))(*symbols)
        xlib.XChangeKeyboardMapping(display, code, len(symbols), array, 1)
        xlib.XSync(display, 0)

    try:
        for code, letter in letters.items():
            # A small letter, and with Shift the large one.
            change(code, [letter, letter + 0x20] * (len(before[code]) // 2 or 1))
        root.update()
        yield
    finally:
        for code, symbols in before.items():
            change(code, symbols)
        xlib.XCloseDisplay(display)
        root.update()
