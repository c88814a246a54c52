"""Running means weigh by sample."""

from __future__ import annotations

import pytest

from digitdesk.training.running_mean import RunningMean


def test_batches_of_different_sizes_weigh_by_their_samples() -> None:
    mean = RunningMean()
    mean.add(loss=1.0, correct=3, count=3)
    mean.add(loss=3.0, correct=0, count=1)
    assert mean.loss == pytest.approx(1.5)
    assert mean.accuracy == pytest.approx(0.75)
    mean.reset()
    assert (mean.loss, mean.accuracy, mean.count) == (0.0, 0.0, 0)
