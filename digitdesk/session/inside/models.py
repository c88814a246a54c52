"""Models as they are looked into: as they are, or with changes made by hand."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from digitdesk.inspection.edits import edited
from digitdesk.messages.inside.edits import Edit
from digitdesk.nn.parallel.network_pool import NetworkPool
from digitdesk.recognition.reader import Reader
from digitdesk.session.model_library import ModelLibrary

_MOST = 4

Edits = tuple[Edit, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Edited:
    base: Reader
    edits: Edits
    reader: Reader


class InsideModels:
    """Readers of models, and of what was made of them by hand: the last few are kept.

    Threads may ask at once; no reader that the board has is ever changed.

    Args:
        library: The models.
    """

    def __init__(self, library: ModelLibrary) -> None:
        self._library = library
        # Only ever appended to, and copied whole to be searched.
        self._kept: deque[_Edited] = deque(maxlen=_MOST)

    def reader(self, key: str, edits: Edits = ()) -> Reader:
        """The model with these changes, ready to read with.

        Raises:
            ConfigError: A change cannot be made, or no network has been trained yet.
            ModelFileError: The file cannot be read or trusted.
        """
        base = self._library.reader(key)
        if not edits:
            return base
        for kept in list(self._kept):
            if kept.base is base and kept.edits == edits:
                return kept.reader
        with networks_of(base).lent() as network:
            changed = edited(network, edits)
        reader = Reader(NetworkPool(changed), base.card, step=base.step)
        self._kept.append(_Edited(base, edits, reader))
        return reader


def networks_of(reader: Reader) -> NetworkPool:
    """The networks of a reader that was opened as a model."""
    networks = reader.networks
    assert networks is not None, "the library makes readers of nothing else"
    return networks
