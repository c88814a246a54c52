"""All work of a training step on batches of one size, as a graphics card does it.

The first times it is launched piece by piece, then recorded into a CUDA graph, which the card
replays at one command: of a small network's step, the host's commands are most of the time. It has
a replica of the network, so that no other batch size makes its buffers move, and memory of its own,
so that nobody else is given what a replay writes to.

Gains, on an H100: at batch 64, cnn-standard trains 4 times, the reader's network 8 and MLP-128 9
times as fast as launched piece by piece; at batch 512, 1.4, 1.2 and 7.5 times
(``tests/benchmarks/gpu.py --only speed``).

Source:
    NVIDIA, "CUDA C++ programming guide", section on CUDA graphs, for what may be recorded.
"""

from __future__ import annotations

import contextlib
from typing import Any

from digitdesk.nn.core.backend import Array
from digitdesk.nn.kernels.gpu.cross_entropy import CROSS_ENTROPY, NOTE
from digitdesk.nn.kernels.gpu.cublas import can_be_recorded
from digitdesk.nn.kernels.gpu.elementwise import TAKE_BATCH
from digitdesk.nn.kernels.gpu.philox import DeviceRandomStream
from digitdesk.nn.layers.dropout import dropout_rates, set_dropout_rates
from digitdesk.nn.network import Network
from digitdesk.nn.optim.gpu_update import GpuUpdate
from digitdesk.training.gpu.augmentation import Augmentation
from digitdesk.training.gpu.picture_set import PictureSet
from digitdesk.training.gpu.step_input import StepInput
from digitdesk.training.gpu.step_log import StepLog

_STEPS_BEFORE = 2
"""Steps that compile kernels, load libraries and take memory, none of which may be recorded."""


class RecordedStep:
    """The step of one batch size, for batches from one set.

    Args:
        network: Its values and statistics are updated in place.
        pictures: Where batches are taken from.
        count: Images in a batch.
        label_smoothing: Of the softmax cross-entropy.
        update: Follows the gradients.
        log: Where outcomes are noted.
        is_augmented: Whether pictures are changed, as the input says.

    Attributes:
        input: To be filled in before each ``run``.
        is_recorded: Whether the next ``run`` will be a replay.
        problem: Why the step could not be recorded; empty where it was or will be.
    """

    def __init__(
        self,
        network: Network,
        pictures: PictureSet,
        count: int,
        *,
        label_smoothing: float,
        update: GpuUpdate,
        log: StepLog,
        is_augmented: bool = False,
    ) -> None:
        self._network = network
        self._pictures = pictures
        self._count = count
        self._smoothing = label_smoothing
        self._update = update
        self._log = log
        self._xp = network.backend.xp
        self._memory = self._xp.cuda.MemoryPool()
        self._replica = self._make_replica()
        self._graph: Any = None
        self._runs = 0
        self.problem = "" if can_be_recorded(self._xp) else "cuBLAS was not found or is not right"
        self._augmentation = Augmentation(network, pictures, count) if is_augmented else None
        changes = self._augmentation.numbers_per_image if self._augmentation else 0
        self.input = StepInput(network.backend, count, changes=changes, dtype=network.dtype)

    @property
    def is_recorded(self) -> bool:
        """See the class."""
        return self._graph is not None

    def run(self) -> None:
        """Do the step on the current stream, without waiting for it."""
        if self._graph is None:
            with self._xp.cuda.using_allocator(self._memory.malloc):
                if self._runs >= _STEPS_BEFORE and not self.problem:
                    self._graph = self._record()
                if self._graph is None:
                    self._compute()
            self._runs += 1
        if self._graph is not None:
            self._graph.launch()

    def _make_replica(self) -> Network:
        """A replica whose gradients go where the network's go."""
        replica = self._network.replica()
        set_dropout_rates(replica.layers, dropout_rates(self._network.layers))
        replica.parameters.use_grads(self._network.parameters.grads)
        replica.statistics.use_grads(self._network.statistics.grads)
        return replica

    def _record(self) -> Any:
        """The graph of the step, which is not done by that; ``None`` where it cannot be had."""
        stream = self._xp.cuda.get_current_stream()
        try:
            stream.begin_capture()
            self._compute()
            return stream.end_capture()
        except Exception as error:  # CUDA's errors have no base class across versions of CuPy
            self.problem = str(error) or type(error).__name__
            with contextlib.suppress(Exception):
                # What is recorded is of no use; the stream has to work as usual again.
                stream.end_capture()
            return None

    def _compute(self) -> None:
        """Forward, backward and update: everything here may be recorded."""
        xp, network, replica, told = self._xp, self._network, self._replica, self.input
        x = self._take_batch()
        assert isinstance(replica.random, DeviceRandomStream)
        replica.random.rewind(told.key)
        logits = replica.forward(x, training=True)
        replica.backward(self._loss_gradient(logits))
        if len(network.statistics):
            network.follow_statistics(1)
        self._update.apply(network.parameters.grads, told.constants)
        # The last of all, so that whoever has read a step's outcome knows that it is done.
        NOTE(xp, self._sums, told.place, self._log.on_device)

    def _take_batch(self) -> Array:
        """The batch's images, (C, H, W, N)."""
        pictures, shape = self._pictures, (*self._network.input_shape, self._count)
        if self._augmentation:
            return self._augmentation.take_batch(self.input.indices, self.input.changes)
        x = self._xp.empty(shape, dtype=self._network.dtype)
        sizes = pictures.pixels, self._count
        TAKE_BATCH(self._xp, pictures.images, self.input.indices, *sizes, pictures.divisor, x)
        return x

    def _loss_gradient(self, logits: Array) -> Array:
        """The gradient of the mean loss by the logits; the sums of the outcome beside it."""
        xp, classes = self._xp, len(logits)
        outcome = xp.empty((2, self._count), dtype=logits.dtype)
        grad = xp.empty(logits.shape, dtype=logits.dtype)
        CROSS_ENTROPY(
            xp,
            *(logits, self._pictures.labels, self.input.indices, classes),
            *(self._smoothing, 1 / self._count, outcome[0], outcome[1], grad),
        )
        self._sums = outcome.sum(axis=1)
        return grad
