"""Ink is divided into rows where it plainly lies so, whatever signs stand in them."""

from __future__ import annotations

import pytest

from digitdesk.ink.segmentation.rows import row_of_each
from digitdesk.messages.boxes import Box

FIRST: list[Box] = [(0, 0, 60, 100), (80, 0, 140, 100), (160, 0, 220, 100)]
SECOND: list[Box] = [(10, 150, 70, 240), (90, 150, 150, 240), (170, 150, 400, 240)]


def rows(*boxes: Box) -> list[int]:
    """The row of each of the boxes, after those of two rows."""
    found = row_of_each([*FIRST, *SECOND, *boxes])
    assert found[:3] == [0, 0, 0]
    assert found[3:6] == [1, 1, 1]
    return found[6:]


def test_digits_above_each_other_are_two_rows() -> None:
    assert rows() == []


@pytest.mark.parametrize("left", [100, 260, 420])
def test_a_level_bar_belongs_to_the_row_it_stands_in(left: float) -> None:
    """It has no height; beside the row above, or below it."""
    assert rows((left, 195, left + 30, 195)) == [1]


def test_a_dot_at_the_foot_of_a_long_row_is_not_a_third_one() -> None:
    assert rows((410, 241, 412, 242)) == [1]


def test_a_slash_that_reaches_down_leaves_the_lower_row_a_row() -> None:
    assert rows((230, -20, 300, 155)) == [0]


def test_a_comma_that_hangs_down_is_no_row() -> None:
    """As high as seven tenths of a digit, it begins at the foot of the digits before it."""
    assert row_of_each([*FIRST, (225, 90, 245, 165)]) == [0, 0, 0, 0]
    assert row_of_each([*FIRST, (65, 96, 85, 166)]) == [0, 0, 0, 0]


def test_a_comma_as_high_as_a_digit_hangs_between_two_of_them() -> None:
    """It may be a digit, too: below one, or far below the row, it is a row of its own."""
    assert row_of_each([*FIRST, (62, 105, 78, 195)]) == [0, 0, 0, 0]
    assert row_of_each([*FIRST, (62, 125, 78, 215)]) == [0, 0, 0, 1]
    assert row_of_each([*FIRST, (100, 105, 116, 195)]) == [0, 0, 0, 1]
    assert row_of_each([*FIRST, (20, 105, 120, 195)]) == [0, 0, 0, 1]


def test_a_wide_comma_stands_between_two_digits_and_not_below_them() -> None:
    apart = [(0, 0, 60, 100), (160, 0, 220, 100)]
    assert row_of_each([*apart, (70, 95, 150, 155)]) == [0, 0, 0]
    assert row_of_each([*apart, (50, 95, 130, 155)]) == [0, 0, 1]
    assert row_of_each([*apart, (62, 95, 158, 155)]) == [0, 0, 1]


def test_a_large_comma_and_a_point_are_no_row_together() -> None:
    comma = (62, 96, 78, 166)
    assert row_of_each([*FIRST, comma, (142, 100, 150, 106)]) == [0] * 5
    # A point may reach below a digit; a digit is larger.
    assert row_of_each([*FIRST, comma, (158, 100, 166, 106)]) == [0] * 5
    assert row_of_each([*FIRST, comma, (158, 100, 188, 160)]) == [0, 0, 0, 1, 1]


def test_a_number_that_goes_downhill_is_one_row() -> None:
    steps = [(90 * k, 110 * k, 90 * k + 60, 110 * k + 100) for k in range(4)]
    assert set(row_of_each(steps)) == {0}


def test_no_ink_has_no_row() -> None:
    assert row_of_each([]) == []
