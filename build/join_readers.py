"""Makes the bundled reader of a network for pictures and one for strokes, with half the bytes.

    python build/join_readers.py PICTURES.npz STROKES.npz DRAWINGS.json.gz assets/reader.npz

The temperature of both together is fitted to the drawings, whose writers neither has met. What
PICTURES.npz has beside its first network is kept, but for a network for strokes. Where PICTURES.npz
is a reader's network for pictures that was trained on, STROKES.npz is that reader: it gets the
network. Kernels are kept as float16: they are read as float32 again, and differ by 0.05 % at most.
"""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

import numpy as np

from digitdesk.ink.stroke_file import StrokeSample, read_stroke_file
from digitdesk.ink.strokes import fit_to_board
from digitdesk.messages.model import STROKES, ModelCard, StrokePart, by_network
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.recognition.calibration import calibrate
from digitdesk.recognition.reader import Answers, Reader
from digitdesk.storage.model_file import StoredModel, load_model, save_model

OF_PICTURES = (
    "temperature",
    "refusal_threshold",
    "test_accuracy",
    "test_interval",
    "test_count",
    "created",
)
"""What a training says on the card of its network for pictures, and another may say otherwise."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for name in ("pictures", "strokes", "drawings", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--weight", type=float, default=0.75, help="of the strokes' logits (0.75)")
    parser.add_argument("--temperature", type=float, help="of both together, instead of fitting it")
    options = parser.parse_args()
    pictures, strokes = load_model(options.pictures), load_model(options.strokes)
    if strokes.card.strokes is None:
        joined = halved(join(pictures, strokes, options.weight))
    else:
        joined = halved(renewed(strokes, pictures, options.weight))
    temperature = options.temperature or fitted_temperature(joined, options.drawings)
    part = dataclasses.replace(joined.card.strokes, temperature=temperature)
    card = dataclasses.replace(joined.card, strokes=part)
    save_model(options.out, card, joined.arrays)
    print(f"{options.out}: {options.out.stat().st_size:,} bytes; strokes at {temperature:.3f}")


def join(pictures: StoredModel, strokes: StoredModel, weight: float) -> StoredModel:
    check_alike(pictures.card, strokes.card)
    of_strokes = {STROKES + name: array for name, array in strokes.arrays.items()}
    before = [note for note in pictures.card.notes.split("; ") if note]
    # A network that was trained on has all of its trainings named.
    goes_on = bool(strokes.card.config.get("start_from"))
    of_others = [n for n in before if goes_on or not n.startswith("strokes:")]
    notes = "; ".join([*of_others, f"strokes: {settings(strokes.card)}"])
    card = dataclasses.replace(
        pictures.card,
        strokes=StrokePart(strokes.card.spec, weight=weight),
        notes=notes,
    )
    return StoredModel(card, pictures.arrays | of_strokes)


def renewed(reader: StoredModel, pictures: StoredModel, weight: float) -> StoredModel:
    """A reader with its network for pictures trained on, and what was fitted to that one."""
    check_alike(reader.card, pictures.card, "spec")
    notes = [*reader.card.notes.split("; "), f"pictures: {settings(pictures.card)}"]
    card = dataclasses.replace(
        reader.card,
        strokes=dataclasses.replace(reader.card.strokes, weight=weight),
        notes="; ".join(filter(None, notes)),
        **{name: getattr(pictures.card, name) for name in OF_PICTURES},
    )
    return StoredModel(card, reader.arrays | by_network(pictures.arrays).first)


def check_alike(card: ModelCard, other: ModelCard, *more: str) -> None:
    names = ("class_names", "reject_names", "preparation_version", *more)
    differing = [name for name in names if getattr(card, name) != getattr(other, name)]
    if differing:
        raise SystemExit(f"The two differ in {', '.join(differing)}")


def settings(card: ModelCard) -> str:
    """What a network was trained with, for the card of both."""
    return f"{card.dataset}, {card.data_hash}, seed {card.seed}, {card.epochs} epochs"


def halved(model: StoredModel) -> StoredModel:
    arrays = {
        name: array.astype(np.float16) if name.endswith(".kernel") else array
        for name, array in model.arrays.items()
    }
    return StoredModel(model.card, arrays)


def fitted_temperature(model: StoredModel, drawings: Path) -> float:
    samples = read_stroke_file(drawings)
    reader = Reader.from_stored(model, cpu_backend()).without_lines()
    strokes = [fit_to_board(sample.strokes) for sample in samples]
    return temperature_of(reader.answer_strokes(strokes, reader.shown_of(strokes)), samples)


def temperature_of(answers: Answers, samples: list[StrokeSample]) -> float:
    """What divides the logits behind answers that were given at temperature 1."""
    # Logarithms of probabilities are logits again.
    logits = np.log(np.maximum(answers.probabilities, 1e-300))
    labels = np.array([sample.label for sample in samples])
    temperature, _ = calibrate(logits, labels, logits.shape[1])
    return temperature


if __name__ == "__main__":
    main()
