"""Many drawings as flat arrays, so that thousands are changed or drawn in one pass.

All points of all drawings stand in one array; two more say where strokes and drawings begin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitdesk.ink.arrays import Float32Array
from digitdesk.messages.prediction import Stroke


@dataclass(frozen=True, slots=True)
class InkBatch:
    """Drawings of at least one point each, in any unit, y growing downward.

    Attributes:
        points: (P, 2) float32, x and y, drawing by drawing and stroke by stroke.
        starts_stroke: (P,) bool, true at the first point of each stroke.
        sample: (P,) the drawing each point belongs to, 0 … count - 1, never decreasing.
        count: The number of drawings.
    """

    points: Float32Array
    starts_stroke: NDArray[np.bool_]
    sample: NDArray[np.intp]
    count: int

    @classmethod
    def from_drawings(cls, drawings: Sequence[Sequence[Sequence[Sequence[float]]]]) -> InkBatch:
        """Pack drawings given as lists of strokes.

        Raises:
            ValueError: A drawing has no point.
        """
        points: list[Sequence[float]] = []
        stroke_lengths: list[int] = []
        sample_lengths: list[int] = []
        for drawing in drawings:
            before = len(points)
            for stroke in drawing:
                if stroke:
                    points.extend(stroke)
                    stroke_lengths.append(len(stroke))
            if len(points) == before:
                raise ValueError("A drawing without a point cannot be preprocessed.")
            sample_lengths.append(len(points) - before)
        starts_stroke = np.zeros(len(points), dtype=np.bool_)
        starts_stroke[np.cumsum([0, *stroke_lengths[:-1]], dtype=np.intp)] = bool(points)
        return cls(
            np.asarray(points, dtype=np.float32).reshape(-1, 2),
            starts_stroke,
            np.repeat(np.arange(len(drawings), dtype=np.intp), sample_lengths),
            len(drawings),
        )

    @property
    def sample_start(self) -> NDArray[np.intp]:
        """(count,) position of each drawing's first point."""
        return np.searchsorted(self.sample, np.arange(self.count, dtype=np.intp))

    def with_points(self, points: Float32Array) -> InkBatch:
        """The same strokes through other points."""
        return InkBatch(points, self.starts_stroke, self.sample, self.count)

    def part(self, first: int, last: int) -> InkBatch:
        """Drawings ``first`` … ``last - 1``."""
        begin, end = np.searchsorted(self.sample, (first, last))
        return InkBatch(
            self.points[begin:end],
            self.starts_stroke[begin:end],
            self.sample[begin:end] - first,
            last - first,
        )

    def repeated(self, times: int) -> InkBatch:
        """All drawings once, then all once more, and so on."""
        shift = np.repeat(np.arange(times, dtype=np.intp) * self.count, len(self.points))
        return InkBatch(
            np.tile(self.points, (times, 1)),
            np.tile(self.starts_stroke, times),
            np.tile(self.sample, times) + shift,
            self.count * times,
        )

    def bounds(self) -> tuple[Float32Array, Float32Array]:
        """Smallest and largest x and y of each drawing, twice (count, 2)."""
        start = self.sample_start
        return (
            np.minimum.reduceat(self.points, start, axis=0),
            np.maximum.reduceat(self.points, start, axis=0),
        )

    def drawings(self) -> list[tuple[Stroke, ...]]:
        """Unpack into tuples of strokes."""
        unpacked: list[list[list[tuple[float, float]]]] = [[] for _ in range(self.count)]
        rows = zip(self.sample.tolist(), self.starts_stroke.tolist(), self.points, strict=True)
        for sample, starts, point in rows:
            if starts:
                unpacked[sample].append([])
            unpacked[sample][-1].append((float(point[0]), float(point[1])))
        return [tuple(tuple(stroke) for stroke in drawing) for drawing in unpacked]
