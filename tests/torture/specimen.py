"""One kind of file that DigitDesk opens: good ones, and what opens them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Specimen:
    """One kind of file.

    Attributes:
        name: The file's name.
        good: Contents that can be opened.
        read: Opens the file; gives something that tells contents apart.
        pack: Makes the file of a damaged content.
        is_sealed: Every change is noticed: what is opened is what was saved.
        words: What means something in such a file.
    """

    name: str
    good: Sequence[bytes]
    read: Callable[[Path], str]
    pack: Callable[[bytes], bytes] = bytes
    is_sealed: bool = False
    words: Sequence[bytes] = ()


ZIP_WORDS = (
    *(b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x06", b"\x08\x00", b"\xff" * 8),
    *(b"../x.npy", b"card.npy", b"sha256.npy", b"|O", b"<f8", b"'shape': (99999999,)"),
)
