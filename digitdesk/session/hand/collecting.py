"""A person's drawings as they can be shown, and the names people go by."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from digitdesk.errors import ConfigError
from digitdesk.ink.stroke_file import check_entry, read_entries
from digitdesk.ink.stroke_store import line_of
from digitdesk.messages.own.hand import DrawingPage, KeptPicture
from digitdesk.messages.picture import Picture
from digitdesk.messages.writing import KeptDrawing
from digitdesk.session.pictures.drawings import picture_of
from digitdesk.storage.model_names import safe_name

_LONGEST = 40


def name_of(typed: str) -> str:
    """The name a person goes by: what was typed, as every system takes it for a file.

    Raises:
        ConfigError: Nothing is left of it, or it is too long.
    """
    has_letters = any(letter.isalnum() for letter in typed)
    name = safe_name(typed)
    if not has_letters or len(name) > _LONGEST:
        raise ConfigError(
            "This cannot be the name of a person",
            expected=f"1 to {_LONGEST} letters or digits",
            received=typed.strip()[:_LONGEST] or "nothing",
        )
    return name


def kept_picture(kept: KeptDrawing, path: Path) -> KeptPicture:
    """What was just kept in a file, as it will be shown from there."""
    return _shown(json.loads(kept.entry), path, kept.count - 1, kept)


def drawing_page(
    path: Path, person: str, first: int, count: int, label: str | None = None
) -> DrawingPage:
    """Some drawings of a person's file, the newest first.

    Raises:
        DataError: The file is damaged.
    """
    entries = read_entries(path) if path.is_file() else []
    samples = [check_entry(entry, path, k) for k, entry in enumerate(entries)]
    places = [k for k in reversed(range(len(samples))) if label in (None, samples[k].class_name)]
    first = max(0, first)

    def shown(place: int) -> KeptPicture:
        name, line = samples[place].class_name, line_of(entries[place])
        return _shown(entries[place], path, place, KeptDrawing(person, name, len(samples), line))

    chosen = places[first : first + max(0, count)]
    return DrawingPage(first, len(places), tuple(map(shown, chosen)))


def _shown(entry: dict[str, Any], path: Path, place: int, kept: KeptDrawing) -> KeptPicture:
    picture = Picture.of(picture_of(check_entry(entry, path, place)))
    written = str(entry.get("written", ""))[:40]
    return KeptPicture(place, kept.class_name, written, picture, kept)
