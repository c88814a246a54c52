"""Finds and checks the four files of an IDX data set in a folder.

MNIST, Fashion-MNIST, KMNIST, EMNIST and their like differ only in how they spell the names.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from digitdesk.data.idx import IdxFile, read_idx
from digitdesk.data.progress import StopIfTold, never_told
from digitdesk.errors import DataError
from digitdesk.ink.arrays import UInt8Array
from digitdesk.messages.picture import DIGIT_SIDE

_SPLITS = {"train": ("train",), "test": ("t10k", "test")}
_CONTENTS = {"images": 3, "labels": 1}
_NAME_FILES = ("classes.txt", "labels.txt")
_IMAGE_SHAPE = (DIGIT_SIDE, DIGIT_SIDE)


@dataclass(frozen=True, slots=True)
class IdxSet:
    """The arrays of an IDX folder; labels begin at 0. A missing test set is of length 0.

    Attributes:
        sha256: Hash per file name as found.
    """

    train_images: UInt8Array
    train_labels: UInt8Array
    test_images: UInt8Array
    test_labels: UInt8Array
    class_names: tuple[str, ...]
    sha256: dict[str, str]


def find_idx_file(folder: Path, split: str, content: str) -> Path | None:
    """The folder's file of that split (train, test) and content (images, labels), if any.

    Both ``train-images-idx3-ubyte`` and ``emnist-letters-train-images.idx3-ubyte.gz`` are found;
    of several, the shortest name wins.
    """
    if not folder.is_dir():
        return None
    wanted = [f"{spelling}-{content}" for spelling in _SPLITS[split]]
    found = [
        path
        for path in folder.iterdir()
        if path.is_file()
        and any(part in path.name for part in wanted)
        and path.name.removesuffix(".gz").endswith("ubyte")
    ]
    return min(found, key=lambda path: (len(path.name), path.name), default=None)


def has_idx_files(folder: Path) -> bool:
    """Whether at least one of the four files is there."""
    return any(find_idx_file(folder, split, content) for split in _SPLITS for content in _CONTENTS)


def read_idx_folder(folder: Path, stop_if_told: StopIfTold = never_told) -> IdxSet:
    """Read an IDX data set of 28×28 images.

    Class names come from ``classes.txt`` (or ``labels.txt``), one a line; without it they are
    the numbers that the labels use.

    Args:
        folder: Holds the two or four files.
        stop_if_told: Called after each megabyte; raises to stop.

    Raises:
        DataError: A file is missing, wrong or does not fit the others.
    """
    files: dict[tuple[str, str], IdxFile] = {}
    hashes: dict[str, str] = {}
    for split in _SPLITS:
        paths = {content: find_idx_file(folder, split, content) for content in _CONTENTS}
        if split == "test" and not any(paths.values()):
            continue
        for content, path in paths.items():
            if path is None:
                spelling = "train" if split == "train" else "t10k"
                raise DataError(
                    f"The {split} {content} are missing from {folder}",
                    expected=f"a file named like {spelling}-{content}-idx{_CONTENTS[content]}"
                    "-ubyte.gz",
                )
            files[split, content] = read_idx(
                path, dimensions=_CONTENTS[content], stop_if_told=stop_if_told
            )
            hashes[path.name] = files[split, content].sha256
        _check_pair(folder, split, files[split, "images"].array, files[split, "labels"].array)

    train_labels = files["train", "labels"].array
    nothing = np.zeros((0, *_IMAGE_SHAPE), dtype=np.uint8)
    has_test = ("test", "images") in files
    test_images = files["test", "images"].array if has_test else nothing
    test_labels = files["test", "labels"].array if has_test else nothing[:, 0, 0]
    lowest = int(train_labels.min())
    highest = max(int(train_labels.max()), int(test_labels.max(initial=0)))
    if has_test and len(test_labels) and int(test_labels.min()) < lowest:
        lowest = int(test_labels.min())
    return IdxSet(
        files["train", "images"].array,
        train_labels - np.uint8(lowest),
        test_images,
        test_labels - np.uint8(lowest) if has_test else test_labels,
        _class_names(folder, lowest, highest),
        hashes,
    )


def _check_pair(folder: Path, split: str, images: UInt8Array, labels: UInt8Array) -> None:
    if images.shape[1:] != _IMAGE_SHAPE:
        raise DataError(
            f"The {split} images in {folder} have the wrong size",
            expected="28×28 pixels",
            received="×".join(map(str, images.shape[1:])),
        )
    if len(images) != len(labels):
        raise DataError(
            f"The {split} files in {folder} do not belong together",
            expected=f"as many labels as images ({len(images):,})",
            received=f"{len(labels):,} labels",
        )
    if not len(images):
        raise DataError(f"The {split} files in {folder} are empty", expected="at least one image")


def _class_names(folder: Path, lowest: int, highest: int) -> tuple[str, ...]:
    count = highest - lowest + 1
    for name in _NAME_FILES:
        path = folder / name
        if path.is_file() and path.stat().st_size < 100_000:
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
            names = tuple(line.strip()[:40] for line in lines if line.strip())
            if len(names) != count:
                raise DataError(
                    f"{name} in {folder} does not fit the labels",
                    expected=f"{count} names, one a line",
                    received=str(len(names)),
                )
            return names
    return tuple(str(label) for label in range(lowest, highest + 1))
