"""A training step on a graphics card that never waits for the host, nor the host for it.

The training set lies on the device; a step is sent its images' indices and a few constants, and
what it came to is fetched when somebody asks. Everything runs on one stream, in order. For
augmented pictures, what is drawn at random is sent too, and the pictures are changed on the device.
"""

from __future__ import annotations

import contextlib
import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.data.augmentation import Changes
from digitdesk.nn.core.backend import Array
from digitdesk.nn.core.random_stream import stream_key
from digitdesk.nn.layers.dropout import dropout_rates
from digitdesk.nn.losses import Loss, SoftmaxCrossEntropy
from digitdesk.nn.network import Network
from digitdesk.nn.optim.gpu_update import GpuUpdate
from digitdesk.nn.optim.optimizers import Optimizer
from digitdesk.training.gpu.picture_set import PictureSet, fits
from digitdesk.training.gpu.recorded_step import RecordedStep
from digitdesk.training.gpu.step_log import StepLog
from digitdesk.training.parallel.micro_batches import StepResult


class GpuStep:
    """A training step on a graphics card; to be closed by the thread that made it.

    Until then, all that thread does on the device is done on the stream of the steps.

    Args:
        network: On the graphics card; its values are updated in place.
        loss: Softmax cross-entropy.
        optimizer: Of a kind that there is a kernel for.
        images: The training set, (N, H, W) bytes, kept on the device where it fits; ``None`` if
            every batch will be sent.
        labels: Their labels.

    Attributes:
        step: Steps done; set it to go on with the random numbers of a resumed run.
        holds_set: Whether ``run_chosen`` can be used.
    """

    processes_are_starting = False

    def __init__(
        self,
        network: Network,
        loss: SoftmaxCrossEntropy,
        optimizer: Optimizer,
        *,
        images: NDArray[np.uint8] | None = None,
        labels: NDArray[np.integer[Any]] | None = None,
    ) -> None:
        self._network = network
        self._smoothing = loss.label_smoothing
        self._optimizer = optimizer
        xp = network.backend.xp
        # What made the network ran on the stream until now, which the new one does not wait for.
        xp.cuda.get_current_stream().synchronize()
        idle = _idle_streams(xp)
        self._stream = idle.pop() if idle else xp.cuda.Stream(non_blocking=True)
        self._entered = contextlib.ExitStack()
        self._entered.enter_context(self._stream)
        try:
            self._update = GpuUpdate(optimizer, network.parameters)
            self._log = StepLog(network.backend, network.dtype)
            self._held: PictureSet | None = None
            if images is not None and fits(network.backend, images):
                self._held = PictureSet(network.backend, images, labels)
        except BaseException:
            self._entered.close()
            raise
        self._sent: dict[int, PictureSet] = {}
        self._recorded: dict[tuple[int, int, bool], RecordedStep] = {}
        self._baked_in: tuple[Any, ...] = ()
        self._values: Array = None
        self._is_closed = False
        self.step = 0

    @staticmethod
    def can_do(network: Network, loss: Loss, optimizer: Optimizer) -> bool:
        """Whether it knows how to train that."""
        return (
            network.backend.name == "gpu"
            and type(loss) is SoftmaxCrossEntropy
            and GpuUpdate.has_kernel(optimizer)
        )

    @property
    def holds_set(self) -> bool:
        """See the class."""
        return self._held is not None

    def run_chosen(
        self,
        indices: NDArray[np.integer[Any]],
        learning_rate: float | None = None,
        changes: Changes | None = None,
    ) -> StepResult:
        """Train on a batch of the set that is held.

        Args:
            indices: (N,) of its images.
            learning_rate: For this step; ``None`` for the optimizer's own.
            changes: How its images are changed; ``None`` for not at all.

        Returns:
            Mean loss and right answers, to be fetched by ``float`` and ``int``.
        """
        assert self._held is not None
        return self._run(self._held, indices, learning_rate, changes)

    def run(self, images: Any, labels: Any, learning_rate: float | None = None) -> StepResult:
        """Train on a batch from the host, otherwise as ``run_chosen``.

        Args:
            images: (N, H, W), numbers 0 … 1.
            labels: (N,) class numbers.
            learning_rate: For this step.
        """
        count = len(labels)
        if count in self._sent:
            self._sent[count].replace(images, labels)
        else:
            self._sent[count] = PictureSet(self._network.backend, images, labels)
        return self._run(self._sent[count], np.arange(count), learning_rate)

    def _run(
        self,
        pictures: PictureSet,
        indices: NDArray[Any],
        learning_rate: float | None,
        changes: Changes | None = None,
    ) -> StepResult:
        count = len(indices)
        constants = self._update.begin_step(learning_rate)
        place, loss, correct = self._log.begin(count)
        key = stream_key(self._network.seed, self.step, 0)
        step = self._step_for(pictures, count, is_augmented=changes is not None)
        parts = () if changes is None else (changes.maps, changes.thickness)
        step.input.send(key, place, constants, indices, parts)
        step.run()
        self.step += 1
        return StepResult(loss, correct, count)

    def _step_for(self, pictures: PictureSet, count: int, *, is_augmented: bool) -> RecordedStep:
        """The step of that batch size, made anew where what it has written down has changed."""
        network = self._network
        baked_in = (
            tuple(dropout_rates(network.layers)),
            self._optimizer.clip_norm,
            id(network.parameters.values),
        )
        if baked_in != self._baked_in:
            self._forget()
            # The array with its id, so that no other can come to have that.
            self._baked_in, self._values = baked_in, network.parameters.values
        key = id(pictures), count, is_augmented
        if key not in self._recorded:
            self._recorded[key] = RecordedStep(
                network,
                pictures,
                count,
                label_smoothing=self._smoothing,
                update=self._update,
                log=self._log,
                is_augmented=is_augmented,
            )
        return self._recorded[key]

    def _forget(self) -> None:
        """Let recordings go once the device is done with them."""
        if self._recorded:
            self.wait()
            self._recorded.clear()

    def predict_logits(self, images: Any) -> NDArray[Any]:
        """Read many images between two steps; as ``Network.predict_logits``."""
        return self._network.predict_logits(images)

    def wait(self) -> None:
        """Wait until all steps are done."""
        self._stream.synchronize()

    @property
    def networks(self) -> tuple[Network, ...]:
        """The network whose dropout rates the steps follow."""
        return (self._network,)

    @property
    def recordings(self) -> dict[int, str]:
        """By batch size: ``recorded``, ``not yet``, or why a step could not be."""
        return {
            count: "recorded" if step.is_recorded else step.problem or "not yet"
            for (_, count, _), step in self._recorded.items()
        }

    def close(self) -> None:
        """Wait for the device, and give the thread back the stream it had."""
        if self._is_closed:
            return
        self._is_closed = True
        try:
            self.wait()
        finally:
            self._recorded.clear()
            self._entered.close()
            _idle_streams(self._network.backend.xp).append(self._stream)


@functools.cache
def _idle_streams(xp: Any) -> list[Any]:
    """Streams for the next steps: each that ever was keeps a workspace of cuBLAS."""
    return []
