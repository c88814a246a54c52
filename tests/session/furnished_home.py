"""A user's home with models and a trash, made once and copied for each test."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from digitdesk.files.paths import UserPaths
from digitdesk.messages.model import READER, TrashTicket
from digitdesk.session.session import Session


@dataclass(frozen=True)
class Belongings:
    """What one of two callers has.

    Attributes:
        own: Key of a model of its own.
        other: Key of one that both have.
        ticket: How to have a deleted one back.
    """

    own: str
    other: str
    ticket: TrashTicket


@dataclass(frozen=True)
class FurnishedHome:
    """The home, and what is there of each of two callers."""

    folder: Path
    belongings: tuple[Belongings, ...]

    @classmethod
    def made(cls, folder: Path) -> FurnishedHome:
        """Made by a session, as a user would."""
        session = Session(UserPaths.under(folder), environ={})
        other = session.duplicate_model(READER).key
        found = []
        for caller in range(2):
            own = session.rename_model(session.duplicate_model(READER).key, f"own {caller}").key
            gone = session.rename_model(session.duplicate_model(READER).key, f"gone {caller}").key
            found.append(Belongings(own, other, session.delete_model(gone)))
        assert session.close(30)
        return cls(folder, tuple(found))

    def copied(self, folder: Path) -> FurnishedHome:
        """The same elsewhere."""
        shutil.copytree(self.folder, folder)

        def there(path: str | Path) -> Path:
            return folder / Path(path).relative_to(self.folder)

        return FurnishedHome(
            folder,
            tuple(
                Belongings(
                    str(there(has.own)),
                    str(there(has.other)),
                    replace(
                        has.ticket,
                        key=str(there(has.ticket.key)),
                        trashed=there(has.ticket.trashed),
                    ),
                )
                for has in self.belongings
            ),
        )
