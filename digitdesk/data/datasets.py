"""Data sets by name: loads them, joins them, says which are here and fetches what is missing.

``mnist``, ``handwriting`` and ``pendigits`` are known; any folder of an IDX set works too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from digitdesk.data import pendigits
from digitdesk.data.idx_folder import IdxSet, has_idx_files, read_idx_folder
from digitdesk.data.mnist import Progress, download_mnist, read_mnist
from digitdesk.data.synthetic import handwriting, not_digits
from digitdesk.errors import ConfigError, DataError
from digitdesk.ink.arrays import UInt8Array
from digitdesk.messages.dataset import DatasetInfo
from digitdesk.messages.model import DIGITS
from digitdesk.messages.problem import Problem

__all__ = ["NAMES", "Dataset", "download_mnist", "list_datasets", "load_dataset"]


NAMES = ("mnist", "handwriting", "pendigits", "not-digits")
TITLES = {
    "mnist": "MNIST",
    "handwriting": "Built-in handwriting",
    "pendigits": "Pen digits",
    "not-digits": "Letters, symbols and scribbles",
}


@dataclass(frozen=True, slots=True)
class Dataset:
    """Images and labels, ready to train on.

    Attributes:
        name: What ``load_dataset`` was asked for.
        title: The name as the user sees it.
        train_images: (N, 28, 28) greys, ink = 255.
        train_labels: (N,) class numbers from 0.
        test_images: As the training images; of length 0 where there is no test set.
        test_labels: As the training labels.
        class_names: One for each class number.
        reject_names: Names of what is none of the classes; their labels follow those of the
            classes, and only training images have them.
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


def load_dataset(
    name: str,
    *,
    data_dir: Path | None,
    user_data: Path,
    seed: int = 0,
    limit: int | None = None,
    progress: Progress | None = None,
    stop_if_told: Callable[[], None] = lambda: None,
) -> Dataset:
    """Load a data set.

    Args:
        name: ``mnist``, ``handwriting``, ``pendigits``, ``not-digits``, the folder of an IDX set
            of 28×28 images, or several of these joined with ``+``. The first that has a test set
            gives it.
        data_dir: Where to look first: a folder of data sets, or one data set's own folder.
        user_data: The user's data folder, where to look next.
        seed: Decides the made-up images of ``handwriting`` and the renderings of ``pendigits``.
        limit: Draw no more training images than this for each of ``handwriting`` and
            ``pendigits``, which take time; sets that lie in files are loaded whole.
        progress: Called with images done and images in all while images are drawn.
        stop_if_told: Called many times a second, whatever is being done; raises to stop.

    Raises:
        ConfigError: The name is unknown.
        DataError: Files are missing, damaged or do not fit together.
    """
    if data_dir is not None and not data_dir.is_dir():
        raise DataError(
            f"The data folder {data_dir} does not exist", hint="Check --data-dir or DIGITDESK_DATA"
        )
    parts = [
        _load_one(part.strip(), data_dir, user_data, seed, limit, progress, stop_if_told)
        for part in ([name] if Path(name).expanduser().is_dir() else name.split("+"))
    ]
    whole = parts[0] if len(parts) == 1 else _joined(name, parts)
    if whole.reject_names and len(parts) == 1:
        raise ConfigError(
            "There are no digits in this data set",
            expected=f"a set of digits joined with it, such as mnist+{name}",
            received=name,
        )
    return whole


def list_datasets(
    *, data_dir: Path | None, user_data: Path, verify: bool = True
) -> tuple[DatasetInfo, ...]:
    """What there is, and where.

    Args:
        data_dir: As for ``load_dataset``.
        user_data: As for ``load_dataset``.
        verify: Read and check MNIST's files (half a second) instead of only finding them.
    """
    return (
        _mnist_info(_find("mnist", data_dir, user_data), verify),
        DatasetInfo(
            "handwriting",
            TITLES["handwriting"],
            "built-in",
            "Digits in the usual hands of three continents, made up by DigitDesk; no files needed.",
        ),
        _pendigits_info(_find("pendigits", data_dir, user_data)),
        DatasetInfo(
            "not-digits",
            TITLES["not-digits"],
            "built-in",
            "Join it to digits (mnist+not-digits) to teach a network when not to answer.",
        ),
    )


def _load_one(
    name: str,
    data_dir: Path | None,
    user_data: Path,
    seed: int,
    limit: int | None,
    progress: Progress | None,
    stop_if_told: Callable[[], None],
) -> Dataset:
    folder = Path(name).expanduser()
    if name == "mnist":
        place = _found(name, data_dir, user_data)
        return _from_idx(name, TITLES[name], read_mnist(place, stop_if_told))
    if name == "handwriting":
        return _handwriting(seed, limit, progress, stop_if_told)
    if name == "not-digits":
        return _not_digits(seed, limit, progress, stop_if_told)
    if name == "pendigits":
        place = _found(name, data_dir, user_data)
        return _pendigits(place, seed, limit, progress, stop_if_told)
    if name and folder.is_dir():
        if not has_idx_files(folder):
            raise DataError(
                f"The folder {folder} holds no IDX data set",
                expected="files named like train-images-idx3-ubyte.gz",
            )
        return _from_idx(name, folder.resolve().name, read_idx_folder(folder, stop_if_told))
    raise ConfigError(
        f"There is no data set '{name}'",
        expected=f"{', '.join(NAMES)}, the folder of an IDX set, or several joined with +",
    )


def _from_idx(name: str, title: str, content: IdxSet) -> Dataset:
    return Dataset(
        name,
        title,
        content.train_images,
        content.train_labels,
        content.test_images,
        content.test_labels,
        content.class_names,
        _hash(content.train_images, content.train_labels),
    )


def _handwriting(
    seed: int, limit: int | None, progress: Progress | None, stop_if_told: Callable[[], None]
) -> Dataset:
    train_images, train_labels = handwriting.generate(
        min(limit or handwriting.TRAIN_COUNT, handwriting.TRAIN_COUNT),
        seed=seed,
        progress=progress,
        stop_if_told=stop_if_told,
    )
    # The test images are the same for every seed, so that runs can be compared.
    test_images, test_labels = handwriting.generate(
        handwriting.TEST_COUNT, seed=handwriting.TEST_SEED, stop_if_told=stop_if_told
    )
    return Dataset(
        "handwriting",
        TITLES["handwriting"],
        train_images,
        train_labels,
        test_images,
        test_labels,
        DIGITS,
        _hash(train_images, train_labels),
    )


def _pendigits(
    folder: Path,
    seed: int,
    limit: int | None,
    progress: Progress | None,
    stop_if_told: Callable[[], None],
) -> Dataset:
    samples = pendigits.read_pendigits(folder)[:limit]
    images, labels = pendigits.render_samples(
        samples, seed=seed, progress=progress, stop_if_told=stop_if_told
    )
    return Dataset(
        "pendigits",
        TITLES["pendigits"],
        images,
        labels,
        images[:0],
        labels[:0],
        DIGITS,
        _hash(images, labels),
    )


def _not_digits(
    seed: int, limit: int | None, progress: Progress | None, stop_if_told: Callable[[], None]
) -> Dataset:
    count = min(limit or not_digits.TRAIN_COUNT, not_digits.TRAIN_COUNT)
    images, labels = not_digits.generate(
        count, seed=seed, progress=progress, stop_if_told=stop_if_told
    )
    return Dataset(
        "not-digits",
        TITLES["not-digits"],
        images,
        labels,
        images[:0],
        labels[:0],
        DIGITS,
        _hash(images, labels),
        not_digits.REJECT_NAMES,
    )


def _joined(name: str, parts: Sequence[Dataset]) -> Dataset:
    """All training images together, the first test set there is."""
    classes = parts[0].class_names
    for part in parts[1:]:
        if part.class_names != classes:
            raise DataError(
                f"{part.title} cannot be joined with {parts[0].title}",
                expected=f"the same {len(classes)} classes",
                received=f"{len(part.class_names)} classes, the first of them "
                f"'{part.class_names[0]}'",
            )
    tested = next((part for part in parts if len(part.test_labels)), parts[0])
    images = np.concatenate([part.train_images for part in parts])
    labels = np.concatenate([part.train_labels for part in parts])
    return Dataset(
        name,
        " + ".join(part.title for part in parts),
        images,
        labels,
        tested.test_images,
        tested.test_labels,
        classes,
        _hash(images, labels),
        next((part.reject_names for part in parts if part.reject_names), ()),
    )


def _hash(images: UInt8Array, labels: UInt8Array) -> str:
    digest = hashlib.sha256(np.ascontiguousarray(images).data)
    digest.update(np.ascontiguousarray(labels).data)
    return digest.hexdigest()


def _has_pendigits(folder: Path) -> bool:
    return any((folder / name).is_file() for name in pendigits.FILE_NAMES)


_IS_THERE: dict[str, Callable[[Path], bool]] = {
    "mnist": has_idx_files,
    "pendigits": _has_pendigits,
}


def _places(name: str, data_dir: Path | None, user_data: Path) -> list[Path]:
    """Folders to look in, the first one first.

    The data folder may be the parent of all data sets, one data set, or another one beside it.
    """
    places = [user_data / name]
    if data_dir is not None:
        places = [data_dir / name, data_dir, data_dir.parent / name, *places]
    return places


def _find(name: str, data_dir: Path | None, user_data: Path) -> Path | None:
    for folder in _places(name, data_dir, user_data):
        if _IS_THERE[name](folder):
            return folder
    return None


def _found(name: str, data_dir: Path | None, user_data: Path) -> Path:
    folder = _find(name, data_dir, user_data)
    if folder is None:
        places = _places(name, data_dir, user_data)
        raise DataError(
            f"{TITLES[name]} is not on this computer",
            expected=f"it in {' or '.join(map(str, places))}",
            hint=_MISSING_HINT[name],
        )
    return folder


_MISSING_HINT = {
    "mnist": "Fetch it with 'digitdesk data get mnist', or train on 'handwriting', which needs no "
    "files",
    "pendigits": f"Put UCI's {pendigits.FILE_NAMES[0]} there, or train on 'handwriting', which "
    "needs no files",
}


def _mnist_info(folder: Path | None, verify: bool) -> DatasetInfo:
    title = TITLES["mnist"]
    if folder is None:
        return DatasetInfo(
            "mnist", title, "missing", "60,000 + 10,000 digits, 12 MB.", can_download=True
        )
    if not verify:
        return DatasetInfo("mnist", title, "unverified", f"In {folder}.", str(folder))
    try:
        read_mnist(folder)
    except DataError as error:
        return DatasetInfo(
            "mnist", title, "damaged", error.sentence, str(folder), True, Problem.of(error)
        )
    return DatasetInfo("mnist", title, "verified", f"In {folder}.", str(folder))


def _pendigits_info(folder: Path | None) -> DatasetInfo:
    title = TITLES["pendigits"]
    if folder is None:
        return DatasetInfo("pendigits", title, "missing", _MISSING_HINT["pendigits"] + ".")
    return DatasetInfo("pendigits", title, "unverified", f"In {folder}.", str(folder))
