"""Every sentence of a report, once, so that it can be said in the user's language.

The command line says them as they are; the window hands in how its catalogue says them.
"""

from __future__ import annotations

from collections.abc import Callable

Say = Callable[[str], str]

DAMAGE_NAMES = {
    "noise": "Noise",
    "blur": "Blur",
    "rotation": "Rotation",
    "shift": "Shift",
    "scale": "Size",
    "thinner": "Thinner strokes",
    "thicker": "Thicker strokes",
    "contrast": "Less contrast",
    "patch": "Covered patch",
    "salt-and-pepper": "Salt and pepper",
}

SENTENCES = frozenset(DAMAGE_NAMES.values()) | {
    "{model} on {data}",
    "Accuracy",
    "95 % interval {low} to {high}",
    "Pictures",
    "Loss",
    "Errors",
    "Errors above 90 % confidence",
    "Not sure",
    "Pictures of no known class: there is nothing to be right or wrong about.",
    "Confusion matrix",
    "True class",
    "The network said",
    "By class",
    "Class",
    "Precision",
    "Recall",
    "F1",
    "Can it be trusted?",
    "Confidence",
    "Part that is right",
    "Confidence is off by {error} on average.",
    "Part answered",
    "Part of those that is right",
    "Below a sureness of {threshold} it says “not sure”: it answers {coverage} of the pictures, "
    "and {accuracy} of those right.",
    "What breaks it",
    "Accuracy on {n} pictures, spoiled more and more.",
    "Two models",
    "{a} is right on {only_a} pictures where {b} is wrong, {b} on {only_b} where {a} is wrong.",
    "That is unlikely to be chance (p = {p}).",
    "That may well be chance (p = {p}).",
    "The most confident errors",
    "true class → answer, confidence",
    "There are none.",
    "What this was made of",
    "Model",
    "Network",
    "Parameters",
    "Trained on",
    "Epochs",
    "Seed",
    "Data",
    "Pictures and labels, SHA-256",
    "Examined",
    "Made with",
}


class Words:
    """Says a report's sentences in one language.

    Args:
        say: From the English sentence to that of the language; its gaps stay.
    """

    def __init__(self, say: Say) -> None:
        self._say = say

    def __call__(self, sentence: str, **values: object) -> str:
        """One of ``SENTENCES`` with its gaps filled in.

        Raises:
            KeyError: It is none of them, and so would never be translated.
        """
        if sentence not in SENTENCES:
            raise KeyError(sentence)
        return str(self._say(sentence)).format(**values)
