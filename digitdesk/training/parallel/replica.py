"""A replica of the network, which trains on its shares of a batch, one micro-batch at a time."""

from __future__ import annotations

from typing import Any

from digitdesk.nn.core.backend import Array
from digitdesk.nn.core.buffers import aligned_zeros
from digitdesk.nn.layers.dropout import dropout_rates, set_dropout_rates
from digitdesk.nn.losses import Loss
from digitdesk.nn.network import Network
from digitdesk.training.numerics import SILENT_OVERFLOW
from digitdesk.training.parallel.micro_batches import Batch, ShareResult

Sums = tuple[Array, Array]
"""Room for the gradients and the statistics of one share."""


class Replica:
    """The replica of one thread or process.

    Args:
        network: Its values are shared.
        loss: Asked for the mean loss over the batch.
        room: Where to leave the sums of each share; made as needed where there is too little.

    Attributes:
        network: The replica.
    """

    def __init__(self, network: Network, loss: Loss, room: list[Sums] | None = None) -> None:
        self.network = network.replica()
        self._loss = loss.on(network.backend.xp)
        self._xp = network.backend.xp
        self._room = room or [self._own_room()]
        self._spare: Sums | None = None

    def free_buffers(self) -> None:
        """Give back the memory of the replica's buffers, as others do its work or all is done."""
        rates = dropout_rates(self.network.layers)
        self.network = self.network.replica()
        self._room, self._spare = [self._own_room()], None
        set_dropout_rates(self.network.layers, rates)

    @SILENT_OVERFLOW
    def run(self, batch: Batch, shares: range) -> list[ShareResult]:
        """Forward and backward over some shares; their sums stay until the next call."""
        return [
            self._run_share(batch, batch.shares[share], self._room_for(place))
            for place, share in enumerate(shares)
        ]

    @SILENT_OVERFLOW
    def read(self, batch: Batch) -> Array:
        """Forward over the first micro-batch, changing nothing."""
        first = batch.images[batch.micro_batches[0]]
        return self.network.forward(self.network.to_inside(first), training=False)

    def _room_for(self, place: int) -> Sums:
        if place == len(self._room):
            self._room.append(self._new_room())
        return self._room[place]

    def _own_room(self) -> Sums:
        return self.network.parameters.grads, self.network.statistics.grads

    def _new_room(self) -> Sums:
        sizes = (array.size for array in self._own_room())
        grads, statistics = (aligned_zeros(self._xp, size, self.network.dtype) for size in sizes)
        return grads, statistics

    def _run_share(self, batch: Batch, micro_batches: range, sums: Sums) -> ShareResult:
        grads, statistics = sums
        first, *others = micro_batches
        # The first leaves its own where the sum will be; only the others have to be added.
        self._leave_gradients_in(sums)
        loss, correct = self._run_micro_batch(batch, first)
        for micro_batch in others:
            self._spare = self._spare or self._new_room()
            self._leave_gradients_in(self._spare)
            own_loss, own_correct = self._run_micro_batch(batch, micro_batch)
            loss, correct = loss + own_loss, correct + own_correct
            grads += self._spare[0]
            statistics += self._spare[1]
        return ShareResult(loss, correct, grads, statistics)

    def _leave_gradients_in(self, sums: Sums) -> None:
        parameters, statistics = self.network.parameters, self.network.statistics
        if parameters.grads is not sums[0]:
            parameters.use_grads(sums[0])
            statistics.use_grads(sums[1])

    def _run_micro_batch(self, batch: Batch, place: int) -> tuple[Any, Any]:
        network, part = self.network, batch.micro_batches[place]
        network.random.seek(batch.step, place)
        x = network.to_inside(batch.images[part])
        labels = batch.labels[part]
        logits = network.forward(x, training=True)
        loss = self._loss.forward(logits, labels) * (len(labels) / batch.count)
        network.backward(self._loss.backward(batch.count / batch.loss_scale))
        return loss, self._xp.count_nonzero(logits.argmax(axis=0) == labels)
