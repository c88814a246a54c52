"""A replica of the network, which trains on its share of a batch, one micro-batch at a time."""

from __future__ import annotations

from typing import Any

from digitdesk.nn.core.backend import Array
from digitdesk.nn.core.buffers import aligned_empty
from digitdesk.nn.core.parameters import ParameterBuffer
from digitdesk.nn.layers.dropout import dropout_rates, set_dropout_rates
from digitdesk.nn.losses import Loss
from digitdesk.nn.network import Network
from digitdesk.training.numerics import SILENT_OVERFLOW
from digitdesk.training.parallel.micro_batches import Batch


class Replica:
    """The replica of one thread or process, and the sums over the micro-batches it worked on.

    Args:
        network: Its values are shared.
        loss: Asked for the mean loss over the batch.

    Attributes:
        network: The replica.
        grads: Sum of the micro-batches' parameter gradients, flat as the parameters.
        statistics: Sum of what the micro-batches showed, flat as the running statistics.
    """

    def __init__(self, network: Network, loss: Loss) -> None:
        self.network = network.replica()
        self._loss = loss.on(network.backend.xp)
        self._xp = network.backend.xp
        self._grads_sum = _room_for(self.network.parameters)
        self._statistics_sum = _room_for(self.network.statistics)
        self.grads: Array = None
        self.statistics: Array = None

    def free_buffers(self) -> None:
        """Give back the memory of the replica's buffers, while a worker process does its work."""
        rates = dropout_rates(self.network.layers)
        self.network = self.network.replica()
        set_dropout_rates(self.network.layers, rates)

    @SILENT_OVERFLOW
    def run(self, batch: Batch, share: range) -> tuple[Any, Any]:
        """Forward and backward over some micro-batches; returns sums of loss and right answers."""
        parameters, statistics = self.network.parameters, self.network.statistics
        self.grads, self.statistics = parameters.grads, statistics.grads
        loss = correct = 0
        for place, micro_batch in enumerate(share):
            if place == 1:
                # Only now is a sum needed: with a single one its own gradients are the sum.
                self._grads_sum[...] = parameters.grads
                self._statistics_sum[...] = statistics.grads
                self.grads, self.statistics = self._grads_sum, self._statistics_sum
            own_loss, own_correct = self._run_micro_batch(batch, micro_batch)
            loss, correct = loss + own_loss, correct + own_correct
            if place >= 1:
                self.grads += parameters.grads
                self.statistics += statistics.grads
        return loss, correct

    @SILENT_OVERFLOW
    def read(self, batch: Batch) -> Array:
        """Forward over the first micro-batch, changing nothing."""
        first = batch.images[batch.micro_batches[0]]
        return self.network.forward(self.network.to_inside(first), training=False)

    def _run_micro_batch(self, batch: Batch, place: int) -> tuple[Any, Any]:
        network, part = self.network, batch.micro_batches[place]
        network.random.seek(batch.step, place)
        x = network.to_inside(batch.images[part])
        labels = batch.labels[part]
        logits = network.forward(x, training=True)
        loss = self._loss.forward(logits, labels) * (len(labels) / batch.count)
        network.backward(self._loss.backward(batch.count / batch.loss_scale))
        return loss, self._xp.count_nonzero(logits.argmax(axis=0) == labels)


def _room_for(parameters: ParameterBuffer) -> Array:
    return aligned_empty(parameters.xp, parameters.grads.size, parameters.dtype)
