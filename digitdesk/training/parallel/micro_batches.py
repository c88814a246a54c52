"""A batch cut into micro-batches, and these shared out: the arithmetic of data parallelism.

Where the cuts are, and in which order the parts are added up, depends on the network and the batch
alone. Who computes a part is free, so that any number of threads and processes, however busy the
machine, gives the same bits.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, SupportsFloat, SupportsInt

from digitdesk.nn.core.backend import Array
from digitdesk.nn.network import Network

_MOST_SHARES = 8
_MOST_SHARE_BYTES = 64 * 2**20
"""Each share has gradients of its own, which for a large network are large."""


@dataclass(frozen=True, slots=True)
class StepResult:
    """One step's outcome on its batch: mean loss, how many were right, and of how many.

    On a graphics card the first two are fetched only when made a number.
    """

    loss: SupportsFloat
    correct: SupportsInt
    count: int


class ShareResult(NamedTuple):
    """What one share of a batch gave.

    Attributes:
        loss: Its part of the batch's mean loss.
        correct: Right answers.
        grads: Sum of the micro-batches' parameter gradients, flat as the parameters.
        statistics: Sum of what the micro-batches showed, flat as the running statistics.
    """

    loss: Any
    correct: Any
    grads: Array
    statistics: Array


class Batch:
    """A batch cut into micro-batches of nearly equal size.

    Attributes:
        loss_scale: What the gradient of the loss is multiplied by.
        micro_batch_size: Images in a micro-batch, at most.
        micro_batches: Where each of them is in the batch.
        shares: Consecutive micro-batches whose gradients are added up one after the other; then
            the shares' sums are, in their order.
    """

    def __init__(self, network: Network, images: Any, labels: Any, size: int, step: int) -> None:
        self.images = images
        self.labels = network.backend.asarray(labels)
        self.count = len(labels)
        self.step = step
        self.loss_scale = 1.0
        self.micro_batch_size = size
        self.micro_batches = _micro_batches(self.count, size)
        self.shares = _shares(len(self.micro_batches), network.parameters.values.nbytes)

    def images_of(self, shares: range) -> slice:
        """Where the images of consecutive shares are in the batch."""
        first, last = self.shares[shares[0]], self.shares[shares[-1]]
        return slice(self.micro_batches[first[0]].start, self.micro_batches[last[-1]].stop)


# One step is cut like the last one, and the steps of small networks are short.
@functools.cache
def _micro_batches(count: int, size: int) -> tuple[slice, ...]:
    number = max(1, -(-count // size))
    cuts = [count * place // number for place in range(number + 1)]
    return tuple(slice(start, stop) for start, stop in itertools.pairwise(cuts))


@functools.cache
def _shares(micro_batches: int, bytes_each: int) -> tuple[range, ...]:
    most = max(2, min(_MOST_SHARES, _MOST_SHARE_BYTES // max(1, bytes_each)))
    return share_out(micro_batches, most)


@functools.cache
def share_out(things: int, receivers: int) -> tuple[range, ...]:
    """Consecutive things for each receiver that gets any."""
    used = min(things, receivers)
    cuts = [things * place // used for place in range(used + 1)]
    return tuple(range(start, stop) for start, stop in itertools.pairwise(cuts))


@functools.cache
def cut(size: int, parts: int) -> tuple[slice, ...]:
    """Nearly equal parts of a flat array, cut at cache lines."""
    cuts = [size * part // parts // 16 * 16 for part in range(parts)]
    return tuple(slice(start, stop) for start, stop in zip(cuts, [*cuts[1:], size], strict=True))


def sum_in_place(sources: Sequence[Array]) -> Array:
    """``sources[0] + sources[1] + …``, in this order, in the memory of the first."""
    total, *others = sources
    for source in others:
        total += source
    return total
