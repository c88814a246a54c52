"""What the desktop prefers: how fine its screen is, and whether it is light or dark.

Each question is asked once, of whatever part of the system may know, and has a plain default.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence

#: Screens are taken for coarser or finer than this only by mistake.
_SANE_DPI = (72.0, 480.0)
_ASK_SECONDS = 0.5


def desktop_dpi(environ: Mapping[str, str] = os.environ) -> float | None:
    """Dots per inch the desktop wants programs to assume; ``None`` where it does not say.

    X servers report 96 whatever the screen; desktops put their wish into the resource ``Xft.dpi``.
    """
    if not environ.get("DISPLAY") or sys.platform in ("win32", "darwin"):
        return None
    for line in _ask("xrdb", "-query").splitlines():
        name, _colon, value = line.partition(":")
        if name.strip() == "Xft.dpi":
            return _sane(value)
    return None


def prefers_dark(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the desktop is set to dark."""
    if sys.platform == "darwin":
        return _ask("defaults", "read", "-g", "AppleInterfaceStyle").strip() == "Dark"
    if sys.platform == "win32":
        return _windows_is_dark()
    if environ.get("GTK_THEME", "").lower().endswith("dark"):
        return True
    schema = ("gsettings", "get", "org.gnome.desktop.interface")
    return "dark" in _ask(*schema, "color-scheme") or "dark" in _ask(*schema, "gtk-theme").lower()


def _windows_is_dark() -> bool:
    if sys.platform != "win32":
        return False
    import winreg

    key = r"Software\Microsoft\Windows\CurrentVersion\Themes\Personalize"
    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
            return winreg.QueryValueEx(opened, "AppsUseLightTheme")[0] == 0
    except OSError:
        return False


def _sane(text: str) -> float | None:
    try:
        dpi = float(text)
    except ValueError:
        return None
    return dpi if _SANE_DPI[0] <= dpi <= _SANE_DPI[1] else None


def _ask(*command: str) -> str:
    """What a small program of the system answers; nothing where there is no such program."""
    if shutil.which(command[0]) is None:
        return ""
    return _output(command)


def _output(command: Sequence[str]) -> str:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_ASK_SECONDS, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout
