"""Labelling by keys: which class a key means, and which picture comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KeyedLabel:
    """What a key says of a picture.

    Attributes:
        name: The class.
        is_sure: Whether no other class is meant by this key, so that the next picture can come.
    """

    name: str
    is_sure: bool


def label_of_key(letter: str, class_names: Sequence[str], before: str) -> KeyedLabel | None:
    """The class that a key means: one that begins with it, or else a new one.

    Where several begin with it, the key pressed again goes from one to the next.

    Args:
        letter: What was typed.
        class_names: Those there are.
        before: What the picture is labelled as; empty for nothing.

    Returns:
        ``None`` where the key is no letter and no digit.
    """
    if len(letter) != 1 or not letter.isalnum():
        return None
    fitting = [name for name in class_names if name == letter] or [
        name for name in class_names if name.casefold().startswith(letter.casefold())
    ]
    if not fitting:
        return KeyedLabel(letter, is_sure=True)
    place = fitting.index(before) + 1 if before in fitting else 0
    return KeyedLabel(fitting[place % len(fitting)], is_sure=len(fitting) == 1)
