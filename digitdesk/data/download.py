"""Fetches a file from the network, so that it can be stopped at any moment and never waits long.

Nothing can interrupt a read that waits for a silent server. So the network is read on a thread of
its own; the caller takes what has come, and leaves the thread behind when it wants no more. That
thread ends at the next piece or when the server has been silent for long, and holds up nothing.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin

from digitdesk.data.progress import StopIfTold, never_told
from digitdesk.errors import DownloadError

PATIENCE_SECONDS = 8.0
"""Three mirrors that stay silent are given up within half a minute."""
LEAST_BYTES = 2**13
"""So much must come within the patience; less is a server that drips."""

NO_CONNECTION = "no connection"
"""The complaint where no server can be reached at all."""

_CHUNK_BYTES = 2**12
_WAITING_CHUNKS = 256
_LOOK_SECONDS = 0.05
_MEBIBYTE = 2**20


class _NoLongerWantedError(Exception):
    """Whoever asked for the file has left."""


def fetch(
    address: str,
    write: Callable[[bytes], object],
    *,
    most_bytes: int,
    stop_if_told: StopIfTold = never_told,
    patience_seconds: float = PATIENCE_SECONDS,
) -> None:
    """Fetch a file and hand it over piece by piece.

    Args:
        address: Where it is; from an ``https:`` address no redirection leads to another kind.
        write: Called with each piece.
        most_bytes: A longer file is given up.
        stop_if_told: Called twenty times a second or more; raises to stop.
        patience_seconds: Time in which at least ``LEAST_BYTES`` must come.

    Raises:
        DownloadError: The server did not give a file.
    """
    pieces: queue.Queue[bytes | Exception | None] = queue.Queue(_WAITING_CHUNKS)
    pipe = _Pipe(pieces)
    threading.Thread(
        target=_read_network,
        args=(address, pipe, patience_seconds),
        name="download",
        daemon=True,
    ).start()
    taken = lately = 0
    deadline = time.monotonic() + patience_seconds
    try:
        while True:
            stop_if_told()
            if time.monotonic() > deadline:
                raise DownloadError("the server stopped answering")
            try:
                piece = pieces.get(timeout=_LOOK_SECONDS)
            except queue.Empty:
                continue
            if piece is None:
                return
            if isinstance(piece, Exception):
                raise _complaint(piece) from piece
            taken, lately = taken + len(piece), lately + len(piece)
            if taken > most_bytes:
                raise DownloadError(f"the file has more than {most_bytes / _MEBIBYTE:.1f} MB")
            write(piece)
            if lately >= LEAST_BYTES:
                lately, deadline = 0, time.monotonic() + patience_seconds
    finally:
        pipe.is_wanted = False


class _Pipe:
    """What pooch takes for an open file; passes pieces on while somebody wants them."""

    def __init__(self, pieces: queue.Queue[bytes | Exception | None]) -> None:
        self._pieces = pieces
        self.is_wanted = True

    def write(self, piece: bytes) -> None:
        """Pass a piece on."""
        self.put(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    def put(self, piece: bytes | Exception | None) -> None:
        """Wait for room, but not longer than somebody waits at the other end."""
        while self.is_wanted:
            with contextlib.suppress(queue.Full):
                self._pieces.put(piece, timeout=_LOOK_SECONDS)
                return
        raise _NoLongerWantedError


def _read_network(address: str, pipe: _Pipe, timeout_seconds: float) -> None:
    """The thread: read to the end, or until nobody listens any more."""
    with contextlib.suppress(_NoLongerWantedError):
        try:
            # pooch takes a quarter of a second to import and only a download needs it.
            import pooch

            download = pooch.HTTPDownloader(
                chunk_size=_CHUNK_BYTES,
                timeout=timeout_seconds,
                headers={"Accept-Encoding": "identity"},
                hooks={"response": _stay_encrypted},
            )
            download(address, pipe, None)
        except _NoLongerWantedError:
            raise
        except Exception as error:  # whatever it is, the waiting side says it
            pipe.put(error)
        else:
            pipe.put(None)


def _stay_encrypted(response: Any, *_: object, **__: object) -> None:
    """Refuse a redirection from an encrypted address to one that is not."""
    if not response.is_redirect or not response.url.startswith("https:"):
        return
    if not urljoin(response.url, response.headers["location"]).startswith("https:"):
        raise DownloadError("the server redirects to an address that is not encrypted")


def _complaint(error: Exception) -> DownloadError:
    """What went wrong on the network, in words."""
    if isinstance(error, DownloadError):
        return error
    status = getattr(getattr(error, "response", None), "status_code", None)
    kind = type(error).__name__
    if any(type(cause).__name__ == "ReadTimeoutError" for cause in error.args):
        # In the middle of a file, a silence comes as a lost connection.
        return DownloadError("the server stopped answering")
    if status is not None and kind == "HTTPError":
        return DownloadError(f"the server answered {status}")
    words = {
        "ConnectionError": NO_CONNECTION,
        "ConnectTimeout": "the server does not answer",
        "ReadTimeout": "the server stopped answering",
        "SSLError": "the server cannot prove who it is",
        "ProxyError": "the proxy does not answer",
        "TooManyRedirects": "the server redirects in a circle",
        "ChunkedEncodingError": "the connection broke off",
    }
    return DownloadError(words.get(kind, kind))
