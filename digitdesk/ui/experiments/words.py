"""What the pages of the Experiments tab say alike: settings, states, times and measures."""

from __future__ import annotations

from collections.abc import Sequence

from digitdesk.messages.experiments.plan import Row
from digitdesk.messages.experiments.progress import ExperimentState, TrialState
from digitdesk.messages.experiments.results import seconds_number
from digitdesk.messages.setting import Value
from digitdesk.messages.setting_table import SETTINGS
from digitdesk.ui.i18n.text import (
    NOTHING,
    Sentence,
    _,
    decimal,
    duration,
    joined,
    percent,
    setting_title,
)


def measure_title(measure: str) -> Sentence:
    """What is measured."""
    return {
        "test_accuracy": _("test accuracy"),
        "validation_accuracy": _("validation accuracy"),
        "test_loss": _("test loss"),
        "validation_loss": _("validation loss"),
        "train_loss": _("training loss"),
        "seconds": _("time"),
    }[measure]


def measured(measure: str, value: float | None, digits: int = 2) -> str:
    """A measured value: percent, a loss, or a time."""
    if value is None:
        return NOTHING
    if measure.endswith("accuracy"):
        return percent(value, digits)
    return seconds(value) if measure == "seconds" else decimal(value, digits + 1)


def seconds(value: float) -> str:
    """A time: ``3.2 s``, ``0.043 s``, and from a minute on ``1:05``."""
    return f"{seconds_number(value)} s" if value < 60 else duration(value)


def mean_and_spread(measure: str, mean: float | None, sd: float | None) -> str:
    """A mean and the standard deviation behind it: ``97.31 ± 0.12 %``."""
    if mean is None or sd is None:
        return measured(measure, mean)
    if measure.endswith("accuracy"):
        return f"{100 * mean:.2f} ± {100 * sd:.2f} %"
    if measure == "seconds":
        return f"{seconds_number(mean)} ± {seconds_number(sd)} s"
    return f"{mean:.3f} ± {sd:.3f}"


def p_value(p: float | None) -> str:
    """A p value as tables give it."""
    if p is None:
        return NOTHING
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def state_title(state: ExperimentState | TrialState) -> Sentence:
    """What state a run or an experiment is in."""
    return {
        "waiting": _("waiting"),
        "running": _("running"),
        "finished": _("finished"),
        "hopeless": _("ended early"),
        "failed": _("failed"),
        "cancelled": _("cancelled"),
        "pausing": _("pausing …"),
        "paused": _("paused"),
    }[state.value]


def column_title(name: str) -> Sentence:
    """The title of a setting's column, or of what a network's text leaves open."""
    return _("seed") if name == "seed" else setting_title(name)


def shown_value(name: str, value: Value) -> str:
    """A value as a table shows it."""
    known = SETTINGS.get(name)
    if value is None:
        return NOTHING
    if known is not None:
        return known.written(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def differing(rows: Sequence[Row]) -> tuple[str, ...]:
    """Names of what is not the same in all rows, in their order."""
    names = dict.fromkeys(name for row in rows for name, _value in row)
    values = {name: {dict(row).get(name) for row in rows} for name in names}
    return tuple(name for name in names if len(values[name]) > 1) or tuple(names)


def row_title(values: Row, names: Sequence[str]) -> Sentence:
    """What tells a row from the others: ``Batch size 64 · Learning rate 0.01``."""
    given = dict(values)
    parts = [
        joined(" ", (column_title(name), shown_value(name, given.get(name)))) for name in names
    ]
    return joined(" · ", parts)
