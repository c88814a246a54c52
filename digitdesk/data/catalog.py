"""Which data sets there are, where their files may lie, and whether they are here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from digitdesk.data.idx_files import find_mnist
from digitdesk.data.mnist import read_mnist
from digitdesk.data.mnist_download import DOWNLOAD_BYTES
from digitdesk.data.strokes import pendigits, unipen
from digitdesk.errors import DataError
from digitdesk.files.paths import with_tilde
from digitdesk.messages.dataset import DatasetInfo
from digitdesk.messages.problem import Problem

TITLES = {
    "mnist": "MNIST",
    "handwriting": "Built-in handwriting",
    "pendigits": "Pen digits",
    "unipen": "UNIPEN digits",
    "not-digits": "Letters, symbols and scribbles",
    "unipen-letters": "UNIPEN letters and signs",
}
NAMES = tuple(TITLES)

_MISSING_HINT = {
    "mnist": "Fetch it with 'digitdesk data get mnist', or train on 'handwriting', which needs no "
    "files",
    "pendigits": f"Put UCI's {pendigits.FILE_NAMES[0]} there, or train on 'handwriting', which "
    "needs no files",
    "unipen": f"Put {unipen.FILE_NAMES[0]} and its two neighbors there, or train on "
    "'handwriting', which needs no files",
}
_MISSING_HINT["unipen-letters"] = _MISSING_HINT["unipen"]
_IS_THERE: dict[str, Callable[[Path], bool]] = {
    "mnist": lambda folder: find_mnist(folder) is not None,
    "pendigits": pendigits.has_pendigits,
    "unipen": unipen.has_unipen,
    "unipen-letters": unipen.has_unipen,
}
_FOLDERS = {"unipen": unipen.FOLDERS, "unipen-letters": unipen.FOLDERS}
"""Names of a data set's own folder, where those are not its name."""


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
        _mnist_info(find_folder("mnist", data_dir, user_data), verify),
        DatasetInfo(
            "handwriting",
            TITLES["handwriting"],
            "built-in",
            "Digits in the usual hands of three continents, made up by DigitDesk; no files needed.",
        ),
        _stroke_info("pendigits", find_folder("pendigits", data_dir, user_data)),
        _stroke_info("unipen", find_folder("unipen", data_dir, user_data)),
        DatasetInfo(
            "not-digits",
            TITLES["not-digits"],
            "built-in",
            "Join it to digits (mnist+not-digits) to teach a network when not to answer.",
        ),
        _stroke_info("unipen-letters", find_folder("unipen-letters", data_dir, user_data)),
    )


def find_folder(name: str, data_dir: Path | None, user_data: Path) -> Path | None:
    """The first folder that holds a data set's files, if any.

    Args:
        name: ``mnist``, ``pendigits``, ``unipen`` or ``unipen-letters``.
        data_dir: As for ``load_dataset``.
        user_data: As for ``load_dataset``.
    """
    places = _places(name, data_dir, user_data)
    return next((folder for folder in places if _IS_THERE[name](folder)), None)


def needed_folder(name: str, data_dir: Path | None, user_data: Path) -> Path:
    """As ``find_folder``.

    Raises:
        DataError: There is none.
    """
    folder = find_folder(name, data_dir, user_data)
    if folder is None:
        places = _places(name, data_dir, user_data)
        raise DataError(
            f"{TITLES[name]} is not on this computer",
            expected=f"it in {' or '.join(map(str, places))}",
            hint=_MISSING_HINT[name],
        )
    return folder


def _places(name: str, data_dir: Path | None, user_data: Path) -> list[Path]:
    """Folders to look in, the first one first.

    The data folder may be the parent of all data sets, one data set, or another one beside it;
    torchvision writes the name of MNIST in capitals.
    """
    names = _FOLDERS.get(name, (name,))
    places = [user_data / name for name in names]
    if data_dir is not None:
        spelled = [data_dir / spelling for name in names for spelling in (name, name.upper())]
        places = [*spelled, data_dir, *(data_dir.parent / name for name in names), *places]
    return places


def _mnist_info(folder: Path | None, verify: bool) -> DatasetInfo:
    title = TITLES["mnist"]
    if folder is None:
        return DatasetInfo(
            "mnist",
            title,
            "missing",
            "It is not on this computer (60,000 + 10,000 digits, 12 MB).",
            can_download=True,
            download_bytes=sum(DOWNLOAD_BYTES.values()),
        )
    if not verify:
        return DatasetInfo("mnist", title, "unverified", f"In {with_tilde(folder)}.", str(folder))
    try:
        read_mnist(folder)
    except DataError as error:
        return DatasetInfo(
            "mnist", title, "damaged", error.sentence, str(folder), True, Problem.of(error),
            sum(DOWNLOAD_BYTES.values()),
        )  # fmt: skip
    return DatasetInfo("mnist", title, "verified", f"In {with_tilde(folder)}.", str(folder))


def _stroke_info(name: str, folder: Path | None) -> DatasetInfo:
    title = TITLES[name]
    if folder is None:
        return DatasetInfo(name, title, "missing", _MISSING_HINT[name] + ".")
    return DatasetInfo(name, title, "unverified", f"In {with_tilde(folder)}.", str(folder))
