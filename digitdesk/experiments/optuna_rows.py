"""Rows that Optuna draws, by ask and tell; the only file that knows Optuna.

The study lies in a file of the experiment's folder, or where a storage URL says, and then several
machines can share it.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from digitdesk.errors import ConfigError
from digitdesk.experiments.folder import DrawnRow
from digitdesk.messages.experiments.plan import Axis, Range, Search

_STUDY = "digitdesk"
_JOURNAL = "study.journal"


def has_optuna() -> bool:
    """Whether Optuna is installed; it is not imported to find out."""
    return importlib.util.find_spec("optuna") is not None


class OptunaRows:
    """Rows that a study of Optuna suggests.

    Args:
        search: What is drawn from, by which of Optuna's samplers.
        folder: Where the study lies unless the search says otherwise.

    Raises:
        ConfigError: The study cannot be opened.

    Source:
        Bergstra et al., "Algorithms for hyper-parameter optimization", 2011 (TPE).
    """

    def __init__(self, search: Search, folder: Path) -> None:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self._search = search
        self._optuna: Any = optuna
        self._axes = {axis.name: _distribution(optuna, axis) for axis in search.axes}
        samplers = {
            # Those that still run count as bad, so that several at once are not all the same.
            "tpe": lambda: optuna.samplers.TPESampler(seed=search.seed, constant_liar=True),
            "random": lambda: optuna.samplers.RandomSampler(seed=search.seed),
        }
        try:
            self._study: Any = optuna.create_study(
                storage=search.storage or _journal(optuna, folder / _JOURNAL),
                study_name=_STUDY,
                sampler=samplers[search.sampler](),
                direction="maximize",
                load_if_exists=True,
            )
        except Exception as error:  # whatever a database may say
            raise ConfigError(
                "Optuna's study cannot be opened",
                received=f"{type(error).__name__}: {error}"[:300],
                hint="Check the storage of the plan",
            ) from error

    def ask(self, number: int) -> DrawnRow | None:
        """The next row; ``None`` where enough were drawn."""
        if self._search.runs and number > self._search.runs:
            return None
        trial = self._study.ask(self._axes)
        values = tuple((axis.name, trial.params[axis.name]) for axis in self._search.axes)
        return DrawnRow(values, trial.number)

    def tell(self, row: DrawnRow, value: float | None) -> None:
        """What came of a row; told once, whatever is told again."""
        state = self._optuna.trial.TrialState
        self._study.tell(
            row.token,
            value,
            state=state.FAIL if value is None else state.COMPLETE,
            skip_if_finished=True,
        )

    def close(self) -> None:
        """There is nothing to give back."""


def _distribution(optuna: Any, axis: Axis | Range) -> Any:
    kinds = optuna.distributions
    if isinstance(axis, Axis):
        return kinds.CategoricalDistribution(axis.values)
    if axis.is_whole:
        return kinds.IntDistribution(int(axis.low), int(axis.high), log=axis.is_log)
    return kinds.FloatDistribution(axis.low, axis.high, log=axis.is_log)


def _journal(optuna: Any, path: Path) -> Any:
    """A study in a file, which needs no database."""
    from optuna.storages.journal import JournalFileBackend

    return optuna.storages.JournalStorage(JournalFileBackend(str(path)))
