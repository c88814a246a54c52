"""One box around several."""

from __future__ import annotations

from digitdesk.messages.boxes import union


def test_the_union_holds_every_box_and_no_more() -> None:
    assert union([(1, 5, 3, 6), (0, 7, 2, 9)]) == (0, 5, 3, 9)
    assert union(box for box in [(0.5, 1.0, 2.0, 3.0)]) == (0.5, 1.0, 2.0, 3.0)
