"""Reads MNIST from its four files, each of which must be the published one.

The files are known by the SHA-256 of their uncompressed bytes, so that any packing will do.
"""

from __future__ import annotations

from pathlib import Path

from digitdesk.data.idx_files import DIMENSIONS, Content, Split, find_mnist
from digitdesk.data.idx_folder import IdxSet, read_idx_set
from digitdesk.data.progress import StopIfTold, never_told
from digitdesk.errors import DataError

SHA256 = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
_FILES: tuple[tuple[Split, Content], ...] = (
    ("train", "images"),
    ("train", "labels"),
    ("test", "images"),
    ("test", "labels"),
)
_FETCH_HINT = "Fetch MNIST with 'digitdesk data get mnist', or give its folder with --data-dir"


def read_mnist(
    folder: Path, stop_if_told: StopIfTold = never_told, *, test_only: bool = False
) -> IdxSet:
    """Read MNIST from a folder and verify every file that is read.

    Args:
        folder: Holds the four files.
        stop_if_told: Called after each megabyte; raises to stop.
        test_only: Do without the training images.

    Raises:
        DataError: A file is missing, damaged, or not the one its name says.
    """
    files = find_mnist(folder)
    for split, content in _FILES:
        is_needed = split == "test" or not test_only
        if is_needed and (files is None or (split, content) not in files.paths):
            prefix = "train" if split == "train" else "t10k"
            name = f"{prefix}-{content}-idx{DIMENSIONS[content]}-ubyte.gz"
            raise DataError(
                f"MNIST's file {name} is missing", expected=f"it in {folder}", hint=_FETCH_HINT
            )
    assert files is not None
    found = read_idx_set(files, stop_if_told, test_only=test_only)
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


def _same_file(key: str, name: str) -> bool:
    """Whether a file name is a spelling of MNIST's ``key``, such as train-images.idx3-ubyte.gz."""
    stem = "-".join(key.split("-")[:2])
    return stem in name.replace("test-", "t10k-")
