"""What the command line shows of an experiment: a bar while it runs, and its table at the end."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Any

from digitdesk.cli.text_output import table
from digitdesk.messages.experiments.plan import Estimate, Row
from digitdesk.messages.experiments.progress import (
    ExperimentChanged,
    ExperimentEvent,
    ExperimentView,
    TrialChanged,
    TrialState,
    TrialView,
)
from digitdesk.messages.experiments.results import (
    ResultTable,
    RowResult,
    SettingImportance,
    seconds_number,
)
from digitdesk.messages.percent import percent
from digitdesk.messages.setting_table import SETTINGS

_WIDEST_CELL = 44


class ExperimentReport:
    """Shows events on standard error: a bar over all runs, and a line for each that is over."""

    def __init__(self) -> None:
        from tqdm import tqdm

        self._over: set[int] = set()
        # `disable=None`: no bar where standard error is a file, only the lines.
        self._bar: Any = tqdm(
            unit="run", desc="Experiment", disable=None, dynamic_ncols=True, leave=False
        )

    def __enter__(self) -> ExperimentReport:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def show(self, events: Iterable[ExperimentEvent]) -> None:
        """Show what is new."""
        for event in events:
            if isinstance(event, ExperimentChanged):
                self._bar.total = event.runs or None
                self._bar.update(event.done - self._bar.n)
            elif isinstance(event, TrialChanged) and event.run.state.is_over:
                self._tell(event.run)

    def complain(self, sentence: str) -> None:
        """Say what went otherwise than wanted."""
        self._bar.write(f"digitdesk: {sentence}", file=sys.stderr)

    def _tell(self, run: TrialView) -> None:
        if run.number not in self._over:
            self._over.add(run.number)
            self._bar.write(run_line(run), file=sys.stderr)


def run_line(run: TrialView) -> str:
    """One run that is over."""
    what = f"run {run.number} ({values_text(run.values, f'seed {run.seed}')})"
    if run.state is TrialState.FINISHED:
        accuracy = "no test set" if run.test_accuracy is None else percent(run.test_accuracy)
        return f"{what}: {accuracy} in {seconds_number(run.seconds)} s"
    if run.state is TrialState.HOPELESS:
        return f"{what}: ended after epoch {run.epoch}, as others did better by then"
    why = f": {run.problem.sentence}" if run.problem is not None else ""
    return f"{what} {run.state.value}{why}"


def values_text(values: Row, *more: str) -> str:
    """A row's settings in a line."""
    return ", ".join([*(f"{name} {_written(name, value)}" for name, value in values), *more])


def estimate_text(found: Estimate) -> str:
    """How long a plan will take, in words."""
    minutes, seconds = divmod(round(found.seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (seconds if found.seconds < 600 else 0, "s")]
    time = " ".join(f"{count} {unit}" for count, unit in parts if count) or "1 s"
    runs = f"{found.runs:,} runs" if found.runs else "As many runs as there is time for"
    cores = f"{found.cores} core{'s' * (found.cores != 1)}"
    return " ".join(filter(None, [f"{runs}: about {time} on {cores}.", found.note]))


def view_line(view: ExperimentView) -> str:
    """An experiment in a line."""
    over = sum(run.state.is_over for run in view.runs)
    return f"{view.plan.title} ({over} of {len(view.runs)} runs, {view.state.value})"


def result_text(found: ResultTable, shares: Sequence[SettingImportance] = ()) -> str:
    """The rows of an experiment, and what mattered."""
    heading = ["row", *found.columns, found.measure.replace("_", " "), "runs", "seconds", "p", ""]
    rows = [heading, *(_cells(found, row) for row in found.rows)]
    right = [True, *[False] * len(found.columns), True, True, True, True, False]
    said = [table(rows, right=right)]
    if any(row.p is not None for row in found.rows):
        said.append(
            f"p: Welch's t-test against row {found.base}, corrected by Holm for "
            f"{found.comparisons} comparisons"
        )
    if shares:
        parts = (f"{one.name} {percent(one.share, 0)}" for one in shares)
        said.append(f"Differences between rows that go with: {', '.join(parts)}")
    return "\n".join(said)


def _cells(found: ResultTable, row: RowResult) -> list[str]:
    values = dict(row.values)
    seconds = "" if row.seconds is None else seconds_number(row.seconds)
    p = "" if row.p is None else ("< 0.001" if row.p < 0.001 else f"{row.p:.3f}")
    marks = [
        "base" if row.is_base else "", "best" if row.is_best else "", row.verdict,
        row.reason.sentence if row.reason is not None else "",
    ]  # fmt: skip
    cells = [_written(name, values.get(name)) for name in found.columns]
    runs = f"{row.count}/{row.of}"
    return [str(row.number), *cells, _mean(found, row), runs, seconds, p,
            ", ".join(filter(None, marks))]  # fmt: skip


def _mean(found: ResultTable, row: RowResult) -> str:
    if row.mean is None:
        return "-"
    scale, unit = (100, " %") if found.measure.endswith("accuracy") else (1, "")
    digits = 2 if unit else 4
    deviation = "" if row.sd is None else f" ± {scale * row.sd:.{digits}f}"
    return f"{scale * row.mean:.{digits}f}{deviation}{unit}"


def _written(name: str, value: Any) -> str:
    setting = SETTINGS.get(name)
    if value is None:
        text = setting.none if setting is not None else "-"
    else:
        text = setting.written(value) if setting is not None else str(value)
    return text if len(text) <= _WIDEST_CELL else f"{text[:_WIDEST_CELL]}…"
