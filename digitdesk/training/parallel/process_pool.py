"""Processes that compute shares of each training step, beside the one that trains.

Threads of one Python wait for each other between any two operations on arrays; processes do not,
and a step of a convolutional network takes a fifth to a half less time. They take a moment to
start, so a run begins with threads, and only one that lasts gets processes. They compute the same
to the last bit, and where one is lost, threads go on.
"""

from __future__ import annotations

import contextlib
import json
import select
import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from digitdesk.nn.layers.dropout import dropout_rates
from digitdesk.nn.losses import SoftmaxCrossEntropy
from digitdesk.nn.network import Network
from digitdesk.training import WORKER_ARGUMENT
from digitdesk.training.parallel.micro_batches import Batch, ShareResult, share_out
from digitdesk.training.parallel.program import start_program
from digitdesk.training.parallel.replica import Replica
from digitdesk.training.parallel.shared_arrays import SharedArrays
from digitdesk.training.parallel.worker_process import facts_of

START_AFTER_SECONDS = 0.5
"""Training that is over sooner would only have waited for them to start."""
_PATIENCE_SECONDS = 10.0
"""A process that was stopped from outside must not stop the run; a share takes milliseconds."""


class WorkerLostError(Exception):
    """A worker process has ended, or cannot do its share."""


class ProcessPool:
    """Worker processes for the replicas that get work, but the first, which stays with the caller.

    Args:
        network: The network that trains.
        loss: Its loss.
        replicas: All replicas; processes work in place of all but the first.

    Attributes:
        is_ready: All processes have built their networks.
        is_lost: It cannot do a share, or not any more.
    """

    def __init__(
        self, network: Network, loss: SoftmaxCrossEntropy, replicas: Sequence[Replica]
    ) -> None:
        self._network = network
        self._loss = loss
        self._replicas = replicas
        self._seconds = 0.0
        self._largest = 0
        self._workers: list[_WorkerProcess] = []
        self.is_ready = False
        self.is_lost = False

    def step_took(self, seconds: float, batch: Batch, parts: Sequence[range]) -> None:
        """Count a step; start the processes when enough were made, for batches like this one."""
        if self._workers or self.is_lost:
            return
        self._seconds += seconds
        self._largest = max(self._largest, batch.count)
        is_usual = batch.count == self._largest  # not an epoch's last
        if self._seconds < START_AFTER_SECONDS or len(parts) < 2 or not is_usual:
            return
        try:
            self._start(batch, parts)
        except (OSError, WorkerLostError):
            # No memory to share, or no more processes: threads do as well, only slower.
            self.close()

    def _start(self, batch: Batch, parts: Sequence[range]) -> None:
        parameters, statistics = self._network.parameters, self._network.statistics
        weights = SharedArrays(
            {
                "values": (parameters.values.shape, parameters.dtype),
                "statistics": (statistics.values.shape, statistics.dtype),
            }
        )
        try:
            weights["values"][...] = parameters.values
            weights["statistics"][...] = statistics.values
            for network in (self._network, *(replica.network for replica in self._replicas)):
                network.use_values(weights["values"], weights["statistics"])
            # Now and then they compute all shares, and the caller none.
            most_shares = max(map(len, share_out(len(batch.shares), len(parts) - 1)))
            for replica in self._replicas[1 : len(parts)]:
                worker = _WorkerProcess(replica, self._loss, weights, batch, most_shares)
                self._workers.append(worker)
        finally:
            weights.close()

    def can_run(self, batch: Batch, parts: Sequence[range]) -> bool:
        """Whether there are processes for all parts but the first, with room for them."""
        if not self._workers or self.is_lost:
            return False
        if not self.is_ready:
            self.is_ready = all(worker.is_ready for worker in self._workers)
            if any(worker.has_ended for worker in self._workers):
                self.close()
            elif self.is_ready:
                for replica in self._replicas[1:]:
                    replica.free_buffers()
        return (
            self.is_ready
            and 1 < len(parts) <= 1 + len(self._workers)
            and all(worker.has_room_for(batch, parts) for worker in self._workers)
        )

    def run(
        self, batch: Batch, parts: Sequence[range], own: Callable[[], list[ShareResult]]
    ) -> list[list[ShareResult]]:
        """Compute all parts at the same time.

        Args:
            batch: The batch.
            parts: Shares for each replica that gets any.
            own: Computes those of the first part.

        Returns:
            The results of each part's shares.

        Raises:
            WorkerLostError: Nothing was changed; the step can be done otherwise.
        """
        busy = self._workers[: len(parts) - 1]
        for worker, part in zip(busy, parts[1:], strict=True):
            worker.begin(batch, part)
        try:
            mine = own()
        except BaseException:
            # Their answers would be taken for those of the next step.
            self.close()
            raise
        return [mine, *(worker.finish() for worker in busy)]

    def close(self) -> None:
        """End all processes."""
        self.is_lost = True
        for worker in self._workers:
            worker.close()
        self._workers.clear()


class _WorkerProcess:
    """One worker process, seen from its parent."""

    def __init__(
        self,
        replica: Replica,
        loss: SoftmaxCrossEntropy,
        weights: SharedArrays,
        batch: Batch,
        most_shares: int,
    ) -> None:
        self._replica = replica
        network = replica.network
        parameters, statistics = network.parameters, network.statistics
        self._own = SharedArrays(
            {
                "is_ready": ((1,), "bool"),
                "images": (batch.images.shape, batch.images.dtype.name),
                "labels": (batch.labels.shape, "int64"),
                "grads": ((most_shares, parameters.grads.size), parameters.dtype),
                "statistics": ((most_shares, statistics.grads.size), statistics.dtype),
            }
        )
        memories = {"weights": weights, "own": self._own}
        facts = facts_of(network, loss) | {
            name: (memory.layout, memory.handle) for name, memory in memories.items()
        }
        handles = [memory.handle for memory in memories.values()]
        try:
            files = [h for h in handles if isinstance(h, int)]
            self._process = start_program(WORKER_ARGUMENT, files)
        finally:
            self._own.close()
        assert self._process.stdin is not None and self._process.stdout is not None
        self._tasks, self._answers = self._process.stdin, self._process.stdout
        try:
            self._tell(facts)
        except WorkerLostError:
            self.close()
            raise

    @property
    def is_ready(self) -> bool:
        """Whether it has built its network."""
        return bool(self._own["is_ready"][0])

    @property
    def has_ended(self) -> bool:
        """Whether its process is over."""
        return self._process.poll() is not None

    def has_room_for(self, batch: Batch, parts: Sequence[range]) -> bool:
        """Whether the batch is like the one it was made for, and no larger."""
        room: np.ndarray[Any, Any] = self._own["images"]
        return bool(
            batch.count <= len(room)
            and max(len(part) for part in parts) <= len(self._own["grads"])
            and batch.images.shape[1:] == room.shape[1:]
            and batch.images.dtype == room.dtype
        )

    def begin(self, batch: Batch, part: range) -> None:
        """Hand over its shares of the batch, and have it begin."""
        images = batch.images_of(part)
        self._own["images"][images] = batch.images[images]
        self._own["labels"][images] = batch.labels[images]
        rates = dropout_rates(self._replica.network.layers)
        size = batch.micro_batch_size
        self._tell([batch.count, size, batch.step, part.start, part.stop, rates])

    def _tell(self, task: Any) -> None:
        try:
            self._tasks.write(json.dumps(task).encode() + b"\n")
            self._tasks.flush()
        except OSError as error:
            raise WorkerLostError from error

    def finish(self) -> list[ShareResult]:
        """Wait for its answer; the gradients are in memory that it shares."""
        try:
            if sys.platform != "win32":  # where only sockets can be waited for like this
                ready, _, _ = select.select([self._answers], [], [], _PATIENCE_SECONDS)
                if not ready:
                    raise WorkerLostError
            outcomes = json.loads(self._answers.readline())
        except (OSError, ValueError) as error:
            raise WorkerLostError from error
        sums = zip(self._own["grads"], self._own["statistics"], strict=True)
        # Of the precision that the caller's own has, or their sum would tell who computed them.
        number = self._own["grads"].dtype.type
        return [
            ShareResult(number(loss), correct, grads, statistics)
            for (loss, correct), (grads, statistics) in zip(outcomes, sums, strict=False)
        ]

    def close(self) -> None:
        """End its process at once: it has nothing to lose."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._tasks, self._answers):
            with contextlib.suppress(OSError):
                pipe.close()
