"""Signs of alphabets that do not exist: a few strokes between the nodes of a grid.

However many real letters a network has seen, somebody draws another one; it should know signs it
does not know.
"""

from __future__ import annotations

import numpy as np

from digitdesk.data.synthetic.scribbles import rounded
from digitdesk.ink.arrays import Float64Array

_COLUMNS = np.array([0.0, 35.0, 70.0])
_ROWS = np.array([0.0, 33.0, 67.0, 100.0])
_STROKES = (3, 4, 5)
_CHANCES = (0.5, 0.35, 0.15)
_NARROWEST = 40.0


def invented_sign(rng: np.random.Generator) -> list[Float64Array]:
    """A sign of three to five strokes in a box of about 70×100 units.

    Letters hang together: most strokes begin where an earlier one has been. Fewer strokes, or
    all in one narrow column, would look like a digit too often.
    """
    while True:
        strokes = _strokes(rng)
        if np.ptp(np.concatenate(strokes), axis=0).min() >= _NARROWEST:
            return [rounded(stroke, rng) for stroke in strokes]


def _strokes(rng: np.random.Generator) -> list[Float64Array]:
    """The nodes of each stroke."""
    strokes: list[Float64Array] = []
    for _ in range(int(rng.choice(_STROKES, p=_CHANCES))):
        nodes = np.empty((int(rng.integers(2, 5)), 2))
        for place in range(len(nodes)):
            nodes[place] = _COLUMNS[rng.integers(3)], _ROWS[rng.integers(4)]
            while place and (nodes[place] == nodes[place - 1]).all():
                nodes[place] = _COLUMNS[rng.integers(3)], _ROWS[rng.integers(4)]
        if strokes and rng.random() < 0.6:
            earlier = strokes[rng.integers(len(strokes))]
            nodes[0] = earlier[rng.integers(len(earlier))]
        strokes.append(nodes + rng.normal(0, 2.5, nodes.shape))
    return strokes
