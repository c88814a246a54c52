"""The table of an experiment: a row for each choice of settings, the mean over its seeds."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from digitdesk.errors import ConfigError
from digitdesk.experiments.folder import TrialRecord
from digitdesk.experiments.plans.rows import differing
from digitdesk.experiments.results.statistics import holm, mean, standard_deviation, welch_p
from digitdesk.messages.experiments.plan import Plan, Row
from digitdesk.messages.experiments.progress import TrialState
from digitdesk.messages.experiments.results import MEASURES, ResultTable, RowResult

_CHANCE = 0.05
_BY_NUMBER = "test_accuracy"


def measured(record: TrialRecord, measure: str) -> float | None:
    """What a finished run reached, by the epoch whose weights its network has."""
    if record.ended is not TrialState.FINISHED:
        return None
    if measure == "seconds":
        return record.seconds
    if measure == _BY_NUMBER and record.test_accuracy is not None:
        return record.test_accuracy
    judged = record.judged
    value = getattr(judged, measure) if judged is not None else None
    return None if value is None else float(value)


def result_table(
    plan: Plan,
    rows: Sequence[Row],
    records: Mapping[int, TrialRecord],
    measure: str = "test_accuracy",
    base: int | None = None,
) -> ResultTable:
    """All rows, compared with one of them.

    Args:
        plan: The plan.
        rows: The rows so far.
        records: Of the runs that are over, by their number.
        measure: A key of ``MEASURES``.
        base: The row to compare with, from 1; ``None`` for the plan's.

    Raises:
        ConfigError: There is no such measure or row.
    """
    if measure not in MEASURES:
        raise ConfigError(
            "There is no such measure", expected=", ".join(MEASURES), received=measure
        )
    base = plan.base if base is None else base
    if rows and not 1 <= base <= len(rows):
        raise ConfigError(
            "There is no such row to compare with",
            expected=f"a number from 1 to {len(rows)}",
            received=str(base),
        )
    values = {number: _values(plan, number, records, measure) for number in range(1, len(rows) + 1)}
    chances = _chances(values, base)
    is_higher_better = MEASURES[measure]
    results = [
        _row_result(plan, number, row, records, values[number], chances.get(number))
        for number, row in enumerate(rows, start=1)
    ]
    marked = _marked(results, base, is_higher_better)
    return ResultTable(
        measure, is_higher_better, differing(rows), base, tuple(marked), len(chances)
    )


def numbers_of(plan: Plan, row: int) -> tuple[int, ...]:
    """The runs of a row."""
    first = (row - 1) * len(plan.seeds) + 1
    return tuple(range(first, first + len(plan.seeds)))


def _values(plan: Plan, row: int, records: Mapping[int, TrialRecord], measure: str) -> list[float]:
    found = [records[number] for number in numbers_of(plan, row) if number in records]
    known = [measured(record, measure) for record in found]
    return [value for value in known if value is not None]


def _chances(values: Mapping[int, Sequence[float]], base: int) -> dict[int, float]:
    """For each row but the base, that its difference to that is chance; corrected."""
    if base not in values:
        return {}
    raw = {row: welch_p(values[row], values[base]) for row in values if row != base}
    return holm({row: p for row, p in raw.items() if p is not None})


def _row_result(
    plan: Plan,
    number: int,
    row: Row,
    records: Mapping[int, TrialRecord],
    values: Sequence[float],
    p: float | None,
) -> RowResult:
    numbers = numbers_of(plan, number)
    found = [records[n] for n in numbers if n in records]
    failed = [record for record in found if record.ended is TrialState.FAILED]
    times = [record.seconds for record in found if record.ended is TrialState.FINISHED]
    return RowResult(
        number,
        row,
        len(numbers),
        len(values),
        mean(values) if values else None,
        standard_deviation(values),
        mean(times) if times else None,
        p,
        failed=len(failed),
        hopeless=sum(record.ended is TrialState.HOPELESS for record in found),
        reason=failed[0].problem if failed else None,
        runs=numbers,
    )


def _marked(results: Sequence[RowResult], base: int, is_higher_better: bool) -> list[RowResult]:
    """The rows with what can be said only beside each other."""
    sign = 1 if is_higher_better else -1
    known = {row.number: sign * row.mean for row in results if row.mean is not None}
    best = max(known.values(), default=None)
    front = time_front(results, sign)
    return [
        dataclasses.replace(
            row,
            verdict=_verdict(row, known, base),
            is_best=best is not None and known.get(row.number) == best,
            is_base=row.number == base,
            is_fast=row.number in front,
        )
        for row in results
    ]


def _verdict(row: RowResult, known: Mapping[int, float], base: int) -> str:
    if row.p is None or row.p >= _CHANCE:
        return ""
    return "better" if known[row.number] > known[base] else "worse"


def time_front(results: Sequence[RowResult], sign: int = 1) -> set[int]:
    """Rows than which no other is both quicker and as good, or better and as quick.

    Args:
        results: All rows.
        sign: 1 where more of the measure is better, else −1.
    """
    known = [
        (row.number, row.seconds, sign * row.mean)
        for row in results
        if row.seconds is not None and row.mean is not None
    ]
    return {
        number
        for number, seconds, good in known
        if not any(
            other_seconds <= seconds and other_good >= good
            and (other_seconds < seconds or other_good > good)
            for _, other_seconds, other_good in known
        )
    }  # fmt: skip
