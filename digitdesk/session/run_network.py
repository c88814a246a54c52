"""The network of the current or last run: read with while it learns, and kept once that is over."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from digitdesk.messages.model import ModelCard
from digitdesk.storage.model_file import StoredModel, save_model
from digitdesk.storage.unsaved_models import UnsavedModels
from digitdesk.training.weight_publisher import LiveModel


class RunNetwork:
    """One network, replaced by that of the next run.

    Args:
        unsaved: Gets the network of every run that is over.

    Attributes:
        live: The network with its newest weights; replaced whole by the thread that trains, so
            that whoever reads it sees the old one or the new one.
        is_learning: Whether its run still goes on.
    """

    def __init__(self, unsaved: UnsavedModels) -> None:
        self._unsaved = unsaved
        # The network that was kept last, and its file.
        self._kept: tuple[LiveModel, Path] | None = None
        self.live: LiveModel | None = None
        self.is_learning = False

    def publish(self, live: LiveModel) -> None:
        """Take newer weights from the run."""
        self.live, self.is_learning = live, True

    @property
    def kept(self) -> Path | None:
        """Its file, where its run is over and it is neither saved nor thrown away."""
        kept = self._kept
        if kept is None or kept[0] is not self.live or not kept[1].is_file():
            return None
        return kept[1]

    def keep(self, replaces: str) -> str:
        """Keep it as a model that is not saved yet.

        Args:
            replaces: Name of the file in which the same run's network was kept before; empty for
                none.

        Returns:
            The name of its file.

        Raises:
            ModelFileError: The disk refuses.
        """
        live = self.live
        assert live is not None
        before = self._unsaved.of_same_run(replaces, live.card)
        path = self._unsaved.add(StoredModel(live.card, live.weights), before)
        self._kept = (live, path)
        return path.name

    def change_card(self, card: ModelCard) -> None:
        """Say something else of it, now that its run is over; in its file first.

        Raises:
            ModelFileError: The disk refuses; then nothing is changed.
        """
        live, path = self.live, self.kept
        assert live is not None
        changed = dataclasses.replace(live, card=card)
        if path is not None:
            # Its file has the title that its name was made of.
            save_model(path, dataclasses.replace(card, title=path.stem), live.weights)
            self._kept = (changed, path)
        self.live = changed

    def forget(self) -> None:
        """Have it no more."""
        self.live = None
