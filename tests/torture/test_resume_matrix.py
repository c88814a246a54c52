"""Every interruption point of a run, for each optimizer and kind of network: resumed is the same.

The heavy version of ``tests/training/test_resume.py``; run by ``make torture``.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest

from tests.training.small_runs import (
    CNN,
    MLP,
    OPTIMIZERS,
    STEPS,
    Outcome,
    config,
    differences,
    run,
    small_data,
    through_a_file,
)

DATA = small_data()


@lru_cache(maxsize=1)
def uninterrupted(model: str, optimizer: str) -> Outcome:
    return run(config(model, optimizer), DATA)


@pytest.mark.parametrize("model", [MLP, CNN], ids=["mlp", "cnn"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("step", range(1, STEPS))
def test_resumed_equals_uninterrupted(
    model: str, optimizer: str, step: int, tmp_path: Path
) -> None:
    settings = config(model, optimizer)
    stopped = run(settings, DATA, close_at=step)
    assert stopped.last.facts.step == step
    resumed = run(settings, DATA, resume_from=through_a_file(stopped.last, tmp_path))
    assert differences(resumed.last, uninterrupted(model, optimizer).last) == []
