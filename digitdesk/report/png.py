"""A picture as a PNG inside a page: greys, ink dark on white, no library needed."""

from __future__ import annotations

import base64
import struct
import zlib

from digitdesk.messages.picture import Picture

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_INVERTED = bytes(range(255, -1, -1))


def png(picture: Picture) -> bytes:
    """A picture whose ink is 255 as a file, as on paper.

    Source:
        Portable Network Graphics, W3C Recommendation: one chunk each of header, rows and end.
    """
    size = struct.pack(">IIBBBBB", picture.width, picture.height, 8, 0, 0, 0, 0)
    dark = picture.pixels.translate(_INVERTED)
    rows = b"".join(
        b"\0" + dark[first : first + picture.width] for first in range(0, len(dark), picture.width)
    )
    chunks = ((b"IHDR", size), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + check


def inline(picture: Picture) -> str:
    """The same as an address that a page carries in itself."""
    return f"data:image/png;base64,{base64.b64encode(png(picture)).decode('ascii')}"
