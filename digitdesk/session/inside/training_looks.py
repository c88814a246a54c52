"""The network in training, looked at on a copy: its first kernels, and how its layers are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from digitdesk.errors import ConfigError, DataError
from digitdesk.ink.arrays import Float32Array
from digitdesk.inspection.grids import tiles
from digitdesk.inspection.health import network_health
from digitdesk.inspection.view import kernel_pictures
from digitdesk.inspection.walk import walk
from digitdesk.messages.inside.health import TrainingLook
from digitdesk.messages.inside.tiles import Tiles
from digitdesk.messages.model import TRAINING
from digitdesk.nn.network import Network
from digitdesk.session.inside.models import networks_of
from digitdesk.session.inside.pictures import TestPictures
from digitdesk.session.model_library import ModelLibrary

PICTURES = 64
"""Gradients and dead units are measured with so many: a batch of training."""


class TrainingLooks:
    """Looks at the network of the last run, as often as it is asked.

    Args:
        library: Has that network with its newest weights.
        pictures: Of the run's data set; the last few used are kept.
    """

    def __init__(self, library: ModelLibrary, pictures: TestPictures) -> None:
        self._library = library
        self._pictures = pictures
        # Replaced whole.
        self._kept: tuple[str, Float32Array, tuple[str, ...]] | None = None

    def look(self, count: int) -> TrainingLook | None:
        """How the network is now, with a page of so many kernels; ``None`` where there is none.

        Raises:
            ConfigError: It learns from strokes.
            DataError: Its data set is not there any more, or shows nothing that it knows.
        """
        entries = self._library.entries()
        entry = next((each for each in entries if each.key == TRAINING), None)
        if entry is None:
            return None
        reader = self._library.reader(TRAINING)
        card = reader.card
        if not reader.reads_pictures:
            raise ConfigError("The model reads strokes, not pictures", hint="Take another model")
        images, names = self._some(card.dataset)
        images, labels = _known(images, names, (*card.class_names, *card.reject_names))
        with networks_of(reader).lent() as network:
            loss, layers = network_health(network, images, labels)
            filters = _first_kernels(network, count)
        return TrainingLook(
            card.title, reader.step or 0, entry.is_learning, loss, len(labels), filters, layers
        )

    def _some(self, dataset: str) -> tuple[Float32Array, tuple[str, ...]]:
        """Some test pictures of the first part of a set, and the class that each shows."""
        name, kept = dataset.split("+")[0].strip(), self._kept
        if kept is None or kept[0] != name:
            kept = self._kept = (name, *self._pictures.some(name, PICTURES))
        return kept[1:]


def _known(
    images: Float32Array, names: Sequence[str], outputs: Sequence[str]
) -> tuple[Float32Array, NDArray[np.intp]]:
    """The pictures of what a network knows, and their places among its outputs."""
    places = [k for k, name in enumerate(names) if name in outputs]
    if not places:
        raise DataError("The network knows nothing that the pictures of its data set show")
    return images[places], np.array([outputs.index(names[k]) for k in places], dtype=np.intp)


def _first_kernels(network: Network, count: int) -> Tiles | None:
    """A page of the first kernel that is seen as pictures."""
    walked = tuple(walk(network.layers))
    kernels = {each.name: each.value for each in network.parameters}
    for each in walked:
        kernel = kernels.get(f"{each.path}.kernel")
        pictures = None if kernel is None else kernel_pictures(walked, each, kernel)
        if pictures is not None:
            return tiles(each.path, "kernels", pictures, 0, count)
    return None
