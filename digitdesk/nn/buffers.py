"""Arrays that are kept from call to call, so that training allocates nothing.

One flat array per name grows to the largest batch seen; smaller batches use a part of it.
"""

from __future__ import annotations

import math
from typing import Any

from digitdesk.nn.backend import Array, Shape


class Buffers:
    """Named scratch arrays of one layer.

    Args:
        xp: The array module.
        dtype: Number type where none is given.
    """

    def __init__(self, xp: Any, dtype: Any) -> None:
        self._xp = xp
        self._dtype = dtype
        self._flat: dict[str, Array] = {}
        self._views: dict[str, Array] = {}

    def get(self, key: str, shape: Shape, dtype: Any = None, *, zeroed: bool = False) -> Array:
        """An array of that shape, with whatever it held before.

        Args:
            key: Name of the buffer.
            shape: Shape wanted now.
            dtype: Number type; the usual one where ``None``.
            zeroed: Fill with zeros whenever the shape changes, for borders nobody writes to.
        """
        view = self._views.get(key)
        if view is not None and view.shape == shape:
            return view
        size = math.prod(shape)
        flat = self._flat.get(key)
        if flat is None or flat.size < size:
            flat = self._xp.empty(size, dtype=self._dtype if dtype is None else dtype)
            self._flat[key] = flat
        view = flat[:size].reshape(shape)
        if zeroed:
            view.fill(0)
        self._views[key] = view
        return view
