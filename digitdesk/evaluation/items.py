"""An evaluated set: every picture with its label and the answer to it, shown a page at a time.

The arrays stay here; whoever looks gets plain values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.evaluation.selection import Selectable
from digitdesk.ink.arrays import UInt8Array
from digitdesk.messages.evaluation import EvaluatedItem, ItemPage, ItemSelection
from digitdesk.messages.exam import ItemDetail
from digitdesk.messages.picture import Picture
from digitdesk.messages.prediction import Stroke
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
        threshold: Below which the reader refuses; ``None`` where it never does.
    """

    class_names: tuple[str, ...]
    pictures: UInt8Array
    labels: NDArray[Any] | None
    answers: Answers
    reasons: tuple[str, ...]
    threshold: float | None = None

    def __len__(self) -> int:
        return len(self.reasons)

    @property
    def predicted(self) -> NDArray[np.intp]:
        """(N,) the most probable class of each picture, refused or not."""
        best: NDArray[np.intp] = self.answers.probabilities.argmax(axis=1)
        return best

    @property
    def confidence(self) -> NDArray[np.float64]:
        """(N,) the probability of that class."""
        highest: NDArray[np.float64] = self.answers.probabilities.max(axis=1)
        return highest

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
        """Some of the items selected.

        Args:
            first: Place of the first one among those selected, from 0.
            count: The most items.
            selection: Which items count, and in which order.
        """
        selectable = Selectable(
            self.class_names, self.labels, [self.predicted], self.confidence, self.is_refused
        )
        places = selectable.places(selection)
        chosen = places[max(0, first) :][: max(0, count)].tolist()
        return ItemPage(tuple(map(self.item, chosen)), first, len(places))

    def item(self, place: int) -> EvaluatedItem:
        """One of the pictures, by its place in the set."""
        probabilities = self.answers.probabilities[place]
        return EvaluatedItem(
            Picture.of(self.pictures[place]),
            self.label(place),
            self.class_names[int(probabilities.argmax())],
            float(probabilities.max()),
            self.reasons[place],
            place,
        )

    def label(self, place: int) -> str:
        """Name of the class that a picture shows; empty where that is not said."""
        return "" if self.labels is None else self.class_names[int(self.labels[place])]

    def detail(self, place: int, strokes: tuple[Stroke, ...] | None = None) -> ItemDetail:
        """One of the pictures with all that was said of it."""
        probabilities = self.answers.probabilities[place]
        return ItemDetail(self.item(place), tuple(probabilities.tolist()), strokes)
