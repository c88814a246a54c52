"""The one window: three tabs over a status bar, and how they hear of a run.

It opens without a session; ``attach_session`` brings it to life once the core is loaded.
"""

from __future__ import annotations

import logging
import tkinter as tk
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from digitdesk.messages.run import EpochFinished, Progress, RunEvent, RunFinished, RunStarted
from digitdesk.ui.charts.loss_chart import import_matplotlib
from digitdesk.ui.draw.tab import DrawTab
from digitdesk.ui.i18n.text import Sentence, _, joined, percent
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.models.tab import AskPath, ModelsTab
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.background import Background
from digitdesk.ui.toolkit.banner import Choice
from digitdesk.ui.toolkit.desktop import show_icon
from digitdesk.ui.toolkit.dialogs import FileDialogs
from digitdesk.ui.toolkit.file_drop import accept_files
from digitdesk.ui.toolkit.status_bar import StatusBar
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer
from digitdesk.ui.toolkit.widgets import try_all
from digitdesk.ui.train.tab import TrainTab
from digitdesk.ui.window.event_pump import EventPump
from digitdesk.ui.window.menus import Menus
from digitdesk.ui.window.place import place_on_screen
from digitdesk.ui.window.preferences import Preferences
from digitdesk.ui.window.system_theme import SystemTheme
from digitdesk.ui.window.tour import Tour
from digitdesk.ui.window.tour_stops import tour_stops
from digitdesk.ui.window.window_keys import bind_keys

if TYPE_CHECKING:
    from digitdesk.files.paths import UserPaths
    from digitdesk.session.session import Session

_log = logging.getLogger(__name__)

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
        ask_open_path: Asks which model file to open; a dialog by default.
        ask_save_path: Asks where to save a model; a dialog by default.
        ask_folder: Asks for a data folder; a dialog by default.
        ask_picture: Asks for a picture file; a dialog by default.
        ask_export: Asks where to export a run; a dialog by default.
        background: Runs work beside the window; without it, downloads are not offered and the
            chart's library is loaded when the chart is first seen.
    """

    def __init__(
        self,
        root: tk.Tk,
        user_paths: UserPaths,
        *,
        ask_open_path: AskPath | None = None,
        ask_save_path: AskPath | None = None,
        ask_folder: Callable[[], str] | None = None,
        ask_picture: AskPath | None = None,
        ask_export: AskPath | None = None,
        background: Background | None = None,
    ) -> None:
        self.preferences = Preferences(root, user_paths.config)
        self.preferences.apply_at_start()
        super().__init__(root)
        self.root = root
        self._paths = user_paths
        self._background = background
        self._session: Session | None = None
        self._session_to_end: Session | None = None
        self._pump: EventPump | None = None
        self._has_ended = False
        self._asked_to_close = False
        settings = self.preferences.settings
        dialogs = FileDialogs(self, settings, user_paths.models)
        root.report_callback_exception = self._report_callback_exception
        root.protocol("WM_DELETE_WINDOW", self.ask_to_close)
        place_on_screen(root, settings.geometry)
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=1)
        self.status = StatusBar(self, str(user_paths.logs / "digitdesk.log"))
        self.status.grid(row=1, column=0, sticky="ew")
        self.preferences.when_not_kept = self.status.show_error
        self.notebook = theme.Notebook(self)
        self.notebook.grid(row=0, column=0, sticky="nsew")
        self.draw = DrawTab(
            self.notebook,
            self.status,
            settings=settings,
            ask_picture=ask_picture or dialogs.open_picture,
            open_model=self._open_model,
            copies=user_paths.cache,
            background=background,
        )
        self.train = TrainTab(
            self.notebook,
            self.status,
            ask_folder=ask_folder or dialogs.data_folder,
            ask_export=ask_export or dialogs.export,
            background=background,
        )
        self.models = ModelsTab(
            self.notebook,
            self.status,
            ask_open_path=ask_open_path or dialogs.open_model,
            ask_save_path=ask_save_path or dialogs.save_model,
            on_models_changed=self.draw.refresh_models,
            on_use=self.read_board_with,
            settings=settings,
            background=background,
        )
        self._tabs = {"draw": self.draw, "train": self.train, "models": self.models}
        self._add_tabs()
        self.corner = Menus(
            self,
            self.preferences,
            self.status,
            start_tour=lambda: self.tour.start(),
            show_keys=self._say_keys,
            say_log=self._say_log,
        )
        self.corner.place(relx=1.0, x=-px(self, 2 * GAP), y=px(self, 3), anchor="ne")
        self.tour = Tour(self, tour_stops(self), self._show_in_tour, self._end_tour)
        self._rest_later = Timer(self, _REST_DELAY_MS, self._load_rest)
        self._tour_later = Timer(self, _TOUR_DELAY_MS, self._start_tour)
        bind_keys(root, self.draw)
        theme.paint(root)
        self.pack(fill="both", expand=True)
        self.status.say(_("Loading …"))
        if background is not None:
            SystemTheme(self, self.preferences, background)
        root.deiconify()
        # Once the window is there: a large picture takes a moment.
        self.after_idle(show_icon, root)

    def _add_tabs(self) -> None:
        titles = {"draw": _("Draw"), "train": _("Train"), "models": _("Models")}
        for name, tab in self._tabs.items():
            self.notebook.add(tab)
            follow_language(tab, partial(self._title_tab, tab, titles[name]))
        self.notebook.enable_traversal()
        self.show(self._tabs.get(self.preferences.settings.tab, self.draw))
        follow_language(self, self._show_title)

    def _title_tab(self, tab: tk.Widget, title: Sentence) -> None:
        self.tk.call(self.notebook, "tab", tab, "-text", title.again())

    # -- what the app calls

    def attach_session(self, session: Session) -> None:
        """Bring the window to life; ink drawn so far is read at once."""
        self._session = self._session_to_end = session
        self.status.say(_("Ready."))
        self._pump = EventPump(self, session.drain_events, self._dispatch, self._after_events)
        self._pump.start()
        for tab in (self.draw, self.train, self.models):
            # What one tab lacks (a bundled file, say) must not keep the others from working.
            with self.status.guarding():
                tab.attach(session)
        # The board comes first: what other tabs need is loaded once it can be drawn on.
        self._rest_later.ask()
        if not self.preferences.settings.tour_seen:
            self._tour_later.ask()

    def attach_session_failed(self, error: BaseException) -> None:
        """Say why nothing can be read or trained."""
        self.status.show_error(error)

    def read_board_with(self, key: str) -> None:
        """Read the board with a model, and show the board."""
        self.draw.refresh_models()
        self.draw.choose(key)
        self.show(self.draw)

    def show(self, tab: tk.Widget) -> None:
        """Bring a tab to the front."""
        self.notebook.tk.call(self.notebook, "select", tab)

    def ask_to_close(self) -> None:
        """Close the window; while a network trains, ask once, in a line."""
        if not self.train.is_running or self._asked_to_close:
            self.close()
            return
        self._asked_to_close = True
        self.status.say(
            _("A network is training. Close, and go on from here the next time?"),
            Choice(_("Close"), self.close),
            Choice(_("Keep training"), self._keep_open),
        )

    def _keep_open(self) -> None:
        self._asked_to_close = False
        self.status.say(_("Training goes on."))

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
        settings.geometry = self.root.geometry()
        shown = str(self.tk.call(self.notebook, "select"))
        settings.tab = next(
            (name for name, tab in self._tabs.items() if str(tab) == shown), settings.tab
        )
        self.preferences.save()

    def _load_rest(self) -> None:
        """Load what the start did not wait for."""
        self._load_chart_library()
        self._accept_drops()

    def _load_chart_library(self) -> None:
        """Load what the chart is drawn with; last, since it is on another tab."""
        ready = self.train.chart.library_is_loaded
        if self._background is None:
            ready()
            return
        cache = self._paths.cache
        self._background(
            lambda: import_matplotlib(cache), lambda _nothing: ready(), self.status.show_error
        )

    # -- events

    def _dispatch(self, event: RunEvent) -> None:
        try_all(lambda: self.train.handle(event), lambda: self._tell_others(event))

    def _tell_others(self, event: RunEvent) -> None:
        match event:
            case RunStarted() | RunFinished():
                self.draw.refresh_models()
                self.models.refresh()
            case Progress():
                # A run's first weights come a moment after its first event.
                if not self.draw.offers_learning_network:
                    self.draw.refresh_models()
                    self.models.refresh()
                self.draw.weights_moved()
            case EpochFinished():
                self.models.handle(event)

    def _after_events(self) -> None:
        self.train.refresh_state()
        self._show_title()

    def _show_title(self) -> None:
        """How far the run is, where the taskbar shows it, too."""
        share = self.train.progress.share if self.train.is_running else 0.0
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
        if self.draw.winfo_viewable() and self.draw.board.is_empty and not self.train.is_running:
            self.tour.start()

    def _show_in_tour(self, tab: tk.Widget) -> None:
        """Bring a tab to the front; the tour begins with one digit, not with a number."""
        self.draw.show_mode("digit")
        self.show(tab)

    def _end_tour(self) -> None:
        self.preferences.settings.tour_seen = True
        self.preferences.save()
        self.show(self.draw)
        self.draw.board.focus_set()

    def _say_keys(self) -> None:
        self.status.say(
            _(
                "Ctrl+Z, Y undo, redo · Esc clears · [ ] pen · Ctrl+O, C, V open, copy, paste · "
                "Ctrl+Tab next tab · F1 help"
            )
        )

    def _say_log(self) -> None:
        self.status.say(_("The log is {log}").format(log=self.status.log_path))

    def _accept_drops(self) -> None:
        """Take pictures and models from the desktop's file manager."""

        def open_models(paths: tuple[Path, ...]) -> None:
            for path in paths:
                self.models.open_file(path)

        accept_files(
            self.draw,
            lambda paths: self.draw.open_file(paths[0]),
            lambda: self.status.say(_("Drop it to read it.")),
        )
        accept_files(
            self.models, open_models, lambda: self.status.say(_("Drop it to open the model."))
        )

    def _open_model(self, path: Path) -> None:
        """Open a model file that was pasted onto the board, and read with it."""
        self.models.open_file(path)
        self.draw.choose(str(path))
