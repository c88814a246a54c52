"""The facade of data sets: seen a page at a time, brought from other programs, and chosen from.

It is the session's ``pictures``. Whatever takes long says how far it is and can be cancelled.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from digitdesk.data.catalog import list_datasets
from digitdesk.data.datasets import load_dataset
from digitdesk.data.idx_files import Split
from digitdesk.data.importing.choosing import chosen_parts, compacted
from digitdesk.data.importing.found import Reading
from digitdesk.data.importing.idx_folder_file import check_folder, write_idx_folder
from digitdesk.data.importing.imported import ImportedPart
from digitdesk.data.importing.importing import IMPORTERS, import_source
from digitdesk.errors import DataError
from digitdesk.files.paths import expanded
from digitdesk.messages.inside.preparation import InkDistribution
from digitdesk.messages.own.choice import Choice
from digitdesk.messages.own.importing import ImportPreview, SourceKind
from digitdesk.messages.own.pictures import (
    EVERY_PICTURE,
    OwnSet,
    Part,
    PartCount,
    PicturePage,
    PictureSet,
    SeenPicture,
    Selection,
    SetCard,
    Suspicions,
)
from digitdesk.messages.picture import Picture
from digitdesk.messages.prediction import Prediction
from digitdesk.session.dataset_cache import Folder
from digitdesk.session.model_library import ModelLibrary
from digitdesk.session.pictures import looking
from digitdesk.session.pictures.drawings import drawn_set
from digitdesk.session.pictures.open_set import OpenSet, of_dataset, of_import
from digitdesk.session.pictures.open_sets import OpenSets
from digitdesk.session.pictures.own_sets import CARD_FILE, OwnSets, card_text, read_card
from digitdesk.session.pictures.written_set import card_of, labelled
from digitdesk.session.progress import Cancelled, Progress, advance, never, told_to_nobody
from digitdesk.session.writing import Writing

_SHOWN = ("mnist", "handwriting", "pendigits", "unipen")
_MADE_UP = 5000
"""So many of what is drawn when it is wanted are enough to see what it is."""
_STROKE_FILES = (".json", ".json.gz")


class Pictures:
    """Opens data sets, keeps the last few, and makes new ones.

    Two threads may call any two methods at once. Any may raise a ``DigitDeskError`` with a
    sentence for the user.

    Args:
        own: The user's own sets.
        writing: Drawings that somebody has said the meaning of.
        library: The models, to be asked about pictures.
        data_folder: The folder of data sets for who names this one or none.
        user_data: The user's data folder.
    """

    def __init__(
        self,
        own: OwnSets,
        writing: Writing,
        library: ModelLibrary,
        data_folder: Folder,
        user_data: Path,
    ) -> None:
        self._own = own
        self._writing = writing
        self._library = library
        self._data_folder = data_folder
        self._user_data = user_data
        self._open = OpenSets()

    @property
    def folder(self) -> Path:
        """Where own sets are kept."""
        return self._own.folder

    # --- see -------------------------------------------------------------------------------

    def data_sets(self) -> tuple[OwnSet, ...]:
        """What can be opened: known sets that are at hand, own ones, and people's writing."""
        infos = list_datasets(
            data_dir=self._data_folder(None), user_data=self._user_data, verify=False
        )
        known = [
            OwnSet(
                info.name,
                info.title,
                info.detail,
                path=Path(info.location) if info.location else None,
            )
            for info in infos
            if info.name in _SHOWN and info.status != "missing"
        ]
        own = [OwnSet(i.name, i.title, i.detail, True, Path(i.name)) for i in self._own.infos()]
        written = [
            OwnSet(str(one.path), one.writer, f"{one.count} drawings.", True, one.path)
            for one in self._writing.all()
            if one.count
        ]
        return (*known, *own, *written)

    def open(
        self, name: str, progress: Progress = told_to_nobody, cancelled: Cancelled = never
    ) -> PictureSet:
        """Read a data set: one of the catalog, an IDX folder, or a file of strokes."""
        tell = advance(progress, cancelled)
        key = self._open.new_key()
        if name.lower().endswith(_STROKE_FILES):
            opened = drawn_set(expanded(name), key, tell)
        else:
            dataset = load_dataset(
                name,
                data_dir=self._data_folder(None),
                user_data=self._user_data,
                limit=_MADE_UP,
                progress=tell,
                stop_if_told=lambda: tell(0, 0),
            )
            if dataset.input_planes != 1:
                raise DataError(f"{dataset.title} is no set of pictures")
            folder = expanded(name)
            is_folder = folder.is_dir()
            card = read_card(folder) if is_folder else None
            notes = card.done if card is not None else ()
            opened = of_dataset(dataset, key, folder if is_folder else None, card, notes)
        return self._open.keep(opened)

    def page(
        self, key: str, first: int, count: int, selection: Selection = EVERY_PICTURE
    ) -> PicturePage:
        """Some pictures of an open set."""
        return self._open.at(key).page(first, count, selection)

    def picture(self, key: str, part: Part, index: int) -> SeenPicture:
        """One picture of an open set."""
        return self._open.at(key).picture(part, index)

    def averages(self, key: str, part: Part | str = "") -> tuple[Picture | None, ...]:
        """The mean picture of each class."""
        return looking.averages(self._open.at(key), part)

    def distribution(self, key: str, part: Part | str = "") -> InkDistribution:
        """How wide, how large and how dark the ink of a set is."""
        return looking.distribution(self._open.at(key), part)

    def prediction(self, key: str, part: Part, index: int, model_key: str) -> Prediction:
        """What a model says of a picture."""
        seen = self._open.at(key).picture(part, index)
        greys = np.frombuffer(seen.picture.pixels, dtype=np.uint8).reshape(28, 28)
        reader = self._library.reader(model_key)
        return reader.read_preprocessed(greys.astype(np.float32) / np.float32(255))

    def suspicious(
        self,
        key: str,
        model_key: str,
        part: Part | str = "",
        progress: Progress = told_to_nobody,
        cancelled: Cancelled = never,
    ) -> Suspicions:
        """Ask a model about every label; the least likely come first in a page ordered by doubt."""
        reader = self._library.reader(model_key)
        return looking.suspect(
            self._open.at(key), reader, model_key, part, advance(progress, cancelled)
        )

    # --- bring -----------------------------------------------------------------------------

    def kinds(self) -> tuple[SourceKind, ...]:
        """Forms of data that can be brought."""
        return tuple(SourceKind(i.name, i.title, i.sentence, i.endings) for i in IMPORTERS)

    def look_at(
        self,
        source: Path,
        *,
        name: str = "",
        classes: Path | None = None,
        is_plain: bool = False,
        progress: Progress = told_to_nobody,
        cancelled: Cancelled = never,
    ) -> ImportPreview:
        """Read a source and show what would come of it; nothing is written."""
        source = expanded(source)
        tell = advance(progress, cancelled)
        reading = Reading(tell, lambda: tell(0, 0))
        imported = import_source(source, reading, names_file=classes, is_plain=is_plain)
        opened = of_import(imported, self._open.new_key(), name or imported.name, source)
        facts = self._open.keep(opened)
        size = sum(part.pictures.nbytes + len(part.labels) for part in imported.parts.values())
        return ImportPreview(facts, imported.kind, imported.found_size, opened.samples(), size)

    def label(self, key: str, part: Part, index: int, class_name: str) -> PictureSet:
        """Say what a picture of a preview shows; an empty name takes its label away."""
        opened = self._open.at(key)
        opened.label(part, index, class_name)
        return opened.facts

    def check_out(self, out: Path) -> None:
        """Find out whether a set could be written there, before a source is read for it."""
        check_folder(expanded(out))

    def write(
        self,
        key: str,
        out: Path | None = None,
        name: str = "",
        progress: Progress = told_to_nobody,
        cancelled: Cancelled = never,
    ) -> PictureSet:
        """Write a preview as an IDX folder, whole or not at all; what has no label is left out."""
        opened = self._open.at(key)
        if opened.imported is None:
            raise DataError("This set is written already")
        facts, imported = opened.facts, opened.imported
        parts, done = labelled(opened.parts, imported.done)
        parts, names = compacted(parts, facts.class_names)
        card = card_of(
            name or facts.title,
            facts.path.name if facts.path else "",
            imported.source_sha256,
            imported.kind,
            done,
            names,
            parts,
        )
        folder = self._folder(out, card.name)
        return self._write(folder, parts, card, advance(progress, cancelled))

    def discard(self, key: str) -> None:
        """Close a set; a preview is gone."""
        self._open.discard(key)

    # --- choose part -----------------------------------------------------------------------

    def choice_size(self, key: str, choice: Choice) -> tuple[PartCount, ...]:
        """How many pictures a choice would have."""
        opened = self._open.at(key)
        parts, names = chosen_parts(opened.parts, opened.labels, choice)
        chosen = PictureSet("", "", "", names, (), ())
        return OpenSet(chosen, parts).facts.parts

    def save_choice(
        self,
        key: str,
        choice: Choice,
        name: str,
        out: Path | None = None,
        progress: Progress = told_to_nobody,
        cancelled: Cancelled = never,
    ) -> PictureSet:
        """Write a part of an open set as a set of its own."""
        opened = self._open.at(key)
        parts, names = chosen_parts(opened.parts, opened.labels, choice)
        facts = opened.facts
        parts, done = labelled(parts, facts.notes)
        hashed = facts.card.source_sha256 if facts.card is not None else ""
        card = card_of(name, facts.title, hashed, "a part of another set", done, names, parts)
        folder = self._folder(out, name)
        return self._write(folder, parts, card, advance(progress, cancelled))

    def remove(self, name: str) -> None:
        """Delete an own set."""
        self._own.remove(Path(name))

    def rename(self, name: str, new_name: str) -> str:
        """Give an own set another name; returns what a run calls it from now on."""
        return str(self._own.rename(Path(name), new_name))

    # --- inside ----------------------------------------------------------------------------

    def _folder(self, out: Path | None, name: str) -> Path:
        return self._own.path(name) if out is None else expanded(out)

    def _write(
        self, folder: Path, parts: dict[Split, ImportedPart], card: SetCard, tell: Progress
    ) -> PictureSet:
        reading = Reading(tell, lambda: tell(0, 0))
        write_idx_folder(folder, parts, card.class_names, {CARD_FILE: card_text(card)}, reading)
        return self.open(str(folder))
