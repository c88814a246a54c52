"""How well a model reads: MNIST, real pens at every size and width, and what it should refuse.

``DIGITDESK_DATA=... .venv/bin/python tests/benchmarks/reading.py [MODEL]`` prints a table; the
model is ``reader`` or a file. Strokes come from ``crohme_dev.json.gz`` in the data folder. The
bench prints the same table. ``--errors PICTURE.png`` draws every pen digit that was read wrong.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
import numpy as np
from machine import data_folder
from PIL import Image, ImageDraw, ImageFont

from digitdesk.data.datasets import load_dataset
from digitdesk.data.synthetic.not_digits import REJECT_NAMES, generate
from digitdesk.evaluation.evaluate import evaluate
from digitdesk.evaluation.labelled_sets import (
    LabelledSet,
    labelled_photos,
    labelled_strokes,
    photographed,
)
from digitdesk.evaluation.scores import scores
from digitdesk.files.paths import assets_folder
from digitdesk.ink.board import Board
from digitdesk.ink.picture.grey_picture import greys_of
from digitdesk.ink.preprocessing import preprocess_ink_image, preprocess_strokes
from digitdesk.ink.stroke_file import StrokeSample, read_stroke_file
from digitdesk.ink.strokes import fit_to_board
from digitdesk.messages.evaluation import Evaluation
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.recognition.reader import Reader
from digitdesk.storage.model_file import load_model

UNSEEN_SEED = 777
NOTHING = np.zeros((28, 28), dtype=np.float32)


PRINTED = "ACEFHJKLMNPRTUVWXYadefhkmnprtuvwxÄÆÇÑΔΞΠΣΨΩБДЖИФЦШЮЯ#%&@$*+=<>?!{}[]§±÷√≠"
"""Letters and symbols that nobody would take for a digit, printed with Matplotlib's own fonts."""


@dataclass(frozen=True)
class Line:
    """One row of the table.

    Attributes:
        what: What was read.
        text: The figures as the table shows them.
        figures: The figures by name, as ratios.
    """

    what: str
    text: str
    figures: dict[str, float]


def measure(model: str, data_dir: Path, only: str = "") -> Iterator[Line]:
    """Read everything there is, one row at a time; or one of ``PARTS`` only."""
    reader = opened(model)
    for name, part in PARTS.items():
        if only in ("", name):
            yield from part(reader, data_dir)


def mnist(reader: Reader, data_dir: Path) -> Iterator[Line]:
    with tempfile.TemporaryDirectory() as empty:
        mnist = load_dataset("mnist", data_dir=data_dir, user_data=Path(empty))
    pictures = mnist.test_images / np.float32(255)
    yield digits(
        "MNIST test", scores(evaluate(reader, LabelledSet.of(pictures, mnist.test_labels)))
    )
    for side in (16, 32):
        small = [resized(image, side) for image in mnist.test_images]
        what = f"  its ink alone, {side}x{side}"
        yield digits(what, read_all(reader, map(preprocess_ink_image, small), mnist.test_labels))


def strokes(reader: Reader, data_dir: Path) -> Iterator[Line]:
    """As the board reads them: direction and order of the pen are known."""
    for name in ("crohme_dev", "unipen_digits_dev"):
        (file,) = data_dir.rglob(f"{name}.json.gz")
        drawn = labelled_strokes(file)
        yield digits(f"{name} strokes", scores(evaluate(reader, drawn)))
        for factor in (1 / 3, 3):
            assert drawn.strokes is not None
            moved = tuple(
                tuple(tuple((7 + x * factor, 11 + y * factor) for x, y in s) for s in d)
                for d in drawn.strokes
            )
            resized = dataclasses.replace(
                drawn,
                preprocessed=lambda part, moved=moved: np.stack(
                    [preprocess_strokes(one) for one in moved[part]]
                ),
                strokes=moved,
            )
            what = f"  drawn {factor:.2g} as large"
            yield digits(what, scores(evaluate(reader, resized)))


def drawn_pictures(reader: Reader, data_dir: Path) -> Iterator[Line]:
    """The same drawings as pictures, whose strokes nobody knows."""
    samples = pen_digits(data_dir)
    labels = np.array([sample.label for sample in samples])
    for pen in (6, 20, 40):
        boards = [board_picture(sample, pen) for sample in samples]
        drawn = photographed(len(labels), labels, lambda part, all_=boards: all_[part], None)
        what = f"crohme_dev as a picture, {pen} px"
        yield digits(what, scores(evaluate(reader, drawn)))


def paper(reader: Reader, data_dir: Path) -> Iterator[Line]:
    """Ballpoint on cards, where the scans are at hand."""
    for file in data_dir.rglob("paper_dev.zip"):
        yield digits("paper_dev", scores(evaluate(reader, labelled_photos(file))))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("model", nargs="?", default="reader", help="a model file (reader)")
    parser.add_argument("--only", default="", help=f"one of {', '.join(PARTS)}")
    parser.add_argument("--errors", type=Path, metavar="PNG", help="draw what was read wrong")
    options = parser.parse_args()
    data_dir = data_folder()
    if options.errors:
        draw_errors(opened(options.model), pen_digits(data_dir), options.errors)
        return
    for line in measure(options.model, data_dir, options.only):
        sys.stdout.write(f"{line.what:32} {line.text}\n")
        sys.stdout.flush()


def opened(model: str) -> Reader:
    path = assets_folder() / "reader.npz" if model == "reader" else Path(model)
    return Reader.from_stored(load_model(path), cpu_backend())


def pen_digits(data_dir: Path) -> list[StrokeSample]:
    (file,) = data_dir.rglob("crohme_dev.json.gz")
    return read_stroke_file(file)


def draw_errors(reader: Reader, samples: list[StrokeSample], path: Path) -> None:
    """A contact sheet: each wrong digit as the network sees it, what it is and what was read."""
    side, columns = 96, 10
    tiles = []
    for sample in samples:
        prediction = reader.read_strokes(fit_to_board(sample.strokes))
        guess = int(np.argmax(prediction.probabilities))
        if guess == sample.label:
            continue
        if prediction.preprocessed is None:
            continue
        seen = greys_of(prediction.preprocessed)
        tile = Image.new("L", (side, side + 14), 255)
        tile.paste(Image.fromarray(255 - seen).resize((84, 84)), (6, 2))
        sure = "?" if prediction.reason else "!"
        text = f"{sample.label} as {guess}{sure} {100 * max(prediction.probabilities):.0f}"
        ImageDraw.Draw(tile).text((8, side - 4), text, fill=0)
        tiles.append(tile)
    rows = -(-len(tiles) // columns)
    sheet = Image.new("L", (columns * side, rows * (side + 14)), 255)
    for place, tile in enumerate(tiles):
        sheet.paste(tile, (place % columns * side, place // columns * (side + 14)))
    sheet.save(path)
    sys.stdout.write(f"{len(tiles)} of {len(samples):,} were read wrong; they are in {path}\n")


def read_all(
    reader: Reader, preprocessed: Iterable[np.ndarray | None], labels: np.ndarray
) -> Evaluation:
    """Evaluate drawings, those without ink as empty frames."""
    pictures = [NOTHING if picture is None else picture for picture in preprocessed]
    return scores(evaluate(reader, LabelledSet.of(np.stack(pictures), labels)))


def board_picture(sample: StrokeSample, pen_px: float) -> np.ndarray:
    """The whole board as a picture, drawn with a pen of this width."""
    board = Board()
    board.pen_width_px = pen_px
    for stroke in fit_to_board(sample.strokes):
        board.draw(stroke)
    side = board.picture_size_px
    return np.frombuffer(board.picture(), dtype=np.uint8).reshape(side, side)


def resized(image: np.ndarray, side: int) -> np.ndarray:
    """The ink's own box, fitted to a square picture of another size."""
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    ink = Image.fromarray(image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    factor = side / max(ink.size)
    ink = ink.resize([max(1, round(factor * length)) for length in ink.size], Image.LANCZOS)
    square = Image.new("L", (side, side))
    square.paste(ink, ((side - ink.width) // 2, (side - ink.height) // 2))
    return np.asarray(square)


def printed_letters() -> np.ndarray:
    """Each letter in each text font that Matplotlib brings along, (N, 28, 28)."""
    fonts = sorted((Path(mpl.get_data_path()) / "fonts" / "ttf").glob("DejaVu*.ttf"))
    pictures = []
    for font in (
        ImageFont.truetype(str(path), 100) for path in fonts if "Display" not in path.name
    ):
        for letter in PRINTED:
            picture = Image.new("L", (160, 160))
            ImageDraw.Draw(picture).text((80, 80), letter, font=font, fill=255, anchor="mm")
            pictures.append(np.asarray(picture.resize((28, 28), Image.BOX)))
    return np.stack(pictures)


def refusals(reader: Reader, _: Path) -> Iterator[Line]:
    """What is no digit: from a seed that no training uses, printed letters, dots and nothing."""
    images, labels = generate(6000, seed=UNSEEN_SEED)
    refused = is_refused(reader, images / np.float32(255))
    for number, name in enumerate(REJECT_NAMES, start=10):
        yield rejects(name, refused[labels == number])
    letters = np.stack([preprocess_ink_image(picture) for picture in printed_letters()])
    yield rejects("printed letters", is_refused(reader, letters))
    dots = ((((140.0, 140.0),),), (((60.0, 90.0),), ((200.0, 210.0),)), ())
    reasons = [reader.read_strokes(drawing).reason for drawing in dots]
    text = ", ".join(reason or "answered" for reason in reasons)
    part = sum(map(bool, reasons)) / len(reasons)
    yield Line("refused: dot, two dots, blank", text, {"refused": part})


def is_refused(reader: Reader, preprocessed: np.ndarray) -> np.ndarray:
    """Whether the answer to each picture is "not sure"."""
    answers = reader.answer_many(preprocessed)
    return np.array([bool(reader.reason(answers, index)) for index in range(len(preprocessed))])


def rejects(name: str, refused: np.ndarray) -> Line:
    part = float(refused.mean())
    return Line(f"refused: {name}", f"{100 * part:6.2f} %  of {len(refused):,}", {"refused": part})


def digits(what: str, result: Evaluation) -> Line:
    assert result.accuracy is not None and result.interval is not None
    low, high = result.interval
    text = f"{100 * result.accuracy:6.2f} %  ({100 * low:.2f} to {100 * high:.2f})"
    figures = {"accuracy": result.accuracy, "low": low, "high": high}
    if result.calibration_error is not None:
        text += f"  calibration error {100 * result.calibration_error:.2f} %"
        figures["calibration_error"] = result.calibration_error
    if result.refusals is not None:
        text += f"  not sure {100 * result.refusals.rate:.2f} %"
        figures["refused"] = result.refusals.rate
    return Line(what, text, figures)


PARTS: dict[str, Callable[[Reader, Path], Iterator[Line]]] = {
    "mnist": mnist,
    "strokes": strokes,
    "pictures": drawn_pictures,
    "paper": paper,
    "refusals": refusals,
}


if __name__ == "__main__":
    main()
