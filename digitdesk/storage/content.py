"""What every model file holds, whichever its format: a text, arrays, and a digest of both.

The text lists the arrays beforehand, so a reader knows each byte it is going to meet.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.errors import ModelFileError
from digitdesk.storage.plain_json import from_plain, parse_json, shortened, shown

FORMAT_VERSION = 1
MODEL_KIND = "digitdesk-model"

MAX_FILE_BYTES = 1 << 29
MAX_TEXT_BYTES = 1 << 18
MAX_ARRAYS = 1024
MAX_DIMENSIONS = 8
MAX_NAME_LENGTH = 200
DIGEST_BYTES = 32

# Every file is little-endian; the names are the ones a reader sees in the text.
DTYPES = {
    "bool": "|b1",
    "uint8": "|u1",
    "int32": "<i4",
    "uint32": "<u4",
    "int64": "<i8",
    "uint64": "<u8",
    "float16": "<f2",
    "float32": "<f4",
    "float64": "<f8",
}

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Content:
    """Everything a file holds.

    Attributes:
        kind: What the file is for, such as ``digitdesk-model``.
        card: The description, as builtins of JSON.
        arrays: Name → array, of the types in ``DTYPES``.
    """

    kind: str
    card: dict[str, Any]
    arrays: dict[str, Array] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ArraySlot:
    """One array as the text announces it."""

    name: str
    dtype: str
    shape: tuple[int, ...]

    @property
    def size_bytes(self) -> int:
        """Bytes of the array's numbers."""
        return math.prod(self.shape) * np.dtype(DTYPES[self.dtype]).itemsize

    @classmethod
    def of(cls, name: str, array: Array) -> ArraySlot:
        """The announcement of an array that is about to be written."""
        return cls(name, array.dtype.name, tuple(array.shape))

    def array(self, data: bytes, offset: int = 0) -> Array:
        """The array whose numbers lie in ``data`` from ``offset`` on, to the last announced one."""
        count, dtype = math.prod(self.shape), DTYPES[self.dtype]
        numbers = np.frombuffer(data, dtype=dtype, count=count, offset=offset)
        return numbers.reshape(self.shape).astype(self.dtype)

    def broken_promise(self) -> ModelFileError:
        """The complaint that something else is stored."""
        return ModelFileError(
            f"The array {self.name} is not stored as announced",
            expected=f"{self.dtype} of shape {self.shape}",
        )

    def check(self) -> None:
        """Compare with what the program could have written.

        Raises:
            ModelFileError: The name, type or shape is outside of that.
        """
        letters = self.name.replace("_", "").replace(".", "").replace("-", "")
        if not (letters.isascii() and letters.isalnum() and len(self.name) <= MAX_NAME_LENGTH):
            raise ModelFileError("An array has a strange name", received=shown(self.name))
        if self.dtype not in DTYPES:
            raise ModelFileError(
                f"The array {self.name} has a strange type",
                expected=" or ".join(DTYPES),
                received=shown(self.dtype),
            )
        # Each length is checked before the product, which could be astronomical.
        in_range = len(self.shape) <= MAX_DIMENSIONS and all(
            0 <= length <= MAX_FILE_BYTES for length in self.shape
        )
        if not in_range or self.size_bytes > MAX_FILE_BYTES:
            raise ModelFileError(
                f"The array {self.name} has a strange shape", received=shortened(str(self.shape))
            )


def array_slots(arrays: Mapping[str, Array]) -> tuple[ArraySlot, ...]:
    """The announcement of arrays that are about to be written.

    Raises:
        ModelFileError: An array's name, type or shape cannot be stored.
    """
    slots = tuple(ArraySlot.of(name, array) for name, array in arrays.items())
    _check_slots(slots)
    return slots


def _check_slots(slots: tuple[ArraySlot, ...]) -> None:
    if len(slots) > MAX_ARRAYS:
        raise ModelFileError(
            "There are too many arrays", expected=f"at most {MAX_ARRAYS}", received=str(len(slots))
        )
    for slot in slots:
        slot.check()
    # Compared without case: on some file systems an unpacked archive would lose one of the two.
    if len({slot.name.casefold() for slot in slots}) != len(slots):
        raise ModelFileError("Two arrays have the same name")
    total = sum(slot.size_bytes for slot in slots)
    if total > MAX_FILE_BYTES:
        raise ModelFileError(
            "The arrays are too large",
            expected=f"at most {MAX_FILE_BYTES:,} bytes",
            received=f"{total:,}",
        )


def encode_text(content: Content) -> bytes:
    """The text of a file: its kind, format version, list of arrays and card, as JSON.

    Raises:
        ModelFileError: The card is too long, or an array cannot be stored.
    """
    slots = array_slots(content.arrays)
    document = {
        "format": content.kind,
        "version": FORMAT_VERSION,
        "arrays": [[slot.name, slot.dtype, list(slot.shape)] for slot in slots],
        "card": content.card,
    }
    text = json.dumps(document, ensure_ascii=False, allow_nan=False).encode("utf-8")
    if len(text) > MAX_TEXT_BYTES:
        raise ModelFileError(
            "The description is too long",
            expected=f"at most {MAX_TEXT_BYTES:,} bytes",
            received=f"{len(text):,}",
        )
    return text


def decode_text(text: bytes, kind: str) -> tuple[dict[str, Any], tuple[ArraySlot, ...]]:
    """The card and the announced arrays of a file's text.

    Raises:
        ModelFileError: It is another kind of file, from a newer version, or not in order.
        PlainValueError: The text is not JSON or a value has another type.
    """
    if len(text) > MAX_TEXT_BYTES:
        raise ModelFileError(
            "The description is too long",
            expected=f"at most {MAX_TEXT_BYTES:,} bytes",
            received=f"{len(text):,}",
        )
    document = from_plain(dict[str, Any], parse_json(text))
    if document.get("format") != kind:
        raise ModelFileError(
            "The file is of another kind", expected=kind, received=shown(document.get("format"))
        )
    _check_version(document.get("version"))
    entries = from_plain(
        tuple[tuple[str, str, tuple[int, ...]], ...], document.get("arrays"), "arrays"
    )
    slots = tuple(ArraySlot(*entry) for entry in entries)
    _check_slots(slots)
    return from_plain(dict[str, Any], document.get("card"), "card"), slots


def _check_version(version: object) -> None:
    if type(version) is not int or version < 1:
        raise ModelFileError("The format version is not a number", received=shown(version))
    if version > FORMAT_VERSION:
        raise ModelFileError(
            "The file was written by a newer DigitDesk",
            expected=f"format version {FORMAT_VERSION}",
            received=f"format version {shown(version)}",
            hint="Install the newest DigitDesk to open it",
        )


def little_endian(array: Array) -> Array:
    """The array as it lies in a file: contiguous, row by row, little-endian."""
    return np.asarray(array, dtype=DTYPES[array.dtype.name], order="C")


def digest_of(text: bytes, arrays: Iterable[Array]) -> bytes:
    """SHA-256 of the text and then every array's bytes, in the order the text announces.

    The text gives the length of each part, so no two contents run together to the same bytes.
    """
    hasher = hashlib.sha256(len(text).to_bytes(8, "little"))
    hasher.update(text)
    for array in arrays:
        # A view of the bytes: hashing copies nothing, however large the array.
        hasher.update(little_endian(array).reshape(-1).view(np.uint8).data)
    return hasher.digest()


def seal(content: Content) -> tuple[bytes, bytes]:
    """The text of a file, and the digest of the text and the arrays.

    Raises:
        ModelFileError: As for ``encode_text``.
    """
    text = encode_text(content)
    return text, digest_of(text, content.arrays.values())


def check_digest(text: bytes, arrays: Mapping[str, Array], received: bytes) -> None:
    """Compare the content with the digest stored beside it.

    Raises:
        ModelFileError: They differ, so something was changed after saving.
    """
    if digest_of(text, arrays.values()) != received:
        raise ModelFileError(
            "The content does not match its own checksum",
            hint="The file was damaged or changed after it was saved; use another copy",
        )
