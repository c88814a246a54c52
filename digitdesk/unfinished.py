"""The file of the run that was interrupted: written whole or not at all, and trusted in nothing.

The window has one such file and the command line another, so that neither loses the other's run;
in each, the run that is going on replaces the one before.
"""

from __future__ import annotations

from pathlib import Path

from digitdesk.atomic import sweep_temporaries
from digitdesk.errors import DigitDeskError, ModelFileError
from digitdesk.messages import UnfinishedRun
from digitdesk.storage.content import Content
from digitdesk.storage.model_file import read_content, write_content
from digitdesk.storage.plain_json import from_plain, to_plain
from digitdesk.training.checkpoint import Checkpoint, RunFacts
from digitdesk.training.settings import check_config, check_settings

FILE_NAME = "unfinished.npz"
COMMAND_FILE_NAME = "unfinished-train.npz"
_KIND = "digitdesk-run"


class UnfinishedFile:
    """Keeps the state of one run.

    Args:
        folder: The user's data folder.
        name: The file in it.
    """

    def __init__(self, folder: Path, name: str = FILE_NAME) -> None:
        self._path = folder / name
        sweep_temporaries(folder)

    def keep(self, checkpoint: Checkpoint) -> None:
        """Write a state in place of the one before.

        Raises:
            ModelFileError: The disk refuses; what was there before stays.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ModelFileError(
                f"Cannot make the folder {self._path.parent}", received=error.strerror or ""
            ) from error
        write_content(self._path, Content(_KIND, to_plain(checkpoint.facts), checkpoint.arrays))

    def load(self) -> Checkpoint | None:
        """The state to go on from, or ``None`` where there is none.

        Raises:
            ModelFileError: The file is damaged or from a newer version.
        """
        if not self._path.exists():
            return None
        content = read_content(self._path, _KIND)
        try:
            facts = from_plain(RunFacts, content.card)
            check_config(facts.config)
            check_settings(facts.config, facts.settings)
        except DigitDeskError as error:
            raise ModelFileError(
                f"Cannot open {self._path.name}: {error.what[:1].lower()}{error.what[1:]}",
                expected=error.expected,
                received=error.received,
            ) from None
        return Checkpoint(facts, content.arrays)

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
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise ModelFileError(
                f"Cannot remove {self._path.name}", received=error.strerror or type(error).__name__
            ) from error
