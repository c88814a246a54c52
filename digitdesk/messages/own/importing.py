"""Data that people bring: what can be read, and what will come of it before it is written."""

from __future__ import annotations

from dataclasses import dataclass

from digitdesk.messages.own.pictures import PictureSet, SeenPicture


@dataclass(frozen=True, slots=True)
class SourceKind:
    """A form of data that can be brought.

    Attributes:
        name: ``csv``, ``npz``, ``folder``, ``idx`` or ``mat``.
        title: In words.
        sentence: What is expected of it.
        endings: By which files of it are known; none for a folder.
        problem: Why it cannot be read here, and what to do; empty where it can.
    """

    name: str
    title: str
    sentence: str
    endings: tuple[str, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What a source holds; nothing is written yet.

    Attributes:
        pictures: It, as it will be: an open set that can be looked at like others.
        kind: The form it was found in, in words.
        found_size: Width and height of its pictures; (0, 0) where they differ.
        samples: Ten pictures, of as many classes as there are.
        bytes_to_write: Length of the files.
    """

    pictures: PictureSet
    kind: str
    found_size: tuple[int, int]
    samples: tuple[SeenPicture, ...]
    bytes_to_write: int

    @property
    def key(self) -> str:
        """Names it, as other open sets."""
        return self.pictures.key
