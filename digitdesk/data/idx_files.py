"""Finds the files of IDX data sets in a folder, however they are spelled and were unpacked.

MNIST, Fashion-MNIST, KMNIST, EMNIST and their like differ only in how they spell the names; a
folder may hold several sets, of which each file's name begins with the set's.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from digitdesk.files.paths import there_is

Split = Literal["train", "test"]
Content = Literal["images", "labels"]

DIMENSIONS: dict[Content, int] = {"images": 3, "labels": 1}
_NAME = re.compile(r"(.*?)(train|t10k|test)-(images|labels).*ubyte(?:\.gz)?")


@dataclass(frozen=True, slots=True)
class IdxFiles:
    """The files of one set, of which some may be missing.

    Attributes:
        folder: Where they lie.
        name: How their names begin, such as ``emnist-letters``; empty for MNIST's own.
        paths: By part of the set and content.
    """

    folder: Path
    name: str
    paths: Mapping[tuple[Split, Content], Path]


def find_idx_sets(folder: Path) -> dict[str, IdxFiles]:
    """The sets of a folder by name; none where the folder cannot be read.

    Looked for in the folder itself and in its ``raw``, where torchvision keeps them. A file may
    lie in a folder that is named like it. Of several spellings of a file, the shortest is taken.
    """
    found: dict[str, dict[tuple[Split, Content], Path]] = {}
    with contextlib.suppress(OSError):
        for path in _candidates(folder):
            match = _NAME.fullmatch(path.name)
            if match:
                split: Split = "train" if match[2] == "train" else "test"
                content: Content = "images" if match[3] == "images" else "labels"
                of_set = found.setdefault(match[1].strip("-_. "), {})
                key, before = (split, content), of_set.get((split, content), path)
                of_set[key] = min(before, path, key=lambda path: (len(path.name), path.name))
    if not found and folder.name != "raw" and (folder / "raw").is_dir():
        return find_idx_sets(folder / "raw")
    return {name: IdxFiles(folder, name, paths) for name, paths in sorted(found.items())}


def _candidates(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_file():
            yield path
        elif _NAME.fullmatch(path.name) and path.is_dir():
            yield from (inner for inner in sorted(path.iterdir()) if inner.is_file())


def find_test_part(folder: Path) -> bool:
    """Whether a folder holds a set with test images."""
    return any(("test", "images") in files.paths for files in find_idx_sets(folder).values())


def named_set(path: Path) -> IdxFiles | None:
    """The set that one of its files names, or the beginning that its files' names share."""
    is_file = there_is(path)
    match = _NAME.fullmatch(path.name) if is_file else None
    name = (match[1] if match else path.name).strip("-_. ")
    return find_idx_sets(path.parent).get(name) if match or not is_file else None


def find_mnist(folder: Path) -> IdxFiles | None:
    """The set of a folder that may be MNIST: the one without a name of its own, or the only one."""
    sets = find_idx_sets(folder)
    return sets.get("") or (next(iter(sets.values())) if len(sets) == 1 else None)
