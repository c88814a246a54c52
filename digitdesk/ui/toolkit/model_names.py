"""What models are called in lists."""

from __future__ import annotations

from digitdesk.messages.model import READER, TRAINING, LibraryEntry, ModelEntry
from digitdesk.ui.i18n.text import _


def model_title(entry: ModelEntry | LibraryEntry) -> str:
    """A model's name in a list."""
    if entry.is_saved:
        return _name(entry)
    # Its file is not the user's business yet, so neither is what that ends in.
    name = entry.path.stem if entry.path is not None else _name(entry)
    return _("{name}, not saved").format(name=name)


def _name(entry: ModelEntry | LibraryEntry) -> str:
    if entry.key == READER:
        return _("Bundled reader")
    if entry.key == TRAINING and isinstance(entry, ModelEntry):
        return _("Network in training") if entry.is_learning else _("Trained network")
    if entry.path is not None:
        return entry.path.name
    return entry.card.title if entry.card is not None else entry.key
