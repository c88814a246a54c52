"""Fetches MNIST from its mirrors; a file takes its name only when it is whole and right."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from digitdesk.data.download import NO_CONNECTION, PATIENCE_SECONDS, fetch
from digitdesk.data.idx import read_idx
from digitdesk.data.mnist import check_hash
from digitdesk.data.progress import Progress
from digitdesk.errors import DataError, DownloadError
from digitdesk.files.atomic import make_folder, sweep_temporaries, write_atomically

DOWNLOAD_BYTES = {
    "train-images-idx3-ubyte": 9_912_422,
    "train-labels-idx1-ubyte": 28_881,
    "t10k-images-idx3-ubyte": 1_648_877,
    "t10k-labels-idx1-ubyte": 4_542,
}
MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://raw.githubusercontent.com/fgnt/mnist/master/",
)
_MOST_UNPACKED_BYTES = 2**26

logger = logging.getLogger(__name__)


class DownloadCancelledError(DownloadError):
    """The user stopped the download; nothing is wrong."""


def download_mnist(
    user_data: Path,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    *,
    mirrors: Sequence[str] = MIRRORS,
    patience_seconds: float = PATIENCE_SECONDS,
) -> Path:
    """Fetch MNIST into the user's data folder; files that are there and right are kept.

    Args:
        user_data: The user's data folder; the files go to its sub-folder ``mnist``.
        progress: Called with bytes done and bytes in all.
        cancelled: Asked often; true stops the download.
        mirrors: Addresses that end in ``/``, tried in this order for each file; but the one
            that gave the last file is asked first.
        patience_seconds: How long a mirror may be silent.

    Returns:
        The folder of the files.

    Raises:
        DownloadCancelledError: ``cancelled`` said so; what was finished stays.
        DownloadError: No mirror gave a right file.
        SaveError: The folder or a file cannot be written.
    """
    folder = user_data / "mnist"
    make_folder(folder)
    sweep_temporaries(folder)
    order = list(mirrors)
    total, finished = sum(DOWNLOAD_BYTES.values()), 0
    for name, size in DOWNLOAD_BYTES.items():
        path = folder / f"{name}.gz"
        if not _is_right(path, name):
            meter = _Meter(finished, finished + size, total, progress, cancelled)
            good = _fetch(path, name, order, meter, patience_seconds)
            order = [good, *(mirror for mirror in order if mirror != good)]
        finished += size
        if progress:
            progress(finished, total)
    return folder


def _is_right(path: Path, name: str) -> bool:
    try:
        _check(path, name)
    except DataError:
        return False
    return True


def _check(path: Path, name: str) -> None:
    """Read a file and compare its content with the published one.

    Raises:
        DataError: It is damaged or another one.
    """
    dimensions = 3 if "images" in name else 1
    check_hash(name, read_idx(path, dimensions=dimensions, max_bytes=_MOST_UNPACKED_BYTES).sha256)


class _Meter:
    """Says how far a download is, and stops it on request."""

    def __init__(
        self,
        first: int,
        last: int,
        total: int,
        progress: Progress | None,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self.size = last - first
        self._first, self._last, self._all = first, last, total
        self._done = first
        self._progress, self._cancelled = progress, cancelled

    def add(self, count: int) -> None:
        """More bytes have come."""
        self._done = min(self._done + count, self._last)
        if self._progress:
            self._progress(self._done, self._all)

    def begin_again(self) -> None:
        """Start over with the next mirror."""
        self._done = self._first

    def stop_if_told(self) -> None:
        """Raise where the user wants no more."""
        if self._cancelled and self._cancelled():
            raise DownloadCancelledError("The download was stopped", hint="Start it again any time")


def _fetch(
    path: Path, name: str, mirrors: Sequence[str], meter: _Meter, patience_seconds: float
) -> str:
    """Get one file; it takes its name only when it is whole and right.

    Returns:
        The mirror that gave it.
    """
    complaints = []
    for mirror in mirrors:
        meter.begin_again()

        def download(stream: IO[bytes], mirror: str = mirror) -> None:
            def take(piece: bytes) -> None:
                stream.write(piece)
                meter.add(len(piece))

            fetch(
                f"{mirror}{path.name}",
                take,
                # Mirrors pack in their own ways, but not twice as large.
                most_bytes=2 * meter.size + 2**16,
                stop_if_told=meter.stop_if_told,
                patience_seconds=patience_seconds,
            )
            stream.flush()
            _check(Path(stream.name), name)

        try:
            write_atomically(path, download)
        except DownloadCancelledError:
            raise
        except DownloadError as error:
            complaints.append(f"{mirror} failed ({error.what})")
        except DataError as error:
            logger.info("A wrong file: %s", error)
            complaints.append(f"{mirror} gave a wrong file")
        else:
            return mirror
        logger.warning("%s: %s", path.name, complaints[-1])
    if complaints and all(NO_CONNECTION in complaint for complaint in complaints):
        raise DownloadError(
            "No internet connection", hint="Connect and try again; what is fetched stays"
        )
    raise DownloadError(
        f"No mirror gave {path.name}",
        received="; ".join(complaints) or "no mirror was named",
        hint="Check the network connection and try again; what is fetched stays",
    )
