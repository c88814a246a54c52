"""One share of a training step: a replica of the network, and the sums over its pieces."""

from __future__ import annotations

from typing import Any

import numpy as np

from digitdesk.nn.core.backend import Array
from digitdesk.nn.core.buffers import aligned_empty
from digitdesk.nn.core.parameters import ParameterBuffer
from digitdesk.nn.layers.dropout import dropout_rates, set_dropout_rates
from digitdesk.nn.losses import Loss
from digitdesk.nn.network import Network
from digitdesk.training.parallel.micro_batches import Batch

SILENT_OVERFLOW = np.errstate(over="ignore", invalid="ignore")
"""Numbers that overflow end the run with a sentence; warnings beside it would only puzzle."""


class Replica:
    """The replica of one thread or process, and the sums over the pieces it worked on.

    Args:
        network: Its values are shared.
        loss: Asked for the mean loss over the batch.

    Attributes:
        network: The replica.
        grads: Sum of the pieces' parameter gradients, flat as the arena.
        observed: Sum of the pieces' running statistics, flat as the states' arena.
    """

    def __init__(self, network: Network, loss: Loss) -> None:
        self.network = network.replica()
        self._loss = loss.on(network.backend.xp)
        self._xp = network.backend.xp
        self._grads_sum = _room_for(self.network.parameters)
        self._observed_sum = _room_for(self.network.states)
        self.grads: Array = None
        self.observed: Array = None

    def rest(self) -> None:
        """Give back the memory of the replica's buffers, while a helper does its work."""
        rates = dropout_rates(self.network.layers)
        self.network = self.network.replica()
        set_dropout_rates(self.network.layers, rates)

    @SILENT_OVERFLOW
    def run(self, batch: Batch, pieces: range) -> tuple[Any, Any]:
        """Forward and backward over some pieces; returns their summed loss and right answers."""
        parameters, states = self.network.parameters, self.network.states
        self.grads, self.observed = parameters.grads, states.grads
        loss = correct = 0
        for place, piece in enumerate(pieces):
            if place == 1:
                # Only now is a sum needed: with a single piece its own gradients are the sum.
                self._grads_sum[...] = parameters.grads
                self._observed_sum[...] = states.grads
                self.grads, self.observed = self._grads_sum, self._observed_sum
            piece_loss, piece_correct = self._run_piece(batch, piece)
            loss, correct = loss + piece_loss, correct + piece_correct
            if place >= 1:
                self.grads += parameters.grads
                self.observed += states.grads
        return loss, correct

    @SILENT_OVERFLOW
    def read(self, batch: Batch) -> Array:
        """Forward over the first piece, changing nothing."""
        return self.network.forward(self._inside(batch, batch.parts[0]), training=False)

    def _inside(self, batch: Batch, part: slice) -> Array:
        if batch.is_inside:
            return self._xp.ascontiguousarray(batch.images[..., part])
        return self.network.to_inside(batch.images[part])

    def _run_piece(self, batch: Batch, piece: int) -> tuple[Any, Any]:
        network, part = self.network, batch.parts[piece]
        network.random.seek(batch.step, piece)
        x = self._inside(batch, part)
        labels = batch.labels[part]
        logits = network.forward(x, training=True)
        loss = self._loss.forward(logits, labels) * (len(labels) / batch.count)
        network.backward(self._loss.backward(batch.count / batch.loss_scale))
        return loss, self._xp.count_nonzero(logits.argmax(axis=0) == labels)


def _room_for(arena: ParameterBuffer) -> Array:
    return aligned_empty(arena.xp, arena.grads.size, arena.dtype)
