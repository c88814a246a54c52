"""The windows of all tests share a root: what one of them bound there is gone with it."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path

import pytest
from three_tabs import Window

from digitdesk.files.paths import UserPaths

pytestmark = pytest.mark.window


def bound_lines(root: tk.Tk) -> int:
    """How many callbacks the events of the root and of everything have together."""
    call = root.tk.call
    return sum(
        str(call("bind", tag, sequence)).count("\n")
        for tag in (str(root), "all")
        for sequence in root.tk.splitlist(call("bind", tag))
    )


def test_a_window_leaves_as_many_callbacks_as_it_found(
    window: Window, root: tk.Tk, tmp_path: Path
) -> None:
    before = bound_lines(root)
    for name in "ab":
        another = Window(root, UserPaths.under(tmp_path / name))
        assert bound_lines(root) > before
        another.destroy()
        assert bound_lines(root) == before
