"""Language, theme and size as the user wants them: applied at once and kept for the next start."""

from __future__ import annotations

import logging
import tkinter as tk
from collections.abc import Callable
from pathlib import Path

from digitdesk.errors import SaveError
from digitdesk.ui.i18n.language import (
    CHINESE,
    ENGLISH,
    LANGUAGES,
    chinese_font,
    switch_language,
    system_language,
    use_language,
)
from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.toolkit import fonts, theme
from digitdesk.ui.toolkit.screen import prefers_dark
from digitdesk.ui.toolkit.user_settings import Settings, read_settings, write_settings

_log = logging.getLogger(__name__)


class Preferences:
    """The settings of one window.

    Args:
        root: The window.
        folder: Where the settings are kept.

    Attributes:
        settings: What is kept.
        language: The language in use.
        zoom: How large everything is now, which may be another size than the one that is kept.
    """

    def __init__(self, root: tk.Tk, folder: Path) -> None:
        self._root = root
        self._folder = folder
        self.settings: Settings = read_settings(folder)
        self.language = ENGLISH
        self.zoom = self.settings.zoom
        self._is_dark = False
        self.when_not_kept: Callable[[SaveError], None] = lambda _error: None

    def apply_at_start(self) -> None:
        """Set theme and language before the first widget is made."""
        self._apply_theme()
        wanted = self.settings.language or system_language()
        if wanted in LANGUAGES and self._use_fonts_for(wanted):
            self.language = wanted
        use_language(self.language)

    def choose_language(self, code: str) -> Sentence | None:
        """Say everything in another language.

        Returns:
            Why that cannot be; ``None`` where it could.
        """
        if not self._use_fonts_for(code):
            return _(
                "No font with Chinese characters is installed. Install one, for example the "
                "package fonts-noto-cjk, and start DigitDesk again."
            )
        self.language = self.settings.language = code
        switch_language(self._root, code)
        self.save()
        return None

    def choose_theme(self, name: str) -> None:
        """Take another theme: ``system``, ``light`` or ``dark``."""
        self.settings.theme = name
        self._apply_theme()
        self.save()

    def choose_zoom(self, zoom: float) -> None:
        """Make everything larger or smaller, now and from the next start on."""
        self.settings.zoom = zoom
        self.use_zoom(zoom)
        self.save()

    def use_zoom(self, zoom: float) -> None:
        """Make everything larger or smaller for a while; the next start knows nothing of it."""
        if zoom != self.zoom:
            self.zoom = zoom
            theme.use_zoom(self._root, zoom)

    def save(self) -> None:
        """Keep the settings for the next start; where that fails, only the memory suffers."""
        try:
            write_settings(self.settings, self._folder)
        except SaveError as error:
            _log.warning("The settings could not be kept: %s", error)
            self.when_not_kept(error)

    def follow_system(self, dark: bool) -> None:
        """Take the theme the desktop has now, where the user wants the system's."""
        if self.settings.theme == "system" and dark is not self._is_dark:
            self._use_theme(dark)

    def _apply_theme(self) -> None:
        wanted = self.settings.theme
        self._use_theme(prefers_dark() if wanted == "system" else wanted == "dark")

    def _use_theme(self, dark: bool) -> None:
        self._is_dark = dark
        theme.use_theme(theme.DARK if dark else theme.LIGHT)

    def _use_fonts_for(self, code: str) -> bool:
        """Take fonts for a language; False where there are none."""
        family = chinese_font(self._root) if code == CHINESE else ""
        if code == CHINESE and not family:
            return False
        fonts.use_fonts(self._root, family)
        return True
