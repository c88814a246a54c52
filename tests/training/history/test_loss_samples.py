"""A chart has as many points of a fast run as of a slow one, and the first steps among them."""

from __future__ import annotations

import itertools

import pytest

from digitdesk.training.history.loss_samples import LossSamples
from digitdesk.training.running_mean import RunningMean


def train(total: int, report_every: int) -> list[tuple[int, float]]:
    """Losses that are the number of their step, as they are told."""
    samples, since_report, told = LossSamples(), RunningMean(), []
    for step in range(1, total + 1):
        since_report.add(float(step), 0, 10)
        samples.note(step, total, since_report)
        if step % report_every == 0 or step == total:
            told += samples.take(step, since_report)
            since_report.reset()
    assert list(samples.all) == told or len(told) > 1000
    return told


@pytest.mark.parametrize("report_every", [3, 1_000, 10_000])
def test_how_often_is_reported_does_not_decide_what_is_seen(report_every: int) -> None:
    told = train(8_000, report_every)
    assert told[:20] == [(step, float(step)) for step in range(1, 21)]
    assert len(told) >= 400
    gaps = [b[0] - a[0] for a, b in itertools.pairwise(told)]
    assert max(gaps) <= 20
    # Each is the mean since the one before.
    for (before, _), (at, loss) in itertools.pairwise(told):
        assert loss == pytest.approx((before + 1 + at) / 2)


def test_what_is_told_stays_small() -> None:
    samples, mean = LossSamples(), RunningMean()
    for step in range(1, 50_001):
        mean.add(1.0, 0, 1)
        samples.take(step, mean)
        mean.reset()
    assert len(samples.all) <= 1000
    assert samples.all[-1] == (50_000, 1.0)
