"""Thirty kills at random moments of a run that saves all the time; run by ``make torture``."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from digitdesk.session.checkpoint_store import FILE_NAME, CheckpointStore
from tests.kept_files import kept_files
from tests.session.test_checkpoint_store import killed_while_training


@pytest.mark.parametrize("seed", range(30))
def test_the_state_is_whole_after_a_kill(seed: int, tmp_path: Path) -> None:
    killed_while_training(tmp_path, random.Random(seed).uniform(0, 0.5))
    checkpoint = CheckpointStore(tmp_path / "data").load()
    assert checkpoint is not None
    assert checkpoint.facts.step > 0
    assert kept_files(tmp_path / "data") == [FILE_NAME]
