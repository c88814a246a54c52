"""Labelled sets: pictures to read, preprocessed exactly as the window would have done it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.data.dataset import Dataset
from digitdesk.data.labelled_images import read_labelled_images
from digitdesk.data.photos import find_photos
from digitdesk.data.picture_folder import find_pictures
from digitdesk.errors import DataError
from digitdesk.evaluation.class_matching import numbers_as_names
from digitdesk.ink.arrays import Float32Array, UInt8Array
from digitdesk.ink.picture.grey_picture import open_grey
from digitdesk.ink.preprocessing import (
    SeenDigit,
    preprocess_drawings,
    preprocess_ink_image,
    see_digit,
)
from digitdesk.ink.stroke_file import read_stroke_file
from digitdesk.ink.strokes import fit_to_board
from digitdesk.messages.picture import DIGIT_SIDE
from digitdesk.messages.prediction import Stroke

_NOTHING: Float32Array = np.zeros((DIGIT_SIDE, DIGIT_SIDE), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """Pictures, and what they show.

    Attributes:
        count: How many pictures there are.
        labels: (N,) places among the classes; ``None`` where no picture shows any of them.
        preprocessed: Gives some of the pictures as (n, 28, 28) greys, ink 1 and paper 0, all 0
            where there is no ink. Preprocessing takes as long as reading, so it is done slice by
            slice, too.
        class_names: By which the classes are found among a model's; ``None`` where they are the
            model's own, in its order.
        strokes: Of each picture, in board units, where they are known.
        seen: Gives some of the pictures as they were seen in photos, finer than 28×28 where they
            are; ``None`` where that is all there is. Blank ones are as in ``preprocessed``.
        pictures: The same as bytes (N, 28, 28), where they were bytes to begin with.
        notes: What was done to the pictures or seems wrong with them, as sentences.
    """

    count: int
    labels: NDArray[Any] | None
    preprocessed: Callable[[slice], Float32Array]
    class_names: tuple[str, ...] | None = None
    strokes: tuple[tuple[Stroke, ...], ...] | None = None
    seen: Callable[[slice], list[SeenDigit]] | None = None
    pictures: UInt8Array | None = None
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, preprocessed: Float32Array, labels: NDArray[Any]) -> LabelledSet:
        """A set of pictures (N, 28, 28) that are preprocessed already.

        Raises:
            DataError: There are not as many labels as pictures.
        """
        if len(preprocessed) != len(labels):
            raise DataError(
                "Pictures and labels do not belong together",
                expected=f"{len(preprocessed):,} labels",
                received=f"{len(labels):,}",
            )
        return cls(len(labels), labels, lambda part: preprocessed[part])


def labelled_dataset(dataset: Dataset) -> LabelledSet:
    """The test part of a data set.

    Raises:
        DataError: It has none.
    """
    images, labels = dataset.test_images, dataset.test_labels
    if not len(labels):
        raise DataError(
            f"{dataset.title} has no test part", hint="Evaluate on mnist or an IDX folder"
        )
    return LabelledSet(
        len(labels),
        labels,
        lambda part: np.divide(images[part], np.float32(255), dtype=np.float32),
        dataset.class_names,
        pictures=images,
        notes=dataset.notes,
    )


def labelled_strokes(path: Path) -> LabelledSet:
    """The drawings of a stroke file, each replayed on the board.

    Raises:
        DataError: The file cannot be read, or holds none.
    """
    samples = read_stroke_file(path)
    _check_count(len(samples))
    labels, names = _named([sample.class_name for sample in samples])
    strokes = tuple(fit_to_board(sample.strokes) for sample in samples)
    return LabelledSet(
        len(samples),
        labels,
        lambda part: preprocess_drawings(strokes[part]),
        names,
        strokes=strokes,
    )


def labelled_images(path: Path) -> LabelledSet:
    """The pictures of an ``.npz`` file with ``images`` (ink = 255) and ``labels``.

    Without ``labels``, no picture shows any of the classes. Labels are places among the file's
    ``class_names``, or the names of the classes themselves where there are none.

    Raises:
        DataError: The file cannot be read, or holds none.
    """
    content = read_labelled_images(path)
    images = content.images
    _check_count(len(images))
    return LabelledSet(
        len(images),
        content.labels,
        lambda part: _stack(map(preprocess_ink_image, images[part])),
        content.class_names or numbers_as_names(content.labels),
    )


def _named(drawn: Sequence[str]) -> tuple[NDArray[Any], tuple[str, ...]]:
    """What was drawn as places among the names of classes; numbers have the place they are."""
    if all(name.isdigit() for name in drawn):
        labels = np.array([int(name) for name in drawn])
        return labels, numbers_as_names(labels)
    names = tuple(sorted(set(drawn)))
    places = {name: place for place, name in enumerate(names)}
    return np.array([places[name] for name in drawn]), names


def labelled_folder(path: Path) -> LabelledSet:
    """The pictures in a folder for each class, each read as a scan or photo of one sign.

    Raises:
        DataError: There are none; or later, that one of them is damaged.
    """
    found = find_pictures(path)
    return photographed(
        len(found.paths),
        np.array(found.labels, dtype=np.int64) if found.labels else None,
        lambda part: map(open_grey, found.paths[part]),
        found.class_names or None,
    )


def labelled_photos(path: Path) -> LabelledSet:
    """The photos in a folder or a zip file, each read as a photo of one digit.

    Raises:
        DataError: See ``find_photos``; or later, that one of them is damaged.
    """
    photos = find_photos(path)
    labels, names = _named(photos.labels)
    return photographed(
        len(labels), labels, lambda part: (open_grey(get()) for get in photos.open[part]), names
    )


def photographed(
    count: int,
    labels: NDArray[Any] | None,
    opened: Callable[[slice], Iterable[NDArray[Any]]],
    names: tuple[str, ...] | None,
) -> LabelledSet:
    """A set of photos of one digit each, opened when they are read.

    Args:
        count: How many there are.
        labels: What they show; see ``LabelledSet``.
        opened: Gives some of them as greys (H, W).
        names: Of the classes; see ``LabelledSet``.
    """

    def seen(part: slice) -> list[SeenDigit]:
        return [see_digit(photo) or SeenDigit(_NOTHING) for photo in opened(part)]

    def preprocessed(part: slice) -> Float32Array:
        return np.stack([one.preprocessed for one in seen(part)])

    return LabelledSet(count, labels, preprocessed, names, seen=seen)


def _check_count(count: int) -> None:
    if not count:
        raise DataError("The file holds nothing to read", expected="at least one drawing")


def _stack(preprocessed: Iterable[Float32Array | None]) -> Float32Array:
    """(n, 28, 28); a drawing without ink is an empty frame."""
    return np.stack([_NOTHING if picture is None else picture for picture in preprocessed])
