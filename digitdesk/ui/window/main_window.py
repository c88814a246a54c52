"""The one window: tabs over a status bar, its menus and its tour, and how it hears of a run.

It opens without a session; ``attach_session`` brings it to life once the core is loaded. Which tabs
there are stands in ``tabs``.
"""

from __future__ import annotations

import logging
import tkinter as tk
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from digitdesk.ui.i18n.text import _, joined, percent
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.background import AtOnce, Background
from digitdesk.ui.toolkit.banner import Choice
from digitdesk.ui.toolkit.desktop import show_icon
from digitdesk.ui.toolkit.dialogs import FileDialogs
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.status_bar import StatusBar
from digitdesk.ui.toolkit.tab import ClosingQuestion, Tab
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer
from digitdesk.ui.window.event_pump import EventPump
from digitdesk.ui.window.focus_ring import FocusRing
from digitdesk.ui.window.full_screen import FullScreen
from digitdesk.ui.window.menus import Menus
from digitdesk.ui.window.place import place_on_screen
from digitdesk.ui.window.preferences import Preferences
from digitdesk.ui.window.sheet import Sheet, about, key_sections
from digitdesk.ui.window.shortcuts import Shortcuts
from digitdesk.ui.window.system_theme import SystemTheme
from digitdesk.ui.window.tab_group import TabGroup
from digitdesk.ui.window.tab_room import TabRoom
from digitdesk.ui.window.tabs import TABS
from digitdesk.ui.window.tour import Tour

if TYPE_CHECKING:
    from digitdesk.files.paths import UserPaths
    from digitdesk.session.session import Session

_log = logging.getLogger(__name__)

_SUFFIXES = (".npz", ".pkl")
_TOUR_DELAY_MS = 700
# A moment after the board can be drawn on, so that it is on the screen by then.
_REST_DELAY_MS = 150
# How long a run that is ended may take to keep its state; the window is gone meanwhile.
_END_SECONDS = 2.0


class MainWindow(theme.Frame):
    """Fills the root window.

    Args:
        root: A root window from ``theme.create_root``.
        user_paths: Folders for settings, for the log, and for dialogs to begin in.
        kinds: What tabs there shall be, from left to right.
        dialogs: Ask for files and folders; those of the system by default.
        background: Works beside the window; without it, the window waits for all work.

    Attributes:
        status: The line at the bottom.
        tabs: The tabs, told of everything together.
        full_screen: Lets the window fill the screen, and a presentation be large.
    """

    def __init__(
        self,
        root: tk.Tk,
        user_paths: UserPaths,
        *,
        kinds: Sequence[type[Tab]] = TABS,
        dialogs: FileDialogs | None = None,
        background: Background | None = None,
    ) -> None:
        self.preferences = Preferences(root, user_paths.config)
        self.preferences.apply_at_start()
        super().__init__(root)
        self.root = root
        self._session: Session | None = None
        self._session_to_end: Session | None = None
        self._pump: EventPump | None = None
        self._has_ended = False
        self._asked_to_close = False
        settings = self.preferences.settings
        root.report_callback_exception = self._report_callback_exception
        root.protocol("WM_DELETE_WINDOW", self.ask_to_close)
        place_on_screen(root, settings.geometry, settings.zoom)
        self.full_screen = FullScreen(root, self.preferences)
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=1)
        self.status = StatusBar(self, str(user_paths.logs / "digitdesk.log"))
        self.status.grid(row=1, column=0, sticky="ew")
        self.preferences.when_not_kept = self.status.show_error
        self.tabs = TabGroup(self)
        self.tabs.notebook.grid(row=0, column=0, sticky="nsew")
        self._dialogs = dialogs or FileDialogs(self, settings, user_paths.models)
        services = PageServices(
            status=self.status,
            dialogs=self._dialogs,
            settings=settings,
            background=background or AtOnce(),
            cache=user_paths.cache,
            open_model=self._open_model,
            save_model=self._save_model,
            models_changed=self.tabs.models_changed,
            data_changed=self.tabs.data_changed,
            use_model=self.tabs.use_model,
            put_on_board=self.tabs.put_on_board,
            drawing=self.tabs.drawing,
            examine=self.tabs.examine_model,
            prepare_run=self.tabs.prepare_run,
            set_up_run=self.tabs.set_up_run,
            look_inside=self.tabs.look_inside,
            look_at=self.tabs.look_at,
            show_tab=self.tabs.show,
        )
        self.tabs.fill(kinds, services, settings.tab)
        follow_language(self, self._show_title)
        self.menus = Menus(
            self,
            self.preferences,
            self.full_screen,
            self.status,
            start_tour=lambda: self.tour.start(),
            show_keys=self._show_keys,
            say_log=self._say_log,
            show_about=self._show_about,
        )
        self.menus.place(relx=1.0, x=-px(self, 2 * GAP), y=px(self, 3), anchor="ne")
        TabRoom(self, self.tabs.notebook, self.menus)
        self.sheet = Sheet(self)
        self.tour = Tour(self, tuple(self.tabs.tour_stops), self.tabs.show, self._end_tour)
        self._rest_later = Timer(self, _REST_DELAY_MS, self.tabs.load_rest)
        self._tour_later = Timer(self, _TOUR_DELAY_MS, self._start_tour)
        Shortcuts(root, self.tabs, self.full_screen)
        FocusRing(root)
        theme.paint(root)
        self.pack(fill="both", expand=True)
        self.status.say(_("Loading …"))
        if background is not None:
            SystemTheme(self, self.preferences, background)
        root.deiconify()
        # Once the window is there: a large picture takes a moment.
        self.after_idle(show_icon, root)

    # -- what the app calls

    def attach_session(self, session: Session) -> None:
        """Bring the window to life; ink drawn so far is read at once."""
        self._session = self._session_to_end = session
        self.status.say(_("Ready."))
        self._pump = EventPump(self, session.drain_events, self.tabs.handle, self._after_events)
        self._pump.start()
        self.tabs.attach(session)
        # The board comes first: what other tabs need is loaded once it can be drawn on.
        self._rest_later.ask()
        if not self.preferences.settings.tour_seen:
            self._tour_later.ask()

    def attach_session_failed(self, error: BaseException) -> None:
        """Say why nothing can be read or trained."""
        self.status.show_error(error)

    def ask_to_close(self) -> None:
        """Close the window; where that would end something, ask once, in a line."""
        question = self.tabs.closing_question
        if question is None or self._asked_to_close:
            self.close()
            return
        self._asked_to_close = True
        self.status.notice.ask(
            question.question,
            Choice(_("Close"), self.close),
            Choice(question.stay, partial(self._keep_open, question)),
        )

    def _keep_open(self, question: ClosingQuestion) -> None:
        self._asked_to_close = False
        self.status.say(question.stayed)

    def close(self) -> None:
        """Stop what runs, then take the window away."""
        if self._has_ended:
            return
        self._has_ended = True
        try:
            self._keep_settings()
            if self._pump is not None:
                self._pump.stop()
            # The window goes at once; the worker gets a moment to end, and needs nothing of ours.
            self.root.withdraw()
        finally:
            # Whatever went wrong: a window that was told to close does.
            self.keep_work()
            self.root.destroy()

    def keep_work(self) -> None:
        """End a run that goes on, keeping its state; needs no screen."""
        session, self._session_to_end = self._session_to_end, None
        if session is not None and not session.close(_END_SECONDS):
            _log.warning("The training thread did not end in time; it ends with the process")

    def _keep_settings(self) -> None:
        """Keep where the window stands, for the next start."""
        settings = self.preferences.settings
        if not self.full_screen.is_on:
            settings.geometry = self.root.geometry()
        if self.tabs.in_front is not None:
            settings.tab = self.tabs.in_front.key
        self.preferences.save()

    # -- events

    def _after_events(self) -> None:
        self.tabs.after_events()
        self._show_title()

    def _show_title(self) -> None:
        """How far the run is, where the taskbar shows it, too."""
        share = self.tabs.progress_in_title
        name = _("DigitDesk")
        self.root.title(joined(" – ", (percent(share, 0), name)) if share else name)

    # -- errors

    def _report_callback_exception(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        """Log what a callback raised, and say so in the status bar."""
        _log.error("Error in a callback of the window", exc_info=(kind, error, trace))
        if not self._has_ended:
            self.status.show_unexpected(error)

    # -- help

    def _start_tour(self) -> None:
        # Whoever has drawn or gone to another tab is under way, and is not called back.
        if self.tabs.leftmost.is_in_front and self.tabs.is_untouched:
            self.tour.start()

    def _end_tour(self) -> None:
        self.preferences.settings.tour_seen = True
        self.preferences.save()
        self.tabs.show(self.tabs.leftmost.key)
        self.tabs.leftmost.focus_set()

    def _show_keys(self) -> None:
        on_mac = self.root.tk.call("tk", "windowingsystem") == "aqua"
        self.sheet.show(_("Keys"), key_sections(self.tabs, on_mac=on_mac))

    def _show_about(self) -> None:
        self.sheet.show(_("DigitDesk"), about(self.status.log_path))

    def _say_log(self) -> None:
        self.status.say(_("The log is {log}").format(log=self.status.log_path))

    # -- models

    def _open_model(self, path: Path) -> str:
        """Open a model file; gives its key, or an empty text where it cannot be opened."""
        key = ""
        if self._session is not None:
            with self.status.guarding():
                key = self._session.open_model(path).key
                self.preferences.settings.add_recent(path)
                self.status.say(_("Opened {name}.").format(name=path.name))
                self.tabs.models_changed(key)
        return key

    def _save_model(self, key: str, suffix: str) -> None:
        """Ask where to save a model, and save it; the name decides the format, else ``suffix``."""
        session = self._session
        if session is None:
            return
        with self.status.guarding():
            path = self._dialogs.save_model(suffix, session.card(key).title)
            if not path:
                return
            target = Path(path)
            if target.suffix not in _SUFFIXES:
                target = target.with_name(target.name + suffix)
            entry = session.save_model(key, target)
            self.preferences.settings.add_recent(target)
            self.status.say(_("Saved {name}.").format(name=target.name))
            self.tabs.models_changed(entry.key)
