"""A worker process: it computes some shares of each training step, and ends with its parent.

Started by ``process_pool``; the tasks come as lines of JSON on standard input, the answers go to
standard output, and all arrays lie in memory that both processes see.
"""

from __future__ import annotations

import contextlib
import json
import signal
from collections.abc import Iterable
from typing import Any, BinaryIO

import threadpoolctl

from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.core.buffers import short_ufunc_buffers
from digitdesk.nn.layers.dropout import set_dropout_rates
from digitdesk.nn.losses import SoftmaxCrossEntropy
from digitdesk.nn.network import Network
from digitdesk.nn.spec.build import build_network
from digitdesk.training.parallel.micro_batches import Batch
from digitdesk.training.parallel.replica import Replica
from digitdesk.training.parallel.shared_arrays import SharedArrays


def facts_of(network: Network, loss: SoftmaxCrossEntropy) -> dict[str, Any]:
    """What a worker process must know to build the same network and loss."""
    return {
        "spec": network.spec,
        "input_shape": network.input_shape,
        "classes": network.output_shape[0],
        "dtype": network.dtype,
        "seed": network.random.seed,
        "label_smoothing": loss.label_smoothing,
    }


def main(tasks: BinaryIO, answers: BinaryIO) -> None:
    """Work until the parent closes the line or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to obey
    with (
        contextlib.suppress(BrokenPipeError),
        threadpoolctl.threadpool_limits(1, user_api="blas"),
        short_ufunc_buffers(),
    ):
        worker = _Worker(json.loads(tasks.readline()))
        for line in tasks:
            answers.write(json.dumps(worker.run(*json.loads(line))).encode() + b"\n")
            answers.flush()


class _Worker:
    def __init__(self, facts: dict[str, Any]) -> None:
        weights, self._own = (SharedArrays(*facts[name]) for name in ("weights", "own"))
        self._network = build_network(
            facts["spec"],
            input_shape=tuple(facts["input_shape"]),
            classes=facts["classes"],
            backend=cpu_backend(),
            dtype=facts["dtype"],
            seed=facts["seed"],
        )
        self._network.use_values(weights["values"], weights["statistics"])
        self._replica = Replica(
            self._network,
            SoftmaxCrossEntropy(facts["label_smoothing"]),
            list(zip(self._own["grads"], self._own["statistics"], strict=True)),
        )
        self._own["is_ready"][...] = True

    def run(
        self,
        count: int,
        micro_batch_size: int,
        step: int,
        first: int,
        last: int,
        dropout_rates: Iterable[float],
    ) -> list[tuple[float, int]]:
        """Compute the shares from ``first`` to before ``last`` of the shared batch."""
        own, replica = self._own, self._replica
        set_dropout_rates(replica.network.layers, dropout_rates)
        images, labels = own["images"][:count], own["labels"][:count]
        batch = Batch(self._network, images, labels, micro_batch_size, step)
        results = replica.run(batch, range(first, last))
        return [(float(result.loss), int(result.correct)) for result in results]
