"""MNIST: where its four files may lie, what they must contain, and how to fetch them.

The files are known by the SHA-256 of their uncompressed bytes, so that any packing will do.
"""

from __future__ import annotations

import contextlib
import logging
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from digitdesk.data.idx import read_idx
from digitdesk.data.idx_folder import IdxSet, find_idx_file, read_idx_folder
from digitdesk.errors import DataError, DownloadError

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
_TIMEOUT_SECONDS = 20

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
) -> Path:
    """Fetch MNIST into the user's data folder; files that are there and right are kept.

    Args:
        user_data: The user's data folder; the files go to its sub-folder ``mnist``.
        progress: Called with bytes done and bytes in all.
        cancelled: Asked often; true stops the download.
        mirrors: Addresses that end in ``/``, tried in this order for each file.

    Returns:
        The folder of the files.

    Raises:
        DownloadCancelledError: ``cancelled`` said so; what was finished stays.
        DownloadError: No mirror gave a right file.
    """
    folder = user_data / "mnist"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DownloadError(f"Cannot make the folder {folder}", received=str(error)) from error
    total, finished = sum(DOWNLOAD_BYTES.values()), 0
    for name, size in DOWNLOAD_BYTES.items():
        path = folder / f"{name}.gz"
        if not _is_right(path, name):
            meter = _Meter(finished, finished + size, total, progress, cancelled)
            _fetch(path, name, mirrors, meter)
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
        check_hash(name, read_idx(path, dimensions=3 if "images" in name else 1).sha256)
    except DataError:
        return False
    return True


class _Meter:
    """What pooch takes for a progress bar; passes bytes on and stops on request."""

    def __init__(
        self,
        first: int,
        last: int,
        total: int,
        progress: Progress | None,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self.total = last - first
        self._first, self._last, self._all = first, last, total
        self._done = first
        self._progress, self._cancelled = progress, cancelled

    def update(self, count: int) -> None:
        """More bytes have come."""
        if self._cancelled and self._cancelled():
            raise DownloadCancelledError("The download was stopped", hint="Start it again any time")
        self._done = min(self._done + count, self._last)
        if self._progress:
            self._progress(self._done, self._all)

    def reset(self) -> None:
        """Begin again, with this mirror or the next."""
        self._done = self._first

    def close(self) -> None:
        """Nothing to close."""


def _fetch(path: Path, name: str, mirrors: Sequence[str], meter: _Meter) -> None:
    """One file from the first mirror that has it right, put in place in one step."""
    # pooch takes a quarter of a second to import and only a download needs it.
    import pooch

    complaints = []
    for mirror in mirrors:
        meter.reset()
        meter.update(0)
        with tempfile.NamedTemporaryFile(
            dir=path.parent, prefix=f".{name}-", suffix=".part", delete=False
        ) as file:
            part = Path(file.name)
        try:
            download = pooch.HTTPDownloader(
                progressbar=meter, chunk_size=2**16, timeout=_TIMEOUT_SECONDS
            )
            download(f"{mirror}{path.name}", str(part), None)
            check_hash(name, read_idx(part, dimensions=3 if "images" in name else 1).sha256)
            part.replace(path)
            return
        except DownloadCancelledError:
            raise
        except DataError as error:
            complaints.append(f"{mirror} gave a wrong file ({error.what})")
        except (OSError, ValueError) as error:
            # requests' errors are OSErrors; a redirect to nowhere can be a ValueError.
            complaints.append(f"{mirror} failed ({type(error).__name__})")
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
        logger.warning("%s: %s", path.name, complaints[-1])
    raise DownloadError(
        f"No mirror gave {path.name}",
        received="; ".join(complaints) or "no mirror was named",
        hint="Check the network connection and try again; what is fetched stays",
    )
