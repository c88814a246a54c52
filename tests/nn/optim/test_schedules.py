"""Learning-rate schedules at their corners."""

from __future__ import annotations

import pytest

from digitdesk.errors import ConfigError
from digitdesk.nn.optim.schedules import SCHEDULES, make_schedule


def rates(name, steps=100, peak=2.0):
    schedule = make_schedule(name, peak=peak, total_steps=steps)
    return [schedule(step) for step in range(steps)]


def test_constant():
    assert set(rates("constant")) == {2.0}


def test_step():
    values = rates("step")
    assert values[49] == 2.0
    assert values[50] == pytest.approx(0.2)
    assert values[74] == pytest.approx(0.2)
    assert values[75] == pytest.approx(0.02)


def test_cosine():
    values = rates("cosine", steps=101)
    assert values[0] == 2.0
    assert values[50] == pytest.approx(1.0)
    assert values[100] == pytest.approx(0.0)


def test_one_cycle():
    values = rates("one-cycle", steps=101)
    assert values[0] == pytest.approx(2 / 25)
    assert values[30] == pytest.approx(2.0)
    assert max(values) == values[30]
    assert values[100] == pytest.approx(2e-4)


def test_warm_up():
    values = rates("warm-up")
    assert values[0] == pytest.approx(0.2)
    assert values[4] == pytest.approx(1.0)
    assert values[9:] == [2.0] * 91


@pytest.mark.parametrize("name", SCHEDULES)
@pytest.mark.parametrize("steps", [0, 1, 2])
def test_the_shortest_runs(name, steps):
    schedule = make_schedule(name, peak=1.0, total_steps=steps)
    assert all(0 <= schedule(step) <= 1 for step in range(3))


def test_unknown():
    with pytest.raises(ConfigError, match="one-cycle"):
        make_schedule("onecycle", peak=1.0, total_steps=1)
