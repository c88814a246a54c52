"""2×2 max-pooling, windows side by side: left and right first, then top and bottom.

Half the comparisons of four places each; what it is given may come apart in left and right
already, straight from a convolution.

Gains: the reader's network, whose pools stand alone, trains 1.05 times as fast
(``tests/benchmarks/tricks.py --only pool``).
"""

from __future__ import annotations

import numpy as np

from digitdesk.nn.core.backend import Array, Shape
from digitdesk.nn.core.buffers import Buffers


class MaxPool2x2:
    """The maximum of left and right, then of top and bottom. NumPy only.

    Args:
        dtype: Number type.

    Shapes:
        left, right and what is made of them (C, R, W', N), R of 2·H' rows → y (C, H', W', N).
    """

    def __init__(self, dtype: str) -> None:
        self._buffers = Buffers(np, dtype)

    def forward(
        self,
        left: Array,
        right: Array,
        y: Array,
        place: slice,
        *,
        rows: Array,
        common: Array | None = None,
        training: bool,
    ) -> None:
        """Write the maxima of some rows to y.

        Args:
            left: Left columns of their windows.
            right: Right columns.
            y: All outputs.
            place: Which rows of 2·H' these are.
            rows: Where the larger of left and right goes; may be ``left`` itself.
            common: What is still to be added to left and right alike.
            training: Whether to note who won, for ``backward``.
        """
        shape, y = y.shape, y[:, place.start // 2 : place.stop // 2]
        if training:
            self._make_room(shape)
            np.greater_equal(left, right, out=self._left_takes[:, place])
        np.maximum(left, right, out=rows)
        if common is not None:
            rows += common
        top, bottom = rows[:, 0::2], rows[:, 1::2]
        if training:
            # Compared now, while the numbers are still in the processor's cache.
            takes = self._top_takes[:, place.start // 2 : place.stop // 2]
            np.greater_equal(top, bottom, out=takes)
        np.maximum(top, bottom, out=y)

    def _make_room(self, shape: Shape) -> None:
        """For who won, by the shape of all outputs; by rows in memory, as convolutions come."""
        channels, height, *rest = shape
        left_takes = self._buffers.get("left_takes", (2 * height, channels, *rest), bool)
        top_takes = self._buffers.get("top_takes", (height, channels, *rest), bool)
        self._left_takes = left_takes.swapaxes(0, 1)
        self._top_takes = top_takes.swapaxes(0, 1)

    def backward(self, grad_y: Array, place: slice, left: Array, right: Array, both: Array) -> None:
        """Write the gradients of some rows: of left, of right, and their sum.

        Top takes the gradient unless bottom is larger, then left unless right is larger. This is
        the first maximum in reading order: an upper one goes before a lower one, and within a row
        the left one before the right one.
        """
        top, bottom = both[:, 0::2], both[:, 1::2]
        half = slice(place.start // 2, place.stop // 2)
        grad_y = grad_y[:, half]
        np.multiply(grad_y, self._top_takes[:, half], out=top)
        np.subtract(grad_y, top, out=bottom)
        np.multiply(both, self._left_takes[:, place], out=left)
        np.subtract(both, left, out=right)
