"""One network trained here and in PyTorch, step beside step, on a data set by its name.

It is ``beside_torch`` of the session's ``experiments``; PyTorch is loaded when it is asked for.
"""

from __future__ import annotations

from pathlib import Path

from digitdesk.data.datasets import load_dataset
from digitdesk.errors import ConfigError, nearest
from digitdesk.experiments.results import exports
from digitdesk.messages.experiments.beside_torch import TorchComparison
from digitdesk.session.dataset_cache import Folder
from digitdesk.session.progress import Cancelled, Progress, never, told_to_nobody


class BesideTorch:
    """Trains both, and draws what came of it.

    Args:
        user_data: The user's data folder.
        data_folder: The folder of data sets for a run that names this one or none.
    """

    def __init__(self, user_data: Path, data_folder: Folder) -> None:
        self._user_data = user_data
        self._data_folder = data_folder

    def train(
        self,
        model: str,
        data: str = "mnist",
        *,
        optimizer: str = "momentum",
        steps: int = 200,
        is_precise: bool = False,
        progress: Progress = told_to_nobody,
        cancelled: Cancelled = never,
    ) -> TorchComparison:
        """Train the same network in both.

        Args:
            model: The network.
            data: What it learns from.
            optimizer: A name of ``nn.optim.optimizers``, at its usual learning rate.
            steps: Of each.
            is_precise: Whether numbers have 64 bits, to see more digits agree.
            progress: Told steps done, and steps in all.
            cancelled: Asked before each step; what is known then is returned.

        Raises:
            ConfigError: PyTorch is not installed, or a name is unknown.
            DataError: The data is not here.
        """
        from digitdesk.experiments.beside_torch import Pictures, has_torch, train_beside_torch
        from digitdesk.nn.optim.optimizers import DEFAULT_LEARNING_RATES

        if optimizer not in DEFAULT_LEARNING_RATES:
            raise ConfigError(
                "Unknown optimizer",
                expected=", ".join(DEFAULT_LEARNING_RATES),
                received=optimizer,
                hint=nearest(optimizer, DEFAULT_LEARNING_RATES),
            )
        if not has_torch():
            raise ConfigError("PyTorch is not installed", hint="Install it: pip install torch")
        folder = self._data_folder(None)
        loaded = load_dataset(data, data_dir=folder, user_data=self._user_data)
        pictures = Pictures(
            loaded.train_images,
            loaded.train_labels,
            loaded.test_images,
            loaded.test_labels,
            len(loaded.class_names) + len(loaded.reject_names),
        )
        return train_beside_torch(
            model,
            pictures,
            optimizer=optimizer,
            steps=steps,
            dtype="float64" if is_precise else "float32",
            progress=progress,
            cancelled=cancelled,
        )

    def draw(self, found: TorchComparison, path: Path) -> None:
        """Write the losses of both, and how far they are apart, as a chart (SVG).

        Raises:
            SaveError: The disk refuses.
        """
        from digitdesk.report.beside_torch import beside_torch_chart

        exports.write_text(path, beside_torch_chart(found))
