"""The window over the whole screen, and larger still for a projector; Escape or F11 leads back."""

from __future__ import annotations

import tkinter as tk

from digitdesk.ui.toolkit.theme import px
from digitdesk.ui.window.preferences import Preferences

#: Sizes to choose from, as ratios of the screen's own.
ZOOMS = (1.0, 1.25, 1.5, 1.75, 2.0)
#: What must have room on the screen, in logical pixels, for a presentation; its least size.
_PRESENTED = (850, 480)
_LEAST_PRESENTED = 1.25


class FullScreen:
    """Lets the window fill the screen, or gives it its place back.

    Args:
        root: The window.
        preferences: Know the size the user works with, to which a presentation leads back.

    Attributes:
        is_presenting: Whether everything is as large as a projector wants it.
    """

    def __init__(self, root: tk.Tk, preferences: Preferences) -> None:
        self._root = root
        self._preferences = preferences
        self.is_presenting = False

    @property
    def is_on(self) -> bool:
        """Whether the window fills the screen; the desktop may have ended that by itself."""
        return bool(self._root.attributes("-fullscreen"))

    def toggle(self) -> None:
        """Fill the screen, or no longer."""
        if not self.leave():
            self._root.attributes("-fullscreen", True)

    def leave(self) -> bool:
        """Go back from full screen and presentation; False where there was neither."""
        if not self.is_on and not self.is_presenting:
            return False
        self._root.attributes("-fullscreen", False)
        if self.is_presenting:
            self.is_presenting = False
            self._preferences.use_zoom(self._preferences.settings.zoom)
        return True

    def toggle_presentation(self) -> None:
        """Fill the screen and make everything large, or go back from both."""
        if self.is_presenting:
            self.leave()
            return
        self.is_presenting = True
        self._preferences.use_zoom(self._presentation_zoom())
        self._root.attributes("-fullscreen", True)

    def choose_zoom(self, zoom: float) -> None:
        """Make everything so large from now on, also in a presentation, which ends with it."""
        self.is_presenting = False
        self._preferences.choose_zoom(zoom)

    def step_zoom(self, steps: int) -> None:
        """Make everything larger (1) or smaller (-1) by a step."""
        others = [zoom for zoom in ZOOMS if (zoom - self._preferences.zoom) * steps > 0]
        if others:
            self.choose_zoom(min(others) if steps > 0 else max(others))

    def _presentation_zoom(self) -> float:
        """The largest size at which the screen has room for what is shown."""
        root, now = self._root, self._preferences.zoom
        screen = root.winfo_screenwidth(), root.winfo_screenheight()
        fitting = [
            zoom
            for zoom in ZOOMS
            if all(
                px(root, side / now) * zoom <= room
                for side, room in zip(_PRESENTED, screen, strict=True)
            )
        ]
        return max(*fitting, _LEAST_PRESENTED, now)
