"""The file of the run that was interrupted: written whole or not at all, and trusted in nothing.

Every window has such a file of its own, and so has every command, so that none loses another's run
or is offered one that is still going on; in each, a new run replaces the one before.
"""

from __future__ import annotations

from pathlib import Path

from digitdesk.errors import ModelFileError
from digitdesk.experiments.state_file import read_state, write_state
from digitdesk.files.atomic import sweep_temporaries
from digitdesk.files.file_lock import LockedFile
from digitdesk.messages.run import UnfinishedRun
from digitdesk.training.checkpoint import Checkpoint

FILE_NAME = "unfinished.npz"
COMMAND_FILE_NAME = "unfinished-train.npz"


class CheckpointStore:
    """Keeps the state of one run.

    Args:
        folder: The user's data folder.
        name: The file in it, and the beginning of the names of others like it.
    """

    def __init__(self, folder: Path, name: str = FILE_NAME) -> None:
        self._file = LockedFile(folder / name)
        sweep_temporaries(folder)

    def keep(self, checkpoint: Checkpoint) -> None:
        """Write a state in place of the one before.

        Raises:
            ModelFileError: The disk refuses; what was there before stays.
        """
        path = self._file.path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ModelFileError(
                f"Cannot make the folder {path.parent}", received=error.strerror or ""
            ) from error
        write_state(path, checkpoint)

    def load(self) -> Checkpoint | None:
        """The state to go on from, or ``None`` where there is none.

        Raises:
            ModelFileError: The file is damaged or from a newer version.
        """
        path = self._file.path
        return read_state(path) if path.exists() else None

    def facts(self) -> UnfinishedRun | None:
        """What the user needs to know to decide whether to go on.

        Raises:
            ModelFileError: As for ``load``.
        """
        checkpoint = self.load()
        if checkpoint is None:
            return None
        facts, history = checkpoint.facts, checkpoint.history
        return UnfinishedRun(
            title=facts.title,
            data=facts.config.data,
            config=facts.config,
            epoch=facts.epoch,
            epochs=facts.settings.epochs,
            step=facts.step,
            total_steps=facts.steps_per_epoch * facts.settings.epochs,
            saved=facts.saved,
            validation_accuracy=history[-1].validation_accuracy if history else None,
        )

    def discard(self) -> None:
        """Forget the run.

        Raises:
            ModelFileError: The file cannot be removed.
        """
        path = self._file.path
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise ModelFileError(
                f"Cannot remove {path.name}", received=error.strerror or type(error).__name__
            ) from error

    @property
    def is_alone(self) -> bool:
        """Whether no other window or command of its kind is open."""
        return self._file.is_alone

    def release(self) -> None:
        """Leave the file, and the run in it, to whoever asks next."""
        self._file.release()
