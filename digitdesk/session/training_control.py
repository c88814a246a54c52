"""Runs of a session: begun, commanded, interrupted, gone on with, and followed by their events.

The worker reaches this only through a queue and two attributes that are replaced whole.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

from digitdesk.errors import ConfigError, DigitDeskError
from digitdesk.messages.problem import Problem
from digitdesk.messages.run import (
    RunEvent,
    RunFinished,
    RunNotKept,
    RunState,
    TrainingConfig,
    UnfinishedRun,
)
from digitdesk.session.checkpoint_store import CheckpointStore
from digitdesk.session.dataset_cache import DatasetCache, Folder
from digitdesk.session.progress import Cancelled, Progress
from digitdesk.session.run_events import RunEvents
from digitdesk.session.run_network import RunNetwork
from digitdesk.session.run_services import run_services
from digitdesk.training.checkpoint import Checkpoint
from digitdesk.training.commands import RunCommands
from digitdesk.training.pipeline import train
from digitdesk.training.run import Run
from digitdesk.training.settings import check_change
from digitdesk.training.worker import TrainingWorker


class TrainingControl:
    """The run in progress, the network it has taught, and the file to go on from.

    Args:
        user_data: The user's data folder.
        data_folder: The folder of data sets for a run that names this one or none.
        network: Gets the network of every run.
    """

    def __init__(self, user_data: Path, data_folder: Folder, network: RunNetwork) -> None:
        self._datasets = DatasetCache(user_data, data_folder)
        self._network = network
        self._unfinished = CheckpointStore(user_data)
        self._events = RunEvents()
        self._worker: TrainingWorker | None = None
        self._run_id = 0
        # What the run was kept as last.
        self._state: Checkpoint | None = None
        # The file in which the network of the run was kept before it went on.
        self._network_file = ""

    @property
    def state(self) -> RunState:
        """Where the run is, as the drained events tell."""
        return self._events.state

    def drain_events(self, limit: int) -> list[RunEvent]:
        """The events since the last call, at most ``limit``; never waits."""
        return self._events.drain(limit)

    def load_ahead(self, config: TrainingConfig, progress: Progress, cancelled: Cancelled) -> None:
        """Load what a run of ``config`` will want; see ``DatasetCache.load_ahead``."""
        self._datasets.load_ahead(config, progress, cancelled)

    # --- begin and end ---------------------------------------------------------------------

    def start(self, config: TrainingConfig) -> int:
        """Begin a run on the worker thread.

        Raises:
            ConfigError: A setting cannot be used, or a run is already going on.
        """
        return self._begin(config, RunCommands())

    def resume_unfinished(self, learning_rate: float | None = None) -> int:
        """Go on with the interrupted run, with another learning rate where one is given.

        Raises:
            ConfigError: There is none, or a run is already going on.
            ModelFileError: Its file is damaged.
        """
        checkpoint = self._unfinished.load()
        if checkpoint is None:
            raise ConfigError("There is no unfinished run to go on with", hint="Start a new one")
        commands = RunCommands()
        if learning_rate is not None:
            check_change(checkpoint.facts.config, "learning_rate", learning_rate)
            commands.change("learning_rate", learning_rate)
        return self._begin(checkpoint.facts.config, commands, checkpoint)

    def _begin(
        self,
        config: TrainingConfig,
        commands: RunCommands,
        resume_from: Checkpoint | None = None,
    ) -> int:
        run = Run(
            config=config,
            run_id=self._run_id + 1,
            resume_from=resume_from,
            commands=commands,
            emit=self._events.put,
            publish=self._network.publish,
            keep=self._keep,
        )
        if self.state is not RunState.IDLE:
            raise ConfigError("A run is already going on", hint="Stop it before you start another")
        self._run_id = run.run_id
        self._state = None
        self._network_file = resume_from.facts.network if resume_from is not None else ""
        worker = TrainingWorker(run, self._train_and_keep)
        # Where the system gives no thread, there is no run: nobody would wait for its end.
        worker.start()
        self._worker, self._events.state = worker, RunState.PREPARING
        return run.run_id

    def close(self, timeout_seconds: float) -> bool:
        """End the run at once, its state kept; True when nothing runs any more."""
        if self._worker is not None:
            self._worker.run.commands.stop(closing=True)
            if not self._worker.join(timeout_seconds):
                return False
        self._unfinished.release()
        return True

    # --- command ---------------------------------------------------------------------------

    def pause(self) -> None:
        """Wait before the next step."""
        if self._worker is not None:
            self._worker.run.commands.pause()

    def resume(self) -> None:
        """Go on after a pause."""
        if self._worker is not None:
            self._worker.run.commands.resume()

    def single_step(self) -> None:
        """In a pause: make one step and wait again."""
        if self._worker is not None:
            self._worker.run.commands.single_step()

    def stop(self) -> None:
        """Finish after the step that is running."""
        if self._worker is not None and self.state is not RunState.IDLE:
            self._events.state = RunState.STOPPING
            self._worker.run.commands.stop()

    def change(self, name: str, value: float) -> None:
        """Use another value of a setting from the next step on.

        Raises:
            ConfigError: No run goes on, or it cannot make this change.
        """
        if self._worker is None or self.state is RunState.IDLE:
            raise ConfigError("No run is going on whose settings could change")
        check_change(self._worker.run.config, name, value)
        self._worker.run.commands.change(name, value)

    def add_epochs(self, count: int = 1) -> None:
        """Train epochs more: the run that goes on, or the one that was completed last.

        Raises:
            ConfigError: There is neither.
        """
        if self.state is not RunState.IDLE and self._worker is not None:
            self._worker.run.commands.extend(count)
            return
        completed = self._completed
        if completed is None or self._network.live is None:
            raise ConfigError("There is no run to add an epoch to", hint="Start one first")
        commands = RunCommands()
        commands.extend(count)
        self._begin(completed.facts.config, commands, completed)

    def changeable_settings(self) -> dict[str, float]:
        """What the run that goes on can change, with the present values."""
        return self._events.settings

    # --- the unfinished run ----------------------------------------------------------------

    def unfinished_run(self) -> UnfinishedRun | None:
        """The run that can go on, unless one is going on now.

        Raises:
            ModelFileError: Its file is damaged.
        """
        return self._unfinished.facts() if self.state is RunState.IDLE else None

    def discard_unfinished_run(self) -> None:
        """Forget the run that could go on.

        Raises:
            ModelFileError: Its file cannot be removed.
        """
        self._unfinished.discard()

    @property
    def is_alone(self) -> bool:
        """Whether no other window trains on this computer for the same user."""
        return self._unfinished.is_alone

    @property
    def _completed(self) -> Checkpoint | None:
        """The last run as it was kept, where it is over and complete."""
        state = self._state
        is_complete = state is not None and state.facts.epoch >= state.facts.settings.epochs
        return state if is_complete else None

    def _keep(self, checkpoint: Checkpoint) -> None:
        """Called by the worker with every state worth keeping."""
        facts = dataclasses.replace(checkpoint.facts, network=self._network_file)
        self._state = Checkpoint(facts, checkpoint.arrays)
        # Also when it is complete: until the network is kept, this is the only copy.
        self._unfinished.keep(self._state)

    # --- inside ----------------------------------------------------------------------------

    def _train_and_keep(self, run: Run) -> RunFinished:
        """Train, and keep the network as a model that is not saved yet."""
        before = self._network.live
        finished = self.train_here(run)
        live = self._network.live
        # A window that is closed goes on from the run's state; there is no time for more.
        if live is not None and live is not before and live.step and not run.commands.is_closing:
            try:
                self._keep_network(is_complete=finished.ending == "completed")
            except DigitDeskError as error:
                run.emit(RunNotKept(run.run_id, Problem.of(error)))
        return finished

    def _keep_network(self, *, is_complete: bool) -> None:
        """Keep the network, and have its run know the file: going on, it replaces that."""
        self._network_file = self._network.keep(self._network_file)
        state = self._state
        if state is not None:
            facts = dataclasses.replace(state.facts, network=self._network_file)
            self._state = Checkpoint(facts, state.arrays)
        if is_complete:
            self._unfinished.discard()
        elif self._state is not None:
            self._unfinished.keep(self._state)
            self._state = None  # it can be large, and is in the file

    def train_here(self, run: Run) -> RunFinished:
        """Train in the caller's thread; gives the last event and does not emit it.

        Raises:
            DigitDeskError: A setting, a file or the training failed.
        """
        try:
            return train(run, run_services(self._datasets))
        finally:
            self._network.is_learning = False
