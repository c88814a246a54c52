"""Numbers are read by the line as a whole, too, where the model has a network for lines."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from digitdesk.errors import ModelFileError
from digitdesk.ink.line_picture import LinePicture
from digitdesk.ink.segmentation.stroke_number import StrokeInk
from digitdesk.messages.model import LINES, LinePart, ModelCard
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.network import Network
from digitdesk.nn.spec.build import build_network, parse_layers
from digitdesk.recognition.line_network import LineNetwork, LineReading
from digitdesk.recognition.line_opinion import _OF_STROKES, Weights
from digitdesk.recognition.number_reader import NumberReader
from digitdesk.recognition.reader import Reader
from digitdesk.storage.model_file import StoredModel, load_model, save_model
from tests.number_support import picture, reader_by_heart, written

NAMES = "0123456789-/+.,"
SPEC = "conv(2, 3) relu maxpool(2) conv(2, 3) maxpool(2) conv(4, 8, padding=valid) conv(16, 1)"


def reading(spelled: str, line: LinePicture, sure: float = 0.98) -> LineReading:
    """A line that spells this, each sign at one column, evenly spread over its ink."""
    inked = np.flatnonzero(line.grey.sum(axis=0))
    left, right = (inked[0], inked[-1] + 1) if len(inked) else (0, line.grey.shape[1])
    columns = np.full(line.grey.shape[1] // 4 - 7, -1)
    for place, sign in enumerate(spelled):
        middle = left + (place + 0.5) / len(spelled) * (right - left)
        columns[np.clip(round((middle - 16) / 4), 0, len(columns) - 1)] = NAMES.find(sign)
    logs = np.full((len(columns), len(NAMES) + 1), np.log((1 - sure) / len(NAMES)))
    logs[np.arange(len(columns)), columns] = np.log(sure)
    return LineReading(line, logs, NAMES)


class Knows:
    """A network for lines that says of every line the same."""

    part = LinePart("none", NAMES)

    def __init__(self, spelled: str, sure: float = 0.98) -> None:
        self.spelled, self.sure, self.asked = spelled, sure, 0

    def read(self, line: LinePicture) -> LineReading:
        self.asked += 1
        return reading(self.spelled, line, self.sure)


def numbers(spelled: str, sure: float = 0.98, **card: Any) -> NumberReader:
    return NumberReader(with_lines(Knows(spelled, sure), **card))


def with_lines(lines: Knows, **card: Any) -> Reader:
    by_heart = reader_by_heart()
    card_of_both = dataclasses.replace(by_heart.card, **card)
    return Reader(by_heart._one_view, card_of_both, lines=lines)  # type: ignore[arg-type]


def scrawl(text: str):
    """Digits over each other, all in one stroke, so that nothing tells where one of them ends."""
    number = written(text, gap=-0.25)
    return (sum((digit[0] for digit in number.digits), ()),)


def test_digits_in_one_stroke_are_cut_as_the_line_says() -> None:
    strokes = scrawl("88")
    alone = NumberReader(reader_by_heart()).read_strokes(strokes)
    found = numbers("88", 1 - 1e-10).read_strokes(strokes)
    assert alone.text != "88"
    assert found.text == "88"
    left, right = found.boxes
    assert left[2] == pytest.approx(right[0], abs=15)


def test_pictures_are_cut_so_too() -> None:
    shown = picture(written("88", gap=-0.22).strokes)
    assert NumberReader(reader_by_heart()).read_picture(shown).text != "88"
    assert numbers("88", 1 - 1e-10).read_picture(shown).text == "88"


@pytest.mark.parametrize("text", ["110", "115", "118"])
def test_ink_that_falls_into_as_many_parts_elsewhere_is_cut_as_the_line_says(text: str) -> None:
    """Where the ones cross each other, the parts that are found show other digits."""
    strokes = written(text, gap=-0.3).strokes
    assert NumberReader(reader_by_heart()).read_strokes(strokes).text != text
    assert numbers(text, 1 - 1e-10).read_strokes(strokes).text == text


def test_what_the_digits_show_clearly_stands_against_the_line() -> None:
    number = written("20", gap=0.4).strokes
    assert numbers("50", 0.7).read_strokes(number).text == "20"


def test_a_doubtful_digit_is_what_the_line_says() -> None:
    """Both opinions count: the digits' bars are what the two say together."""
    number = written("20", gap=0.4).strokes
    line = StrokeInk(number).line_picture()
    assert line is not None
    odds, expected = [], []
    for spelled in ("20", "70"):
        digit = numbers(spelled).read_strokes(number).digits[0]
        assert sum(digit.probabilities) == pytest.approx(1)
        odds.append(np.log(digit.probabilities[7] / digit.probabilities[2]))
        of_seven, of_two = reading(spelled, line).log_likelihoods(("70", "20"))
        expected.append(Weights(*_OF_STROKES).line * (of_seven - of_two))
    assert odds[1] - odds[0] == pytest.approx(expected[1] - expected[0])
    assert odds[1] - odds[0] > 3


def test_signs_may_be_cut_out_by_the_line() -> None:
    found = numbers("1/0").read_strokes(written("110", gap=0.3).strokes)
    assert [digit.label for digit in found.digits] == list(found.text.replace("/", ""))


@pytest.mark.parametrize("spelled", ["1//0", "22-", "/22", "--"])
def test_no_sign_is_cut_out_that_stands_before_no_digit(spelled: str) -> None:
    found = numbers(spelled, 1 - 1e-10).read_strokes(written("2035", gap=0.3).strokes)
    places = [separator.before for separator in found.separators]
    assert len(set(places)) == len(places)
    assert found.text[-1].isdigit() and found.text[0] != "/"


def test_a_model_with_other_classes_is_read_without() -> None:
    knows = Knows("88")
    words = NumberReader(with_lines(knows, class_names=("zero", *"123456789")))
    words.read_strokes(written("20", gap=0.4).strokes)
    assert knows.asked == 0


def test_a_line_that_is_too_long_is_read_without() -> None:
    long = numbers("8")
    text = "20354" * 5
    assert long.read_strokes(written(text, gap=0.4).strokes).text == text
    assert long.reader.lines.asked == 0  # type: ignore[union-attr]


# The network itself


def arrays(width: int = 128) -> dict[str, np.ndarray[Any, Any]]:
    network = Network(
        SPEC, lambda: parse_layers(SPEC), input_shape=(1, 32, width), backend=cpu_backend(), seed=4
    )
    return network.snapshot()


def test_one_network_reads_lines_of_all_widths() -> None:
    network = LineNetwork(LinePart(SPEC, NAMES), arrays())
    grey = np.zeros((32, 128), dtype=np.float32)
    grey[8:24, 60:66] = 1
    short = network.read(LinePicture(grey, 0, 1))
    long = network.read(LinePicture(np.pad(grey, ((0, 0), (64, 64))), 0, 1))
    assert short is not None and long is not None
    assert long.logs[16:-16] == pytest.approx(short.logs, abs=1e-5)
    assert np.exp(short.logs).sum(axis=1) == pytest.approx(1)
    # A column of the network lies where the columns of the picture that it sees do.
    change = abs(long.logs - long.logs[0]).sum(axis=1)
    seen = np.flatnonzero(change > 1e-6)
    assert 4 * seen.mean() + 16 == pytest.approx(64 + 63, abs=4)


def test_an_edge_is_where_there_is_least_ink() -> None:
    grey = np.zeros((32, 256), dtype=np.float32)
    grey[10:20, 60:120] = 1
    grey[10:12, 120:130] = 1
    grey[10:20, 130:190] = 1
    (edge,) = reading("80", LinePicture(grey, 500.0, 2.0)).edges("80")
    assert edge == pytest.approx(500 + (125 - 128) / 2, abs=4)


def test_signs_it_does_not_know_are_no_reading_of_it() -> None:
    line = reading("12", LinePicture(np.zeros((32, 256), np.float32), 0, 1))
    known, unknown = line.log_likelihoods(["12", "1x"])
    assert known > -10
    assert unknown < -1e20


def stored() -> StoredModel:
    network = build_network("flatten dense(10)", backend=cpu_backend(), seed=1)
    card = ModelCard("Lines", network.spec, lines=LinePart(SPEC, NAMES, 1.5))
    of_lines = {LINES + name: array for name, array in arrays().items()}
    return StoredModel(card, network.snapshot() | of_lines)


@pytest.mark.parametrize("suffix", [".npz", ".pkl"])
def test_it_is_kept_in_the_models_file(tmp_path: Any, suffix: str) -> None:
    model = stored()
    save_model(tmp_path / f"lines{suffix}", model.card, model.arrays)
    again = load_model(tmp_path / f"lines{suffix}")
    assert again.card == model.card
    number = written("20", gap=0.4).strokes
    said = [
        NumberReader(Reader.from_stored(one, cpu_backend())).read_strokes(number)
        for one in (model, again)
    ]
    assert said[0] == said[1]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda card, own: (dataclasses.replace(card, lines=None), own), "knows nothing"),
        (lambda card, own: (card, {k: v for k, v in own.items() if "conv2" not in k}), "lacks"),
        (
            lambda card, own: (
                dataclasses.replace(card, lines=LinePart("flatten dense(16)", NAMES)),
                {k: v for k, v in own.items() if not k.startswith(LINES)}
                | {f"{LINES}dense1.kernel": np.zeros((16, 4096), np.float32)}
                | {f"{LINES}dense1.bias": np.zeros(16, np.float32)},
            ),
            "row of columns",
        ),
    ],
)
def test_a_file_that_does_not_fit_its_card_is_refused(change: Any, told: str) -> None:
    model = stored()
    card, own = change(model.card, model.arrays)
    with pytest.raises(ModelFileError, match=told):
        Reader.from_stored(StoredModel(card, own), cpu_backend())
