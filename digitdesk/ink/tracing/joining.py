"""Which branches a pen drew in one go: at each crossing it went on as straight as it could.

Where a line ends just beyond a fork, as the loop of a 2 that has run full of ink does, the pen went
there and came back.
"""

from __future__ import annotations

import itertools
import math

from digitdesk.ink.tracing.branches import Branch, Point
from digitdesk.ink.tracing.skeleton_ways import Pixel

End = tuple[int, int]
"""Number of a branch; 0 where it begins, 1 where it ends."""

_NEAR, _FAR = 0.5, 1.6
"""In widths of the pen from a node: between these two points a branch has its direction there."""

_STRAIGHT = -0.5
"""Cosine between two branches as they leave a node, up to which one goes on as the other."""

# Of a stub that was gone along and back.
_LONGEST_STUB = 0.33
"""Times the size of the picture."""
_SHORTER_THAN_OTHERS = 0.8
_WENT_ON = -0.75
"""Cosine between the two others up to which they are one line, and the stub another."""


def lines_of(branches: list[Branch], pen: float, size: float) -> list[list[Point]]:
    """The lines that a pen may have drawn, each from one end to the other.

    Args:
        branches: Of one drawing.
        pen: Width of its ink.
        size: Of the picture; 0 where no line is gone along and back.
    """
    at_node: dict[Pixel, list[End]] = {}
    for number, branch in enumerate(branches):
        for side, node in enumerate(branch.nodes):
            at_node.setdefault(node, []).append((number, side))
    joins = _Joins(branches)
    for ends in at_node.values():
        ways = {end: _direction(branches[end[0]].points, end[1], pen) for end in ends}
        stub = _stub(branches, ends, at_node, ways, size)
        if stub is not None:
            one, other = (end for end in ends if end != stub)
            joins.join(one, other, by_way_of=stub)
        else:
            joins.join_straightest(ways)
    return joins.lines()


def _stub(
    branches: list[Branch],
    ends: list[End],
    at_node: dict[Pixel, list[End]],
    ways: dict[End, Point],
    size: float,
) -> End | None:
    """Which of three branches at a fork the pen went along and back, if any."""
    if len(ends) != 3:
        return None
    loose = [
        (number, side)
        for number, side in ends
        if len(at_node[branches[number].nodes[1 - side]]) == 1
        and branches[number].length < _LONGEST_STUB * size
    ]
    if not loose:
        return None
    stub = min(loose, key=lambda end: branches[end[0]].length)
    one, other = (end for end in ends if end != stub)
    if one[0] == other[0]:
        return None  # the stem of a loop, as of a 6
    shorter = min(branches[one[0]].length, branches[other[0]].length)
    if branches[stub[0]].length >= _SHORTER_THAN_OTHERS * shorter:
        return None
    return stub if _cosine(ways[one], ways[other]) > _WENT_ON else None


class _Joins:
    """Which end of a branch goes on as which."""

    def __init__(self, branches: list[Branch]) -> None:
        self._branches = branches
        self._goes_on: dict[End, End] = {}
        self._stubs: dict[End, End] = {}
        self._is_drawn: set[int] = set()

    def join(self, one: End, other: End, by_way_of: End | None = None) -> None:
        """Let one end go on as the other, and back, along a stub first where there is one."""
        self._goes_on[one], self._goes_on[other] = other, one
        if by_way_of is not None:
            self._stubs[one] = self._stubs[other] = by_way_of
            self._is_drawn.add(by_way_of[0])

    def join_straightest(self, ways: dict[End, Point]) -> None:
        """Join the ends at a node, the straightest pair first."""
        pairs = [(_cosine(ways[a], ways[b]), a, b) for a, b in itertools.combinations(ways, 2)]
        for cosine, one, other in sorted(pairs, key=lambda pair: pair[0]):
            is_free = one not in self._goes_on and other not in self._goes_on
            if is_free and (cosine < _STRAIGHT or len(ways) == 2):
                self.join(one, other)

    def lines(self) -> list[list[Point]]:
        """Every branch once, joined to lines; those that are closed last."""
        ends = itertools.product(range(len(self._branches)), (0, 1))
        begins = [end for end in ends if end not in self._goes_on]
        rest = [(number, 0) for number in range(len(self._branches))]
        return [self._line(end) for end in (*begins, *rest) if end[0] not in self._is_drawn]

    def _line(self, begin: End) -> list[Point]:
        """From an end on, as far as it goes."""
        at: End | None = begin
        points: list[Point] = []
        while at is not None and at[0] not in self._is_drawn:
            self._is_drawn.add(at[0])
            points += self._points(at)[bool(points) :]
            last = at[0], 1 - at[1]
            at = self._goes_on.get(last)
            stub = self._stubs.get(last)
            if stub is not None:
                there = self._points(stub)
                points += [*there[1:], *there[-2::-1]]
        return points

    def _points(self, end: End) -> list[Point]:
        """Of a branch, from that end on."""
        points = self._branches[end[0]].points
        return points if end[1] == 0 else points[::-1]


def _direction(points: list[Point], side: int, pen: float) -> Point:
    """Which way a branch leaves a node: (x, y) of length 1."""
    leaving = points if side == 0 else points[::-1]
    near = min(len(points) - 1, max(1, int(_NEAR * pen)))
    far = min(len(points) - 1, max(2, int(_FAR * pen)))
    (x0, y0), (x1, y1) = leaving[near if near < far else 0], leaving[far]
    distance = math.hypot(x1 - x0, y1 - y0)
    return ((x1 - x0) / distance, (y1 - y0) / distance) if distance else (0.0, 0.0)


def _cosine(one: Point, other: Point) -> float:
    return one[0] * other[0] + one[1] * other[1]
