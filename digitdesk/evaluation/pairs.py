"""Two exams on the same pictures: where only one model is right, and whether that is chance."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.errors import DataError
from digitdesk.evaluation.class_matching import shown_names
from digitdesk.evaluation.items import EvaluatedSet
from digitdesk.evaluation.selection import Selectable
from digitdesk.messages.evaluation import ItemSelection
from digitdesk.messages.exam import ExamPair, PairItem, PairPage
from digitdesk.messages.picture import Picture
from digitdesk.metrics import confusion_matrix, mcnemar_p_value, paired_counts


class PairedSets:
    """What two models said of the same pictures.

    Args:
        a: What the first said.
        b: What the second said.

    Raises:
        DataError: They were not the same pictures, or the models know other classes.
    """

    def __init__(self, a: EvaluatedSet, b: EvaluatedSet) -> None:
        if a.class_names != b.class_names:
            raise DataError(
                "Models of other classes cannot be compared",
                expected=f"the same classes: {shown_names(a.class_names)}",
                received=shown_names(b.class_names),
            )
        labels = a.labels
        if (
            labels is None
            or b.labels is None
            or not np.array_equal(labels, b.labels)
            or not (a.pictures is b.pictures or np.array_equal(a.pictures, b.pictures))
        ):
            raise DataError(
                "The two models were not examined on the same labeled pictures",
                hint="Examine both on the same data",
            )
        self._a, self._b = a, b
        self._labels: NDArray[Any] = labels

    def counts(self) -> ExamPair:
        """How often both, one or neither is right, and McNemar's test."""
        said_a, said_b, names = self._a.predicted, self._b.predicted, self._a.class_names
        counts = paired_counts(said_a, said_b, self._labels)
        return ExamPair(
            names,
            only_a=counts.only_a,
            only_b=counts.only_b,
            both_right=counts.both_right,
            both_wrong=counts.both_wrong,
            agreement_matrix=tuple(
                map(tuple, confusion_matrix(said_a, said_b, len(names)).tolist())
            ),
            p_value=mcnemar_p_value(counts.only_a, counts.only_b),
            n=len(self._labels),
        )

    def page(self, first: int, count: int, selection: ItemSelection) -> PairPage:
        """Some of the pictures selected; see ``EvaluatedSet.page``."""
        selectable = Selectable(
            self._a.class_names,
            self._labels,
            [self._a.predicted, self._b.predicted],
            np.maximum(self._a.confidence, self._b.confidence),
            self._a.is_refused | self._b.is_refused,
        )
        places = selectable.places(selection)
        chosen = places[max(0, first) :][: max(0, count)].tolist()
        return PairPage(tuple(map(self._item, chosen)), first, len(places))

    def _item(self, place: int) -> PairItem:
        of_a, of_b = (known.answers.probabilities[place] for known in (self._a, self._b))
        names = self._a.class_names
        return PairItem(
            Picture.of(self._a.pictures[place]),
            self._a.label(place),
            names[int(of_a.argmax())],
            names[int(of_b.argmax())],
            float(of_a.max()),
            float(of_b.max()),
            place,
        )
