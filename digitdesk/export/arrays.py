"""A model's weights and nothing else: by name, as a table of text or as NumPy arrays."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from digitdesk.export.content import (
    LINES_NETWORK,
    STROKES_NETWORK,
    TRACED_NETWORK,
    ExportContent,
)
from digitdesk.messages.model import LINES, STROKES, TRACED

_PREFIXES = {STROKES_NETWORK: STROKES, LINES_NETWORK: LINES, TRACED_NETWORK: TRACED}


def named_arrays(content: ExportContent) -> dict[str, NDArray[np.float32]]:
    """Every parameter and running statistic, by the names they have in a model file.

    Those of networks beside the first begin with ``STROKES``, ``LINES`` or ``TRACED``.
    """
    found: dict[str, NDArray[np.float32]] = {}
    for number, part in enumerate(content.parts):
        prefix = _PREFIXES[part.name] if number else ""
        found |= {f"{prefix}{name}": value for name, value in part.network.snapshot().items()}
    return found


def csv_text(content: ExportContent) -> str:
    """A line for each number: the array's name, its place there, and its value.

    Places count from 0, one number for each axis; values are the shortest that read back the same.
    """
    return "\n".join(["name,place,value", *_lines(named_arrays(content))]) + "\n"


def _lines(arrays: dict[str, NDArray[np.float32]]) -> Iterator[str]:
    for name, array in arrays.items():
        for place, value in zip(np.ndindex(array.shape), array.ravel(), strict=True):
            yield f"{name},{' '.join(map(str, place))},{value}"


def npz_bytes(arrays: dict[str, NDArray[np.float32]]) -> bytes:
    """Arrays as ``numpy.load`` reads them."""
    stream = io.BytesIO()
    np.savez(stream, **arrays)  # type: ignore[arg-type]  # names may be any text
    return stream.getvalue()
