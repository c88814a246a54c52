"""How a number of a setting may be typed: ``6,000``, ``0.001``, ``1e-3``, ``1/12`` or ``10 %``.

With full-width characters, too, as Chinese keyboards give them. What it may be then, the table of
settings says.
"""

from __future__ import annotations

import re
import unicodedata

from digitdesk.messages.setting import Setting

# Marks between thousands stand where thousands begin: 2,5 is no 25.
_WHOLE = re.compile(r"[+-]?(\d+|\d{1,3}([, '’_]\d{3})+)")


def typed_number(setting: Setting, text: str) -> int | float | None:
    """The number a text stands for, whether or not the setting accepts it; ``None`` for nothing.

    Raises:
        ValueError: It is no number of the setting's kind.
    """
    # The usual form of full-width figures and marks, of narrow spaces, and of ½.
    plain = unicodedata.normalize("NFKC", text).replace("⁄", "/").strip()
    if not plain:
        return None
    try:
        return _whole(plain) if setting.kind == "whole" else _number(plain)
    except ZeroDivisionError as error:
        raise ValueError(text) from error


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise ValueError(text)
    return int(re.sub(r"[, '’_]", "", text))


def _number(text: str) -> float:
    scale = 100 if text.endswith("%") else 1
    plain = text.removesuffix("%").replace(",", ".").replace(" ", "")
    number, slash, divisor = plain.partition("/")
    return float(number) / (float(divisor) if slash else 1.0) / scale
