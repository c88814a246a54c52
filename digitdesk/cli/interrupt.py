"""Ctrl-C while the program is still being read: it ends at once, with a sentence.

Reads nothing that takes time: whatever comes before ``end_quietly`` cannot be interrupted quietly.
"""

# The part of `signal` that is built into Python: the other part alone takes ten milliseconds.
import _signal  # type: ignore[import-not-found]
import os


def end_quietly() -> bool:
    """From now on, end at once when Ctrl-C comes.

    NumPy, interrupted while it is read, would say that it is not well installed.

    Returns:
        Whether Ctrl-C is listened to: whoever starts a program in the background may not want it.
    """
    listens: bool = _signal.getsignal(_signal.SIGINT) != _signal.SIG_IGN
    if listens:
        _signal.signal(_signal.SIGINT, _end)
    return listens


def tell_of_it() -> None:
    """From now on, raise ``KeyboardInterrupt``, as Python usually does."""
    if _signal.getsignal(_signal.SIGINT) == _end:
        _signal.signal(_signal.SIGINT, _signal.default_int_handler)


def ignore_it() -> None:
    """From now on it is too late: all is done, and Python's own end says unfriendly things."""
    _signal.signal(_signal.SIGINT, _signal.SIG_IGN)


def _end(number: int, _frame: object) -> None:
    try:
        os.write(2, b"digitdesk: Interrupted; nothing was saved.\n")
    finally:
        os._exit(128 + number)
