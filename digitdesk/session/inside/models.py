"""Models as they are looked into: as they are, or with changes made by hand."""

from __future__ import annotations

import dataclasses
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from digitdesk.inspection.edits import edited
from digitdesk.messages.inside.edits import Edit
from digitdesk.messages.model import ModelEntry
from digitdesk.nn.parallel.network_pool import NetworkPool
from digitdesk.recognition.reader import Reader
from digitdesk.session.model_library import ModelLibrary
from digitdesk.storage.model_file import save_model

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
        reader = base.with_network(NetworkPool(changed))
        self._kept.append(_Edited(base, edits, reader))
        return reader

    def save(self, key: str, edits: Edits, path: Path) -> ModelEntry:
        """Write the model with these changes to a file, and open that.

        What was measured of the model before is not said of it any more.

        Raises:
            ConfigError: A change cannot be made.
            ModelFileError: The file cannot be written; what was there before stays.
        """
        stored = self._library.stored(key)
        with networks_of(self.reader(key, edits)).lent() as network:
            arrays = {**stored.arrays, **network.snapshot()}
        changes = ", ".join(map(_said, edits))
        card = dataclasses.replace(
            stored.card,
            title=path.stem,
            test_accuracy=None,
            test_interval=None,
            test_count=0,
            notes="\n".join(filter(None, (stored.card.notes, f"Changed by hand: {changes}"))),
        )
        save_model(path, card, arrays)
        return self._library.open(path)


def _said(edit: Edit) -> str:
    """A change in a few words."""
    where = edit.layer if edit.unit is None else f"{edit.layer} {edit.unit}"
    amount = "" if edit.kind == "off" else f"{edit.amount:g}"
    return " ".join(word for word in (edit.kind, where, amount) if word)


def networks_of(reader: Reader) -> NetworkPool:
    """The networks of a reader that was opened as a model."""
    networks = reader.networks
    assert networks is not None, "the library makes readers of nothing else"
    return networks
