"""Gives the bundled reader a network for strokes that were traced in pictures.

    python build/add_traced.py READER.npz TRACED.npz DRAWINGS.json.gz assets/reader.npz

The temperature of both together is fitted to pictures of the drawings, whose writers neither has
met, each drawn with a pen of its own.
"""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

import numpy as np
from join_readers import check_alike, halved, settings, temperature_of

from digitdesk.ink.ink_batch import InkBatch
from digitdesk.ink.preprocessing import OVERSAMPLING, see_ink
from digitdesk.ink.rasterizer import draw_fitted
from digitdesk.ink.stroke_file import read_stroke_file
from digitdesk.messages.model import TRACED, StrokePart
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.recognition.reader import Reader
from digitdesk.storage.model_file import StoredModel, load_model, save_model

PENS_PX = 1.2, 3.0
"""Of the drawings as pictures, in the 28×28 frame."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for name in ("reader", "traced", "drawings", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--weight", type=float, default=0.5, help="of its logits (0.5)")
    options = parser.parse_args()
    reader, traced = load_model(options.reader), load_model(options.traced)
    joined = halved(with_traced(reader, traced, options.weight))
    temperature = fitted_temperature(joined, options.drawings)
    part = dataclasses.replace(joined.card.traced, temperature=temperature)
    save_model(options.out, dataclasses.replace(joined.card, traced=part), joined.arrays)
    print(f"{options.out}: {options.out.stat().st_size:,} bytes; pictures at {temperature:.3f}")


def with_traced(reader: StoredModel, traced: StoredModel, weight: float) -> StoredModel:
    check_alike(reader.card, traced.card)
    known = [note for note in reader.card.notes.split("; ") if not note.startswith("traced:")]
    card = dataclasses.replace(
        reader.card,
        traced=StrokePart(traced.card.spec, weight=weight),
        notes="; ".join(filter(None, [*known, f"traced: {settings(traced.card)}"])),
    )
    others = {name: one for name, one in reader.arrays.items() if not name.startswith(TRACED)}
    return StoredModel(card, others | {TRACED + name: a for name, a in traced.arrays.items()})


def fitted_temperature(model: StoredModel, drawings: Path) -> float:
    samples = read_stroke_file(drawings)
    ink = InkBatch.from_drawings([sample.strokes for sample in samples])
    pens = np.random.default_rng(0).uniform(*PENS_PX, ink.count).astype(np.float32)
    seen = [see_ink(picture) for picture in draw_fitted(ink, pens, OVERSAMPLING)]
    return temperature_of(Reader.from_stored(model, cpu_backend()).answer_seen(seen), samples)


if __name__ == "__main__":
    main()
