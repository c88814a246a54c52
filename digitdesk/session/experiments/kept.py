"""An experiment as its folder has it: looked at, whoever makes it."""

from __future__ import annotations

from digitdesk.errors import ConfigError
from digitdesk.experiments.folder import ExperimentFolder, TrialRecord
from digitdesk.experiments.plans.rows import config_of
from digitdesk.experiments.results import exports
from digitdesk.experiments.results.importance import importance
from digitdesk.experiments.results.tables import result_table
from digitdesk.experiments.trial_list import TrialList
from digitdesk.messages.experiments.progress import (
    ExperimentEntry,
    ExperimentState,
    ExperimentView,
)
from digitdesk.messages.experiments.results import Curve, ResultTable, SettingImportance
from digitdesk.messages.run import TrainingConfig


class KeptExperiment:
    """Reads one experiment, and makes of it what is asked.

    Args:
        folder: Of the experiment.

    Raises:
        ConfigError: Its plan is none.
        ModelFileError: There is no experiment.
    """

    def __init__(self, folder: ExperimentFolder) -> None:
        self._folder = folder
        self._plan = folder.plan()
        self._list = TrialList(folder, self._plan)
        self._records: dict[int, TrialRecord] = {
            number: trial.record
            for number, trial in self._list.trials.items()
            if trial.record is not None
        }

    def entry(self, now: ExperimentView | None) -> ExperimentEntry:
        """As a list shows it; ``now`` is how it goes, where it goes on."""
        return ExperimentEntry(
            str(self._folder.path),
            self._plan.title,
            self._folder.queue().created,
            now.state if now is not None else self._state,
            self._list.done,
            self._plan.run_count or len(self._list.trials),
            self._list.failed,
        )

    def view(self) -> ExperimentView:
        """With all its runs."""
        return ExperimentView(
            str(self._folder.path),
            self._plan,
            self._state,
            tuple(self._list.rows),
            tuple(self._list.view(trial) for trial in self._list.in_order()),
        )

    def table(self, measure: str, base: int | None) -> ResultTable:
        """The rows by a measure."""
        return result_table(self._plan, self._list.rows, self._records, measure, base)

    def curves(self) -> tuple[Curve, ...]:
        """The epochs of all runs that are over."""
        return self._list.curves()

    def importance(self, measure: str) -> tuple[SettingImportance, ...]:
        """How much goes with each setting."""
        rows = self.table(measure, None).rows
        means = {row.number: row.mean for row in rows if row.mean is not None}
        return importance(self._list.rows, means)

    def config(self, number: int) -> TrainingConfig:
        """The settings of a run.

        Raises:
            ConfigError: There is no such run, or its settings cannot be.
        """
        trial = self._list.trials.get(number)
        if trial is None:
            raise ConfigError("There is no such run", received=str(number))
        return config_of(self._plan, trial.values, trial.seed)

    def exported(self, kind: str, measure: str, base: int | None) -> str:
        """All runs as ``csv``, or the rows as ``md`` or ``tex``."""
        if kind == "csv":
            return exports.runs_csv(self._list.rows, self._records.values())
        table = self.table(measure, base)
        return exports.rows_markdown(table) if kind == "md" else exports.rows_latex(table)

    @property
    def _state(self) -> ExperimentState:
        """Where it is, as nobody here makes it."""
        queue = self._folder.queue()
        wanted, known = self._plan.run_count, len(self._list.trials)
        time_is_over = bool(self._plan.minutes) and queue.worked_seconds >= 60 * self._plan.minutes
        if self._list.done == known and (time_is_over or (wanted and known >= wanted)):
            return ExperimentState.FINISHED
        return ExperimentState.PAUSED if queue.is_paused else ExperimentState.WAITING
