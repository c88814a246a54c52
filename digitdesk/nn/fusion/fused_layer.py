"""A step of the execution order that stands for one layer or for several in a row."""

from __future__ import annotations

import numpy as np

from digitdesk.nn.core.backend import Array
from digitdesk.nn.core.buffers import Buffers
from digitdesk.nn.layers.layer import Layer


class FusedLayer(Layer):
    """Gives what its layers give one after the other, and leaves them as they are.

    It shares their parameters and has buffers of its own, so that the layers as written can be
    asked for what they compute at any time.

    Args:
        layers: Built, in the order written.
    """

    def __init__(self, *layers: Layer) -> None:
        first, last = layers[0], layers[-1]
        self.name, self.path = first.name, first.path
        self.xp, self.dtype = first.xp, first.dtype
        self.input_shape, self.output_shape = first.input_shape, last.output_shape
        self.has_parameters = any(layer.has_parameters for layer in layers)
        self.works_on_images = any(layer.works_on_images for layer in layers)
        self._buffers = Buffers(self.xp, self.dtype)
        self._layers = layers

    def _rectify(self, y: Array) -> None:
        """``y ← max(y, 0)``, for NumPy's arrays in one stretch of memory.

        NumPy compares two arrays by vector instructions, but not an array and a number: with a row
        of zeros this takes a third of the time, and cnn-standard reads 1.07 times as fast
        (``tests/benchmarks/tricks.py --only zeros``).
        """
        rows = y.reshape(len(y), -1)
        zeros = self._buffers.get("zeros", rows.shape[1:], zeroed=True)
        np.maximum(rows, zeros, out=rows)

    def numbers_per_image(self) -> int:
        """What each of its layers takes in and gives out; faster ways add their copies."""
        return sum(Layer.numbers_per_image(layer) for layer in self._layers)
