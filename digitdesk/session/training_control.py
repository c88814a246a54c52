"""Runs of a session: begun, commanded, interrupted, gone on with, and followed by their events.

The worker reaches this only through a queue and two attributes that are replaced whole.
"""

from __future__ import annotations

from pathlib import Path

from digitdesk import __version__
from digitdesk.errors import ConfigError, DigitDeskError
from digitdesk.ink.preprocessing import PREPROCESSING_VERSION
from digitdesk.messages.problem import Problem
from digitdesk.messages.run import (
    RunEvent,
    RunFinished,
    RunNotKept,
    RunState,
    TrainingConfig,
    UnfinishedRun,
)
from digitdesk.recognition.calibration import calibrate
from digitdesk.recognition.test_time_augmentation import read_views
from digitdesk.session.checkpoint_store import COMMAND_FILE_NAME, CheckpointStore
from digitdesk.session.dataset_cache import DatasetCache, Folder
from digitdesk.session.evaluations import Cancelled, Progress
from digitdesk.session.run_events import RunEvents
from digitdesk.storage.model_file import StoredModel, check_model
from digitdesk.storage.unsaved_models import UnsavedModels
from digitdesk.training.checkpoint import Checkpoint
from digitdesk.training.commands import RunCommands
from digitdesk.training.pipeline import RunServices, train
from digitdesk.training.run import Emit, Run
from digitdesk.training.settings import check_change
from digitdesk.training.weight_publisher import LiveModel
from digitdesk.training.worker import TrainingWorker


class TrainingControl:
    """The run in progress, the network it has taught, and the file to go on from.

    Args:
        user_data: The user's data folder.
        data_folder: The folder of data sets for a run that names this one or none.
        unsaved: Gets the network of every run that is over.

    Attributes:
        live: The network of the current or last run; replaced whole by the worker, so that
            whoever reads it sees the old one or the new one.
    """

    def __init__(self, user_data: Path, data_folder: Folder, unsaved: UnsavedModels) -> None:
        self._datasets = DatasetCache(user_data, data_folder)
        self._unfinished = CheckpointStore(user_data)
        self._of_commands = CheckpointStore(user_data, COMMAND_FILE_NAME)
        self._events = RunEvents()
        self._worker: TrainingWorker | None = None
        self._unsaved = unsaved
        self._run_id = 0
        self._completed: Checkpoint | None = None
        # The network that was kept last, and its file.
        self._kept: tuple[LiveModel, Path] | None = None
        self.live: LiveModel | None = None

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
            publish=self._publish,
            keep=self._keep,
        )
        if self.state is not RunState.IDLE:
            raise ConfigError("A run is already going on", hint="Stop it before you start another")
        self._run_id = run.run_id
        self._completed = None
        worker = TrainingWorker(run, self._train_and_keep)
        # Where the system gives no thread, there is no run: nobody would wait for its end.
        worker.start()
        self._worker, self._events.state = worker, RunState.PREPARING
        return run.run_id

    def train(
        self, config: TrainingConfig, emit: Emit, commands: RunCommands, *, keeps: bool = False
    ) -> RunFinished:
        """Train in the caller's thread.

        Args:
            config: The settings.
            emit: Receives the run's events.
            commands: What the run is told while it runs.
            keeps: Keep the state after epochs and at the end, for ``resume_train``.

        Raises:
            DigitDeskError: A setting, a file or the training failed.
        """
        return self._train_here(config, emit, commands, keeps=keeps)

    def resume_train(self, emit: Emit, commands: RunCommands) -> RunFinished:
        """Go on in the caller's thread with the run that ``train`` kept last.

        Raises:
            ConfigError: There is none.
            DigitDeskError: Its file, its data or the training failed.
        """
        checkpoint = self._of_commands.load()
        if checkpoint is None:
            raise ConfigError(
                "There is no run to go on with",
                hint="Start one; the window's runs go on in the window, and a run that another "
                "command is training goes on there",
            )
        return self._train_here(
            checkpoint.facts.config, emit, commands, keeps=True, resume_from=checkpoint
        )

    def discard_train(self) -> None:
        """Forget the run that ``train`` kept: its network is saved.

        Raises:
            ModelFileError: Its file cannot be removed.
        """
        self._of_commands.discard()

    def _train_here(
        self,
        config: TrainingConfig,
        emit: Emit,
        commands: RunCommands,
        *,
        keeps: bool,
        resume_from: Checkpoint | None = None,
    ) -> RunFinished:
        self._run_id += 1
        run = Run(
            config=config,
            run_id=self._run_id,
            resume_from=resume_from,
            commands=commands,
            emit=emit,
            publish=self._publish,
            # Also when it is complete: until the network is saved, this is the only copy.
            keep=self._of_commands.keep if keeps else lambda checkpoint: None,
        )
        finished = self._train(run)
        emit(finished)
        return finished

    def close(self, timeout_seconds: float) -> bool:
        """End the run at once, its state kept; True when nothing runs any more."""
        if self._worker is not None:
            self._worker.run.commands.stop(closing=True)
            if not self._worker.join(timeout_seconds):
                return False
        self._unfinished.release()
        self._of_commands.release()
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

    def add_epoch(self) -> None:
        """Train one epoch more: the run that goes on, or the one that was completed last.

        Raises:
            ConfigError: There is neither.
        """
        if self.state is not RunState.IDLE and self._worker is not None:
            self._worker.run.commands.extend()
            return
        if self._completed is None:
            raise ConfigError("There is no run to add an epoch to", hint="Start one first")
        commands = RunCommands()
        commands.extend()
        self._begin(self._completed.facts.config, commands, self._completed)

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

    def _keep(self, checkpoint: Checkpoint) -> None:
        """Called by the worker with every state worth keeping."""
        if checkpoint.facts.epoch >= checkpoint.facts.settings.epochs:
            self._completed = checkpoint
        # Also when it is complete: until the network is kept, this is the only copy.
        self._unfinished.keep(checkpoint)

    # --- the network of a run that is over --------------------------------------------------

    @property
    def kept(self) -> Path | None:
        """The file of the network of the last run, until that is saved or thrown away."""
        kept = self._kept
        if kept is None or kept[0] is not self.live or not kept[1].is_file():
            return None
        return kept[1]

    def forget_network(self) -> None:
        """Have no network of a run any more; its run cannot be given another epoch."""
        self.live = self._completed = None

    def _train_and_keep(self, run: Run) -> RunFinished:
        """Train, and keep the network as a model that is not saved yet."""
        before = self.live
        finished = self._train(run)
        live = self.live
        # A window that is closed goes on from the run's state; there is no time for more.
        if live is not None and live is not before and live.step and not run.commands.is_closing:
            try:
                self._keep_network(live, goes_on=run.resume_from is not None)
                if finished.ending == "completed":
                    self._unfinished.discard()
            except DigitDeskError as error:
                run.emit(RunNotKept(run.run_id, Problem.of(error)))
        return finished

    def _keep_network(self, live: LiveModel, *, goes_on: bool) -> None:
        before = self._kept[1] if goes_on and self._kept is not None else None
        path = self._unsaved.add(StoredModel(live.card, live.weights), before)
        self._kept = (live, path)

    # --- inside ----------------------------------------------------------------------------

    def _train(self, run: Run) -> RunFinished:
        services = RunServices(
            load=self._datasets.load,
            calibrate=calibrate,
            check_model=check_model,
            read_views=read_views,
            preprocessing_version=PREPROCESSING_VERSION,
            app_version=__version__,
        )
        return train(run, services)

    def _publish(self, live: LiveModel) -> None:
        self.live = live
