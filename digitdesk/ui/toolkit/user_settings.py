"""What the window remembers from one start to the next, in one small JSON file.

Reading never fails: whatever is missing, damaged or of the wrong kind is the default again.
Writing leaves the old file or the new one, never a half.
"""

from __future__ import annotations

import dataclasses
import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digitdesk.files.atomic import make_folder, write_atomically

_log = logging.getLogger(__name__)

_FILE = "window.json"
_MOST_BYTES = 65_536
_MOST_RECENT = 8
_LONGEST_TEXT = 4096

#: Themes as the user chooses them.
THEMES = ("system", "light", "dark")
#: What the Draw tab reads.
BOARDS = ("digit", "number")


@dataclass(slots=True)
class Settings:
    """What is remembered; empty texts stand for "not chosen yet".

    Attributes:
        language: ``en``, ``zh_CN``, or empty for the system's.
        theme: ``system``, ``light`` or ``dark``.
        zoom: Size of everything as a ratio of the screen's own, 0.75 … 2.
        geometry: Place and size of the window as Tk writes it, ``1120x760+40+40``.
        tab: Key of the tab that was shown last.
        board: What the Draw tab reads, ``digit`` or ``number``.
        form: The Train tab's form as it was, as JSON.
        digit_pen: Width of the pen for one digit, in board units; 0 for the usual one.
        number_pen: So for a number.
        person: Who writes on the My hand tab; empty for the user.
        dictated: What was dictated there last, as it is typed; empty for digits.
        recent: Model files opened or saved lately, the newest first.
    """

    language: str = ""
    theme: str = "system"
    zoom: float = 1.0
    geometry: str = ""
    tab: str = "draw"
    board: str = "digit"
    preset: str = ""
    model_folder: str = ""
    picture_folder: str = ""
    data_folder: str = ""
    export_folder: str = ""
    tour_seen: bool = False
    form: str = ""
    digit_pen: float = 0.0
    number_pen: float = 0.0
    person: str = ""
    dictated: str = ""
    recent: tuple[str, ...] = ()

    def add_recent(self, path: Path) -> None:
        """Put a model file in front of the recent ones."""
        others = [name for name in self.recent if name != str(path)]
        self.recent = (str(path), *others)[:_MOST_RECENT]

    def rename_recent(self, before: Path, after: Path) -> None:
        """Have a recent model file go by its new name."""
        names = [str(after) if name == str(before) else name for name in self.recent]
        self.recent = tuple(dict.fromkeys(names))


def read_settings(folder: Path) -> Settings:
    """The settings kept in a folder; defaults for whatever cannot be used."""
    settings = Settings()
    for name, value in _read(folder / _FILE).items():
        if name in _FIELDS and _fits(name, value):
            setattr(settings, name, tuple(value) if name == "recent" else value)
    return settings


def write_settings(settings: Settings, folder: Path) -> None:
    """Keep the settings.

    Raises:
        SaveError: The disk refuses; the settings kept before stay.
    """
    make_folder(folder)
    content = json.dumps(dataclasses.asdict(settings), ensure_ascii=False, indent=1)
    write_atomically(folder / _FILE, lambda stream: stream.write(content.encode("utf-8")))


_FIELDS = {field.name: field for field in dataclasses.fields(Settings)}


def _read(file: Path) -> dict[str, Any]:
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise ValueError("too large")
        content = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        _log.warning("The settings cannot be read, defaults are used: %s", error)
        return {}
    return content if isinstance(content, dict) else {}


def _fits(name: str, value: object) -> bool:
    """Whether a value is of the kind its setting wants."""
    if name == "recent":
        return isinstance(value, list) and all(isinstance(item, str) for item in value[:99])
    if name == "zoom":
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return 0.75 <= value <= 2.0
    if name == "theme":
        return value in THEMES
    if name == "board":
        return value in BOARDS
    kind = type(_FIELDS[name].default)
    return type(value) is kind and (not isinstance(value, str) or len(value) <= _LONGEST_TEXT)
