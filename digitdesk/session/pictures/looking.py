"""What can be measured of an open set: its average pictures, its ink, and how a model reads it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitdesk.data.importing.imported import ImportedPart
from digitdesk.errors import DataError
from digitdesk.evaluation.class_matching import shown_names
from digitdesk.evaluation.robustness import sample_places
from digitdesk.evaluation.slices import Advance, slices
from digitdesk.inspection.preparation import feature_histograms
from digitdesk.messages.inside.preparation import InkDistribution
from digitdesk.messages.own.pictures import Suspicions
from digitdesk.messages.picture import Picture
from digitdesk.recognition.reader import Reader
from digitdesk.session.pictures.open_set import OpenSet

_MEASURED = 2000


def averages(open_set: OpenSet, part: str) -> tuple[Picture | None, ...]:
    """The mean picture of each class; ``None`` where it has no picture."""
    sums = np.zeros((len(open_set.labels), 28, 28), dtype=np.float64)
    counts = np.zeros(len(open_set.labels), dtype=np.int64)
    for name in open_set.chosen(part):
        content = open_set.part(name)
        for label in range(len(counts)):
            places = np.flatnonzero(content.labels == label)
            counts[label] += len(places)
            if len(places):
                sums[label] += content.pictures[places].sum(axis=0, dtype=np.uint32)
    shades = np.rint(sums / np.maximum(counts, 1)[:, None, None]).astype(np.uint8)
    return tuple(
        Picture.of(np.ascontiguousarray(shade)) if count else None
        for shade, count in zip(shades, counts.tolist(), strict=True)
    )


def distribution(open_set: OpenSet, part: str) -> InkDistribution:
    """How wide, how large and how dark the ink of a set is, from some thousand pictures.

    Raises:
        DataError: There are no pictures.
    """
    chosen = [open_set.part(name).pictures for name in open_set.chosen(part)]
    total = sum(map(len, chosen))
    if not total:
        raise DataError("There are no pictures in this part")
    some = [
        pictures[sample_places(len(pictures), max(1, _MEASURED * len(pictures) // total))]
        for pictures in chosen
        if len(pictures)
    ]
    greys = np.concatenate(some).astype(np.float32) / np.float32(255)
    return InkDistribution(open_set.facts.title, len(greys), feature_histograms(greys))


def suspect(
    open_set: OpenSet, reader: Reader, model_key: str, part: str, advance: Advance
) -> Suspicions:
    """Ask a model about every label of a set, and have the set remember what it says.

    Raises:
        DataError: The model knows none of the set's classes, or nothing is labelled.
    """
    glance = reader.at_a_glance()
    names = glance.card.class_names
    known = np.array([names.index(n) if n in names else -1 for n in open_set.labels], np.intp)
    if (known < 0).all():
        raise DataError(
            "The set's classes are not the model's",
            expected=shown_names(names),
            received=shown_names(open_set.labels),
            hint="Ask a model that was trained on such data",
        )
    asking = _Asking(glance, known, advance)
    chosen = open_set.chosen(part)
    total = sum(len(open_set.part(name).labels) for name in chosen)
    for name in chosen:
        open_set.note_doubts(name, asking.doubts(open_set.part(name), total))
    return Suspicions(open_set.facts.key, model_key, asking.asked, asking.differing)


class _Asking:
    """Asks a model about labels, one part after the other.

    Args:
        reader: The model.
        known: (labels,) which of its classes each label of the set is, -1 for none.
        advance: Told how many pictures are read; raises to stop.
    """

    def __init__(self, reader: Reader, known: NDArray[np.intp], advance: Advance) -> None:
        self._reader = reader
        self._known = known
        self._advance = advance
        self._done = 0
        self.asked = 0
        self.differing = 0

    def doubts(self, part: ImportedPart, total: int) -> NDArray[np.float32]:
        """1 minus the probability of each label of a part; NaN where the model knows it not."""
        count, before = len(part.labels), self._done
        found = np.full(count, np.nan, dtype=np.float32)
        for places in slices(count, lambda done, _count: self._advance(before + done, total)):
            greys = np.divide(part.pictures[places], np.float32(255), dtype=np.float32)
            probabilities = self._reader.read_many(greys)
            labels = part.labels[places]
            wanted = np.where(labels >= 0, self._known[labels], -1)
            rows = np.flatnonzero(wanted >= 0)
            found[places][rows] = 1 - probabilities[rows, wanted[rows]]
            self.asked += len(rows)
            self.differing += int((probabilities[rows].argmax(axis=1) != wanted[rows]).sum())
        self._done += count
        return found
