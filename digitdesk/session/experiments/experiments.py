"""Experiments as the window and the command line ask for them; it is the session's ``experiments``.

Any thread may call. An experiment is known by its folder; one that is made by this program has a
queue here, and whatever another one makes can be looked at.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import threading
from collections import deque
from collections.abc import Iterable
from pathlib import Path

from digitdesk.errors import ConfigError, DataError, DigitDeskError
from digitdesk.experiments.folder import ExperimentFolder
from digitdesk.experiments.processes import OwnProcess
from digitdesk.experiments.queue import ExperimentQueue
from digitdesk.experiments.results import exports
from digitdesk.experiments.samplers import make_sampler
from digitdesk.experiments.size import is_large
from digitdesk.files.file_lock import lock
from digitdesk.messages.experiments.plan import Plan
from digitdesk.messages.experiments.progress import (
    ExperimentEntry,
    ExperimentEvent,
    ExperimentView,
)
from digitdesk.messages.experiments.results import Curve, ResultTable, SettingImportance
from digitdesk.messages.run import TrainingConfig
from digitdesk.nn.parallel.thread_pool import usable_cores
from digitdesk.session.dataset_cache import Folder
from digitdesk.session.experiments.kept import KeptExperiment
from digitdesk.session.experiments.plans import Plans, data_dir_of
from digitdesk.session.experiments.process import facts_for
from digitdesk.session.experiments.twin import BesideTorch

#: Whoever drains them so late looks anew anyway.
_MOST_EVENTS = 10_000


class Experiments:
    """Plans, experiments that are made, and those that were.

    Args:
        user_data: The user's data folder; experiments lie in ``experiments`` in it.
        data_folder: The folder of data sets for a run that names this one or none.

    Attributes:
        plans: Plans before they begin.
        beside_torch: One network trained here and in PyTorch.
    """

    def __init__(self, user_data: Path, data_folder: Folder) -> None:
        self._user_data = user_data
        self._home = user_data / "experiments"
        self._data_folder = data_folder
        self._events: deque[ExperimentEvent] = deque(maxlen=_MOST_EVENTS)
        self._folders: dict[str, ExperimentFolder] = {}
        self._queues: dict[str, ExperimentQueue] = {}
        self._locks: dict[str, int] = {}
        self._changing = threading.RLock()
        self.plans = Plans(user_data, data_folder)
        self.beside_torch = BesideTorch(user_data, data_folder)

    # --- making ----------------------------------------------------------------------------

    def start(self, plan: Plan, folder: Path | None = None) -> str:
        """Begin an experiment; returns its key.

        Args:
            plan: The plan.
            folder: Where to keep it; ``None`` for a new one in the user's folder.

        Raises:
            ConfigError: The plan needs what is not here.
            SaveError: There is an experiment already, or the disk refuses.
        """
        if needs := self.plans.check(plan).needs:
            raise ConfigError("This search needs Optuna, which is not installed", hint=needs)
        path = self._new_folder(plan.title) if folder is None else folder.resolve()
        ExperimentFolder.make(path, plan, datetime.datetime.now(datetime.UTC))
        self.resume(str(path))
        return str(path)

    def resume(self, key: str) -> None:
        """Go on with an experiment that was paused or interrupted.

        Raises:
            ConfigError: Its plan is none, or another DigitDesk makes it now.
            ModelFileError: There is none.
        """
        with self._changing:
            if key in self._queues and not self._queues[key].is_over:
                return
            self._drop(key)
            folder = ExperimentFolder(Path(key))
            plan = folder.plan()
            self._locks[key] = self._taken(folder)
            folder.sweep()
            facts = facts_for(self._user_data)
            made = self._queues[key] = ExperimentQueue(
                folder,
                make_sampler(plan, folder.path),
                lambda hear: OwnProcess(facts, hear),
                self._events.append,
                cores=usable_cores(),
                is_large=is_large,
                data_dir=data_dir_of(self._data_folder),
            )
            made.start()

    def pause(self, key: str) -> None:
        """Keep the runs that go on as they are, and begin no more."""
        queue = self._queues.get(key)
        if queue is not None:
            queue.pause()

    def cancel(self, key: str, numbers: Iterable[int]) -> None:
        """Do without some runs."""
        self._queue(key).cancel(numbers)

    def again(self, key: str, numbers: Iterable[int]) -> None:
        """Make some runs once more that failed, were cancelled or ended early."""
        numbers = tuple(numbers)
        queue = self._queues.get(key)
        if queue is not None and not queue.is_over:
            queue.again(numbers)
            return
        folder = ExperimentFolder(Path(key))
        for number in numbers:
            folder.forget(number)
        self.resume(key)

    def move(self, key: str, number: int, place: int) -> None:
        """Put a run that waits at a place among those that wait, from 0."""
        self._queue(key).move(number, place)

    def remove(self, key: str) -> None:
        """Remove an experiment with all its runs.

        Raises:
            SaveError: The disk refuses.
        """
        with self._changing:
            queue = self._queues.get(key)
            if queue is not None and not queue.is_over:
                queue.pause(is_wanted=False)
                queue.join(10)
            self._drop(key)
            self._folders.pop(key, None)
            folder = ExperimentFolder(Path(key))
            handle = self._taken(folder)
            try:
                folder.remove()
            finally:
                os.close(handle)

    def join(self, key: str, timeout_seconds: float | None = None) -> bool:
        """Wait until an experiment is over or paused; True when it is."""
        queue = self._queues.get(key)
        return True if queue is None else queue.join(timeout_seconds)

    def close(self, timeout_seconds: float = 3.0) -> bool:
        """Keep all runs as they are, and end; True when nothing is made any more."""
        with self._changing:
            going_on = [queue for queue in self._queues.values() if not queue.is_over]
            for queue in going_on:
                queue.pause(is_wanted=False)
            are_over = [queue.join(timeout_seconds) for queue in going_on]
            if all(are_over):
                for key in tuple(self._queues):
                    self._drop(key)
            return all(are_over)

    def drain_events(self, limit: int = 200) -> list[ExperimentEvent]:
        """The events since the last call, at most ``limit``; never waits."""
        drained: list[ExperimentEvent] = []
        with contextlib.suppress(IndexError):
            while len(drained) < limit:
                drained.append(self._events.popleft())
        return drained

    # --- looking ---------------------------------------------------------------------------

    def experiments(self) -> tuple[ExperimentEntry, ...]:
        """All in the user's folder and those that are made elsewhere, the newest first."""
        keys = {str(path.parent) for path in self._home.glob("*/plan.toml")} | set(self._queues)
        entries = []
        for key in keys:
            # A folder that is damaged is not offered.
            with contextlib.suppress(DigitDeskError):
                entries.append(self._kept(key).entry(self._view(key)))
        return tuple(sorted(entries, key=lambda entry: entry.created, reverse=True))

    def look(self, key: str) -> ExperimentView:
        """An experiment with all its runs, in the order in which they are made."""
        return self._view(key) or self._kept(key).view()

    def table(
        self, key: str, measure: str = "test_accuracy", base: int | None = None
    ) -> ResultTable:
        """Its rows by a measure, compared with the row ``base``."""
        return self._kept(key).table(measure, base)

    def curves(self, key: str) -> tuple[Curve, ...]:
        """The epochs of all runs that have any."""
        queue = self._queues.get(key)
        return self._kept(key).curves() if queue is None else queue.curves()

    def importance(self, key: str, measure: str = "test_accuracy") -> tuple[SettingImportance, ...]:
        """How much goes with each setting; () where too little was tried."""
        return self._kept(key).importance(measure)

    def config(self, key: str, number: int) -> TrainingConfig:
        """The settings of a run, to train it in the window."""
        return self._kept(key).config(number)

    def model(self, key: str, number: int) -> Path:
        """The file of a run's network.

        Raises:
            DataError: There is none.
        """
        path = ExperimentFolder(Path(key)).model(number)
        if not path.is_file():
            raise DataError(
                f"There is no network of run {number}", hint="Only runs that are finished have one"
            )
        return path

    def exported(
        self, key: str, kind: str, measure: str = "test_accuracy", base: int | None = None
    ) -> str:
        """All runs as ``csv``, or the rows as ``md`` or ``tex``."""
        return self._kept(key).exported(kind, measure, base)

    def export(
        self, key: str, path: Path, measure: str = "test_accuracy", base: int | None = None
    ) -> None:
        """Write ``exported`` to a file; its ending says which.

        Raises:
            SaveError: The ending is another, or the disk refuses.
        """
        kind = exports.format_of(path)
        exports.write_text(path, self.exported(key, kind, measure, base))

    # --- inside ----------------------------------------------------------------------------

    def _view(self, key: str) -> ExperimentView | None:
        """As its queue has it, where there is one."""
        queue = self._queues.get(key)
        return None if queue is None else queue.view()

    def _kept(self, key: str) -> KeptExperiment:
        # The same each time: it knows which of its files are still as they were.
        folder = self._folders.setdefault(key, ExperimentFolder(Path(key)))
        return KeptExperiment(folder)

    def _queue(self, key: str) -> ExperimentQueue:
        queue = self._queues.get(key)
        if queue is None or queue.is_over:
            raise ConfigError("The experiment does not go on now", hint="Go on with it first")
        return queue

    def _taken(self, folder: ExperimentFolder) -> int:
        """The experiment for this program alone, until the handle is closed."""
        handle = lock(folder.path / "experiment")
        if handle is None:
            raise ConfigError(
                "Another DigitDesk makes this experiment now", hint="Pause it there first"
            )
        return handle

    def _drop(self, key: str) -> None:
        """Forget a queue that is over."""
        self._queues.pop(key, None)
        handle = self._locks.pop(key, None)
        if handle is not None:
            os.close(handle)

    def _new_folder(self, title: str) -> Path:
        words = "".join(sign if sign.isalnum() else "-" for sign in title.lower())
        name = "-".join(filter(None, words.split("-")))[:40] or "experiment"
        path, count = self._home / name, 2
        while path.exists():
            path, count = self._home / f"{name}-{count}", count + 1
        return path
