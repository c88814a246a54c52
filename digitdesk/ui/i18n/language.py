"""The languages of the window: which there are, which the system speaks, and switching live.

A catalogue is a gettext ``.po`` file beside this module, read as text at the start: it takes a few
milliseconds, and what translators edit is what runs.
"""

from __future__ import annotations

import ast
import gettext
import locale
import os
import tkinter as tk
from collections.abc import Iterator, Mapping
from pathlib import Path
from tkinter import font as tk_font

from digitdesk.ui.i18n import text
from digitdesk.ui.i18n.error_translation import ErrorTranslation
from digitdesk.ui.i18n.widgets import say_again

#: Codes and own names of the languages.
LANGUAGES = {"en": "English", "zh_CN": "简体中文"}
ENGLISH, CHINESE = LANGUAGES

_FOLDER = Path(__file__).parent / "locale"

#: Fonts with Chinese characters, the most legible first: Windows, macOS, Linux.
CHINESE_FONTS = (
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Heiti SC",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "Noto Sans CJK JP",
    "SimHei",
    "SimSun",
    "AR PL UMing CN",
)


class Catalogue(gettext.NullTranslations):
    """Sentences by their English form."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        super().__init__()
        self._sentences = sentences

    def gettext(self, message: str) -> str:
        """The translation, or the English sentence where there is none."""
        return self._sentences.get(message) or message

    def ngettext(self, singular: str, several: str, n: int) -> str:
        """As ``gettext``; the languages here have one form for every count, save English."""
        return self._sentences.get(singular) or (singular if n == 1 else several)


def read_catalogue(code: str) -> dict[str, str]:
    """The sentences of a language by their English form; empty for English."""
    file = _FOLDER / f"{code}.po"
    if not file.is_file():
        return {}
    return {entry["msgid"]: entry["msgstr"] for entry in _entries(file) if entry.get("msgid")}


def _entries(file: Path) -> Iterator[dict[str, str]]:
    """The entries of a ``.po`` file; each field is one or more quoted lines."""
    entry: dict[str, str] = {}
    field = ""
    for line in [*file.read_text(encoding="utf-8").splitlines(), ""]:
        if line.startswith(("msgid", "msgstr")):
            field, _space, line = line.partition(" ")
            field = "msgstr" if field == "msgstr[0]" else field
            entry[field] = ""
        if line.startswith('"'):
            entry[field] += ast.literal_eval(line)
        elif not line.strip() and entry:
            yield entry
            entry = {}


def system_language(environ: Mapping[str, str] = os.environ) -> str:
    """The language the system speaks, as far as the window speaks it; English otherwise."""
    named = [environ.get(name, "") for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")]
    wanted = next((name for name in named if name), "") or locale.getlocale()[0] or ""
    return CHINESE if wanted.lower().startswith(("zh", "chinese")) else ENGLISH


def chinese_font(root: tk.Misc) -> str:
    """The best installed font with Chinese characters; empty where there is none."""
    families = set(tk_font.families(root))
    return next((family for family in CHINESE_FONTS if family in families), "")


def use_language(code: str) -> None:
    """Say everything in a language from now on; what is on the screen stays as it is."""
    core = ErrorTranslation(read_catalogue(f"{code}.core"))
    text.use_catalogue(Catalogue(read_catalogue(code)), core)


def switch_language(root: tk.Misc, code: str) -> None:
    """Say everything in a language from now on, and what is on the screen, too."""
    use_language(code)
    say_again(root)
