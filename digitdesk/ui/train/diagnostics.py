"""What a run's diagnoses say, in plain words, and what their suggestions are called."""

from __future__ import annotations

from digitdesk.messages.hint import hint
from digitdesk.ui.i18n.text import Sentence, _, core_phrase, setting, setting_title


def diagnosis_sentence(sentence_id: str) -> Sentence:
    """A diagnosis in plain words."""
    return core_phrase(hint(sentence_id))


def suggestion_title(name: str, value: float, *, restart: bool) -> Sentence:
    """What the button of a suggestion says."""
    pattern = _("Start again: {name} {value}") if restart else _("{name} to {value}")
    return pattern.format(name=setting_title(name), value=setting(value))
