"""What the desktop around the window does for it: its icon, showing files, and printing them."""

from __future__ import annotations

import enum
import logging
import os
import shutil
import subprocess
import sys
import tkinter as tk
from pathlib import Path
from typing import Any

from digitdesk.errors import DigitDeskError
from digitdesk.files.paths import assets_folder

_QUIET: dict[str, Any] = {
    "stdin": subprocess.DEVNULL,
    "stdout": subprocess.DEVNULL,
    "stderr": subprocess.DEVNULL,
}
#: A printer's queue takes a page within this time; what shows it may stay open.
_PRINT_SECONDS, _SHOW_SECONDS = 20.0, 3.0

_log = logging.getLogger(__name__)


def show_in_folder(path: Path) -> None:
    """Open the folder a file lies in, with the file selected where the system can.

    Raises:
        OSError: The system has no program for it.
    """
    if sys.platform == "win32":
        command = ["explorer", "/select,", str(path)]
    elif sys.platform == "darwin":
        command = ["open", "-R", str(path)]
    else:
        opener = shutil.which("xdg-open")
        if opener is None:
            raise FileNotFoundError(f"The file is in {path.parent}")
        command = [opener, str(path.parent)]
    subprocess.Popen(command, **_QUIET)


class PrintedBy(enum.Enum):
    """Who has taken a file that was to be printed."""

    PRINTER = enum.auto()
    VIEWER = enum.auto()
    NOBODY = enum.auto()


def print_file(path: Path) -> PrintedBy:
    """Print a PDF; where there is no printer, show it, to be printed from there. May take seconds.

    Returns:
        Who has taken it; the file must stay where it is.
    """
    if sys.platform == "win32":
        return _print_on_windows(path)
    if _ends_well(("lp", str(path)), _PRINT_SECONDS, still_running=False):
        return PrintedBy.PRINTER
    shows = ("open" if sys.platform == "darwin" else "xdg-open", str(path))
    shown = _ends_well(shows, _SHOW_SECONDS, still_running=True)
    return PrintedBy.VIEWER if shown else PrintedBy.NOBODY


def _print_on_windows(path: Path) -> PrintedBy:
    start: Any = getattr(os, "startfile")  # noqa: B009 - there on Windows only
    for verb, taker in (("print", PrintedBy.PRINTER), ("open", PrintedBy.VIEWER)):
        try:
            start(str(path), verb)
        except OSError:
            continue
        return taker
    return PrintedBy.NOBODY


def _ends_well(command: tuple[str, ...], seconds: float, *, still_running: bool) -> bool:
    """Whether a program takes what it is given; one that is not there, or complains, does not.

    Args:
        command: The program, and what it is given.
        seconds: It is waited for so long.
        still_running: What it counts for that it has not ended by then.
    """
    program = shutil.which(command[0])
    if program is None:
        return False
    try:
        process = subprocess.Popen((program, *command[1:]), **_QUIET)
    except OSError:
        return False
    try:
        return process.wait(seconds) == 0
    except subprocess.TimeoutExpired:
        if not still_running:
            process.kill()
            process.wait()
        return still_running


def show_icon(root: tk.Tk) -> None:
    """Give the window and its place in the taskbar DigitDesk's icon; without one, they do, too."""
    try:
        icon = tk.PhotoImage(master=root, file=str(assets_folder() / "icon.png"))
        root.iconphoto(True, icon)
    except (tk.TclError, DigitDeskError) as error:
        _log.warning("The window has no icon: %s", error)
