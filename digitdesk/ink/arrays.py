"""What arrays of pictures and of handwriting are called in annotations, wherever there are any."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float32Array = NDArray[np.float32]
"""Greys 0 … 1, ink = 1, or coordinates."""

Float64Array = NDArray[np.float64]
UInt8Array = NDArray[np.uint8]
"""Greys 0 … 255, or labels."""

Mask = NDArray[np.bool_]
"""One truth per pixel."""
