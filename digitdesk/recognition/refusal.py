"""When a reader says "not sure" instead of an answer: how sure it must be, and why it is not.

The threshold is fitted to held-out digits, so that only a chosen part of them is refused.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.messages.model import ModelCard
from digitdesk.nn.losses import softmax

FALSE_REFUSAL_RATE = 0.01
"""Part of the held-out digits for which the answer is "not sure" although it is a digit."""


def sureness(logits: NDArray[Any], classes: int) -> NDArray[np.float64]:
    """Probability of the best class when every output counts: low for rejects and for doubts.

    Shapes:
        (N, outputs), already divided by the temperature → (N,).
    """
    joint = softmax(np.asarray(logits, dtype=np.float64), axis=1)
    best: NDArray[np.float64] = joint[:, :classes].max(axis=1)
    return best


def fit_refusal_threshold(
    sureness: NDArray[np.float64], false_refusal_rate: float = FALSE_REFUSAL_RATE
) -> float:
    """The sureness below which an answer is refused.

    Args:
        sureness: (N,), of images of the classes that nothing was trained on.
        false_refusal_rate: Part of them that falls below the threshold.
    """
    return float(np.quantile(sureness, false_refusal_rate))


def refusal_reason(card: ModelCard, sureness: float, rejects: NDArray[np.float64]) -> str:
    """Why an answer is refused, or an empty text where it is given.

    Args:
        card: The threshold, and the names of what is no class.
        sureness: How sure the best class is.
        rejects: (rejects,) probability of each kind of what is no class.
    """
    if card.refusal_threshold is None or sureness >= card.refusal_threshold:
        return ""
    if not rejects.size or rejects.max() < sureness:
        return "unsure"
    return card.reject_names[int(rejects.argmax())]
