"""Text files as other programs write them: UTF-8, or what Windows' editors make of a text.

And pages of the web that were saved under the name of a file, because a download needed a login.
"""

from __future__ import annotations

import codecs

_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def decoded(content: bytes) -> str:
    """The text of a file, told from its bytes: UTF-8, UTF-16, or GBK.

    Raises:
        UnicodeDecodeError: It is none of them.
    """
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return content.decode(encoding)
    if b"\0" in content:
        # Of most languages, every second byte of UTF-16 is often zero; of all, in a line's end.
        is_little = content[1::2].count(0) >= content[::2].count(0)
        return content.decode("utf-16-le" if is_little else "utf-16-be")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def is_web_page(start: bytes) -> bool:
    """Whether a file begins as a page of the web does: ``<!doctype``, ``<html`` or ``<?xml``.

    Args:
        start: Its first bytes, four or more; no format of ours begins with a bracket.
    """
    return start.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<")
