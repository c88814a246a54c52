"""Reads and checks the two or four files of an IDX data set of 28×28 images."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from digitdesk.data.class_names import class_names
from digitdesk.data.idx import IdxFile, read_idx
from digitdesk.data.idx_files import DIMENSIONS, Content, IdxFiles, Split
from digitdesk.data.progress import StopIfTold, never_told
from digitdesk.errors import DataError
from digitdesk.ink.arrays import UInt8Array
from digitdesk.messages.picture import DIGIT_SIDE

_IMAGE_SHAPE = (DIGIT_SIDE, DIGIT_SIDE)
_SPELLINGS: dict[Split, str] = {"train": "train", "test": "t10k"}
_LYING = "emnist"
"""Whose pictures lie on their side, mirrored: columns come before rows."""


@dataclass(frozen=True, slots=True)
class IdxSet:
    """The arrays of an IDX set; labels begin at 0. A part that is missing is of length 0.

    Attributes:
        sha256: Hash per file name as found.
        notes: What was done to the pictures, as sentences for the user.
    """

    train_images: UInt8Array
    train_labels: UInt8Array
    test_images: UInt8Array
    test_labels: UInt8Array
    class_names: tuple[str, ...]
    sha256: dict[str, str]
    notes: tuple[str, ...] = ()


def read_idx_set(
    files: IdxFiles, stop_if_told: StopIfTold = never_told, *, test_only: bool = False
) -> IdxSet:
    """Read an IDX data set of 28×28 images.

    Class names come from a file beside it; without one they are the numbers that the labels use.

    Args:
        files: Of the set.
        stop_if_told: Called after each megabyte; raises to stop.
        test_only: Do without the training images, which may then be missing.

    Raises:
        DataError: A file is missing, wrong or does not fit the others.
    """
    reading = _Reading(files, stop_if_told)
    is_there = {split: any(key[0] == split for key in files.paths) for split in _SPELLINGS}
    train, test = _nothing(), _nothing()
    if not test_only:
        train = reading.part("train")
    elif ("train", "labels") in files.paths:
        train = (_nothing()[0], reading.file("train", "labels").array)
    if is_there["test"] or test_only:
        test = reading.part("test")
    every_label = np.concatenate([train[1], test[1]])
    names, first = class_names(
        files.folder, files.name, int(every_label.min()), int(every_label.max())
    )
    shift, train_images = np.uint8(first), train[0]
    return IdxSet(
        train_images,
        # Labels without their images served to number the classes only.
        train[1][: len(train_images)] - shift,
        test[0],
        test[1] - shift,
        names,
        reading.hashes,
        reading.notes,
    )


def _nothing() -> tuple[UInt8Array, UInt8Array]:
    return np.zeros((0, *_IMAGE_SHAPE), dtype=np.uint8), np.zeros(0, dtype=np.uint8)


class _Reading:
    """Reads the files of one set one by one."""

    def __init__(self, files: IdxFiles, stop_if_told: StopIfTold) -> None:
        self._files = files
        self._stop_if_told = stop_if_told
        self._is_lying = files.name.lower().startswith(_LYING)
        self.hashes: dict[str, str] = {}
        self.notes: tuple[str, ...] = ()
        if self._is_lying:
            self.notes = (
                "The pictures of EMNIST lie on their side in its files; they were turned upright.",
            )

    def part(self, split: Split) -> tuple[UInt8Array, UInt8Array]:
        """Images and labels of one part.

        Raises:
            DataError: A file is missing, or they do not belong together.
        """
        images = self.file(split, "images").array
        labels = self.file(split, "labels").array
        self._check_pair(split, images, labels)
        return np.ascontiguousarray(images.transpose(0, 2, 1)) if self._is_lying else images, labels

    def file(self, split: Split, content: Content) -> IdxFile:
        """One file.

        Raises:
            DataError: It is missing or wrong.
        """
        path, dimensions = self._files.paths.get((split, content)), DIMENSIONS[content]
        if path is None:
            prefix = f"{self._files.name}-" if self._files.name else ""
            raise DataError(
                f"The {split} {content} are missing from {self._files.folder}",
                expected=f"a file named like {prefix}{_SPELLINGS[split]}-{content}-idx{dimensions}"
                "-ubyte.gz",
            )
        read = read_idx(path, dimensions=dimensions, stop_if_told=self._stop_if_told)
        self.hashes[path.name] = read.sha256
        return read

    def _check_pair(self, split: Split, images: UInt8Array, labels: UInt8Array) -> None:
        folder = self._files.folder
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
            raise DataError(
                f"The {split} files in {folder} are empty", expected="at least one image"
            )
