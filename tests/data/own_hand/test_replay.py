"""What a network saw before is shown to it again while it learns a hand."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from digitdesk.data.own_hand import replay
from digitdesk.data.own_hand.replay import Source, replayed_planes
from digitdesk.data.synthetic.not_digits import REJECT_NAMES
from digitdesk.messages.model import DIGITS


def test_traced_strokes_come_back_to_who_reads_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "_STROKES", 30)
    monkeypatch.setattr(replay, "_TRACED", 20)
    source = Source("mnist+handwriting", DIGITS, REJECT_NAMES, None, tmp_path)
    drawn, of_drawn = replayed_planes(source)
    both, of_both = replayed_planes(dataclasses.replace(source, with_traced=True))
    np.testing.assert_array_equal(both[: len(drawn)], drawn)
    np.testing.assert_array_equal(of_both[: len(drawn)], of_drawn)
    assert len(drawn) + 35 <= len(both) == len(of_both) <= len(drawn) + 40
    assert set(of_both[len(drawn) :]) >= {10, 11}
