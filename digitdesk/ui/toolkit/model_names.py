"""What models are called in lists."""

from __future__ import annotations

from digitdesk.messages.model import READER, TRAINING, ModelCard, ModelEntry
from digitdesk.ui.i18n.text import _


def model_title(entry: ModelEntry) -> str:
    """A model's name in a list."""
    if entry.key == READER:
        return _("Bundled reader")
    if entry.key == TRAINING:
        return _("Network in training") if is_learning(entry.card) else _("Trained network")
    if entry.path is not None:
        return entry.path.name
    return entry.card.title


def is_learning(card: ModelCard) -> bool:
    """Whether a run's network still learns: only a run that has ended knows a test accuracy."""
    return card.test_accuracy is None
