"""A person's drawings taken to another computer, and brought back: as strokes, IDX or pictures."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any, Literal

from digitdesk.data.importing.found import Reading
from digitdesk.data.importing.idx_folder_file import check_folder, write_idx_folder
from digitdesk.errors import ConfigError, DataError
from digitdesk.evaluation.slices import Advance
from digitdesk.files.atomic import make_folder, write_atomically
from digitdesk.ink.picture.grey_picture import png_of
from digitdesk.ink.stroke_file import StrokeSample, check_entry, read_entries, read_stroke_file
from digitdesk.ink.stroke_store import StrokeStore
from digitdesk.session.hand.sealed import hash_of
from digitdesk.session.pictures.drawings import drawn_part, names_of, picture_of
from digitdesk.storage.model_names import safe_name

Form = Literal["strokes", "idx", "png"]
FORMS: tuple[Form, ...] = ("strokes", "idx", "png")


def take_away(source: Path, target: Path, form: Form, advance: Advance) -> Path:
    """Write a person's drawings for others.

    Args:
        source: The person's stroke file.
        target: A file for strokes, else a folder that is not there yet, or is empty.
        form: ``strokes``, ``idx`` or ``png``.
        advance: Told how many are written; raises to stop.

    Raises:
        ConfigError: There is no such form.
        DataError: There are no drawings, or something is in the way.
        SaveError: The disk refuses.
    """
    if form not in FORMS:
        raise ConfigError("There is no such form", expected=", ".join(FORMS), received=form)
    entries = read_entries(source) if source.is_file() else []
    samples = [check_entry(entry, source, k) for k, entry in enumerate(entries)]
    if not samples:
        raise DataError(
            f"{source.stem} has written nothing yet", hint="Collect some drawings first"
        )
    if form == "strokes":
        text = json.dumps(entries, ensure_ascii=False, separators=(",", ":")).encode()
        _write(target, text)
    elif form == "idx":
        names = names_of(samples)
        reading = Reading(stop_if_told=lambda: advance(len(samples), len(samples)))
        write_idx_folder(target, {"train": drawn_part(samples, names, advance)}, names, {}, reading)
    else:
        _write_pictures(target, samples, advance)
    return target


def _write_pictures(folder: Path, samples: list[StrokeSample], advance: Advance) -> None:
    """A folder for each class, with its drawings as PNG files, ink black on white."""
    check_folder(folder)
    counts: Counter[str] = Counter()
    for done, sample in enumerate(samples):
        advance(done, len(samples))
        name = sample.class_name
        place = folder / safe_name(name)
        make_folder(place)
        counts[name] += 1
        content = png_of(255 - picture_of(sample))
        _write(place / f"{counts[name]:04}.png", content)
    advance(len(samples), len(samples))


def _write(path: Path, content: bytes) -> None:
    write_atomically(path, lambda stream: stream.write(content))


def bring_back(source: Path, store: StrokeStore, person: str) -> int:
    """Add the drawings of a stroke file that are not there yet; how many that were.

    Raises:
        DataError: The file cannot be read, or the person's own is damaged or full.
        SaveError: The person's file cannot be written.
    """
    known = (
        {hash_of(sample.strokes) for sample in read_stroke_file(store.path)}
        if store.path.is_file()
        else set()
    )
    new: list[dict[str, Any]] = []
    for index, entry in enumerate(read_entries(source)):
        name = hash_of(check_entry(entry, source, index).strokes)
        if name not in known:
            known.add(name)
            new.append({**entry, "writer": person})
    if new:
        store.add_many(new)
    return len(new)
