"""Evaluations of the session: made, counted, and kept for a while to look at their items."""

from __future__ import annotations

import dataclasses
import itertools
from collections import deque
from collections.abc import Callable

from digitdesk.errors import CancelledError, DataError
from digitdesk.evaluation.evaluate import evaluate
from digitdesk.evaluation.items import EvaluatedSet
from digitdesk.evaluation.labelled_sets import LabelledSet
from digitdesk.evaluation.scores import scores
from digitdesk.evaluation.slices import Advance
from digitdesk.messages.evaluation import Evaluation, ItemPage, ItemSelection
from digitdesk.recognition.reader import Reader

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]

_KEPT = 4
"""A set of ten thousand pictures takes ten megabytes."""


class Evaluations:
    """The last few evaluated sets, by key. Threads may ask and evaluate at once."""

    def __init__(self) -> None:
        self._keys = itertools.count(1)
        # Only ever appended to, and copied whole to be searched.
        self._kept: deque[tuple[str, EvaluatedSet]] = deque(maxlen=_KEPT)

    def evaluate(
        self, reader: Reader, labelled: LabelledSet, progress: Progress, cancelled: Cancelled
    ) -> Evaluation:
        """Read a set, count, and keep the items.

        Raises:
            CancelledError: ``cancelled`` said so.
            DataError: The model does not know a class of the set.
            ModelFileError: The network's numbers have overflowed.
        """
        evaluated = evaluate(reader, labelled, advance(progress, cancelled))
        key = f"evaluation-{next(self._keys)}"
        self._kept.append((key, evaluated))
        return dataclasses.replace(scores(evaluated), key=key)

    def page(self, key: str, first: int, count: int, selection: ItemSelection) -> ItemPage:
        """Some items of an evaluation.

        Raises:
            DataError: It is kept no more.
        """
        for kept, evaluated in list(self._kept):
            if kept == key:
                return evaluated.page(first, count, selection)
        raise DataError("This evaluation is no longer at hand", hint="Evaluate once more")


def advance(progress: Progress, cancelled: Cancelled) -> Advance:
    """Progress that is told to somebody who may want no more."""

    def tell(done: int, total: int) -> None:
        if cancelled():
            raise CancelledError("The work was cancelled")
        progress(done, total)

    return tell
