"""Running means weigh by sample."""

from __future__ import annotations

import pytest

from digitdesk.metrics import wilson_interval
from digitdesk.training.running_mean import RunningMean


def test_batches_of_different_sizes_weigh_by_their_samples() -> None:
    mean = RunningMean()
    mean.add(loss=1.0, correct=3, count=3)
    mean.add(loss=3.0, correct=0, count=1)
    assert mean.loss == pytest.approx(1.5)
    assert mean.accuracy == pytest.approx(0.75)
    mean.reset()
    assert (mean.loss, mean.accuracy, mean.count) == (0.0, 0.0, 0)


@pytest.mark.parametrize(
    ("correct", "n", "low", "high"),
    # 8 of 10 is Wilson's interval as printed in many tables; the ends are exact.
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (0, 0, 0.0, 1.0)],
)
def test_wilson_interval(correct: int, n: int, low: float, high: float) -> None:
    assert wilson_interval(correct, n) == pytest.approx((low, high), abs=1e-4)
