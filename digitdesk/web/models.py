"""The models a server answers with, by names of their own: no path is told or taken."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from digitdesk.errors import ConfigError
from digitdesk.messages.model import ModelEntry


class HasModels(Protocol):
    """A session, as far as this needs one."""

    def models(self) -> Sequence[ModelEntry]:
        """The models at hand."""


class ServedModels:
    """Ids of the models at hand, made of their files' names.

    Args:
        session: Whose models they are; what is opened or trained later is offered, too.
        first: Key of the model that answers where none is named.
    """

    def __init__(self, session: HasModels, first: str) -> None:
        self._session = session
        self._first = first

    def listed(self) -> list[dict[str, Any]]:
        """Each model as objects for machines, the first first."""
        return [_object(name, entry) for name, entry in self._by_id().items()]

    def key_of(self, name: Any) -> str:
        """The key of a model by its id; of the first where there is none.

        Raises:
            ConfigError: There is no such model.
        """
        found = self._by_id()
        if name is None:
            name = next(iter(found))
        entry = found.get(name) if isinstance(name, str) else None
        if entry is None:
            raise ConfigError(
                "There is no such model", expected=", ".join(found), received=repr(name)[:80]
            )
        return entry.key

    def _by_id(self) -> dict[str, ModelEntry]:
        entries = sorted(self._session.models(), key=lambda entry: entry.key != self._first)
        found: dict[str, ModelEntry] = {}
        for entry in entries:
            name = entry.key if entry.path is None else Path(entry.key).stem
            number, free = 2, name
            while free in found:
                free, number = f"{name} ({number})", number + 1
            found[free] = entry
        return found


def _object(name: str, entry: ModelEntry) -> dict[str, Any]:
    card = entry.card
    return {
        "id": name,
        "title": card.title,
        "network": card.spec,
        "class_names": list(card.class_names),
        "test_accuracy": card.test_accuracy,
    }
