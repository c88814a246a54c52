"""Follows the desktop when it turns dark or light while the window is open.

No toolkit event tells of it on every system, so the desktop is asked now and then, beside the
window: the question may take a program's start.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from digitdesk.ui.toolkit.background import Background
from digitdesk.ui.toolkit.screen import prefers_dark
from digitdesk.ui.toolkit.timer import Timer
from digitdesk.ui.window.preferences import Preferences

#: Time between two questions, in milliseconds.
ASK_MS = 4000


class SystemTheme:
    """Keeps the theme "as the system" true for as long as the window lives.

    Args:
        window: Asking ends with this widget.
        preferences: Know whether the user wants the system's theme, and take it.
        background: Asks beside the window.
        ask: Says whether the desktop is dark.
    """

    def __init__(
        self,
        window: tk.Misc,
        preferences: Preferences,
        background: Background,
        ask: Callable[[], bool] = prefers_dark,
    ) -> None:
        self._preferences = preferences
        self._background = background
        self._ask = ask
        self._later = Timer(window, ASK_MS, self._ask_desktop)
        self._later.ask()

    def _ask_desktop(self) -> None:
        if self._preferences.settings.theme == "system":
            self._background(lambda _job: self._ask(), self._take, lambda _error: self._later.ask())
        else:
            self._later.ask()

    def _take(self, dark: bool) -> None:
        self._preferences.follow_system(dark)
        self._later.ask()
