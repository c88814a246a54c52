"""A line of points that keeps few of them however many arrive, and a fair smoothing.

Both take one point at a time, so a look costs the same after an hour as after a second.
"""

from __future__ import annotations

import math


class DecimatedSeries:
    """A line of at most ``capacity`` points that keeps every peak and every dip.

    Points are gathered in buckets of neighbors; of each, the lowest and the highest are kept, in
    the order they came. When all buckets are taken, neighbors are merged two by two. The newest
    point is always there, so that the line ends where the run is.

    Args:
        capacity: Most points ``points`` returns; an even number.
    """

    def __init__(self, capacity: int = 1000) -> None:
        self._most_buckets = (capacity - 1) // 2
        self._per_bucket = 1
        # A bucket is its points of lowest and highest y: ((x, y), (x, y)).
        self._buckets: list[tuple[tuple[float, float], tuple[float, float]]] = []
        self._in_last = 0
        self._newest: tuple[float, float] | None = None

    def __len__(self) -> int:
        return len(self.points()[0])

    def append(self, x: float, y: float) -> None:
        """Add a point at the right end; points that are not finite are left out."""
        if not (math.isfinite(x) and math.isfinite(y)):
            return
        point = self._newest = (x, y)
        if self._buckets and self._in_last < self._per_bucket:
            low, high = self._buckets[-1]
            self._buckets[-1] = (point if y < low[1] else low, point if y > high[1] else high)
            self._in_last += 1
            return
        if len(self._buckets) == self._most_buckets:
            self._merge()
            if self._in_last < self._per_bucket:
                self.append(x, y)
                return
        self._buckets.append((point, point))
        self._in_last = 1

    def points(self) -> tuple[list[float], list[float]]:
        """All kept points as two lists, x ascending."""
        xs: list[float] = []
        ys: list[float] = []
        for bucket in self._buckets:
            low, high = bucket
            for point in (low,) if low == high else sorted(bucket):
                xs.append(point[0])
                ys.append(point[1])
        if self._newest is not None and self._newest[0] > xs[-1]:
            xs.append(self._newest[0])
            ys.append(self._newest[1])
        return xs, ys

    def clear(self) -> None:
        """Forget all points."""
        self._buckets.clear()
        self._newest = None
        self._per_bucket = 1
        self._in_last = 0

    def _merge(self) -> None:
        pairs = [self._buckets[i : i + 2] for i in range(0, len(self._buckets), 2)]
        self._in_last += self._per_bucket if len(pairs[-1]) == 2 else 0
        self._per_bucket *= 2
        self._buckets = [
            (
                min((low for low, _high in pair), key=lambda point: point[1]),
                max((high for _low, high in pair), key=lambda point: point[1]),
            )
            for pair in pairs
        ]


class SmoothedMean:
    """Exponential mean that is right from its first value on.

    A plain one starts at zero and creeps up; this divides by the weight seen so far.

    Args:
        memory: After so many units of weight, a value counts 1/e of what it did.

    Source:
        Kingma and Ba, "Adam" (2015), section 3, bias correction.
    """

    def __init__(self, memory: float = 25.0) -> None:
        self._memory = memory
        self._sum = 0.0
        self._weight = 0.0

    def add(self, value: float, weight: float = 1.0) -> float:
        """Take a value that is itself a mean over ``weight`` units; returns the mean now."""
        keep = math.exp(-weight / self._memory)
        self._sum = keep * self._sum + (1 - keep) * value
        self._weight = keep * self._weight + (1 - keep)
        return self._sum / self._weight
