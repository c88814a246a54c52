"""The made-up photos that reading is measured with: from a seed, and what they are said to be."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.ink.picture.grey_picture import open_grey
from tests.benchmarks.photo_parts.cases import CASES
from tests.benchmarks.photo_parts.ink import Writing, drawn_digit, number, scanned_digit
from tests.benchmarks.photo_parts.sheets import lines
from tests.number_support import sample

KINDS = {case.kind: case for case in CASES if "2200" not in case.strength}


def drawn(case, seed):
    rng = np.random.default_rng(seed)
    digits = [drawn_digit(sample(k)) for k in (2, 7, 4, 0)]
    return case.draw(number(digits, rng) if case.numbers else Writing(digits[:1]), rng)


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_gives_the_same_picture_file_again(kind):
    content = drawn(KINDS[kind], 1)
    assert content == drawn(KINDS[kind], 1)
    assert content != drawn(KINDS[kind], 2)
    grey = open_grey(content)
    assert min(grey.shape) >= 30
    assert grey.std() > 2 or kind == "color"


def test_no_two_cases_have_one_name():
    assert len({(case.kind, case.strength) for case in CASES}) == len(CASES)


def test_ink_is_as_high_as_asked_and_cropped():
    for digit in range(10):
        ink = Writing((drawn_digit(sample(digit)),)).ink(100, 5)
        assert 99 <= np.ptp(np.flatnonzero(ink.max(axis=1) > 0.5)) + 1 <= 101
        assert ink.max() == 1


def test_digits_stand_where_their_boxes_are():
    writing = number([drawn_digit(sample(k)) for k in (3, 1, 5)], np.random.default_rng(0))
    ink = writing.ink(80, 4)
    assert writing.text == "315" and len(writing.boxes) == 3
    for left, top, right, bottom in writing.boxes:
        assert ink[top:bottom, left:right].max() == 1
        ink[top:bottom, left:right] = 0
    assert not ink.any()


def test_a_scan_gives_its_ink_unless_an_edge_is_in_view():
    ink = Writing((drawn_digit(sample(8)),)).ink(70, 3)
    card = np.full((140, 90), 240, dtype=np.uint8)
    card[30 : 30 + len(ink), 20 : 20 + ink.shape[1]] -= (150 * ink).astype(np.uint8)
    found = scanned_digit("8", card).draw(70, 0)
    assert abs(len(found) - len(ink)) <= 4 and found.max() > 0.95
    card[:, -2:] = 60
    assert scanned_digit("8", card) is None


@pytest.mark.parametrize("slope,bow", [(0.02, 0), (0, 10)])
def test_lines_fall_and_sag_as_told(slope, bow):
    covered = lines((200, 300), 1000, 3, slope, bow, 0.1)
    rows = covered.argmax(axis=0)
    assert rows[-1] - rows[0] == pytest.approx(slope * 299, abs=1.5)
    assert rows[150] - (rows[0] + rows[-1]) / 2 == pytest.approx(bow, abs=1.5)
