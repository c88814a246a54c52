"""Many segments drawn at once are what the brush paints one after the other."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.ink import rasterizer
from digitdesk.ink.brush import stamp_capsule
from digitdesk.ink.ink_batch import InkBatch
from digitdesk.ink.rasterizer import draw_on

SIDE = 60
PENS = (0.4, 3.0, 6.5)


def drawings(rng: np.random.Generator) -> list[list[list[tuple[float, float]]]]:
    """One of each pen: three strokes that leave the canvas on every side, and a dot."""
    ways = rng.uniform(-8, SIDE + 8, (len(PENS), 3, 7, 2))
    return [
        [*([(x, y) for x, y in stroke] for stroke in way), [(30.3, 29.8)]] for way in ways.tolist()
    ]


def stamped(drawing: list[list[tuple[float, float]]], radius: float) -> np.ndarray:
    canvas = np.zeros((SIDE, SIDE), dtype=np.float32)
    for stroke in drawing:
        for start, end in zip(stroke, stroke[1:] or stroke, strict=False):
            stamp_capsule(canvas, start, end, radius)
    return canvas


@pytest.mark.parametrize("most_pixels", [1, 2**16])
def test_drawings_are_what_the_brush_paints(
    most_pixels: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rasterizer, "_MOST_PIXELS", most_pixels)
    for seed in range(5):
        made = drawings(np.random.default_rng(seed))
        ink, radii = InkBatch.from_drawings(made), np.array(PENS, dtype=np.float32)
        drawn = draw_on(ink, radii, (SIDE, SIDE), longest=9.0)
        for canvas, drawing, radius in zip(drawn, made, PENS, strict=True):
            expected = stamped(drawing, radius)
            assert expected.max() > 0.5
            np.testing.assert_allclose(canvas, expected, atol=2e-5)
