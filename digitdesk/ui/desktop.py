"""What the desktop around the window does for it: showing a file in its folder."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path


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
