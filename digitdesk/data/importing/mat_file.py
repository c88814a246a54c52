"""Reads the arrays of a MATLAB file of version 5 (``save -v6`` and ``-v7``), without MATLAB.

Numbers, texts and structures; everything else in the file is left out. Nothing is believed: what a
header promises must lie in the file before there is memory for it.
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.errors import DataError
from digitdesk.files.bounded_gzip import FREE_BYTES, MAX_RATIO

HEADER_BYTES = 128
_COMPRESSED, _MATRIX = 15, 14
_NUMBERS = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8",
            13: "u8", 16: "u1", 17: "u2", 18: "u4"}  # fmt: skip
_STRUCTURE, _TEXT = 2, 4
_ARRAYS = frozenset(range(6, 16))
_COMPLEX = 0x08
_MOST_BYTES = 2**30
_MOST_DEPTH = 4
_MOST_ELEMENTS = 200
_PIECE_BYTES = 2**16

Element = tuple[int, memoryview]
"""Its type, and its bytes."""


class _DamagedError(Exception):
    """What stands there is no such file."""


def read_mat(content: bytes, source: str) -> dict[str, NDArray[Any]]:
    """All arrays of a file, by name; those of structures as ``name.field``.

    Args:
        content: The whole file.
        source: Its name, for a sentence.

    Raises:
        DataError: It is no such file, damaged, or unpacks to too much.

    Source:
        "MAT-File Format", The MathWorks, R2023a, chapter 1.
    """
    if content.startswith(b"\x89HDF"):
        raise DataError(
            f"{source} is a MATLAB file of version 7.3",
            expected="version 7 or older",
            hint="Save it in MATLAB with -v7",
        )
    mark = content[126:128]
    if len(content) < HEADER_BYTES or mark not in (b"IM", b"MI"):
        raise DataError(f"{source} is no MATLAB file", expected="a .mat file of version 5 to 7")
    reader = _Reader("<" if mark == b"IM" else ">", len(content))
    try:
        for kind, body in reader.elements(memoryview(content)[HEADER_BYTES:]):
            reader.take(kind, body)
    except (_DamagedError, zlib.error, struct.error, ValueError, TypeError) as error:
        raise DataError(
            f"{source} is damaged", expected="a whole .mat file", received=str(error)[:80]
        ) from None
    return reader.arrays


class _Reader:
    """Reads the elements of a file.

    Args:
        order: ``<`` or ``>``, as ``struct`` calls the order of bytes.
        size: Length of the file.
    """

    def __init__(self, order: str, size: int) -> None:
        self._order = order
        self._left = min(_MOST_BYTES, FREE_BYTES + MAX_RATIO * size)
        self._count = 0
        self.arrays: dict[str, NDArray[Any]] = {}

    def elements(self, body: memoryview) -> Iterator[Element]:
        """The elements that lie one behind the other."""
        place = 0
        while place + 8 <= len(body):
            kind, size = struct.unpack_from(f"{self._order}II", body, place)
            if kind >> 16:
                # Four bytes or fewer lie in the tag itself.
                kind, size = kind & 0xFFFF, kind >> 16
                start, after = place + 4, place + 8
            else:
                start = place + 8
                after = start + size
                if kind != _COMPRESSED:
                    after += -size % 8
            if start + size > len(body):
                raise _DamagedError("its end too early")
            self._count += 1
            if self._count > 100_000:
                raise _DamagedError("too many parts")
            yield kind, body[start : start + size]
            place = after

    def take(self, kind: int, body: memoryview) -> None:
        """Keep what an element of the file holds."""
        if kind == _COMPRESSED:
            for inner in self.elements(memoryview(self._unpacked(body))):
                self._take_matrix(*inner, prefix="", depth=0)
        else:
            self._take_matrix(kind, body, prefix="", depth=0)

    def _unpacked(self, body: memoryview) -> bytes:
        packed, out = zlib.decompressobj(), bytearray()
        for first in range(0, len(body), _PIECE_BYTES):
            piece = packed.decompress(body[first : first + _PIECE_BYTES], self._left + 1)
            out += piece
            self._left -= len(piece)
            if self._left < 0 or packed.unconsumed_tail:
                raise _DamagedError("more than such files hold")
        return bytes(out)

    def _take_matrix(self, kind: int, body: memoryview, *, prefix: str, depth: int) -> None:
        if kind != _MATRIX or not len(body):
            return
        parts = self.elements(body)
        flags = self._next(parts, "u4")
        dims = self._next(parts, "i4").tolist()
        name = bytes(self._element(parts)[1]).decode("ascii", "replace")[:100]
        if len(flags) < 1 or not 2 <= len(dims) <= 5 or any(side < 0 for side in dims):
            raise _DamagedError("an array without a shape")
        content = int(flags[0]) & 0xFF
        path = f"{prefix}.{name}" if prefix and name else prefix or name
        if content == _STRUCTURE:
            if depth < _MOST_DEPTH and math.prod(dims) == 1:
                self._take_structure(parts, path, depth)
        elif content in _ARRAYS or content == _TEXT:
            self._take_array(parts, dims, path, is_text=content == _TEXT)

    def _take_structure(self, parts: Iterator[Element], path: str, depth: int) -> None:
        lengths = self._next(parts, "i4").tolist()
        names = bytes(self._element(parts)[1])
        if len(lengths) != 1 or not 1 <= lengths[0] <= 64:
            raise _DamagedError("a structure without names")
        length = lengths[0]
        for first in range(0, len(names), length):
            field = names[first : first + length].split(b"\0")[0].decode("ascii", "replace")
            kind, body = self._element(parts)
            self._take_matrix(
                kind, body, prefix=f"{path}.{field}" if path else field, depth=depth + 1
            )

    def _take_array(
        self, parts: Iterator[Element], dims: list[int], path: str, *, is_text: bool
    ) -> None:
        kind, body = self._element(parts)
        if kind not in _NUMBERS or len(self.arrays) >= _MOST_ELEMENTS:
            return
        numbers = np.frombuffer(body, dtype=np.dtype(self._order + _NUMBERS[kind]))
        if len(numbers) != math.prod(dims):
            raise _DamagedError("an array of another length than its shape")
        array = numbers.reshape(dims, order="F")
        if is_text:
            array = _texts(array)
        self.arrays[path or f"array {len(self.arrays) + 1}"] = array

    def _next(self, parts: Iterator[Element], wanted: str) -> NDArray[Any]:
        kind, body = self._element(parts)
        if kind not in _NUMBERS or len(body) > 1024:
            raise _DamagedError("a part of another kind")
        return np.frombuffer(body, dtype=np.dtype(self._order + wanted))

    def _element(self, parts: Iterator[Element]) -> Element:
        found = next(parts, None)
        if found is None:
            raise _DamagedError("its end too early")
        return found


def _texts(codes: NDArray[Any]) -> NDArray[Any]:
    """A table of characters as one text a row."""
    if codes.ndim != 2 or codes.shape[0] > 1_000_000 or codes.shape[1] > 100:
        return np.zeros(0, dtype=np.str_)
    sign: Callable[[int], str] = lambda code: chr(code) if code < 0xD800 else "?"  # noqa: E731
    return np.array(["".join(map(sign, row)).strip() for row in codes.tolist()], dtype=np.str_)
