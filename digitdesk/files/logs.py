"""The log file, and the hooks that bring every stray error into it.

A windowed executable has no console, so errors of threads and callbacks would vanish otherwise.
"""

from __future__ import annotations

import logging
import logging.handlers
import math
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

LOGGER_NAME = "digitdesk"
_FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"

REPEAT_SECONDS = 60.0
"""Time in which the same error is told once: a timer that fails would fill the log with it."""
_MOST_TOLD = 1000


class Repeats(logging.Filter):
    """Lets the same message with the same error through only once in a while.

    Args:
        clock: Seconds, monotonic.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._told: dict[tuple[str, str, int], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is to be written."""
        if not record.exc_info or record.exc_info[0] is None:
            return True
        file, line, trace = "", 0, record.exc_info[2]
        while trace is not None:
            file, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
            trace = trace.tb_next
        key = (f"{record.getMessage()} {record.exc_info[1]!r}", file, line)
        now = self._clock()
        if now - self._told.get(key, -math.inf) < REPEAT_SECONDS:
            return False
        if len(self._told) >= _MOST_TOLD:
            self._told.clear()
        self._told[key] = now
        return True


def start_logging(folder: Path | None, name: str = "digitdesk.log") -> Path | None:
    """Open the log file and send unhandled errors of all threads there.

    Args:
        folder: Folder of the log; ``None`` logs to standard error only.
        name: Of its file.

    Returns:
        Path of the log file, or ``None`` where it could not be written.
    """
    logger = logging.getLogger(LOGGER_NAME)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    for old in list(logger.handlers):
        logger.removeHandler(old)
        old.close()
    path = None if folder is None else _add_file(logger, folder / name)
    if sys.stderr is not None:
        console = logging.StreamHandler()
        console.setLevel(logging.ERROR)
        console.setFormatter(logging.Formatter(_FORMAT))
        logger.addHandler(console)
    for handler in logger.handlers:
        handler.addFilter(Repeats())
    sys.excepthook = _log_unhandled
    threading.excepthook = _log_thread_error
    return path


class _Passed(logging.Handler):
    """Passes on what a library says, with the library's name."""

    def emit(self, record: logging.LogRecord) -> None:
        logging.getLogger(LOGGER_NAME).handle(record)


def take_in(library: str) -> None:
    """Write what a library says into the app's log; else it would go to standard error.

    Args:
        library: Name of its logger, usually that of the package.
    """
    logger = logging.getLogger(library)
    logger.propagate = False
    if not any(isinstance(handler, _Passed) for handler in logger.handlers):
        logger.addHandler(_Passed())


def folder_of_log() -> Path | None:
    """Where this process logs; ``None`` where it does so nowhere."""
    for handler in logging.getLogger(LOGGER_NAME).handlers:
        if isinstance(handler, logging.FileHandler):
            return Path(handler.baseFilename).parent
    return None


def _add_file(logger: logging.Logger, path: Path) -> Path | None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            path, maxBytes=1_000_000, backupCount=3, encoding="utf-8", delay=False
        )
    except OSError:
        return None
    handler.setFormatter(logging.Formatter(_FORMAT))
    logger.addHandler(handler)
    return path


def _log_unhandled(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    logging.getLogger(LOGGER_NAME).critical("Unhandled error", exc_info=(kind, error, trace))


def _log_thread_error(failure: threading.ExceptHookArgs) -> None:
    if failure.exc_value is None:
        return
    logging.getLogger(LOGGER_NAME).critical(
        "Unhandled error in a thread",
        exc_info=(failure.exc_type, failure.exc_value, failure.exc_traceback),
    )
