"""Which of many answered pictures to show, and in which order; a page of them is then cut out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.messages.evaluation import ItemSelection


@dataclass(frozen=True, slots=True, eq=False)
class Selectable:
    """What pictures are chosen and sorted by, a row for each.

    Attributes:
        class_names: One per class.
        labels: (N,) what they show; ``None`` where that is not said.
        predicted: (N,) the most probable class, by each of one or two models.
        confidence: (N,) its probability; of two models, that of the surer.
        is_refused: (N,) whether the answer is "not sure"; of two models, that of either.
    """

    class_names: tuple[str, ...]
    labels: NDArray[Any] | None
    predicted: Sequence[NDArray[np.intp]]
    confidence: NDArray[np.float64]
    is_refused: NDArray[np.bool_]

    def places(self, wanted: ItemSelection) -> NDArray[np.intp]:
        """Places of the pictures that are wanted, in the order that is wanted."""
        found = np.flatnonzero(self._is_wanted(wanted))
        confidence = self.confidence[found]
        if wanted.order == "confidence":
            return found[np.argsort(-confidence, kind="stable")]
        if wanted.order == "unsure":
            return found[np.argsort(confidence, kind="stable")]
        if wanted.order == "label" and self.labels is not None:
            return found[np.lexsort((-confidence, self.labels[found]))]
        return found

    def _is_wanted(self, wanted: ItemSelection) -> NDArray[np.bool_]:
        first, second = self.predicted[0], self.predicted[-1]
        is_wanted = np.ones(len(self.confidence), dtype=bool)
        if wanted.label is not None:
            is_wanted &= self._is_class(self.labels, wanted.label)
        if wanted.answer is not None:
            is_wanted &= self._is_class(first, wanted.answer)
        if wanted.answer_b is not None:
            is_wanted &= self._is_class(second, wanted.answer_b)
        if wanted.is_right is not None:
            is_wanted &= self._is_right(first) == wanted.is_right
        if wanted.is_refused is not None:
            is_wanted &= self.is_refused == wanted.is_refused
        if wanted.confidence_above is not None:
            is_wanted &= self.confidence > wanted.confidence_above
        if wanted.right_in is not None:
            is_wanted &= self._is_right(first) == (wanted.right_in in ("a", "both"))
            is_wanted &= self._is_right(second) == (wanted.right_in in ("b", "both"))
        return is_wanted

    def _is_right(self, predicted: NDArray[np.intp]) -> NDArray[np.bool_]:
        if self.labels is None:
            return np.zeros(len(predicted), dtype=bool)
        return np.asarray(predicted == self.labels)

    def _is_class(self, classes: NDArray[Any] | None, name: str) -> NDArray[np.bool_]:
        if classes is None or name not in self.class_names:
            return np.zeros(len(self.confidence), dtype=bool)
        return np.asarray(classes == self.class_names.index(name))
