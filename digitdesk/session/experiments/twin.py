"""A network trained beside PyTorch, on a data set by its name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from digitdesk.data.datasets import load_dataset
from digitdesk.errors import ConfigError, nearest
from digitdesk.experiments.beside_torch import Pictures, has_torch, train_beside_torch
from digitdesk.messages.experiments.beside_torch import TorchComparison
from digitdesk.nn.optim.optimizers import DEFAULT_LEARNING_RATES


def trained_beside_torch(
    user_data: Path, data_dir: Path | None, model: str, data: str, optimizer: str, **wishes: Any
) -> TorchComparison:
    """Load the data, and train.

    Args:
        user_data: The user's data folder.
        data_dir: Where to look for the data first.
        model: The network.
        data: The data set.
        optimizer: A name of ``nn.optim.optimizers``.
        wishes: As for ``train_beside_torch``.

    Raises:
        ConfigError: PyTorch is not installed, or a name is unknown.
        DataError: The data is not here, or holds no digits only.
    """
    if optimizer not in DEFAULT_LEARNING_RATES:
        raise ConfigError(
            "Unknown optimizer",
            expected=", ".join(DEFAULT_LEARNING_RATES),
            received=optimizer,
            hint=nearest(optimizer, DEFAULT_LEARNING_RATES),
        )
    if not has_torch():
        raise ConfigError("PyTorch is not installed", hint="Install it: pip install torch")
    loaded = load_dataset(data, data_dir=data_dir, user_data=user_data)
    pictures = Pictures(
        loaded.train_images,
        loaded.train_labels,
        loaded.test_images,
        loaded.test_labels,
        len(loaded.class_names) + len(loaded.reject_names),
    )
    return train_beside_torch(model, pictures, optimizer=optimizer, **wishes)
