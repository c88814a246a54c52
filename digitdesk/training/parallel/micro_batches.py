"""A batch cut into micro-batches, and these shared out: the arithmetic of data parallelism.

Their size is fixed, whatever the number of threads, so that results do not depend on that.
"""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass
from typing import Any, SupportsFloat, SupportsInt

from digitdesk.nn.core.backend import Array
from digitdesk.nn.network import Network


@dataclass(frozen=True, slots=True)
class StepResult:
    """One step's outcome on its batch: mean loss, how many were right, and of how many.

    On a graphics card the first two are fetched only when made a number.
    """

    loss: SupportsFloat
    correct: SupportsInt
    count: int


class Batch:
    """A batch cut into micro-batches of nearly equal size.

    Attributes:
        micro_batch_size: Images in a micro-batch, at most.
        micro_batches: Where each of them is in the batch.
        loss_scale: What the gradient of the loss is multiplied by.
    """

    def __init__(self, network: Network, images: Any, labels: Any, size: int, step: int) -> None:
        self.images = images
        self.labels = network.backend.asarray(labels)
        self.count = len(labels)
        self.step = step
        self.loss_scale = 1.0
        self.micro_batch_size = size
        self.micro_batches = _micro_batches(self.count, size)


# One step is cut like the last one, and the steps of small networks are short.
@functools.cache
def _micro_batches(count: int, size: int) -> tuple[slice, ...]:
    number = max(1, -(-count // size))
    cuts = [count * place // number for place in range(number + 1)]
    return tuple(slice(start, stop) for start, stop in itertools.pairwise(cuts))


@functools.cache
def share_out(micro_batches: int, replicas: int) -> tuple[range, ...]:
    """Consecutive micro-batches for each replica that gets any."""
    used = min(micro_batches, replicas)
    cuts = [micro_batches * place // used for place in range(used + 1)]
    return tuple(range(start, stop) for start, stop in itertools.pairwise(cuts))


@functools.cache
def cut(size: int, parts: int) -> tuple[slice, ...]:
    """Nearly equal parts of a flat array, cut at cache lines."""
    cuts = [size * part // parts // 16 * 16 for part in range(parts)]
    return tuple(slice(start, stop) for start, stop in zip(cuts, [*cuts[1:], size], strict=True))


def sum_in_place(sources: list[Array]) -> Array:
    """``sources[0] + sources[1] + …``, in this order, in the memory of the first."""
    total, *others = sources
    for source in others:
        total += source
    return total
