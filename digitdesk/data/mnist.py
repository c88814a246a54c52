"""MNIST: where its four files may lie, what they must contain, and how to fetch them.

The files are known by the SHA-256 of their uncompressed bytes, so that any packing will do.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from digitdesk.data.download import PATIENCE_SECONDS, fetch
from digitdesk.data.idx import read_idx
from digitdesk.data.idx_folder import IdxSet, find_idx_file, read_idx_folder
from digitdesk.errors import DataError, DownloadError
from digitdesk.files.atomic import make_folder, sweep_temporaries, write_atomically

Progress = Callable[[int, int], None]
"""Called with what is done and what there is to do; may raise to stop."""

SHA256 = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
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


def read_mnist(folder: Path, stop_if_told: Callable[[], None] = lambda: None) -> IdxSet:
    """Read MNIST from a folder and verify every file.

    Args:
        folder: Holds the four files.
        stop_if_told: Called after each megabyte; raises to stop.

    Raises:
        DataError: A file is missing, damaged, or not the one its name says.
    """
    for split in ("train", "test"):
        for content in ("images", "labels"):
            if find_idx_file(folder, split, content) is None:
                prefix = "train" if split == "train" else "t10k"
                name = f"{prefix}-{content}-idx{3 if content == 'images' else 1}-ubyte.gz"
                raise DataError(
                    f"MNIST's file {name} is missing", expected=f"it in {folder}", hint=_FETCH_HINT
                )
    found = read_idx_folder(folder, stop_if_told)
    for name, digest in found.sha256.items():
        check_hash(name, digest)
    return found


def check_hash(name: str, digest: str) -> None:
    """Compare a file's hash with the published one of that name.

    Raises:
        DataError: It is another one, with its real name where it is known.
    """
    wanted = next((known for key, known in SHA256.items() if _same_file(key, name)), "")
    if digest == wanted:
        return
    real_name = next((key for key, known in SHA256.items() if known == digest), None)
    if real_name:
        raise DataError(
            f"{name} holds the content of {real_name}",
            expected=f"SHA-256 {wanted[:16]}…",
            received=f"{digest[:16]}…",
            hint="Files have been swapped: give them their names back",
        )
    raise DataError(
        f"{name} is not MNIST's file of that name",
        expected=f"SHA-256 {wanted[:16]}… of the uncompressed bytes",
        received=f"{digest[:16]}…",
        hint=_FETCH_HINT,
    )


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


_FETCH_HINT = "Fetch MNIST with 'digitdesk data get mnist', or give its folder with --data-dir"


def _same_file(key: str, name: str) -> bool:
    """Whether a file name is a spelling of MNIST's ``key``, such as train-images.idx3-ubyte.gz."""
    stem = "-".join(key.split("-")[:2])
    return stem in name.replace("test-", "t10k-")


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
    raise DownloadError(
        f"No mirror gave {path.name}",
        received="; ".join(complaints) or "no mirror was named",
        hint="Check the network connection and try again; what is fetched stays",
    )
