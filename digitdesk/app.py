"""The composition root of the window: the only module that knows the core and the screen.

The window comes first and the numerical core is imported behind it, on a thread that touches no
widget, so that the board is there before NumPy is.
"""

from __future__ import annotations

import gc
import logging
import queue
import sys
import threading
from typing import TYPE_CHECKING

from digitdesk.logs import start_logging
from digitdesk.paths import UserPaths

if TYPE_CHECKING:
    from digitdesk.session import Session
    from digitdesk.ui.main_window import MainWindow

_log = logging.getLogger(__name__)
_POLL_MS = 10
_COLLECT_MS = 1000


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
    window.root.mainloop()
    return 0


def open_window(user_paths: UserPaths) -> MainWindow:
    """Show the window and load the core behind it.

    Raises:
        tkinter.TclError: There is no screen.
    """
    from digitdesk.ui.main_window import MainWindow
    from digitdesk.ui.theme import create_root

    root = create_root()
    window = MainWindow(root, user_paths)
    _collect_on_this_thread(window)
    _load_session(window, user_paths)
    return window


def _load_session(window: MainWindow, user_paths: UserPaths) -> None:
    """Import the core and read the bundled model on a thread, then hand the session over."""
    results: queue.SimpleQueue[Session | BaseException] = queue.SimpleQueue()

    def load() -> None:
        try:
            from digitdesk.session import READER, Session

            session = Session(user_paths)
            session.load(READER)
            results.put(session)
            # Only after the board can read: the chart is on another tab.
            from digitdesk.ui.loss_chart import import_matplotlib

            import_matplotlib(user_paths.cache)
        except BaseException as error:
            _log.exception("The core could not be loaded")
            results.put(error)

    def poll() -> None:
        try:
            result = results.get_nowait()
        except queue.Empty:
            window.root.after(_POLL_MS, poll)
            return
        if isinstance(result, BaseException):
            window.attach_session_failed(result)
        else:
            window.attach_session(result)

    threading.Thread(target=load, name="warm-up", daemon=True).start()
    window.root.after(_POLL_MS, poll)


def _collect_on_this_thread(window: MainWindow) -> None:
    """Collect garbage here and nowhere else.

    Python collects on whichever thread happens to allocate; a Tk object that is collected on a
    worker aborts the process. So the collector is switched off and called by the clock.
    """
    gc.disable()
    rounds = 0

    def collect() -> None:
        nonlocal rounds
        rounds += 1
        gc.collect(2 if rounds % 30 == 0 else 1)
        window.root.after(_COLLECT_MS, collect)

    window.root.after(_COLLECT_MS, collect)
