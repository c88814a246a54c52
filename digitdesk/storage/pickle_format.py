"""Model files as pickles of builtins only, which ``pickle.load`` opens without DigitDesk.

A pickle is a program; ours may only build texts, numbers, bytes, tuples and dictionaries.
"""

from __future__ import annotations

import io
import pickle
import pickletools
from typing import IO, Any, NoReturn

from digitdesk.errors import ModelFileError
from digitdesk.storage.content import (
    MAX_ARRAYS,
    MAX_DIMENSIONS,
    MAX_TEXT_BYTES,
    Array,
    ArraySlot,
    Content,
    check_digest,
    decode_text,
    little_endian,
    seal,
)
from digitdesk.storage.plain_json import shortened, shown

# Protocol 3 knows bytes but no frames, and its first two bytes are always these.
PROTOCOL = 3
FIRST_BYTES = b"\x80\x03"

# No opcode here can name a global, call anything, or refer back to an earlier object: what the
# program builds is exactly as large as the file.
_ADMITTED_OPCODES = frozenset(
    {
        *("PROTO", "MARK", "STOP", "EMPTY_DICT", "SETITEM", "SETITEMS"),
        *("EMPTY_TUPLE", "TUPLE", "TUPLE1", "TUPLE2", "TUPLE3"),
        *("BININT", "BININT1", "BININT2", "BINUNICODE", "BINBYTES", "SHORT_BINBYTES"),
    }
)
_MAX_OPCODES = 20 + MAX_ARRAYS * (8 + MAX_DIMENSIONS)


class _NoGlobalsUnpickler(pickle.Unpickler):
    """Refuses every way out of the builtins, should the scan ever have missed one."""

    def find_class(self, module_name: str, global_name: str) -> NoReturn:
        raise ModelFileError(
            "The pickle wants to run code", received=shortened(f"{module_name}.{global_name}")
        )

    def persistent_load(self, pid: object) -> NoReturn:
        raise ModelFileError("The pickle refers to something outside of itself")


def write_pickle(stream: IO[bytes], content: Content) -> None:
    """Write a content; the same content always gives the same bytes.

    Raises:
        ModelFileError: The content cannot be stored.
    """
    text, digest = seal(content)
    document = {
        "card": text.decode("utf-8"),
        "arrays": {
            name: (array.dtype.name, tuple(array.shape), little_endian(array).tobytes())
            for name, array in content.arrays.items()
        },
        "sha256": digest,
    }
    pickler = pickle.Pickler(stream, PROTOCOL)
    # Without the memo no object refers to another, which the scan on opening relies on.
    pickler.fast = True
    pickler.dump(document)


def read_pickle(stream: IO[bytes], kind: str) -> Content:
    """Read a content without running anything the file says.

    Raises:
        ModelFileError: The file is not what ``write_pickle`` writes. Other errors may come from
            ``pickle`` on damaged input; ``model_file`` turns them into this one.
    """
    data = stream.read()
    scan_opcodes(data)
    document = _NoGlobalsUnpickler(io.BytesIO(data)).load()
    if type(document) is not dict or set(document) != {"card", "arrays", "sha256"}:
        raise ModelFileError(
            "The pickle does not hold a model",
            expected="a dictionary of card, arrays and sha256",
            received=shown(document),
        )
    text = _typed(document["card"], str, "card").encode("utf-8")
    entries = _typed(document["arrays"], dict, "arrays")
    digest = _typed(document["sha256"], bytes, "sha256")
    card, slots = decode_text(text, kind)
    if tuple(entries) != tuple(slot.name for slot in slots):
        raise ModelFileError("The pickle's arrays are not the announced ones")
    arrays = {slot.name: _read_array(slot, entries[slot.name]) for slot in slots}
    check_digest(text, arrays, digest)
    return Content(kind, card, arrays)


def scan_opcodes(data: bytes) -> None:
    """Read a pickle's program from end to end without running it.

    Raises:
        ModelFileError: It holds an opcode, an amount or an end that DigitDesk never writes.
            Damaged programs may also raise ``ValueError``.
    """
    count = position = 0
    for opcode, argument, start in pickletools.genops(data):
        count, position = count + 1, start or 0
        if opcode.name not in _ADMITTED_OPCODES:
            raise ModelFileError(
                "The pickle was not written by DigitDesk and may run code",
                expected="texts, numbers and bytes only",
                received=f"the instruction {opcode.name}",
                hint="Open it only with the program that wrote it",
            )
        if count > _MAX_OPCODES:
            raise ModelFileError("The pickle holds too many things")
        if isinstance(argument, str) and len(argument) > MAX_TEXT_BYTES:
            raise ModelFileError("The pickle holds a text that is too long")
    if position + 1 != len(data):
        raise ModelFileError("The pickle goes on after its end")


def _typed(value: Any, expected: type, name: str) -> Any:
    if type(value) is not expected:
        raise ModelFileError(
            f"The pickle's {name} is wrong",
            expected=expected.__name__,
            received=type(value).__name__,
        )
    return value


def _read_array(slot: ArraySlot, entry: Any) -> Array:
    """One array, whose type, shape and length must be exactly the announced ones."""
    is_announced = (
        type(entry) is tuple
        and len(entry) == 3
        and entry[:2] == (slot.dtype, slot.shape)
        and type(entry[2]) is bytes
        and len(entry[2]) == slot.size_bytes
    )
    if not is_announced:
        raise slot.broken_promise()
    return slot.array(entry[2])
