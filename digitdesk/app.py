"""The composition root of the window: the only module that knows the core and the screen.

The window comes first and the numerical core is imported behind it, on a thread that touches no
widget, so that the board is there before NumPy is.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from digitdesk.files.atomic import sweep_temporaries
from digitdesk.files.logs import start_logging
from digitdesk.files.paths import UserPaths
from digitdesk.messages.model import READER
from digitdesk.ui.window.shutdown import close_on_signals, keep_when_screen_is_lost, leave

if TYPE_CHECKING:
    from digitdesk.session.session import Session
    from digitdesk.ui.toolkit.user_settings import Settings
    from digitdesk.ui.window.main_window import MainWindow

_log = logging.getLogger(__name__)


def main() -> int:
    """Open the window and stay until it is closed.

    Returns:
        The exit code: 0, or 1 where there is no screen to open a window on.
    """
    user_paths = UserPaths.default()
    log_path = start_logging(user_paths.logs)
    try:
        window = open_window(user_paths)
    except Exception as error:
        if type(error).__name__ != "TclError":
            raise
        _log.info("No window: %s", error)
        if sys.stderr is not None:
            sys.stderr.write(
                f"DigitDesk cannot open a window: {error}. "
                "Start it on a desktop, or use the command line: digitdesk --help\n"
            )
        return 1
    _log.info("Window open; this log is %s", log_path)
    close_on_signals(lambda: window.root.after_idle(window.close))
    keep_when_screen_is_lost(window.keep_work)
    try:
        window.root.mainloop()
    finally:
        window.keep_work()
    _log.info("Window closed")
    leave(0)
    return 0


def open_window(user_paths: UserPaths) -> MainWindow:
    """Show the window and load the core behind it.

    Raises:
        tkinter.TclError: There is no screen.
    """
    from digitdesk.ui.toolkit.background import Beside
    from digitdesk.ui.toolkit.theme import create_root
    from digitdesk.ui.toolkit.timer import follow_clock
    from digitdesk.ui.toolkit.user_settings import read_settings
    from digitdesk.ui.window.garbage import GarbageCollection
    from digitdesk.ui.window.main_window import MainWindow

    settings = read_settings(user_paths.config)
    root = create_root(zoom=settings.zoom)
    beside = Beside(root)
    window = MainWindow(root, user_paths, background=beside)
    GarbageCollection(root)
    follow_clock(root)

    def attach(session: Session) -> None:
        window.attach_session(session)
        # Once the board is on the screen; the measurement of start times waits for this line.
        root.after_idle(lambda: _log.info("Ready to read"))

    beside(lambda _job: _load_session(user_paths), attach, window.attach_session_failed)
    beside(
        lambda _job: sweep_saving_places(user_paths, settings),
        lambda _nothing: None,
        window.status.show_error,
    )
    return window


def toolkit_version() -> str:
    """Version of the window's toolkit, loaded but not shown, so that no screen is needed.

    Raises:
        ImportError: Python came without Tk, or its libraries cannot be loaded.
    """
    import tkinter

    return str(tkinter.Tcl().eval("info patchlevel"))


def _load_session(user_paths: UserPaths) -> Session:
    """Import the core and make the bundled reader ready; the slow part of a start."""
    from digitdesk.session.session import Session

    session = Session(user_paths)
    session.load(READER)
    return session


def sweep_saving_places(user_paths: UserPaths, settings: Settings) -> None:
    """Clear away what saves that were cut short have left where the user last wrote.

    The session looks after its own folders.
    """
    chosen = {settings.model_folder, settings.export_folder} - {""}
    for folder in (user_paths.config, user_paths.data / "mnist", *map(Path, chosen)):
        sweep_temporaries(folder)
