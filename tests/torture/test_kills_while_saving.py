"""A thousand kills at random moments of processes that save; run by ``make torture``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.torture.kills import OURS, findings_of

KILLS = 200


@pytest.mark.parametrize("kind", OURS)
def test_what_was_saved_survives_every_kill(kind: str, tmp_path: Path) -> None:
    found = findings_of(kind, KILLS, 1, tmp_path)
    print(kind, found)  # noqa: T201 - shown by pytest -s, for whoever states the figures
    assert found.kills == KILLS
    assert found.inside >= KILLS // 2
    assert (found.unreadable, found.too_old, found.stale) == (0, 0, 0)
