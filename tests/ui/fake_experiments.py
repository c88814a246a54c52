"""Experiments without training: a plan of four rows with three seeds, finished, going or failed."""

from __future__ import annotations

import itertools
from collections import deque
from dataclasses import replace
from pathlib import Path

from digitdesk.errors import ConfigError, DataError
from digitdesk.messages.experiments.plan import (
    Axis,
    Estimate,
    OfferedPlan,
    Plan,
    PlanSize,
    Row,
)
from digitdesk.messages.experiments.progress import (
    ExperimentChanged,
    ExperimentEntry,
    ExperimentEvent,
    ExperimentState,
    ExperimentView,
    TrialChanged,
    TrialState,
    TrialView,
)
from digitdesk.messages.experiments.results import (
    Curve,
    ResultTable,
    RowResult,
    SettingImportance,
)
from digitdesk.messages.problem import Problem
from digitdesk.messages.run import EpochFinished, TrainingConfig

PLAN = Plan(
    "Batch size and time",
    "The same network with every optimizer, each at its usual learning rate.",
    settings=(("model", "flatten dense({units}) relu dense(10)"), ("epochs", 3)),
    grid=(Axis("learning_rate", (0.01, 0.1)), Axis("batch_size", (32, 128))),
    seeds=(0, 1, 2),
)
EPOCHS = 3


class FakePlans:
    """Answers like ``session.experiments.plans``."""

    search_gain = "Optuna is not installed."

    def __init__(self) -> None:
        self._texts: dict[str, Plan] = {}

    def offered(self) -> tuple[OfferedPlan, ...]:
        return (OfferedPlan("rates", PLAN.title, PLAN.note, self.written(PLAN)),)

    def read(self, text: str, source: str = "the plan") -> Plan:
        if text not in self._texts:
            raise ConfigError(f"{source} is no plan", expected="a title")
        return self._texts[text]

    def written(self, plan: Plan) -> str:
        text = f"title = {plan.title!r}\n{plan!r}\n"
        self._texts[text] = plan
        return text

    def check(self, plan: Plan) -> PlanSize:
        rows = _rows(plan)
        return PlanSize(len(rows), len(rows) * len(plan.seeds), "", rows)

    def estimate(self, plan, progress=None, cancelled=None) -> Estimate:
        size = self.check(plan)
        return Estimate(size.runs, 12.0 * size.runs, 2)


class FakeExperiments:
    """Answers like ``session.experiments``; ``finish`` lets runs end."""

    def __init__(self) -> None:
        self.events: deque[ExperimentEvent] = deque()
        self.views: dict[str, ExperimentView] = {}
        self.calls: list[str] = []
        self.plans = FakePlans()

    def start(self, plan: Plan, folder: Path | None = None) -> str:
        key = f"/experiments/{len(self.views) + 1}"
        rows = _rows(plan)
        runs = tuple(
            TrialView(number, row, seed, rows[row - 1], TrialState.WAITING, 0, EPOCHS)
            for number, (row, seed) in enumerate(
                itertools.product(range(1, len(rows) + 1), plan.seeds), start=1
            )
        )
        self.views[key] = ExperimentView(key, plan, ExperimentState.RUNNING, rows, runs, 144.0)
        return key

    def experiments(self) -> tuple[ExperimentEntry, ...]:
        return tuple(
            ExperimentEntry(
                view.key, view.plan.title, "2026-11-27T10:00:00+00:00", view.state,
                sum(run.state is TrialState.FINISHED for run in view.runs), len(view.runs),
                sum(run.state is TrialState.FAILED for run in view.runs),
            )
            for view in reversed(self.views.values())
        )  # fmt: skip

    def look(self, key: str) -> ExperimentView:
        return self.views[key]

    def finish(self, key: str, count: int, state: TrialState = TrialState.FINISHED) -> None:
        """Let the next runs end."""
        waiting = [run for run in self.views[key].runs if run.state is TrialState.WAITING]
        for run in waiting[:count]:
            accuracy = 0.9 + 0.01 * run.row + 0.001 * run.seed
            if state is TrialState.FAILED:
                problem = Problem("The training has diverged")
                ended = replace(run, state=state, problem=problem, epoch=1)
            else:
                ended = replace(
                    run, state=state, epoch=EPOCHS, validation_accuracy=accuracy,
                    test_accuracy=accuracy, seconds=10.0 * run.row, has_model=True,
                    parameter_count=26_698,
                )  # fmt: skip
            self._put(key, ended)

    def begin(self, key: str, count: int) -> None:
        """Let the next runs be under way."""
        for run in [run for run in self.views[key].runs if run.state is TrialState.WAITING][:count]:
            self._put(key, replace(run, state=TrialState.RUNNING, epoch=1, validation_accuracy=0.8))

    def _put(self, key: str, run: TrialView) -> None:
        view = self.views[key]
        runs = tuple(run if old.number == run.number else old for old in view.runs)
        is_over = all(one.state.is_over for one in runs)
        state = ExperimentState.FINISHED if is_over else view.state
        self.views[key] = replace(view, runs=runs, state=state)
        done = sum(one.state is TrialState.FINISHED for one in runs)
        self.events.append(TrialChanged(key, run))
        self.events.append(ExperimentChanged(key, state, done, len(runs), 60.0))

    def _set_state(self, key: str, state: ExperimentState) -> None:
        self.calls.append(f"{state.value} {key}")
        self.views[key] = replace(self.views[key], state=state)

    def pause(self, key: str) -> None:
        self._set_state(key, ExperimentState.PAUSED)

    def resume(self, key: str) -> None:
        self._set_state(key, ExperimentState.RUNNING)

    def cancel(self, key: str, numbers: tuple[int, ...]) -> None:
        for run in [run for run in self.views[key].runs if run.number in numbers]:
            self._put(key, replace(run, state=TrialState.CANCELLED))

    def again(self, key: str, numbers: tuple[int, ...]) -> None:
        for run in [run for run in self.views[key].runs if run.number in numbers]:
            self._put(key, replace(run, state=TrialState.WAITING, epoch=0, problem=None))

    def move(self, key: str, number: int, place: int) -> None:
        view = self.views[key]
        waiting = [run for run in view.runs if run.state is TrialState.WAITING]
        others = [run for run in view.runs if run.state is not TrialState.WAITING]
        moved = next(run for run in waiting if run.number == number)
        waiting.remove(moved)
        waiting.insert(place, moved)
        self.views[key] = replace(view, runs=(*others, *waiting))

    def remove(self, key: str) -> None:
        del self.views[key]

    def drain_events(self, limit: int = 200) -> list[ExperimentEvent]:
        return [self.events.popleft() for _event in range(min(limit, len(self.events)))]

    # results

    def table(self, key: str, measure: str = "test_accuracy", base: int | None = None):
        view = self.views[key]
        base = base or view.plan.base
        rows = []
        for number, values in enumerate(view.rows, start=1):
            runs = [run for run in view.runs if run.row == number]
            over = [run for run in runs if run.state is TrialState.FINISHED]
            failed = [run for run in runs if run.state is TrialState.FAILED]
            mean = sum(run.test_accuracy or 0 for run in over) / len(over) if over else None
            rows.append(
                RowResult(
                    number, values, len(runs), len(over), mean, 0.001 if len(over) > 1 else None,
                    10.0 * number, None if number == base or not over else 0.004,
                    "better" if number > base and over else "", False, number == base,
                    number == 1 and bool(over), len(failed), 0,
                    failed[0].problem if failed else None, tuple(run.number for run in runs),
                )
            )  # fmt: skip
        best = max(rows, key=lambda row: row.mean or 0.0)
        rows = [replace(row, is_best=row is best and row.mean is not None) for row in rows]
        names = tuple(name for name, _value in view.rows[0]) if view.rows else ()
        return ResultTable(measure, True, names, base, tuple(rows), len(rows) - 1)

    def curves(self, key: str) -> tuple[Curve, ...]:
        return tuple(
            Curve(run.number, run.row, run.seed, run.values, tuple(
                EpochFinished(1, epoch, 100 * epoch, 2 / epoch, 0.8, 2.1 / epoch,
                              1 - 0.4 / (epoch + run.row), 2.2 / epoch,
                              1 - 0.5 / (epoch + run.row), 3.0)
                for epoch in range(1, EPOCHS + 1)
            ))
            for run in self.views[key].runs if run.state is TrialState.FINISHED
        )  # fmt: skip

    def importance(self, key: str, measure: str = "test_accuracy"):
        names = [name for name, _value in self.views[key].rows[0]]
        return tuple(SettingImportance(name, 0.6 / (k + 1)) for k, name in enumerate(names))

    def config(self, key: str, number: int) -> TrainingConfig:
        values = next(run.values for run in self.views[key].runs if run.number == number)
        known = {name: value for name, value in values if hasattr(TrainingConfig(), name)}
        return replace(TrainingConfig(), **known)

    def model(self, key: str, number: int) -> Path:
        raise DataError(f"Run {number} has no model")

    def export(self, key: str, path: Path, *, measure="test_accuracy", base=None) -> None:
        path.write_text(f"{measure} {base}\n", encoding="utf-8")


def _rows(plan: Plan) -> tuple[Row, ...]:
    if plan.rows:
        return plan.rows
    lists = [[(axis.name, value) for value in axis.values] for axis in plan.grid]
    return tuple(itertools.product(*lists))
