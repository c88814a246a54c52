"""What the desktop around the window does for it: its icon, and showing a file in its folder."""

from __future__ import annotations

import logging
import shutil
import subprocess
import sys
import tkinter as tk
from pathlib import Path

from digitdesk.errors import DigitDeskError
from digitdesk.files.paths import assets_folder

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
    subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def show_icon(root: tk.Tk) -> None:
    """Give the window and its place in the taskbar DigitDesk's icon; without one, they do, too."""
    try:
        icon = tk.PhotoImage(master=root, file=str(assets_folder() / "icon.png"))
        root.iconphoto(True, icon)
    except (tk.TclError, DigitDeskError) as error:
        _log.warning("The window has no icon: %s", error)
