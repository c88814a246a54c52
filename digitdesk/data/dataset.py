"""A data set in memory: images and labels, ready to train on, and several joined to one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from digitdesk.errors import DataError
from digitdesk.ink.arrays import UInt8Array

Labelled = tuple[UInt8Array, UInt8Array]
"""Images (N, 28, 28) and their labels (N,)."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """Images and labels, ready to train on.

    Attributes:
        name: What ``load_dataset`` was asked for.
        title: The name as the user sees it.
        train_images: (N, 28, 28) greys, ink = 255; or (N, 10, 28, 28) of ``stroke_planes``.
        train_labels: (N,) class numbers from 0.
        test_images: As the training images; of length 0 where there is no test set.
        test_labels: As the training labels.
        class_names: One for each class number.
        reject_names: Names of what is none of the classes; their labels follow those of the
            classes, and only training images have them.
        notes: What was done to the pictures or seems wrong with them, as sentences for the user.
        sha256: Hash of the training images' bytes followed by the training labels'.
    """

    name: str
    title: str
    train_images: UInt8Array
    train_labels: UInt8Array
    test_images: UInt8Array
    test_labels: UInt8Array
    class_names: tuple[str, ...]
    sha256: str
    reject_names: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def input_planes(self) -> int:
        """Pictures of 28×28 that a network is shown of each drawing."""
        return 1 if self.train_images.ndim == 3 else self.train_images.shape[1]

    @classmethod
    def of(
        cls,
        name: str,
        title: str,
        train: Labelled,
        test: Labelled | None = None,
        *,
        class_names: tuple[str, ...],
        reject_names: tuple[str, ...] = (),
        notes: tuple[str, ...] = (),
    ) -> Dataset:
        """The data set of these images; without ``test`` it has no test part."""
        images, labels = train
        test_images, test_labels = (images[:0], labels[:0]) if test is None else test
        digest = hashlib.sha256(np.ascontiguousarray(images).data)
        digest.update(np.ascontiguousarray(labels).data)
        return cls(
            name,
            title,
            images,
            labels,
            test_images,
            test_labels,
            class_names,
            digest.hexdigest(),
            reject_names,
            notes,
        )


def join_datasets(name: str, parts: Sequence[Dataset]) -> Dataset:
    """All training images together, and the first test set there is.

    Raises:
        DataError: They have other classes.
    """
    classes = parts[0].class_names
    for part in parts[1:]:
        if part.class_names != classes:
            raise DataError(
                f"{part.title} cannot be joined with {parts[0].title}",
                expected=f"the same {len(classes)} classes",
                received=f"{len(part.class_names)} classes, the first of them "
                f"'{part.class_names[0]}'",
            )
        if part.input_planes != parts[0].input_planes:
            raise DataError(
                f"{part.title} cannot be joined with {parts[0].title}",
                expected="pictures in both, or the direction of the pen in both",
            )
    tested = next((part for part in parts if len(part.test_labels)), parts[0])
    return Dataset.of(
        name,
        " + ".join(part.title for part in parts),
        (
            np.concatenate([part.train_images for part in parts]),
            np.concatenate([part.train_labels for part in parts]),
        ),
        (tested.test_images, tested.test_labels),
        class_names=classes,
        reject_names=next((part.reject_names for part in parts if part.reject_names), ()),
        notes=tuple(note for part in parts for note in part.notes),
    )
