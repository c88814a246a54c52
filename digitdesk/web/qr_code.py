"""An address as a code that a phone reads from the screen, where the package segno is installed."""

from __future__ import annotations

import io


def as_text(address: str) -> str:
    """The code in blocks of text; empty where it cannot be made.

    Source:
        ISO/IEC 18004, QR code; made by segno.
    """
    try:
        import segno
    except ImportError:
        return ""
    stream = io.StringIO()
    segno.make(address, micro=False).terminal(stream, compact=True)
    return stream.getvalue()
