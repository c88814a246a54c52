"""Made-up numbers, of all that the page must tell apart."""

from __future__ import annotations

import numpy as np

from digitdesk.data.synthetic.handwriting import generate_strokes
from digitdesk.data.synthetic.numbers import NumberStyle, compose_number
from digitdesk.ink.stroke_file import StrokeSample
from digitdesk.messages.prediction import Stroke


def numbers() -> list[tuple[Stroke, ...]]:
    """Digits, some of them joined; signs, spaces, rows; a dot and a bar alone; nothing."""
    rng = np.random.default_rng(11)

    def row(digits: str, *, joined: float = 0.5, top: float = 0.0) -> tuple[Stroke, ...]:
        samples = [StrokeSample(int(d), "", generate_strokes(int(d), rng)) for d in digits]
        strokes = compose_number(samples, rng, NumberStyle(joined=joined)).strokes
        return tuple(tuple((x, y + top) for x, y in stroke) for stroke in strokes)

    def beside(first: tuple[Stroke, ...], gap: float, *others: Stroke) -> tuple[Stroke, ...]:
        right = max(x for stroke in first for x, _ in stroke) + gap
        return (*first, *(tuple((x + right, y) for x, y in stroke) for stroke in others))

    found = [row("".join(map(str, rng.integers(0, 10, length)))) for length in (1, 2, 3, 4, 6)]
    signs = {
        "-": ((0.0, 50.0), (30.0, 51.0)), ".": ((0.0, 99.0),), ",": ((3.0, 95.0), (0.0, 125.0)),
        "/": ((75.0, -15.0), (0.0, 115.0)), " ": (),
    }  # fmt: skip
    for name, sign in signs.items():
        digits = beside(row("31"), 15.0, *((sign,) if sign else ()))
        found.append(beside(digits, 120.0 if name == " " else 15.0, *row("27")))
    # As in columns, so that even a network that knows nothing finds rows likelier.
    upper = beside(row("5"), 130.0, *row("8"))
    lower = beside(row("1", top=190.0), 130.0, *row("2", top=190.0))
    found.append((*upper, *(tuple((x + 95.0, y) for x, y in stroke) for stroke in lower)))
    found += [(((70.0, 70.0),),), (((10.0, 50.0), (90.0, 50.0)),), ()]
    return found
