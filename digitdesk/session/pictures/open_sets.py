"""The sets that are open: the few that were asked for last, each by a key of its own."""

from __future__ import annotations

import itertools
import threading
from collections import OrderedDict

from digitdesk.errors import DataError
from digitdesk.messages.own.pictures import PictureSet
from digitdesk.session.pictures.open_set import OpenSet

_KEPT = 4


class OpenSets:
    """Keeps the last few; any thread may ask."""

    def __init__(self) -> None:
        self._sets: OrderedDict[str, OpenSet] = OrderedDict()
        self._changing = threading.Lock()
        self._numbers = itertools.count(1)

    def new_key(self) -> str:
        """A key for a set that is about to be opened."""
        return f"set {next(self._numbers)}"

    def keep(self, opened: OpenSet) -> PictureSet:
        """Keep a set by its key; of too many, the one that nobody has asked for longest goes."""
        facts = opened.facts
        with self._changing:
            self._sets[facts.key] = opened
            while len(self._sets) > _KEPT:
                self._sets.popitem(last=False)
        return facts

    def at(self, key: str) -> OpenSet:
        """An open set.

        Raises:
            DataError: It is no longer open.
        """
        with self._changing:
            found = self._sets.get(key)
            if found is None:
                raise DataError("This set is no longer open", hint="Open it again")
            self._sets.move_to_end(key)
            return found

    def discard(self, key: str) -> None:
        """Close a set, where it is open."""
        with self._changing:
            self._sets.pop(key, None)
