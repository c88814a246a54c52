"""Optuna's rows: asked for, told, and gone on with; skipped where Optuna is not installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from digitdesk.errors import ConfigError
from digitdesk.experiments.optuna_rows import OptunaRows, has_optuna
from digitdesk.experiments.samplers import make_sampler
from digitdesk.messages.experiments.plan import Axis, Plan, Range, Search

AXES = (
    Range("learning_rate", 1e-4, 1.0, is_log=True),
    Range("units", 8, 64, is_whole=True),
    Axis("optimizer", ("sgd", "adam")),
)
needs_optuna = pytest.mark.skipif(
    not has_optuna(), reason="Optuna is not installed: make bench has it"
)


@pytest.mark.skipif(has_optuna(), reason="Optuna is installed")
def test_without_it_a_search_says_what_it_would_gain(tmp_path: Path) -> None:
    plan = Plan("x", search=Search("tpe", AXES, runs=3))
    with pytest.raises(ConfigError, match="pip install optuna"):
        make_sampler(plan, tmp_path)


@needs_optuna
def test_rows_are_told_and_a_study_is_gone_on_with(tmp_path: Path) -> None:
    search = Search("tpe", AXES, runs=30)
    first = OptunaRows(search, tmp_path)
    rows = [first.ask(number) for number in range(1, 16)]
    assert all(
        row is not None and dict(row.values).keys() == {"learning_rate", "units", "optimizer"}
        for row in rows
    )
    for row in rows:
        assert row is not None
        first.tell(row, 0.5)
        first.tell(row, 0.9)  # told again after a crash: once counts
    again = OptunaRows(search, tmp_path)
    row = again.ask(16)
    assert row is not None and row.token == 15
    again.tell(row, None)
    assert again.ask(31) is None


@needs_optuna
def test_it_draws_where_results_were_good(tmp_path: Path) -> None:
    """A planted optimum: only the wiring is tested, Optuna's own doing is not."""
    import math

    def worth(values: dict[str, object]) -> float:
        rate = values["learning_rate"]
        assert isinstance(rate, float)
        return -((math.log10(rate) + 2) ** 2)

    sampler, late = OptunaRows(Search("tpe", AXES, runs=60), tmp_path), []
    for number in range(1, 61):
        row = sampler.ask(number)
        assert row is not None
        sampler.tell(row, worth(dict(row.values)))
        if number > 40:
            late.append(worth(dict(row.values)))
    # By chance it would be -4/3.
    assert sum(late) / len(late) > -0.5
