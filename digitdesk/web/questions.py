"""What is asked: strokes or pictures, checked before anything is done with them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from digitdesk.errors import DataError
from digitdesk.files.picture_file import measure_picture
from digitdesk.messages.prediction import Stroke

MOST_IN_A_BATCH = 100
_MOST_STROKES = 500
_MOST_POINTS = 20_000
_FURTHEST = 1e6
MOST_PIXELS = 16_000_000
"""Of all pictures of a question: one page scanned at 400 dpi, or a screenshot of a large screen."""
_FORM = '"strokes": [[[x, y], …], …] or "picture": base64 of a PNG or JPEG'


@dataclass(frozen=True, slots=True)
class Question:
    """One drawing or one picture.

    Attributes:
        strokes: In board units, y growing downward; ``None`` for a picture.
        picture: A file's content.
    """

    strokes: tuple[Stroke, ...] | None = None
    picture: bytes = b""


def question_of(item: Any) -> Question:
    """What one object asks.

    Raises:
        DataError: It is not in the form that ``openapi.json`` describes.
    """
    if not isinstance(item, Mapping):
        raise _form(type(item).__name__)
    has = [name for name in ("strokes", "picture") if name in item]
    if len(has) != 1:
        raise _form("both" if has else "neither")
    if has == ["strokes"]:
        return Question(strokes_of(item["strokes"]))
    return Question(picture=picture_of(item["picture"]))


def questions_of(items: Any) -> list[Question]:
    """What a batch asks.

    Raises:
        DataError: It is no list of questions, or too long.
    """
    if not isinstance(items, list) or not 1 <= len(items) <= MOST_IN_A_BATCH:
        received = f"{len(items):,}" if isinstance(items, list) else type(items).__name__
        raise DataError(
            "The batch cannot be read",
            expected=f"a list of 1 to {MOST_IN_A_BATCH} drawings or pictures",
            received=received,
        )
    return [question_of(item) for item in items]


def strokes_of(value: Any) -> tuple[Stroke, ...]:
    """Strokes from lists of lists of numbers.

    Raises:
        DataError: They are none, or too many.
    """
    if not isinstance(value, list) or len(value) > _MOST_STROKES:
        raise _form("no list of strokes" if not isinstance(value, list) else "too many strokes")
    if not all(isinstance(stroke, list) for stroke in value):
        raise _form("a stroke that is no list")
    if sum(map(len, value)) > _MOST_POINTS:
        raise _form(f"more than {_MOST_POINTS:,} points")
    return tuple(tuple(map(_point, stroke)) for stroke in value)


def _point(value: Any) -> tuple[float, float]:
    if isinstance(value, Sequence) and len(value) >= 2 and all(map(_is_number, value[:2])):
        return float(value[0]), float(value[1])
    raise _form(f"the point {str(value)[:40]}")


def _is_number(value: Any) -> bool:
    # No whole number is too large for this comparison, and NaN fails it.
    return (
        isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _FURTHEST
    )


def picture_of(value: Any) -> bytes:
    """A picture's content from base64.

    Raises:
        DataError: It is none.
    """
    try:
        return base64.b64decode(value, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise _form("a picture that is no base64") from None


def check_pictures(questions: Sequence[Question]) -> None:
    """Measure the pictures before any of them is opened.

    Raises:
        DataError: One is none or too large, or they are so together.
    """
    pictures = [question.picture for question in questions if question.strokes is None]
    pixels = sum(measure_picture(one, "The picture", MOST_PIXELS) for one in pictures)
    if pixels > MOST_PIXELS:
        raise DataError(
            "The pictures have too many pixels together",
            expected=f"at most {MOST_PIXELS // 1_000_000} megapixels",
            received=f"{-(-pixels // 1_000_000)}",
        )


def _form(received: str) -> DataError:
    return DataError("The question cannot be read", expected=_FORM, received=received)
