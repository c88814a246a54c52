"""Two opinions of a number, each digit's own and the line's, are weighed for the whole text."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from digitdesk.ink.line_picture import LinePicture
from digitdesk.ink.segmentation.candidates import Candidate, Line, Piece
from digitdesk.messages.prediction import Prediction
from digitdesk.recognition.line_network import LineReading
from digitdesk.recognition.line_opinion import Row, Spelling, likeliest_row
from digitdesk.recognition.number_parts import Part

NAMES = tuple("0123456789")
SIGNS = "-/+.,"


def line_of(chances: dict[str, float]) -> LineReading:
    """A line of columns that are blank but for one each two; its texts are as probable as that."""
    length = len(next(iter(chances)))
    logs = np.full((2 * length + 1, len(NAMES) + len(SIGNS) + 1), -12.0)
    logs[::2, -1] = 0
    for text, chance in chances.items():
        for place, sign in enumerate(text):
            logs[2 * place + 1, "".join((*NAMES, SIGNS)).index(sign)] = np.log(chance)
    return LineReading(
        LinePicture(np.zeros((32, 128), np.float32), 0, 1), logs, "".join(NAMES) + SIGNS
    )


def digit(probable: dict[str, float], place: int) -> Part:
    rest = (1 - sum(probable.values())) / (10 - len(probable))
    chances = tuple(probable.get(name, rest) for name in NAMES)
    return Part(
        Candidate(place, place + 1, (0, 0, 1, 1), 0.0), -0.1, 0.9, Prediction(chances, NAMES, None)
    )


def row(*parts: Part, sources: tuple[int, ...], score: float = -1.0, **how: Any) -> Row:
    pieces = tuple(Piece((k, 0, k + 1, 1), source) for k, source in enumerate(sources))
    ink: Any = SimpleNamespace(line=Line(pieces, 1.0))
    return Row(ink, parts, score, **how)


DOUBTFUL = (digit({"3": 0.6, "8": 0.35}, 0), digit({"1": 0.6, "7": 0.35}, 1))


def test_two_digits_are_named_otherwise_at_once() -> None:
    """Each change alone makes the line's text no likelier: only both together do."""
    said = line_of({"87": 0.98})
    found, certainty = likeliest_row([row(*DOUBTFUL, sources=(1, 2))], said)
    assert found.text == "87"
    assert certainty > 0.5


def test_what_a_digit_shows_clearly_stands() -> None:
    clear = digit({"3": 0.9999}, 0), digit({"1": 0.9999}, 1)
    doubted = line_of({"31": 0.2, "87": 0.7})
    found, _ = likeliest_row([row(*clear, sources=(1, 2))], doubted)
    assert found.text == "31"


def test_digits_out_of_one_stroke_follow_the_line_sooner() -> None:
    """Nobody knows where to cut a stroke; so digits of their own strokes are trusted more."""
    unsure = digit({"3": 0.93, "8": 0.07}, 0), digit({"1": 0.93, "7": 0.07}, 1)
    said = line_of({"31": 0.1, "87": 0.8})
    whole, cut = (row(*unsure, sources=sources) for sources in ((1, 2), (1, 1)))
    assert cut.is_cut and not whole.is_cut
    assert [likeliest_row([one], said)[0].text for one in (whole, cut)] == ["31", "87"]


def test_two_rows_that_read_the_same_raise_no_doubt() -> None:
    said = line_of({"31": 0.98})
    one = row(*DOUBTFUL, sources=(1, 2))
    assert likeliest_row([one, one], said)[1] == pytest.approx(likeliest_row([one], said)[1])


def test_bars_are_what_both_opinions_say() -> None:
    found, _ = likeliest_row([row(*DOUBTFUL, sources=(1, 2))], line_of({"87": 0.98}))
    for part, name in zip(found.parts, "87", strict=True):
        assert part.digit is not None
        assert part.digit.label == name
        assert sum(part.digit.probabilities) == pytest.approx(1)
        assert part.digit.probabilities[int(name)] == part.digit.confidence


def test_a_straight_bit_of_a_stroke_is_a_1_only_where_more_speaks_for_it() -> None:
    parts = digit({"3": 0.99}, 0), digit({"1": 0.55, "7": 0.44}, 1)
    said = line_of({"31": 0.49, "37": 0.49})
    whole, cut = (row(*parts, sources=sources) for sources in ((1, 2), (1, 1)))
    assert [likeliest_row([one], said)[0].text for one in (whole, cut)] == ["31", "37"]


def test_signs_that_were_found_speak_for_the_row_more_than_those_that_the_line_cut_out() -> None:
    parts = [
        digit({name: 0.99}, k) if name in NAMES else sign_at(k, name)
        for k, name in enumerate("31-2")
    ]
    said = line_of({"31-2": 0.9})
    found, sliced = (
        Spelling(row(*parts, sources=(1, 1, 2, 3), is_sliced=how), "31-2", said)
        for how in (False, True)
    )
    weights = found.weights
    assert weights == sliced.weights and weights.sign > weights.sliced_sign
    assert found.own - sliced.own == pytest.approx(
        weights.sign - weights.sliced_sign - weights.slices
    )


def test_a_sign_is_no_digits_name() -> None:
    """What the line says fits a row only where it has the same signs at the same places."""
    found, _ = likeliest_row([row(*DOUBTFUL, sources=(1, 2))], line_of({"8/": 0.98}))
    assert set(found.text) <= set(NAMES)


def test_digits_of_a_date_are_named_so_that_it_is_one() -> None:
    """Which of two names a digit has, when its ink does not say, the number as a whole does."""
    texts = "29.6.2026", "29.6.1026"
    parts = [
        digit({name: 0.99}, k) if name in NAMES else sign_at(k, name)
        for k, name in enumerate(texts[0])
    ]
    parts[5] = digit({"1": 0.6, "2": 0.38}, 5)
    said = line_of({texts[0]: 0.4, texts[1]: 0.55})
    found, _ = likeliest_row([row(*parts, sources=tuple(range(9)))], said)
    assert found.text == texts[0]
    assert found.parts[5].text == "2"


def test_no_name_wins_by_which_the_number_is_less_likely() -> None:
    """Whose form is not looked at may not gain by it, or two names would win in turns for ever."""
    text = "+0.234.567.890"  # with a 1 as its first digit it would have a known form
    parts = [
        digit({name: 0.9999}, k) if name in NAMES else sign_at(k, name)
        for k, name in enumerate(text)
    ]
    one = row(*parts, sources=tuple(range(len(text))))
    for chance in np.geomspace(1e-5, 0.9, 60):
        said = line_of({text: chance})
        spelling = Spelling(one, text, said)
        seen = spelling.seen
        for name in np.flatnonzero(seen[0] > seen[0, 0] + 1e-9):
            other = spelling.with_digit(0, NAMES[name])
            assert total_of(other, said) > total_of(spelling, said)


def total_of(spelling: Spelling, said: LineReading) -> float:
    return spelling.own + spelling.weights.line * float(said.log_likelihoods([spelling.text])[0])


def sign_at(place: int, sign: str) -> Part:
    return Part(Candidate(place, place + 1, (0, 0, 1, 1), 0.0, sign=sign), -0.1, 0.9)
