"""The menus beside the tabs: language, appearance and help."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from digitdesk.ui.i18n.language import LANGUAGES
from digitdesk.ui.i18n.text import Sentence, _, percent
from digitdesk.ui.i18n.widgets import follow_language, translate_menu
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.status_bar import StatusBar
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.window.full_screen import ZOOMS, FullScreen
from digitdesk.ui.window.preferences import Preferences


class Menus(theme.Frame):
    """Three small menus.

    Args:
        parent: The widget to sit in.
        preferences: What the menus choose.
        full_screen: Takes the size, fills the screen, and presents.
        status: Where reasons are shown.
        start_tour: Shows the tour.
        show_keys: Shows what keys there are.
        say_log: Says where the log is.
        show_about: Says what DigitDesk is, and which version this is.
    """

    def __init__(
        self,
        parent: tk.Misc,
        preferences: Preferences,
        full_screen: FullScreen,
        status: StatusBar,
        *,
        start_tour: Callable[[], None],
        show_keys: Callable[[], None],
        say_log: Callable[[], None],
        show_about: Callable[[], None],
    ) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._full_screen = full_screen
        self._status = status
        settings = preferences.settings
        self._language = tk.StringVar(self, preferences.language)
        self._theme = tk.StringVar(self, settings.theme)
        self._zoom = tk.DoubleVar(self, settings.zoom)
        self._is_presenting = tk.BooleanVar(self, False)
        self.language_menu = self._menu(0, "translate", _("Language: 中文 or English."))
        self.look_menu = self._menu(
            1, "circle-half", _("Light, dark or as the system; size; full screen.")
        )
        self.help_menu = self._menu(2, "question-circle", _("Help: the tour, keys and the log."))
        for code, name in LANGUAGES.items():
            self.language_menu.add_radiobutton(
                label=name, value=code, variable=self._language, command=self._on_language
            )
        looks = {"system": _("As the system"), "light": _("Light"), "dark": _("Dark")}
        for value, title in looks.items():
            self.look_menu.add_radiobutton(
                label=title, value=value, variable=self._theme, command=self._on_theme
            )
        self.look_menu.add_separator()
        for zoom in ZOOMS:
            self.look_menu.add_radiobutton(
                label=percent(zoom, 0), value=zoom, variable=self._zoom, command=self._on_zoom
            )
        self.look_menu.add_separator()
        self.look_menu.add_command(accelerator="F11", command=full_screen.toggle)
        self.look_menu.add_checkbutton(
            variable=self._is_presenting, command=full_screen.toggle_presentation
        )
        self.look_menu.configure(postcommand=self._show_sizes)
        follow_language(self.look_menu, self._say_screens)
        commands = (
            (_("A short tour"), start_tour),
            (_("Keys"), show_keys),
            (_("Where is the log?"), say_log),
            (_("About DigitDesk"), show_about),
        )
        for title, command in commands:
            self.help_menu.add_command(label=title, command=command)
        translate_menu(self.look_menu, tuple(looks.values()))
        translate_menu(self.help_menu, tuple(title for title, _command in commands))

    def _menu(self, column: int, icon: str, sentence: Sentence) -> tk.Menu:
        button = theme.Menubutton(self)
        theme.look(button, theme.TOOL)
        theme.icon(button, icon, alone=True)
        button.grid(row=0, column=column, padx=(px(self, GAP / 2), 0))
        explain(button, sentence)
        menu = tk.Menu(button, tearoff=False)
        button.configure(menu=menu)
        return menu

    def _on_language(self) -> None:
        problem = self._preferences.choose_language(self._language.get())
        if problem:
            self._language.set(self._preferences.language)
            self._status.show_error(problem)

    def _on_theme(self) -> None:
        self._preferences.choose_theme(self._theme.get())

    def _on_zoom(self) -> None:
        self._full_screen.choose_zoom(self._zoom.get())

    def _show_sizes(self) -> None:
        """Mark what is so now: keys may have changed it."""
        self._zoom.set(self._preferences.settings.zoom)
        self._is_presenting.set(self._full_screen.is_presenting)

    def _say_screens(self) -> None:
        last = self.look_menu.index("end")
        assert last is not None
        self.look_menu.entryconfigure(last - 1, label=_("Full screen"))
        self.look_menu.entryconfigure(last, label=_("Presentation: full screen, and large"))
