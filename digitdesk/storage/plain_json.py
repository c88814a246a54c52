"""Frozen dataclasses to plain JSON values and back, with every type checked on the way in.

The types are read from the dataclass itself, so a new field needs no second list anywhere.
"""

from __future__ import annotations

import dataclasses
import json
import math
import types
import typing
from typing import Any, TypeVar, Union, get_args, get_origin

from digitdesk.errors import DigitDeskError

T = TypeVar("T")

MAX_TEXT_LENGTH = 20_000
MAX_ITEMS = 4096
MAX_INTEGER = 2**63 - 1


class PlainValueError(DigitDeskError):
    """A JSON text or value is not what the program writes."""


def shown(value: object, limit: int = 60) -> str:
    """A value as a short text that is safe to put into a sentence for the user."""
    if isinstance(value, int) and abs(value) > MAX_INTEGER:
        return "a huge number"
    if isinstance(value, list | tuple | dict):
        return f"{type(value).__name__} of {len(value)}"
    return shortened(repr(value[: 2 * limit] if isinstance(value, str | bytes) else value), limit)


def shortened(text: str, limit: int = 60) -> str:
    """A text cut to a length that fits into a sentence."""
    return text if len(text) <= limit else f"{text[:limit]}…"


def parse_json(text: bytes) -> Any:
    """Read JSON as the standard says it: UTF-8, no repeated keys, no NaN.

    Raises:
        PlainValueError: The text is not such JSON, or is nested too deeply.
    """
    try:
        return json.loads(
            text.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant
        )
    except (ValueError, RecursionError) as error:
        raise PlainValueError(
            "A description is not readable", expected="JSON", received=shortened(str(error))
        ) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a repeated key")
    return result


def _no_constant(name: str) -> Any:
    raise ValueError(f"the constant {name}")


def to_plain(value: Any) -> Any:
    """A dataclass, tuple or builtin as the dictionaries, lists and builtins of JSON."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = dataclasses.fields(value)
        return {field.name: to_plain(getattr(value, field.name)) for field in fields}
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: to_plain(item) for key, item in value.items()}
    return value


def from_plain(expected: type[T], value: Any, where: str = "") -> T:
    """Build ``expected`` from JSON values, trusting nothing.

    Keys that the dataclass does not know are ignored; missing keys take the field's default.

    Args:
        expected: A dataclass, builtin, ``tuple[…]``, ``dict[str, …]`` or union of these.
        value: What the JSON held.
        where: Name of the field, for the sentence.

    Raises:
        PlainValueError: A value has another type, or is longer or larger than anything sensible.
    """
    return typing.cast(T, _convert(expected, value, where))


def _convert(expected: Any, value: Any, where: str) -> Any:
    if dataclasses.is_dataclass(expected) and isinstance(expected, type):
        return _convert_dataclass(expected, value, where)
    if expected is Any:
        return value
    origin = get_origin(expected)
    if origin in (Union, types.UnionType):
        return _convert_union(get_args(expected), value, where)
    if origin is tuple:
        return _convert_tuple(get_args(expected), value, where)
    if origin is dict:
        _, item_type = get_args(expected)
        entries = _sized(dict, value, where).items()
        return {_text(key, where): _convert(item_type, v, f"{where}.{key}") for key, v in entries}
    return _convert_builtin(expected, value, where)


def _convert_dataclass(expected: Any, value: Any, where: str) -> Any:
    entries = _sized(dict, value, where)
    hints = typing.get_type_hints(expected)
    known = {}
    for field in dataclasses.fields(expected):
        path = f"{where}.{field.name}" if where else field.name
        if field.name in entries:
            known[field.name] = _convert(hints[field.name], entries[field.name], path)
        elif field.default is field.default_factory is dataclasses.MISSING:
            raise PlainValueError(f"The field {path} is missing")
    return expected(**known)


def _convert_union(choices: tuple[Any, ...], value: Any, where: str) -> Any:
    """Take the choice whose type is the value's own, else the first that admits it."""
    for choice in choices:
        if type(value) is choice:
            return _convert_builtin(choice, value, where)
    for choice in choices:
        try:
            return _convert(choice, value, where)
        except PlainValueError:
            continue
    names = " or ".join(getattr(choice, "__name__", str(choice)) for choice in choices)
    raise _wrong(where, names, value)


def _convert_tuple(items: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    entries = _sized(list, value, where)
    if len(items) == 2 and items[1] is Ellipsis:
        items = (items[0],) * len(entries)
    if len(items) != len(entries):
        raise _wrong(where, f"{len(items)} items", value)
    pairs = enumerate(zip(items, entries, strict=True))
    return tuple(_convert(kind, item, f"{where}[{k}]") for k, (kind, item) in pairs)


def _convert_builtin(expected: Any, value: Any, where: str) -> Any:
    if expected is float and type(value) in (int, float):
        if abs(value) <= MAX_INTEGER if type(value) is int else math.isfinite(value):
            return float(value)
    elif expected is int and type(value) is int:
        if abs(value) <= MAX_INTEGER:
            return value
    elif expected is str and type(value) is str:
        return _text(value, where)
    elif type(value) is expected:
        return value
    raise _wrong(where, "a finite number" if expected is float else expected.__name__, value)


def _text(value: str, where: str) -> str:
    if len(value) > MAX_TEXT_LENGTH:
        raise _wrong(where, f"at most {MAX_TEXT_LENGTH} characters", f"{len(value)} characters")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise _wrong(where, "a text", "half of a surrogate pair")
    return value


def _sized(expected: type[dict[Any, Any]] | type[list[Any]], value: Any, where: str) -> Any:
    if type(value) is not expected:
        raise _wrong(where, expected.__name__, value)
    if len(value) > MAX_ITEMS:
        raise _wrong(where, f"at most {MAX_ITEMS} entries", value)
    return value


def _wrong(where: str, expected: str, value: Any) -> PlainValueError:
    what = f"The field {where[:80]}" if where else "A description"
    return PlainValueError(f"{what} is wrong", expected=expected, received=shown(value))
