"""The file of the run that was interrupted: written whole or not at all, and trusted in nothing.

Windows have such files and commands have others. Whoever trains holds one by a lock, which ends
with the process however it ends; in it, the run that is going on replaces the one before. Nobody
else is offered a run that is going on, or writes over it: a second window takes a second file.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import filelock

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
        name: The first file there; others are called ``unfinished-2.npz`` and so on.
    """

    def __init__(self, folder: Path, name: str = FILE_NAME) -> None:
        self._first = folder / name
        self._path: Path | None = None
        self._lock: filelock.BaseFileLock | None = None
        sweep_temporaries(folder)

    def keep(self, checkpoint: Checkpoint) -> None:
        """Write a state in place of the one before.

        Raises:
            ModelFileError: The disk refuses; what was there before stays.
        """
        folder = self._first.parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ModelFileError(
                f"Cannot make the folder {folder}", received=error.strerror or ""
            ) from error
        content = Content(_KIND, to_plain(checkpoint.facts), checkpoint.arrays)
        write_content(self._held(), content)

    def load(self) -> Checkpoint | None:
        """The state to go on from, or ``None`` where there is none that nobody else holds.

        Raises:
            ModelFileError: The file is damaged or from a newer version.
        """
        path = self._offered()
        if path is None:
            return None
        content = read_content(path, _KIND)
        try:
            facts = from_plain(RunFacts, content.card)
            check_config(facts.config)
            check_settings(facts.config, facts.settings)
        except DigitDeskError as error:
            raise ModelFileError(
                f"Cannot open {path.name}: {error.what[:1].lower()}{error.what[1:]}",
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
        path = self._offered()
        if path is None:
            return
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise ModelFileError(
                f"Cannot remove {path.name}", received=error.strerror or type(error).__name__
            ) from error

    def release(self) -> None:
        """Leave the file to whoever asks next."""
        if self._lock is not None:
            self._lock.release()
        self._lock = self._path = None

    # --- which file ------------------------------------------------------------------------

    def _held(self) -> Path:
        """The file that is ours until ``release``: the one offered, or the first that is free."""
        if self._path is not None and self._lock is not None:
            return self._path
        offered = [] if self._path is None else [self._path]
        for path in itertools.chain(offered, self._paths()):
            lock = _try_lock(path)
            if lock is not None:
                break
        self._path, self._lock = path, lock
        return path

    def _offered(self) -> Path | None:
        """The file that is ours; else the one saved last that nobody holds."""
        if self._lock is None:
            free = [path for path in self._paths_there() if _is_free(path)]
            self._path = max(free, key=_when_saved, default=None)
        return self._path if self._path is not None and self._path.exists() else None

    def _paths(self) -> Iterator[Path]:
        yield self._first
        for number in itertools.count(2):
            yield self._first.with_stem(f"{self._first.stem}-{number}")

    def _paths_there(self) -> list[Path]:
        numbered = f"{self._first.stem}-[0-9]*{self._first.suffix}"
        found = [self._first, *self._first.parent.glob(numbered)]
        return [path for path in found if path.is_file()]


def _when_saved(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0  # removed this moment


def _try_lock(path: Path) -> filelock.BaseFileLock | None:
    """A lock on a file that is held, or ``None`` where another process holds it."""
    # Acquired by the worker and released by the window: not one thread's own.
    lock = filelock.FileLock(
        path.with_name(f".{path.name}.lock"), blocking=False, thread_local=False
    )
    try:
        lock.acquire()
    except filelock.Timeout:
        return None
    except (OSError, NotImplementedError):
        pass  # a folder without locks: better all runs in one file than no run kept
    return lock


def _is_free(path: Path) -> bool:
    lock = _try_lock(path)
    if lock is None:
        return False
    lock.release()
    return True
