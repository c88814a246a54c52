"""Standard streams as shells may hand them over: closed, on a full disk, or read by nobody.

Results that cannot be written are an error; progress and complaints that cannot are none.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import Any, TextIO, cast

from digitdesk.errors import SaveError
from digitdesk.files.atomic import reason


def repair_streams() -> None:
    """Give closed streams somewhere to go, and let nothing end because of standard error."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            # The lowest free number is taken: otherwise a file would get it, and every complaint.
            os.open(os.devnull, os.O_RDWR)
    sys.stdin = sys.stdin or _nowhere("r")
    sys.stdout = sys.stdout or _nowhere("w")
    sys.stderr = cast(TextIO, _Patient(sys.stderr or _nowhere("w")))


def _nowhere(mode: str) -> TextIO:
    return cast(TextIO, Path(os.devnull).open(mode, encoding="utf-8"))


class _Patient:
    """A stream that takes whatever it is given, and loses what cannot be written."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write a text if that is possible."""
        with contextlib.suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Write what is waiting if that is possible."""
        with contextlib.suppress(OSError):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def say(text: str, *, meanwhile: str = "", end: str = "\n") -> None:
    """Write a result on standard output, at once.

    Args:
        text: The result.
        meanwhile: What was done all the same, for a complaint.
        end: What follows the text.

    Raises:
        SaveError: It cannot be written.
        BrokenPipeError: Nobody reads any more.
    """
    try:
        print(text, end=end, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        forget_output()
        raise SaveError(f"Cannot write the result: {reason(error)}", hint=meanwhile) from error


def forget_output() -> None:
    """Let what standard output still holds go nowhere: Python would try once more at its end."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
