"""The user's own data sets: a folder each in the user's data folder, with a card in it."""

from __future__ import annotations

import contextlib
import json
import shutil
from pathlib import Path

from digitdesk.errors import ConfigError, DigitDeskError, SaveError
from digitdesk.files.atomic import reason, shortened
from digitdesk.files.paths import with_tilde
from digitdesk.files.readable_file import size_of
from digitdesk.messages.dataset import DatasetInfo
from digitdesk.messages.own.pictures import SetCard
from digitdesk.storage.model_names import safe_name
from digitdesk.storage.plain_json import from_plain, parse_json, to_plain

CARD_FILE = "card.json"
_MOST_CARD_BYTES = 1_000_000


class OwnSets:
    """The sets in a folder.

    Args:
        folder: Holds a folder for each set; it need not be there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def all(self) -> tuple[Path, ...]:
        """Their folders, by name."""
        with contextlib.suppress(OSError):
            return tuple(
                sorted(
                    path
                    for path in self.folder.iterdir()
                    if path.is_dir() and not path.name.startswith(".")
                )
            )
        return ()

    def infos(self) -> tuple[DatasetInfo, ...]:
        """The same as data sets that can be trained on."""
        return tuple(
            DatasetInfo(str(path), path.name, "unverified", f"In {with_tilde(path)}.", str(path))
            for path in self.all()
        )

    def path(self, name: str) -> Path:
        """The folder of a set of that name, which need not be there.

        Raises:
            ConfigError: It is no name.
        """
        if not name.strip() or not name.isprintable():
            raise ConfigError("This cannot be the name of a set", expected="a few letters")
        return self.folder / safe_name(name)

    def remove(self, path: Path) -> None:
        """Delete a set's folder.

        Raises:
            ConfigError: It is none of these.
            SaveError: The disk refuses.
        """
        self._check(path)
        try:
            shutil.rmtree(path)
        except OSError as error:
            raise SaveError(
                f"Cannot remove {shortened(path.name)}", received=reason(error)
            ) from error

    def rename(self, path: Path, name: str) -> Path:
        """Give a set's folder another name.

        Raises:
            ConfigError: It is none of these, or the name is taken.
            SaveError: The disk refuses.
        """
        self._check(path)
        target = self.path(name)
        if target.exists():
            raise ConfigError(
                "There is a set of this name already", received=name, hint="Choose another name"
            )
        try:
            return path.rename(target)
        except OSError as error:
            raise SaveError(
                f"Cannot rename {shortened(path.name)}", received=reason(error)
            ) from error

    def _check(self, path: Path) -> None:
        if path not in self.all():
            raise ConfigError(
                "Only sets of your own can be changed",
                expected=f"a folder in {self.folder}",
                received=shortened(str(path)),
            )


def card_text(card: SetCard) -> bytes:
    """A card as it stands in a set's folder."""
    return json.dumps(to_plain(card), ensure_ascii=False, indent=1).encode() + b"\n"


def read_card(folder: Path) -> SetCard | None:
    """The card of a set; ``None`` where there is none that can be read."""
    path = folder / CARD_FILE
    # A card that is missing or damaged is no reason not to use the set.
    with contextlib.suppress(DigitDeskError, OSError):
        if size_of(path) <= _MOST_CARD_BYTES:
            return from_plain(SetCard, parse_json(path.read_bytes()))
    return None
