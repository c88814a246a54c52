"""The data set of the last run, kept for the next one, which often wants the same.

One that takes long to draw may be drawn ahead, while nobody waits for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from digitdesk.data.dataset import Dataset
from digitdesk.data.datasets import is_drawn, load_dataset
from digitdesk.errors import CancelledError
from digitdesk.messages.run import TrainingConfig
from digitdesk.session.hand.exam_sheets import ExamSheets
from digitdesk.session.hand.sealed import Seal

Folder = Callable[[str | None], Path | None]

_LOOK_SECONDS = 0.05


class DatasetCache:
    """Loads data sets and keeps the last one.

    Args:
        user_data: The user's data folder.
        data_folder: The folder of data sets for a run that names this one or none.

    Attributes:
        seal: Refuses sets that hold drawings of an exam.
    """

    def __init__(self, user_data: Path, data_folder: Folder) -> None:
        self.seal = Seal(ExamSheets.of_user(user_data).sealed_drawings)
        self._user_data = user_data
        self._data_folder = data_folder
        self._kept: tuple[object, Dataset] | None = None
        self._loading = threading.Lock()
        # What is being drawn ahead, how far that is, and whether it is to give way.
        self._ahead: object = None
        self._drawn = (0, 0)
        self._gives_way = False

    def load(
        self,
        config: TrainingConfig,
        progress: Callable[[int, int], None],
        stop_if_told: Callable[[], None],
    ) -> Dataset:
        """The data set that a run of ``config`` is to train on.

        Args:
            config: Names the set, its seed and how much of it is wanted.
            progress: Called with images drawn and images in all.
            stop_if_told: Called often; raises to stop.

        Raises:
            ConfigError: The name is unknown.
            DataError: Files are missing, damaged or do not fit together.
        """
        while not self._loading.acquire(timeout=_LOOK_SECONDS):
            self._gives_way = self._ahead != _key(config)
            if self._drawn[1]:
                progress(*self._drawn)
            stop_if_told()
        try:
            return self._load(config, progress, stop_if_told)
        finally:
            self._loading.release()

    def load_ahead(
        self,
        config: TrainingConfig,
        progress: Callable[[int, int], None],
        cancelled: Callable[[], bool],
    ) -> None:
        """Load what a run of ``config`` would want, unless one is loading already.

        Raises:
            CancelledError: It was cancelled, or a run wants something else.
            ConfigError: As for ``load``.
            DataError: As for ``load``.
        """
        if not self._loading.acquire(blocking=False):
            return

        def tell(done: int, total: int) -> None:
            self._drawn = (done, total)
            progress(done, total)

        def stop_if_told() -> None:
            if cancelled() or self._gives_way:
                raise CancelledError("Drawing was stopped")

        try:
            self._ahead, self._gives_way, self._drawn = _key(config), False, (0, 0)
            self._load(config, tell, stop_if_told)
        finally:
            self._ahead = None
            self._loading.release()

    def _load(
        self,
        config: TrainingConfig,
        progress: Callable[[int, int], None],
        stop_if_told: Callable[[], None],
    ) -> Dataset:
        key = _key(config)
        if self._kept is None or self._kept[0] != key:
            self._kept = None  # two large sets are never held at once
            loaded = load_dataset(
                config.data,
                data_dir=self._data_folder(config.data_dir),
                user_data=self._user_data,
                seed=config.seed,
                limit=config.limit,
                progress=progress,
                stop_if_told=stop_if_told,
            )
            self.seal.check_dataset(loaded)
            self._kept = (key, loaded)
        return self._kept[1]


def _key(config: TrainingConfig) -> object:
    if not is_drawn(config.data):
        return (config.data, config.data_dir)
    return (config.data, config.data_dir, config.seed, config.limit)
