"""2×2 max-pooling, windows side by side: left and right first, then top and bottom.

Half the comparisons of four places each; what it is given may come apart in left and right
already, straight from a convolution.

Gains: the reader's network, whose pools stand alone, trains 1.05 times as fast
(``tests/benchmarks/tricks.py --only pool``).
"""

from __future__ import annotations

import numpy as np

from digitdesk.nn.core.backend import Array
from digitdesk.nn.core.buffers import Buffers


class MaxPool2x2:
    """The maximum of left and right, then of top and bottom. NumPy only.

    Args:
        dtype: Number type.

    Shapes:
        left, right and what is made of them (C, 2·H', W', N) → y (C, H', W', N).
    """

    def __init__(self, dtype: str) -> None:
        self._buffers = Buffers(np, dtype)

    def forward(
        self,
        left: Array,
        right: Array,
        y: Array,
        *,
        rows: Array,
        common: Array | None = None,
        training: bool,
    ) -> Array:
        """Write the maxima to y.

        Args:
            left: Left columns of all windows.
            right: Right columns.
            y: Where the outputs go.
            rows: Where the larger of left and right goes; may be ``left`` itself.
            common: What is still to be added to left and right alike.
            training: Whether to note who won, for ``backward``.
        """
        maximum = np.maximum
        if common is None and not training:
            # Nobody asks which pair won, nor are there sums to make: all four on the smallest y.
            maximum(left[:, 0::2], right[:, 0::2], out=y)
            maximum(y, left[:, 1::2], out=y)
            return maximum(y, right[:, 1::2], out=y)
        if training:
            self._left_takes = self._buffers.get("left_takes", left.shape, bool)
            np.greater_equal(left, right, out=self._left_takes)
        maximum(left, right, out=rows)
        if common is not None:
            rows += common
        top, bottom = rows[:, 0::2], rows[:, 1::2]
        if training:
            # Compared now, while the numbers are still in the processor's cache.
            self._top_takes = self._buffers.get("top_takes", y.shape, bool)
            np.greater_equal(top, bottom, out=self._top_takes)
        return maximum(top, bottom, out=y)

    def backward(self, grad_y: Array, left: Array, right: Array, both: Array) -> None:
        """Write the gradients: of left, of right, and their sum.

        Top takes the gradient unless bottom is larger, then left unless right is larger. This is
        the first maximum in reading order: an upper one goes before a lower one, and within a row
        the left one before the right one.
        """
        top, bottom = both[:, 0::2], both[:, 1::2]
        np.multiply(grad_y, self._top_takes, out=top)
        np.subtract(grad_y, top, out=bottom)
        np.multiply(both, self._left_takes, out=left)
        np.subtract(both, left, out=right)
