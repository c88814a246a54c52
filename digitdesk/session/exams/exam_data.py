"""What a model can be examined on: test parts of data sets at hand, and files of the user's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from digitdesk.data.catalog import list_datasets
from digitdesk.data.idx_files import find_idx_sets, find_test_part
from digitdesk.data.synthetic import handwriting
from digitdesk.evaluation.labelled_sets import (
    LabelledSet,
    labelled_dataset,
    labelled_folder,
    labelled_images,
    labelled_photos,
    labelled_strokes,
)
from digitdesk.files.paths import expanded, is_folder
from digitdesk.messages.exam import ExamData
from digitdesk.session.samples import Samples
from digitdesk.session.writing import Writing

Folder = Callable[[str | None], Path | None]

_TEST_COUNTS = {"mnist": 10_000, "handwriting": handwriting.TEST_COUNT}


class ExamShelf:
    """Sets to examine on, found and loaded.

    Several threads may ask at once: what is kept is replaced whole.

    Args:
        samples: Loads test parts of data sets.
        data_folder: The folder of data sets for who names this one or none.
        user_data: The user's data folder.
        writing: Drawings that somebody has said the meaning of.
        own_sets: Gives the folders of the user's own data sets.
    """

    def __init__(
        self,
        samples: Samples,
        data_folder: Folder,
        user_data: Path,
        writing: Writing,
        own_sets: Callable[[], Iterable[Path]] = tuple,
    ) -> None:
        self._samples = samples
        self._writing = writing
        self._own_sets = own_sets
        self._data_folder = data_folder
        self._user_data = user_data
        self._kept: tuple[object, LabelledSet] | None = None

    def at_hand(self, trained_on: Iterable[str]) -> tuple[ExamData, ...]:
        """Test parts of the data sets on this computer, and own writing.

        Args:
            trained_on: Names of data sets that the models at hand know, folders among them.
        """
        infos = list_datasets(
            data_dir=self._data_folder(None), user_data=self._user_data, verify=False
        )
        known = [
            ExamData("dataset", info.name, info.title, _TEST_COUNTS[info.name])
            for info in infos
            if info.name in _TEST_COUNTS and info.status != "missing"
        ]
        tested = [str(path) for path in self._own_sets() if find_test_part(path)]
        parts = [*tested, *(part.strip() for name in trained_on for part in name.split("+"))]
        folders = [part for part in dict.fromkeys(parts) if is_folder(part) or _is_idx_set(part)]
        own = [
            ExamData("strokes", str(one.path), one.writer, one.count)
            for one in self._writing.all()
            if one.count
        ]
        return (*known, *own, *(ExamData("dataset", name, Path(name).name) for name in folders))

    def load(self, data: ExamData, data_dir: str | None) -> LabelledSet:
        """The pictures; those of a data set that was asked for last are not read again.

        Raises:
            DigitDeskError: They are not there, damaged, or there are none.
        """
        if data.kind == "strokes":
            return labelled_strokes(expanded(data.name))
        if data.kind == "images":
            return labelled_images(expanded(data.name))
        if data.kind == "photos":
            return labelled_photos(expanded(data.name))
        if data.kind == "folder" and not find_idx_sets(expanded(data.name)):
            return labelled_folder(expanded(data.name))
        folder = self._data_folder(data_dir)
        key, kept = (data.name, folder), self._kept
        if kept is None or kept[0] != key:
            loaded = labelled_dataset(self._samples.test_part(data.name, folder))
            kept = self._kept = (key, loaded)
        return kept[1]


def _is_idx_set(name: str) -> bool:
    """Whether it is one of several sets in a folder: ``emnist/emnist-letters``."""
    path = expanded(name)
    return path.name != name and is_folder(path.parent) and path.name in find_idx_sets(path.parent)
