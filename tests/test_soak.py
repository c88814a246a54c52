"""Two minutes of training and drawing: nothing grows. ``make torture`` soaks for half an hour.

Set ``soak_seconds`` in pyproject.toml, or for once: ``pytest -o soak_seconds=10``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.soak import check, soak

STROKES_PER_SECOND = 8


@pytest.mark.window
@pytest.mark.timeout(900)
@pytest.mark.skipif(sys.platform != "linux", reason="memory and handles are read from /proc")
def test_nothing_grows_while_it_trains_and_is_drawn_on(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    seconds = float(request.config.getini("soak_seconds"))
    strokes = round(STROKES_PER_SECOND * seconds)
    check(soak(tmp_path, seconds, strokes), strokes)
