"""Loads data sets by name, and joins them.

The names of ``catalog`` are known; any folder of an IDX set works too, and a folder of several,
with the name of one behind it. ``pen-strokes`` is what the bundled reader's second network learns
from, and ``traced-strokes`` what one for strokes in pictures does; neither is a set of pictures.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from digitdesk.data.catalog import NAMES, TITLES, needed_folder
from digitdesk.data.dataset import Dataset, Labelled, join_datasets
from digitdesk.data.doubts import doubts
from digitdesk.data.idx_files import IdxFiles, find_idx_sets, named_set
from digitdesk.data.idx_folder import IdxSet, read_idx_set
from digitdesk.data.mnist import read_mnist
from digitdesk.data.progress import Progress, StopIfTold, never_told
from digitdesk.data.side_by_side import side_by_side
from digitdesk.data.strokes import pen_strokes, pendigits, traced_strokes, unipen
from digitdesk.data.synthetic import handwriting, not_digits
from digitdesk.errors import ConfigError, DataError, nearest
from digitdesk.files.atomic import shortened
from digitdesk.files.paths import expanded, is_folder, there_is
from digitdesk.files.readable_file import is_address
from digitdesk.messages.model import DIGITS


def load_dataset(
    name: str,
    *,
    data_dir: Path | None,
    user_data: Path,
    seed: int = 0,
    limit: int | None = None,
    test_only: bool = False,
    progress: Progress | None = None,
    stop_if_told: StopIfTold = never_told,
) -> Dataset:
    """Load a data set.

    Args:
        name: A name of the catalog, the folder of an IDX set of 28×28 images, or several of
            these joined with ``+``. The first that has a test set gives it. Of a folder that
            holds several IDX sets, one is named as in ``emnist/emnist-letters``.
        data_dir: Where to look first: a folder of data sets, or one data set's own folder.
        user_data: The user's data folder, where to look next.
        seed: Decides the made-up images of ``handwriting`` and the renderings of strokes.
        limit: Draw no more training images than this for each set of ``handwriting`` and strokes,
            which take time; sets that lie in files are loaded whole.
        test_only: Leave out the training images of sets that lie in files, which may then be
            missing.
        progress: Called with images done and images in all while images are drawn.
        stop_if_told: Called many times a second, whatever is being done; raises to stop.

    Raises:
        ConfigError: The name is unknown.
        DataError: Files are missing, damaged or do not fit together.
    """
    if data_dir is not None and not is_folder(data_dir):
        raise DataError(
            f"The data folder {shortened(str(data_dir))} does not exist",
            hint="Check --data-dir or DIGITDESK_DATA",
        )
    order = _Order(data_dir, user_data, seed, limit, test_only, progress, stop_if_told)
    names = [name] if there_is(name) else name.split("+")
    parts = [_load_one(part.strip(), order) for part in names]
    whole = parts[0] if len(parts) == 1 else join_datasets(name, parts)
    has_digits = (whole.train_labels < len(whole.class_names)).any()
    if whole.reject_names and len(parts) == 1 and not has_digits:
        raise ConfigError(
            "There are no digits in this data set",
            expected=f"a set of digits joined with it, such as mnist+{name}",
            received=name,
        )
    return whole


def is_drawn(name: str) -> bool:
    """Whether a seed and a limit decide which images there are; sets in files are the same."""
    parts = [name] if there_is(name) else name.split("+")
    return any(part.strip() in _LOADERS and part.strip() != "mnist" for part in parts)


@dataclass(frozen=True, slots=True)
class _Order:
    """How a data set is wanted; see ``load_dataset``."""

    data_dir: Path | None
    user_data: Path
    seed: int
    limit: int | None
    test_only: bool
    progress: Progress | None
    stop_if_told: StopIfTold

    def folder(self, name: str) -> Path:
        """Where the files of a data set lie."""
        return needed_folder(name, self.data_dir, self.user_data)

    def count(self, most: int) -> int:
        """How many images to draw, of those there could be."""
        return min(self.limit or most, most)


def _load_one(name: str, order: _Order) -> Dataset:
    load = _LOADERS.get(name)
    return _folder(name, order) if load is None else load(order)


def _mnist(order: _Order) -> Dataset:
    folder, stop = order.folder("mnist"), order.stop_if_told
    return _of_idx("mnist", TITLES["mnist"], read_mnist(folder, stop, test_only=order.test_only))


def _handwriting(order: _Order) -> Dataset:
    train, test = side_by_side(
        lambda: handwriting.generate(
            order.count(handwriting.TRAIN_COUNT),
            seed=order.seed,
            progress=order.progress,
            stop_if_told=order.stop_if_told,
        ),
        handwriting.test_part,
        order.stop_if_told,
    )
    return Dataset.of("handwriting", TITLES["handwriting"], train, test, class_names=DIGITS)


def _pendigits(order: _Order) -> Dataset:
    samples = pendigits.read_pendigits(order.folder("pendigits"))[: order.limit]
    train = pendigits.render_samples(
        samples, seed=order.seed, progress=order.progress, stop_if_told=order.stop_if_told
    )
    return Dataset.of("pendigits", TITLES["pendigits"], train, class_names=DIGITS)


def _not_digits(order: _Order) -> Dataset:
    train = not_digits.generate(
        order.count(not_digits.TRAIN_COUNT),
        seed=order.seed,
        progress=order.progress,
        stop_if_told=order.stop_if_told,
    )
    return Dataset.of(
        "not-digits",
        TITLES["not-digits"],
        train,
        class_names=DIGITS,
        reject_names=not_digits.REJECT_NAMES,
    )


def _unipen(order: _Order) -> Dataset:
    samples = unipen.read_unipen_digits(order.folder("unipen"))[: order.limit]
    train = pendigits.render_samples(
        samples,
        seed=order.seed,
        renderings=unipen.DIGIT_RENDERINGS,
        progress=order.progress,
        stop_if_told=order.stop_if_told,
    )
    return Dataset.of("unipen", TITLES["unipen"], train, class_names=DIGITS)


def _unipen_letters(order: _Order) -> Dataset:
    name = "unipen-letters"
    samples = unipen.read_unipen_letters(order.folder(name))[: order.limit]
    train = unipen.render_letters(
        samples, seed=order.seed, progress=order.progress, stop_if_told=order.stop_if_told
    )
    return Dataset.of(
        name, TITLES[name], train, class_names=DIGITS, reject_names=not_digits.REJECT_NAMES
    )


def _pen_strokes(order: _Order) -> Dataset:
    folder = order.folder("unipen")
    train = pen_strokes.generate(
        [*pendigits.read_pendigits(order.folder("pendigits")), *unipen.read_unipen_digits(folder)],
        unipen.read_unipen_letters(folder),
        seed=order.seed,
        limit=order.limit,
        progress=order.progress,
        stop_if_told=order.stop_if_told,
    )
    return _of_strokes(pen_strokes.NAME, pen_strokes.TITLE, train)


def _traced_strokes(order: _Order) -> Dataset:
    folder, mnist = order.folder("unipen"), _mnist(order)
    train = traced_strokes.generate(
        [*pendigits.read_pendigits(order.folder("pendigits")), *unipen.read_unipen_digits(folder)],
        unipen.read_unipen_letters(folder),
        (mnist.train_images, mnist.train_labels),
        seed=order.seed,
        limit=order.limit,
        progress=order.progress,
        stop_if_told=order.stop_if_told,
    )
    return _of_strokes(traced_strokes.NAME, traced_strokes.TITLE, train)


def _of_strokes(name: str, title: str, train: Labelled) -> Dataset:
    return Dataset.of(name, title, train, class_names=DIGITS, reject_names=not_digits.REJECT_NAMES)


_LOADERS: dict[str, Callable[[_Order], Dataset]] = {
    "mnist": _mnist,
    "handwriting": _handwriting,
    "pendigits": _pendigits,
    "unipen": _unipen,
    "not-digits": _not_digits,
    "unipen-letters": _unipen_letters,
    pen_strokes.NAME: _pen_strokes,
    traced_strokes.NAME: _traced_strokes,
}


def _folder(name: str, order: _Order) -> Dataset:
    """The IDX set in the folder of that name, or the one of several in a folder."""
    path = expanded(name)
    if is_address(path):
        raise DataError(
            f"{name} is on the network",
            expected="a folder of this computer",
            hint="Fetch its files first: DigitDesk opens no addresses",
        )
    files = _idx_files(path, name)
    title = files.name or path.resolve().name
    content = read_idx_set(files, order.stop_if_told, test_only=order.test_only)
    seen = (content.train_images, content.train_labels)
    if order.test_only:
        seen = (content.test_images, content.test_labels)
    found = doubts(*seen, () if order.test_only else content.class_names)
    return _of_idx(name, title, content, (*content.notes, *found))


def _idx_files(path: Path, name: str) -> IdxFiles:
    """The files of the one set that a path stands for.

    Raises:
        ConfigError: There is nothing of that name.
        DataError: There is something else, or more than one set.
    """
    if any("\ud800" <= sign <= "\udfff" for sign in str(path.resolve())):
        # A model's file says what it was trained on, and a sentence does, too.
        raise DataError(
            f"The name of the folder {path} is no text",
            expected="letters",
            received="bytes that stand for none",
            hint="Rename it",
        )
    if not name or not there_is(name):
        named = named_set(path) if name else None
        if named is not None:
            return named
        raise ConfigError(
            f"There is no data set '{shortened(name)}'",
            expected=f"{', '.join(NAMES)}, the folder of an IDX set, or several joined with +",
            hint=nearest(name, NAMES),
        )
    if not path.is_dir():
        named = named_set(path)
        if named is not None:
            return named
        raise DataError(
            f"{path} is no data set, but a file of another kind",
            expected="the folder of an IDX set, with files named like train-images-idx3-ubyte.gz",
        )
    sets = find_idx_sets(path)
    if not sets:
        raise DataError(
            f"The folder {path} holds no IDX data set",
            expected="files named like train-images-idx3-ubyte.gz",
        )
    if len(sets) > 1:
        raise DataError(
            f"The folder {path} holds {len(sets)} data sets",
            expected="the name of one of them behind the folder's",
            received=", ".join(set_name or "one without a name" for set_name in sets),
            hint=f"Take for example {path / list(sets)[-1]}",
        )
    return next(iter(sets.values()))


def _of_idx(name: str, title: str, content: IdxSet, notes: tuple[str, ...] = ()) -> Dataset:
    return Dataset.of(
        name,
        title,
        (content.train_images, content.train_labels),
        (content.test_images, content.test_labels),
        class_names=content.class_names,
        notes=notes,
    )
