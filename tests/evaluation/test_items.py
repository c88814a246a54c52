"""An evaluated set shows its items page by page; it can be followed and stopped on the way."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from digitdesk.errors import CancelledError
from digitdesk.evaluation.evaluate import evaluate
from digitdesk.evaluation.items import EvaluatedSet
from digitdesk.evaluation.labelled_sets import LabelledSet
from digitdesk.evaluation.scores import scores
from digitdesk.evaluation.slices import SLICE
from digitdesk.messages.evaluation import EVERY_ITEM, EvaluatedItem, ItemSelection
from digitdesk.messages.model import ModelCard
from digitdesk.messages.picture import Picture
from digitdesk.recognition.reader import Reader
from digitdesk.session.progress import advance

NAMES = ("a", "b", "c")


class FirstPixel:
    """Takes the first pixel, 0 … 1, for 0.2 times the class, and is unsure of the class c."""

    def __init__(self) -> None:
        self.counts: list[int] = []

    def predict_logits(self, images: Any, /) -> Any:
        self.counts.append(len(images))
        said = (5 * images[:, 0, 0]).round().astype(int)
        return np.array([[9, 0, 0], [0, 9, 0], [0, 0, 1]], dtype=np.float64)[said]


def pictures(*classes: int) -> Any:
    greys = np.zeros((len(classes), 28, 28), dtype=np.float32)
    greys[:, 0, 0] = np.array(classes) / 5
    greys[:, 5, 5] = 1
    return greys


def reader() -> Reader:
    return Reader(FirstPixel(), ModelCard("t", "none", class_names=NAMES, refusal_threshold=0.9))


@pytest.fixture
def evaluated() -> EvaluatedSet:
    return evaluate(
        reader(), LabelledSet.of(pictures(0, 1, 2, 1, 0, 2), np.array([0, 1, 2, 0, 0, 1]))
    )


def test_an_item_is_a_picture_with_what_was_said_of_it(evaluated: EvaluatedSet) -> None:
    page = evaluated.page(2, 2, EVERY_ITEM)
    assert (page.first, page.total) == (2, 6)
    unsure, wrong = page.items
    assert (unsure.label, unsure.answer, unsure.reason) == ("c", "c", "unsure")
    assert unsure.confidence == pytest.approx(np.e / (np.e + 2))
    seen = np.zeros((28, 28), dtype=np.uint8)
    seen[0, 0], seen[5, 5] = 51, 255
    assert wrong == EvaluatedItem(Picture.of(seen), "a", "b", wrong.confidence, index=3)


@pytest.mark.parametrize(
    ("selection", "places"),
    [
        (EVERY_ITEM, [0, 1, 2, 3, 4, 5]),
        (ItemSelection(is_right=False), [3, 5]),
        (ItemSelection(is_right=True, is_refused=True), [2]),
        (ItemSelection(is_refused=False), [0, 1, 3, 4]),
        (ItemSelection(label="a"), [0, 3, 4]),
        (ItemSelection(label="a", answer="b"), [3]),
        (ItemSelection(answer="c"), [2, 5]),
        (ItemSelection(label="d"), []),
    ],
)
def test_items_are_selected(
    evaluated: EvaluatedSet, selection: ItemSelection, places: list[int]
) -> None:
    every = evaluated.page(0, 6, EVERY_ITEM).items
    page = evaluated.page(0, 6, selection)
    assert page.items == tuple(every[place] for place in places)
    assert page.total == len(places)


def test_pages_follow_each_other_and_end(evaluated: EvaluatedSet) -> None:
    pages = [evaluated.page(first, 4, EVERY_ITEM) for first in (0, 4, 8)]
    assert [len(page.items) for page in pages] == [4, 2, 0]
    assert pages[0].items + pages[1].items == evaluated.page(0, 99, EVERY_ITEM).items


def test_a_cell_of_the_confusion_matrix_has_as_many_items(evaluated: EvaluatedSet) -> None:
    matrix = scores(evaluated).confusion_matrix
    for row, label in enumerate(NAMES):
        for column, answer in enumerate(NAMES):
            page = evaluated.page(0, 9, ItemSelection(label=label, answer=answer))
            assert page.total == matrix[row][column]


def test_pictures_without_labels_have_items_without_labels() -> None:
    greys = pictures(0, 2)
    evaluated = evaluate(reader(), LabelledSet(2, None, lambda part: greys[part]))
    assert [(item.label, item.answer) for item in evaluated.page(0, 2, EVERY_ITEM).items] == [
        ("", "a"),
        ("", "c"),
    ]
    assert evaluated.page(0, 2, ItemSelection(label="a")).total == 0


def test_a_large_set_is_read_and_preprocessed_in_slices() -> None:
    count, told, asked = 2 * SLICE + 7, [], []
    greys, network = pictures(*([0, 1, 2] * count)[:count]), FirstPixel()

    def preprocessed(part: slice) -> Any:
        asked.append((part.start, part.stop))
        return greys[part]

    labels = np.arange(count) % 3
    evaluated = evaluate(
        Reader(network, ModelCard("t", "none", class_names=NAMES)),
        LabelledSet(count, labels, preprocessed),
        lambda done, total: told.append((done, total)),
    )
    assert scores(evaluated).correct == count
    assert network.counts == [SLICE, SLICE + 7], "the rest is no slice of its own"
    assert asked == [(0, SLICE), (SLICE, count)]
    assert told == [(done, count) for done in (0, SLICE, count)]


def test_an_evaluation_stops_between_two_slices() -> None:
    done: list[int] = []
    greys = pictures(*[0] * 2000)
    with pytest.raises(CancelledError):
        evaluate(
            reader(),
            LabelledSet.of(greys, np.zeros(2000, int)),
            advance(lambda now, total: done.append(now), lambda: bool(done) and done[-1] >= SLICE),
        )
    assert done == [0, SLICE]
