"""How the app ends when nobody presses the window's button: on a signal, or when the screen dies.

Whatever the reason, a run that goes on is kept, the log says why, and nothing is left behind.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

_log = logging.getLogger(__name__)

EXIT_SCREEN_LOST = 1
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")

_kept_alive: list[Any] = []
"""What the system's libraries hold only an address of."""


def close_on_signals(close: Callable[[], object]) -> None:
    """Let Ctrl-C, ``kill`` and the end of the terminal close the window as its button does.

    Args:
        close: Called on the main thread, between two lines of whatever runs there; it should
            only ask the window to close soon.
    """

    def ask(number: int, _frame: object) -> None:
        _log.info("Asked to end by %s", signal.Signals(number).name)
        close()

    for name in _SIGNALS:
        number = getattr(signal, name, None)
        # Whoever starts a program with nohup wants it to ignore the end of the terminal.
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, ask)


def keep_when_screen_is_lost(keep: Callable[[], None]) -> None:
    """Keep the work when the X server goes away, in the moment before Xlib ends the process.

    Without this, Xlib ends it at once, and a run would be thrown back to its last epoch.

    Args:
        keep: Called on the main thread; may not touch the window, which is gone.
    """
    if sys.platform in ("win32", "darwin"):
        return
    try:
        # The library that Tk has loaded already: the same name gives the same copy.
        xlib = ctypes.CDLL("libX11.so.6")
    except OSError:
        _log.info("Xlib was not found; a lost screen will end the app without a word")
        return

    def on_loss(_display: int) -> int:
        # Nothing may leave this function, and Xlib ends the process when it returns.
        try:
            _log.warning("The screen is gone; keeping the work and ending")
            keep()
            _log.info("Ended without a screen")
        except BaseException:
            _log.exception("The work could not be kept")
        finally:
            _leave_now(EXIT_SCREEN_LOST)
        return 0

    handler = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)(on_loss)
    _kept_alive.append(handler)
    xlib.XSetIOErrorHandler(handler)


def leave(code: int) -> None:
    """End the process at once where a thread is still at work; otherwise do nothing.

    Python's own end would stop such a thread in the middle of foreign code, which can abort the
    process.
    """
    here = threading.current_thread()
    working = [thread.name for thread in threading.enumerate() if thread is not here]
    if working:
        _log.info("Leaving while at work: %s", ", ".join(working))
        _leave_now(code)


def _leave_now(code: int) -> None:
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code)
