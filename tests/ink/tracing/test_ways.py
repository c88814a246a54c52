"""Lines of pixels are walked once each, from ends and forks to the next."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.ink.tracing.branches import branches_of
from digitdesk.ink.tracing.skeleton_ways import Way, ways_of


def drawn(*rows: str) -> np.ndarray:
    return np.array([[sign == "#" for sign in row] for row in rows])


def ends(way: Way) -> set[tuple[int, int]]:
    return {way[0], way[-1]}


def test_a_line_is_one_way() -> None:
    (way,) = ways_of(drawn("#....", ".##..", "...##"))
    assert ends(way) == {(0, 0), (4, 2)}
    assert len(way) == 5


def test_a_corner_is_no_fork() -> None:
    (way,) = ways_of(drawn("###", "..#", "..#"))
    assert ends(way) == {(0, 0), (2, 2)}


def test_three_ways_meet_at_a_fork() -> None:
    ways = ways_of(drawn("..#..", "..#..", "#####"))
    assert sorted(len(way) for way in ways) == [3, 3, 3]
    assert set.intersection(*map(ends, ways)) == {(2, 2)}


def test_a_loop_comes_back_to_where_it_began() -> None:
    (way,) = ways_of(drawn(".###.", "#...#", "#...#", ".###."))
    assert way[0] == way[-1]
    assert len(set(way)) == len(way) - 1 == 10


def test_a_lone_pixel_is_a_way_of_its_own() -> None:
    assert ways_of(drawn("...", ".#.", "...")) == [[(1, 1)]]
    assert ways_of(drawn("...")) == []


def test_every_pixel_is_on_a_way() -> None:
    picture = drawn(
        "#.....#....###.",
        ".#...#....#...#",
        "..#.#.....#...#",
        "...#.......###.",
        "...#......#....",
        "...#.....#....#",
    )
    seen = {pixel for way in ways_of(picture) for pixel in way}
    assert len(seen) == picture.sum()


# What thinning has added


def test_two_forks_of_one_crossing_become_one() -> None:
    """A broad X is thinned to two Y with a short way between their forks."""
    cross = drawn(
        "#......#",
        ".#....#.",
        "..#..#..",
        "...##...",
        "..#..#..",
        ".#....#.",
        "#......#",
    )
    ways = ways_of(cross)
    branches = branches_of(ways, pen=3.0)
    assert len(ways) == 5 and len(branches) == 4
    middle = set.intersection(*(set(branch.nodes) for branch in branches))
    assert len(middle) == 1
    assert all((3.5, 3.0) in branch.points for branch in branches)


@pytest.mark.parametrize(("pen", "left"), [(1.0, 3), (4.0, 2)])
def test_a_spur_shorter_than_the_pen_is_wide_is_left_out(pen: float, left: int) -> None:
    spurred = drawn(".....#.....", ".....#.....", "###########")
    assert len(branches_of(ways_of(spurred), pen)) == left


def test_a_line_that_is_short_itself_is_kept() -> None:
    (dash,) = branches_of(ways_of(drawn("###")), pen=9.0)
    assert dash.length == 2


@pytest.mark.parametrize(("pen", "is_kept"), [(2.0, True), (9.0, False)])
def test_a_loop_about_nothing_is_left_out(pen: float, is_kept: bool) -> None:
    loop = drawn(".##........", "#..#.......", "#..########", "#..#.......", ".##........")
    nodes = [branch.nodes for branch in branches_of(ways_of(loop), pen)]
    assert any(one == other for one, other in nodes) == is_kept
