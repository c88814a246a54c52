"""Runs in the caller's thread, for commands, and the file from which an interrupted one goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from digitdesk.errors import ConfigError
from digitdesk.messages.run import RunFinished, TrainingConfig
from digitdesk.session.checkpoint_store import COMMAND_FILE_NAME, CheckpointStore
from digitdesk.session.run_network import RunNetwork
from digitdesk.training.checkpoint import Checkpoint
from digitdesk.training.commands import RunCommands
from digitdesk.training.run import Emit, Run


class CommandRuns:
    """Trains while the caller waits.

    Args:
        user_data: The user's data folder.
        train_here: Does a run; gives the last event and does not emit it.
        network: Gets the network of every run.
    """

    def __init__(
        self, user_data: Path, train_here: Callable[[Run], RunFinished], network: RunNetwork
    ) -> None:
        self._train_here = train_here
        self._network = network
        self._unfinished = CheckpointStore(user_data, COMMAND_FILE_NAME)
        self._run_id = 0

    def train(
        self, config: TrainingConfig, emit: Emit, commands: RunCommands, *, keeps: bool = False
    ) -> RunFinished:
        """Train a network.

        Args:
            config: The settings.
            emit: Receives the run's events.
            commands: What the run is told while it runs.
            keeps: Keep the state after epochs and at the end, for ``resume``.

        Raises:
            DigitDeskError: A setting, a file or the training failed.
        """
        return self._train(config, emit, commands, keeps=keeps)

    def resume(self, emit: Emit, commands: RunCommands) -> RunFinished:
        """Go on with the run that ``train`` kept last.

        Raises:
            ConfigError: There is none.
            DigitDeskError: Its file, its data or the training failed.
        """
        checkpoint = self._unfinished.load()
        if checkpoint is None:
            raise ConfigError(
                "There is no run to go on with",
                hint="Start one; the window's runs go on in the window, and a run that another "
                "command is training goes on there",
            )
        config = checkpoint.facts.config
        return self._train(config, emit, commands, keeps=True, resume_from=checkpoint)

    def discard(self) -> None:
        """Forget the run that ``train`` kept: its network is saved.

        Raises:
            ModelFileError: Its file cannot be removed.
        """
        self._unfinished.discard()

    def release(self) -> None:
        """Leave the file, and the run in it, to whoever asks next."""
        self._unfinished.release()

    def _train(
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
            publish=self._network.publish,
            # Also when it is complete: until the network is saved, this is the only copy.
            keep=self._unfinished.keep if keeps else lambda checkpoint: None,
        )
        finished = self._train_here(run)
        emit(finished)
        return finished
