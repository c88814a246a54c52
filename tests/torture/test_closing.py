"""Two hundred times the app is started, trains, and is closed at a random moment.

Ten uses follow one another in one home, each offered what the one before left.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.app_process import EXIT_SECONDS, MOMENTS, Plan, make_home, use_and_check

pytestmark = [pytest.mark.window, pytest.mark.timeout(3600)]

HOMES = 20
USES = 10


@pytest.mark.parametrize("seed", range(HOMES))
def test_nothing_is_lost_and_nothing_is_left(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    home, left = make_home(tmp_path), None
    for use in range(USES):
        moment = MOMENTS[(seed * USES + use) % len(MOMENTS)]
        resumes = left is not None and moment != "loading" and chance.random() < 0.4
        plan = Plan(
            moment,
            str(home / "stripes"),
            resumes=resumes,
            restarts=chance.random() < 0.4,
            variant=chance.randrange(10**6),
        )
        seconds, left = use_and_check(home, plan, left)
        assert seconds <= EXIT_SECONDS
