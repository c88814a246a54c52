"""An evaluated set: every picture with its label and the answer to it, shown a page at a time.

The arrays stay here; whoever looks gets plain values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.ink.arrays import UInt8Array
from digitdesk.messages.evaluation import EvaluatedItem, ItemPage, ItemSelection
from digitdesk.messages.picture import Picture
from digitdesk.recognition.reader import Answers


@dataclass(frozen=True, slots=True, eq=False)
class EvaluatedSet:
    """Pictures, what they show, and what a reader said of them.

    Attributes:
        class_names: One per class.
        pictures: (N, 28, 28) as the network saw them, ink = 255.
        labels: (N,) class indices; ``None`` where no picture shows any of the classes.
        answers: What the reader said.
        reasons: Per picture, why its answer is refused; an empty text where it is given.
    """

    class_names: tuple[str, ...]
    pictures: UInt8Array
    labels: NDArray[Any] | None
    answers: Answers
    reasons: tuple[str, ...]

    @property
    def predicted(self) -> NDArray[np.intp]:
        """(N,) the most probable class of each picture, refused or not."""
        best: NDArray[np.intp] = self.answers.probabilities.argmax(axis=1)
        return best

    @property
    def is_right(self) -> NDArray[np.bool_]:
        """(N,) whether that is the label; never where there is none."""
        if self.labels is None:
            return np.zeros(len(self.reasons), dtype=bool)
        return np.asarray(self.predicted == self.labels)

    @property
    def is_refused(self) -> NDArray[np.bool_]:
        """(N,) whether the answer is "not sure"."""
        return np.array([bool(reason) for reason in self.reasons])

    def page(self, first: int, count: int, selection: ItemSelection) -> ItemPage:
        """Some of the items selected, in the order of the set.

        Args:
            first: Place of the first one among those selected, from 0.
            count: The most items.
            selection: Which items count.
        """
        places = np.flatnonzero(self._selected(selection))
        chosen = places[max(0, first) :][: max(0, count)].tolist()
        return ItemPage(tuple(map(self._item, chosen)), first, len(places))

    def _selected(self, wanted: ItemSelection) -> NDArray[np.bool_]:
        selected = np.ones(len(self.reasons), dtype=bool)
        names = np.array(self.class_names)
        if wanted.label is not None:
            selected &= False if self.labels is None else names[self.labels] == wanted.label
        if wanted.answer is not None:
            selected &= names[self.predicted] == wanted.answer
        if wanted.is_right is not None:
            selected &= self.is_right == wanted.is_right
        if wanted.is_refused is not None:
            selected &= self.is_refused == wanted.is_refused
        return selected

    def _item(self, place: int) -> EvaluatedItem:
        probabilities = self.answers.probabilities[place]
        return EvaluatedItem(
            Picture.of(self.pictures[place]),
            "" if self.labels is None else self.class_names[int(self.labels[place])],
            self.class_names[int(probabilities.argmax())],
            float(probabilities.max()),
            self.reasons[place],
        )
