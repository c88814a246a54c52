"""A form made from the table of settings: two columns of fields, each by what its setting is."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterable, Mapping, Sequence

from digitdesk.messages.setting_table import SETTINGS
from digitdesk.ui.controls.setting_fields import SettingFields
from digitdesk.ui.i18n.text import Sentence

#: Kinds of which one can also type what is not in the list.
_TYPED = ("network", "data", "model")


def lay_out(
    fields: SettingFields,
    parent: tk.Misc,
    names: Iterable[str],
    *,
    first_row: int = 0,
    titles: Mapping[str, Sentence] | None = None,
) -> int:
    """Make fields for settings, from left to right and from the top down.

    Numbers and choices take half a row; texts and ticks all of one.

    Args:
        fields: Keeps the fields.
        parent: The widget to sit in, with two columns.
        names: Of the settings.
        first_row: Where to begin.
        titles: Of fields whose setting's own title would not do.

    Returns:
        The row below the last.
    """
    row, column = first_row, 0
    for name in names:
        kind, title = SETTINGS[name].kind, (titles or {}).get(name)
        is_wide = kind in (*_TYPED, "switch")
        if is_wide and column:
            row, column = row + 1, 0
        if kind == "switch":
            fields.tick(parent, name, row)
        elif kind in _TYPED:
            fields.combobox(parent, name, row, 0, columns=2)
        elif kind == "choice":
            fields.combobox(parent, name, row, column, readonly=True)
            fields.boxes[name].configure(values=SETTINGS[name].choices)
        else:
            fields.entry(parent, name, row, column, title)
        row, column = (row + 1, 0) if is_wide or column else (row, 1)
    return row + bool(column)


def offer(fields: SettingFields, name: str, choices: Sequence[str]) -> None:
    """Offer names to choose from; where what is chosen is none of them, the first is."""
    fields.boxes[name].configure(values=list(choices))
    if SETTINGS[name].kind not in _TYPED and fields.texts[name].get() not in choices:
        fields.show(name, choices[0])
