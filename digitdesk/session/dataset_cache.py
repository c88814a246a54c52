"""The data set of the last run, kept for the next one, which often wants the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from digitdesk.data.dataset import Dataset
from digitdesk.data.datasets import load_dataset
from digitdesk.messages.run import TrainingConfig

Folder = Callable[[str | None], Path | None]


class DatasetCache:
    """Loads data sets and keeps the last one.

    Args:
        user_data: The user's data folder.
        data_folder: The folder of data sets for a run that names this one or none.
    """

    def __init__(self, user_data: Path, data_folder: Folder) -> None:
        self._user_data = user_data
        self._data_folder = data_folder
        self._kept: tuple[object, Dataset] | None = None

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
        key = (config.data, config.data_dir, config.seed, config.limit)
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
            self._kept = (key, loaded)
        return self._kept[1]
