"""Half an hour of training, and five thousand strokes meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.soak import check, soak

SECONDS = 1800
STROKES = 5000


@pytest.mark.window
@pytest.mark.timeout(3 * SECONDS)
def test_nothing_grows_in_half_an_hour(tmp_path: Path) -> None:
    check(soak(tmp_path, SECONDS, STROKES), STROKES)
