"""Saving and opening models: the one door to both formats.

Whatever is wrong with a file, it is refused here with one kind of error and one sentence.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from digitdesk.errors import DigitDeskError, ModelFileError, SaveError
from digitdesk.files.atomic import reason, shortened, write_atomically
from digitdesk.files.foreign_text import is_web_page
from digitdesk.files.readable_file import size_of
from digitdesk.messages.model import ModelCard, StrokePart
from digitdesk.storage import npz_format, pickle_format
from digitdesk.storage.content import MAX_FILE_BYTES, MODEL_KIND, Array, Content, encode_text
from digitdesk.storage.plain_json import PlainValueError, from_plain, to_plain

__all__ = [
    "StoredModel",
    "check_model",
    "load_model",
    "read_content",
    "save_model",
    "write_content",
]

_LOGGER = logging.getLogger(__name__)

_WRITERS: dict[str, Callable[[IO[bytes], Content], None]] = {
    ".npz": npz_format.write_npz,
    ".pkl": pickle_format.write_pickle,
}
_READERS: dict[bytes, Callable[[IO[bytes], str], Content]] = {
    npz_format.FIRST_BYTES: npz_format.read_npz,
    pickle_format.FIRST_BYTES: pickle_format.read_pickle,
}


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A model as it lies in a file: its card, and the network's arrays by name."""

    card: ModelCard
    arrays: dict[str, Array]


def save_model(path: Path, card: ModelCard, arrays: Mapping[str, Array]) -> None:
    """Write a model whole or not at all; the suffix chooses the format.

    Args:
        path: A name ending in ``.npz`` or ``.pkl``.
        card: What the file says about itself.
        arrays: Name → parameters and running statistics, on the host.

    Raises:
        ModelFileError: The suffix is another, the model would not be readable again, or the
            disk refuses. A file that was there before stays as it was.
    """
    try:
        content = _checked(card, arrays)
    except DigitDeskError as error:
        raise ModelFileError.about(f"Cannot save {path.name}", error) from None
    write_content(path, content)


def check_model(card: ModelCard, arrays: Mapping[str, Array]) -> None:
    """Find out whether a model can be saved, before any time goes into training it.

    Args:
        card: What its file would say about it.
        arrays: Its parameters and running statistics by name.

    Raises:
        ModelFileError: It cannot: the model would not be readable again.
    """
    try:
        encode_text(_checked(card, arrays))
    except DigitDeskError as error:
        raise ModelFileError.about("Such a network could not be saved", error) from None


def _checked(card: ModelCard, arrays: Mapping[str, Array]) -> Content:
    """What a model's file is to hold, once it is seen that it can be read again."""
    plain = to_plain(card)
    _check_card(from_plain(ModelCard, plain))
    _check_numbers(arrays)
    return Content(MODEL_KIND, plain, dict(arrays))


def load_model(path: Path) -> StoredModel:
    """Open a model file of either format, chosen by its first bytes and never by its name.

    Raises:
        ModelFileError: The file is missing, damaged, of another kind or from a newer version.
    """
    content = read_content(path, MODEL_KIND)
    try:
        card = from_plain(ModelCard, content.card)
        _check_card(card)
        _check_numbers(content.arrays)
    except DigitDeskError as error:
        raise ModelFileError.about(f"Cannot open {path.name}", error) from None
    return StoredModel(card, content.arrays)


def write_content(path: Path, content: Content) -> None:
    """Write any kind of content whole or not at all; the suffix chooses the format.

    Raises:
        ModelFileError: As for ``save_model``.
    """
    write = _WRITERS.get(path.suffix.lower())
    if write is None:
        raise ModelFileError(
            f"Cannot save {path.name}",
            expected=f"a name ending in {' or '.join(_WRITERS)}",
            received=path.suffix or "no ending",
        )

    def write_or_complain(stream: IO[bytes]) -> None:
        try:
            write(stream, content)
        except DigitDeskError as error:
            raise ModelFileError.about(f"Cannot save {path.name}", error) from None

    try:
        write_atomically(path, write_or_complain)
    except SaveError as error:
        raise ModelFileError(error.what, hint=error.hint) from error


def read_content(path: Path, kind: str) -> Content:
    """Read a file of the given kind in whichever format it is.

    Raises:
        ModelFileError: As for ``load_model``.
    """
    try:
        size_of(path)
        with path.open("rb") as stream:
            return _read_open_file(stream, kind)
    except DigitDeskError as error:
        raise ModelFileError.about(f"Cannot open {shortened(path.name)}", error) from None
    except OSError as error:
        raise ModelFileError(f"Cannot open {path.name}: {_why_unreadable(error)}") from error
    except Exception as error:
        # Damaged bytes make the standard library's parsers raise almost anything. To the user
        # all of it means the same, and the log keeps which one it was.
        _LOGGER.info("Refused %s", path.name, exc_info=True)
        raise ModelFileError(
            f"Cannot open {path.name}: the file is damaged",
            received=type(error).__name__,
            hint="Use another copy of it",
        ) from error


def _read_open_file(stream: IO[bytes], kind: str) -> Content:
    size = stream.seek(0, 2)
    stream.seek(0)
    if size > MAX_FILE_BYTES:
        raise ModelFileError(
            "The file is too large",
            expected=f"at most {MAX_FILE_BYTES:,} bytes",
            received=f"{size:,}",
        )
    first = stream.read(4)
    stream.seek(0)
    for signature, read in _READERS.items():
        if first.startswith(signature):
            return read(stream, kind)
    if is_web_page(first):
        raise ModelFileError(
            "It is a web page, not a model",
            hint="The address gave a page instead of the file: fetch it again",
        )
    raise ModelFileError(
        "It is not a file DigitDesk has saved",
        expected=f"a file made by Save, ending in {' or '.join(_WRITERS)}",
        received=f"first bytes {first.hex(' ')}" if first else "an empty file",
    )


def _why_unreadable(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    if isinstance(error, PermissionError):
        return "reading it is not permitted"
    return reason(error)


def _check_card(card: ModelCard) -> None:
    """Compare a card's values with what they mean, once their types are right."""
    rules = {
        "spec": bool(card.spec.strip()),
        "class_names": 2 <= len(card.class_names) <= 1000
        and len(set(card.class_names)) == len(card.class_names),
        "reject_names": len(card.reject_names) <= 100,
        "refusal_threshold": card.refusal_threshold is None or 0 <= card.refusal_threshold <= 1,
        "preparation_version": card.preparation_version >= 1,
        "parameter_count": card.parameter_count >= 0,
        "epochs": card.epochs >= 0,
        "test_count": card.test_count >= 0,
        "test_accuracy": card.test_accuracy is None or 0 <= card.test_accuracy <= 1,
        "test_interval": card.test_interval is None
        or 0 <= card.test_interval[0] <= card.test_interval[1] <= 1,
        "temperature": 0.01 <= card.temperature <= 100,
        "input_planes": 1 <= card.input_planes <= 100,
        "strokes": _is_in_range(card.strokes),
        "traced": _is_in_range(card.traced),
        "lines": card.lines is None
        or (
            bool(card.lines.spec.strip())
            and 0.01 <= card.lines.temperature <= 100
            and 2 <= len(card.lines.names) <= 100
            and len(set(card.lines.names)) == len(card.lines.names)
        ),
    }
    for name, holds in rules.items():
        if not holds:
            raise PlainValueError(f"The card's {name} is out of range")


def _is_in_range(part: StrokePart | None) -> bool:
    """Whether what a card says of a network beside the first can be meant."""
    return part is None or (
        bool(part.spec.strip()) and 0.01 <= part.temperature <= 100 and 0 <= part.weight <= 1
    )


def _check_numbers(arrays: Mapping[str, Array]) -> None:
    """Refuse weights that are not numbers; a network with one NaN answers only NaN."""
    for name, array in arrays.items():
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise ModelFileError(
                f"The array {name} holds values that are not numbers", expected="finite weights"
            )
