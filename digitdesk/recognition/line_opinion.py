"""Weighs two opinions of a number: of each digit by itself, and of the line as a whole.

A reader of single digits knows their forms better; a network for lines knows better where one ends
and the next begins. What both find likely is taken.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from digitdesk.ink.segmentation.number_ink import NumberInk
from digitdesk.ink.segmentation.picture_number import PictureInk
from digitdesk.ink.segmentation.signs import SIGNS
from digitdesk.recognition.line_network import LineReading
from digitdesk.recognition.number_forms import form_penalty
from digitdesk.recognition.number_parts import LEAST_SURENESS, Part
from digitdesk.recognition.number_separators import places_of_spaces, with_spaces


class Weights(NamedTuple):
    """What counts how much, in nats, for a row of digits and signs.

    Attributes:
        row: A nat of how probable the row is by the opinion of each part.
        digit: A nat by which a digit is less probable than its reader's own choice.
        line: A nat of the line's opinion of the text.
        form: A nat of what speaks against the text as a date, a decimal and so on.
        sign: Each sign that was found in the ink. One that is missed leaves little behind: a point
            beside a digit, a slash that passes for a 1.
        slices: That the ink was cut by columns, as the line says.
        sliced_sign: Each sign that was cut out so: nobody looks at it again.
        cut_one: Each 1 that was cut out of a stroke or region: any straight bit of one looks so.
        hidden: Each 1 that only the line sees, in the ink of another digit.
    """

    row: float
    digit: float
    line: float
    form: float
    sign: float
    slices: float = 0.0
    sliced_sign: float = 0.0
    cut_one: float = 0.0
    hidden: float = 0.0


# Fitted by greatest likelihood to numbers, dates and decimals of twenty writers that no network was
# trained on, so that the certainties come out as they should. Where digits had to be cut out of one
# stroke or region, they are not known so well, and the line's opinion counts more.
_OF_STROKES = (0.31, 0.57, 0.31, 1.81, 3.25)
_OF_CUT_STROKES = (0.16, 0.26, 0.69, 1.81, 3.25, -4.65, 1.21, -1.02)
# Where light and paper leave specks and strips beside the digits, signs are seldom what was missed:
# pictures have a weight of none, though on clean ones more would be read right. The price of a
# hidden 1 was not fitted: it was tried on two sets, see assets/README.md.
_OF_REGIONS = (0.25, 0.32, 0.55, 1.2, 0.0, 0.0, 0.0, 0.0, -0.6)
_OF_CUT_REGIONS = (0.16, 0.21, 0.74, 1.2, 0.0, -2.7, 1.9, 0.0, -0.6)

_COMPARED = 4
"""So many ways to read the ink are looked at closely."""

_TEXTS = 4
"""So many of the texts that the network for lines finds likeliest are tried on each row."""

_LEAST = 1e-4
"""A digit may be another one however sure a reader is of it."""

_FAR = 9.0
"""A digit so many nats less likely than the one that stands there stays unlikely: how it would fit
into the number as a whole is not looked at."""

_OTHER_DIGITS = 12.0
"""So many nats of doubt about the digits of a row show two at least that are others."""

_BETTER = 1e-9
"""Nats that another name must win at least; what is less is rounding."""


@dataclass(frozen=True)
class Row:
    """One way to read a number.

    Attributes:
        ink: What its parts are candidates of.
        parts: Digits and signs from left to right.
        score: Logarithm of how probable it is, by the opinion of each part and by its form.
        is_sliced: Whether the ink was cut by columns, as the network for lines says.
    """

    ink: NumberInk
    parts: tuple[Part, ...]
    score: float
    is_sliced: bool = False

    @property
    def text(self) -> str:
        """Digits and signs as they are written."""
        return "".join(part.text for part in self.parts)

    @property
    def is_cut(self) -> bool:
        """Whether two of its parts were one stroke or region."""
        return self.is_sliced or any(self.cut_out)

    @property
    def cut_out(self) -> tuple[bool, ...]:
        """Whether each part was one stroke or region with the part beside it."""
        pieces, are_cut = self.ink.line.pieces, [False] * len(self.parts)
        # What is hidden takes up no ink, and parts beside it may be of one region all the same.
        seen = [(k, part.candidate) for k, part in enumerate(self.parts) if not part.is_hidden]
        for (j, left), (k, right) in itertools.pairwise(seen):
            if pieces[left.last - 1].source == pieces[right.first].source:
                are_cut[j] = are_cut[k] = True
        return tuple(are_cut)

    def may_read(self, text: str) -> bool:
        """Whether its digits may be those of a text, or the ink is divided otherwise."""
        if self.signs != signs_of(text):
            return False
        lost = 0.0
        for part, name in zip(self.parts, text, strict=True):
            # What its reader has no name for, it cannot read however the ink is divided.
            if part.digit is not None and name in part.digit.class_names:
                chances = part.digit.probabilities
                chance = chances[part.digit.class_names.index(name)]
                lost += math.log(max(chances) / max(chance, LEAST_SURENESS))
        return lost < _OTHER_DIGITS

    def form_penalty(self, text: str) -> float:
        """What speaks against a text that is written so, its spaces seen, in nats."""
        return form_penalty(with_spaces(text, self._spaces))

    @functools.cached_property
    def _spaces(self) -> list[int]:
        return places_of_spaces(self.ink.line, self.parts)

    @property
    def has_form(self) -> bool:
        """Whether signs or spaces make more of it than digits beside each other."""
        return any(self.signs) or bool(self._spaces)

    @property
    def signs(self) -> tuple[str, ...]:
        """The sign at each place, nothing for a digit: how the ink is divided."""
        return tuple(part.candidate.sign for part in self.parts)


def signs_of(text: str) -> tuple[str, ...]:
    """The sign at each place of a text, nothing for a digit."""
    return tuple(letter if letter in SIGNS else "" for letter in text)


def likeliest_row(rows: Sequence[Row], line: LineReading) -> tuple[Row, float]:
    """The row, and the digits on it, that both opinions together find likeliest.

    Args:
        rows: One at least.
        line: What is said of the line as a whole.

    Returns:
        The row, its digits as both together see them, and how probable it is that the number reads
        so.
    """
    spellings = [spelling for row in rows for spelling in spellings_of(row, line)]
    likelihoods = line.log_likelihoods([spelling.text for spelling in spellings])
    totals = [s.own + s.weights.line * one for s, one in zip(spellings, likelihoods, strict=True)]
    # How probable each text is; two rows that read the same do not make each other less likely.
    found: dict[str, tuple[float, Spelling]] = {}
    for place, k in enumerate(sorted(range(len(totals)), key=lambda k: -totals[k])):
        spelling, total = spellings[k], totals[k]
        if place < _COMPARED:
            spelling, total = _improved(spelling, total)
        if spelling.text not in found or total > found[spelling.text][0]:
            found[spelling.text] = total, spelling
    best, chosen = max(found.values(), key=lambda one: one[0])
    certainty = 1 / sum(math.exp(total - best) for total, _ in found.values())
    return _seen_by_both(chosen), certainty


class Spelling:
    """A row with its digits named in one way.

    Attributes:
        row: The row.
        text: Its digits and signs.
        line: What is said of the line as a whole.
        weights: What counts how much for it.
        facts: What each weight is multiplied by, but the line's opinion.
        own: What speaks for it beside the line's opinion of its text, in nats.
    """

    def __init__(self, row: Row, text: str, line: LineReading) -> None:
        self.row, self.text, self.line, self.weights = row, text, line, _weights(row)
        digits = [
            (place, part.digit) for place, part in enumerate(row.parts) if part.digit is not None
        ]
        self.names = digits[0][1].class_names if digits else ()
        self.places = [place for place, _ in digits]
        self.logs = np.array(
            [np.log(np.maximum(digit.probabilities, _LEAST)) for _, digit in digits]
        ).reshape(len(digits), len(self.names))
        self.named = [self.names.index(text[place]) for place in self.places]
        chosen = self.logs[np.arange(len(digits)), self.named] - self.logs.max(axis=1, initial=-99)
        signs = float(sum(map(bool, row.signs)))
        cut_out = row.cut_out
        self.cut_out = np.array(cut_out)[self.places]
        self.facts = Weights(
            row=row.score + row.form_penalty(row.text),
            digit=float(chosen.sum()),
            line=0.0,
            form=-row.form_penalty(text),
            sign=0.0 if row.is_sliced else signs,
            slices=float(row.is_sliced),
            sliced_sign=signs if row.is_sliced else 0.0,
            cut_one=float(sum(map(operator.and_, cut_out, (name == "1" for name in text)))),
            hidden=float(sum(part.is_hidden for part in row.parts)),
        )
        self.own = sum(map(operator.mul, self.weights, self.facts))

    def with_digit(self, k: int, name: str) -> Spelling:
        """The same with another name for the digit ``k``."""
        place = self.places[k]
        text = self.text[:place] + name + self.text[place + 1 :]
        return Spelling(self.row, text, self.line)

    @functools.cached_property
    def seen(self) -> NDArray[np.float64]:
        """(digits, names) what speaks for each name of a digit while the others stay, in nats."""
        texts = [
            self.text[:place] + name + self.text[place + 1 :]
            for place in self.places
            for name in self.names
        ]
        by_line = self.line.log_likelihoods(texts).reshape(self.logs.shape)
        seen = self.weights.digit * self.logs + self.weights.line * by_line
        are_ones = np.array([name == "1" for name in self.names])
        seen += self.weights.cut_one * (self.cut_out[:, None] & are_ones)
        if self.row.has_form:
            now = seen[np.arange(len(seen)), self.named][:, None]
            # Those far away are left in the form that the number has now: none of them wins by it.
            forms = np.full(seen.size, self.facts.form)
            for place in np.flatnonzero(seen > now - _FAR):
                forms[place] = -self.row.form_penalty(texts[place])
            seen += self.weights.form * forms.reshape(seen.shape)
        return seen


def spellings_of(row: Row, line: LineReading) -> list[Spelling]:
    """A row as it reads by itself, and as the network for lines would have it."""
    texts = [text for text in line.likeliest(_TEXTS) if _fits(text, row)]
    return [Spelling(row, text, line) for text in dict.fromkeys((row.text, *texts))]


def _weights(row: Row) -> Weights:
    if isinstance(row.ink, PictureInk):
        return Weights(*(_OF_CUT_REGIONS if row.is_cut else _OF_REGIONS))
    return Weights(*(_OF_CUT_STROKES if row.is_cut else _OF_STROKES))


def _fits(text: str, row: Row) -> bool:
    """Whether a text has the row's signs where they are, and else digits that its reader knows."""
    return len(text) == len(row.parts) and all(
        letter == part.text if part.digit is None else letter in part.digit.class_names
        for letter, part in zip(text, row.parts, strict=True)
    )


def _improved(spelling: Spelling, total: float) -> tuple[Spelling, float]:
    """A spelling that no other name of one digit makes likelier."""
    while spelling.places:
        seen = spelling.seen
        gains = seen - seen[np.arange(len(seen)), spelling.named][:, None]
        k, name = np.unravel_index(gains.argmax(), gains.shape)
        if gains[k, name] < _BETTER:
            break
        spelling = spelling.with_digit(int(k), spelling.names[name])
        total += float(gains[k, name])
    return spelling, total


def _seen_by_both(spelling: Spelling) -> Row:
    """A row whose digits are as probable as both opinions together find each."""
    parts = list(spelling.row.parts)
    if spelling.places:
        seen = spelling.seen
        chances = np.exp(seen - seen.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        for place, own in zip(spelling.places, chances.tolist(), strict=True):
            digit = parts[place].digit
            assert digit is not None
            both = dataclasses.replace(digit, probabilities=tuple(own))
            parts[place] = dataclasses.replace(parts[place], digit=both)
    return dataclasses.replace(spelling.row, parts=tuple(parts))
