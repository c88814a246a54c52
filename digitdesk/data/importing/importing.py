"""From a source of any form to pictures and labels that can be trained on, and nothing written."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np

from digitdesk.data.doubts import doubts
from digitdesk.data.idx_files import Split
from digitdesk.data.importing.bounded_file import first_bytes
from digitdesk.data.importing.csv_format import CSV
from digitdesk.data.importing.folder_format import FOLDER
from digitdesk.data.importing.found import ArrayPictures, Found, FoundPart, Importer, Reading
from digitdesk.data.importing.idx_format import IDX
from digitdesk.data.importing.imported import Imported, ImportedPart
from digitdesk.data.importing.labels import numbered
from digitdesk.data.importing.mat_format import MAT
from digitdesk.data.importing.npz_format import NPZ
from digitdesk.data.importing.orientation import TURNED, UPRIGHT, lie_down
from digitdesk.data.importing.preparing import Prepared, preparation_of, prepared, without_blank
from digitdesk.errors import DataError
from digitdesk.files.atomic import reason, shortened
from digitdesk.files.paths import expanded

IMPORTERS: tuple[Importer, ...] = (IDX, NPZ, MAT, CSV, FOLDER)
"""In the order in which they are asked; a folder of pictures may hold anything beside them."""

_ENDINGS = (".npz", ".mat", ".csv", ".csv.gz")


def import_source(
    source: Path,
    reading: Reading,
    *,
    names_file: Path | None = None,
    is_plain: bool = False,
) -> Imported:
    """Read a source of any form that is known.

    Args:
        source: A file or a folder.
        reading: Who is told how far it is, and who may stop it.
        names_file: Names of the classes, one a line.
        is_plain: Scale pictures that are not 28×28, and do nothing else to them.

    Raises:
        DataError: The form is not known, or something does not fit; the sentence names it.
    """
    source = expanded(source)
    if names_file is not None:
        names_file = expanded(names_file)
    found = _found(source, reading)
    return made_ready(found, reading, names_file=names_file, is_plain=is_plain)


def _found(source: Path, reading: Reading) -> Found:
    try:
        start = first_bytes(source)
        for importer in IMPORTERS:
            if importer.takes(source, start) and not (
                importer is FOLDER and (inside := _one_inside(source)) is not None
            ):
                return importer.read(source, reading)
    except OSError as error:
        raise DataError(
            f"{shortened(source.name)} cannot be read", received=reason(error)
        ) from error
    if source.is_dir() and inside is not None:
        return _found(inside, reading)
    raise DataError(
        f"{shortened(source.name)} is of no form that can be imported",
        expected=", ".join(importer.title for importer in IMPORTERS),
        received=start[:8].hex(" ") or "an empty file",
    )


def _one_inside(folder: Path) -> Path | None:
    """The one archive or table in a folder that holds nothing else."""
    files = [p for p in folder.iterdir() if p.name.lower().endswith(_ENDINGS)]
    return files[0] if len(files) == 1 and not any(p.is_dir() for p in folder.iterdir()) else None


def made_ready(
    found: Found, reading: Reading, *, names_file: Path | None, is_plain: bool
) -> Imported:
    """What a reader has found, with pictures of 28×28 and labels from 0.

    Raises:
        DataError: Labels do not fit, or a picture cannot be opened.
    """
    labels = numbered(
        {part: of.labels for part, of in found.parts.items()},
        {part: len(of.pictures) for part, of in found.parts.items()},
        found.label_names,
        names_file,
    )
    first = next(iter(found.parts))
    of_first = found.parts[first]
    parts: dict[Split, FoundPart] = dict(found.parts)
    done = [*found.notes, *labels.notes]
    how = preparation_of(of_first.pictures, is_plain=is_plain)
    if found.may_lie and isinstance(of_first.pictures, ArrayPictures):
        greys = of_first.pictures.greys
        is_square = greys.shape[1] == greys.shape[2]
        bright = 255 - greys if how.is_dark else greys
        lies = is_square and lie_down(
            bright, labels.parts[first], labels.names, says_so=found.is_emnist
        )
        if lies:
            parts = {part: _transposed(of) for part, of in parts.items()}
            done.append(TURNED)
        elif found.is_emnist:
            done.append(UPRIGHT)
    done += how.notes
    made: dict[Split, ImportedPart] = {}
    for part, of in parts.items():
        ready: Prepared = prepared(of, how, reading)
        has_ink, note = without_blank(ready, of.pictures)
        done += [note] if note else []
        chosen = has_ink.astype(bool)
        made[part] = ImportedPart(ready.pictures[chosen], labels.parts[part][chosen])
    return Imported(
        found.name,
        found.kind,
        of_first.pictures.size,
        made,
        labels.names,
        found.sha256,
        tuple(done),
        _doubts(made[first]),
    )


def _transposed(part: FoundPart) -> FoundPart:
    pictures = part.pictures
    assert isinstance(pictures, ArrayPictures)
    turned = np.ascontiguousarray(pictures.greys.transpose(0, 2, 1))
    return FoundPart(dataclasses.replace(pictures, greys=turned), part.labels)


def _doubts(part: ImportedPart) -> tuple[str, ...]:
    labels = part.labels[part.labels >= 0].astype(np.int64)
    return doubts(part.pictures, labels, ())
