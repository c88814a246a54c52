"""A batch cut into pieces, and pieces shared out: the arithmetic of the data-parallel step.

Pieces have a fixed size, whatever the number of threads, so that results do not depend on it.
"""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass
from typing import Any

from digitdesk.nn.core.backend import Array
from digitdesk.nn.network import Network


@dataclass(frozen=True, slots=True)
class StepResult:
    """One step's outcome on its batch: mean loss, how many were right, and of how many."""

    loss: float
    correct: int
    count: int


class Batch:
    """A batch cut into pieces of nearly equal size.

    Attributes:
        is_inside: Whether the images are (C, H, W, N) on the device already.
        piece_size: Images in a piece, at most.
        parts: Where each piece is in the batch.
        loss_scale: What the gradient of the loss is multiplied by.
    """

    def __init__(self, network: Network, images: Any, labels: Any, size: int, step: int) -> None:
        self.is_inside = images.ndim == 4 and images.shape[:-1] == network.input_shape
        self.images = images
        self.labels = network.backend.asarray(labels)
        self.count = len(labels)
        self.step = step
        self.loss_scale = 1.0
        self.piece_size = size
        self.parts = _pieces(self.count, size)


# One step is cut like the last one, and the steps of small networks are short.
@functools.cache
def _pieces(count: int, size: int) -> tuple[slice, ...]:
    pieces = max(1, -(-count // size))
    cuts = [count * piece // pieces for piece in range(pieces + 1)]
    return tuple(slice(start, stop) for start, stop in itertools.pairwise(cuts))


@functools.cache
def share_out(pieces: int, shards: int) -> tuple[range, ...]:
    """Consecutive pieces for each shard that gets any."""
    used = min(pieces, shards)
    cuts = [pieces * shard // used for shard in range(used + 1)]
    return tuple(range(start, stop) for start, stop in itertools.pairwise(cuts))


@functools.cache
def cut(size: int, parts: int) -> tuple[slice, ...]:
    """Nearly equal parts of an arena, cut at cache lines."""
    cuts = [size * part // parts // 16 * 16 for part in range(parts)]
    return tuple(slice(start, stop) for start, stop in zip(cuts, [*cuts[1:], size], strict=True))


def sum_in_place(sources: list[Array]) -> Array:
    """``sources[0] + sources[1] + …``, in this order, in the memory of the first."""
    total, *others = sources
    for source in others:
        total += source
    return total
