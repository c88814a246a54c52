"""What a run's diagnoses say, in plain words, and what their suggestions are called."""

from __future__ import annotations

from collections.abc import Callable

from digitdesk.ui.i18n.text import Sentence, _, core_phrase, setting, setting_title

_SENTENCES: dict[str, Callable[[], Sentence]] = {
    "diverged": lambda: _(
        "The loss is no longer a number: the steps were too large, and the weights ran away."
    ),
    "plateau": lambda: _(
        "The loss has stopped falling. Smaller steps may find a way further down."
    ),
    "never-learned": lambda: _(
        "The network guesses as at the start. The steps may be too small, or much too large."
    ),
    "overfitting": lambda: _(
        "It learns its images by heart: training gets better, validation gets worse. More "
        "varied images help."
    ),
    "dead-relu": lambda: _(
        "Many neurons have fallen silent and learn nothing any more. Smaller steps keep the "
        "others alive."
    ),
}


def diagnosis_sentence(sentence_id: str) -> Sentence:
    """A diagnosis in plain words."""
    sentence = _SENTENCES.get(sentence_id)
    return sentence() if sentence else core_phrase(sentence_id)


def suggestion_title(name: str, value: float, *, restart: bool) -> Sentence:
    """What the button of a suggestion says."""
    pattern = _("Start again: {name} {value}") if restart else _("{name} to {value}")
    return pattern.format(name=setting_title(name), value=setting(value))
