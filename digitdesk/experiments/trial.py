"""One run of an experiment, as the process that trains it does it: from its task to its record.

Whatever happens, the record is written before anybody is told, so that a run that was told is there
after a crash.
"""

from __future__ import annotations

import dataclasses
import logging
import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digitdesk.errors import DigitDeskError, ModelFileError
from digitdesk.experiments.folder import ExperimentFolder, TrialRecord
from digitdesk.experiments.state_file import read_state, write_state
from digitdesk.files.file_lock import waited_lock
from digitdesk.messages.experiments.progress import TrialState
from digitdesk.messages.problem import Problem
from digitdesk.messages.run import (
    EpochFinished,
    RunEvent,
    RunFinished,
    RunStarted,
    TrainingConfig,
)
from digitdesk.storage.model_file import save_model
from digitdesk.storage.plain_json import to_plain
from digitdesk.training.checkpoint import Checkpoint
from digitdesk.training.commands import RunCommands
from digitdesk.training.pipeline import RunServices, train
from digitdesk.training.run import Run
from digitdesk.training.weight_publisher import LiveModel

_log = logging.getLogger(__name__)

Tell = Callable[[dict[str, Any]], None]

PAUSE = "pause"
"""Why a run is to stop, but for the ways in which it may be over: it goes on later."""


@dataclass(frozen=True, slots=True)
class TrialTask:
    """A run to be made.

    Attributes:
        folder: Of the experiment.
        config: With the threads it may use.
    """

    folder: str
    number: int
    row: int
    seed: int
    config: TrainingConfig


class Trial:
    """Makes one run.

    Args:
        task: Which.
        services: What runs need of others.
        tell: Receives what it has to say, as builtins of JSON.

    Attributes:
        commands: Of its run.
        why: Why it was told to stop: ``PAUSE`` or a value of ``TrialState``.
    """

    def __init__(self, task: TrialTask, services: RunServices, tell: Tell) -> None:
        self._task = task
        self._services = services
        self._tell = tell
        self._folder = ExperimentFolder(Path(task.folder))
        self._record = TrialRecord(task.number, task.row, task.seed, TrialState.FINISHED.value)
        self._live: LiveModel | None = None
        self.commands = RunCommands()
        self.why = PAUSE

    @property
    def number(self) -> int:
        """Of the run."""
        return self._task.number

    def stop(self, why: str) -> None:
        """Have it end after the step that is running; from any thread."""
        self.why = why
        self.commands.stop(closing=True)

    def work(self) -> None:
        """Make the run, keep what came of it, and tell that it is over."""
        outcome = PAUSE
        try:
            # A process that lost its parent may still be at the run's last step.
            with waited_lock(self._folder.run(self._task.number) / "run"):
                record = self._made()
                if record is not None:
                    self._folder.write_record(record)
                    outcome = record.state
        except DigitDeskError as error:
            # Its folder cannot be written: there is no record, and nobody can make one.
            self._say("over", outcome=TrialState.FAILED.value, problem=Problem.of(error))
            return
        self._say("over", outcome=outcome)

    def _made(self) -> TrialRecord | None:
        """The record of the run; ``None`` where it is to go on later."""
        try:
            finished = train(self._run(), self._services)
        except DigitDeskError as error:
            return self._failed(Problem.of(error))
        except MemoryError:
            return self._failed(
                Problem(
                    "The computer ran out of memory", hint="Take a smaller network or batch size"
                )
            )
        except Exception as error:
            _log.exception("Run %d failed", self._task.number)
            words = f"({type(error).__name__}: {error})"
            return self._failed(Problem(f"Training stopped because of an unexpected error {words}"))
        # One told to stop as it was done had no time left to be measured whole.
        if finished.ending == "completed" and not self.commands.is_closing:
            return self._finished(finished)
        if self.why == PAUSE:
            return None
        return dataclasses.replace(self._record, state=self.why)

    def _run(self) -> Run:
        return Run(
            config=self._task.config,
            run_id=self._task.number,
            resume_from=self._state(),
            commands=self.commands,
            emit=self._hear,
            publish=self._take,
            keep=self._keep,
        )

    def _state(self) -> Checkpoint | None:
        """The state to go on from; one of other settings, or a damaged one, is none."""
        path = self._folder.state(self._task.number)
        if not path.exists():
            return None
        try:
            state = read_state(path)
        except ModelFileError:
            return None
        unlike: dict[str, Any] = {"threads": None, "data_dir": None}
        wanted = dataclasses.replace(self._task.config, **unlike)
        return state if dataclasses.replace(state.facts.config, **unlike) == wanted else None

    def _take(self, live: LiveModel) -> None:
        self._live = live

    def _keep(self, checkpoint: Checkpoint) -> None:
        # A run that is done is kept by its record and its network, in a moment.
        if checkpoint.facts.epoch < checkpoint.facts.settings.epochs:
            write_state(self._folder.state(self._task.number), checkpoint)

    def _hear(self, event: RunEvent) -> None:
        if isinstance(event, RunStarted):
            self._record = dataclasses.replace(
                self._record, epochs=event.history, parameter_count=event.parameter_count
            )
            self._say(
                "begun",
                epochs=event.config.epochs,
                parameter_count=event.parameter_count,
                history=event.history,
            )
        elif isinstance(event, EpochFinished):
            event = _in_numbers(event)
            epochs = (*self._record.epochs, event)
            seconds = sum(epoch.seconds for epoch in epochs)
            self._record = dataclasses.replace(self._record, epochs=epochs, seconds=seconds)
            self._say("epoch", epoch=event)

    def _finished(self, finished: RunFinished) -> TrialRecord:
        if self._live is not None:
            path = self._folder.model(self._task.number)
            save_model(path, self._live.card, self._live.weights)
        return dataclasses.replace(
            self._record,
            best_epoch=finished.best_epoch,
            test_accuracy=finished.test_accuracy,
            seconds=finished.train_seconds,
            images_per_second=finished.images_per_second,
        )

    def _failed(self, problem: Problem) -> TrialRecord:
        return dataclasses.replace(self._record, state=TrialState.FAILED.value, problem=problem)

    def _say(self, kind: str, **more: Any) -> None:
        self._tell({"kind": kind, "number": self._task.number, **to_plain(more)})


def _in_numbers(epoch: EpochFinished) -> EpochFinished:
    """An epoch whose losses can be written down: the largest number stands for what is none."""
    losses = {
        name: sys.float_info.max
        for name in ("train_loss", "validation_loss", "test_loss")
        if not math.isfinite(getattr(epoch, name) or 0.0)
    }
    return dataclasses.replace(epoch, **losses)  # type: ignore[arg-type]
