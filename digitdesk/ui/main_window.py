"""The one window: three tabs over a status bar, and how they hear of a run.

It opens without a session; ``attach_session`` brings it to life once the core is loaded.
"""

from __future__ import annotations

import logging
import tkinter as tk
from collections.abc import Callable
from tkinter import filedialog
from types import TracebackType
from typing import TYPE_CHECKING

from digitdesk.messages import EpochFinished, Progress, RunEvent, RunFinished, RunStarted
from digitdesk.ui import theme
from digitdesk.ui.dataset_field import Background
from digitdesk.ui.draw_tab import DrawTab
from digitdesk.ui.event_pump import EventPump
from digitdesk.ui.loss_chart import import_matplotlib
from digitdesk.ui.models_tab import AskPath, ModelsTab
from digitdesk.ui.status_bar import StatusBar
from digitdesk.ui.text import _
from digitdesk.ui.theme import px
from digitdesk.ui.train_tab import TrainTab

if TYPE_CHECKING:
    from digitdesk.paths import UserPaths
    from digitdesk.session import Session

_log = logging.getLogger(__name__)

# The window's first and smallest size in logical pixels.
_FIRST_SIZE = (1120, 760)
_LEAST_SIZE = (960, 640)


class MainWindow(theme.Frame):
    """Fills the root window.

    Args:
        root: A root window from ``theme.create_root``.
        user_paths: Folders for dialogs to begin in.
        ask_open_path: Asks which model file to open; a dialog by default.
        ask_save_path: Asks where to save a model; a dialog by default.
        ask_folder: Asks for a data folder; a dialog by default.
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
        background: Background | None = None,
    ) -> None:
        super().__init__(root)
        self.root = root
        self._paths = user_paths
        self._background = background
        self._session: Session | None = None
        self._pump: EventPump | None = None
        self._has_ended = False
        root.title(_("DigitDesk"))
        root.report_callback_exception = self._report_callback_exception
        root.protocol("WM_DELETE_WINDOW", self.close)
        root.minsize(*(self._fit_screen(size) for size in enumerate(_LEAST_SIZE)))
        width, height = (self._fit_screen(size) for size in enumerate(_FIRST_SIZE))
        root.geometry(f"{width}x{height}")
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=1)
        self.status = StatusBar(self)
        self.status.grid(row=1, column=0, sticky="ew")
        self.notebook = theme.Notebook(self)
        self.notebook.grid(row=0, column=0, sticky="nsew")
        self.draw = DrawTab(self.notebook, self.status)
        self.train = TrainTab(
            self.notebook,
            self.status,
            ask_folder=ask_folder or self._ask_folder,
            background=background,
        )
        self.models = ModelsTab(
            self.notebook,
            self.status,
            ask_open_path=ask_open_path or self._ask_open_path,
            ask_save_path=ask_save_path or self._ask_save_path,
            on_models_changed=self.draw.refresh_models,
            on_use=self.read_board_with,
        )
        for tab, title in (
            (self.draw, _("Draw")),
            (self.train, _("Train")),
            (self.models, _("Models")),
        ):
            self.notebook.add(tab, text=title)
        self.notebook.enable_traversal()
        self._bind_keys()
        theme.paint(root)
        self.pack(fill="both", expand=True)
        self.status.say(_("Loading …"))
        root.deiconify()

    # -- what the app calls

    def attach_session(self, session: Session) -> None:
        """Bring the window to life; ink drawn so far is read at once."""
        self._session = session
        self.status.say(_("Ready."))
        self._pump = EventPump(self, session.drain_events, self._dispatch, self._after_events)
        self._pump.start()
        for tab in (self.draw, self.train, self.models):
            # What one tab lacks (a bundled file, say) must not keep the others from working.
            with self.status.guarding():
                tab.attach(session)
        self._load_chart_library()

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

    def close(self) -> None:
        """Stop what runs, then take the window away."""
        if self._has_ended:
            return
        self._has_ended = True
        if self._pump is not None:
            self._pump.stop()
        # The window goes at once; the worker gets a moment to end, and it needs nothing of ours.
        self.root.withdraw()
        if self._session is not None and not self._session.close():
            _log.warning("The training thread did not end in time; it ends with the process")
        self.root.destroy()

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
        self.train.handle(event)
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

    # -- keys

    def _bind_keys(self) -> None:
        """Shortcuts of the board; they act only while its tab is shown."""
        control = "Command" if self.tk.call("tk", "windowingsystem") == "aqua" else "Control"
        for sequence, command in (
            (f"<{control}-z>", self.draw.undo),
            (f"<{control}-y>", self.draw.redo),
            (f"<{control}-Z>", self.draw.redo),
            ("<Escape>", self.draw.clear),
            ("<bracketleft>", lambda: self.draw.change_pen(-1)),
            ("<bracketright>", lambda: self.draw.change_pen(1)),
        ):
            self.root.bind(sequence, self._on_draw_tab(command))

    def _on_draw_tab(self, command: Callable[[], None]) -> Callable[[object], None]:
        def run(_event: object) -> None:
            if self.draw.winfo_viewable():
                command()

        return run

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
            self.status.show_error(
                _("Something went wrong: {error}. The log file has the details.").format(
                    error=error or kind.__name__
                )
            )

    # -- dialogs

    def _ask_open_path(self, _suffix: str) -> str:
        return str(
            filedialog.askopenfilename(
                parent=self,
                title=_("Open a model"),
                initialdir=self._models_folder(),
                filetypes=[(_("Models"), ("*.npz", "*.pkl")), (_("All files"), "*")],
            )
            or ""
        )

    def _ask_save_path(self, suffix: str) -> str:
        return str(
            filedialog.asksaveasfilename(
                parent=self,
                title=_("Save the model"),
                initialdir=self._models_folder(),
                initialfile=f"model{suffix}",
                defaultextension=suffix,
                filetypes=[(suffix, f"*{suffix}"), (_("All files"), "*")],
            )
            or ""
        )

    def _ask_folder(self) -> str:
        return str(filedialog.askdirectory(parent=self, title=_("Folder of a data set")) or "")

    def _models_folder(self) -> str:
        self._paths.models.mkdir(parents=True, exist_ok=True)
        return str(self._paths.models)

    def _fit_screen(self, side: tuple[int, int]) -> int:
        """A wanted width (0) or height (1) in screen pixels, at most what the screen has."""
        axis, logical = side
        screen = self.winfo_screenwidth() if axis == 0 else self.winfo_screenheight()
        return min(px(self, logical), screen)
