"""A network whose answers are known beforehand, and what they come to."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest


class Fixed:
    """Answers everything with the same logits, and keeps what it was shown."""

    def __init__(self, *logits: float) -> None:
        self.logits = np.array(logits, np.float32)
        self.seen: list[Any] = []

    def predict_logits(self, images: Any, /) -> Any:
        self.seen.append(images)
        return np.tile(self.logits, (len(images), 1))


def softmax(*logits: float) -> Any:
    exponentials = np.exp(logits)
    return pytest.approx(exponentials / exponentials.sum())
