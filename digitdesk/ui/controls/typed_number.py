"""Numbers as they are typed into a form: read as everywhere, refused in the user's language."""

from __future__ import annotations

from digitdesk.messages.setting import Setting
from digitdesk.messages.typed_number import typed_number
from digitdesk.ui.i18n.text import core_phrase


def parse(setting: Setting, text: str) -> int | float | None:
    """The value of a text; nothing typed is ``None``.

    Raises:
        ValueError: The setting cannot have it; what it may be, as a sentence.
    """
    try:
        value = typed_number(setting, text)
    except ValueError:
        raise ValueError(core_phrase(setting.expected)) from None
    if not setting.accepts(value):
        raise ValueError(core_phrase(setting.expected))
    return value
