"""Several drawings read together are read as each alone, those without ink and taps included."""

from __future__ import annotations

import math

import numpy as np
import pytest

from digitdesk.messages.prediction import Stroke
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.recognition.reader import Reader
from tests.export.networks import model, model_of_strokes, model_of_two


def drawings() -> list[tuple[Stroke, ...]]:
    found: list[tuple[Stroke, ...]] = [((), ((70.0, 70.0),)), ()]
    for k in range(1, 9):
        angles = [k * 0.9 * step / 30 for step in range(31)]
        arc = tuple((140 + 60 * math.cos(a), 150 - 80 * math.sin(a)) for a in angles)
        found.append((arc, ((5.0, 5.0), (6.0, 6.0))) if k % 2 else (arc,))
    return [*found, ()]


@pytest.mark.parametrize("stored", [model(), model_of_two(), model_of_strokes()])
def test_together_is_as_alone(stored) -> None:
    reader = Reader.from_stored(stored, cpu_backend())
    together = reader.read_drawings(drawings())
    alone = [reader.read_strokes(drawing) for drawing in drawings()]
    assert [one.reason for one in together] == [one.reason for one in alone]
    assert [one.preprocessed for one in together] == [one.preprocessed for one in alone]
    for mine, theirs in zip(together, alone, strict=True):
        np.testing.assert_allclose(mine.probabilities, theirs.probabilities, atol=1e-5)
    assert reader.read_drawings([]) == []
