"""``digitdesk data import``: what was found is shown, then written as a set."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from digitdesk.cli.streams import say
from digitdesk.messages.own.importing import ImportPreview
from digitdesk.messages.own.pictures import PictureSet, SeenPicture
from digitdesk.messages.picture import Picture

if TYPE_CHECKING:
    from digitdesk.session.session import Session

_SHADES = " .:*#@"
_PX_PER_SIGN = (4, 2)
"""Height and width of what one sign stands for: letters are twice as tall as wide."""
_IN_A_ROW = 5
_SHOWN_NAMES = 12


def import_data(session: Session, arguments: argparse.Namespace) -> int:
    """Bring a source into a new folder; the preview goes to standard error.

    Returns:
        0; whatever does not fit is a ``DigitDeskError``.
    """
    from tqdm import tqdm

    session.pictures.check_out(arguments.out)
    with tqdm(unit="B", unit_scale=True, desc=arguments.source.name, disable=None) as bar:

        def show(done: int, total: int) -> None:
            if total:
                bar.total = total
                bar.update(done - bar.n)

        preview = session.pictures.look_at(
            arguments.source,
            name=arguments.name,
            classes=arguments.classes,
            is_plain=arguments.plain,
            progress=show,
        )
    print(_shown(preview), file=sys.stderr)
    written = session.pictures.write(preview.key, arguments.out, arguments.name)
    say(_as_json(written, preview) if arguments.json else _as_text(written))
    return 0


def _shown(preview: ImportPreview) -> str:
    """What was found: its kind, ten pictures, and what was done to them."""
    width, height = preview.found_size
    size = f"{width}×{height}" if width else "of several sizes"
    pictures = preview.samples
    rows = [_row(pictures[k : k + _IN_A_ROW]) for k in range(0, len(pictures), _IN_A_ROW)]
    head = f"{preview.kind[:1].upper()}{preview.kind[1:]}; pictures {size}."
    return "\n".join([head, *rows, *preview.pictures.notes])


def _row(pictures: Sequence[SeenPicture]) -> str:
    """Pictures beside each other, each with its label above it."""
    drawn = [_drawn(seen.picture) for seen in pictures]
    width = len(drawn[0][0])
    labels = " ".join((seen.label or "?")[:width].ljust(width) for seen in pictures)
    return "\n".join([labels, *(" ".join(lines) for lines in zip(*drawn, strict=True))])


def _drawn(picture: Picture) -> list[str]:
    """A picture in signs, line by line."""
    tall, wide = _PX_PER_SIGN
    lines = []
    for top in range(0, picture.height, tall):
        line = ""
        for left in range(0, picture.width, wide):
            rows = range(top, min(top + tall, picture.height))
            cut = [picture.pixels[y * picture.width + left :][:wide] for y in rows]
            ink = max(map(max, cut))
            line += _SHADES[ink * (len(_SHADES) - 1) // 255]
        lines.append(line)
    return lines


def _as_text(written: PictureSet) -> str:
    counts = " + ".join(f"{part.count:,}" for part in written.parts)
    names = ", ".join(written.class_names[:_SHOWN_NAMES])
    more = " …" if len(written.class_names) > _SHOWN_NAMES else ""
    return (
        f"{counts} pictures of {len(written.class_names)} classes ({names}{more}) are in "
        f"{written.path}\nTrain on them: digitdesk train --data {written.path}"
    )


def _as_json(written: PictureSet, preview: ImportPreview) -> str:
    card = written.card
    return json.dumps(
        {
            "path": str(written.path),
            "name": card.name if card is not None else written.title,
            "kind": preview.kind,
            "class_names": written.class_names,
            "counts": {part.part: part.by_class for part in written.parts},
            "notes": written.notes,
        },
        ensure_ascii=False,
    )
