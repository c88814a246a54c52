"""One training step on all cores: each thread has a replica of the network and part of the batch.

The batch is cut, and the parts' gradients are added up, in the same way whatever the number of
threads, and so are a dense network's products (``nn/kernels/shared_product.py``). So a seed gives
the same network to the last bit.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from digitdesk.nn.kernels.blas import use_cores
from digitdesk.nn.losses import Loss, SoftmaxCrossEntropy
from digitdesk.nn.network import Network
from digitdesk.nn.optim.optimizers import Optimizer
from digitdesk.nn.parallel.network_pool import read_in_pieces
from digitdesk.nn.parallel.right_of_way import DRAWING, RIGHT_OF_WAY
from digitdesk.nn.parallel.thread_pool import ThreadPool, usable_cores
from digitdesk.training.numerics import SILENT_OVERFLOW
from digitdesk.training.parallel.crowding import Crowding
from digitdesk.training.parallel.micro_batches import (
    Batch,
    ShareResult,
    StepResult,
    cut,
    share_out,
    sum_in_place,
)
from digitdesk.training.parallel.process_pool import ProcessPool, WorkerLostError
from digitdesk.training.parallel.replica import Replica

__all__ = ["DataParallelStep", "StepResult"]

_SMALLEST_PART = 100_000
"""Numbers of the parameters below which a second thread costs more than it saves."""
_SMALLEST_PRODUCT = 50_000
"""The same for the threads of BLAS, which are sooner awake than the interpreter's."""
_WHILE_TRAINING_SECONDS = 0.25
"""From one step to the next is not as long, but for very large batches."""
_SMALLEST_SHARE = 32
"""Images below which no batch is cut for the threads' sake: batch normalization needs some."""


class DataParallelStep:
    """A training step on the processor, shared out over threads.

    Each thread computes the gradients of some micro-batches with one BLAS thread; then each
    sums one part of all gradients, in fixed order, and lets the optimizer update that part. In a
    run that lasts, processes take over the shares of all threads but the caller's; see
    ``process_pool``.

    Args:
        network: On the processor; its values are updated in place.
        loss: Asked for the mean loss over the batch.
        optimizer: Follows the summed gradients.
        threads: Replicas; ``None`` for one per core.
        micro_batch_size: Images a replica works on at once; ``None`` for the network's own.

    Attributes:
        step: Steps done; set it to go on with the random numbers of a resumed run.
    """

    def __init__(
        self,
        network: Network,
        loss: Loss,
        optimizer: Optimizer,
        *,
        threads: int | None = None,
        micro_batch_size: int | None = None,
    ) -> None:
        self._network = network
        self._optimizer = optimizer
        self._is_shared = not network.is_dense
        self._micro_batch_size = micro_batch_size or network.micro_batch_size
        count = max(1, threads or usable_cores())
        size = network.parameters.values.size
        # A dense network is a few large products, which BLAS itself shares out best; a thread
        # beside BLAS's would find the cores taken, even for the optimizer's part of the work.
        replicas = 1 if network.is_dense else count
        blas_threads = count if network.is_dense and size >= _SMALLEST_PRODUCT else 1
        self._replicas = [Replica(network, loss) for _ in range(replicas)]
        self._thread_pool = ThreadPool(replicas)
        self._crowding = Crowding(blas_threads) if blas_threads > 1 else None
        self._process_pool: ProcessPool | None = None
        if replicas > 1 and type(loss) is SoftmaxCrossEntropy:
            self._process_pool = ProcessPool(network, loss, self._replicas)
        self.step = 0

    def run(self, images: Any, labels: Any, learning_rate: float | None = None) -> StepResult:
        """Train on one batch.

        Args:
            images: (N, H, W) on the host.
            labels: (N,) class numbers.
            learning_rate: For this step; ``None`` for the optimizer's own.

        Returns:
            Mean loss and right answers.
        """
        RIGHT_OF_WAY.take(_WHILE_TRAINING_SECONDS)
        size = self._size_for(len(labels))
        batch = Batch(self._network, images, labels, size, self.step)
        if self._crowding and not self._crowding.is_known:
            self._crowding.learn(lambda: self._replicas[0].read(batch))
        started = time.perf_counter()
        self._begin_step(batch, learning_rate)
        parts = self._parts(batch)
        results = self._results(batch, parts)
        self._update(results, len(batch.micro_batches))
        self.step += 1
        seconds = time.perf_counter() - started
        if self._crowding:
            self._crowding.step_took(seconds)
        if self._process_pool:
            self._process_pool.step_took(seconds, batch, parts)
        loss = float(sum(result.loss for result in results))
        return StepResult(loss, int(sum(result.correct for result in results)), batch.count)

    def _parts(self, batch: Batch) -> Sequence[range]:
        """Which shares each replica computes: while somebody draws, this process's own has none."""
        parts = share_out(len(batch.shares), len(self._replicas))
        if self._process_pool and len(parts) > 1 and DRAWING.is_taken():
            of_others = range(0), *share_out(len(batch.shares), len(self._replicas) - 1)
            if self._process_pool.can_run(batch, of_others):
                return of_others
        return parts

    def _results(self, batch: Batch, parts: Sequence[range]) -> list[ShareResult]:
        """What each share gives, in their order, whoever computes it."""
        if len(parts) == 1:
            return self._replicas[0].run(batch, parts[0])

        def run(place: int) -> list[ShareResult]:
            return self._replicas[place].run(batch, parts[place])

        if self._process_pool and self._process_pool.can_run(batch, parts):
            try:
                return _in_a_row(self._process_pool.run(batch, parts, lambda: run(0)))
            except WorkerLostError:
                self._process_pool.close()
        return _in_a_row(self._thread_pool.run(run, len(parts)))

    def _size_for(self, count: int) -> int:
        """Images a replica works on at once, in a batch of so many.

        It never depends on the number of threads, but small batches are cut so that two have work.
        """
        size = self._micro_batch_size
        while self._is_shared and size > _SMALLEST_SHARE and count < 2 * size:
            size //= 2
        return size

    def _begin_step(self, batch: Batch, learning_rate: float | None) -> None:
        """Begin the optimizer's step, and have it sum up the gradients itself where it can.

        That saves passes over the memory, and is for a single micro-batch: it needs no other sum.
        """
        self._optimizer.begin_step(self._network.parameters, learning_rate)
        is_single = len(batch.micro_batches) == 1 and self._network.can_add_gradients
        total = self._optimizer.gradient_sum() if is_single else None
        batch.loss_scale = 1.0 if total is None else total.scale
        self._replicas[0].network.add_gradients_to(total)

    def _update(self, results: Sequence[ShareResult], micro_batches: int) -> None:
        """Sum gradients and statistics in the shares' order, and update the network."""
        parameters, statistics = self._network.parameters, self._network.statistics
        if len(statistics):
            statistics.grads[...] = sum_in_place([result.statistics for result in results])
            self._network.follow_statistics(micro_batches)
        sources = [result.grads for result in results]
        if self._optimizer.clip_norm:
            # The norm needs the whole sum before any part may move.
            parameters.grads[...] = sum_in_place(sources)
            sources = [parameters.grads]
            self._optimizer.clip(parameters)
        size = parameters.values.size
        parts = cut(size, _useful_threads(size, self._thread_pool.size))

        def update(place: int) -> None:
            part = parts[place]
            grads = sum_in_place([source[part] for source in sources])
            self._optimizer.update(parameters, part, grads)

        self._thread_pool.run(update, len(parts))

    @SILENT_OVERFLOW
    def predict_logits(self, images: Any) -> np.ndarray[Any, Any]:
        """Read many images between two steps, on all threads; as ``Network.predict_logits``."""
        RIGHT_OF_WAY.take(_WHILE_TRAINING_SECONDS)
        return read_in_pieces(self.networks, images, self._thread_pool, DRAWING)

    @property
    def processes_are_starting(self) -> bool:
        """Whether steps will soon be faster, by worker processes that are not there yet."""
        pool = self._process_pool
        return pool is not None and not (pool.is_ready or pool.is_lost)

    @property
    def networks(self) -> tuple[Network, ...]:
        """The networks that compute the gradients, one for each replica."""
        return tuple(replica.network for replica in self._replicas)

    def close(self) -> None:
        """End threads and worker processes, and give back memory, and BLAS its own."""
        if self._process_pool:
            self._process_pool.close()
        self._thread_pool.close()
        use_cores(1)
        for replica in self._replicas:
            replica.free_buffers()


def _in_a_row(parts: Iterable[list[ShareResult]]) -> list[ShareResult]:
    return list(itertools.chain.from_iterable(parts))


def _useful_threads(size: int, threads: int) -> int:
    """How many threads are worth waking for work on parameters of that size."""
    return max(1, min(threads, size // _SMALLEST_PART))
