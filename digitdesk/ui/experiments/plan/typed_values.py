"""Values to try, as they are typed: ``32, 128, 512``, or a range such as ``0.0001 … 0.1 log``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from digitdesk.messages.experiments.plan import Axis, Range
from digitdesk.messages.setting import Setting, Value
from digitdesk.messages.setting_table import SETTINGS
from digitdesk.ui.controls.typed_number import parse
from digitdesk.ui.i18n.text import _, core_phrase

_RANGE = re.compile(r"(?P<low>.+?)\s*(?:…|\.\.+)\s*(?P<high>.+?)(?P<log>\s+log)?\s*")
_HOLE = re.compile(r"\{(\w+)\}")
_NONE = "none"
_SWITCH = {"on": True, "off": False}
#: Of a range whose ends are more times apart than this, the middle is tried first.
_WIDE = 1000


def holes(network: str) -> tuple[str, ...]:
    """Names of what a network's text leaves open: ``units`` of ``dense({units})``."""
    return tuple(dict.fromkeys(_HOLE.findall(network)))


def read_values(name: str, text: str) -> Axis:
    """The values of a text.

    Raises:
        ValueError: One is no value of the setting; what would be one, as a sentence.
    """
    parts = [part.strip() for part in _split(text)]
    values = tuple(read_value(name, part) for part in parts if part)
    if not values:
        raise ValueError(_("values to try, such as {example}").format(example=_example(name)))
    return Axis(name, values)


def read_axis(name: str, text: str) -> Axis | Range:
    """The values or the range of a text.

    Raises:
        ValueError: As for ``read_values``.
    """
    match = _RANGE.fullmatch(text.strip())
    known = SETTINGS.get(name)
    if match is None or (known is not None and not known.is_number):
        return read_values(name, text)
    low, high = (read_value(name, match[end]) for end in ("low", "high"))
    if not isinstance(low, int | float) or not isinstance(high, int | float) or high <= low:
        raise ValueError(_("a range from a lower number to a higher one, such as 0.001 … 0.1"))
    is_whole = isinstance(low, int) and isinstance(high, int)
    if known is not None:
        is_whole = known.kind == "whole"
    return Range(name, low, high, is_log=bool(match["log"]), is_whole=is_whole)


def read_value(name: str, text: str) -> Value:
    """One value of a setting, or of a hole.

    Raises:
        ValueError: It is none.
    """
    known = SETTINGS.get(name)
    if known is None:
        return _plain(text)
    if text == _NONE and known.accepts(None):
        return None
    if known.is_number:
        return parse(known, text)
    if known.kind == "switch":
        if text not in _SWITCH:
            raise ValueError(core_phrase(known.expected))
        return _SWITCH[text]
    if not known.accepts(text):
        raise ValueError(core_phrase(known.expected))
    return text


def written_value(name: str, value: Value) -> str:
    """A value as it may be typed."""
    if value is None:
        return _NONE
    known = SETTINGS.get(name)
    if known is not None:
        return known.written(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def written_axis(axis: Axis | Range) -> str:
    """Values or a range as they may be typed."""
    if isinstance(axis, Axis):
        return ", ".join(written_value(axis.name, value) for value in axis.values)
    low, high = (written_value(axis.name, end) for end in (axis.low, axis.high))
    return f"{low} … {high}{' log' if axis.is_log else ''}"


def usual_axis(name: str, choices: Sequence[str], *, is_search: bool) -> str:
    """What is worth trying, as text, for a beginning.

    Args:
        name: Of a setting, or of a hole.
        choices: The names there are to choose from.
        is_search: Whether ranges can be searched.
    """
    known = SETTINGS.get(name)
    if known is None:
        return "16 … 512 log" if is_search else "32, 128, 512"
    if known.kind == "switch":
        return "off, on"
    if not known.is_number or known.usual is None:
        return ", ".join(choices[:4])
    span = known.usual
    if is_search:
        low, high = (_whole_if(known, end) for end in (span.low, span.high))
        return written_axis(Range(name, low, high, span.is_log, known.kind == "whole"))
    return ", ".join(known.written(value) for value in _steps(known))


def _steps(known: Setting) -> list[Value]:
    """Three values between what is worth trying at least and at most."""
    assert known.usual is not None
    low, high, is_log = known.usual.low, known.usual.high, known.usual.is_log
    middle = (low * high) ** 0.5 if is_log else (low + high) / 2
    if is_log and high > _WIDE * low:
        low, high = middle / 10, middle * 10
    if known.kind == "whole":
        return list(dict.fromkeys(round(value) for value in (low, middle, high)))
    return [float(f"{value:.1g}") for value in (low, middle, high)]


def _whole_if(known: Setting, value: float) -> float:
    return round(value) if known.kind == "whole" else value


def _plain(text: str) -> Value:
    """A value of a hole: a number where it is one."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _split(text: str) -> list[str]:
    """The parts between commas, but for those within parentheses: ``conv(8, 3) relu, softmax``."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter in "([{") - (letter in ")]}")
        if letter in ",;，；、" and depth <= 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _example(name: str) -> str:
    return usual_axis(name, SETTINGS[name].choices if name in SETTINGS else (), is_search=False)
