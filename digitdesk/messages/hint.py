"""What the core says of a run by itself, in English; each screen shows it in its own way."""

from __future__ import annotations

HINTS = {
    "diverged": "The loss is no longer a number: the steps were too large, and the weights ran "
    "away.",
    "plateau": "The loss has stopped falling. Smaller steps may find a way further down.",
    "never-learned": "The network guesses as at the start. The steps may be too small, or much "
    "too large.",
    "overfitting": "It learns its images by heart: training gets better, validation gets worse. "
    "More varied images help.",
    "dead-relu": "Many neurons have fallen silent and learn nothing any more. Smaller steps keep "
    "the others alive.",
}
"""By the ``sentence_id`` of a diagnosis."""


def hint(sentence_id: str) -> str:
    """A diagnosis in plain words; those about the data come in words already."""
    return HINTS.get(sentence_id, sentence_id)
